"""Files of server states (`server-state-file`): both programs must take the same from the same file, and warn alike. Each
case is a server with a line of its own, so that one start shows them all."""
import os
import re
import socket
import subprocess
import unittest

from programs import DDBPROXY, HAPROXY
from proxy import free_port, scratch_directory
from wait_cli import ask, wait_for

# Behind the version, as `show servers state` heads its lines.
HEAD = "1\n# be_id be_name srv_id srv_name ...\n"
FIELDS = dict(addr="127.0.0.1", op=2, admin=0, uweight=10, iweight=10, change=100, status=1, result=0, health=1, check=0,
              agent=0, bk_forced=0, srv_forced=0, fqdn="-", port=1001, srv="-", ssl=0, check_port=0, check_addr="-",
              agent_addr="-", agent_port=0)


def line(backend, server, backend_id=2, server_id=1, **fields):
    assert not set(fields) - set(FIELDS)
    return " ".join(map(str, (backend_id, backend, server_id, server, *{**FIELDS, **fields}.values()))) + "\n"


def start(program, configuration, files):
    """(what it warns of when it starts, the same with -c, `show servers state`, columns of `show stat`)"""
    directory = scratch_directory()
    for name, text in {**files, "haproxy.cfg": configuration.replace("DIRECTORY", directory)}.items():
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(text)
    os.mkdir(os.path.join(directory, "folder"))
    arguments = [program, "-db", "-f", "haproxy.cfg"]

    def tidy(text):
        """Without what ddbproxy adds. haproxy goes from proxy to proxy; ddbproxy reads all files before it does what they say."""
        text = re.sub(r"\(\d+\) : ", "", text.replace(directory, "DIRECTORY"))
        return sorted(re.sub(r" \(column \d+.*\)$", "", each) for each in text.splitlines() if "[NOTICE]" not in each)

    checked = subprocess.run([*arguments, "-c"], cwd=directory, capture_output=True, text=True, check=False)
    with open(os.path.join(directory, "stderr"), "w+", encoding="utf-8") as errors:
        process = subprocess.Popen(arguments, cwd=directory, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
        try:
            cli = os.path.join(directory, "cli.sock")
            wait_for(cli, "show info", "^Uptime")
            states, stat = ask(cli, "show servers state"), ask(cli, "show stat")
        finally:
            process.kill()
            process.wait()
        errors.seek(0)
        warnings = tidy(errors.read())
    names = stat.splitlines()[0].lstrip("# ").split(",")
    rows = [each.split(",") for each in stat.splitlines()[1:] if each]
    columns = [[row[names.index(name)] for name in ("pxname", "svname", "status", "weight", "chkdown", "lastchg", "addr")]
               for row in rows if row[1] not in ("FRONTEND", "BACKEND")]
    return warnings, tidy(checked.stdout + checked.stderr), states.splitlines(), columns


class ServerStatesTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        # Whose greeting never comes: a check that has begun goes on for longer than the test.
        self.silent = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.addCleanup(self.silent.close)
        self.silent_port = self.silent.getsockname()[1]

    def compare(self, configuration, files):
        configuration = (f"global\n    stats socket DIRECTORY/cli.sock level admin\n{configuration}\n"
                         f"frontend f\n    bind 127.0.0.1:{free_port()}\n")
        expected, got = (start(program, configuration, files) for program in (HAPROXY, DDBPROXY))
        for what, wanted, seen in zip(("warnings", "-c", "states", "statistics"), expected, got):
            with self.subTest(what):
                self.assertEqual(self.steady(seen), self.steady(wanted))

    def steady(self, lines):
        """A second may have passed meanwhile, and a check may have begun. No time of the tests ends in 7, 8 or 9."""
        def tidy(word, index, words):
            if len(words) == 25 and index == 9 or len(words) == 7 and index == 5:
                return str((int(word) + 2) // 10)
            return str(int(word) & ~1) if len(words) == 25 and index in (13, 14) and word.isdigit() else word

        split = [each.split(" ") if isinstance(each, str) else each for each in lines]
        return [" ".join(tidy(word, index, words) for index, word in enumerate(words)) for words in split]

    def states(self, cases, defaults="", sections=""):
        """`cases`: (options of the server's line, fields of its record)."""
        servers, records = "", HEAD
        for number, (options, fields) in enumerate(cases, 1):
            options = options if ":" in options.split(" ")[0] else f"127.0.0.1:1001 weight 10 {options}"
            servers += f"    server s{number} {options}\n".replace("SILENT", str(self.silent_port))
            records += line("be", f"s{number}", server_id=number, **fields)
        self.compare(f"    server-state-file DIRECTORY/states\n{sections}"
                     "defaults\n    timeout connect 5s\n    timeout client 5s\n    timeout server 5s\n"
                     "    load-server-state-from-file global\n"
                     f"backend be\n    option tcp-check\n    tcp-check expect string never\n{defaults}{servers}",
                     {"states": records})

    def test_operational_state(self):
        check = "check port SILENT inter 1h"
        self.states([(options, {"op": op, "health": health, "check": 6})
                     for options in ("", check, f"{check} rise 1", f"{check} fall 1", f"{check} rise 4 fall 5")
                     for op in (0, 1, 2, 3) for health in (0, 1, 3, 5, 8, 9) if "rise 4" in options or health < 4])

    def test_administrative_state(self):
        self.states([(options, {"op": op, "admin": admin, "check": 14 if admin & 1 else 6})
                     for options in ("", "disabled", "check port SILENT inter 1h")
                     for op in (0, 1, 2, 3) for admin in (0, 1, 2, 3, 4, 5, 8, 10, 12, 16, 20, 32, 33, 64)
                     # Its UP is said once more when the process starts, of a server that had not been down.
                     if not (op == 1 and "check" in options)])

    def test_states_of_those_who_track(self):
        self.states([("check port SILENT inter 1h", {"op": 0, "check": 6}), ("track s1", {"op": 2}),
                     ("check port SILENT inter 1h", {"op": 2, "admin": 1, "check": 14}), ("track s3", {"op": 0, "admin": 2}),
                     ("check port SILENT inter 1h", {"op": 3, "admin": 8, "check": 6}), ("track s5", {"op": 1}),
                     ("check port SILENT inter 1h", {"op": 3, "check": 6}), ("track s7", {"op": 3, "admin": 24}),
                     ("check port SILENT inter 1h", {"op": 0, "admin": 8, "check": 6}), ("track s9", {"op": 2}),
                     ("check port SILENT inter 1h", {"op": 2, "check": 6}), ("track s11", {"op": 0})])

    def test_slow_start_goes_on(self):
        self.states([(f"slowstart 100s{options}", {"op": op, "admin": admin, "change": change})
                     for options in ("", " disabled") for op in (0, 1, 2, 3) for admin in (0, 4) for change in (10, 20)])

    def test_weights_and_times(self):
        self.states([("", fields) for fields in (
            {"uweight": 5}, {"uweight": 0}, {"uweight": 256}, {"uweight": "05"}, {"uweight": "5x"},
            {"uweight": 5, "iweight": 9}, {"iweight": "010", "uweight": 3}, {"change": 0}, {"change": "15.5"},
            {"change": 1700000000}, {"status": 6, "result": 3}, {"status": 14, "result": 3}, {"status": 16, "result": 2})])

    def test_fields_that_make_no_sense(self):
        wrong = {"op": ("x", "4", "-1"), "admin": ("x", "9", "11", "128", "-1"), "uweight": ("x", "257", "-1"),
                 "iweight": ("x", "257", "-1"), "change": ("x", "-"), "status": ("x", "21", "99"), "result": ("x", "5", "-1"),
                 "health": ("x", "-"), "check": ("x", "32", "-1"), "agent": ("x", "32", "-1"), "bk_forced": ("x", "2", "-1"),
                 "srv_forced": ("x", "2", "-1"), "port": ("65536", "99999"), "fqdn": ("x" * 256, "x" * 300)}
        cases = [("", {name: value, "uweight": 5} if name != "uweight" else {name: value})
                 for name, values in wrong.items() for value in values]
        self.states(cases + [("", {name: values[0] for name, values in wrong.items()})])

    def test_ports_and_places_of_checks(self):
        check, agent = "check port SILENT inter 1h", "agent-check agent-port SILENT agent-inter 1h"
        places = ((0, "-", "-", 0), (55, "127.0.0.5", "127.0.0.6", 66), (55, "bad", "bad", 66), (55, "-", "-", 66),
                  (0, "127.0.0.5", "127.0.0.6", 0), ("x", "127.0.0.5", "127.0.0.6", "y"), (99999, "-", "-", 99999))
        cases = [(options, {"check_port": port, "check_addr": address, "agent_addr": agent_address,
                            "agent_port": agent_port, "check": 6, "agent": 22})
                 for options in ("", check, f"{check} {agent}", agent) for port, address, agent_address, agent_port in places]
        cases += [(f"{check} {agent}", {"check": 2, "agent": 18, "check_port": 55}),
                  (f"{check} {agent}", {"check": 6, "agent": 18, "agent_port": 55}),
                  (f"{check} {agent}", {"check": 0, "agent": 0}), (f"{check} {agent}", {"check": 2, "agent": 2})]
        cases += [("", {"port": port}) for port in (0, 1005, "1005x", "x", "+3", "-1", 65535)]
        cases += [("[::1]:1006", {"addr": "::2"}), ("unix@/none:", {"port": 0})]
        self.states(cases)

    def test_addresses_of_names(self):
        names = "resolvers r"
        sections = "resolvers r\n    nameserver n 127.0.0.1:9\n    timeout retry 1h\n    timeout resolve 1h\n"
        known, unknown = "localhost:1001 weight 10", "nothing.invalid:1001 weight 10"
        cases = []
        for options in (known, f"{known} {names}", f"{known} {names} init-addr libc,last", f"{known} init-addr last,1.2.3.4",
                        f"{unknown} init-addr last,none", f"{unknown} init-addr last,none {names}",
                        f"{unknown} init-addr none {names}"):
            for op, admin in ((2, 0), (0, 1), (0, 32), (2, 64), (2, 8)):
                cases.append((options, {"fqdn": options.split(":")[0], "addr": "127.0.0.9", "op": op, "admin": admin}))
                cases.append((options, {"fqdn": "other.invalid", "addr": "127.0.0.9", "op": op, "admin": admin, "port": 1002}))
            cases.append((options, {"fqdn": options.split(":")[0], "addr": "-", "op": 0, "admin": 32}))
        service = "_a._tcp.example"
        self.compare("    server-state-file states\n" + sections +
                     "defaults\n    load-server-state-from-file global\n    timeout connect 5s\n    timeout server 5s\n"
                     "    timeout client 5s\nbackend be\n" +
                     "".join(f"    server s{number} {options}\n" for number, (options, _) in enumerate(cases)) +
                     f"backend srv\n    server-template t 5 {service} resolvers r init-addr none\n",
                     {"states": HEAD + "".join(line("be", f"s{number}", **fields) for number, (_, fields) in enumerate(cases)) +
                      line("srv", "t1", srv=service, fqdn="host.invalid", addr="127.0.0.9", uweight=1, iweight=1) +
                      line("srv", "t2", srv=service, fqdn="host.invalid", op=0, admin=1, uweight=1, iweight=1) +
                      line("srv", "t3", srv="_b._tcp.example", fqdn="host.invalid", op=0, admin=1, uweight=1, iweight=1) +
                      line("srv", "t4", fqdn="host.invalid", uweight=1, iweight=1) +
                      line("srv", "t5", srv=service, uweight=1, iweight=1)})

    def test_no_method_for_a_name(self):
        for options in ("init-addr last", "init-addr last resolvers r"):
            outputs = []
            for program in (HAPROXY, DDBPROXY):
                directory = scratch_directory()
                with open(os.path.join(directory, "haproxy.cfg"), "w", encoding="utf-8") as file:
                    file.write("resolvers r\n    nameserver n 127.0.0.1:9\n"
                               "defaults\n    timeout connect 5s\n    timeout client 5s\n    timeout server 5s\n"
                               f"listen li\n    bind :1\n    server s nothing.invalid:1 {options}\n")
                ran = subprocess.run([program, "-c", "-f", "haproxy.cfg"], cwd=directory, capture_output=True, text=True,
                                     check=False)
                outputs.append((ran.returncode, re.findall(r"no method found.*'\.", ran.stderr)))
            self.assertEqual(outputs[1], outputs[0])
            self.assertEqual(len(outputs[0][1]), 1)

    def test_files_that_are_wrong(self):
        good = line("BE", "s", uweight=5)
        long = "x" * 2000
        texts = ["", "0\n" + good, "2\n" + good, "one\n" + good, "1 \n" + good, " 1\n" + good, "1x\n" + good, "1",
                 "1\r\n" + good, "1\n\n  \n" + good, HEAD + good[:-1], HEAD + "a b c\n" + good, HEAD + good + "a b c\n",
                 HEAD + good + "# end", HEAD + good[:-1] + " more\n", HEAD + good.replace(" ", " \t "),
                 HEAD + good[:-1] + "\r\n", HEAD + "# " + long + "\n" + good, HEAD + good[:-1] + " " + long + "\n",
                 HEAD + good[:-1].ljust(1998) + "\n", HEAD + good[:-1].ljust(1999) + "\n",
                 HEAD + good + line("BE", "s", uweight=6), HEAD + line("BE", "s", uweight=500) + good,
                 HEAD + line("other", "s") + good, HEAD + line("BE", "nobody") + good,
                 HEAD + line("BE", "s", server_id=5, uweight=5, srv_forced=1),
                 *(HEAD + " ".join(good.split(" ")[:count]) + "\n" for count in range(18, 25))]
        sections, files = "", {}
        for number, text in enumerate(texts):
            identifier, name = 100 + number, f"b{number}"
            sections += f"backend {name}\n    id {identifier}\n    server s 127.0.0.1:1001 weight 10\n"
            files[name] = text.replace("BE", name).replace("2 b", f"{identifier} b", 1 if number % 3 else 100)
        sections += "backend none\n    server s 127.0.0.1:1\nbackend folder\n    server s 127.0.0.1:1\n"
        self.compare("    server-state-base DIRECTORY/\n    server-state-file none\n"
                     "defaults\n    load-server-state-from-file local\n    server-state-file-name states\n"
                     f"    timeout connect 5s\n    timeout server 5s\n    timeout client 5s\n{sections}", files)

    def test_which_file(self):
        servers = "    server s 127.0.0.1:1001 weight 10\n"
        sections = "".join(
            f"backend b{number}\n{words}{servers}" for number, words in enumerate((
                "", "    load-server-state-from-file none\n", "    load-server-state-from-file local\n",
                "    load-server-state-from-file local\n    server-state-file-name\n",
                "    load-server-state-from-file local\n    server-state-file-name use-backend-name\n",
                "    load-server-state-from-file local\n    server-state-file-name states\n",
                "    load-server-state-from-file local\n    server-state-file-name DIRECTORY/states\n",
                "    load-server-state-from-file local\n    server-state-file-name ./none\n",
                "    server-state-file-name states\n")))
        timeouts = "    timeout connect 5s\n    timeout server 5s\n    timeout client 5s\n"
        files = {f"b{number}": HEAD + line(f"b{number}", "s", number + 2, uweight=20 + number) for number in range(9)}
        files["states"] = HEAD + "".join(line(f"b{number}", "s", number + 2, uweight=30 + number) for number in range(9))
        for head in ("    server-state-file states\n", "    server-state-base DIRECTORY\n    server-state-file states\n",
                     "    server-state-file DIRECTORY/folder\n", ""):
            self.compare(f"{head}defaults\n    load-server-state-from-file global\n{timeouts}{sections}", files)


if __name__ == "__main__":
    unittest.main()
