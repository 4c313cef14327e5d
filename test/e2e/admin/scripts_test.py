"""What people have in their shell scripts for haproxy: socat and nc on the socket, awk and cut on what it says."""
import re
import subprocess
import unittest

from log_collector import LogCollector
from proxy import Proxy, free_port
from traffic import Server, connect, exchange, read_all, read_exactly


class ScriptsTest(unittest.TestCase):
    def setUp(self):
        self.node, self.log = Server(), LogCollector()
        self.addCleanup(self.node.close)
        self.addCleanup(self.log.close)
        self.port, self.page = free_port(), free_port()
        self.proxy = Proxy(f"""
    log {self.log.address} local0
defaults
    mode tcp
    log global
    option tcplog
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend in
    bind 127.0.0.1:{self.port}
    default_backend nodes
backend nodes
    server node1 127.0.0.1:{self.node.port} weight 10
    server node2 127.0.0.1:{self.node.port} weight 10
listen page
    mode http
    option httplog
    bind 127.0.0.1:{self.page}
    stats enable
    stats uri /stats
""")
        self.addCleanup(self.proxy.close)

    def shell(self, script):
        """What the script prints; it fails when one of its commands does."""
        ask = f'ask() {{ echo "$1" | socat stdio "unix-connect:{self.proxy.cli}"; }}\n'
        done = subprocess.run(["sh", "-euc", ask + script, "sh", self.proxy.cli], capture_output=True, text=True,
                              timeout=30, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), script)
        return done.stdout

    def test_a_node_is_drained_until_its_last_session_has_ended(self):
        client = connect(self.port)
        client.sendall(b"ping")
        read_exactly(client, 4)
        left = """
            sessions() { ask "show stat" | awk -F, '$1 == "nodes" && $2 == "node1" { print $5 }'; }
            ask "set server nodes/node1 state drain" >/dev/null
        """
        self.assertEqual(self.shell(left + "sessions"), "1\n")
        client.close()
        self.assertEqual(self.shell(left + """
            for try in $(seq 1000); do [ "$(sessions)" = 0 ] && break; done
            sessions
            ask "show stat" | cut -d, -f1,2,18 | grep node1
            ask "set server nodes/node1 state ready" >/dev/null
            ask "show stat" | cut -d, -f1,2,18 | grep node1
        """), "0\nnodes,node1,DRAIN\nnodes,node1,no check\n")

    def test_columns_are_found_by_their_names(self):
        exchange(self.port)
        self.assertEqual(self.shell("""
            ask "show stat" | awk -F, 'NR == 1 { sub(/^# /, ""); for (i = 1; i <= NF; i++) at[$i] = i; next }
              $at["svname"] == "BACKEND" { print $at["pxname"], $at["stot"], $at["status"], $at["act"] }'
        """), "nodes 1 UP 2\npage 0 UP 0\n")

    def test_weights_are_read_and_halved(self):
        self.assertEqual(self.shell("""
            ask "get weight nodes/node1"
            ask "set weight nodes/node1 50%"
            ask "get weight nodes/node1; get weight nodes/node2" | grep -c initial
            ask "get weight nodes/node1" | cut -d' ' -f1
        """).split(), ["10", "(initial", "10)", "2", "5"])

    def test_figures_in_every_format(self):
        self.assertEqual(self.shell("""
            ask "show info" | awk -F': ' '$1 == "Name" || $1 == "Stopping" { print $2 }'
            ask "show info typed" | awk -F: '$1 ~ /[.]Stopping[.]/ { print $4 }'
            ask "show stat typed" | awk -F: '$1 ~ /^F.*[.]pxname[.]/ { print $4 }'
            ask "show stat json" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'
        """).split(), ["HAProxy", "0", "0", "in", "page", "6"])

    def test_netcat_and_a_file_of_the_state(self):
        self.assertEqual(self.shell("""
            state=$(mktemp)
            echo "show servers state" | nc -U -N "$1" >"$state"
            head -1 "$state"
            awk '$2 == "nodes" { print $4, $6 }' "$state"
            rm "$state"
            printf 'show version\\nnever carried out\\n' | nc -U -N "$1" | head -1 | cut -c1-4
        """), "1\nnode1 2\nnode2 2\n2.6.\n")

    def test_a_conversation_with_a_prompt(self):
        self.assertEqual(self.shell("""
            printf 'prompt\\nshow cli level\\nset server nodes/node2 state maint\\nget weight nodes/node2\\nquit\\n' |
              socat stdio "unix-connect:$1"
        """).replace("\n", "|"), "|> admin||> |> 10 (initial 10)||> ")

    def test_halog_reads_the_log(self):
        for path in ("stats", "stats;csv", "nothing"):
            with connect(self.page) as client:
                client.sendall(f"GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                read_all(client)
        # As they stand in a file of syslog's, with the name of the host.
        lines = [re.sub(r"^<\d+>(\S+ +\S+ \S+) ", r"\1 host ", line) for line in self.log.wait_for(" page page/", 3)]

        def halog(flag):
            done = subprocess.run(["halog", "-q", flag], input="\n".join(lines) + "\n", capture_output=True, text=True,
                                  timeout=20, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            return {tuple(line.split()) for line in done.stdout.splitlines() if not line.startswith("#")}
        self.assertEqual(halog("-st"), {("200", "2"), ("503", "1")})
        self.assertEqual(halog("-tc"), {("LR", "2"), ("SC", "1")})
        self.assertEqual({words[:8] for words in halog("-srv")}, {
            ("page/<STATS>", "0", "2", "0", "0", "0", "0", "2"), ("page/<NOSRV>", "0", "0", "0", "0", "1", "0", "1")})


if __name__ == "__main__":
    unittest.main()
