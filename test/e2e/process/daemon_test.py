"""Going to the background, the pid file, and one process taking over from another."""
import os
import signal
import subprocess
import unittest

from log_collector import LogCollector
from master import alive
from proxy import DEADLINE_S, DEFAULTS, PROGRAM, Proxy, run, scratch_directory, unheld_port, wait_until
from traffic import Server, connect, exchange, read_exactly


class DaemonTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.directory = scratch_directory()
        self.file = os.path.join(self.directory, "haproxy.cfg")
        self.pid_file = os.path.join(self.directory, "haproxy.pid")
        self.port = unheld_port()
        self.started = []
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{self.port}\n"
                       f"    server one 127.0.0.1:{self.server.port}\n")
        self.addCleanup(self.end_all)

    def end_all(self):
        for pid in self.started:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)

    def start(self, *arguments, program=PROGRAM, **options):
        # The daemon keeps no pipe open, or run() would wait for it.
        done = subprocess.run([program, "-D", "-f", self.file, "-p", self.pid_file, *arguments], timeout=DEADLINE_S,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, **options)
        self.assertEqual(done.returncode, 0)
        with open(self.pid_file, encoding="ascii") as file:
            pid = int(file.read())
        self.started.append(pid)
        return pid

    def assert_detached(self, pid):
        def reads(number):
            try:
                return os.readlink(f"/proc/{pid}/fd/{number}")
            except FileNotFoundError:
                return None
        wait_until(lambda: {reads(number) for number in range(3)} == {"/dev/null"}, "its standard files are /dev/null")

    def test_it_listens_when_the_parent_ends(self):
        pid = self.start()
        self.assertEqual(exchange(self.port), b"ping\n")
        self.assertTrue(alive(pid))

    def test_it_leaves_its_session_and_its_terminal(self):
        pid = self.start()
        wait_until(lambda: os.getsid(pid) == pid, "it has a session of its own")  # haproxy's parent does not wait for it.
        self.assert_detached(pid)

    def chroot(self):
        """As Debian's own haproxy.cfg has it: an empty directory, without /dev."""
        path = scratch_directory()
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(f"global\n    chroot {path}\n")

    @unittest.skipUnless(os.geteuid() == 0, "only root may chroot")
    def test_in_a_chroot_it_keeps_nothing_of_its_caller(self):
        self.chroot()
        # Whoever reads the pipe to its end must not wait for the daemon.
        done = subprocess.run([PROGRAM, "-D", "-f", self.file, "-p", self.pid_file], timeout=DEADLINE_S,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        with open(self.pid_file, encoding="ascii") as file:
            pid = int(file.read())
        self.started.append(pid)
        self.assert_detached(pid)
        self.assertEqual(exchange(self.port), b"ping\n")

    @unittest.skipUnless(os.geteuid() == 0, "only root may chroot")
    def test_in_a_chroot_the_time_is_still_that_of_the_place(self):
        zones = "/usr/share/zoneinfo"
        if not os.path.exists(f"{zones}/Asia/Tokyo"):
            self.skipTest("there are no time zones here")
        self.chroot()
        log = LogCollector()
        self.addCleanup(log.close)
        port = unheld_port()
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(f"    log {log.address} local0\n{DEFAULTS}\n    log global\n"
                       f"listen zone\n    bind 127.0.0.1:{port}\n    log-format zone=%Tl\n"
                       f"    server one 127.0.0.1:{self.server.port}\n")
        self.start(env={**os.environ, "TZ": "Asia/Tokyo"})
        exchange(port)
        log.wait_for(r"zone=\d\d/.*:.* \+0900$")

    def test_the_pid_file_is_one_line(self):
        pid = self.start()
        with open(self.pid_file, encoding="ascii") as file:
            self.assertEqual(file.read(), f"{pid}\n")

    def test_daemon_in_the_configuration_does_the_same(self):
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(f"global\n    daemon\n    pidfile {self.pid_file}\n")
        done = subprocess.run([PROGRAM, "-f", self.file], timeout=DEADLINE_S, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 0)
        with open(self.pid_file, encoding="ascii") as file:
            self.started.append(int(file.read()))
        self.assertEqual(exchange(self.port), b"ping\n")

    def test_a_port_in_use_is_told_by_the_parent_and_no_pid_file_is_written(self):
        with Server() as other:
            with open(self.file, "a", encoding="utf-8") as file:
                file.write(f"listen more\n    bind 127.0.0.1:{other.port}\n")
            done = run("-D", "-f", self.file, "-p", self.pid_file)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot bind socket (Address already in use)", done.stderr)
        self.assertFalse(os.path.exists(self.pid_file) and open(self.pid_file, encoding="ascii").read())

    def test_sf_lets_the_old_process_finish_its_connections(self):
        old = self.start()
        client = connect(self.port)
        client.sendall(b"one")
        read_exactly(client, 3)
        new = self.start("-sf", str(old))
        self.assertNotEqual(old, new)
        client.sendall(b"two")
        self.assertEqual(read_exactly(client, 3), b"two")
        self.assertTrue(alive(old))
        client.close()
        wait_until(lambda: not alive(old), "the old process ends after its last connection")
        self.assertEqual(exchange(self.port), b"ping\n")

    def test_st_ends_the_old_process_at_once(self):
        old = self.start()
        client = connect(self.port)
        self.addCleanup(client.close)
        self.start("-st", str(old))
        wait_until(lambda: not alive(old), "the old process ends")
        self.assertEqual(exchange(self.port), b"ping\n")

    def test_sf_with_a_broken_configuration_leaves_the_old_process_alone(self):
        old = self.start()
        with open(self.file, "a", encoding="utf-8") as file:
            file.write("    nonsense\n")
        self.assertEqual(run("-D", "-f", self.file, "-p", self.pid_file, "-sf", str(old)).returncode, 1)
        self.assertTrue(alive(old))
        self.assertEqual(exchange(self.port), b"ping\n")

    def test_sf_with_a_pid_file_that_cannot_be_written_leaves_the_old_process_alone(self):
        old = self.start()
        done = run("-D", "-f", self.file, "-p", "/nonexistent/p.pid", "-sf", str(old))
        self.assertEqual(done.returncode, 1)
        self.assertIn("Cannot create pidfile /nonexistent/p.pid", done.stderr)
        self.assertEqual(exchange(self.port), b"ping\n")
        self.assertTrue(alive(old))

    def test_sf_takes_a_port_that_cannot_be_shared(self):
        with open(self.file, "a", encoding="utf-8") as file:
            file.write("global\n    noreuseport\n")
        old = self.start()
        self.start("-sf", str(old))
        wait_until(lambda: not alive(old), "the old process ends")
        self.assertEqual(exchange(self.port), b"ping\n")

    def test_the_old_process_goes_on_where_another_program_holds_a_port(self):
        with open(self.file, "a", encoding="utf-8") as file:
            file.write("global\n    noreuseport\n")
        old = self.start()
        with Server() as other:
            with open(self.file, "a", encoding="utf-8") as file:
                file.write(f"listen more\n    bind 127.0.0.1:{other.port}\n")
            done = run("-D", "-f", self.file, "-p", self.pid_file, "-sf", str(old))
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"cannot bind socket (Address already in use) for [127.0.0.1:{other.port}]", done.stderr)
        wait_until(self.served, "the old process listens again")
        self.assertTrue(alive(old))

    def served(self):
        try:
            return exchange(self.port) == b"ping\n"
        except ConnectionRefusedError:
            return False

    def test_sf_with_a_pid_that_is_no_more_starts_all_the_same(self):
        self.start("-sf", "4194304")
        self.assertEqual(exchange(self.port), b"ping\n")

    def test_after_kill_9_it_starts_again_at_once(self):
        old = self.start()
        clients = [connect(self.port) for _ in range(5)]
        for client in clients:
            client.sendall(b"x")
            read_exactly(client, 1)
        os.kill(old, signal.SIGKILL)
        self.start()
        self.assertEqual(exchange(self.port), b"ping\n")
        for client in clients:
            client.close()

    def test_a_link_named_haproxy_is_the_same_program(self):
        link = os.path.join(self.directory, "haproxy")
        os.symlink(os.path.abspath(PROGRAM), link)
        pid = self.start(program=link)
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            self.assertEqual(file.read().split(b"\0")[0], link.encode())

    def test_two_processes_may_share_a_port(self):
        text = f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{self.port}\n    server one 127.0.0.1:{self.server.port}\n"
        with Proxy(text), Proxy(text):
            self.assertEqual(exchange(self.port), b"ping\n")


if __name__ == "__main__":
    unittest.main()
