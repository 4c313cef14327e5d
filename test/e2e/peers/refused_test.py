"""What `show peers` says of a peer that refuses for now."""
import unittest

from proxy import Proxy, free_port, wait_until
from traffic import Server


class RefusedTest(unittest.TestCase):
    def test_one_that_says_to_try_again(self):
        other = Server(lambda peer: (peer.recv(1000), peer.sendall(b"300\n")))
        self.addCleanup(other.close)
        proxy = Proxy(f"""
    localpeer a
peers p
    peer a 127.0.0.1:{free_port()}
    peer b 127.0.0.1:{other.port}
    table t type ip size 100 store gpc0
listen l
    mode tcp
    bind 127.0.0.1:{free_port()}
    timeout connect 5s
    timeout client 1m
    timeout server 1m
    stick match src table p/t
    server s 127.0.0.1:{other.port}
""")
        self.addCleanup(proxy.close)
        wait_until(lambda: "last_status=RETR" in proxy.ask("show peers"), "it was refused", 20)


if __name__ == "__main__":
    unittest.main()
