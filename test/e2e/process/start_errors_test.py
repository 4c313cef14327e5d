"""What stops a start, with which words and which exit status."""
import os
import re
import unittest

from proxy import DEFAULTS, DEADLINE_S, PROGRAM, free_port, run, scratch_directory
from traffic import Server


class StartErrorsTest(unittest.TestCase):
    def setUp(self):
        self.directory = scratch_directory()
        self.file = os.path.join(self.directory, "haproxy.cfg")

    def start(self, text, *arguments, **options):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)
        return run("-db", "-f", self.file, *arguments, **options)

    def listen(self, address):
        return f"{DEFAULTS}\nlisten fe\n    bind {address}\n    server one 127.0.0.1:1\n"

    def assert_refused(self, done, message):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, re.escape(message))

    def test_a_port_that_another_program_holds(self):
        with Server() as other:
            done = self.start(self.listen(f"127.0.0.1:{other.port}"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"Binding \[.*haproxy\.cfg:9\] for proxy fe: cannot bind socket "
                                      rf"\(Address already in use\) for \[127\.0\.0\.1:{other.port}\]")
        self.assert_refused(done, ".main()] Some protocols failed to start their listeners! Exiting.")

    def test_a_port_in_use_is_silent_with_q(self):
        with Server() as other:
            done = self.start(self.listen(f"127.0.0.1:{other.port}"), "-q")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "", ""))

    def test_quiet_silences_what_is_read_after_it_but_not_with_verbose(self):
        done = self.start("global\n    quiet\n    misspelt\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "", ""))
        done = self.start("global\n    misspelt\n    quiet\nlisten fe\n    misspelt\n")
        self.assertEqual((done.returncode, done.stderr.count("[ALERT]")), (1, 1), done.stderr)
        self.assert_refused(done, ":2] : unknown keyword 'misspelt'")
        done = self.start("global\n    quiet\n    misspelt\n", "-V")
        self.assertEqual((done.returncode, done.stderr.count("[ALERT]")), (1, 3), done.stderr)

    def test_quiet_and_zero_warning_end_it_without_a_word(self):
        done = self.start("global\n    quiet\n    zero-warning\nlisten fe\n    bind 127.0.0.1:0\n    mode tcp\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "", ""))

    def test_what_only_looks_strange_is_no_warning(self):
        """Whatever else is said of it: with zero-warning the file is as good as it was."""
        done = self.start(f"global\n    zero-warning\n    numa-cpu-mapping\n{self.listen('127.0.0.1:1')}"
                          "    log 127.0.0.1 local0\n    log-format a#b\n", "-c")
        self.assertEqual((done.returncode, done.stderr.count("WARNING")), (0, 0), done.stderr)

    def test_an_address_that_is_not_local(self):
        done = self.start(self.listen(f"10.99.99.99:{free_port()}"))
        self.assert_refused(done, "cannot bind socket (Cannot assign requested address)")

    def test_a_user_that_does_not_exist(self):
        done = self.start("global\n    user nosuchuser\n    group nosuchgroup\n" + self.listen(f"127.0.0.1:{free_port()}"))
        self.assert_refused(done, "cannot find user id for 'nosuchuser'")
        self.assert_refused(done, "cannot find group id for 'nosuchgroup'")

    def test_a_file_that_does_not_exist(self):
        done = run("-db", "-f", "/nonexistent/haproxy.cfg")
        self.assert_refused(done, "Cannot open configuration file/directory /nonexistent/haproxy.cfg : "
                                  "No such file or directory")

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody who may not read")
    def test_a_file_that_may_not_be_read(self):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(self.listen("127.0.0.1:1"))
        os.chmod(self.file, 0o600)
        done = run("-c", "-f", "./haproxy.cfg", cwd=self.directory, user=65534, group=65534, extra_groups=[],
                   program=self.readable_program())
        self.assert_refused(done, "Could not open configuration file ./haproxy.cfg : Permission denied")

    @unittest.skipUnless(os.geteuid() == 0, "only root can give itself up")
    def test_a_port_that_needs_root(self):
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
            if int(file.read()) == 0:
                self.skipTest("no port needs root here")
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(self.listen("127.0.0.1:81"))
        done = run("-db", "-f", self.file, user=65534, group=65534, extra_groups=[], program=self.readable_program())
        self.assert_refused(done, "cannot bind socket (Permission denied)")

    def readable_program(self):
        """The program where anybody may reach it: a build directory may lie below one that is private."""
        copy = os.path.join(self.directory, "program")
        with open(PROGRAM, "rb") as source, open(copy, "wb") as target:
            target.write(source.read())
        os.chmod(copy, 0o755)
        return copy

    def test_a_pid_file_that_cannot_be_written(self):
        done = self.start(self.listen(f"127.0.0.1:{free_port()}"), "-D", "-p", "/nonexistent/p.pid")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Cannot create pidfile /nonexistent/p.pid", done.stderr)

    def test_a_configuration_without_a_listener(self):
        done = self.start(f"{DEFAULTS}\nbackend be\n    server one 127.0.0.1:1\n")
        self.assert_refused(done, "No enabled listener found (check for 'bind' directives) ! Exiting.")

    def test_every_error_is_told_in_one_pass(self):
        done = self.start(f"{DEFAULTS}\nlisten fe\n    bnd 127.0.0.1:1\n    balance nothing\n    server one\n")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(re.findall(r"haproxy\.cfg:(\d+)\]", done.stderr), ["9", "10", "11"])


if __name__ == "__main__":
    unittest.main()
