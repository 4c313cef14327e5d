"""With reload-on-change a changed file is loaded without being asked to: once it has stayed as it is for a second."""
import os
import re
import unittest

from master import Master
from proxy import DEFAULTS, Proxy, free_port, scratch_directory, wait_until
from traffic import Server, connect, exchange, read_exactly

WORD = "    reload-on-change"


class ReloadOnChange(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port = free_port()

    def listen(self, *ports):
        return DEFAULTS + "".join(f"listen on{port}\n    bind 127.0.0.1:{port}\n    server one 127.0.0.1:{self.server.port}\n"
                                  for port in ports)

    def answers(self, port):
        try:
            return exchange(port, b"ping") == b"ping"
        except OSError:
            return False

    def comes(self, port):
        wait_until(lambda: self.answers(port), f"port {port} is served")

    def reloads(self, proxy):
        return int(re.search(r"^Reloads: (\d+)$", proxy.ask("show info"), re.MULTILINE)[1])

    def start(self, text):
        proxy = Proxy(text)
        self.addCleanup(proxy.close)
        return proxy

    @staticmethod
    def write(path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def replace(self, path, text):
        """As editors do: the old file goes aside, and the new one is renamed into its place."""
        os.rename(path, path + "~")
        self.write(path + ".new", text)
        os.rename(path + ".new", path)

    def test_many_changes_in_a_second_are_one_and_a_broken_file_is_none(self):
        proxy = self.start(WORD + self.listen(self.port))
        head = f"global\n    stats socket {proxy.cli} mode 600 level admin\n{WORD}\n"
        with connect(self.port) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            self.write(proxy.file, head + self.listen(self.port) + "    serve")
            wait_until(lambda: "unknown keyword 'serve'" in proxy.stderr(), "the half written file is named")
            self.assertEqual(self.reloads(proxy), 0)
            ports = [free_port() for _ in range(10)]
            for port in ports:
                self.write(proxy.file, head + self.listen(self.port, port))
            self.comes(ports[-1])
            self.assertEqual(self.reloads(proxy), 1)
            self.assertFalse(self.answers(ports[0]))
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")
        port = free_port()
        self.replace(proxy.file, head + self.listen(self.port, port))
        self.comes(port)
        os.rename(proxy.file, proxy.file + "~")
        wait_until(lambda: f"Cannot open configuration file/directory {proxy.file}" in proxy.stderr(), "the file is missed")
        self.assertEqual(self.reloads(proxy), 2)
        self.assertTrue(self.answers(port))

    def test_a_file_may_turn_it_on_and_off(self):
        proxy = self.start(self.listen(self.port))
        head = f"global\n    stats socket {proxy.cli} mode 600 level admin\n"
        self.write(proxy.file, head + WORD + self.listen(self.port))
        self.assertIn("reload-on-change added", proxy.ask("reload"))
        self.write(proxy.file, head + self.listen(self.port))
        wait_until(lambda: self.reloads(proxy) == 2, "it is loaded")
        self.assertIn("reload-on-change removed", proxy.stderr())
        descriptors = os.listdir(f"/proc/{proxy.pid}/fd")
        self.assertNotIn("anon_inode:inotify", [os.readlink(f"/proc/{proxy.pid}/fd/{fd}") for fd in descriptors])

    def test_a_directory_behind_a_link_that_leads_elsewhere(self):
        """So Kubernetes renews what it mounts."""
        directory = scratch_directory()
        mounted = f"{directory}/mounted"
        for name in ("first", "second", "mounted"):
            os.mkdir(f"{directory}/{name}")
        os.symlink("../first", f"{mounted}/..data")
        self.write(f"{directory}/first/a.cfg", f"global\n{WORD}\n{self.listen(self.port)}")
        os.symlink("..data/a.cfg", f"{mounted}/a.cfg")
        proxy = Proxy("", "-f", mounted)
        self.addCleanup(proxy.close)
        port = free_port()
        self.write(f"{directory}/second/a.cfg", f"global\n{WORD}\n{self.listen(self.port, port)}")
        os.symlink("../second", f"{mounted}/..new")
        os.rename(f"{mounted}/..new", f"{mounted}/..data")
        self.comes(port)
        more = free_port()
        self.write(f"{mounted}/b.cfg", self.listen(more))
        self.comes(more)

    def test_a_master_watches_and_so_does_its_next_life(self):
        master = Master(self.listen(self.port), WORD)
        self.addCleanup(master.close)
        worker = master.worker()
        port = free_port()
        master.write(self.listen(self.port, port), WORD)
        self.comes(port)
        # The worker serves as soon as it can; its master hears of it after that.
        wait_until(lambda: master.reloads() == (1, 0), "the reload is counted")
        self.assertEqual(master.processes(), [worker])
        # Only a new worker can carry this out; in the chroot it cannot read the files any more, but the master can.
        threads = f"{WORD}\n    nbthread 1" + (f"\n    chroot {scratch_directory()}" if os.geteuid() == 0 else "")
        master.write(self.listen(self.port, port), threads)
        wait_until(lambda: master.reloads()[0] == 2 and master.worker() != worker, "there is another worker")
        worker = master.worker()
        master.write_raw("nonsense\n")
        wait_until(lambda: master.reloads() == (3, 1), "the failure is counted")
        master.write(self.listen(self.port), threads)
        wait_until(lambda: master.reloads() == (4, 0), "the right file is loaded after the wrong one")


if __name__ == "__main__":
    unittest.main()
