"""What was set by hand, and what checks have found, over a restart: `show servers state` into a file and back."""
import os
import re
import unittest

from proxy import Proxy, free_port, run, scratch_directory, unheld_port
from traffic import Server, exchange


class ServerStatesTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port, self.states = free_port(), os.path.join(scratch_directory(), "states")

    def text(self, words="", servers=None):
        servers = servers or [f"server one 127.0.0.1:{self.server.port} weight 10",
                              f"server two 127.0.0.1:{self.server.port} weight 20",
                              f"server three 127.0.0.1:{self.server.port} disabled",
                              "server four localhost:1",
                              f"server five 127.0.0.1:{unheld_port()} check inter 100ms fall 1"]
        return (f"    server-state-file {self.states}\n    {words}\n"
                "defaults\n    timeout connect 5s\n    timeout client 5s\n    timeout server 5s\n"
                "    load-server-state-from-file global\n"
                f"frontend fe\n    bind 127.0.0.1:{self.port}\n    default_backend be\n"
                "backend be\n    option tcp-check\n    tcp-check expect string never\n" +
                "".join(f"    {server}\n" for server in servers))

    def start(self, *arguments, **options):
        proxy = Proxy(self.text(*arguments), **options)
        self.addCleanup(proxy.close)
        return proxy

    def fields(self, proxy, server, *columns):
        lines = proxy.ask("show servers state").splitlines()
        names = lines[1].lstrip("# ").split(" ")
        cells = next(line.split(" ") for line in lines if f" {server} " in line)
        return tuple(cells[names.index("srv_" + column)] for column in columns)

    def restart(self, proxy, *arguments):
        with open(self.states, "w", encoding="utf-8") as file:
            file.write(proxy.ask("show servers state"))
        proxy.close()
        return self.start(*arguments)

    def test_states_are_kept_over_a_restart(self):
        proxy = self.start()
        self.assertIn(f"Can't open global server state file '{self.states}': No such file or directory", proxy.stderr())
        proxy.ask("set server be/one weight 5")
        proxy.ask(f"set server be/four addr 127.0.0.1 port {self.server.port}")
        proxy.ask("set server be/two state drain")
        proxy.ask("set server be/three state ready")
        proxy.wait_for("show servers state", r" five 127\.0\.0\.1 0 0 1 1 ")
        proxy = self.restart(proxy)
        self.assertEqual(self.fields(proxy, "one", "op_state", "admin_state", "uweight", "iweight"), ("2", "0", "5", "10"))
        self.assertEqual(self.fields(proxy, "two", "op_state", "admin_state", "uweight"), ("2", "8", "20"))
        self.assertEqual(self.fields(proxy, "three", "op_state", "admin_state"), ("2", "4"))
        self.assertEqual(self.fields(proxy, "four", "addr", "port"), ("127.0.0.1", str(self.server.port)))
        self.assertIn("Server be/three is UP/READY (leaving forced maintenance).", proxy.stderr())
        self.assertRegex(proxy.stderr(), r"Server be/five is DOWN, changed from server-state after a reload\. 3 active")
        # What the log told when it happened is not told again, and traffic goes where it should.
        self.assertEqual(proxy.column("be", "five", "chkdown"), "1")
        for _ in range(4):
            self.assertEqual(exchange(self.port), b"ping\n")
        self.assertEqual(proxy.columns("be", "two", "stot", "status"), ("0", "DRAIN"))

    def test_what_the_file_says_anew_goes_before(self):
        proxy = self.start()
        proxy.ask("set server be/one weight 5")
        proxy.ask("set server be/two state maint")
        other = [f"server one 127.0.0.2:{self.server.port} weight 11", f"server two 127.0.0.1:{self.server.port} disabled",
                 f"server three 127.0.0.1:{self.server.port}", f"server new 127.0.0.1:{self.server.port}"]
        proxy = self.restart(proxy, "", other)
        self.assertEqual(self.fields(proxy, "one", "addr", "uweight"), ("127.0.0.2", "11"))
        self.assertEqual(self.fields(proxy, "two", "admin_state"), ("5",))
        self.assertEqual(self.fields(proxy, "three", "admin_state"), ("0",))  # no longer disabled there
        self.assertEqual(self.fields(proxy, "new", "op_state", "admin_state"), ("2", "0"))

    def test_a_check_of_the_configuration_reads_it_too(self):
        proxy = self.start()
        proxy.ask("set server be/two state drain")
        self.restart(proxy).close()
        file = os.path.join(os.path.dirname(self.states), "haproxy.cfg")
        for words, status in (("", 0), ("zero-warning", 1)):
            with open(file, "w", encoding="utf-8") as text:
                text.write("global\n" + self.text(words))
            checked = run("-c", "-f", file)
            self.assertEqual(checked.returncode, status)
            self.assertIn("Server be/two remains in forced drain mode.", checked.stderr)

    def test_ten_thousand_servers(self):
        count = 10_000
        with open(self.states, "w", encoding="utf-8") as file:
            file.write("1\n")
            for number in range(count):
                file.write(f"2 be 1 s{number} 127.0.0.1 2 0 {number % 256} 1 9 1 0 4 0 0 0 0 - 1 - 0 0 - - 0\n")
        proxy = self.start("", [f"server s{number} 127.0.0.1:1" for number in range(count)])
        weights = re.findall(r"(?m)^\d+ be \d+ s\d+ 127\.0\.0\.1 2 0 (\d+) 1 ", proxy.ask("show servers state"))
        self.assertEqual(weights, [str(number % 256) for number in range(count)])


if __name__ == "__main__":
    unittest.main()
