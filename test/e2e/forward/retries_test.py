"""Which server is tried again: one that persistence led to, one that is down or goes down meanwhile, and never another where
`force-persist` holds."""
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port, unheld_port
from traffic import Server, connect

USED = "use-server s1 if TRUE"
FORCED = "force-persist if TRUE"
MAINT = "set server {proxy}/s1 state maint"
# Lines of the proxy, an order before the client comes, and the end of its log line: server, state and retries. Nobody
# listens at s1.
CASES = {
    "stays": (USED, "", "s1 SC 2"),
    "leaves": (f"{USED}|option redispatch 1", "", r"s2 -- \+1"),
    "leaves_last": (f"{USED}|option redispatch", "", r"s2 -- \+2"),
    "forced": (f"{USED}|{FORCED}", "", "s1 SC 2"),
    "forced_leave": (f"{USED}|{FORCED}|option redispatch 1", "", "s1 SC 2"),
    "forced_leave_last": (f"{USED}|{FORCED}|option redispatch", "", "s1 SC 2"),
    "forced_tied": (f"{USED}|{FORCED}|option redispatch 1|balance source", "", "s1 SC 2"),
    "balanced": (f"{FORCED}|option redispatch 1", "", "s1 SC 2"),
    "not_forced": (f"{USED}|ignore-persist if TRUE|{FORCED}|option redispatch 1", "", r"s2 -- \+1"),
    "down": (USED, MAINT, "s2 -- 0"),
    "down_forced": (f"{USED}|{FORCED}", MAINT, "s1 SC 2"),
    "down_forced_leave": (f"{USED}|{FORCED}|option redispatch 1", MAINT, "s1 SC 2"),
    "down_forced_leave_last": (f"{USED}|{FORCED}|option redispatch", MAINT, "s1 SC 2"),
    "down_persists": (f"{USED}|option persist", MAINT, "s1 SC 2"),
    "down_persists_leaves": (f"{USED}|option persist|option redispatch 1", MAINT, r"s2 -- \+1"),
}


class RetriesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = LogCollector()
        cls.addClassCleanup(cls.log.close)
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.ports = {name: free_port() for name in (*CASES, "slow")}
        closed = unheld_port()

        def section(name, lines):
            return f"""
listen {name}
  bind 127.0.0.1:{cls.ports[name]}
  {lines}
  server s1 127.0.0.1:{closed}
  server s2 127.0.0.1:{cls.server.port}
"""
        cls.proxy = Proxy(f"""
  log {cls.log.address} local0
defaults
  mode tcp
  log global
  log-format "%b/%s %ts %rc"
  retries 2
  timeout connect 50ms
  timeout client 10s
  timeout server 10s
""" + "".join(section(name, lines.replace("|", "\n  ")) for name, (lines, _, _) in CASES.items()) +
                          section("slow", "timeout connect 300ms"))
        cls.addClassCleanup(cls.proxy.close)

    def test_which_server_is_tried_again(self):
        for name, (_, order, logged) in CASES.items():
            if order:
                self.proxy.ask(order.format(proxy=name))
            with self.subTest(name), connect(self.ports[name]) as client:
                client.sendall(b"a")
                self.assertEqual(client.recv(9), b"a" if "s2" in logged else b"")
                client.close()
                self.log.wait_for(f": {name}/{logged}$")

    def test_a_server_that_goes_down_meanwhile(self):
        with connect(self.ports["slow"]) as client:
            client.sendall(b"a")
            self.proxy.wait_for("show stat", "^slow,s1,.*")
            self.proxy.ask("set server slow/s1 state maint")
            self.assertEqual(client.recv(9), b"")
        self.log.wait_for(": slow/s1 SC 2$")


if __name__ == "__main__":
    unittest.main()
