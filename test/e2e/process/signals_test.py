"""What each signal does to a running proxy."""
import re
import signal
import socket
import unittest

from log_collector import LogCollector
from proxy import DEFAULTS, Proxy, free_port, wait_until
from traffic import Server, connect, exchange, read_exactly


class SignalsTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.log = LogCollector()
        self.addCleanup(self.log.close)
        self.port = free_port()
        self.proxy = Proxy(f"""
    log {self.log.address} local0
{DEFAULTS}
    log global
    option tcplog
frontend fe
    bind 127.0.0.1:{self.port}
    default_backend be
backend be
    server one 127.0.0.1:{self.server.port}
""")
        self.addCleanup(self.proxy.close)

    def refused(self):
        try:
            connect(self.port).close()
            return False
        except ConnectionResetError:
            return False  # It came between the last accept() and the close(): no program can help that.
        except ConnectionRefusedError:
            return True

    def test_term_ends_it_at_once(self):
        self.proxy.signal(signal.SIGTERM)
        self.assertEqual(self.proxy.wait_exit(), -signal.SIGTERM)

    def test_int_ends_it_at_once(self):
        with connect(self.port):
            self.proxy.signal(signal.SIGINT)
            self.assertEqual(self.proxy.wait_exit(), -signal.SIGINT)

    def test_usr1_lets_the_last_connection_finish(self):
        client = connect(self.port)
        client.sendall(b"one")
        read_exactly(client, 3)
        self.proxy.signal(signal.SIGUSR1)
        wait_until(self.refused, "the listener is closed")
        client.sendall(b"two")
        self.assertEqual(read_exactly(client, 3), b"two")
        self.assertIsNone(self.proxy.process.poll())
        client.close()
        self.assertEqual(self.proxy.wait_exit(), 0)
        self.log.wait_for(r"^<132>.*: Proxy fe stopped \(cumulated conns: FE: \d+, BE: 0\)\.$")
        self.log.wait_for(r"^<132>.*: Proxy be stopped \(cumulated conns: FE: 0, BE: \d+\)\.$")
        self.log.wait_for(r" fe be/one \d+/\d+/\d+ 6 -- ")

    def test_usr1_with_grace_listens_on_for_that_time(self):
        port = free_port()
        with Proxy(f"""
    grace 400ms
{DEFAULTS}
listen fe
    bind 127.0.0.1:{port}
    server one 127.0.0.1:{self.server.port}
""") as proxy:
            proxy.signal(signal.SIGUSR1)
            wait_until(lambda: "Scheduling a soft-stop in 400 ms." in proxy.stderr(), "the stop is announced")
            self.assertEqual(exchange(port, b"still"), b"still")
            self.assertEqual(proxy.wait_exit(), 0)
            said = proxy.stderr()
            self.assertLess(said.index("Grace period expired, proceeding with soft-stop now."),
                            said.index("Proxy fe stopped"))

    def test_usr1_without_connections_ends_it(self):
        self.proxy.signal(signal.SIGUSR1)
        self.assertEqual(self.proxy.wait_exit(), 0)

    def test_hup_dumps_the_states_to_the_log_and_to_stderr(self):
        exchange(self.port)
        self.log.wait_for(r" fe be/one ")

        idle = ["SIGHUP: Proxy fe has no servers. Conn: act(FE+BE): 0+0, 0 pend (0 unass), tot(FE+BE): 1+0.",
                "SIGHUP: Server be/one is UP. Conn: 0 act, 0 pend, 1 tot."]

        def dumps_idle_proxies():
            self.proxy.signal(signal.SIGHUP)
            return all(any(line.endswith(words) for line in self.log.lines) for words in idle)

        wait_until(dumps_idle_proxies, "the connection is over, which its log line may precede")
        self.log.wait_for(r"^<133>.*: SIGHUP received, dumping servers states for proxy fe\.$")
        self.log.wait_for(r": SIGHUP: Proxy be has 1 active servers and 0 backup servers available\. "
                          r"Conn: act\(FE\+BE\): 0\+0, 0 pend \(0 unass\), tot\(FE\+BE\): 0\+1\.$")
        wait_until(lambda: "SIGHUP: Server be/one is UP. Conn: 0 act, 0 pend, 1 tot." in self.proxy.stderr(),
                   "the dump is on stderr")
        exchange(self.port)

    def test_ttou_pauses_the_listeners_and_ttin_resumes_them(self):
        self.proxy.signal(signal.SIGTTOU)
        self.log.wait_for(r"^<132>.*: Paused frontend fe\.$")
        self.assertTrue(self.refused())
        self.proxy.signal(signal.SIGTTIN)
        self.log.wait_for(r"^<132>.*: Resumed frontend fe\.$")
        self.assertEqual(exchange(self.port, b"again"), b"again")

    def test_the_runtime_api_is_a_proxy_named_global(self):
        """Between the frontends and the backends, on the console only; it pauses where the system can."""
        port, api = free_port(), free_port()
        with Proxy(f"""
    stats socket ipv4@127.0.0.1:{api}
{DEFAULTS}
backend last
    server one 127.0.0.1:{self.server.port}
listen fe
    bind 127.0.0.1:{port}
    server one 127.0.0.1:{self.server.port}
""") as proxy:
            def answers():
                try:
                    with connect(api) as client:
                        client.sendall(b"show info\n")
                        return client.recv(1) == b"N"
                except ConnectionRefusedError:
                    return False

            for number, said in (signal.SIGTTOU, "Paused frontend GLOBAL."), (signal.SIGTTIN, "Resumed frontend GLOBAL."):
                proxy.signal(number)
                wait_until(lambda words=said: f": {words}\n" in proxy.stderr(), said)
                self.assertEqual(answers(), number == signal.SIGTTIN)
                self.assertIn("Uptime", proxy.ask("show info"))  # A UNIX socket cannot pause.
            proxy.signal(signal.SIGUSR1)
            self.assertEqual(proxy.wait_exit(), 0)
            lines = [line.partition(" : ")[2] for line in proxy.stderr().splitlines()]
            stopped = [line.split()[1] for line in lines if " stopped (" in line]
            self.assertEqual([name for name in stopped if name[0] != "<"], ["fe", "GLOBAL", "last"])
            count = re.search(r"Proxy GLOBAL stopped \(cumulated conns: FE: (\d+), BE: (\d+)\)", proxy.stderr())
            self.assertEqual(count[1], count[2])
            self.assertGreaterEqual(int(count[1]), 4)

    def test_hard_stop_after_says_why_before_it_ends_what_is_left(self):
        port = free_port()
        with Proxy(f"""
    log {self.log.address} local0
    hard-stop-after 200ms
{DEFAULTS}
    log global
    option tcplog
listen late
    bind 127.0.0.1:{port}
    server one 127.0.0.1:{self.server.port}
""") as proxy, connect(port) as client:
            client.sendall(b"one")
            read_exactly(client, 3)
            proxy.signal(signal.SIGUSR1)
            self.assertEqual(proxy.wait_exit(), 0)
            words = ["soft-stop running for too long, performing a hard-stop.",
                     "Proxy late hard-stopped (1 remaining conns will be closed)."]
            self.assertEqual([line.partition(" : ")[2] for line in proxy.stderr().splitlines()][-2:], words)
            self.log.wait_for(r" late late/one .* K- ")
            self.assertEqual([line.partition(": ")[2] for line in self.log.lines if line.startswith("<132>")][-2:], words)

    def test_quit_shows_memory_and_goes_on(self):
        self.proxy.signal(signal.SIGQUIT)
        wait_until(lambda: "Total:" in self.proxy.stderr(), "the memory summary is on stderr")
        self.assertEqual(exchange(self.port, b"alive"), b"alive")

    def test_pipe_and_what_only_a_master_knows_are_harmless(self):
        for number in signal.SIGPIPE, signal.SIGUSR2, signal.SIGALRM:
            self.proxy.signal(number)
            self.assertEqual(exchange(self.port, b"alive"), b"alive")

    def test_a_client_that_left_does_not_end_the_proxy(self):
        client = connect(self.port)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.sendall(b"x" * 100000)
        client.close()
        self.assertEqual(exchange(self.port, b"alive"), b"alive")


if __name__ == "__main__":
    unittest.main()
