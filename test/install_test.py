#!/usr/bin/env python3
"""install_test.py BUILD PREFIX VERSION: installs into a scratch directory and uses what is there as its users do."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, PREFIX, VERSION = pathlib.Path(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1)), sys.argv.pop(1)
SOURCE = pathlib.Path(__file__).resolve().parent.parent

PROMISED = [
    "bin/ddbproxy",
    "include/ddbproxy/parse.h",
    "include/ddbproxy/model.h",
    "lib/systemd/system/ddbproxy.service",
    "lib/sysusers.d/ddbproxy.conf",
    "lib/tmpfiles.d/ddbproxy.conf",
    "share/bash-completion/completions/ddbproxy",
    "share/man/man1/ddbproxy.1",
    "share/man/man5/ddbproxy.cfg.5",
    "share/zsh/site-functions/_ddbproxy",
]
# Below the library directory, whose name is the distribution's.
PROMISED_LIBRARY = ["libddbproxy.a", "pkgconfig/ddbproxy.pc"]

GOOD = "frontend f\n  mode tcp\n  bind 127.0.0.1:8080\n  timeout client 1s\n  default_backend b\n" \
       "backend b\n  timeout connect 1s\n  timeout server 1s\n  server s 127.0.0.1:9302\n"


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, check=False,
                          **more)


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.scratch.name)
        done = run("meson", "install", "--no-rebuild", "--quiet", "-C", BUILD, "--destdir", cls.root)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        cls.prefix = cls.root / PREFIX.relative_to("/")
        cls.configuration = cls.root / "good.cfg"
        cls.configuration.write_text(GOOD, encoding="utf-8")

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def library(self):
        found = list(self.prefix.glob("lib/**/libddbproxy.a"))
        self.assertEqual(1, len(found), "libddbproxy.a")
        return found[0].parent

    def test_everything_that_is_promised_is_in_its_place(self):
        missing = [name for name in PROMISED if not (self.prefix / name).is_file()]
        missing += [name for name in PROMISED_LIBRARY if not (self.library() / name).is_file()]
        self.assertEqual([], missing)

    def test_nothing_else_is_installed(self):
        promised = {self.prefix / name for name in PROMISED} | {self.library() / name for name in PROMISED_LIBRARY}
        files = {path for path in self.prefix.rglob("*") if path.is_file()}
        self.assertEqual([], [str(path) for path in files - promised if path.parent != self.prefix / "include/ddbproxy"])

    def test_a_program_is_built_with_the_library_and_reads_a_configuration(self):
        environment = os.environ | {"PKG_CONFIG_PATH": str(self.library() / "pkgconfig"),
                                    "PKG_CONFIG_SYSROOT_DIR": str(self.root)}
        flags = run("pkg-config", "--cflags", "--libs", "--static", "ddbproxy", env=environment)
        self.assertEqual(0, flags.returncode, flags.stderr)
        # The sysroot is put before what belongs to the system, too; only our own paths are in the scratch directory.
        words = [word for word in flags.stdout.split() if not word.endswith(f"{self.root}/usr/include")]
        program = self.root / "check_config"
        built = run("c++", "-std=c++20", SOURCE / "examples/check_config.cc", *words, "-o", program)
        self.assertEqual(0, built.returncode, built.stderr)
        good = run(program, self.configuration)
        self.assertEqual((0, "frontend f: 0 servers\nbackend b: 1 servers\n"), (good.returncode, good.stdout), good.stderr)
        (self.root / "bad.cfg").write_text(GOOD.replace("bind", "bindd"), encoding="utf-8")
        bad = run(program, self.root / "bad.cfg")
        self.assertEqual(1, bad.returncode)
        self.assertIn("unknown keyword 'bindd'", bad.stderr)
        self.assertIn("bad.cfg:3", bad.stderr)

    def test_called_haproxy_it_is_the_same_program(self):
        link = self.root / "haproxy"
        link.symlink_to(self.prefix / "bin/ddbproxy")
        version = run(link, "-v")
        self.assertEqual(0, version.returncode)
        self.assertTrue(version.stdout.startswith("HAProxy version 2.6"), version.stdout)
        self.assertIn(f"this is ddbproxy {VERSION}", version.stdout)
        self.assertEqual(0, run(link, "-c", "-f", self.configuration).returncode)

    def test_systemd_takes_the_unit(self):
        unit = self.prefix / "lib/systemd/system/ddbproxy.service"
        text = unit.read_text(encoding="utf-8")
        self.assertIn(f"ExecStart={PREFIX}/bin/ddbproxy -Ws", text)
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed")
        # It looks for the program where the unit says, which is not the scratch directory, and for haproxy's own unit.
        here = self.root / "ddbproxy.service"
        here.write_text(text.replace(f"{PREFIX}/bin/", f"{self.prefix}/bin/"), encoding="utf-8")
        done = run("systemd-analyze", "verify", "--man=no", here)
        complaints = [line for line in done.stderr.splitlines() if "ddbproxy" in line]
        self.assertEqual([], complaints)

    def test_the_shells_can_read_the_completion(self):
        script = self.prefix / "share/bash-completion/completions/ddbproxy"
        ask = f". {script}; COMP_WORDS=(ddbproxy --ex) COMP_CWORD=1; _ddbproxy; echo ${{COMPREPLY[@]}}"
        done = run("bash", "-c", ask)
        self.assertEqual("--explain\n", done.stdout, done.stderr)


if __name__ == "__main__":
    unittest.main()
