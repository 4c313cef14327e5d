"""What ddbproxy alone says when it reads configurations: JSON, who holds a port; and files that are no configurations."""
import json
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import unittest

from memory import sanitized
from proxy import DEFAULTS, run, scratch_directory

LISTEN = f"{DEFAULTS}\nlisten l\n    bind 127.0.0.1:7999\n"


def lower_limit():
    """What a user has who may not raise it."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (500, 1000))
    if os.getuid() == 0:
        os.setuid(65534)


class ReadingTest(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(scratch_directory())

    def write(self, text, name="f.cfg"):
        (self.directory / name).write_text(text, encoding="utf-8")

    def run_binary(self, *arguments, **options):
        return run(*arguments, cwd=self.directory, **options)

    def read_json(self, *arguments):
        done = self.run_binary("--json", *arguments)
        self.assertEqual(done.stderr, "")
        return done.returncode, json.loads(done.stdout)

    def test_json_checks_only_and_names_the_place_beside_the_message(self):
        self.write(LISTEN + "    timeout cleint 1s\n    server 127.0.0.1:1 weight 1\n    server 's\n")
        status, said = self.read_json("-f", "f.cfg")
        self.assertEqual(status, 1)
        self.assertFalse(said["valid"])
        for diagnostic in said["diagnostics"]:
            self.assertGreaterEqual(diagnostic["line"], 1)
            self.assertGreaterEqual(diagnostic["column"], 1)
            self.assertNotIn("f.cfg", diagnostic["message"])
            self.assertNotIn("\n", diagnostic["message"])
        self.assertEqual(said["diagnostics"][0]["suggestion"], "client")
        self.assertIn("name is missing", said["diagnostics"][1]["hint"])
        self.assertEqual(said["diagnostics"][2]["message"], "unmatched quote at position 12")
        self.write(LISTEN)
        self.assertEqual(self.read_json("-f", "f.cfg"), (0, {"valid": True, "diagnostics": []}))

    def test_a_file_may_ask_which_program_reads_it(self):
        self.write(LISTEN + ".if defined(DDBPROXY_VERSION)\n    .notice \"read by $DDBPROXY_VERSION\"\n.endif\n")
        done = self.run_binary("-c", "-f", "f.cfg")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"read by \d+\.\d+")
        self.assertEqual(self.run_binary("-cc", "defined(DDBPROXY_VERSION)").returncode, 0)

    def portable(self, text):
        """What --portable says of it and what haproxy 2.6 does, if it is here: both take it, or neither does."""
        self.write(text)
        done = self.run_binary("-c", "--portable", "-f", "f.cfg")
        haproxy = shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")
        if haproxy or os.environ.get("EVERY_TEST"):
            self.assertEqual(done.returncode, self.run_binary("-c", "-f", "f.cfg", program=haproxy).returncode, done.stderr)
        return done.returncode, done.stderr

    def test_portable_names_the_words_in_force_that_haproxy_does_not_know(self):
        own = "global\n    reload-on-change\n"
        guarded = f".if defined(DDBPROXY_VERSION)\n{own}.endif\n"
        self.assertEqual(self.portable(guarded + LISTEN)[0], 0)
        self.assertEqual(self.portable(LISTEN)[0], 0)
        for text, line in ((own, 2), (f"{guarded}{own}", 6), (f"global\n.if version_atleast(2.4)\n    reload-on-change\n.endif\n", 3),
                           (f".if !defined(DDBPROXY_VERSION)\n{own}.endif\n", 3)):
            status, said = self.portable(text + LISTEN)
            self.assertEqual((status, said.count("own, which haproxy")), (1, 1), said)
            self.assertIn(f"[f.cfg:{line}] : 'reload-on-change' is a word of ddbproxy's own", said)
        # Twice the word: twice named.
        self.assertEqual(self.portable(own + own + LISTEN)[1].count("own, which haproxy"), 2)
        # The file is whole only here: haproxy would have no listener, a name too little, a warning too much.
        mine, other = ".if defined(DDBPROXY_VERSION)\n", ".endif\n"
        self.assertEqual(self.portable(mine + LISTEN + other)[0], 2)
        self.assertEqual(self.portable(f"{mine}{DEFAULTS}backend b\n{other}listen l\n    mode tcp\n    bind :7999\n    default_backend b\n")[0], 1)
        self.assertEqual(self.portable(f"global\n    zero-warning\n{mine}{DEFAULTS}{other}listen l\n    mode tcp\n    bind :7999\n")[0], 1)
        # What is wrong in this program's part is wrong, too.
        self.write(f"{mine}nonsense\n{other}{LISTEN}")
        self.assertEqual(self.run_binary("-c", "--portable", "-f", "f.cfg").returncode, 1)

    def test_portable_speaks_json(self):
        self.write("global\n    reload-on-change # by itself\n" + LISTEN)
        self.assertEqual(self.read_json("-f", "f.cfg")[0], 0)
        status, said = self.read_json("--portable", "-f", "f.cfg")
        self.assertEqual((status, said["valid"], len(said["diagnostics"])), (1, False, 1))
        found = said["diagnostics"][0]
        self.assertEqual((found["severity"], found["line"], found["column"], found["length"]), ("alert", 2, 5, 16))
        self.assertIn(".if defined(DDBPROXY_VERSION)", found["hint"])

    def test_json_says_that_a_file_cannot_be_read(self):
        for arguments in ["-f", "nope.cfg"], ["-C", "nope", "-f", "f.cfg"]:
            status, said = self.read_json(*arguments)
            self.assertEqual((status, said["valid"], len(said["diagnostics"])), (1, False, 1))
            self.assertTrue(said["diagnostics"][0]["file"].startswith("nope"))
            self.assertIn("No such file", said["diagnostics"][0]["message"])

    def test_a_terminals_excerpt_stands_in_place_of_haproxys(self):
        self.write(LISTEN + "    server 's\n")
        done = self.run_binary("-c", "--explain", "-f", "f.cfg")
        self.assertEqual(done.stderr.count("server 's"), 1)

    def test_a_link_that_leads_nowhere_is_refused(self):
        folder = self.directory / "d"
        folder.mkdir()
        (folder / "a.cfg").write_text(LISTEN, encoding="utf-8")
        (folder / "b.txt").symlink_to("nowhere")
        self.assertEqual(self.run_binary("-c", "-f", "d").returncode, 0)
        (folder / "b.cfg").symlink_to("nowhere")
        done = self.run_binary("-c", "-f", "d")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Cannot open configuration file d : No such file or directory", done.stderr)

    def test_a_file_without_an_end_is_read_no_further_than_it_matters(self):
        # A sanitizer maps more than any limit.
        limit = resource.RLIM_INFINITY if sanitized() else 1 << 30
        done = self.run_binary("-c", "-f", "/dev/zero",
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        self.assertEqual(done.returncode, 1)
        self.assertIn("[/dev/zero:1]: Stray NUL character at position 1.", done.stderr)
        source, sink = os.pipe()
        with subprocess.Popen(["yes", "# a comment"], stdout=sink, stderr=subprocess.DEVNULL) as endless:
            os.close(sink)
            try:
                done = self.run_binary("-c", "-f", f"/dev/fd/{source}", pass_fds=[source],
                                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
            finally:
                os.close(source)  # else it would never end
            endless.wait()
        self.assertEqual(done.returncode, 1)
        self.assertIn("File too large", done.stderr)

    def test_who_holds_a_port_is_told(self):
        with socket.create_server(("127.0.0.1", 0)) as holder:
            self.write(LISTEN.replace("7999", str(holder.getsockname()[1])))
            done = self.run_binary("-db", "-f", "f.cfg")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rf"in use\) .* \(held by process {os.getpid()}, \S+\)\n")

    def test_too_few_descriptors_are_worth_an_alert_without_strict_limits(self):
        # A bind that fails ends the process after the alert.
        with socket.create_server(("127.0.0.1", 0)) as holder:
            self.write("global\n    no strict-limits\n    maxconn 100000\n" +
                       LISTEN.replace("7999", str(holder.getsockname()[1])))
            done = self.run_binary("-db", "-f", "f.cfg", preexec_fn=lower_limit)
        self.assertRegex(done.stderr, r"\[WARNING\].* Cannot raise FD limit to \d+, limit is 1000\.")
        self.assertRegex(done.stderr, r"\[ALERT\].* FD limit \(1000\) too low for maxconn=100000/maxsock=\d+\. Please "
                                      r"raise 'ulimit-n' to \d+ or more to avoid any trouble\.")


if __name__ == "__main__":
    unittest.main()
