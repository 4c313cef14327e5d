// What one process has seen of the machine, for another that may see less of it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <ddbproxy/outside.h>

#include "app/wire_text.h"

namespace ddbproxy::app {

/// Answers as a reading of the same configuration was answered elsewhere. What was not asked there is asked of the
/// machine, as it is. Used by one thread at a time.
class RecordedOutside final : public Outside {
 public:
  File file(const std::string& path) override;
  std::optional<uid_t> user(const std::string& name) override;
  std::optional<gid_t> group(const std::string& name) override;
  Address host(const std::string& name, int family) override;
  bool network_namespace(const std::string& name) override;

  void write(WireText& text) const;
  void read(WireReader& text);

 private:
  std::map<std::string, File> files_;
  std::map<std::string, std::optional<uid_t>> users_;
  std::map<std::string, std::optional<gid_t>> groups_;
  std::map<std::pair<std::string, int>, Address> hosts_;
  std::map<std::string, bool> network_namespaces_;
};

}  // namespace ddbproxy::app
