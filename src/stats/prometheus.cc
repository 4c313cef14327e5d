#include "stats/prometheus.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "http/request_context.h"
#include "http/status.h"
#include "live/health/check_status.h"
#include "stats/dump.h"
#include "stats/fields.h"

namespace ddbproxy::stats {
namespace {

using Shape = Metric::Shape;

/// The kinds of lines in their order, with the words of names and labels.
struct Kind {
  unsigned filter;
  RowKind row;
  std::string_view name;
  std::string_view label;  ///< of the line itself, beside its proxy; empty: it has none
};
constexpr std::array<Kind, 4> kinds{{
    {Filter::frontends, RowKind::frontend, "frontend", ""},
    {Filter::listeners, RowKind::listener, "listener", "listener"},
    {Filter::backends, RowKind::backend, "backend", ""},
    {Filter::servers, RowKind::server, "server", "server"},
}};

constexpr std::array<std::string_view, 2> states_of_sides{"DOWN", "UP"};
constexpr std::array<std::string_view, 3> states_of_listeners{"WAITING", "OPEN", "FULL"};
constexpr std::array<std::string_view, 5> states_of_servers{"DOWN", "UP", "MAINT", "DRAIN", "NOLB"};

std::span<const std::string_view> states_of(RowKind kind) {
  if (kind == RowKind::server) return states_of_servers;
  if (kind == RowKind::listener) return states_of_listeners;
  return states_of_sides;
}

/// One of states_of() for what the status column says: "OPEN", "UP 1/3", "no check".
std::string_view state_in(RowKind kind, std::string_view status) {
  if (kind == RowKind::frontend) return status == "OPEN" ? "UP" : "DOWN";
  if (status == "no check") return "UP";
  for (const std::string_view state : states_of(kind))
    if (status.starts_with(state)) return state;
  return "";
}

bool is_result(const live::CheckStatusRow& row) {
  return row.status >= live::CheckStatus::analyzed && row.status != live::CheckStatus::checked;
}

void write_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
}

void write_number(std::string& out, const Value& value, Shape shape) {
  if (!value || value.type == Value::Type::text)
    out += "NaN";
  else if (shape == Shape::milliseconds)
    out += fmt::format("{:.6f}", static_cast<double>(value.number) / 1000);
  else
    write_plain(out, value);
}

std::string_view type_of(std::string_view name) {
  return name.ends_with("_total") || name == "failed_resolutions" ? "counter" : "gauge";
}

void write_head(std::string& out, std::string_view kind, std::string_view name, std::string_view doc) {
  fmt::format_to(std::back_inserter(out), "# HELP haproxy_{0}_{1} {2}\n# TYPE haproxy_{0}_{1} {3}\n", kind, name, doc,
                 type_of(name));
}

/// Writes one metric of one kind: its head, if there is any line that has it, and the lines.
class MetricWriter {
 public:
  MetricWriter(std::string& out, const Kind& kind, const Field& field)
      : out_(out), kind_(kind), field_(field), metric_(field.metric) {}

  void write(const live::State& state, bool no_maintenance) {
    Filter filter;
    filter.kinds = kind_.filter;
    filter.no_maintenance = no_maintenance;
    Rows rows(state, std::move(filter));
    Row row;
    while (rows.next(row))
      if (row.kind == kind_.row && shows(row)) write(row);
  }
  bool headed = false;

 private:
  bool shows(const Row& row) const {
    if (metric_.only_of == Metric::OnlyOf::http) return row.proxy->mode == model::Mode::http;
    if (metric_.only_of == Metric::OnlyOf::checked) return row.server->checked();
    if (metric_.shape == Shape::servers_by_state || metric_.shape == Shape::servers_by_check)
      return !row.backend->servers().empty();
    return true;
  }

  void write(const Row& row) {
    if (!headed) write_head(out_, kind_.name, metric_.name, field_.doc);
    headed = true;
    switch (metric_.shape) {
      case Shape::number:
      case Shape::milliseconds:
        begin(row);
        end(ask(row), metric_.shape);
        break;
      case Shape::status_code:
        begin(row, "code", field_.name.substr(field_.name.find('_') + 1));
        end(ask(row), metric_.shape);
        break;
      case Shape::state: {
        const std::string_view now = state_in(row.kind, text_of(row));
        for (const std::string_view state : states_of(row.kind)) write_one(row, state, state == now);
        break;
      }
      case Shape::check_status: {
        const live::CheckStatus now = row.server->health().status;
        for (const auto& status : live::check_status_rows)
          if (is_result(status)) write_one(row, status.name, status.status == now);
        break;
      }
      case Shape::servers_by_state:
        for (const std::string_view state : states_of_servers)
          write_one(row, state, count(row, [&](const live::Server& server) {
                      return state_in(RowKind::server, server.status_text()) == state;
                    }));
        break;
      case Shape::servers_by_check:
        for (const auto& status : live::check_status_rows)
          if (is_result(status))
            write_one(row, status.name, count(row, [&](const live::Server& server) {
                        return server.checked() && server.health().status == status.status;
                      }));
        break;
    }
  }

  template <class Matches>
  static int64_t count(const Row& row, Matches matches) {
    const auto servers = row.backend->servers();
    return std::count_if(servers.begin(), servers.end(), [&](const auto& server) { return matches(*server); });
  }

  Value ask(const Row& row) const {
    const Source* source = field_.for_kind(row.kind);
    return source ? source->ask(row) : Value{};
  }
  std::string text_of(const Row& row) const { return ask(row).text; }

  void write_one(const Row& row, std::string_view state, int64_t number) {
    begin(row, "state", state);
    end(Value::s32(number), Shape::number);
  }

  void begin(const Row& row, std::string_view label = {}, std::string_view value = {}) {
    fmt::format_to(std::back_inserter(out_), "haproxy_{}_{}{{proxy=\"", kind_.name, metric_.name);
    write_escaped(out_, row.proxy->name);
    if (!kind_.label.empty()) {
      fmt::format_to(std::back_inserter(out_), "\",{}=\"", kind_.label);
      write_escaped(out_, row.server ? row.server->name() : name_of_listener(row));
    }
    if (!label.empty()) fmt::format_to(std::back_inserter(out_), "\",{}=\"{}", label, value);
    out_ += "\"} ";
  }
  void end(const Value& value, Shape shape) {
    write_number(out_, value, shape);
    out_ += '\n';
  }

  static std::string name_of_listener(const Row& row) { return fields()[1].for_kind(row.kind)->ask(row).text; }

  std::string& out_;
  const Kind& kind_;
  const Field& field_;
  const Metric& metric_;
};

/// All that a scrape asks for, a metric a piece.
class Scrape final : public http::Body {
 public:
  Scrape(const live::State& state, ProcessInfo& process, ScrapeQuery query)
      : state_(state), process_(process), query_(query) {}

  bool next(std::string& out) override {
    if (query_.process) {
      write_process(out);
      query_.process = false;
      return true;
    }
    while (kind_ < kinds.size()) {
      if (!(query_.kinds & kinds[kind_].filter) || field_ == fields().size()) {
        ++kind_;
        field_ = 0;
      } else if (write_metric(out)) {
        return true;
      }
    }
    return false;
  }

 private:
  void write_process(std::string& out) {
    process_.measure();
    for (const InfoField& field : info_fields()) {
      if (field.metric.empty()) continue;
      write_head(out, "process", field.metric, field.doc);
      fmt::format_to(std::back_inserter(out), "haproxy_process_{}", field.metric);
      const Value value = field.ask ? field.ask(process_) : Value{};
      if (value.type == Value::Type::text) {
        out += "{version=\"";
        write_escaped(out, value.text);
        out += "\"} 1\n";
      } else {
        out += ' ';
        write_number(out, value, Shape::number);
        out += '\n';
      }
    }
  }

  /// The next field, and those after it that are of the same metric; false when it is none of this kind of line.
  bool write_metric(std::string& out) {
    const Kind& kind = kinds[kind_];
    const Metric& metric = fields()[field_].metric;
    if (metric.name.empty() || !(metric.kinds & kind.filter)) {
      ++field_;
      return false;
    }
    bool headed = false;
    for (const std::string_view name = metric.name; field_ < fields().size() && fields()[field_].metric.name == name;
         ++field_) {
      MetricWriter writer(out, kind, fields()[field_]);
      writer.headed = headed;
      writer.write(state_, query_.no_maintenance);
      headed = writer.headed;
    }
    return true;
  }

  const live::State& state_;
  ProcessInfo& process_;
  ScrapeQuery query_;
  size_t kind_ = 0, field_ = 0;
};

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// "%41" and "+" read back; empty when a percent sign begins nothing.
std::optional<std::string> decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size() || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0) return {};
    out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  return out;
}

/// Adds what `scope=` names; false when it names nothing that is known.
bool add_scope(ScrapeQuery& query, std::string_view scope) {
  if (scope.empty() || scope == "sticktable") return true;  // there are no stick tables
  const bool all = scope == "*";
  if (all || scope == "global") {
    query.process = true;
    if (all) query.kinds = Filter::everything;
    return true;
  }
  for (const Kind& kind : kinds)
    if (kind.name == scope) {
      query.kinds |= kind.filter;
      return true;
    }
  return false;
}

}  // namespace

std::optional<ScrapeQuery> read_scrape_query(std::string_view target) {
  ScrapeQuery query;
  const size_t mark = target.find('?');
  if (mark == std::string_view::npos) return query;
  bool scoped = false;
  for (const std::string_view parameter : base::split(target.substr(mark + 1), '&')) {
    const auto text = decode(parameter);
    if (!text) return {};
    const size_t equals = text->find('=');
    const std::string_view key = std::string_view(*text).substr(0, equals);
    if (key == "no-maint") query.no_maintenance = true;
    if (key != "scope") continue;
    if (equals == std::string::npos) return {};
    if (!scoped) query = {.process = false, .kinds = 0, .no_maintenance = query.no_maintenance};
    scoped = true;
    if (!add_scope(query, std::string_view(*text).substr(equals + 1))) return {};
  }
  return query;
}

const model::Proxy* PrometheusExporter::wants(const live::FrontendConfig& frontend,
                                              const http::Request& request) const {
  const auto serves = [&](const model::Proxy& proxy) {
    return std::any_of(proxy.services.begin(), proxy.services.end(),
                       [&](const model::ServiceRule& rule) { return http::holds(rule.condition, request, state_); });
  };
  if (serves(frontend.proxy)) return &frontend.proxy;
  const live::BackendConfig* backend = frontend.default_backend;
  return backend && serves(backend->proxy) ? &backend->proxy : nullptr;
}

http::Response PrometheusExporter::respond(const model::Proxy& proxy, const http::Request& request) {
  const auto query = read_scrape_query(request.target());
  if (!query) return http::error_response(proxy, 400);
  http::Response response;
  response.headers = {{"cache-control", "no-cache"}, {"content-type", "text/plain; version=0.0.4"}};
  response.body = std::make_unique<Scrape>(state_, process_, *query);
  return response;
}

}  // namespace ddbproxy::stats
