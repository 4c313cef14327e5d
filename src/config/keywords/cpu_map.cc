// `cpu-map` and `thread-group` (manual 3.1).
#include <algorithm>
#include <bit>
#include <bitset>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>
#include <optional>

#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::CpuSet;
using model::Global;

void complain(Line& line, size_t at, std::string_view text) { line.alert(fmt::format("cpu-map : {}", text), at); }

/// A bit for each number of "all", "odd", "even", "3", "2-5" or "7-"; nothing after a report.
std::optional<uint64_t> read_numbers(Line& line, const std::string& word) {
  constexpr uint64_t odd = 0x5555555555555555;
  if (word == "all") return ~uint64_t{0};
  if (word == "odd") return odd;
  if (word == "even") return ~odd;
  char* end = nullptr;
  long low = std::strtol(word.c_str(), &end, 10);
  long high = low;
  if (*end == '-' && end != word.c_str())
    high = end[1] ? std::strtol(end + 1, &end, 10) : (++end, static_cast<long>(model::max_threads));
  const size_t at = line.position() - 1;
  if (*end) return complain(line, at, fmt::format("'{}' is not a valid number/range.", word)), std::nullopt;
  if (low > high) std::swap(low, high);
  if (low < 1 || high > static_cast<long>(model::max_threads))
    return complain(line, at,
                    fmt::format("'{}' is not a valid number/range. It supports numbers from 1 to {}.", word,
                                model::max_threads)),
           std::nullopt;
  return (~uint64_t{0} >> (63 - (high - low))) << (low - 1);
}

/// "3", "0-3" or "4-". As in haproxy, nothing behind that is looked at.
bool read_cpus(Line& line, CpuSet& cpus) {
  const std::string word(line.take());
  const size_t at = line.position() - 1;
  if (word.empty() || !std::isdigit(static_cast<unsigned char>(word[0])))
    return complain(line, at, fmt::format("'{}' is not a CPU range.", word)), false;
  constexpr auto last = static_cast<long>(model::max_cpus) - 1;
  char* end = nullptr;
  long low = std::strtol(word.c_str(), &end, 10);
  long high = *end != '-' ? low : end[1] ? std::strtol(end + 1, nullptr, 10) : last;
  if (low > high) std::swap(low, high);
  if (high > last) return complain(line, at, fmt::format("supports CPU numbers from 0 to {}.", last)), false;
  for (long cpu = std::max(low, 0L); cpu <= high; ++cpu) cpus.set(static_cast<size_t>(cpu));
  return true;
}

/// Takes the lowest one out.
CpuSet take_lowest(CpuSet& cpus) {
  CpuSet lowest;
  for (size_t cpu = 0; cpu < cpus.size() && lowest.none(); ++cpu) lowest[cpu] = cpus[cpu];
  cpus &= ~lowest;
  return lowest;
}

void cpu_map(Line& line, Global& global) {
  std::string_view target = line.take();
  if (target.empty() || line.peek().empty())
    return void(
        line.alert(fmt::format("cpu-map expects a process number  ('all', 'odd', 'even', a number from 1 to {} or a "
                               "range),  followed by a list of CPU ranges with numbers from 0 to 63.",
                               model::max_threads)));
  const bool one_each = target.starts_with("auto:");
  if (one_each) target.remove_prefix(std::string_view("auto:").size());
  const size_t slash = std::min(target.find('/'), target.size());
  const auto groups = read_numbers(line, std::string(target.substr(0, slash)));
  if (!groups) return;
  // A group alone means all of it to the manual, and its first thread to haproxy.
  const auto threads = slash == target.size() ? uint64_t{1} : read_numbers(line, std::string(target.substr(slash + 1)));
  if (!threads) return;
  CpuSet cpus;
  while (!line.done() && !line.peek().empty())
    if (!read_cpus(line, cpus)) return;
  const auto as_many = [&](uint64_t numbers) { return static_cast<size_t>(std::popcount(numbers)) == cpus.count(); };
  if (one_each && !as_many(*groups) && !as_many(*threads))
    return complain(line, 1, "PROC/THREAD range and CPU sets must have the same size to be automatically bound");
  model::CpuMap& map = global.cpu_map;
  // As in haproxy, the first thread alone stands for the process.
  if (*threads == 1) {
    map.process = one_each ? take_lowest(cpus) : cpus;
    return;
  }
  map.threads.resize(model::max_threads);
  for (size_t thread = 0; thread < map.threads.size(); ++thread)
    if (*threads >> thread & 1) map.threads[thread] = one_each ? take_lowest(cpus) : cpus;
}

/// "3" or "2-5", at most the threads that there may be; nothing otherwise.
std::optional<std::pair<int, int>> read_threads(std::string_view word) {
  const std::string copy(word);
  char* end = nullptr;
  const long first = std::strtol(copy.c_str(), &end, 10);
  const long last = *end == '-' && end != copy.c_str() ? std::strtol(end + 1, &end, 10) : first;
  constexpr auto most = static_cast<long>(model::max_threads);
  if (*end || copy.empty() || copy.back() == '-' || std::min(first, last) < 1 || std::max(first, last) > most)
    return {};
  return std::pair(static_cast<int>(std::min(first, last)), static_cast<int>(std::max(first, last)));
}

/// Of the only group. What its threads leave over is judged when all is read.
void thread_group(Line& line, Global& global) {
  const std::string_view word = line.take();
  const auto group = whole_number(word);
  if (!group)
    return void(line.alert(fmt::format("'thread-group' passed a missing or unparsable integer value in '{}'", word)));
  if (*group != 1)
    return void(line.alert(fmt::format("'thread-group' thread-group number must be between 1 and 1 (was {})", *group)));
  if (global.first_of_group) line.warning("'thread-group 1' was already defined and will be overridden.");
  std::bitset<model::max_threads + 1> threads;
  while (!line.peek().empty()) {
    const std::string_view numbers = line.take();
    const auto range = read_threads(numbers);
    if (!range)
      return void(line.alert(
          fmt::format("'thread-group 1' passed an unparsable or invalid thread number '{}' (valid range is 1 to {})",
                      numbers, model::max_threads)));
    for (int thread = range->first; thread <= range->second; ++thread) threads.set(static_cast<size_t>(thread));
  }
  global.first_of_group = global.last_of_group = 0;
  for (int thread = 1; thread <= static_cast<int>(model::max_threads); ++thread) {
    if (!threads[static_cast<size_t>(thread)]) continue;
    if (global.first_of_group == 0) global.first_of_group = thread;
    global.last_of_group = thread;
  }
  const auto held = static_cast<size_t>(global.last_of_group - global.first_of_group + 1);
  if (threads.any() && threads.count() != held)
    line.alert("'thread-group 1' assigned sparse threads, only contiguous supported");
}

constexpr Keyword<Global> cpu_map_rows[] = {
    {.name = "cpu-map",
     .syntax = "[auto:]<group>[/<threads>] <cpus>...",
     .sections = in_global,
     .parse = cpu_map,
     .doc = "CPUs that threads run on. As in haproxy 2.6, a map of the first thread alone only limits the others."},
    {.name = "thread-group",
     .syntax = "<group> [<threads>...]",
     .sections = in_global,
     .parse = thread_group,
     .doc = "Threads of the only group, which must be all of them; it changes nothing."},
};
static_assert(in_order(cpu_map_rows));

}  // namespace

constinit const Table<Global> cpu_map_table{"global", cpu_map_rows};

}  // namespace ddbproxy::config
