"""The stand-in node and the mini client, held against each other and against the bytes of the wire notes."""
import base64
import os
import socket
import unittest
import urllib.request

import ddb_wire as wire
from ddb_client import Client, NodeError
from node_process import NodeProcess


class NodeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.nodes = NodeProcess(count=2)

    @classmethod
    def tearDownClass(cls):
        cls.nodes.kill()

    def client(self, number=0, **options):
        client = Client(("127.0.0.1", self.nodes.ports[number]), **options)
        self.addCleanup(client.close)
        return client

    def test_a_script_is_answered(self):
        self.assertEqual(self.client().script("1+1"), 2)

    def test_each_node_knows_its_name(self):
        self.assertEqual([self.client(number).script("getNodeAlias()") for number in (0, 1)], ["node1", "node2"])

    def test_the_session_keeps_variables_and_others_do_not_see_them(self):
        client = self.client()
        client.script("x = 5")
        self.assertEqual(client.script("x"), 5)
        with self.assertRaises(NodeError):
            self.client().script("x")

    def test_functions_take_arguments(self):
        self.assertEqual(self.client().function("add", 40, 2), 42)
        self.assertIs(self.client().function("isNodeInitialized"), True)

    def test_login_is_checked(self):
        self.assertEqual(self.client(user="admin", password="123456").script("1+1"), 2)
        with self.assertRaises(NodeError):
            self.client(user="admin", password="wrong")

    def test_a_large_result_arrives_whole(self):
        self.assertEqual(len(self.client().script("take(char(1), 3000000)")), 3000000)

    def test_printed_text_comes_before_the_reply(self):
        client = self.client()
        client.script('print("loading")')
        self.assertEqual(client.messages, ["loading"])

    def test_an_error_leaves_the_session_usable(self):
        client = self.client()
        with self.assertRaisesRegex(NodeError, "disk full"):
            client.script('throw "disk full"')
        self.assertEqual(client.script("1+1"), 2)

    def test_a_subscription_is_pushed_in_order(self):
        self.assertEqual([len(frame) for frame in self.client().subscribe(20, 1000)], [1000] * 20)

    def test_many_connections_at_once(self):
        clients = [self.client() for _ in range(200)]
        self.assertEqual([client.script("1+1") for client in clients], [2] * 200)

    def test_the_bytes_are_those_of_the_genuine_clients(self):
        with socket.create_connection(self.nodes.address, timeout=5) as raw:
            raw.sendall(b"API 0 8 / 32_1_4_2\nconnect\n")
            self.assertRegex(raw.recv(100), rb"^\d+ 0 1\nOK\n$")
            raw.sendall(b"API 7 30 / 1_1_4_64\nfunction\nisNodeInitialized\n0\n1")
            self.assertTrue(raw.recv(100).endswith(b" 1 1\nOK\n\x01\x00\x01"))
            raw.sendall(b"API 7 10 / 0_1_4_2\nscript\n1+1")
            self.assertTrue(raw.recv(100).endswith(b" 1 1\nOK\n\x04\x00\x02\x00\x00\x00"))

    def test_a_browser_gets_a_page_and_json(self):
        url = "http://127.0.0.1:%d/" % self.nodes.port
        with urllib.request.urlopen(url) as answer:
            self.assertIn(b"<h1>node1</h1>", answer.read())
        with urllib.request.urlopen(url, data=b"xyz") as answer:
            self.assertEqual(answer.read(), b'{"node": "node1", "received": 3}')

    def web_socket(self):
        raw = socket.create_connection(self.nodes.address, timeout=5)
        self.addCleanup(raw.close)
        stream = raw.makefile("rwb")
        self.addCleanup(stream.close)
        stream.write(b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)) + b"\r\n\r\n")
        stream.flush()
        self.assertIn(b"101", stream.readline())
        while stream.readline() != b"\r\n":
            pass
        return stream

    def say(self, stream, script):
        sent = wire.request(0, f"script\n{script}")
        stream.write(bytes((0x82, 0x80 | len(sent))) + bytes(4) + sent)
        stream.flush()

    def hear(self, stream):
        head = stream.read(2)
        self.assertEqual(head[0], 0x82)
        return stream.read(head[1])

    def test_a_web_socket_carries_one_request_a_message(self):
        stream = self.web_socket()
        self.say(stream, "1+1")
        self.assertTrue(self.hear(stream).endswith(b"OK\n\x04\x00\x02\x00\x00\x00"))

    def test_a_web_socket_gets_no_empty_message_after_what_was_pushed(self):
        stream = self.web_socket()
        self.say(stream, "push(2, 10)")
        self.say(stream, "1+1")
        messages = [self.hear(stream) for _ in range(4)]
        self.assertTrue(messages[0].endswith(b"OK\n"))
        self.assertEqual([message[1] for message in messages[1:3]], [0, 1])
        self.assertTrue(messages[3].endswith(b"OK\n\x04\x00\x02\x00\x00\x00"), messages)


if __name__ == "__main__":
    unittest.main()
