"""What a master of ddbproxy does and one of haproxy 2.6 does not, or not as its manual says."""
import os
import signal
import socket
import subprocess
import threading
import unittest

from master import Master
from proxy import DEFAULTS, free_port, wait_until
from traffic import Server, connect, exchange, read_exactly


class OwnMasterTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port = free_port()

    def listen(self):
        return f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{self.port}\n    server one 127.0.0.1:{self.server.port}\n"

    def start(self, settings="", *arguments, **options):
        master = Master(self.listen(), settings, *arguments, **options)
        self.addCleanup(master.close)
        return master

    def test_without_exit_on_failure_a_reload_brings_a_worker_back(self):
        master = self.start("    master-worker no-exit-on-failure")
        os.kill(master.worker(), signal.SIGKILL)
        master.wait_said(r"Current worker \(\d+\) exited with code 137 \(Killed\)")
        self.assertEqual(master.processes(), [])
        master.write_raw("foo\n")
        master.reload()
        self.assertEqual(master.reloads(), (1, 1))
        master.write(self.listen(), "    master-worker no-exit-on-failure")
        master.reload()
        self.assertEqual(exchange(self.port, b"ping"), b"ping")
        master.signal(signal.SIGTERM)
        self.assertEqual(master.wait_exit(), 0)

    def test_a_worker_goes_on_by_the_new_configuration(self):
        master = self.start()
        worker = master.worker()
        sockets = master.ask("@1 show cli sockets")
        self.assertRegex(sockets, "unix@.* admin all\nsockpair@")
        port = free_port()
        with connect(self.port) as client:
            client.sendall(b"one")
            self.assertEqual(read_exactly(client, 3), b"one")
            for count, how in enumerate((signal.SIGUSR2, signal.SIGHUP), 1):
                more = f"listen more{count}\n    bind 127.0.0.1:{port}\n    server one 127.0.0.1:{self.server.port}\n"
                master.write(self.listen() + more)
                master.reload_in_place(how)
                self.assertEqual(exchange(port, b"ping"), b"ping")
            self.assertEqual(master.processes(), [worker])
            self.assertEqual(master.processes("old workers"), [])
            self.assertEqual(master.ask("@1 show cli sockets"), sockets)
            self.assertEqual(master.reloads(), (2, 0))
            self.assertEqual(master.said().count("[NOTICE]   (PID) : Loading success."), 3)
            master.write(self.listen())
            self.assertRegex(master.ask("reload"), r"^Reloaded \S+ in \d+ ms: listen more2 removed\.\n")
            for count in 1, 2:
                master.write_raw("foo\n")
                self.assertRegex(master.ask("reload"), "(?s)^Reloading .* failed, nothing was changed:\n"
                                                       "config : .*unknown keyword 'foo' out of section")
                self.assertEqual(master.reloads(), (3 + count, count))
                self.assertEqual(master.processes(), [worker])
            master.write(self.listen())
            master.reload_in_place()
            self.assertEqual(master.reloads(), (6, 0))
            client.sendall(b"two")
            self.assertEqual(read_exactly(client, 3), b"two")

    def test_a_worker_that_does_not_come_up_changes_nothing(self):
        master = self.start()
        worker = master.worker()
        master.write(self.listen(), "    chroot /nosuch")
        master.reload()
        self.assertEqual(master.reloads(), (1, 1))
        self.assertIn("Cannot chroot(/nosuch)", master.stderr())
        self.assertEqual(master.processes(), [worker])
        self.assertEqual(exchange(self.port, b"ping"), b"ping")

    def test_the_environment_is_that_of_the_start(self):
        master = self.start("    presetenv DDB_ONE first\n    setenv DDB_TWO first")
        master.write(self.listen(), "    presetenv DDB_ONE second\n    presetenv DDB_TWO second")
        master.reload()
        self.assertEqual(master.ask("@1 show env DDB_ONE"), "DDB_ONE=second\n\n")
        self.assertEqual(master.ask("@1 show env DDB_TWO"), "DDB_TWO=second\n\n")

    def test_the_masters_socket_refuses_nobody_during_a_reload(self):
        master = self.start()
        failures = []

        def ask():
            while not done:
                try:
                    # Whoever is connected when the master becomes another one is cut off; nobody finds no one.
                    with socket.socket(socket.AF_UNIX) as client:
                        client.connect(master.cli)
                except OSError as reason:
                    failures.append(reason)
        done = False
        thread = threading.Thread(target=ask)
        thread.start()
        for _ in range(5):
            master.reload()
        done = True
        thread.join()
        self.assertEqual(failures, [])

    def test_no_client_is_refused_and_nothing_is_left_behind(self):
        master = self.start()
        failures, served, done = [], 0, False

        def serve():
            nonlocal served
            while not done:
                try:
                    if exchange(self.port, b"ping") != b"ping":
                        failures.append("no answer")
                    served += 1
                except OSError as reason:
                    failures.append(reason)
        threads = [threading.Thread(target=serve) for _ in range(2)]
        for thread in threads:
            thread.start()
        master.reload()
        descriptors = len(os.listdir(f"/proc/{master.pid}/fd"))
        for _ in range(10):
            master.reload()
        done = True
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertGreater(served, 10)
        wait_until(lambda: not master.processes("old workers"), "the former workers end")
        wait_until(lambda: len(os.listdir(f"/proc/{master.pid}/fd")) <= descriptors, "its descriptors are as before")

    def test_the_command_line_looks_as_given(self):
        master = self.start()
        with open(f"/proc/{master.pid}/cmdline", "rb") as file:
            before = file.read().rstrip(b"\0")
        master.reload()
        with open(f"/proc/{master.pid}/cmdline", "rb") as file:
            self.assertEqual(file.read().rstrip(b"\0"), before)

    def test_a_program_that_is_gone_cannot_be_executed(self):
        directory = self.start().directory
        program = f"{directory}/copy"
        subprocess.run(["cp", os.environ["PROXY_PROGRAM"], program], check=True)
        self.port = free_port()
        master = self.start(program=program)
        os.unlink(program)
        self.assertRegex(master.ask("reload"), r"Failed to reexecute the master process \[\d+\]: No such file or directory")
        self.assertEqual(exchange(self.port, b"ping"), b"ping")


class SystemdTest(unittest.TestCase):
    """Type=notify as systemd sees it: what comes to NOTIFY_SOCKET."""

    def setUp(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.settimeout(5)

    def start(self, name, environment=None):
        master = Master(f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{free_port()}\n", flag="-Ws",
                        environment={"NOTIFY_SOCKET": name, **(environment or {})})
        self.addCleanup(master.close)
        return master

    def heard(self):
        return self.socket.recv(4096).decode()

    def test_ready_reloading_and_stopping(self):
        name = f"ddbproxy-test-{os.getpid()}"
        self.socket.bind("\0" + name)
        master = self.start("@" + name)
        ready = f"READY=1\nMAINPID={master.pid}\nSTATUS="
        self.assertEqual(self.heard(), ready + "Ready.")
        for broken, status in (True, "Reload failed, the former configuration is in force."), (False, "Ready."):
            if broken:
                master.write_raw("foo\n")
            else:
                master.write(f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{free_port()}\n")
            master.signal(signal.SIGUSR2)
            self.assertRegex(self.heard(), r"^RELOADING=1\nMONOTONIC_USEC=\d+\n")
            self.assertEqual(self.heard(), ready + status)
        master.signal(signal.SIGTERM)
        self.assertEqual(self.heard(), "STOPPING=1")

    def test_the_watchdog_hears_of_it(self):
        master_directory = f"/tmp/ddbproxy-test-{os.getpid()}.notify"
        self.socket.bind(master_directory)
        self.addCleanup(os.unlink, master_directory)
        self.start(master_directory, {"WATCHDOG_USEC": "100000"})
        self.assertRegex(self.heard(), "^READY=1\n")
        for _ in range(3):
            self.assertEqual(self.heard(), "WATCHDOG=1")


if __name__ == "__main__":
    unittest.main()
