"""bind ... thread: which threads serve the clients of a line."""
import socket
import unittest

from proxy import Proxy, free_port

# Options, and the threads that then serve, of four.
CASES = {
    "": {1, 2, 3, 4},
    "thread all": {1, 2, 3, 4},
    "thread odd": {1, 3},
    "thread even": {2, 4},
    "thread 3": {3},
    "thread 2-3": {2, 3},
    "thread 3-2": {2, 3},
    "thread 3-": {3, 4},
    "thread 4-64": {4},
    "thread 1/2-3": {2, 3},
    "thread 1/all": {1, 2, 3, 4},
    "thread 1 thread 4": {1, 4},
    "thread 2-3 shards by-thread": {2, 3},
    "thread 2 shards 4": {2},
    "process 1/2": {2},
    "process 1/odd thread 2": {1, 2, 3},
}
CLIENTS = 40


class ThreadsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.listener = socket.create_server(("127.0.0.1", 0), backlog=CLIENTS)
        cls.addClassCleanup(cls.listener.close)
        cls.listener.settimeout(15)
        cls.ports = {options: free_port() for options in CASES}
        sections = "".join(f"""
frontend f{i}
  bind 127.0.0.1:{port} {options}
  default_backend b
""" for i, (options, port) in enumerate(cls.ports.items()))
        cls.proxy = Proxy(f"""
  nbthread 4
defaults
  mode tcp
  timeout connect 5s
  timeout client 30s
  timeout server 30s
{sections}
backend b
  server s 127.0.0.1:{cls.listener.getsockname()[1]} send-proxy-v2 proxy-v2-options unique-id
""".replace("  default_backend b", "  tcp-request content set-var(sess.t) thread\n  unique-id-format <%[var(sess.t)]>\n  default_backend b"))
        cls.addClassCleanup(cls.proxy.close)

    def threads(self, port):
        """Those that serve many clients at a time, counted from 1."""
        clients, found = [], set()
        try:
            for _ in range(CLIENTS):
                clients.append(socket.create_connection(("127.0.0.1", port), 15))
                clients[-1].sendall(b"a")
                server = self.listener.accept()[0]
                clients.append(server)
                head = server.recv(100)
                found.add(int(head[head.rindex(b"<") + 1:head.rindex(b">")]) + 1)
        finally:
            for each in clients:
                each.close()
        return found

    def test_who_serves(self):
        for options, threads in CASES.items():
            with self.subTest(options):
                found = self.threads(self.ports[options])
                self.assertLessEqual(found, threads)
                # haproxy deals connections out by its threads' loads; who is alone has them all.
                if len(threads) < 4:
                    self.assertEqual(found, threads)


if __name__ == "__main__":
    unittest.main()
