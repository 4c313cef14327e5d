// Which of the process's threads this is: 0 is the control thread, 1..workers() the worker threads.
#pragma once

namespace ddbproxy::base {

/// Called once, before any Sharded value is made: how many worker threads there will be.
void set_workers(int workers);
int workers();
/// Called by each worker thread first of all; a thread that never calls it counts as the control thread.
void set_thread_slot(int slot);
int thread_slot();

}  // namespace ddbproxy::base
