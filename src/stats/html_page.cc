#include "stats/html_page.h"

#include <fmt/format.h>

#include <ddbproxy/version.h>

#include "base/text.h"
#include "stats/admin_form.h"
#include "stats/html.h"
#include "stats/html_columns.h"
#include "stats/page_template.h"
#include "stats/process_figures.h"
#include "stats/server_words.h"

namespace ddbproxy::stats {
namespace {

constexpr size_t piece_size = 16384;
// More nodes in trouble than this are counted, not listed, in the overview.
constexpr size_t most_troubles = 8;
// From this many servers on a table's columns have widths that do not depend on what is in them, for speed.
constexpr size_t large_table = 300;

// What a backend's card says beside its nodes. Several fields are added up.
struct CardFigure {
  std::string_view label, fields;
  bool bytes = false;
};
constexpr CardFigure card_figures[] = {
    {"Sessions", "scur"},      {"New a second", "rate"},    {"Queue", "qcur"},
    {"Bytes in", "bin", true}, {"Bytes out", "bout", true}, {"Errors", "econ eresp"},
};

Filter servers_of(Filter filter) {
  filter.kinds = Filter::servers | Filter::backends;
  filter.only_up = filter.no_maintenance = false;
  return filter;
}

// "ddb_backend/node1": the element's id, the link to it, and what the script finds its row by.
std::string row_name(const Row& row) { return row.proxy->name + "/" + ask("svname", row).text; }

}  // namespace

HtmlPage::HtmlPage(live::State& state, ProcessInfo& process, const model::Proxy& proxy, PageQuery query, Filter filter,
                   bool may_change)
    : state_(state),
      process_(process),
      settings_(*proxy.stats),
      query_(std::move(query)),
      may_change_(may_change),
      overview_(state, servers_of(filter)),
      rows_(state, filter) {}

bool HtmlPage::next(std::string& out) {
  const auto parts = page_template();
  const size_t limit = out.size() + piece_size;
  for (; part_ < parts.size(); ++part_) {
    if (!std::exchange(in_slot_, false)) out += parts[part_].text;
    const std::string_view slot = parts[part_].slot;
    if (slot != "overview" && slot != "tables") {
      write_slot(out, slot);
      continue;
    }
    bool more = true;
    while (more && out.size() < limit) more = slot == "tables" ? write_tables(out) : write_overview(out);
    if (more) {
      in_slot_ = true;
      return true;
    }
  }
  return false;
}

void HtmlPage::write_slot(std::string& out, std::string_view slot) {
  if (slot == "title") {
    if (settings_.show_node) {
      out += " on ";
      write_escaped(out, settings_.node ? *settings_.node : process_.ask("node").text);
    }
  } else if (slot == "live") {
    if (!query_.no_refresh) out += " checked";
  } else if (slot == "hide") {
    // What the links hide may come back while the page is shown: the script asks for all, and hides what is to be
    // hidden.
    if (query_.only_up) out += "down ";
    if (query_.no_maintenance) out += "maint";
  } else if (slot == "noscript") {
    // A whole reload is for browsers without the script, which brings the figures up to date in place.
    if (!settings_.refresh || query_.no_refresh) return;
    out += fmt::format(R"(<noscript><meta http-equiv="refresh" content="{}"></noscript>)",
                       settings_.refresh->count() / 1000);
  } else if (slot == "data") {
    PageQuery data = query_;
    data.view = View::csv;
    data.no_refresh = true;
    data.only_up = data.no_maintenance = data.all_columns = false;
    write_escaped(out, link(settings_.uri, data));
  } else if (slot == "uri") {
    write_escaped(out, settings_.uri);
  } else if (slot == "scope") {
    write_escaped(out, query_.scope);
  } else if (slot == "version") {
    if (!settings_.hide_version) out += fmt::format(" <small>{}</small>", version);
  } else if (slot == "description") {
    if (!settings_.show_description) return;
    out += "<p>";
    write_escaped(out, settings_.description ? *settings_.description : state_.model().global.description);
    out += "</p>";
  } else if (slot == "outcome") {
    write_outcome(out);
  } else if (slot == "figures") {
    write_figures(out);
  } else if (slot == "links") {
    write_links(out);
  }
}

void HtmlPage::write_outcome(std::string& out) {
  const OutcomeRow* outcome = find_outcome(query_.outcome);
  if (!outcome) return;
  const bool good = outcome->outcome == Outcome::done || outcome->outcome == Outcome::none;
  fmt::format_to(std::back_inserter(out), R"(<p class="outcome {}" role="status">)", good ? "good" : "bad");
  if (!query_.action.empty()) {
    out += "<strong>";
    write_escaped(out, query_.action);
    out += ":</strong> ";
  }
  fmt::format_to(std::back_inserter(out), R"({} <a href=")", outcome->words);
  write_escaped(out, link(settings_.uri, query_));
  out += R"(">Dismiss</a></p>)";
}

void HtmlPage::write_figures(std::string& out) {
  for (const ProcessFigure& figure : process_figures) {
    fmt::format_to(std::back_inserter(out), "<div><dt>{}</dt><dd data-info=\"{}\">", figure.label, figure.info);
    write_value(out, process_.ask(figure.info), figure.look);
    out += "</dd></div>";
  }
}

void HtmlPage::write_links(std::string& out) {
  const auto item = [&](std::string_view label, const PageQuery& query) {
    out += R"(<li><a href=")";
    write_escaped(out, link(settings_.uri, query));
    fmt::format_to(std::back_inserter(out), R"(">{}</a></li>)", label);
  };
  const auto changed = [&](auto change) {
    PageQuery query = query_;
    change(query);
    return query;
  };
  item("Refresh now", query_);
  item(query_.only_up ? "Show servers that are down" : "Hide servers that are down",
       changed([](PageQuery& q) { q.only_up = !q.only_up; }));
  if (settings_.refresh) {
    item(query_.no_refresh ? "Enable refresh" : "Disable refresh",
         changed([](PageQuery& q) { q.no_refresh = !q.no_refresh; }));
  }
  item(query_.all_columns ? "Show fewer columns" : "Show all columns",
       changed([](PageQuery& q) { q.all_columns = !q.all_columns; }));
  // A file is not loaded again and again.
  const auto file = [&](View view) {
    PageQuery query = query_;
    query.view = view;
    query.no_refresh = true;
    query.all_columns = false;
    return query;
  };
  item("CSV export", file(View::csv));
  item("JSON export", file(View::json));
  item("JSON schema", changed([](PageQuery& q) { q.view = View::json_schema; }));
}

// One step: a server is judged, or its backend's card is written. False after the last.
bool HtmlPage::write_overview(std::string& out) {
  Row row;
  if (!overview_.next(row)) return false;
  if (row.server) {
    ++servers_;
    const std::string trouble = trouble_words(*row.server);
    if (trouble.empty()) {
      ++serving_;
    } else {
      std::string& line = troubles_.emplace_back();
      if (troubles_.size() > most_troubles) return true;
      line += "<li><strong>";
      write_escaped(line, row.server->name());
      line += "</strong> ";
      write_escaped(line, trouble);
      if (const std::string left = left_words(row); !left.empty()) line += ", " + left;
      line += "</li>";
    }
    return true;
  }
  if (servers_ > 0) {
    auto to = std::back_inserter(out);
    fmt::format_to(to, R"(<li class="card {}" data-card=")",
                   serving_ == servers_ ? "up"
                   : serving_           ? "falling"
                                        : "down");
    write_escaped(out, row.proxy->name);
    out += R"("><h3><a href="#)";
    write_escaped(out, row.proxy->name);
    out += R"(">)";
    write_escaped(out, row.proxy->name);
    fmt::format_to(to, "</a></h3><p><strong>{} of {}</strong> nodes serve</p>", serving_, servers_);
    write_card_figures(out, row);
    out += R"(<div class="graph"></div><ul class="troubles">)";
    for (size_t i = 0; i < troubles_.size() && i < most_troubles; ++i) out += troubles_[i];
    if (troubles_.size() > most_troubles) fmt::format_to(to, "<li>and {} more</li>", troubles_.size() - most_troubles);
    out += "</ul></li>\n";
  }
  serving_ = servers_ = 0;
  troubles_.clear();
  return true;
}

void HtmlPage::write_card_figures(std::string& out, const Row& row) {
  out += R"(<dl class="figures">)";
  for (const CardFigure& figure : card_figures) {
    fmt::format_to(std::back_inserter(out), R"(<div><dt>{}</dt><dd data-f="{}">)", figure.label, figure.fields);
    int64_t sum = 0;
    for (std::string_view name : base::split(figure.fields, ' ')) sum += ask(name, row).number;
    if (figure.bytes) {
      write_bytes(out, static_cast<uint64_t>(sum));
    } else {
      write_grouped(out, static_cast<uint64_t>(sum));
    }
    out += "</dd></div>";
  }
  out += "</dl>";
}

// One step: a row, with its table's beginning or end. False after the last.
bool HtmlPage::write_tables(std::string& out) {
  Row row;
  if (!rows_.next(row)) {
    if (open_) end_table(out);
    return false;
  }
  if (row.proxy != open_) {
    if (open_) end_table(out);
    begin_table(out, *row.proxy);
  }
  write_row(out, row);
  return true;
}

void HtmlPage::begin_table(std::string& out, const model::Proxy& proxy) {
  open_ = &proxy;
  out += R"(<section class="proxy"><h2 id=")";
  write_escaped(out, proxy.name);
  out += R"("><a href="#)";
  write_escaped(out, proxy.name);
  out += R"(">)";
  write_escaped(out, proxy.name);
  out += "</a>";
  if (settings_.show_legends && proxy.backend) {
    out += " <small>balance ";
    write_escaped(out, proxy.backend->balance.text);
    out += "</small>";
  }
  out += "</h2>";
  if (settings_.show_description && !proxy.description.empty()) {
    out += "<p>";
    write_escaped(out, proxy.description);
    out += "</p>";
  }
  const size_t servers = proxy.backend ? proxy.backend->servers.size() : 0;
  shape_ = {.selectable = may_change_ && servers > 0,
            .checks = servers > 0,
            .all = query_.all_columns,
            .modules = settings_.show_modules};
  if (shape_.selectable) out += R"(<form method="post">)";
  out += R"(<div class="wide" tabindex="0" role="region" aria-label="Figures of )";
  write_escaped(out, proxy.name);
  fmt::format_to(std::back_inserter(out), R"("><table class="{}{}">)", servers >= large_table ? "large " : "",
                 shape_.all ? "all" : "few");
  write_table_head(out, shape_);
  out += "<tbody>\n";
}

void HtmlPage::end_table(std::string& out) {
  out += "</tbody></table></div>";
  if (shape_.selectable) {
    auto to = std::back_inserter(out);
    out +=
        R"(<p class="action"><label>With the checked servers: <select name="action"><option value="">choose an action</option>)";
    for (const Action* action : offered_actions())
      fmt::format_to(to, R"(<option value="{}">{} ({})</option>)", action->name, action->label, action->doc);
    fmt::format_to(to,
                   R"(</select></label> <input type="hidden" name="b" value="#{}"><button>Apply</button></p></form>)",
                   open_->id);
  }
  out += "</section>\n";
  open_ = nullptr;
}

void HtmlPage::write_row(std::string& out, const Row& row) {
  auto to = std::back_inserter(out);
  const std::string name = row_name(row);
  fmt::format_to(to, R"(<tr class="{} {}" data-row=")", row.kind_name(), state_class(row));
  write_escaped(out, name);
  out += R"(">)";
  const std::string svname = ask("svname", row).text;
  if (shape_.selectable) {
    out += R"(<td class="pick">)";
    if (row.server) {
      out += R"(<input type="checkbox" name="s" value=")";
      write_escaped(out, svname);
      out += R"(" aria-label="choose )";
      write_escaped(out, svname);
      out += R"(">)";
    }
    out += "</td>";
  }
  out += R"(<th scope="row" class="name" id=")";
  write_escaped(out, name);
  out += R"("><a href="#)";
  write_escaped(out, name);
  out += R"(">)";
  write_escaped(out, svname);
  out += "</a>";
  if (settings_.show_legends) {
    if (const Value address = row.server || row.listener ? ask("addr", row) : Value{}) {
      out += " <small>";
      write_escaped(out, address.text);
      out += "</small>";
    }
  }
  out += R"(</th><td class="state"><span>)";
  write_escaped(out, ask("status", row).text);
  out += "</span>";
  if (const Value since = ask("lastchg", row)) {
    out += R"( <small class="since">)";
    write_age(out, since.number);
    out += "</small>";
  }
  if (const std::string left = left_words(row); !left.empty())
    fmt::format_to(to, R"( <small class="left">{}</small>)", left);
  out += "</td>";
  if (shape_.checks) write_reports(out, row);
  out += R"(<td class="chart"></td>)";
  write_cells(out, row, shape_);
  out += "</tr>\n";
}

void HtmlPage::write_reports(std::string& out, const Row& row) {
  out += R"(<td class="check">)";
  if (row.server) {
    for (const CheckReport& report : check_reports(*row.server)) {
      out += "<div>";
      write_escaped(out, report.result);
      out += " <small>";
      write_escaped(out, report.said);
      out += "</small></div>";
    }
  }
  out += "</td>";
}

}  // namespace ddbproxy::stats
