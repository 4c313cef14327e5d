// What a command answers: words at once, a long text in pieces, or something that is known only later.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/fd.h"

namespace ddbproxy::admin {

/// The syslog level of an answer, shown in front of it after `set severity-output`.
enum class Severity : uint8_t { none = 0xff, error = 3, warning = 4, notice = 5, info = 6 };

/// Appends the next piece of a long text; false when that was the last one. It is called only when the client has taken
/// what was there, so it must find its place again by index or name: servers and sessions may have gone meanwhile.
using Producer = std::function<bool(std::string& out)>;

/// A value, so that commands are tested without a client.
struct Answer {
  using Finish = std::function<void(Answer)>;

  Severity severity = Severity::none;
  std::string text;
  Producer more;  ///< follows `text`
  /// Makes `more` an answer without an end, until the client sends something: when it says false there is nothing more
  /// for now, and `wake` is called on the control thread when there may be, as long as what is given back lives.
  std::function<std::shared_ptr<void>(std::function<void()> wake)> follow;
  std::function<void(Finish finish)>
      later;  ///< starts what gives the answer; finish() is called at most once, on the control thread

  std::function<void(base::Fd connection)> take_connection;  ///< goes on with the client in a language of its own

  /// Done, and nothing to say.
  static Answer done() { return {}; }
  /// A document: never marked with a severity.
  static Answer document(std::string text) { return {.text = std::move(text)}; }
  static Answer pieces(Producer more) { return {.more = std::move(more)}; }
  static Answer info(std::string text) { return {Severity::info, std::move(text)}; }
  static Answer notice(std::string text) { return {Severity::notice, std::move(text)}; }
  static Answer warning(std::string text) { return {Severity::warning, std::move(text)}; }
  static Answer error(std::string text) { return {Severity::error, std::move(text)}; }
};

}  // namespace ddbproxy::admin
