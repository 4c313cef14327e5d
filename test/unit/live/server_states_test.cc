// States, status words and log lines; the expected ones are recorded from haproxy 2.6.12.
#include <catch2/catch.hpp>

#include "backend_fixture.h"
#include "live/health/check_status.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using namespace ddbproxy::live::test;
using Lines = std::vector<std::string>;

namespace {

void checked(model::Server& server) { server.check.enabled = true; }
void checked_backup(model::Server& server) {
  server.check.enabled = true;
  server.backup = true;
}
void disabled(model::Server& server) { server.check.enabled = server.disabled = true; }
void tracks_a(model::Server& server) { server.track = "b/a"; }
void tracks_t1(model::Server& server) { server.track = "t1"; }
void tracks_d(model::Server& server) { server.track = "b/d"; }
void backup_tracks_a(model::Server& server) {
  server.track = "b/a";
  server.backup = true;
}

const CheckResult refused{.status = CheckStatus::l4_connection, .description = "Connection refused"};
const CheckResult passed{.status = CheckStatus::l4_ok, .passed = true};

World with_trackers() {
  std::vector<std::unique_ptr<model::Proxy>> proxies;
  proxies.push_back(make_proxy("b", {{"a", 1, checked}, {"c"}, {"d", 1, disabled}}));
  proxies.push_back(
      make_proxy("t", {{"t1", 1, tracks_a}, {"t2", 1, tracks_t1}, {"t3", 1, tracks_d}, {"t5", 1, backup_tracks_a}}));
  return World(std::move(proxies));
}

}  // namespace

TEST_CASE("a backend weighs what the servers weigh that are at work: of backups only the first") {
  World world(make_proxy("l", {{"a", 5}, {"b", 7, checked_backup}, {"c", 9, checked_backup}}));
  CHECK(world.backend().total_user_weight() == 5);
  world.states->set_maintenance(world.server("a"), Cause::runtime_api);
  CHECK(world.backend().total_user_weight() == 7);
  CHECK(world.backend().total_weight() == 7);
  world.states->set_maintenance(world.server("b"), Cause::runtime_api);
  CHECK(world.backend().total_user_weight() == 9);
  world.states->set_maintenance(world.server("c"), Cause::runtime_api);
  CHECK(world.backend().total_user_weight() == 0);
}

TEST_CASE("the first failed check takes a server down, later it takes fall of them; rise bring it back") {
  World world(make_proxy("l", {{"a", 1, checked}}));
  Server& a = world.server("a");
  CHECK(a.status_text() == "UP 1/3");
  world.states->health_result(a, refused);
  CHECK(a.status_text() == "DOWN");
  CHECK(world.log.take() ==
        Lines{"1 Server l/a is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration: "
              "0ms. 0 "
              "active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.",
              "0 backend l has no server available!"});
  CHECK_FALSE(world.backend().up());
  world.states->health_result(a, passed);
  CHECK(a.status_text() == "DOWN 1/2");
  world.states->health_result(a, passed);
  CHECK(a.status_text() == "UP");
  CHECK(world.log.take() ==
        Lines{"5 Server l/a is UP, reason: Layer4 check passed, check duration: 0ms. 1 active and 0 backup "
              "servers online. 0 sessions requeued, 0 total in queue."});
  world.states->health_result(a, refused);
  CHECK(a.status_text() == "UP 2/3");
  world.states->health_result(a, refused);
  CHECK(a.status_text() == "UP 1/3");
  CHECK(a.eligible());
  world.states->health_result(a, refused);
  CHECK(a.status_text() == "DOWN");
  CHECK(a.health().failed_checks == 4);
  CHECK(a.health().down_transitions == 2);
  CHECK(world.backend().down_transitions == 2);
}

TEST_CASE("log-health-checks logs each change of a check, and takes the reason out of the server's line") {
  auto proxy = make_proxy("l", {{"a", 1, checked}, {"bk", 1, checked_backup}});
  proxy->log.health_checks = true;
  World world(std::move(proxy));
  world.states->health_result(world.server("a"), passed);
  world.states->health_result(world.server("a"), passed);
  CHECK(world.log.take() ==
        Lines{"5 Health check for server l/a succeeded, reason: Layer4 check passed, check duration: 0ms, "
              "status: 3/3 UP."});
  world.states->health_result(world.server("bk"), refused);
  CHECK(world.log.take() == Lines{"5 Health check for backup server l/bk failed, reason: Layer4 connection problem, "
                                  "info: \"Connection refused\", "
                                  "check duration: 0ms, status: 0/2 DOWN.",
                                  "1 Backup Server l/bk is DOWN. 1 active and 0 backup servers left. 0 sessions "
                                  "active, 0 requeued, 0 remaining in "
                                  "queue."});
}

TEST_CASE("when only backups are left, the log says so") {
  World world(make_proxy("f_bk", {{"a", 1, checked}, {"b", 1, [](model::Server& server) { server.backup = true; }}}));
  world.states->health_result(world.server("a"), refused);
  CHECK(
      world.log.take() ==
      Lines{
          "1 Server f_bk/a is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration: "
          "0ms. 0 "
          "active and 1 backup servers left. Running on backup. 0 sessions active, 0 requeued, 0 remaining in queue."});
}

TEST_CASE("a tracking server follows the one it tracks, through a chain") {
  World world = with_trackers();
  CHECK(world.state->find_backend("t")->find("t3")->status_text() == "MAINT (via b/d)");
  world.states->health_result(world.server("a"), refused);
  Lines lines = world.log.take();
  REQUIRE(lines.size() == 5);
  CHECK(lines[1] ==
        "1 Backup Server t/t5 is DOWN via b/a. 2 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 "
        "remaining in queue.");
  CHECK(lines[2] ==
        "1 Server t/t1 is DOWN via b/a. 1 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 "
        "remaining in queue.");
  CHECK(lines[3] ==
        "1 Server t/t2 is DOWN via t/t1. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 "
        "remaining in queue.");
}

TEST_CASE("maintenance and drain are inherited, and told apart from one's own") {
  World world = with_trackers();
  Server& a = world.server("a");
  Backend& t = *world.state->find_backend("t");
  world.states->set_drain(a, Cause::runtime_api);
  CHECK(t.find("t2")->admin_state() == inherited_drain);
  CHECK(t.find("t2")->status_text() == "DRAIN 1/3");
  world.log.take();
  world.states->set_maintenance(a, Cause::runtime_api);
  CHECK(
      world.log.take() ==
      Lines{
          "5 Server b/a is going DOWN for maintenance. 1 active and 0 backup servers left. 0 sessions active, 0 "
          "requeued, 0 "
          "remaining in queue.",
          "5 Backup Server t/t5 is going DOWN for maintenance via b/a. 0 active and 0 backup servers left. 0 sessions "
          "active, 0 requeued, 0 remaining in queue.",
          "5 Server t/t1 is going DOWN for maintenance via b/a. 0 active and 0 backup servers left. 0 sessions active, "
          "0 "
          "requeued, 0 remaining in queue.",
          "5 Server t/t2 is going DOWN for maintenance via t/t1. 0 active and 0 backup servers left. 0 sessions "
          "active, 0 "
          "requeued, 0 remaining in queue."});
  CHECK(a.status_text() == "MAINT");
  CHECK(t.find("t2")->status_text() == "MAINT (via t/t1)");
  world.states->set_ready(a, Cause::runtime_api);
  CHECK(world.log.take() == Lines{"5 Server b/a is UP/READY (leaving forced maintenance).",
                                  "5 Backup Server t/t5 is UP/READY (leaving maintenance).",
                                  "5 Server t/t1 is UP/READY (leaving maintenance).",
                                  "5 Server t/t2 is UP/READY (leaving maintenance)."});
}

TEST_CASE("a server that dies while draining says that it goes on draining") {
  World world(make_proxy("b", {{"a", 1, checked}, {"c"}}));
  Server& a = world.server("a");
  world.states->health_result(a, refused);
  world.states->set_maintenance(a, Cause::runtime_api);
  world.log.take();
  world.states->set_drain(a, Cause::runtime_api);
  world.states->health_result(a, refused);
  world.states->set_ready(a, Cause::runtime_api);
  CHECK(world.log.take() ==
        Lines{"5 Server b/a is UP/DRAIN (leaving forced maintenance).", "5 Server b/a remains in forced drain mode.",
              "5 Server b/a is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration: "
              "0ms. 1 "
              "active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.",
              "5 Server b/a remains in forced drain mode.", "5 Server b/a is DOWN (leaving forced drain)."});
}

TEST_CASE("a server that is down enters maintenance without an alert") {
  World world(make_proxy("b", {{"a", 1, checked}}));
  world.states->health_result(world.server("a"), refused);
  world.log.take();
  world.states->set_maintenance(world.server("a"), Cause::runtime_api);
  CHECK(world.log.take() == Lines{"5 Server b/a was DOWN and now enters maintenance."});
}

TEST_CASE("the page's old actions name themselves") {
  World world(make_proxy("b", {{"a"}, {"c"}}));
  world.states->set_drain(world.server("a"), Cause::web_interface);
  CHECK(world.log.take() ==
        Lines{"5 Server b/a enters drain state ('stop' on stats page). 1 active and 0 backup servers online. "
              "0 sessions requeued, 0 total in queue."});
}

TEST_CASE("forced health, and no check") {
  World world(make_proxy("b", {{"a"}, {"c"}}));
  Server& a = world.server("a");
  CHECK(a.status_text() == "no check");
  world.states->force_stopping(a, Cause::web_interface);
  CHECK(a.status_text() == "NOLB");
  CHECK(world.log.take() ==
        Lines{"5 Server b/a is stopping, changed from Web interface. 1 active and 0 backup servers online. 0 "
              "sessions requeued, 0 total in queue."});
  world.states->force_down(a, Cause::runtime_api);
  CHECK(a.status_text() == "DOWN");
}

TEST_CASE("the last weight that falls to 0 leaves the backend without a server") {
  World world(make_proxy("b", {{"a"}}));
  world.states->set_weight(world.server("a"), 0);
  CHECK(world.log.take() == Lines{"0 backend b has no server available!"});
  CHECK(world.backend().total_weight() == 0);
  CHECK_FALSE(world.states->set_weight(world.server("a"), 257));
  world.states->set_weight(world.server("a"), 3);
  CHECK(world.backend().total_weight() == 3);
}

TEST_CASE("on-marked-down ends the sessions of a server that dies, on-marked-up those of the backups") {
  auto proxy = make_proxy("b", {{"a", 1, checked}, {"bk", 1, checked_backup}});
  proxy->backend->servers[0].shutdown_sessions_on_down = proxy->backend->servers[0].shutdown_backup_sessions_on_up =
      true;
  World world(std::move(proxy));
  std::string ended;
  world.state->hooks.shutdown_sessions = [&](const Server& server, char why) { ended += server.name() + why + ' '; };
  world.states->health_result(world.server("a"), refused);
  CHECK(ended == "aD ");
  world.states->health_result(world.server("a"), passed);
  world.states->health_result(world.server("a"), passed);
  CHECK(ended == "aD bkU ");
}

TEST_CASE("slowstart begins at a small weight and ends with a second UP line") {
  World world(
      make_proxy("b", {{"a", 100, [](model::Server& server) { server.slowstart = std::chrono::seconds(10); }}}));
  Server& a = world.server("a");
  CHECK(a.effective_weight() == 1600);
  world.states->set_maintenance(a, Cause::runtime_api);
  world.states->set_ready(a, Cause::runtime_api);
  CHECK(a.oper_state() == OperState::starting);
  const base::Instant start = a.health().last_change;
  const int recorded[] = {100, 200, 400, 500, 700, 900, 1000, 1200, 1300, 1500};
  for (int second = 0; second < 10; ++second) {
    world.states->advance_slowstart(a, start + std::chrono::seconds(second));
    CHECK(a.effective_weight() == recorded[second]);
  }
  world.log.take();
  world.states->advance_slowstart(a, start + std::chrono::seconds(10));
  CHECK(a.effective_weight() == 1600);
  CHECK(a.oper_state() == OperState::running);
  CHECK(world.log.take() ==
        Lines{"5 Server b/a is UP. 1 active and 0 backup servers online. 0 sessions requeued, 0 total in queue."});
}

TEST_CASE("observed failures count towards on-error's consequence") {
  struct Case {
    model::OnError on_error;
    std::string_view status;
    int health;
  };
  const auto [on_error, status, health] =
      GENERATE(Case{model::OnError::fastinter, "UP", 4}, Case{model::OnError::fail_check, "UP 2/3", 3},
               Case{model::OnError::sudden_death, "UP 1/3", 2}, Case{model::OnError::mark_down, "DOWN", 0});
  auto proxy = make_proxy("md", {{"a", 1, checked}});
  proxy->backend->servers[0].on_error = on_error;
  World world(std::move(proxy));
  Server& a = world.server("a");
  world.states->health_result(a, passed);
  world.states->errors_observed(a, 2);
  CHECK(a.status_text() == status);
  CHECK(a.health().health == health);
  if (on_error == model::OnError::mark_down)
    CHECK(world.log.take().at(0) ==
          "1 Server md/a is DOWN, reason: Health analyze, info: \"Detected 2 consecutive errors, last one was: L4 "
          "unsuccessful connection\". 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining "
          "in queue.");
}
