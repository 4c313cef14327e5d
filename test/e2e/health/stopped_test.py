"""A process that is told to stop, and a proxy that is shut down, ask nobody any more how its servers are."""
import os
import signal
import socket
import time
import unittest

from name_server import NameServer
from proxy import DEFAULTS, Proxy, free_port, scratch_directory, wait_until
from traffic import Server, connect, read_exactly

QUIET_S = 0.4  # Several times every interval below.


class StoppedTest(unittest.TestCase):
    def setUp(self):
        self.node, self.checked, self.agent = Server(), Server(), Server(lambda agent: agent.sendall(b"up\n"))
        self.names = NameServer({("node.test", "A"): [("A", "127.0.0.1")]})
        self.questions = 0
        answer = self.names.answer

        def count(question):
            self.questions += 1
            return answer(question)

        self.names.answer = count
        for server in self.node, self.checked, self.agent, self.names:
            self.addCleanup(server.close)
        directory = scratch_directory()
        self.runs = f"{directory}/runs"
        program = f"{directory}/program"
        with open(program, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\necho >> {self.runs}\n")
        os.chmod(program, 0o755)
        self.port = free_port()
        self.configuration = f"""
    external-check
    insecure-fork-wanted
    max-spread-checks 50
{DEFAULTS}
resolvers names
    nameserver one 127.0.0.1:{self.names.port}
    timeout resolve 50ms
    timeout retry 50ms
listen l
    bind 127.0.0.1:{self.port}
    timeout check 10s
    option tcp-check
    tcp-check send x
    tcp-check expect string x
    server s 127.0.0.1:{self.node.port} check port {self.checked.port} inter 50ms fall 1 on-marked-down shutdown-sessions
backend a
    server s 127.0.0.1:{self.node.port} agent-check agent-inter 50ms agent-port {self.agent.port}
backend e
    option external-check
    external-check path /bin
    external-check command {program}
    server s 127.0.0.1:{self.node.port} check inter 50ms
backend n
    server s node.test:1 resolvers names resolve-prefer ipv4 init-addr none
"""

    def start(self, lines=""):
        self.proxy = Proxy(lines + self.configuration)
        self.addCleanup(self.proxy.close)
        wait_until(lambda: all(self.asked()), "everybody is asked")
        client = connect(self.port)
        self.addCleanup(client.close)
        client.sendall(b"one")
        read_exactly(client, 3)
        return client

    def asked(self):
        runs = os.path.getsize(self.runs) if os.path.exists(self.runs) else 0
        return self.checked.accepted, self.agent.accepted, runs, self.questions

    def goes_on(self):
        before = self.asked()
        wait_until(lambda: all(now > then for now, then in zip(self.asked(), before)), "all go on to be asked")

    def assert_left_alone(self, client):
        """What was under way when it was told may end."""
        time.sleep(QUIET_S)
        before = self.asked()
        self.checked.close()
        time.sleep(QUIET_S)
        self.assertEqual(self.asked(), before)
        client.sendall(b"two")
        self.assertEqual(read_exactly(client, 3), b"two")
        self.assertNotIn("is DOWN", self.proxy.stderr())

    def test_nothing_is_asked_after_usr1(self):
        client = self.start()
        self.goes_on()
        self.proxy.signal(signal.SIGUSR1)
        wait_until(lambda: "Proxy n stopped" in self.proxy.stderr(), "the stop is told")
        self.assert_left_alone(client)
        client.close()
        self.assertEqual(self.proxy.wait_exit(), 0)

    def test_all_is_asked_while_it_lives_in_grace(self):
        client = self.start("    grace 500ms\n")
        self.proxy.signal(signal.SIGUSR1)
        wait_until(lambda: "Scheduling a soft-stop" in self.proxy.stderr(), "the stop is announced")
        self.goes_on()
        client.close()
        self.assertEqual(self.proxy.wait_exit(), 0)

    def test_a_proxy_that_is_shut_down_is_left_alone(self):
        self.start()
        self.proxy.ask("shutdown frontend l")
        time.sleep(QUIET_S)
        checks = self.checked.accepted
        others = self.asked()[1:]
        time.sleep(QUIET_S)
        self.assertEqual(self.checked.accepted, checks)
        self.assertTrue(all(now > then for now, then in zip(self.asked()[1:], others)))

    def test_orders_to_servers_of_a_stopped_proxy_are_refused(self):
        client = self.start()
        with socket.socket(socket.AF_UNIX) as cli:
            cli.connect(self.proxy.cli)
            cli.sendall(b"prompt\n")
            read_exactly(cli, 3)
            self.proxy.signal(signal.SIGUSR1)
            wait_until(lambda: "Proxy n stopped" in self.proxy.stderr(), "the stop is told")

            def answer(command):
                cli.sendall(command.encode() + b"\n")
                text = b""
                while not text.endswith(b"\n> "):
                    text += cli.recv(4096)
                return text.decode().split("\n")[0]

            for order in ("set server l/s state maint", "set server l/s weight 5", "set weight l/s 5",
                          "disable server l/s", "enable server l/s", "enable health l/s", "disable health l/s",
                          "disable agent a/s", "enable agent a/s", "set maxconn server l/s 5",
                          "shutdown sessions server l/s", "set server n/s fqdn other.test"):
                self.assertEqual(answer(order), "Proxy is disabled.", order)
            self.assertEqual(answer("get weight l/s"), "1 (initial 1)")
            self.assertEqual(answer("set server l/x weight 5"), "No such server.")
        client.close()


if __name__ == "__main__":
    unittest.main()
