"""Master-worker mode: who is started, what becomes of signals and of processes that die, and reloads."""
import os
import signal
import socket
import subprocess
import unittest

from master import Master, alive
from proxy import DEFAULTS, PROGRAM, free_port, run, scratch_directory, wait_until
from traffic import Server, connect, exchange


def content(path):
    with open(path, encoding="ascii") as file:
        return file.read()


class MasterCase(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.port = free_port()

    def listen(self, more=""):
        return f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{self.port}\n    server one 127.0.0.1:{self.server.port}\n{more}"

    def start(self, settings="", *arguments, more="", **options):
        master = Master(self.listen(more), settings, *arguments, **options)
        self.addCleanup(master.close)
        return master

    def hold(self):
        """A session that goes on."""
        client = connect(self.port)
        self.addCleanup(client.close)
        client.sendall(b"x")
        self.assertEqual(client.recv(1), b"x")
        return client


class StartTest(MasterCase):
    def test_a_master_keeps_a_worker(self):
        master = self.start()
        self.assertEqual(exchange(self.port, b"ping"), b"ping")
        worker = master.worker()
        with open(f"/proc/{worker}/stat", encoding="ascii") as file:
            self.assertEqual(int(file.read().rpartition(")")[2].split()[1]), master.pid)
        self.assertEqual(master.said(), ["[NOTICE]   (PID) : New worker (PID) forked", "[NOTICE]   (PID) : Loading success."])

    def test_the_configuration_may_ask_for_it(self):
        directory = scratch_directory()
        with open(f"{directory}/x.cfg", "w", encoding="ascii") as file:
            file.write(f"global\n    master-worker\n    pidfile {directory}/pid\n{self.listen()}")
        process = subprocess.Popen([PROGRAM, "-f", f"{directory}/x.cfg"], stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        wait_until(lambda: os.path.exists(f"{directory}/pid"), "it writes the pid file")
        wait_until(lambda: content(f"{directory}/pid") == f"{process.pid}\n", "it has the master's pid")
        self.assertEqual(exchange(self.port, b"ping"), b"ping")

    def test_what_the_children_find_in_their_environment(self):
        master = self.start()
        self.assertEqual(master.ask("@1 show env HAPROXY_MWORKER"), "HAPROXY_MWORKER=1\n\n")
        self.assertEqual(master.ask("@1 show env HAPROXY_MASTER_CLI"), f"HAPROXY_MASTER_CLI=unix@{master.cli}\n\n")
        self.assertRegex(master.ask("@1 show env HAPROXY_CLI"), rf"^HAPROXY_CLI=unix@{master.worker_cli};sockpair@\d+\n\n$")
        self.assertEqual(master.ask("@1 show env HAPROXY_CFGFILES"), f"HAPROXY_CFGFILES={master.file}\n\n")

    def test_only_the_worker_gives_its_rights_up(self):
        master = self.start("    user nobody\n    group nogroup\n    chroot /var/empty" if os.path.isdir("/var/empty")
                            else "    user nobody\n    group nogroup")
        self.assertEqual(os.stat(f"/proc/{master.pid}").st_uid, os.geteuid())
        self.assertNotEqual(os.stat(f"/proc/{master.worker()}").st_uid, os.geteuid())
        master.reload()
        self.assertEqual(exchange(self.port, b"ping"), b"ping")

    def test_under_systemd_it_stays_in_the_foreground(self):
        master = self.start("    daemon", flag="-Ws")
        self.assertIsNone(master.process.poll())
        self.assertEqual(exchange(self.port, b"ping"), b"ping")

    def test_ten_clients_of_the_master_at_once(self):
        master = self.start()

        def client():
            each = socket.socket(socket.AF_UNIX)
            self.addCleanup(each.close)
            each.connect(master.cli)
            each.sendall(b"show version\n")
            each.settimeout(5)
            return each
        served = [client() for _ in range(10)]
        for each in served:
            self.assertTrue(each.recv(100))
        late = client()
        late.settimeout(0.1)
        self.assertRaises(TimeoutError, late.recv, 100)
        served[3].close()
        late.settimeout(5)
        self.assertTrue(late.recv(100))

    def test_in_the_background_the_pid_file_has_the_master(self):
        directory = scratch_directory()
        with open(f"{directory}/x.cfg", "w", encoding="ascii") as file:
            file.write(self.listen())
        done = subprocess.run([PROGRAM, "-W", "-D", "-f", f"{directory}/x.cfg", "-p", f"{directory}/pid"], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=10)
        self.assertEqual(done.returncode, 0)
        with open(f"{directory}/pid", encoding="ascii") as file:
            master = int(file.read())
        children = subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True, check=True).stdout.split()
        self.assertEqual(len(children), 1)
        self.assertEqual(exchange(self.port, b"ping"), b"ping")
        os.kill(master, signal.SIGTERM)
        wait_until(lambda: not alive(master) and not alive(int(children[0])), "both end")

    def test_a_start_that_fails(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            self.port = other.getsockname()[1]
            for flags in ["-W"], ["-W", "-D"]:
                directory = scratch_directory()
                with open(f"{directory}/x.cfg", "w", encoding="ascii") as file:
                    file.write(self.listen())
                result = run(*flags, "-f", f"{directory}/x.cfg")
                self.assertEqual(result.returncode, 1)
                self.assertIn("cannot bind socket (Address already in use)", result.stderr)
                self.assertNotIn("forked", result.stderr)

    def test_a_socket_of_the_master_that_cannot_be(self):
        directory = scratch_directory()
        with open(f"{directory}/x.cfg", "w", encoding="ascii") as file:
            file.write(self.listen())
        result = run("-W", "-S", "/nosuch/x.sock", "-f", f"{directory}/x.cfg")
        self.assertEqual(result.returncode, 1)
        self.assertIn("Binding [master-socket:0] for proxy MASTER: cannot bind UNIX socket", result.stderr)


class EndTest(MasterCase):
    def end(self, number, status, *lines):
        master = self.start()
        worker = master.worker()
        master.signal(number)
        self.assertEqual(master.wait_exit(), status)
        self.assertFalse(alive(worker))
        said = [line for line in master.said()[2:] if "stopped (cumulated" not in line]
        self.assertEqual(said, ["[WARNING]  (PID) : Exiting Master process...", *lines,
                                f"[WARNING]  (PID) : All workers exited. Exiting... ({status})"])

    def test_signals_end_it_with_its_worker(self):
        self.end(signal.SIGTERM, 0, "[ALERT]    (PID) : Current worker (PID) exited with code 143 (Terminated)")
        self.end(signal.SIGINT, 130, "[ALERT]    (PID) : Current worker (PID) exited with code 130 (Interrupt)")
        self.end(signal.SIGUSR1, 0, "[WARNING]  (PID) : Current worker (PID) exited with code 0 (Exit)")

    def test_a_worker_that_dies_takes_the_master_with_it(self):
        for number, status in (signal.SIGKILL, 137), (signal.SIGABRT, 134), (signal.SIGTERM, 0), (signal.SIGUSR1, 0):
            with self.subTest(number):
                master = self.start()
                os.kill(master.worker(), number)
                self.assertEqual(master.wait_exit(), status)
                self.assertIn(f"[WARNING]  (PID) : All workers exited. Exiting... ({status})", master.said())
                self.assertEqual("[ALERT]    (PID) : exit-on-failure: killing every processes with SIGTERM" in master.said(),
                                 status != 0)

    def test_a_worker_does_not_outlive_its_master(self):
        master = self.start()
        worker = master.worker()
        self.hold()
        master.process.kill()
        wait_until(lambda: not alive(worker), "the worker ends")

    def test_finishing_waits_for_sessions(self):
        master = self.start()
        client = self.hold()
        master.signal(signal.SIGUSR1)
        master.wait_said("Proxy fe stopped")
        client.sendall(b"y")
        self.assertEqual(client.recv(1), b"y")
        client.close()
        self.assertEqual(master.wait_exit(), 0)

    def test_a_pause_is_the_workers(self):
        master = self.start()
        master.signal(signal.SIGTTOU)
        master.wait_said("Paused proxy fe")
        master.signal(signal.SIGTTIN)
        master.wait_said("Resumed proxy fe")
        self.assertEqual(exchange(self.port, b"ping"), b"ping")

    def test_other_signals_are_harmless(self):
        master = self.start()
        for number in signal.SIGQUIT, signal.SIGPIPE, signal.SIGALRM, signal.SIGCHLD:
            master.signal(number)
        self.assertEqual(len(master.processes()), 1)


class ReloadTest(MasterCase):
    def test_a_signal_or_a_command_brings_a_new_worker(self):
        master = self.start()
        for how in signal.SIGUSR2, signal.SIGHUP:
            before = master.worker()
            master.reload(how)
            wait_until(lambda pid=before: not alive(pid), "the former worker ends")
            self.assertEqual(exchange(self.port, b"ping"), b"ping")
        before = master.worker()
        master.ask_for_a_new_worker()
        self.assertEqual(master.ask("reload"), "")
        wait_until(lambda: not alive(before), "the former worker ends")
        self.assertEqual(master.reloads(), (3, 0))
        wait_until(lambda: master.stderr().count("Former worker") == 3, "it tells of the former workers")
        self.assertEqual(master.said().count("[WARNING]  (PID) : Former worker (PID) exited with code 0 (Exit)"), 3)
        self.assertEqual(master.said().count("[NOTICE]   (PID) : Reloading HAProxy"), 3)

    def test_sessions_stay_with_the_former_worker(self):
        master = self.start()
        first = master.worker()
        client = self.hold()
        master.reload()
        master.reload()
        wait_until(lambda: master.processes("old workers") == [first], "only the one with a session is left")
        self.assertRegex(master.ask("show proc"), rf"(?m)^{first} +worker +2 ")
        self.assertRegex(master.ask(f"@!{first} show info"), rf"(?m)^Pid: {first}$")
        client.sendall(b"y")
        self.assertEqual(client.recv(1), b"y")
        client.close()
        wait_until(lambda: not master.processes("old workers"), "it ends with its session")

    def test_a_new_file_is_read(self):
        master = self.start()
        port = free_port()
        master.write(self.listen().replace(f":{self.port}\n", f":{port}\n"))
        master.reload()
        self.assertEqual(exchange(port, b"ping"), b"ping")
        self.assertEqual(master.reloads(), (1, 0))

    def test_a_broken_file_changes_nothing(self):
        master = self.start()
        worker = master.worker()
        for count in 1, 2:
            master.write_raw("foo\n")
            master.reload()
            self.assertEqual(master.reloads(), (count, count))
            self.assertEqual(master.processes(), [worker])
        os.unlink(master.file)
        master.reload()
        self.assertIn("Cannot open configuration file/directory", master.stderr())
        self.assertIn("unknown keyword 'foo' out of section.", master.stderr())
        self.assertEqual(master.said().count("[WARNING]  (PID) : Loading failure!"), 3)
        self.assertEqual(exchange(self.port, b"ping"), b"ping")
        master.write(self.listen())
        master.reload()
        self.assertEqual(master.reloads(), (4, 0))
        wait_until(lambda: not alive(worker), "the former worker ends")

    def test_old_workers_live_through_so_many_reloads(self):
        master = self.start("    mworker-max-reloads 1")
        first = master.worker()
        self.hold()
        master.reload()
        self.assertEqual(master.processes("old workers"), [first])
        master.reload()
        wait_until(lambda: not alive(first), "the oldest worker ends")
        master.wait_said(rf"Former worker \({first}\) exited with code 143")

    def test_reloads_in_a_row_end_as_few(self):
        master = self.start()
        for _ in range(50):
            master.signal(signal.SIGUSR2)
        wait_until(lambda: master.reloads()[0] >= 1, "it reloads")
        wait_until(lambda: len(master.processes()) == 1 and not master.processes("old workers"), "one worker is left")
        self.assertEqual(exchange(self.port, b"ping"), b"ping")

    def test_the_pid_file_is_the_masters(self):
        path = f"{scratch_directory()}/pid"
        master = self.start("", "-p", path)
        for _ in range(2):
            wait_until(lambda: os.path.exists(path), "it is written")
            wait_until(lambda: content(path) == f"{master.pid}\n", "it names the master")
            os.unlink(path)
            master.reload()

    def test_it_takes_the_place_of_another_master(self):
        old = self.start()
        new = self.start("", "-sf", str(old.pid))
        self.assertEqual(old.wait_exit(), 0)
        self.assertEqual(exchange(self.port, b"ping"), b"ping")
        new.reload()
        self.assertEqual(exchange(self.port, b"ping"), b"ping")


class ProgramTest(MasterCase):
    SLEEP = "program one\n    command /bin/sleep 1000\n"

    def test_a_program_is_started_anew_with_each_reload(self):
        master = self.start(more=self.SLEEP)
        first = master.processes("programs")[0]
        wait_until(lambda: content(f"/proc/{first}/cmdline") == "/bin/sleep\0" "1000\0", "it is executed")
        self.assertRegex(master.ask("show proc"), r"(?m)^\d+ +one +0 +0d00h00m0\ds +- +$")
        self.assertRegex(master.stderr(), r"New program 'one' \(\d+\) forked")
        master.reload()
        wait_until(lambda: not alive(first), "the former one is told to end")
        master.wait_said(rf"Former program 'one' \({first}\) exited with code 138 \(User defined signal 1\)")
        self.assertNotEqual(master.processes("programs"), [first])
        master.signal(signal.SIGTERM)
        self.assertEqual(master.wait_exit(), 0)

    def test_or_only_with_the_first_start(self):
        master = self.start(more=self.SLEEP + "    no option start-on-reload\n")
        self.assertEqual(len(master.processes("programs")), 1)
        master.reload()
        wait_until(lambda: master.processes("programs") == [], "no other is started")

    def test_it_runs_as_its_user(self):
        master = self.start(more=self.SLEEP + "    user nobody\n    group nogroup\n")
        pid = master.processes("programs")[0]
        wait_until(lambda: os.stat(f"/proc/{pid}").st_uid != os.geteuid(), "it gives its rights up")

    def test_one_that_does_not_go_ends_up_among_the_old(self):
        stubborn = "program one\n    command /bin/sh -c \"trap true USR1; while true; do sleep 0.1; done\"\n"
        master = self.start(more=stubborn)
        first = master.processes("programs")[0]
        master.reload()
        wait_until(lambda: master.processes("old programs") == [first], "it is listed")

    def test_a_failure_ends_all(self):
        for command, status in ("/bin/sh -c \"exit 3\"", 3), ("/nosuch/program", 1):
            master = self.start(more=f"program one\n    command {command}\n", wait=False)
            self.assertEqual(master.wait_exit(), status)
            self.assertRegex(master.stderr(), rf"\[ALERT\] +\(\d+\) : Current program 'one' \(\d+\) exited with code {status}")
        self.assertIn("Cannot execute /nosuch/program: No such file or directory", master.stderr())

    def test_an_end_without_one_does_not(self):
        master = self.start(more="program one\n    command /bin/true\n")
        master.wait_said(r"\[ALERT\] +\(\d+\) : Current program 'one' \(\d+\) exited with code 0 \(Exit\)")
        self.assertEqual(exchange(self.port, b"ping"), b"ping")


if __name__ == "__main__":
    unittest.main()
