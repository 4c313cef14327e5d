#!/usr/bin/env python3
"""package_test.py BUILD: makes the Debian package, installs it in a clean root, starts it there as people start haproxy,
and removes it. The root is made once a build directory."""
import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import unittest
import urllib.request

from npm import left_out
from proxy import DEADLINE_S, DEFAULTS, free_port, scratch_directory, wait_until
from traffic import Server, connect, exchange, read_exactly

BUILD = pathlib.Path(sys.argv.pop(1))
SOURCE = pathlib.Path(__file__).resolve().parent.parent
MIRROR = "http://deb.debian.org/debian"

# The command lines that Debian's unit and the official image have.
UNIT = ("/usr/sbin/haproxy", "-Ws", "-f", "/etc/haproxy/haproxy.cfg", "-p", "/run/haproxy.pid", "-S", "/run/haproxy-master.sock")
CONTAINER = ("haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg")


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace", check=False,
                          stdin=subprocess.DEVNULL, **{"timeout": 250, **options})
    if done.returncode:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def inside(root, *command):
    return run("chroot", root, *command, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C",
                                              "DPKG_FORCE": "unsafe-io",
                                              **{name: text for name, text in os.environ.items() if name.lower().endswith("_proxy")}})


def suite_of_this_system():
    with open("/etc/os-release", encoding="utf-8") as file:
        words = dict(line.strip().replace('"', "").split("=", 1) for line in file if "=" in line)
    if words.get("ID") != "debian":
        left_out("the package is for the Debian that it is built on, and this is none")
    return words["VERSION_CODENAME"]


def clean_root(package):
    """A directory with a bare Debian and, as files, what the package depends on."""
    if os.geteuid() != 0:
        left_out("only root can make a root directory to install in")
    if not shutil.which("debootstrap"):
        left_out("debootstrap is not installed")
    suite = suite_of_this_system()
    root, stamp = BUILD / "clean-root", BUILD / "clean-root.needs"
    needs = run("dpkg-deb", "-f", package, "Depends")
    with open(BUILD / "clean-root.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text(encoding="utf-8") == needs:
            return root
        try:
            with urllib.request.urlopen(f"{MIRROR}/dists/{suite}/InRelease", timeout=20):
                pass
        except OSError as error:
            left_out(f"no way to {MIRROR}: {error}")
        if not root.exists():
            half = BUILD / "clean-root.half"
            shutil.rmtree(half, ignore_errors=True)
            try:
                run("debootstrap", "--variant=minbase", suite, half, MIRROR)
            except AssertionError as error:
                left_out(f"debootstrap could not make a root: {error}")
            half.rename(root)
        shutil.copy(package, root / "ddbproxy.deb")
        inside(root, "apt-get", "clean")
        inside(root, "apt-get", "update", "-qq")
        inside(root, "apt-get", "install", "-qq", "--download-only", "--no-install-recommends", "/ddbproxy.deb")
        stamp.write_text(needs, encoding="utf-8")
    return root


class Package(unittest.TestCase):
    @classmethod
    def install(cls):
        if not shutil.which("dpkg-shlibdeps"):
            left_out("dpkg-dev, which makes packages, is not installed")
        scratch = pathlib.Path(scratch_directory())
        package = run("sh", SOURCE / "examples/deploy/make_deb.sh", BUILD, scratch).strip()
        clean = clean_root(package)
        cls.root = scratch / "root"
        run("cp", "-a", "--reflink=auto", clean, cls.root)
        shutil.copy(package, cls.root / "ddbproxy.deb")
        # What it names as its needs, and no more, is there when it starts.
        inside(cls.root, "dpkg", "--unpack", "/ddbproxy.deb")
        inside(cls.root, "apt-get", "install", "-qq", "-f", "--no-download", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0")

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)

    def path(self, name):
        return self.root / name.lstrip("/")

    def configuration(self, *ports):
        listens = "".join(f"listen on{port}\n    bind 127.0.0.1:{port}\n    server one 127.0.0.1:{self.server.port}\n" for port in ports)
        return ("global\n    user haproxy\n    group haproxy\n    chroot /var/lib/haproxy\n    log /dev/log local0\n"
                f"    stats socket /run/haproxy/admin.sock mode 660 level admin\n{DEFAULTS}{listens}")

    @contextlib.contextmanager
    def started(self, words, **environment):
        """The program in the root; whoever is left of it is gone afterwards."""
        with open(self.path("stderr"), "w", encoding="utf-8") as errors:
            process = subprocess.Popen(["chroot", self.root, *words], stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                                       env={"PATH": "/usr/local/sbin:/usr/sbin:/usr/bin", **environment}, start_new_session=True)
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def exchange_is_answered(self, port):
        def answered():
            try:
                return exchange(port, b"ping") == b"ping"
            except OSError:
                return False
        wait_until(answered, f"port {port} is served; it said\n" + self.path("stderr").read_text(encoding="utf-8"))

    def serves_and_reloads(self, words, ending, **environment):
        """From start to end by this command line, with a client who notices nothing of the reload."""
        file = self.path(words[words.index("-f") + 1])
        file.parent.mkdir(parents=True, exist_ok=True)
        one, other = free_port(), free_port()
        file.write_text(self.configuration(one), encoding="utf-8")
        with self.started(words, **environment) as process:
            self.exchange_is_answered(one)
            with connect(one) as client:
                client.sendall(b"one")
                self.assertEqual(read_exactly(client, 3), b"one")
                file.write_text(self.configuration(one, other), encoding="utf-8")
                process.send_signal(signal.SIGUSR2)
                self.exchange_is_answered(other)
                client.sendall(b"two")
                self.assertEqual(read_exactly(client, 3), b"two")
                self.assertTrue(self.path("/run/haproxy/admin.sock").is_socket())
                yield process
            process.send_signal(ending)
            self.assertEqual(process.wait(DEADLINE_S), 0)

    def test_debians_unit(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(str(self.path("/run/notify")))
            systemd.settimeout(DEADLINE_S)

            def told(word):
                while not re.search(word, text := systemd.recv(4096).decode(), re.MULTILINE):
                    self.assertNotRegex(text, "STOPPING", word)
            for process in self.serves_and_reloads(UNIT, signal.SIGTERM, NOTIFY_SOCKET="/run/notify"):
                for word in ("^READY=1$", "^RELOADING=1$", "^READY=1$"):
                    told(word)
                self.assertEqual(self.path("/run/haproxy.pid").read_text(encoding="ascii"), f"{process.pid}\n")
                with socket.socket(socket.AF_UNIX) as master:
                    master.connect(str(self.path("/run/haproxy-master.sock")))
                    master.sendall(b"show proc\n")
                    master.shutdown(socket.SHUT_WR)
                    self.assertRegex(master.makefile().read(), rf"(?m)^{process.pid} +master +1 \[failed: 0\]")
            told("^STOPPING=1$")

    def test_the_containers_command(self):
        for _ in self.serves_and_reloads(CONTAINER, signal.SIGUSR1):
            pass

    def test_the_user_of_the_configurations_and_the_manual_are_there(self):
        self.assertIn("haproxy:", self.path("/etc/passwd").read_text(encoding="utf-8"))
        self.assertEqual(os.stat(self.path("/run/haproxy")).st_mode & 0o7777, 0o2775)
        unit = self.path("/usr/lib/systemd/system/ddbproxy.service").read_text(encoding="utf-8")
        self.assertIn("ExecStart=/usr/sbin/ddbproxy -Ws", unit)
        self.assertIn("this is ddbproxy", inside(self.root, "/usr/sbin/haproxy", "-v"))

    def test_it_goes_as_it_came(self):
        installed = [name for name in inside(self.root, "dpkg", "-L", "ddbproxy").splitlines() if "proxy" in name]
        self.assertIn("/usr/share/man/man5/ddbproxy.cfg.5.gz", installed)
        self.addCleanup(inside, self.root, "dpkg", "-i", "/ddbproxy.deb")
        inside(self.root, "dpkg", "-P", "ddbproxy")
        self.assertEqual([name for name in (*installed, "/usr/sbin/haproxy", "/etc/alternatives/haproxy")
                          if os.path.lexists(self.path(name))], [])

    def test_haproxys_own_program_stays_where_it_is(self):
        """And when it goes, this one is there again: a package that has nothing but the file plays haproxy's."""
        play = pathlib.Path(scratch_directory())
        (play / "DEBIAN").mkdir()
        (play / "DEBIAN/control").write_text("Package: haproxy\nVersion: 2.6\nArchitecture: all\nMaintainer: x <x@localhost>\n"
                                             "Description: a file\n", encoding="ascii")
        (play / "usr/sbin").mkdir(parents=True)
        (play / "usr/sbin/haproxy").write_text("its own\n", encoding="ascii")
        run("dpkg-deb", "--root-owner-group", "--build", play, self.path("haproxy.deb"))
        self.addCleanup(inside, self.root, "dpkg", "-i", "/ddbproxy.deb")
        link = self.path("/usr/sbin/haproxy")
        inside(self.root, "dpkg", "-i", "/haproxy.deb")
        self.assertEqual(link.read_text(encoding="ascii"), "its own\n")
        inside(self.root, "dpkg", "-P", "ddbproxy")
        self.assertEqual(link.read_text(encoding="ascii"), "its own\n")
        inside(self.root, "dpkg", "-i", "/ddbproxy.deb")
        self.assertEqual(link.read_text(encoding="ascii"), "its own\n")
        inside(self.root, "dpkg", "-P", "haproxy")
        self.assertIn("this is ddbproxy", inside(self.root, "/usr/sbin/haproxy", "-v"))
        inside(self.root, "dpkg", "-P", "ddbproxy")
        self.assertFalse(os.path.lexists(link))


if __name__ == "__main__":
    try:
        Package.install()
    except unittest.SkipTest as skipped:
        print(skipped)
        sys.exit(77)
    unittest.main()
