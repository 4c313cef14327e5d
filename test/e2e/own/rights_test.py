"""A worker that has given up its rights is brought what it needs for a reload, and stays."""
import os
import random
import signal
import socket
import unittest

from master import Master
from proxy import DEFAULTS, Proxy, free_port, scratch_directory, wait_until
from traffic import Server, connect, exchange, read_exactly
from wait_cli import ask


def free_low_port():
    """One that only root may listen on."""
    while True:
        port = random.randrange(600, 1024)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def refuses(port):
    try:
        connect(port).close()
    except ConnectionRefusedError:
        return True
    return False


@unittest.skipUnless(os.geteuid() == 0, "only root has rights to give up")
class RightsTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port = free_port()
        jail = scratch_directory()
        self.rights = f"    chroot {jail}\n    user nobody\n    group nogroup\n    nbthread 2"
        self.master = Master(self.listen(), self.rights)
        self.addCleanup(self.master.close)
        os.chmod(self.master.directory, 0o700)
        self.worker = self.master.worker()

    def listen(self, *more):
        binds = "".join(f"    bind {place}\n" for place in (f"127.0.0.1:{self.port}", *more))
        return f"{DEFAULTS}\nlisten fe\n{binds}    server one localhost:{self.server.port}\n"

    def change(self, *more, rest=""):
        self.master.write(self.listen(*more) + rest, self.rights)

    def assert_same_worker(self):
        self.assertEqual(self.master.processes(), [self.worker])
        self.assertEqual(self.master.processes("old workers"), [])

    def test_low_ports_and_unix_sockets_are_opened_for_it(self):
        low, path = free_low_port(), f"{self.master.directory}/new.sock"
        with connect(self.port) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            self.change(f"127.0.0.1:{low}", f"unix@{path}")
            answer = self.master.ask("reload")
            self.assertRegex(answer, r"^Reloaded .*listen fe: bind 127.0.0.1:\d+ added, bind unix@\S+ added")
            self.assert_same_worker()
            self.assertEqual(exchange(low, b"ping"), b"ping")
            with socket.socket(socket.AF_UNIX) as local:
                local.connect(path)
                local.sendall(b"pong")
                self.assertEqual(read_exactly(local, 4), b"pong")
            self.assertEqual(sorted(os.listdir(self.master.directory)).count("new.sock"), 1)
            self.change()
            self.master.reload_in_place()
            wait_until(lambda: refuses(low), "the low port is closed")
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")
            self.assert_same_worker()

    def test_files_that_it_cannot_see_are_read_for_it(self):
        names = f"{self.master.directory}/names.map"
        with open(names, "w", encoding="utf-8") as file:
            file.write("127.0.0.1 two\n")
        rest = f"backend two\n    server two localhost:{self.server.port}\n"
        rule = f"    use_backend %[src,map_ip({names},fe)]\n"
        self.master.write(self.listen() + rule + rest, self.rights)
        self.assertRegex(self.master.ask("reload"), "^Reloaded .*backend two added")
        self.assertEqual(exchange(self.port, b"ping"), b"ping")
        self.assertIn("two,two,", self.master.ask("@1 show stat"))
        self.assert_same_worker()

    def test_what_is_wrong_is_told_as_ever(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            self.change(f"127.0.0.1:{other.getsockname()[1]}", f"unix@{self.master.directory}/left.sock")
            answer = self.master.ask("@1 reload")
            self.assertIn("cannot bind socket (Address already in use)", answer)
            self.assertEqual(exchange(self.port, b"ping"), b"ping")
        self.assertFalse([name for name in os.listdir(self.master.directory) if name.startswith("left.sock")])
        self.master.write_raw("foo\n")
        self.assertIn("unknown keyword 'foo' out of section", self.master.ask("reload"))
        os.remove(self.master.file)
        self.assertIn("Cannot open configuration file/directory", self.master.ask("@1 reload check"))
        self.assertEqual(exchange(self.port, b"ping"), b"ping")

    def test_who_asks_the_worker_is_answered_too(self):
        low = free_low_port()
        self.change(f"127.0.0.1:{low}")
        self.assertRegex(self.master.ask("@1 reload check"), "can be loaded: listen fe: bind .* added")
        self.assertTrue(refuses(low))
        self.assertRegex(ask(self.master.worker_cli, "reload"), "^Reloaded .*: listen fe: bind .* added")
        self.assertEqual(exchange(low, b"ping"), b"ping")
        self.change()
        os.kill(self.worker, signal.SIGUSR2)
        wait_until(lambda: refuses(low), "the low port is closed")
        self.assert_same_worker()

    def test_threads_are_made_before_that_is_forbidden(self):
        port = free_port()
        logs = f"log-forward relay\n    bind 127.0.0.1:{port}\n    log 127.0.0.1:{free_port()} local0\n"
        master = Master(self.listen() + logs, self.rights)
        self.addCleanup(master.close)
        connect(port).close()

    def test_without_a_master_it_says_what_it_may_not_do(self):
        low = free_low_port()
        rest = f"{DEFAULTS}\nlisten alone\n    bind 127.0.0.1:{free_port()}\n"
        with Proxy("    user nobody\n    group nogroup\n" + rest) as proxy:
            answer = proxy.reload_from("listen alone", f"listen alone\n    bind 127.0.0.1:{low}\n")
            self.assertIn(f"cannot bind socket (Permission denied) for [127.0.0.1:{low}]", answer)
            os.chmod(proxy.file, 0o600)
            self.assertIn(f"Could not open configuration file {proxy.file} : Permission denied", proxy.ask("reload"))
            os.chmod(proxy.file, 0o644)
            self.assertIn("nothing has changed", proxy.reload_from("listen alone", rest.split("\n\n", 1)[1]))

    def test_who_asked_a_worker_that_is_replaced_is_told(self):
        self.change(rest="program other\n    command sleep 1000\n")
        with connect(self.port) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            self.master.reload()
            self.worker = self.master.worker()
        with connect(self.port) as client:
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")
            # Programs are started anew, which only a new worker's start does.
            self.assertIn("This worker is stopping", ask(self.master.worker_cli, "reload"))
        wait_until(lambda: self.master.worker() != self.worker, "a new worker")

    def test_only_the_master_brings_something(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self.master.worker_cli)
            client.sendall(b"_reload\n")
            self.assertEqual(client.recv(100), b"")


if __name__ == "__main__":
    unittest.main()
