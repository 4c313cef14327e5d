#include <catch2/catch.hpp>
#include <csignal>

#include "app/master/children.h"
#include "app/master/cli_words.h"
#include "app/master/handover.h"
#include "app/master/systemd.h"
#include "app/master/worker_reload.h"

using namespace ddbproxy::app;
using ddbproxy::base::Milliseconds;
using ddbproxy::model::CliLevel;

namespace {

Child worker(pid_t pid, int reloads, int link = -1) {
  return {.link = link, .pid = pid, .reloads = reloads, .started = 1000, .version = "2.6.12"};
}
Child program(pid_t pid, int reloads, const char* name) {
  return {.kind = Child::Kind::program, .pid = pid, .reloads = reloads, .started = 1000, .name = name};
}

// As haproxy 2.6.12 has left it to its next life, before a third reload.
constexpr const char* of_haproxy =
    "|type=e;fd=-1;pid=6872;reloads=0;failedreloads=0;timestamp=1000;id=p1;version=(null)"
    "|type=w;fd=4;pid=6873;reloads=0;failedreloads=0;timestamp=1000;id=;version=2.6.12-1+deb12u4"
    "|type=e;fd=-1;pid=6811;reloads=1;failedreloads=0;timestamp=990;id=p1;version=(null)"
    "|type=m;fd=-1;pid=6802;reloads=2;failedreloads=0;timestamp=900;id=;version=(null)"
    "|type=w;fd=3;pid=6819;reloads=1;failedreloads=0;timestamp=990;id=;version=2.6.12-1+deb12u4";

}  // namespace

TEST_CASE("a master goes on where another has stopped, be it haproxy's") {
  const Children children = Children::from_text(of_haproxy, 6802, 1060);
  CHECK(children.show(1060) ==
        "#<PID>          <type>          <reloads>       <uptime>        <version>      \n"
        "6802            master          2 [failed: 0]   0d00h02m40s     2.6.12         \n"
        "# workers\n"
        "6873            worker          0               0d00h01m00s     2.6.12-1+deb12u4\n"
        "# old workers\n"
        "6819            worker          1               0d00h01m10s     2.6.12-1+deb12u4\n"
        "# programs\n"
        "6872            p1              0               0d00h01m00s     -              \n"
        "# old programs\n"
        "6811            p1              1               0d00h01m10s     -              \n");
  CHECK(Children::from_text(children.to_text(), 6802, 1060).show(90000) == children.show(90000));
  CHECK(children.current_worker()->link == 4);
}

TEST_CASE("what cannot be read of it is left out") {
  for (const char* text :
       {"", "|", "|type=w", "|type=w;pid=x", "|type=w;pid=-3", "|type=q;pid=3", "|type=w;;;=;pid=0;fd=99999999999999"})
    CHECK(Children::from_text(text, 1, 0).all().empty());
  const Children children = Children::from_text("|type=w;pid=7;version=", 1, 50);
  REQUIRE(children.all().size() == 1);
  CHECK(children.all()[0].link == -1);
  CHECK(children.all()[0].started == 50);
}

TEST_CASE("a worker is current until a reload succeeds") {
  Children children(1, 0);
  children.add(worker(10, 0));
  children.count_reload();
  CHECK(children.current_worker() == nullptr);
  children.reload_failed();
  REQUIRE(children.current_worker());
  CHECK(children.current_worker()->pid == 10);
  children.count_reload();
  children.reload_failed();
  CHECK(children.current_worker()->pid == 10);
  children.count_reload();
  children.reload_succeeded();
  CHECK(children.current_worker() == nullptr);
  children.add(worker(11, 0));
  CHECK(children.current_worker()->pid == 11);
  CHECK(children.all()[0].pid == 11);
  CHECK(children.remove(10)->pid == 10);
  CHECK_FALSE(children.remove(10));
}

TEST_CASE("a worker that goes on by a new configuration is as one that was started with it") {
  Children children = Children::from_text(
      "type=m;fd=-1;pid=10;reloads=2;timestamp=1;id=;version=2.6.12|type=w;fd=4;pid=11;reloads=0;timestamp=1;id=;"
      "version=x",
      10, 1);
  children.count_reload();
  children.reload_failed();
  children.reloaded_in_place();
  REQUIRE(children.all().size() == 1);
  CHECK(children.all()[0].reloads == 0);
  CHECK(children.is_current(children.all()[0]));
}

TEST_CASE("what a worker answers says whether another one is needed") {
  CHECK(read_reload_answer("Reloaded h.cfg in 3 ms: nothing has changed.\n\n") == InPlace::done);
  CHECK(read_reload_answer("Reloading h.cfg failed, nothing was changed:\nconfig : [h.cfg:1] : unknown\n") ==
        InPlace::refused);
  CHECK(read_reload_answer("Reloading h.cfg failed, nothing was changed:\nconfig : Could not open configuration file "
                           "h.cfg : Permission denied\n") == InPlace::refused);
  CHECK(read_reload_answer("Reloading h.cfg failed, nothing was changed:\nBinding [h.cfg:3] for proxy x: cannot bind "
                           "socket (Address already in use) for [*:80]\n") == InPlace::refused);
  CHECK(read_reload_answer("Reloading h.cfg failed, nothing was changed:\nA restart is needed, for only a new process "
                           "can change: nbthread.\n") == InPlace::not_here);
  CHECK(read_reload_answer("Unknown command, but maybe one of the following ones is a better match:\n") ==
        InPlace::not_here);
  CHECK(read_reload_answer("") == InPlace::not_here);
}

TEST_CASE("a prefix names the process that a command is for") {
  Children children(1, 0);
  children.add(worker(11, 0));
  children.add(worker(10, 1));
  children.add(program(12, 0, "p"));
  for (const char* master : {"@", "@master", "@0"}) CHECK(children.find_target(master) == 0);
  CHECK(children.find_target("@1") == 11);
  CHECK(children.find_target("@!11") == 11);
  CHECK(children.find_target("@!10") == 10);
  for (const char* nobody : {"@2", "@-1", "@x", "@1x", "@!", "@!0", "@!12", "@!99", "@master1", "@99999999999"})
    CHECK(children.find_target(nobody) == -1);
  children.remove(11);
  CHECK(children.find_target("@1") == -1);
}

TEST_CASE("how a process ended is said with its number or its signal") {
  CHECK(describe_end(worker(7, 0), true, 137) == "Current worker (7) exited with code 137 (Killed)");
  CHECK(describe_end(worker(7, 1), false, 0) == "Former worker (7) exited with code 0 (Exit)");
  CHECK(describe_end(program(7, 0, "p"), true, 138) ==
        "Current program 'p' (7) exited with code 138 (User defined signal 1)");
  CHECK(exit_status(SIGKILL) == 137);
  CHECK(exit_status(3 << 8) == 3);
}

TEST_CASE("a command is taken apart from whom it is for") {
  const auto is = [](std::string_view text, std::string_view prefix, std::string_view command) {
    const Addressed addressed = address_of(text);
    return addressed.prefix == prefix && addressed.command == command;
  };
  CHECK(is(" show proc \r", "", "show proc"));
  CHECK(is("@1 show info", "@1", "show info"));
  CHECK(is(" @!4711\t show\tinfo ", "@!4711", "show\tinfo"));
  CHECK(is("@1", "@1", ""));
  CHECK(is("@1  ", "@1", ""));
  CHECK(is("", "", ""));
}

TEST_CASE("whoever carries a command out is told of its client's rights") {
  MasterClient client;
  CHECK(client.preamble(true).empty());
  CHECK(client.prompt_of("master") == "master> ");
  client = {.level = CliLevel::user, .expert = true, .experimental = true, .debug = true};
  CHECK(client.preamble(false) == "user -\nexpert-mode on -\nexperimental-mode on -\n");
  CHECK(client.preamble(true) == "user -\nexpert-mode on -\nexperimental-mode on -\nmcli-debug-mode on -\n");
  CHECK(client.prompt_of("4711") == "4711(xed)> ");
}

TEST_CASE("the next life's command line says nothing of predecessors but its own") {
  using Words = std::vector<std::string>;
  CHECK(without_predecessors({"p", "-sf", "1", "2", "-x", "sockpair@3", "-W", "-f", "a"}) ==
        Words{"p", "-W", "-f", "a"});
  CHECK(without_predecessors({"p", "-W", "-st", "-f", "a", "-x", "s"}) == Words{"p", "-W", "-f", "a"});
  CHECK(without_predecessors({"p", "-W", "--", "-sf", "-x"}) == Words{"p", "-W", "--", "-sf", "-x"});
  CHECK(without_predecessors({"p", "-x"}) == Words{"p"});
}

TEST_CASE("systemd is told in its words") {
  CHECK(ready_message(7, "Ready.") == "READY=1\nMAINPID=7\nSTATUS=Ready.");
  CHECK(reloading_message(42).starts_with("RELOADING=1\nMONOTONIC_USEC=42\n"));
  CHECK_FALSE(watchdog_interval(nullptr, nullptr, 7));
  CHECK(watchdog_interval("30000000", nullptr, 7) == Milliseconds(15000));
  CHECK(watchdog_interval("30000000", "7", 7) == Milliseconds(15000));
  CHECK_FALSE(watchdog_interval("30000000", "8", 7));
  CHECK(watchdog_interval("1", nullptr, 7) == Milliseconds(1));
  for (const char* wrong : {"", "x", "0", "-5", "1x", "99999999999999999999"})
    CHECK_FALSE(watchdog_interval(wrong, nullptr, 7));
}
