#include "config/error_line.h"

#include <fmt/format.h>

#include "config/context.h"
#include "config/error_file.h"
#include "config/readers.h"

namespace ddbproxy::config {

bool read_error_code(Line& line, std::string_view introduction, std::string_view expects, int& value) {
  const std::string_view code = line.take();
  if (code.empty() || line.peek().empty()) {
    line.alert(fmt::format("{}expects <status_code> and {} as arguments.", introduction, expects), line.position());
    return false;
  }
  value = wrapped_number(code);
  if (is_error_code(value)) return true;
  line.alert(fmt::format("{} : status code '{}' not handled.", line.keyword(), value));
  return false;
}

bool read_error_file(Line& line, std::string_view introduction, model::ErrorFile& file) {
  if (!read_error_code(line, introduction, "<file>", file.code)) return false;
  const std::string path(line.take());
  const uint32_t most = line.context().model->global.bufsize;
  bool too_long = false;
  const Outside::File read = line.context().outside.file(line.context().base_folder.path(path, line.where(0)));
  const std::string error = load_error_file(path, read, most, file, too_long);
  if (too_long)
    line.report(Severity::warning,
                fmt::format("custom error message file '{}' larger than {} bytes. Truncating.", path, most));
  if (!error.empty()) line.alert("errorfile : " + error);
  return error.empty();
}

}  // namespace ddbproxy::config
