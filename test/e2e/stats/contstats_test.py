"""option contstats: bytes are counted while their session lasts, not only at its end."""
import unittest

from proxy import DEFAULTS, Proxy, free_port
from traffic import Server, connect, read_exactly


class ContstatsTest(unittest.TestCase):
    def test_the_bytes_of_a_session_that_lasts(self):
        port, plain = free_port(), free_port()
        with Server() as server, Proxy(f"""
{DEFAULTS}
listen counted
    bind 127.0.0.1:{port}
    option contstats
    server one 127.0.0.1:{server.port}
listen plain
    bind 127.0.0.1:{plain}
    server one 127.0.0.1:{server.port}
""") as proxy:
            clients = [connect(port), connect(plain)]
            for client in clients:
                client.sendall(b"x" * 1000)
                read_exactly(client, 1000)
                client.sendall(b"y")
                read_exactly(client, 1)
            bytes_of = r"(?:[^,]*,){6}"
            for name, count in ("counted", "100[01],100[01]"), ("plain", "0,0"):
                for row in "FRONTEND", "one", "BACKEND":
                    proxy.wait_for("show stat", f"^{name},{row},{bytes_of}{count},")
            for client in clients:
                client.close()
            for row in "FRONTEND", "one", "BACKEND":
                proxy.wait_for("show stat", f"^counted,{row},{bytes_of}1001,1001,")


if __name__ == "__main__":
    unittest.main()
