"""Connections to a server that cannot even begin: at once, whatever the reason, with the lines that tell it."""
import contextlib
import re
import socket
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port, scratch_directory, unheld_port, wait_until
from traffic import Server, connect, read_exactly

FOREIGN = "192.0.2.1"  # No machine has it.
CANNOT_BIND = "<128> Cannot bind to source address before connect() for backend {}."
NO_PORTS = "<131> Connect() failed for backend {}: no free ports."
BACKLOG = "<131> Connect() failed for backend {}: can't connect to destination unix socket, check backlog size on the server."


def two_source_ports():
    """The first of two neighbours."""
    while True:
        first = unheld_port()
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", first + 1))
            return first


class NoConnectionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = scratch_directory()
        cls.node, cls.log = Server(), LogCollector()
        cls.addClassCleanup(cls.node.close)
        cls.addClassCleanup(cls.log.close)
        cls.full = socket.socket(socket.AF_UNIX)
        cls.addClassCleanup(cls.full.close)
        cls.full.bind(f"{directory}/full")
        cls.full.listen(0)
        cls.waits = socket.socket(socket.AF_UNIX)
        cls.addClassCleanup(cls.waits.close)
        cls.waits.connect(f"{directory}/full")
        node, ports = f"127.0.0.1:{cls.node.port}", two_source_ports()
        # name: the server's line, and how often a connection can be made before.
        cls.servers = {
            "foreign": (f"{node} source {FOREIGN}", 0),
            "foreign_port": (f"{node} source {FOREIGN}:2000", 0),
            "other_family": (f"{node} source [::1]", 0),
            "taken": (f"{node} source {node}", 0),
            "range": (f"{node} source 127.0.0.1:{ports}-{ports + 1}", 2),
            "port": (f"{node} source 127.0.0.1:{unheld_port()}", 1),
            "broadcast": ("255.255.255.255:1", 0),
            "absent": (f"{directory}/absent", 0),
            "full": (f"{directory}/full", 0),
        }
        cls.ports = {name: free_port() for name in [*cls.servers, "elsewhere", "from_backend", "interface"]}
        sections = [f"""
listen {name}
    bind 127.0.0.1:{cls.ports[name]}
    server s {server}
""" for name, (server, _) in cls.servers.items()]
        cls.proxy = Proxy(f"""
    log {cls.log.address} local0
    max-spread-checks 50
defaults
    mode tcp
    log global
    option tcplog
    retries 2
    timeout connect 2s
    timeout client 10s
    timeout server 10s
{"".join(sections)}
listen elsewhere
    bind 127.0.0.1:{cls.ports["elsewhere"]}
    option redispatch
    server s {node} source {FOREIGN}
    server t {node}
listen from_backend
    bind 127.0.0.1:{cls.ports["from_backend"]}
    source {FOREIGN}
    server s {node}
listen interface
    bind 127.0.0.1:{cls.ports["interface"]}
    source 127.0.0.1 interface nosuch0
    server s {node}
""")
        cls.addClassCleanup(cls.proxy.close)

    def session(self, name):
        client = connect(self.ports[name])
        self.addCleanup(client.close)
        client.sendall(b"ping")
        return client

    def lines(self, name):
        """The lines about it with their levels, but for the session's own."""
        lines = [re.sub(r"^(<\d+>).*?\]: ", r"\1 ", line) for line in self.log.lines]
        return [line for line in lines if re.search(rf" backend {name}[.:]", line)]

    def assert_fails(self, name, line):
        self.assertEqual(self.session(name).recv(4), b"")
        # At once: the time of the whole session, with two retries.
        self.log.wait_for(rf" {name} {name}/s \d+/-1/\d{{1,3}} 0 SC \d+/\d+/\d+/\d+/2 0/0")
        self.assertEqual(self.lines(name), [line.format(name)] * 3 if line else [])
        made = self.servers[name][1] if name in self.servers else 0
        for column, value in {"stot": made, "econ": 1, "wretr": 2, "connect": 3 + made, "smax": made}.items():
            self.assertEqual(self.proxy.column(name, "s", column), str(value), column)
        if line in (CANNOT_BIND, NO_PORTS, BACKLOG):
            text = line.format(name).split("> ")[1]
            said = f"[ALERT]    ({self.proxy.pid}) : {text} Aborting." if line == CANNOT_BIND else f"\n{text}\n"
            self.assertIn(said, self.proxy.stderr())

    def test_a_source_that_is_none_of_ours(self):
        for name in "foreign", "foreign_port", "other_family", "from_backend":
            with self.subTest(name):
                self.assert_fails(name, CANNOT_BIND)

    def test_ports_that_are_taken(self):
        for name, line in ("taken", CANNOT_BIND), ("range", CANNOT_BIND), ("port", NO_PORTS):
            with self.subTest(name):
                for _ in range(self.servers[name][1]):
                    read_exactly(self.session(name), 4)
                self.assert_fails(name, line)

    def test_a_network_that_cannot_be_reached(self):
        self.assert_fails("broadcast", None)

    def test_unix_sockets(self):
        for name, line in ("absent", None), ("full", BACKLOG):
            with self.subTest(name):
                self.assert_fails(name, line)

    def test_another_server_may_do(self):
        self.assertEqual(read_exactly(self.session("elsewhere"), 4), b"ping")
        self.assertEqual(self.lines("elsewhere"), [CANNOT_BIND.format("elsewhere")])
        self.assertEqual(self.proxy.column("elsewhere", "s", "stot"), "0")

    def test_an_interface_that_is_not_there_is_no_hindrance(self):
        self.assertEqual(read_exactly(self.session("interface"), 4), b"ping")

    def test_what_checks_say_of_it(self):
        node = f"127.0.0.1:{self.node.port}"
        holder = socket.socket()
        self.addCleanup(holder.close)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        holder.connect(("127.0.0.1", self.node.port))
        directory = self.full.getsockname().rsplit("/", 1)[0]
        cases = {
            "foreign": (f"{node} source {FOREIGN}", r"L4CON Can't bind to source address \(.*\)"),
            "port": (f"{node} source 127.0.0.1:{port}", r"L4CON Out of local source ports on the system \(.*\)"),
            "broadcast": ("255.255.255.255:1", r"L4CON General socket error \(Network is unreachable\)"),
            "absent": (f"{directory}/absent", r"SOCKERR General socket error \(No such file or directory\)"),
            "full": (f"{directory}/full", "SOCKERR Out of local source ports on the system"),
        }
        log = LogCollector()
        self.addCleanup(log.close)
        backends = "".join(f"backend {name}\n    server s {server} check inter 1h\n" for name, (server, _) in cases.items())
        with Proxy(f"    max-spread-checks 50\n    log {log.address} local0\ndefaults\n    log global\n{backends}") as proxy:
            for name, (_, shown) in cases.items():
                log.wait_for(f"Server {name}/s is DOWN")
                wait_until(lambda: not proxy.column(name, "s", "check_status").startswith("*"), "the check has ended")
                with self.subTest(name):
                    columns = [proxy.column(name, "s", column) for column in ("check_status", "last_chk")]
                    # haproxy adds an error of the socket's, if it has one by then.
                    self.assertRegex(" ".join(columns), rf"^{shown}( \(Transport endpoint is not connected\))?$")
            log.wait_for(r"Cannot bind to source address before connect\(\) for backend foreign\.")
            log.wait_for(r"Connect\(\) failed for backend port: no free ports\.")


if __name__ == "__main__":
    unittest.main()
