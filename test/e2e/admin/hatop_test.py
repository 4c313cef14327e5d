"""hatop, which people watch haproxy with: a terminal program that reads the runtime API and drives it by keys."""
import os
import re
import subprocess
import unittest

from proxy import Proxy, free_port, wait_until
from traffic import Server, connect

WIDTH, HEIGHT = 140, 40


class HatopTest(unittest.TestCase):
    def setUp(self):
        self.node = Server()
        self.addCleanup(self.node.close)
        self.port = free_port()
        self.proxy = Proxy(f"""
defaults
    mode tcp
    timeout connect 5s
    timeout client 30s
    timeout server 30s
listen ddb
    bind 127.0.0.1:{self.port}
    server node1 127.0.0.1:{self.node.port}
    server node2 127.0.0.1:{self.node.port}
""")
        self.addCleanup(self.proxy.close)
        self.terminal = f"{self.proxy.cli}.tmux"
        self.addCleanup(self.tmux, "kill-server")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT),
                  f"hatop -i 1 -s {self.proxy.cli}")

    def tmux(self, *words):
        environment = os.environ | {"TERM": "xterm", "LC_ALL": "C.UTF-8"}
        return subprocess.run(["tmux", "-S", self.terminal, *words], capture_output=True, text=True, timeout=20,
                              env=environment, check=False).stdout

    def wait_to_see(self, pattern):
        wait_until(lambda: re.search(pattern, self.tmux("capture-pane", "-p")), f"the terminal shows {pattern}", 15)

    def test_it_shows_the_proxies_and_its_keys_disable_and_enable_a_server(self):
        with connect(self.port) as client:
            client.sendall(b"ping")
            client.recv(4)
            self.wait_to_see(r"HAProxy Version: 2\.6\.12")
            self.wait_to_see(r">>> ddb\s")
            self.wait_to_see(r"FRONTEND +0 OPEN .* 1 +1 +\d+ +1\s")
            self.wait_to_see(r"node1 +1 - +none +1 +0 +0 +0 +1 +1 ")
        self.tmux("send-keys", "Down", "Down")
        self.tmux("send-keys", "F10")
        self.wait_to_see(r"node1 +1 MAINT ")
        self.proxy.wait_for("show stat", "ddb,node1,.*MAINT")
        self.tmux("send-keys", "F9")
        self.proxy.wait_for("show stat", "ddb,node1,.*no check")
        self.wait_to_see(r"node1 +1 - ")


if __name__ == "__main__":
    unittest.main()
