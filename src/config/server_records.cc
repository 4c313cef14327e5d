#include "config/server_records.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <unordered_map>

#include "config/server_state_file.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::Server;
using model::ServerRecord;

/// Servers' lines by the names of backend and server: of two, the first.
using Lines = std::unordered_map<std::string, const StateLine*>;

std::string key_of(std::string_view backend, std::string_view server) {
  return std::string(backend).append(1, '\n').append(server);
}

/// As strtol() reads it; none when there is no digit.
std::optional<long long> number_of(std::string_view field) {
  const std::string text(field);
  char* end = nullptr;
  const long long value = std::strtoll(text.c_str(), &end, 10);
  return end == text.c_str() ? std::nullopt : std::optional(value);
}

std::string text_of(std::string_view field) { return field == "-" ? std::string() : std::string(field); }

/// A field that must be a number between two others.
struct Range {
  StateField field;
  std::string_view name;
  long long least, most;
};
constexpr long long any = INT64_MAX;
constexpr Range ranges[] = {
    {oper_state, "srv_op_state", 0, 3},
    {admin_state, "srv_admin_state", 0, 0x7f},
    {user_weight, "srv_uweight", 0, 256},
    {initial_weight, "srv_iweight", 0, 256},
    {last_change, "srv_last_time_change", -any, any},
    {check_status, "srv_check_status", 0, static_cast<int>(model::CheckStatus::program_ok)},
    {check_result, "srv_check_result", 0, 4},
    {check_health, "srv_check_health", -any, any},
    {check_state, "srv_check_state", 0, 0x1f},
    {agent_state, "srv_agent_state", 0, 0x1f},
    {backend_id_forced, "bk_f_forced_id", 0, 1},
    {server_id_forced, "srv_f_forced_id", 0, 1},
};

ServerRecord record_of(const StateLine& line) {
  ServerRecord record;
  const auto fail = [&](std::string_view name, std::string_view value) {
    record.failure += fmt::format("{}invalid {} value '{}'", record.failure.empty() ? "" : ", ", name, value);
  };
  std::array<long long, state_fields> numbers{};
  for (const Range& range : ranges) {
    const std::string_view text = line[range.field];
    const auto number = number_of(text);
    // Forced into maintenance and into drain: there is no such state.
    constexpr long long both = 0x01 | 0x08;
    if (!number || *number < range.least || *number > range.most ||
        (range.field == admin_state && (*number & both) == both))
      fail(range.name, text);
    else
      numbers[range.field] = *number;
  }
  constexpr size_t longest_name = 255;
  if (line[host].size() > longest_name) fail("srv_fqdn", line[host]);
  // What does not begin with a digit is no port.
  const bool has_port = line[port][0] >= '0' && line[port][0] <= '9';
  const long long service_port = has_port ? number_of(line[port]).value_or(0) : 0;
  if (service_port > UINT16_MAX) fail("srv_port", line[port]);
  if (!record.failure.empty()) return record;
  constexpr long long a_century = 100LL * 365 * 86400;
  record.address = text_of(line[server_address]);
  record.oper_state = static_cast<int>(numbers[oper_state]);
  record.admin_state = static_cast<uint8_t>(numbers[admin_state]);
  record.weight = static_cast<int>(numbers[user_weight]);
  record.initial_weight = static_cast<int>(numbers[initial_weight]);
  record.seconds_since_change = std::clamp(numbers[last_change], -a_century, a_century);
  record.check_status = static_cast<model::CheckStatus>(numbers[check_status]);
  record.check_health = static_cast<int>(std::clamp<long long>(numbers[check_health], INT32_MIN, INT32_MAX));
  record.check_state = static_cast<uint8_t>(numbers[check_state]);
  record.agent_state = static_cast<uint8_t>(numbers[agent_state]);
  record.host = text_of(line[host]);
  record.port = static_cast<uint16_t>(service_port);
  record.service = text_of(line[service]);
  record.check_port = line[check_port] == "0" ? std::string() : std::string(line[check_port]);
  record.check_address = text_of(line[check_address]);
  record.agent_address = text_of(line[agent_address]);
  record.agent_port = line[agent_port] == "0" ? std::string() : std::string(line[agent_port]);
  return record;
}

void warn(Context& context, std::string text) { context.diagnostics.add(Severity::warning, {}, std::move(text)); }

/// True when its lines can be read. `who` begins the warnings, `kind` names the file, `stop` ends what the system says.
bool sound(Context& context, const ServerStateFile& file, std::string_view who, const std::string& path,
           std::string_view kind, std::string_view stop) {
  switch (file.fault()) {
    case ServerStateFile::Fault::none: return true;
    case ServerStateFile::Fault::not_opened:
      warn(context, fmt::format("{}: Can't open {} '{}': {}{}", who, kind, path, std::strerror(file.error()), stop));
      break;
    case ServerStateFile::Fault::no_version:
      warn(context, fmt::format("{}: Can't get version of the {} '{}'.", who, kind, path));
      break;
    case ServerStateFile::Fault::corrupted:
      warn(context, fmt::format("{}: corrupted {} '{}' at line {}.", who, kind, path, file.line()));
      break;
  }
  return false;
}

std::string path_of(const model::Global& global, const std::string& name) {
  const std::string& base = global.server_state_base;
  if (name.starts_with('/') || base.empty()) return name;
  return base + (base.ends_with('/') ? "" : "/") + name;
}

void give_records(Proxy& proxy, const Lines& lines) {
  for (Server& server : proxy.backend->servers)
    if (const auto line = lines.find(key_of(proxy.name, server.name)); line != lines.end())
      server.record = std::make_shared<const ServerRecord>(record_of(*line->second));
}

/// The file has this backend only: what it says of others is amiss.
void load_local(Context& context, Proxy& proxy) {
  const std::string& name = proxy.backend->state_file_name;
  const std::string path = path_of(context.model->global, name.empty() ? proxy.name : name);
  const std::string who = fmt::format("Proxy '{}'", proxy.name);
  const ServerStateFile file(context.outside.file(path));
  if (!sound(context, file, who, path, "server state file", ".")) return;
  std::unordered_map<std::string_view, bool> servers;
  for (const Server& server : proxy.backend->servers) servers.emplace(server.name, true);
  Lines lines;
  for (const StateLine& line : file.lines()) {
    const bool same_id = number_of(line[backend_id]).value_or(0) == proxy.id;
    const bool same_name = line[backend_name] == proxy.name;
    if (!same_name) {
      if (same_id)
        warn(context, fmt::format("{}: backend name mismatch: from server state file: '{}', from running config '{}'",
                                  who, line[backend_name], proxy.name));
      continue;
    }
    if (!same_id)
      warn(context, fmt::format("{}: backend ID mismatch: from server state file: '{}', from running config '{}'", who,
                                line[backend_id], proxy.id));
    if (servers.contains(line[server_name]))
      lines.emplace(key_of(proxy.name, line[server_name]), &line);
    else
      warn(context, fmt::format("{}: can't find server '{}' in backend '{}'", who, line[server_name], proxy.name));
  }
  give_records(proxy, lines);
}

void load_files(Context& context) {
  const model::Global& global = context.model->global;
  const std::string path = path_of(global, global.server_state_file);
  std::optional<ServerStateFile> file;
  Lines lines;
  if (!global.server_state_file.empty()) {
    file.emplace(context.outside.file(path));
    if (sound(context, *file, "config", path, "global server state file", ""))
      for (const StateLine& line : file->lines()) lines.emplace(key_of(line[backend_name], line[server_name]), &line);
  }
  for (const auto& proxy : context.model->proxies) {
    if (!proxy->backend || proxy->disabled) continue;
    if (proxy->backend->state_file == model::StateFile::local) load_local(context, *proxy);
    if (proxy->backend->state_file != model::StateFile::global) continue;
    if (!file)
      warn(context, fmt::format("backend '{}' configured to load server state file from global section "
                                "'server-state-file' directive. Unfortunately, 'server-state-file' is not set!",
                                proxy->name));
    give_records(*proxy, lines);
  }
}

/// A name that is what it was keeps the address that was found for it, by `last` or for the name in the record.
void keep_records(Context& context, const model::Model& running) {
  std::unordered_map<std::string, const Server*> known;
  for (const auto& proxy : running.proxies)
    if (proxy->backend)
      for (const Server& server : proxy->backend->servers)
        if (server.record) known.emplace(key_of(proxy->name, server.name), &server);
  if (known.empty()) return;
  for (const auto& proxy : context.model->proxies) {
    if (!proxy->backend) continue;
    for (Server& server : proxy->backend->servers) {
      const auto found = known.find(key_of(proxy->name, server.name));
      if (found == known.end() || found->second->host != server.host) continue;
      server.record = found->second->record;
      if (server.host.empty()) continue;
      server.address = found->second->address;
      if (!server.address.empty()) server.address.set_port(server.port);
    }
  }
}

}  // namespace

void load_server_records(Context& context) {
  if (const auto& running = context.options.running)
    keep_records(context, *running);
  else
    load_files(context);
}

}  // namespace ddbproxy::config
