#include "http/request_context.h"

#include <algorithm>

#include "base/text.h"
#include "sample/acl.h"
#include "sample/request_fetches.h"

namespace ddbproxy::http {
namespace {

using sample::Answer;
using sample::RequestFetch;
using sample::Value;

/// Path and query of the request's address.
std::string_view path_and_query(std::string_view uri) {
  const size_t scheme = uri.find("://");
  if (uri.starts_with('/') || scheme == uri.npos) return uri;
  const size_t slash = uri.find('/', scheme + 3);
  return slash == uri.npos ? std::string_view() : uri.substr(slash);
}

class RequestContext final : public sample::Context {
 public:
  RequestContext(sample::Scratch& scratch_of_thread, const Request& request)
      : Context(scratch_of_thread), request_(request) {
    final = true;
  }

  Answer fetch(const sample::FetchCall& call, Value& value) override {
    const std::string_view target = request_.target(), after_host = path_and_query(target);
    const auto which = sample::request_fetch(call.row->name);
    if (!which) return Answer::absent;
    switch (*which) {
      case RequestFetch::always_false: value.set_boolean(false); break;
      case RequestFetch::always_true:
      case RequestFetch::is_http: value.set_boolean(true); break;
      case RequestFetch::boolean: value.set_boolean(call.arguments[0].number); break;
      case RequestFetch::integer: value.set_integer(call.arguments[0].number); break;
      case RequestFetch::string: value.set_string(call.arguments[0].text); break;
      case RequestFetch::header: return header(call, value);
      case RequestFetch::header_count: value.set_integer(count(call.arguments[0].text)); break;
      case RequestFetch::method: value.set_method(request_.method()); break;
      case RequestFetch::path: value.set_string(after_host.substr(0, after_host.find('?'))); break;
      case RequestFetch::path_and_query: value.set_string(after_host); break;
      case RequestFetch::query:
        value.set_string(target.substr(std::min(target.find('?'), target.size() - 1) + 1));
        break;
      case RequestFetch::source: return value.set_address(request_.client) ? Answer::found : Answer::absent;
      case RequestFetch::url: value.set_string(target); break;
      case RequestFetch::version:
        value.set_string(request_.version().substr(std::min<size_t>(5, request_.version().size())));
        break;
    }
    return Answer::found;
  }
  bool convert(const sample::Converter&, sample::Arguments, Value&) override { return false; }
  Answer variable(const sample::Variable&, Value&) override { return Answer::absent; }

 private:
  bool is_it(const Field& field, std::string_view name) const {
    return base::equals_ignoring_case(field.name.of(request_.text), name);
  }
  int64_t count(std::string_view name) const {
    const auto& all = request_.head.fields();
    return std::count_if(all.begin(), all.end(), [&](const Field& each) { return is_it(each, name); });
  }
  /// One value after the other, from the one at `next` on.
  Answer header(const sample::FetchCall& call, Value& value) const {
    const auto& all = request_.head.fields();
    const auto named = [&](const Field& each) { return is_it(each, call.arguments[0].text); };
    const auto found = std::find_if(all.begin() + value.next, all.end(), named);
    if (found == all.end()) return Answer::absent;
    value.set_string(found->value.of(request_.text));
    value.next = static_cast<uint32_t>(found - all.begin()) + 1;
    value.more = std::any_of(found + 1, all.end(), named);
    return Answer::found;
  }

  const Request& request_;
};

}  // namespace

bool holds(const model::Condition& condition, const Request& request) {
  if (!condition) return true;
  thread_local sample::Scratch scratch;
  RequestContext context(scratch, request);
  const bool answer = condition->holds(context);
  scratch.clear();
  return answer;
}

}  // namespace ddbproxy::http
