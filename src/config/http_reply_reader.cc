#include "config/http_reply_reader.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/context.h"
#include "config/error_file.h"
#include "config/readers.h"

namespace ddbproxy::config {
namespace {

class ReplyReader {
 public:
  ReplyReader(Line& line, ReplyDraft& reply) : line_(line), reply_(reply) {}

  bool run() {
    if (reply_.takes_deny_status && line_.peek() == "deny_status") {
      line_.take();
      if (!status()) return false;
    }
    while (!line_.peek().empty()) {
      const size_t before = line_.position();
      if (!next()) return false;
      if (line_.position() == before) break;
    }
    return complete();
  }

 private:
  /// One word and what belongs to it; stays where it is before a word of something else.
  bool next() {
    const std::string word(line_.peek());
    const auto is_source = [&] { return std::find(sources.begin(), sources.end(), word) != sources.end(); };
    if (word == "status") {
      line_.take();
      return status();
    }
    if (word == "content-type") {
      line_.take();
      return value(word, "<ctype>", content_type_);
    }
    if (word == "hdr") {
      line_.take();
      return header();
    }
    if (!is_source()) return true;
    line_.take();
    return source(word);
  }

  bool status() {
    std::string word;
    if (!value("status", "<status_code>", word)) return false;
    reply_.status = wrapped_number(word);
    return (reply_.status >= 200 && reply_.status <= 599) ||
           fail(fmt::format("Unexpected status code '{}'", reply_.status));
  }

  bool header() {
    const std::string name(line_.take());
    if (name.empty() || line_.peek().empty())
      return fail("'hdr' expects <name> and <value> as arguments", line_.position());
    const std::string format(line_.take());
    const auto is = [&](std::string_view known) { return base::equals_ignoring_case(name, known); };
    if (is("content-length") || is("content-type") || is("transfer-encoding")) {
      warn(fmt::format("header '{}' always ignored by the http reply.", name));
      return true;
    }
    has_headers_ = true;
    return read_rule_format(line_, format, reply_.format) != nullptr;
  }

  bool source(const std::string& word) {
    if (!source_.empty()) return fail(fmt::format("unexpected '{}' argument, '{}' already defined", word, source_));
    source_ = word;
    if (word == "default-errorfiles") return true;
    if (word == "errorfiles") return value(word, "<name>", reply_.section);
    std::string text;
    if (word == "errorfile") return value(word, "<fmt>", text) && error_page(text);
    if (word == "string") return value(word, "<str>", payload_);
    if (word == "lf-string") return value(word, "<fmt>", payload_) && format();
    if (!value(word, "<file>", text) || !load(text)) return false;
    return word == "file" || payload_.empty() || format();
  }

  Outside::File read(const std::string& path) const {
    const Context& context = line_.context();
    return context.outside.file(context.base_folder.path(path, line_.where(0)));
  }

  bool error_page(const std::string& path) {
    model::ErrorFile page;
    bool too_long = false;
    const std::string error = load_error_file(path, read(path), line_.context().model->global.bufsize, page, too_long);
    return error.empty() || fail(error);
  }

  bool load(const std::string& path) {
    Outside::File file = read(path);
    if (file.error) return fail(fmt::format("error opening file '{}'", path));
    if (file.kind == Outside::File::Kind::folder) return fail(fmt::format("error reading file '{}'", path));
    payload_ = std::move(file.text);
    return true;
  }

  bool format() { return read_rule_format(line_, payload_, reply_.format) != nullptr; }

  bool value(std::string_view word, std::string_view expected, std::string& to) {
    if (line_.peek().empty()) return fail(fmt::format("'{}' expects {} as argument", word, expected));
    to = line_.take();
    return true;
  }

  /// What only the whole shows.
  bool complete() {
    const bool pages = source_ == "errorfiles" || source_ == "default-errorfiles";
    if (pages && !is_error_code(reply_.status))
      return fail(fmt::format("status code '{}' not handled by default with '{}' argument.", reply_.status, source_));
    if (pages || source_ == "errorfile") {
      if (!content_type_.empty()) warn_of_type("when used with an erorrfile");
      if (has_headers_) warn("hdr parameters ignored by the http reply when used with an erorrfile.");
      return true;
    }
    if (source_.empty()) {
      if (!content_type_.empty()) warn_of_type("because neither errorfile nor payload defined");
      return true;
    }
    const bool formatted = source_ == "lf-string" || source_ == "lf-file";
    if (!formatted && payload_.empty()) {
      if (!content_type_.empty()) warn_of_type("when used with an empty payload");
      return true;
    }
    if (reply_.status == 204 || reply_.status == 304)
      return fail(fmt::format("No body expected for {} responses", reply_.status));
    if (!content_type_.empty()) return true;
    return fail(formatted ? "a content type must be defined with a log-format payload"
                          : "a content type must be defined when non-empty payload is configured");
  }

  bool fail(const std::string& text, size_t at = Line::last_taken) {
    line_.alert(text, at);
    return false;
  }
  void warn(const std::string& text) {
    line_.report(Severity::warning, fmt::format("parsing [{}] : {}", line_.place(), text));
  }
  void warn_of_type(std::string_view why) {
    warn(fmt::format("content-type '{}' ignored by the http reply {}.", content_type_, why));
  }

  static constexpr std::array<std::string_view, 7> sources{
      "default-errorfiles", "errorfile", "errorfiles", "file", "lf-file", "lf-string", "string"};
  Line& line_;
  ReplyDraft& reply_;
  std::string content_type_, source_, payload_;
  bool has_headers_ = false;
};

}  // namespace

bool read_reply(Line& line, ReplyDraft& reply) { return ReplyReader(line, reply).run(); }

}  // namespace ddbproxy::config
