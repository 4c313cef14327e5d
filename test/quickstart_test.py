#!/usr/bin/env python3
"""The quick start works from its first line to its last, shares nobody's port, and says what is missing."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import unittest

from proxy import PROGRAM, run, scratch_directory

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent / "examples"
# What the scripts themselves need; a machine of this has no manager of packages and no compiler.
BARE = ("sh", "cat", "dirname", "grep", "tr", "id", "mktemp", "rm", "sleep")


def quickstart(*words, **environment):
    return subprocess.run(["/bin/sh", EXAMPLES / "quickstart.sh", *words], capture_output=True, text=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL, env={**os.environ, "DDBPROXY": os.path.abspath(PROGRAM), **environment})


def machine(*stubs):
    """A PATH with next to nothing in it, and programs of these names that only say that they were called."""
    directory = scratch_directory()
    for name in BARE:
        os.symlink(shutil.which(name), os.path.join(directory, name))
    for name in stubs:
        path = os.path.join(directory, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\necho called {name} >&2\n")
        os.chmod(path, 0o755)
    return directory


def listen(port=0):
    """As haproxy does: others may share the port, if they ask for it."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


class QuickStart(unittest.TestCase):
    def test_it_comes_to_its_end(self):
        done = quickstart("--once", "--free-ports")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("1+1 through the proxy is 2\n", done.stdout)
        names = re.search("answered by: (.*)", done.stdout)[1].split()
        self.assertEqual(sorted(names), sorted(["node1", "node2", "node3", "node4"] * 2))

    def test_one_works_beside_another_which_goes_on_until_it_is_told(self):
        first = subprocess.Popen(["/bin/sh", EXAMPLES / "quickstart.sh", "--free-ports"], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, env={**os.environ, "DDBPROXY": os.path.abspath(PROGRAM)})
        try:
            said = ""
            while "Ctrl-C" not in said:
                line = first.stdout.readline()
                self.assertTrue(line, said)
                said += line
            second = quickstart("--once", "--free-ports")
            self.assertEqual((second.returncode, second.stderr), (0, ""))
            self.assertIsNone(first.poll())
        finally:
            first.terminate()
            first.communicate()
        self.assertEqual(first.returncode, 0)

    def test_a_program_that_does_not_start_is_shown_with_its_words(self):
        path = os.path.join(machine(), "broken")
        with open(path, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\necho the reason >&2\nexit 1\n")
        os.chmod(path, 0o755)
        done = quickstart("--once", "--free-ports", DDBPROXY=path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("it did not start:", done.stderr)
        self.assertIn("the reason", done.stderr)
        self.assertNotIn("Traceback", done.stderr)

    def test_help_starts_nothing_and_an_unknown_word_neither(self):
        for words, status in ((["--help"], 0), (["-h"], 0), (["--once", "--help"], 0), (["--onec"], 2)):
            done = quickstart(*words, PATH=machine("apt-get", "meson", "ninja", "python3"))
            self.assertEqual(done.returncode, status, words)
            self.assertIn("usage: ", done.stdout + done.stderr)
            self.assertNotIn("called", done.stderr)


class Packages(unittest.TestCase):
    def test_each_manager_is_told_by_its_own_names(self):
        for manager, command in (("dnf", "dnf install gcc-c++ meson ninja-build "), ("yum", "yum install gcc-c++ meson "),
                                 ("apk", "apk add g++ meson samurai "), ("zypper", "zypper install gcc-c++ meson ninja ")):
            done = quickstart(DDBPROXY="", PATH=machine(manager))
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stderr.startswith(f"please install first, as root: {command}"), done.stderr)
            for library in ("pcre2-dev", "openssl-dev", "xxhash-dev"):
                self.assertIn(library, done.stderr)

    def test_only_what_is_missing_is_named(self):
        path = machine("dnf", "c++", "meson", "ninja", "pkg-config")
        done = quickstart(DDBPROXY="", PATH=path)
        self.assertEqual(done.stderr, "please install first, as root: dnf install python3 \n")

    def test_no_manager_is_needed_where_all_is_there(self):
        path = machine("c++", "meson", "ninja", "pkg-config", "python3")
        done = subprocess.run(["/bin/sh", "-ec", f". {EXAMPLES}/install.sh; provide; echo go on"], capture_output=True, text=True,
                              env={"PATH": path}, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "go on\n", ""))


class OwnPorts(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(scratch_directory())
        self.held = listen()
        self.addCleanup(self.held.close)
        self.port = self.held.getsockname()[1]

    def copy(self, text, *words):
        (self.directory / "in.cfg").write_text(text, encoding="utf-8")
        done = run(EXAMPLES / "own_ports.py", self.directory / "in.cfg", self.directory / "out.cfg", *words, program="python3")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done, (self.directory / "out.cfg").read_text(encoding="utf-8")

    def test_a_port_that_others_would_share_is_not_free(self):
        done, copied = self.copy(f"  bind *:{self.port} # in\n  server a 127.0.0.1:{self.port} check\n")
        first, second = map(int, re.fullmatch(r"binds='(\d+)' servers='(\d+)'\n", done.stdout).groups())
        self.assertEqual(len({first, second, self.port}), 3)
        self.assertEqual(copied, f"  bind *:{first} # in\n  server a 127.0.0.1:{second} check\n")
        self.assertIn(f"Port {self.port} is held by python3 (pid {os.getpid()}): {first} takes its place.", done.stderr)

    def test_free_ports_stay(self):
        text = "  bind 127.0.0.1:{0}\n  mode tcp\n"
        self.held.close()
        done, copied = self.copy(text.format(self.port))
        self.assertEqual((done.stdout, done.stderr), (f"binds='{self.port}' servers=''\n", ""))
        self.assertEqual(copied, text.format(self.port))

    def test_if_asked_to_it_leaves_them(self):
        self.held.close()
        _, copied = self.copy(f"  bind 127.0.0.1:{self.port}\n", "--free")
        self.assertNotIn(str(self.port), copied)


if __name__ == "__main__":
    unittest.main()
