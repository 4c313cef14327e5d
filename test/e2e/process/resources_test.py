"""What runs out, and what lives on: file descriptors, log sockets, servers."""
import os
import resource
import time
import unittest

from log_collector import LogCollector
from memory import sanitized
from proxy import DEFAULTS, Proxy, free_port, scratch_directory, wait_until
from traffic import Server, connect, exchange, read_exactly


class ResourcesTest(unittest.TestCase):
    def setUp(self):
        self.server = Server(backlog=1024)
        self.addCleanup(self.server.close)
        self.port = free_port()

    def proxy(self, extra="", **options):
        proxy = Proxy(f"{extra}{DEFAULTS}\n    log global\n    option tcplog\n    retries 0\nlisten fe\n    bind 127.0.0.1:{self.port}\n"
                      f"    server one 127.0.0.1:{self.server.port}\n", **options)
        self.addCleanup(proxy.close)
        return proxy

    def test_out_of_descriptors_the_others_live_on_and_accepting_resumes(self):
        # The configured maxconn promises more than the limit allows, so accept() itself meets the limit.
        proxy = self.proxy("    no strict-limits\n    maxconn 10000\n",
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120)))
        clients = [connect(self.port) for _ in range(100)]
        first = clients[0]
        first.sendall(b"hello")
        self.assertEqual(read_exactly(first, 5), b"hello")
        self.assertIsNone(proxy.process.poll())
        for client in clients[1:]:
            client.close()
        wait_until(lambda: self.served(), "new clients are served again")
        first.sendall(b"still")
        self.assertEqual(read_exactly(first, 5), b"still")
        first.close()

    def served(self):
        try:
            return exchange(self.port, b"again") == b"again"
        except OSError:
            return False

    def test_the_global_maxconn_makes_clients_wait_not_fail(self):
        self.proxy("    maxconn 10\n")
        clients = [connect(self.port) for _ in range(20)]
        for client in clients:
            client.sendall(b"x")
        for client in clients:
            self.assertEqual(read_exactly(client, 1), b"x")
            client.close()

    def test_a_rate_of_the_process_makes_clients_wait(self):
        for word, shown in ("maxconnrate", "ConnRateLimit"), ("maxsessrate", "SessRateLimit"):
            with self.subTest(word), self.proxy(f"    {word} 5\n") as proxy:
                self.assertIn(f"{shown}: 5\n", proxy.ask("show info"))
                began = time.monotonic()
                clients = [connect(self.port) for _ in range(12)]
                for client in clients:
                    client.sendall(b"x")
                for client in clients:
                    self.assertEqual(read_exactly(client, 1), b"x")
                    client.close()
                # Five at the end of one second, five in the next: two have to wait for a third.
                self.assertGreater(time.monotonic() - began, 0.5)

    @unittest.skipIf(sanitized(), "a sanitizer maps more than any limit")
    def test_m_limits_what_it_may_map_and_is_shown(self):
        proxy = Proxy(f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{self.port}\n", "-m", "150")
        self.addCleanup(proxy.close)
        self.assertEqual(resource.prlimit(proxy.pid, resource.RLIMIT_AS), (150 << 20, 150 << 20))
        shown = proxy.ask("show info")
        self.assertIn("Memmax_MB: 150\n", shown)
        self.assertIn(f"Memmax_bytes: {150 << 20}\n", shown)

    def limits_of(self, proxy):
        with open(f"/proc/{proxy.pid}/status", encoding="ascii") as status, \
             open(f"/proc/{proxy.pid}/limits", encoding="ascii") as limits:
            return ("NoNewPrivs:\t1" in status.read(),
                    any(line.split()[:4] == ["Max", "processes", "0", "0"] for line in limits))

    def test_it_can_neither_start_programs_nor_gain_rights_unless_told_to(self):
        for words, limits in (("", (True, True)), ("    insecure-fork-wanted\n", (True, False)),
                              ("    insecure-setuid-wanted\n", (False, True))):
            with self.subTest(words), self.proxy(words) as proxy:
                wait_until(lambda: self.limits_of(proxy) == limits, f"{limits}, not {self.limits_of(proxy)}")

    def test_a_log_socket_that_is_gone_stops_nothing_and_is_used_when_it_is_back(self):
        path = os.path.join(scratch_directory(), "log.sock")
        log = LogCollector(path)
        self.proxy(f"    log {path} local0\n")
        exchange(self.port)
        log.wait_for(" fe fe/one ")
        log.close()
        os.unlink(path)
        for _ in range(5):
            self.assertEqual(exchange(self.port), b"ping\n")
        log = LogCollector(path)
        self.addCleanup(log.close)
        self.assertEqual(exchange(self.port), b"ping\n")
        log.wait_for(" fe fe/one ")

    def test_a_server_that_comes_back_is_used_again(self):
        proxy = self.proxy()
        port = self.server.port
        self.server.close()
        with connect(self.port) as client:
            self.assertEqual(client.recv(1), b"")
        self.server = Server(port=port)
        self.addCleanup(self.server.close)
        self.assertEqual(exchange(self.port), b"ping\n")
        self.assertEqual(proxy.column("fe", "one", "econ"), "1")


if __name__ == "__main__":
    unittest.main()
