"""ACLs and maps that the runtime API changes: the next connection goes by what was answered, on every thread."""
import os
import re
import socket
import threading
import unittest

import wait_cli
from proxy import Proxy, free_port, scratch_directory
from traffic import Server, connect

DEFAULTS = """
    nbthread 2
defaults
  mode tcp
  timeout connect 5s
  timeout client 20s
  timeout server 20s
"""
# So many connections in a row come to both threads.
SEVERAL = 12


class Named:
    """A server that says its name."""

    def __init__(self, name):
        self.server = Server(lambda connection: connection.sendall(name))
        self.port = self.server.port
        self.close = self.server.close


class ListChangesTest(unittest.TestCase):
    def setUp(self):
        self.directory = scratch_directory()
        self.port = free_port()
        self.servers = {}
        for name in "abc":
            self.servers[name] = Named(name.encode())
            self.addCleanup(self.servers[name].close)

    def file(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start(self, lines):
        backends = "".join(f"backend {name}\n  server {name} 127.0.0.1:{server.port}\n" for name, server in self.servers.items())
        self.proxy = Proxy(DEFAULTS + f"frontend f\n  bind 127.0.0.1:{self.port}\n{lines}  default_backend c\n{backends}")
        self.addCleanup(self.proxy.close)

    def change(self, command):
        self.assertEqual(self.proxy.ask(command).strip("\n"), "", command)

    def prepare(self, command):
        return re.fullmatch(r"New version created: (\d+)\n\n", self.proxy.ask(command))[1]

    def talk(self):
        """The name of the server; nothing: the connection was refused."""
        with connect(self.port) as client:
            try:
                client.sendall(b"?")
                return client.recv(10).decode()
            except ConnectionError:
                return ""

    def goes_to(self, name):
        self.assertEqual([self.talk() for _ in range(SEVERAL)], [name] * SEVERAL)

    def test_an_acl_is_changed_at_once(self):
        blocked = self.file("blocked.lst", "10.0.0.0/8\n")
        self.start(f"  acl blocked src -f {blocked} -u 7\n  tcp-request content reject if blocked\n")
        self.goes_to("c")
        self.change(f"add acl {blocked} 127.0.0.0/8")
        self.goes_to("")
        self.change(f"del acl {blocked} 127.0.0.0/8")
        self.goes_to("c")
        # What stands in the line itself is a list of its own.
        self.change("add acl #7 127.0.0.1")
        self.goes_to("")
        self.change("clear acl #7")
        self.goes_to("c")
        reference = re.search(r"(?m)^(0x[0-9a-f]+) 10\.0\.0\.0/8$", self.proxy.ask(f"show acl {blocked}"))[1]
        self.change(f"del acl {blocked} #{reference}")
        self.assertEqual(self.proxy.ask(f"show acl {blocked}"), "\n")

    def test_every_way_of_comparing_is_changed(self):
        tests = {"str": "127.0.0.1", "beg": "127.", "end": ".1", "sub": ".0.", "reg": "^1.*1$", "len": "9", "dir": "127.0.0.1", "dom": "0",
                 "ip": "127.0.0.0/8", "bin": "3132372e302e302e31"}
        lines, number = "", 0
        for method in tests:
            lines += f"  acl x{number} src{'' if method == 'ip' else ',lower'} -m {method} -u {number + 10} --\n"
            lines += f"  tcp-request content reject if x{number}\n"
            number += 1
        lines += "  acl x10 int(5) -u 20 --\n  tcp-request content reject if x10\n"
        self.start(lines)
        for number, pattern in enumerate([*tests.values(), "3:7"]):
            with self.subTest(pattern=pattern, number=number):
                self.assertEqual(self.talk(), "c")
                self.change(f"add acl #{number + 10} {pattern}")
                self.assertEqual(self.talk(), "")
                self.change(f"del acl #{number + 10} {pattern}")
                self.assertEqual(self.talk(), "c")

    def test_a_map_is_changed_at_once(self):
        names = self.file("names.map", "127.0.0.1 a\n")
        self.start(f"  use_backend %[src,lower,map({names})] if {{ src,lower,map({names}) -m found }}\n")
        self.goes_to("a")
        self.change(f"set map {names} 127.0.0.1 b")
        self.goes_to("b")
        self.change(f"del map {names} 127.0.0.1")
        self.goes_to("c")
        self.change(f"add map {names} 127.0.0.1 a")
        self.goes_to("a")
        version = self.prepare(f"prepare map {names}")
        self.change(f"add map @{version} {names} 127.0.0.1 b")
        self.goes_to("a")
        self.change(f"commit map @{version} {names}")
        self.goes_to("b")
        self.change(f"clear map {names}")
        self.goes_to("c")
        self.change(f"add map {names} <<\n10.1.1.1 b\n127.0.0.1 a\n")
        self.goes_to("a")

    def test_who_uses_a_file_in_other_ways_sees_the_change_too(self):
        shared = self.file("shared.map", "127.0 a\n")
        self.start(f"  acl known src,lower -M -m beg -f {shared}\n  tcp-request content reject unless known\n"
                   f"  use_backend %[src,lower,map({shared},c)]\n")
        self.goes_to("c")
        self.change(f"add map {shared} 127.0.0.1 b")
        self.goes_to("b")
        self.change(f"del acl {shared} 127.0")
        self.change(f"set map {shared} 127.0.0.1 a")
        self.goes_to("a")
        self.change(f"clear acl {shared}")
        self.goes_to("")

    def test_every_connection_meets_a_whole_list_while_it_is_changed(self):
        names = self.file("names.map", "127.0.0.1 a\n")
        nets = self.file("nets.lst", "127.0.0.0/8\n")
        # Whoever is refused or comes to c has seen a list between two changes.
        self.start(f"  acl known src -f {nets}\n  tcp-request connection reject unless known\n"
                   f"  use_backend %[src,lower,map({names},c)]\n")
        stop, seen = threading.Event(), []

        def talk():
            mine = []
            while not stop.is_set():
                mine.append(self.talk())
            seen.extend(mine)

        clients = [threading.Thread(target=talk) for _ in range(3)]
        for client in clients:
            client.start()
        try:
            for turn in range(25):
                version = self.prepare(f"prepare map {names}")
                lines = "".join(f"10.0.{turn}.{number} c\n" for number in range(100))
                self.change(f"add map @{version} {names} <<\n{lines}127.0.0.1 {'ab'[turn % 2]}\n")
                self.change(f"commit map @{version} {names}")
                self.change(f"set map {names} 127.0.0.1 {'ba'[turn % 2]}")
                self.change(f"del map {names} 10.0.{turn}.50")
                version = self.prepare(f"prepare acl {nets}")
                self.change(f"add acl @{version} {nets} 127.{turn}.0.0/16")
                self.change(f"add acl @{version} {nets} 127.0.0.0/{9 + turn % 16}")
                self.change(f"commit acl @{version} {nets}")
                self.change(f"add acl {nets} 127.0.0.1")
                self.change(f"del acl {nets} 127.0.0.0/{9 + turn % 16}")
        finally:
            stop.set()
            for client in clients:
                client.join()
        self.assertGreater(len(seen), 20)
        self.assertLessEqual(set(seen), {"a", "b"})
        self.goes_to("b")
        self.assertEqual(len(self.proxy.ask(f"show map {names}").strip("\n").split("\n")), 100)

    def test_a_long_list_is_shown_while_it_changes(self):
        count = 60000
        names = self.file("names.map", "".join(f"key{number:05} {'v' * 60}\n" for number in range(count)))
        self.start(f"  use_backend %[src,lower,map({names},a)]\n")
        whole = self.proxy.ask(f"show map {names}").strip("\n").split("\n")
        self.assertEqual([line.split(" ", 1)[1] for line in whole], [f"key{number:05} {'v' * 60}" for number in range(count)])
        with socket.socket(socket.AF_UNIX) as slow:
            slow.settimeout(wait_cli.DEADLINE_S)
            slow.connect(self.proxy.cli)
            slow.sendall(f"show map {names}\n".encode())
            answer = slow.recv(100)
            # Others are served although nobody reads that answer.
            self.change(f"del map {names} key00003")
            self.change(f"add map {names} last one")
            self.goes_to("a")
            self.change(f"clear map {names}")
            self.assertEqual(self.proxy.ask(f"show map {names}"), "\n")
            while piece := slow.recv(65536):
                answer += piece
        lines = answer.decode().strip("\n").split("\n")
        self.assertGreater(len(lines), 10)
        self.assertLess(len(lines), count)
        for line in lines:
            self.assertRegex(line, r"^0x[0-9a-f]+ key\d{5} v{60}$")


if __name__ == "__main__":
    unittest.main()
