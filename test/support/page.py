"""The statistics page before a proxy with as many nodes as a test wants, open in a browser."""
import os
import socket
import unittest

import npm
from browser import Browser
from proxy import Proxy, free_port

AUDIT = ("axe-core", "4.14.1")


class Nodes:
    """Listening sockets that take connections and say nothing; each can die and come back."""

    def __init__(self, count):
        self.ports = [free_port() for _ in range(count)]
        self.sockets = [self._listen(port) for port in self.ports]

    @staticmethod
    def _listen(port):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(100)
        return listener

    def kill(self, index):
        self.sockets[index].close()

    def revive(self, index):
        self.sockets[index] = self._listen(self.ports[index])

    def close(self):
        for one in self.sockets:
            one.close()


class PageTest(unittest.TestCase):
    """Four nodes, checked ten times a second, and the page in a browser; a test may ask for other servers."""

    servers = None
    settings = ""

    @classmethod
    def setUpClass(cls):
        cls.nodes = Nodes(4)
        cls.port, cls.front = free_port(), free_port()
        servers = cls.servers or "\n".join(f"    server node{i} 127.0.0.1:{port} check inter 100ms fall 2 rise 2"
                                           for i, port in enumerate(cls.nodes.ports, 1))
        cls.proxy = Proxy(f"""
defaults
    mode tcp
    timeout connect 1s
    timeout client 1m
    timeout server 1m
    timeout client-fin 100ms
    timeout server-fin 100ms
frontend ddb_frontend
    bind 127.0.0.1:{cls.front}
    option contstats
    default_backend ddb_backend
backend ddb_backend
    balance leastconn
{servers}
listen stats
    mode http
    bind 127.0.0.1:{cls.port}
    stats enable
    stats refresh 30s
    stats uri /haproxyamdin
    stats realm Haproxy
    stats auth admin:admin
    stats admin if TRUE
{cls.settings}
""")
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.proxy.close()
        cls.nodes.close()

    def setUp(self):
        self.browser.look()
        self.browser.scripts(True)
        self.browser.open("about:blank")
        self.browser.requests()
        self.browser.complaints()

    def open(self, suffix="", updated=True):
        """The page, asked for as people do who keep the password in the address."""
        self.browser.open(f"http://admin:admin@127.0.0.1:{self.port}/haproxyamdin{suffix}")
        if updated:
            self.wait_for_update()

    def wait_for_update(self):
        self.browser.run("document.getElementById('pulse').textContent = ''")
        self.browser.wait("return document.getElementById('pulse').textContent.startsWith('Updated')", "it updates itself")

    def row(self, name):
        """The text of a server's row."""
        return self.browser.run("return document.querySelector(`tr[data-row='${arguments[0]}']`).innerText", name)

    def wait_for_row(self, name, words):
        self.browser.wait(f"return document.querySelector(`tr[data-row='{name}']`).innerText.includes('{words}')",
                          f"the row of {name} says '{words}'")

    def connect(self, count=1):
        """Sessions through the proxy, which end with the test."""
        clients = [socket.create_connection(("127.0.0.1", self.front)) for _ in range(count)]
        for client in clients:
            self.addCleanup(client.close)
        return clients


def audit_script():
    """The source of the audit tool."""
    path = os.path.join(npm.fetch(*AUDIT), "axe.min.js")
    with open(path, encoding="utf-8") as file:
        return file.read()
