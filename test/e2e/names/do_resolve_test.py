"""Names that rules ask for: who is asked, what the variable is, and how long the client waits (manual 4.2 "do-resolve")."""
import threading
import unittest

from log_collector import LogCollector
from name_server import NameServer, decode_name
from proxy import Proxy, free_port, wait_until
from traffic import Server, connect, read_all, reset

NAMES = {("node.test", "A"): [("A", "127.0.0.2")], ("node.test", "AAAA"): [("AAAA", "::2")],
         ("v4.test", "A"): [("A", "127.0.0.3")], ("v6.test", "AAAA"): [("AAAA", "::3")]}
DELAY = "tcp-request inspect-delay 20s"
# A frontend's rules, and what its log line says.
FRONTENDS = {
    "preferred": (f"{DELAY}|tcp-request content do-resolve(txn.ip,r) str(node.test)", "::2"),
    "ipv4": (f"{DELAY}|tcp-request content do-resolve(txn.ip,r,ipv4) str(NODE.test)", "127.0.0.2"),
    "ipv6": (f"{DELAY}|tcp-request content do-resolve(txn.ip,r,ipv6) str(node.test)", "::2"),
    "other_family": (f"{DELAY}|tcp-request content do-resolve(txn.ip,r) str(v4.test)", "127.0.0.3"),
    "other_family_again": (f"{DELAY}|tcp-request content do-resolve(txn.ip,r,ipv4) str(v6.test)", "::3"),
    "unknown": (f"{DELAY}|tcp-request content do-resolve(txn.ip,r) str(nobody.test)", "-"),
    "no_delay": ("tcp-request content do-resolve(txn.ip,r) str(node.test)", "-"),
    "nothing": (f"{DELAY}|tcp-request content do-resolve(txn.ip,r) var(txn.none)", "-"),
    "not_now": (f"{DELAY}|tcp-request content do-resolve(txn.ip,r) str(node.test) if {{ src 10.0.0.1 }}", "-"),
    "after_accept": (f"{DELAY}|tcp-request content accept|tcp-request content do-resolve(txn.ip,r) str(node.test)", "-"),
    "two": (f"{DELAY}|tcp-request content do-resolve(txn.a,r,ipv4) str(node.test)|"
            "tcp-request content do-resolve(txn.b,r,ipv4) str(v4.test)|"
            "tcp-request content set-var-fmt(txn.ip) %[var(txn.a)]+%[var(txn.b)]", "127.0.0.2+127.0.0.3"),
    "of_client": (f"{DELAY}|tcp-request content do-resolve(txn.ip,r,ipv4) req.payload(0,9) if {{ req.len ge 9 }}", "127.0.0.2"),
    "slow": ("tcp-request inspect-delay 100ms|tcp-request content do-resolve(txn.ip,r,ipv4) str(silent.test)", "-"),
    "backend": ("acl all always_true|use_backend backend_b if all", "127.0.0.2"),
}


class DoResolveTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log, cls.names, cls.node = LogCollector(), NameServer({**NAMES, ("silent.test", "A"): None}), Server()
        cls.ports = {name: free_port() for name in FRONTENDS}
        frontends = "".join(
            f"frontend {name}\n    bind 127.0.0.1:{cls.ports[name]}\n    log-format \"{name} %[var(txn.ip)] %ts\"\n"
            f"    default_backend b\n    " + rules.replace("|", "\n    ") + "\n" for name, (rules, _) in FRONTENDS.items())
        cls.proxy = Proxy(f"""
    log {cls.log.address} local0
defaults
    mode tcp
    log global
    timeout connect 10s
    timeout client 60s
    timeout server 60s
resolvers r
    nameserver one 127.0.0.1:{cls.names.port}
    resolve_retries 1
    timeout resolve 10s
    timeout retry 10s
{frontends}
frontend refused
    bind 127.0.0.1:{cls.ports.setdefault("refused", free_port())}
    log-format "refused %[var(txn.ip)] %ts"
    {DELAY}
    tcp-request content do-resolve(txn.ip,r) str(nobody.test)
    tcp-request content reject unless {{ var(txn.ip) -m found }}
    default_backend b
frontend waiting
    bind 127.0.0.1:{cls.ports.setdefault("waiting", free_port())}
    log-format "waiting %[var(txn.ip)] %ts"
    {DELAY}
    tcp-request content do-resolve(txn.ip,r,ipv4) str(silent.test)
    default_backend b
backend b
    server s 127.0.0.1:{cls.node.port}
backend backend_b
    {DELAY}
    tcp-request content do-resolve(txn.ip,r,ipv4) str(node.test)
    server s 127.0.0.1:{cls.node.port}
""")
        for each in cls.proxy, cls.log, cls.names, cls.node:
            cls.addClassCleanup(each.close)

    def test_what_the_variable_is(self):
        for name, (_, address) in FRONTENDS.items():
            with self.subTest(name), connect(self.ports[name], timeout=30) as client:
                client.sendall(b"node.test")
                self.assertEqual(client.recv(100), b"node.test")
                client.close()
                self.assertIn(f"{name} {address} ", self.log.wait_for(f": {name} ")[0])

    def test_many_at_once(self):
        answers = []

        def ask():
            with connect(self.ports["preferred"], timeout=60) as client:
                client.sendall(b"x")
                answers.append(client.recv(100))
        clients = [threading.Thread(target=ask) for _ in range(100)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        self.assertEqual(answers, [b"x"] * 100)

    def test_rules_go_on_when_nobody_knows_it(self):
        with connect(self.ports["refused"], timeout=30) as client:
            self.assertEqual(read_all(client), b"")
        self.assertIn("refused - PR", self.log.wait_for(": refused ")[0])

    def test_a_client_that_leaves_while_it_waits(self):
        client = connect(self.ports["waiting"])
        wait_until(lambda: "fe=waiting" in self.proxy.ask("show sess"), "it waits")
        reset(client)
        wait_until(lambda: "fe=waiting" not in self.proxy.ask("show sess"), "it is gone", 20)
        self.names.set("silent.test", "A", [("A", "127.0.0.9")])
        self.addCleanup(self.names.set, "silent.test", "A", None)
        with connect(self.ports["waiting"], timeout=30) as other:
            other.sendall(b"x")
            self.assertEqual(other.recv(100), b"x")


class NoLongerAskedTest(unittest.TestCase):
    def test_a_name_is_asked_for_no_longer_than_somebody_waits(self):
        names, node, port = NameServer({**NAMES, ("followed.test", "A"): [("A", "127.0.0.5")]}), Server(), free_port()
        questions = []
        answer = names.answer
        names.answer = lambda question: (questions.append(decode_name(question, 12)[0]), answer(question))[1]
        with Proxy(f"""
resolvers r
    nameserver one 127.0.0.1:{names.port}
    timeout resolve 50ms
    timeout retry 10s
defaults
    mode tcp
    timeout connect 10s
    timeout client 30s
    timeout server 30s
listen l
    bind 127.0.0.1:{port}
    {DELAY}
    tcp-request content do-resolve(txn.ip,r,ipv4) str(node.test)
    server s 127.0.0.1:{node.port}
backend followed
    server s followed.test:80 resolvers r resolve-prefer ipv4 init-addr none
"""):
            for each in names, node:
                self.addCleanup(each.close)
            with connect(port) as client:
                client.sendall(b"x")
                self.assertEqual(client.recv(9), b"x")
            before = len(questions)
            wait_until(lambda: questions[before:].count("followed.test") >= 10, "the other name is asked for again and again", 30)
            self.assertEqual(questions.count("node.test"), 1)


if __name__ == "__main__":
    unittest.main()
