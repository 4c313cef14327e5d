// What ACLs and maps compare with: show, get, add, del, clear, set, prepare, commit.
#include <cstdlib>
#include <fmt/format.h>

#include "admin/runs.h"
#include "live/farewell.h"
#include "live/state.h"
#include "sample/pattern_list.h"
#include "sample/patterns/reading.h"

namespace ddbproxy::admin {
namespace {

using sample::Match;
using sample::PatternEntry;
using sample::PatternList;
using sample::PatternSet;
using List = std::shared_ptr<PatternList>;

/// `show` gives about so much at a time.
constexpr size_t show_piece = 16384;

/// The digits in front; more than fit begin at 0 again.
uint32_t read_version(std::string_view digits) {
  uint32_t number = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') break;
    number = number * 10 + static_cast<uint32_t>(digit - '0');
  }
  return number;
}

/// "#0x5": what `show` puts in front of an entry.
struct Reference {
  bool malformed = false;
  uint64_t id = 0;
};

std::optional<Reference> read_reference(std::string_view word) {
  if (!word.starts_with("#0x")) return {};
  const auto id = PatternList::parse_id(word.substr(1));
  return Reference{!id, id.value_or(0)};
}

/// A command on an `acl` or a `map`, whose list stands behind "@<version>" where that may be.
class Request {
 public:
  explicit Request(Call& call) : call_(call) {}

  bool of_map() const { return call_.word(1) == "map"; }
  bool take_version() {
    if (!call_.word(first_).starts_with('@')) return false;
    version_ = read_version(call_.word(first_++).substr(1));
    return true;
  }
  const std::optional<uint32_t>& version() const { return version_; }
  /// Word `index` of the arguments.
  const std::string& argument(size_t index) const { return call_.word(first_ + index); }

  /// Which command a list is for: the one that lists it, or any.
  enum class Whose : uint8_t { own, any };
  /// The list that the first argument names; null: none.
  List find(Whose whose) const {
    const std::string& name = argument(0);
    char* end = nullptr;
    const long id = name.starts_with('#') ? std::strtol(name.c_str() + 1, &end, 10) : -1;
    for (const model::Patterns& each : call_.runtime.state.model().pattern_lists) {
      if (whose == Whose::own && !(of_map() ? each.of_maps : each.of_acls)) continue;
      const bool same =
          name.starts_with('#') ? !*end && id == long{each.id} : !name.empty() && each.list->file() == name;
      if (same) return each.list;
    }
    return nullptr;
  }

  std::string_view kind() const { return of_map() ? "map" : "ACL"; }
  Answer unknown() const {
    return Answer::error(fmt::format("Unknown {} identifier. Please use #<id> or <file>.\n", kind()));
  }
  Answer missing() const { return Answer::error(fmt::format("Missing {} identifier.\n", kind())); }

  /// What the change took out of sight stays while a worker may still look at it.
  Answer changed(PatternList& list) const {
    sample::Leftovers leftovers = list.leftovers();
    if (live::Farewell* farewell = call_.runtime.services.farewell) farewell->take(std::move(leftovers));
    return Answer::done();
  }
  Answer changed(PatternList& list, const base::Status& status) const {
    Answer done = changed(list);
    return status ? std::move(done) : Answer::error(status.error().text + ".\n");
  }

 private:
  Call& call_;
  size_t first_ = 2;
  std::optional<uint32_t> version_;
};

using enum Request::Whose;

Answer malformed() { return Answer::error("Malformed identifier. Please use #<id> or <file>.\n"); }

Answer list_all(const Call& call, const Request& request) {
  std::string text = "# id (file) description\n";
  for (const model::Patterns& each : call.runtime.state.model().pattern_lists) {
    if (!(request.of_map() ? each.of_maps : each.of_acls)) continue;
    const PatternList& list = *each.list;
    fmt::format_to(std::back_inserter(text), "{} ({}) {}. curr_ver={} next_ver={} entry_cnt={}\n", each.id, list.file(),
                   each.description, list.current_version(), list.next_version(), list.entry_count());
  }
  return Answer::document(std::move(text));
}

Answer list_entries(List list, uint32_t version) {
  return Answer::pieces([list = std::move(list), version, behind = uint64_t{0}](std::string& out) mutable {
    while (out.size() < show_piece) {
      const PatternEntry* entry = list->next(version, behind);
      if (!entry) return false;
      behind = list->id_of(*entry);
      fmt::format_to(std::back_inserter(out), "0x{:x} {}", behind, entry->pattern());
      if (entry->has_value()) (out += ' ') += entry->value();
      out += '\n';
    }
    return true;
  });
}

/// haproxy has no name for how the ACL "method" compares, and shows where its function is.
std::string_view shown_name(Match match, bool references) {
  if (match == Match::method) return "unknown(0x0)";
  return references ? "regm" : sample::name_of(match);
}

/// What a set says of a value.
void append_finding(std::string& out, const PatternSet& set, const std::string& text, bool of_map) {
  const sample::MatchOptions& options = set.options();
  sample::Value value;
  value.set_string(text);
  sample::Scratch scratch;
  // Of a text from here haproxy does not know that it is there.
  const PatternEntry* found = options.match == Match::found ? nullptr : set.find(value, scratch);
  const auto back = std::back_inserter(out);
  fmt::format_to(back, "type={}, case={}sensitive, {}={}", shown_name(options.match, options.references),
                 options.ignore_case ? "in" : "", of_map ? "found" : "match", found ? "yes" : "no");
  if (found) {
    fmt::format_to(back, ", idx={}, {}=", set.in_tree(*found) ? "tree" : "list", of_map ? "key" : "pattern");
    if (options.match == Match::boolean)
      out += "unknown";
    else
      fmt::format_to(back, "\"{}\"", found->pattern());
    if (of_map && options.values == sample::Type::any)
      out += ", value=none";
    else if (of_map && sample::read_map_value(found->value(), options.values, value))
      fmt::format_to(back, ", value=\"{}\", type=\"{}\"", found->value(), sample::name_of(value.type));
  }
  out += '\n';
}

/// Adds the lines of a payload: a key and, behind blanks, its value.
base::Status add_lines(PatternList& list, std::string_view lines, uint32_t version) {
  constexpr std::string_view blanks = " \t";
  while (!lines.empty()) {
    const size_t end = lines.find_first_of(blanks);
    if (end == lines.npos) return base::Error{0, fmt::format("Missing value for key '{}'", lines)};
    const std::string_view key = lines.substr(0, end);
    lines.remove_prefix(std::min(lines.find_first_not_of(blanks, end), lines.size()));
    const std::string_view value = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(value.size() + 1, lines.size()));
    if (auto status = list.add(key, value, version); !status) return status;
  }
  return base::ok();
}

}  // namespace

Answer run_show_patterns(Call& call) {
  Request request(call);
  const bool versioned = request.take_version();
  if (request.argument(0).empty() && !versioned) return list_all(call, request);
  List list = request.find(own);
  if (!list) return request.unknown();
  const uint32_t version = request.version().value_or(list->current_version());
  return list_entries(std::move(list), version);
}

Answer run_get_pattern(Call& call) {
  const Request request(call);
  if (request.argument(0).empty() || request.argument(1).empty())
    return Answer::error(fmt::format("Missing {} identifier and/or key.\n", request.kind()));
  const List list = request.find(any);
  if (!list) return request.unknown();
  std::string text;
  for (const auto& set : list->sets()) append_finding(text, *set, request.argument(1), request.of_map());
  return Answer::document(std::move(text));
}

Answer run_add_pattern(Call& call) {
  Request request(call);
  request.take_version();
  const bool of_map = request.of_map(), loaded = !call.payload.empty();
  const size_t needed = !of_map ? 2 : loaded ? 1 : 3;
  for (size_t i = 0; i < needed; ++i)
    if (request.argument(i).empty())
      return Answer::error(of_map ? "'add map' expects three parameters (map identifier, key and value) or one "
                                    "parameter (map identifier) and a payload\n"
                                  : "'add acl' expects two parameters: ACL identifier and pattern.\n");
  const List list = request.find(any);
  if (!list) return request.unknown();
  const uint32_t version = request.version().value_or(list->current_version());
  if (!list->knows_version(version))
    return Answer::error(fmt::format("Version number in the future, please use 'prepare {}' before.\n", call.word(1)));
  if (!of_map && list->has_values())
    return Answer::error(
        "This ACL is shared with a map containing samples. You must use the command 'add map' to add "
        "values.\n");
  std::string_view payload = call.payload;
  if (payload.size() > 1 && payload.ends_with('\n')) payload.remove_suffix(1);
  if (!of_map) return request.changed(*list, list->add(loaded ? payload : request.argument(1), {}, version));
  return request.changed(*list, loaded ? add_lines(*list, payload, version)
                                       : list->add(request.argument(1), request.argument(2), version));
}

Answer run_del_pattern(Call& call) {
  const Request request(call);
  if (request.argument(0).empty() || request.argument(1).empty())
    return Answer::error(fmt::format("This command expects two parameters: {} identifier and key.\n", request.kind()));
  const List list = request.find(own);
  if (!list) return Answer::error("Unknown map identifier. Please use #<id> or <file>.\n");
  const auto reference = read_reference(request.argument(1));
  if (reference && reference->malformed) return malformed();
  if (reference ? !list->erase(reference->id) : !list->erase(request.argument(1)))
    return Answer::error("Key not found.\n");
  return request.changed(*list);
}

Answer run_clear_patterns(Call& call) {
  Request request(call);
  request.take_version();
  if (request.argument(0).empty()) return request.missing();
  const List list = request.find(own);
  if (!list) return request.unknown();
  list->clear(request.version().value_or(list->current_version()));
  return request.changed(*list);
}

Answer run_set_map(Call& call) {
  const Request request(call);
  for (size_t i = 0; i < 3; ++i)
    if (request.argument(i).empty())
      return Answer::error("'set map' expects three parameters: map identifier, key and value.\n");
  const List list = request.find(any);
  if (!list) return request.unknown();
  if (const auto reference = read_reference(request.argument(1))) {
    if (reference->malformed) return malformed();
    const auto was_there = list->set(reference->id, request.argument(2));
    if (!was_there) return Answer::error(was_there.error().text + ".\n");
    return *was_there ? request.changed(*list) : Answer::error("key or pattern not found.\n");
  }
  // As in haproxy, nobody is told of a wrong value.
  const auto count = list->set(request.argument(1), request.argument(2));
  return count && *count == 0 ? Answer::error("entry not found.\n") : request.changed(*list);
}

Answer run_prepare_patterns(Call& call) {
  const Request request(call);
  const List list = request.find(own);
  if (!list) return request.unknown();
  return Answer::info(fmt::format("New version created: {}\n", list->prepare()));
}

Answer run_commit_patterns(Call& call) {
  Request request(call);
  if (!request.take_version()) return Answer::error("Missing version number.\n");
  if (request.argument(0).empty()) return request.missing();
  const List list = request.find(own);
  if (!list) return request.unknown();
  if (!list->commit(*request.version())) return Answer::error("Version number out of range.\n");
  return request.changed(*list);
}

}  // namespace ddbproxy::admin
