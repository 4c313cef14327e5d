#include "base/thread_slot.h"

namespace ddbproxy::base {
namespace {
int worker_count = 1;
thread_local int slot_of_this_thread = 0;
}  // namespace

void set_workers(int workers) { worker_count = workers; }
int workers() { return worker_count; }
void set_thread_slot(int slot) { slot_of_this_thread = slot; }
int thread_slot() { return slot_of_this_thread; }

}  // namespace ddbproxy::base
