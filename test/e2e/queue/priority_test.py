"""set-priority-class and set-priority-offset: who waits for a server is served by class, then by time."""
import select
import threading
import unittest

from log_collector import LogCollector
from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, connect, read_all


class Priority(unittest.TestCase):
    def setUp(self):
        self.order, self.release = [], threading.Event()
        self.server = Server(self.serve)
        self.addCleanup(self.server.close)
        self.log = LogCollector()
        self.addCleanup(self.log.close)
        self.port, self.plain = free_port(), free_port()
        self.proxy = Proxy(f"""{DEFAULTS}
    log {self.log.address} local0
    log-format "%[var(txn.name)]: class %[prio_class] offset %[prio_offset] positions %sq/%bq"
    timeout queue 10s
frontend by_words
    bind 127.0.0.1:{self.port}
    tcp-request inspect-delay 5s
    tcp-request content accept if !{{ req.len gt 0 }}
    tcp-request content set-var(txn.name) req.payload(0,0),field(1,:)
    tcp-request content set-priority-class req.payload(0,0),field(2,:)
    tcp-request content set-priority-offset req.payload(0,0),field(3,:)
    default_backend nodes
frontend without_words
    bind 127.0.0.1:{self.plain}
    default_backend nodes
backend nodes
    server one 127.0.0.1:{self.server.port} maxconn 1
""")
        self.addCleanup(self.proxy.close)

    def serve(self, connection):
        """Its first line is a client's name; one after the other, once they are let in."""
        name = connection.recv(100).split(b":")[0].decode()
        self.order.append(name)
        self.release.wait(10)
        connection.sendall(b"done")

    def waiting(self):
        rows = [line.split(",") for line in self.proxy.ask("show stat").splitlines() if line.startswith("nodes,")]
        return sum(int(row[2]) for row in rows if row[1] in ("one", "BACKEND"))

    def queue(self, *words):
        """The first holds the server; the others stand behind it in this order."""
        clients = []
        for number, each in enumerate(words):
            client = connect(self.port if ":" in each else self.plain)
            self.addCleanup(client.close)
            client.sendall(each.encode())
            clients.append(client)
            if number:
                wait_until(lambda: self.waiting() == number, f"{number} wait")
            else:
                wait_until(lambda: self.order, "the server is held")
        self.release.set()
        while clients:  # Each must go before the next is served.
            for client in select.select(clients, [], [], 10)[0]:
                self.assertEqual(read_all(client), b"done")
                client.close()
                clients.remove(client)
        return self.order[1:]

    def test_a_lower_class_goes_first(self):
        self.assertEqual(self.queue("a:0:0", "b:3:0", "c:-2:0", "plain", "d:1:0", "e:-2047:0", "f:3:0"),
                         ["e", "c", "plain", "d", "b", "f"])

    def test_an_offset_moves_within_a_class(self):
        self.assertEqual(self.queue("a:0:0", "b:0:0", "c:0:20000", "d:0:-20000", "e:0:10000", "plain", "f:-1:524287", "g:1:-524287"),
                         ["f", "d", "b", "plain", "e", "c", "g"])

    def test_numbers_have_bounds_and_the_log_knows_them(self):
        self.assertEqual(self.queue("a:0:0", "b:5000:0", "c:2046:-600000", "d:-9999:9999999", "e:x:y"), ["d", "e", "c", "b"])
        for name, priority in (("b", (2047, 0)), ("c", (2046, -524287)), ("d", (-2047, 524287)), ("e", (0, 0))):
            self.log.wait_for(f"{name}: class {priority[0]} offset {priority[1]} positions")


if __name__ == "__main__":
    unittest.main()
