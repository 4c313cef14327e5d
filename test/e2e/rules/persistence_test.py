"""Whom a stick table leads to a server that is down: `force-persist`, `ignore-persist`, `option persist`."""
import unittest

from proxy import Proxy, free_port
from traffic import Server, connect

# Lines of the proxy, orders before its clients come, and who answers them.
STICKY = "stick-table type ip size 100|stick match src"
STUCK = "set table {proxy} key 127.0.0.1 data.server_id 1"
MAINT = "set server {proxy}/s1 state maint"
CASES = {
    "sticks": (STICKY, [STUCK], b"1"),
    "goes_elsewhere": (STICKY, [STUCK, MAINT], b"2"),
    "persists": (f"{STICKY}|option persist", [STUCK, MAINT], b"1"),
    "forced": (f"{STICKY}|force-persist if TRUE", [STUCK, MAINT], b"1"),
    "not_forced": (f"{STICKY}|force-persist if {{ src 10.0.0.0/8 }}", [STUCK, MAINT], b"2"),
    "forced_by_payload": (f"{STICKY}|tcp-request inspect-delay 10s|tcp-request content accept if {{ req.len gt 0 }}|"
                          "force-persist if { req.payload(0,1) -m str a }", [STUCK, MAINT], b"1"),
    "drained": (STICKY, [STUCK, "set server {proxy}/s1 state drain"], b"1"),
    "ignored": (f"{STICKY}|ignore-persist if TRUE", [STUCK], b"1"),
    "ignored_first": (f"{STICKY}|ignore-persist if TRUE|force-persist if TRUE", [STUCK, MAINT], b"2"),
    "forced_first": (f"{STICKY}|force-persist unless FALSE|ignore-persist if TRUE", [STUCK, MAINT], b"1"),
    "used": ("use-server s1 if TRUE|force-persist if TRUE", [MAINT], b"1"),
    "not_used": ("use-server s1 if TRUE", [MAINT], b"2"),
}


class PersistenceTest(unittest.TestCase):
    def test_who_answers(self):
        servers = [Server(lambda client, name=name: (client.recv(9), client.sendall(name))) for name in (b"1", b"2")]
        ports = {name: free_port() for name in CASES}
        sections = "".join(
            f"listen {name}\n    bind 127.0.0.1:{ports[name]}\n    " + lines.replace("|", "\n    ") + "\n" +
            "".join(f"    server s{number} 127.0.0.1:{server.port}\n" for number, server in enumerate(servers, 1))
            for name, (lines, _, _) in CASES.items())
        proxy = Proxy(f"\ndefaults\n    mode tcp\n    timeout connect 10s\n    timeout client 30s\n    timeout server 30s\n{sections}")
        for each in proxy, *servers:
            self.addCleanup(each.close)
        for name, (_, orders, answer) in CASES.items():
            for order in orders:
                proxy.ask(order.format(proxy=name))
            for _ in range(3):
                with self.subTest(name), connect(ports[name]) as client:
                    client.sendall(b"a")
                    self.assertEqual(client.recv(9), answer)


if __name__ == "__main__":
    unittest.main()
