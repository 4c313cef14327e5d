// What one accepted configuration says of everything that runs, made ready for use.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <ddbproxy/model.h>

#include "live/listener.h"
#include "live/mentioned.h"
#include "log/logger.h"
#include "sticky/table.h"

namespace ddbproxy::live {

class Backend;
class Frontend;
class Generation;

/// A backend as one generation has it.
struct BackendConfig {
  BackendConfig(const Generation& its_generation, Backend& identity, const model::Proxy& settings_of);
  const model::Backend& settings() const { return *proxy.backend; }

  const Generation& generation;
  Backend& backend;  ///< What stays when the configuration changes.
  const model::Proxy& proxy;
  mutable log::Logger logger;  ///< It counts its lines.
};

/// A frontend as one generation has it.
struct FrontendConfig {
  FrontendConfig(const Generation& its_generation, Frontend& identity, const model::Proxy& settings_of);
  const model::Frontend& settings() const { return *proxy.frontend; }

  const Generation& generation;
  Frontend& frontend;  ///< What stays when the configuration changes.
  const model::Proxy& proxy;
  mutable log::Logger logger;
  /// Where its streams go: default_backend, itself for a listen section, or null.
  const BackendConfig* default_backend = nullptr;
  /// Filled in by who opens them, before anybody listens.
  std::deque<Listener> listeners;
};

/// A model, and what was made of it: one for each file that was accepted. Immutable once it is published. A stream
/// keeps to the generation that it began with, so that a changed file changes nothing for it; an identity (Frontend,
/// Backend, Server) publishes a pointer to its latest configuration. Lives until nobody mentions it (see Farewell).
class Generation final : public Mentioned, public std::enable_shared_from_this<Generation> {
 public:
  /// Frontends and backends of `before` go on under the same name; the others are new. `before` may be null.
  Generation(std::shared_ptr<const model::Model> model, const Generation* before);
  ~Generation() override;
  /// False while an older one has what was removed behind this one, whose latest configuration is here.
  bool idle() const override;

  const model::Model& model() const { return *model_; }
  const std::shared_ptr<const model::Model>& shared_model() const { return model_; }
  const model::Global& global() const { return model_->global; }
  /// Of the global section's log lines. Any thread.
  log::Logger& logger() const { return logger_; }
  const std::vector<std::shared_ptr<Frontend>>& frontends() const { return frontends_; }
  const std::vector<std::shared_ptr<Backend>>& backends() const { return backends_; }
  std::deque<FrontendConfig>& frontend_configs() { return frontend_configs_; }
  const std::deque<FrontendConfig>& frontend_configs() const { return frontend_configs_; }
  const std::deque<BackendConfig>& backend_configs() const { return backend_configs_; }
  /// By name or "#id"; null when there is none.
  Frontend* find_frontend(std::string_view name) const;
  Backend* find_backend(std::string_view name) const;
  /// The live halves of a proxy of this model; null where it has none.
  Frontend* frontend_of(const model::Proxy& proxy) const { return halves_.at(&proxy).frontend; }
  Backend* backend_of(const model::Proxy& proxy) const { return halves_.at(&proxy).backend; }
  /// Of the proxy at this place of the model, or of this name; null where it has none.
  const BackendConfig* backend_config(int index) const { return backends_by_proxy_[static_cast<size_t>(index)]; }
  const BackendConfig* backend_config(std::string_view name) const;
  /// Those of its proxies and its `peers` sections, in the order of the file.
  const std::vector<std::shared_ptr<sticky::Table>>& tables() const { return tables_; }
  /// Those that peers have, too.
  struct SharedTable {
    std::shared_ptr<sticky::Table> table;
    std::string name;  ///< As peers call it.
    const model::Peers* section;
  };
  const std::vector<SharedTable>& shared_tables() const { return shared_tables_; }
  /// The one of this number (model::TableRef), or of this name; null where there is none.
  sticky::Table* table(int index) const;
  sticky::Table* find_table(std::string_view name) const;

 private:
  void link_backends();
  void take_tables(const Generation* before);

  struct Halves {
    Frontend* frontend = nullptr;
    Backend* backend = nullptr;
  };

  std::shared_ptr<const model::Model> model_;
  model::LogSettings log_settings_;
  mutable log::Logger logger_;
  // In the order of the file. The configurations go before the identities that they speak of.
  std::vector<std::shared_ptr<Frontend>> frontends_;
  std::vector<std::shared_ptr<Backend>> backends_;
  std::deque<FrontendConfig> frontend_configs_;
  std::deque<BackendConfig> backend_configs_;
  std::unordered_map<const model::Proxy*, Halves> halves_;
  std::vector<const BackendConfig*> backends_by_proxy_;
  std::unordered_map<std::string_view, const BackendConfig*> backends_by_name_;
  std::vector<std::shared_ptr<sticky::Table>> tables_;
  std::vector<sticky::Table*> tables_by_number_;  // empty: there are none
  std::vector<SharedTable> shared_tables_;
};

}  // namespace ddbproxy::live
