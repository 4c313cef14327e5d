// Diagnostics: how they are kept, rendered for a person, and written as JSON.
#include <algorithm>
#include <fmt/format.h>

#include <ddbproxy/diagnostics.h>

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
  return all_.emplace_back(Diagnostic{severity, where, std::move(text), {}, {}, false, hushed_});
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
  std::string line(where.file->line(where.line));
  std::replace(line.begin(), line.end(), '\t', ' ');
  const std::string number = std::to_string(where.line);
  out += fmt::format("   {} | {}\n", number, line);
  if (!where.column) return;
  const char* on = options.colour ? "\033[1;31m" : "";
  const char* off = options.colour ? "\033[0m" : "";
  out += fmt::format("   {:{}} | {:{}}{}{}{}\n", "", number.size(), "", where.column - 1, on,
                     std::string(std::max<uint32_t>(where.length, 1), '^'), off);
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
          out += c;
    }
  out += '"';
}

void append_json_place(std::string& out, const Location& where) {
  out += "\"file\":";
  append_json_string(out, where.file ? where.file->name : "");
  out += fmt::format(",\"line\":{},\"column\":{},\"length\":{}", where.line, where.column, where.length);
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
  std::string out = diagnostic.text + "\n";
  if (!options.source_line) return out;
  append_excerpt(out, diagnostic.where, options);
  if (!diagnostic.suggestion.empty()) out += fmt::format("   = write '{}' instead\n", diagnostic.suggestion);
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
    out += fmt::format("{}\n{{\"severity\":\"{}\",", separator, name_of(d.severity));
    append_json_place(out, d.where);
    out += ",\"message\":";
    append_json_string(out, d.text);
    out += ",\"suggestion\":";
    append_json_string(out, d.suggestion);
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
