// What HTTP rules name, and what is known of a proxy's rules only when the whole file is read.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

struct RuleDraft;

/// Lives as long as one call of parse(), on its thread. The rules themselves are not kept: nothing carries them out
/// yet.
class HttpReferences {
 public:
  enum class Kind : uint8_t { table, capture, error_section, resolvers, tracing, agent, cache };

  /// `track-sc`, whose expression and table the draft has.
  void track(const RuleDraft& draft, const Line& line);
  /// A slot, a section or another filter that a rule names; `detail` is what else its message needs.
  void add(Kind kind, const RuleDraft& draft, const Line& line, std::string_view name, std::string_view detail = {});
  /// The section of error pages that `http-error` names.
  void add_error_pages(const model::Proxy& proxy, const Line& line, std::string_view name, int status);
  const std::vector<model::ErrorPagesUse>& error_pages(const model::Proxy& proxy) const;
  /// A log format of a rule was read. haproxy keeps the place of the last and whether any of them needs HTTP.
  void note_format(const model::Proxy& proxy, const Location& where, bool of_http);
  /// A section begins with what its defaults have.
  void inherit(const model::Proxy& proxy, const model::Proxy& base);

  /// Reports the names of a section's rules that are not there. Those of `defaults` sections are judged by themselves.
  void resolve(Context& context, const model::Proxy& proxy);
  void resolve_defaults(Context& context);
  /// Warns of a format that can write nothing in mode tcp.
  void judge_formats(Context& context, const model::Proxy& proxy) const;
  /// haproxy looks for caches late.
  void find_caches(Context& context, const model::Proxy& proxy) const;

 private:
  struct Reference {
    Kind kind;
    const model::Proxy* proxy;
    uint8_t ruleset;
    Location where;
    std::string name, detail;
    model::Rule rule;
  };
  struct Formats {
    Location last;
    bool of_http = false;
  };
  void keep(const Line& line, Reference reference);
  const std::vector<Reference>& of(const model::Proxy& proxy) const;
  void resolve(Context& context, Reference& reference);

  std::unordered_map<const model::Proxy*, std::vector<Reference>> references_;
  std::vector<Reference> of_defaults_;
  std::unordered_map<const model::Proxy*, std::vector<model::ErrorPagesUse>> error_pages_;
  std::map<const model::Proxy*, Formats> formats_;
};

}  // namespace ddbproxy::config
