// The statistics of a small process, in each format.
#include <catch2/catch.hpp>

#include "base/text.h"
#include "stats/dump.h"
#include "stats/fields.h"
#include "stats/html.h"
#include "stats/html_page.h"
#include "stats/process_info.h"

namespace ddbproxy::stats {
namespace {

model::Server server(const std::string& name, uint32_t id) {
  model::Server made;
  made.name = name;
  made.id = id;
  made.address = Address::ipv4(0x7f000001, 9302);
  return made;
}

// A frontend "front", a backend "nodes" with two servers of which the second is disabled, a stats listener.
std::shared_ptr<model::Model> small_model() {
  auto model = std::make_shared<model::Model>();
  auto front = std::make_unique<model::Proxy>();
  front->name = "front";
  front->id = 2;
  front->frontend.emplace().maxconn = 3000;
  auto nodes = std::make_unique<model::Proxy>();
  nodes->name = "nodes";
  nodes->id = 3;
  nodes->backend.emplace().servers = {server("n1", 1), server("n2<b>\"", 2)};
  nodes->backend->fullconn = 300;
  nodes->backend->servers[0].check.enabled = true;
  nodes->backend->servers[1].disabled = true;
  auto page = std::make_unique<model::Proxy>();
  page->name = "stats";
  page->id = 4;
  page->mode = model::Mode::http;
  page->frontend.emplace();
  page->backend.emplace();
  page->stats.emplace().uri = "/stats";
  for (auto* proxy : {&front, &nodes, &page}) model->proxies.push_back(std::move(*proxy));
  return model;
}

std::string all_of(const live::State& state, Filter filter, Format format) {
  std::string out;
  Dump dump(state, std::move(filter), format);
  while (dump.next(out, 1)) {
  }
  return out;
}

// The cells of each line, by column.
std::vector<std::vector<std::string_view>> cells(std::string_view csv) {
  std::vector<std::vector<std::string_view>> lines;
  for (std::string_view line : base::split(csv, '\n')) {
    if (!line.empty()) lines.push_back(base::split(line, ','));
  }
  return lines;
}

}  // namespace

TEST_CASE("the CSV header has haproxy's columns, a dash before those of modules, and a comma at its end") {
  std::string header;
  write_csv_header(header);
  CHECK(header.starts_with("# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,"));
  CHECK(header.find(",agg_check_status,-,ssl_sess,") != std::string::npos);
  CHECK(header.ends_with(",h1_spliced_bytes_out,\n"));
  CHECK(base::split(header, ',').size() == 129);
}

TEST_CASE("every line has every column, in the order frontend, servers, backend") {
  const live::State state(small_model());
  const std::string csv = all_of(state, {}, Format::csv);
  const auto lines = cells(csv);
  REQUIRE(lines.size() == 7);
  for (const auto& line : lines) CHECK(line.size() == 129);
  CHECK(lines[1][1] == "FRONTEND");
  CHECK(lines[2][1] == "n1");
  CHECK(lines[4][1] == "BACKEND");
  CHECK(lines[5][0] == "stats");
}

TEST_CASE("a line leaves empty what its kind has not") {
  const live::State state(small_model());
  const std::string csv = all_of(state, {}, Format::csv);
  const auto lines = cells(csv);
  const auto column = [&](std::string_view name) {
    for (size_t i = 0; i < lines[0].size(); ++i) {
      if (lines[0][i] == name) return i;
    }
    return size_t{0};
  };
  CHECK(lines[1][column("qcur")].empty());
  CHECK(lines[1][column("slim")] == "3000");
  CHECK(lines[2][column("slim")].empty());
  CHECK(lines[4][column("slim")] == "300");
  CHECK(lines[2][column("check_rise")] == "2");
  CHECK(lines[3][column("check_rise")].empty());
  CHECK(lines[3][column("status")] == "MAINT");
  CHECK(lines[1][column("hrsp_2xx")].empty());
  CHECK(lines[5][column("hrsp_2xx")] == "0");
  CHECK(lines[2][column("addr")] == "127.0.0.1:9302");
}

TEST_CASE("filters choose proxies, kinds and servers, and only then is the backend's status counted") {
  const live::State state(small_model());
  CHECK(cells(all_of(state, {.proxy_id = 3}, Format::csv)).size() == 4);
  CHECK(cells(all_of(state, {.kinds = Filter::backends}, Format::csv)).size() == 3);
  CHECK(cells(all_of(state, {.server_id = 1}, Format::csv)).size() == 6);
  CHECK(cells(all_of(state, {.name_contains = "od"}, Format::csv)).size() == 4);
  CHECK(cells(all_of(state, {.scope = {"stats"}}, Format::csv)).size() == 3);
  const std::string up = all_of(state, {.proxy_id = 3, .no_maintenance = true}, Format::csv);
  CHECK(up.find("n2") == std::string::npos);
  CHECK(up.find(",UP (1/2),") != std::string::npos);
  CHECK(all_of(state, {.proxy_id = 3, .details = false}, Format::csv).find("127.0.0.1") == std::string::npos);
}

TEST_CASE("typed lines carry the kind, the numbers and the tags; JSON is one array of arrays") {
  const live::State state(small_model());
  const std::string typed = all_of(state, {.proxy_id = 3}, Format::typed);
  CHECK(typed.starts_with("S.3.1.0.pxname.1:KNS:str:nodes\n"));
  CHECK(typed.find("\nB.3.0.6.slim.1:CLP:u32:300\n") != std::string::npos);
  const std::string json = all_of(state, {.proxy_id = 4}, Format::json);
  CHECK(json.starts_with(
      R"([[{"objType":"Frontend","proxyId":4,"id":0,"field":{"pos":0,"name":"pxname"},"processNum":1,)"
      R"("tags":{"origin":"Key","nature":"Name","scope":"Service"},"value":{"type":"str","value":"stats"}})"));
  CHECK(json.find("}],[{\"objType\":\"Backend\"") != std::string::npos);
  CHECK(json.ends_with("}]]"));
  CHECK(all_of(state, {.proxy_id = 99}, Format::json) == "[]");
}

TEST_CASE("a cell with a comma or a quote is quoted, a JSON string escaped") {
  std::string out;
  write_csv(out, Value::string("a,\"b\""));
  CHECK(out == R"("a,""b""")");
  out.clear();
  write_json_string(out, "a\"\\\n");
  CHECK(out == R"("a\"\\\u000a")");
}

TEST_CASE("show info has its figures in each style") {
  live::State state(small_model());
  state.process.maxconn = 4000;
  ProcessInfo info(state);
  std::string plain, typed, json;
  info.write(plain, {});
  info.write(typed, {.style = ProcessInfo::Style::typed});
  info.write(json, {.style = ProcessInfo::Style::json});
  CHECK(plain.starts_with("Name: HAProxy\nVersion: 2.6"));
  CHECK(plain.find("\nMaxconn: 4000\n") != std::string::npos);
  CHECK(typed.find("\n15.Maxconn.1:CLP:u32:4000\n") != std::string::npos);
  CHECK(typed.find("\n47.Tasks.1:") != std::string::npos);
  CHECK(json.starts_with(R"([{"field":{"pos":0,"name":"Name"},"processNum":1,)"));
}

TEST_CASE("nothing from the configuration is markup in the page, and only an administrator sees forms") {
  live::State state(small_model());
  ProcessInfo info(state);
  const auto page = [&](bool may_change) {
    std::string out;
    HtmlPage html(state, info, *state.model().proxies[2], {}, {}, may_change);
    while (html.next(out)) {
    }
    return out;
  };
  const std::string seen = page(true);
  CHECK(seen.find("n2<b>") == std::string::npos);
  CHECK(seen.find("n2&lt;b&gt;&quot;") != std::string::npos);
  CHECK(seen.find(R"(<input type="hidden" name="b" value="#3">)") != std::string::npos);
  CHECK(seen.find("<strong>1 of 2</strong> nodes serve") != std::string::npos);
  CHECK(seen.ends_with("</html>\n"));
  CHECK(page(false).find("<form method=\"post\"") == std::string::npos);
}

TEST_CASE("numbers are written for people") {
  const auto text = [](auto write, auto n) {
    std::string out;
    write(out, n);
    return out;
  };
  CHECK(text(write_grouped, 1234567u) == "1&#8239;234&#8239;567");
  CHECK(text(write_bytes, 999u) == "999&nbsp;B");
  CHECK(text(write_bytes, 1234567u) == "1.2&nbsp;MB");
  CHECK(text(write_bytes, 999999u) == "1.0&nbsp;MB");
  CHECK(text(write_age, 59) == "59s");
  CHECK(text(write_age, 3661) == "1h&nbsp;1m");
  CHECK(text(write_age, 90000) == "1d&nbsp;1h");
  CHECK(text(write_moment, 1700000000) == "2023-11-14 22:13:20 UTC");
  CHECK(text(write_moment, 0) == "never");
}

}  // namespace ddbproxy::stats
