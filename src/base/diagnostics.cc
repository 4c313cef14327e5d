// Diagnostics: how they are kept, rendered for a person, and written as JSON.
#include <algorithm>
#include <fmt/format.h>

#include <ddbproxy/diagnostics.h>

#include "base/display.h"

namespace ddbproxy {

std::string_view SourceFile::line(uint32_t number) const {
  std::string_view rest = text;
  for (uint32_t at = 1; at < number; ++at) {
    const size_t end = rest.find('\n');
    if (end == rest.npos) return {};
    rest.remove_prefix(end + 1);
  }
  return number ? rest.substr(0, rest.find('\n')) : std::string_view{};
}

std::string Location::file_and_line() const { return fmt::format("{}:{}", file ? file->name : "", line); }

Diagnostic& Diagnostics::add(Severity severity, Location where, std::string text) {
  Diagnostic& added = all_.emplace_back();
  added.severity = severity;
  added.where = where;
  added.text = std::move(text);
  added.hushed = hushed_;
  return added;
}

size_t Diagnostics::count(Severity severity) const {
  return static_cast<size_t>(std::count_if(all_.begin(), all_.end(), [&](auto& d) { return d.severity == severity; }));
}

bool Diagnostics::failed() const {
  return std::any_of(all_.begin(), all_.end(), [](const Diagnostic& d) { return d.is_error(); });
}

const SourceFile& Diagnostics::keep(SourceFile file) {
  return *files_.emplace_back(std::make_shared<const SourceFile>(std::move(file)));
}

namespace {

void append_excerpt(std::string& out, const Location& where, const RenderOptions& options) {
  if (!where.file || !where.line) return;
  const std::string_view line = where.file->line(where.line);
  const std::string number = std::to_string(where.line);
  out += fmt::format("   {} | {}\n", number, base::displayed(line));
  if (!where.column) return;
  const size_t column = std::min<size_t>(where.column - 1, line.size());
  const size_t indent = base::display_width(line.substr(0, column));
  const size_t width = base::display_width(line.substr(column, where.length));
  const char* on = options.colour ? "\033[1;31m" : "";
  const char* off = options.colour ? "\033[0m" : "";
  out += fmt::format("   {:{}} | {:{}}{}{}{}\n", "", number.size(), "", indent, on,
                     std::string(std::max<size_t>(width, 1), '^'), off);
}

/// Bytes that are no UTF-8 become the replacement character: JSON has no other place for them.
void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::string_view rest = text;
    const char32_t character = base::take_character(text);
    switch (character) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      default:
        if (character < 0x20)
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(character));
        else if (character >= 0xd800 && character < 0xe000)
          out += "\\ufffd";
        else
          out += rest.substr(0, rest.size() - text.size());
    }
  }
  out += '"';
}

/// A line as a whole is said from its first to its last byte.
void append_json_place(std::string& out, const Location& where) {
  const bool whole = where.column == 0;
  const size_t length = whole && where.file ? where.file->line(where.line).size() : where.length;
  out += "\"file\":";
  append_json_string(out, where.file ? where.file->name : "");
  out += fmt::format(",\"line\":{},\"column\":{},\"length\":{}", where.line, whole ? 1 : where.column, length);
}

/// The sentence without the place that haproxy puts before it, once or twice.
std::string_view without_place(std::string_view text, const std::string& place) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string& prefix :
         {fmt::format("parsing [{}] : ", place), fmt::format("parsing [{}]: ", place),
          fmt::format("Parsing [{}]: ", place), fmt::format("[{}] : ", place), std::string("config: ")})
      if (text.starts_with(prefix)) {
        text.remove_prefix(prefix.size());
        again = true;
      }
  }
  return text;
}

std::string_view sentence_of(const Diagnostic& d) {
  return d.sentence ? std::string_view(d.text).substr(0, d.sentence) : std::string_view(d.text);
}

/// What stands in brackets behind the sentence; haproxy's own words stay as they are before it.
std::string aside(const Diagnostic& d) {
  std::string out;
  const auto add = [&](std::string_view text) {
    out += out.empty() ? "" : "; ";
    out += text;
  };
  const std::string place = d.where.file_and_line();
  // Where haproxy shows the line it has said the position, too.
  if (d.where.line && d.where.column && !d.sentence) {
    const bool named = d.text.find(fmt::format("[{}]", place)) != std::string::npos;
    add(fmt::format("{}{}column {}", named ? "" : place, named ? "" : ", ", d.where.column));
  }
  if (!d.suggestion.empty() && d.text.find("did you mean") == std::string::npos)
    add(fmt::format("did you mean '{}' ?", d.suggestion));
  if (!d.hint.empty()) add(d.hint);
  return out.empty() ? out : fmt::format(" ({})", out);
}

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::diag: return "diag";
    case Severity::notice: return "notice";
    case Severity::warning: return "warning";
    case Severity::alert: return "alert";
  }
  return "";
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const RenderOptions& options) {
  if (!options.source_line) return diagnostic.text + (options.column ? aside(diagnostic) : "") + "\n";
  std::string out(sentence_of(diagnostic));
  out += '\n';
  append_excerpt(out, diagnostic.where, options);
  if (!diagnostic.suggestion.empty()) out += fmt::format("   = write '{}' instead\n", diagnostic.suggestion);
  if (!diagnostic.hint.empty()) out += fmt::format("   = {}\n", diagnostic.hint);
  for (const Note& note : diagnostic.notes) {
    out += fmt::format("   = {}:\n", note.text);
    append_excerpt(out, note.where, options);
  }
  return out;
}

std::string to_json(const Diagnostics& diagnostics) {
  std::string out = fmt::format("{{\"valid\":{},\"diagnostics\":[", !diagnostics.failed());
  const char* separator = "";
  for (const Diagnostic& d : diagnostics.all()) {
    if (!d.where.line) continue;
    out += fmt::format("{}\n{{\"severity\":\"{}\",", separator, name_of(d.severity));
    append_json_place(out, d.where);
    out += ",\"message\":";
    append_json_string(out, without_place(sentence_of(d), d.where.file_and_line()));
    out += ",\"suggestion\":";
    append_json_string(out, d.suggestion);
    out += ",\"hint\":";
    append_json_string(out, d.hint);
    out += ",\"notes\":[";
    const char* between = "";
    for (const Note& note : d.notes) {
      out += between;
      out += "{";
      append_json_place(out, note.where);
      out += ",\"text\":";
      append_json_string(out, note.text);
      out += "}";
      between = ",";
    }
    out += "]}";
    separator = ",";
  }
  return out + "]}\n";
}

}  // namespace ddbproxy
