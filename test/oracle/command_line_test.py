"""The same command line through haproxy and ddbproxy: exit status, standard output and standard error must agree."""
import os
import subprocess
import unittest

import known
from programs import DDBPROXY, HAPROXY
from proxy import scratch_directory

OK = """defaults
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
listen f
    bind 127.0.0.1:1
    server s 127.0.0.1:2
"""
FILES = {
    "ok.cfg": OK,
    "warn.cfg": "defaults\n    mode tcp\nfrontend f\n    bind 127.0.0.1:1\n    default_backend b\nbackend b\n"
                "    server s 127.0.0.1:2\n",
    "bad.cfg": OK + "    blance roundrobin\n    server t\n",
    "backend_only.cfg": "backend b\n    server s 127.0.0.1:2\n",
    "no_final_newline.cfg": OK + "    maxconn 3",
    "dir/00.cfg": OK,
    "dir/10.cfg": "listen g\n    bind 127.0.0.1:3\n    server s 127.0.0.1:2\n",
    "dir/ignored.txt": "this is no configuration\n",
    "dir/.hidden.cfg": "nor is this\n",
    "empty_dir/readme": "",
}
COMMAND_LINES = [
    "", "-c", "-v", "-vv", "-v -c", "-vq", "-h", "-Z", "--version", "-", "ok.cfg", "-c ok.cfg",
    "-f", "-p", "-C", "-L", "-n", "-N", "-m", "-cc", "-sf", "-st", "-c -f ok.cfg -p", "-c -f ok.cfg extra",
    "-c -f ok.cfg", "-c -q -f ok.cfg", "-c -V -f ok.cfg", "-cq -f ok.cfg", "-q -c -V -f ok.cfg", "-D -c -f ok.cfg",
    "-db -c -f ok.cfg", "-d -c -f ok.cfg", "-c -- ok.cfg", "-c -f ok.cfg --", "-c -- dir/00.cfg dir/10.cfg",
    "-c -f dir/00.cfg -f dir/10.cfg", "-c -f dir", "-c -f dir/", "-c -f empty_dir", "-c -f /dev/null",
    "-c -f nosuch.cfg", "-c -f ok.cfg -f ok.cfg", "-c -f warn.cfg", "-c -q -f warn.cfg", "-c -dW -f warn.cfg",
    "-c -dW -f ok.cfg", "-c -dD -f ok.cfg", "-c -f bad.cfg", "-c -q -f bad.cfg", "-f bad.cfg", "-D -f bad.cfg",
    "-c -f no_final_newline.cfg", "-c -f backend_only.cfg", "-f backend_only.cfg", "-f /dev/null",
    "-C dir -c -f 00.cfg -f 10.cfg", "-c -C nosuch -f ok.cfg",
    "-n 10 -c -f ok.cfg", "-n x -c -f ok.cfg", "-N 5 -c -f ok.cfg", "-m 100 -c -f ok.cfg", "-L peer -c -f ok.cfg",
    "-c -f ok.cfg -p unused.pid",
    "-dM -c -f ok.cfg", "-dM", "-dMhelp", "-dS -c -f ok.cfg", "-dR -c -f ok.cfg",
    "-de -c -f ok.cfg", "-dp -c -f ok.cfg", "-dr -c -f ok.cfg", "-dV -c -f ok.cfg", "-dG -c -f ok.cfg", "-dKhelp -c -f ok.cfg",
    "-dKfoo -c -f ok.cfg", "-dKcfg -c -f ok.cfg", "-dKhelp", "-dL -c -q -f ok.cfg",
    "-cc 1", "-cc 0", "-cc true", "-cc version_atleast(2.6)", "-cc version_atleast(3.0)", "-cc version_before(3.0)",
    "-cc bad(1)", "-cc streq(a,a)", "-cc defined(HOME)&&!defined(NOSUCH)", "-cc 0||(1&&1)",
    "-sf -c -f ok.cfg", "-sf 1x -c -f ok.cfg", "-sf 4194304 -c -f ok.cfg", "-st 4194304 -c -f ok.cfg",
    "-x nosuch.sock -c -f ok.cfg",
    "-W -c -f ok.cfg", "-Ws -c -f ok.cfg", "-Wfoo -c -f ok.cfg", "-D -W -c -f ok.cfg", "-W -S", "-W -S nosuch -c -f ok.cfg",
    "-W -S /tmp/x.sock,foo -c -f ok.cfg", "-W -S /tmp/x.sock,mode,999 -c -f ok.cfg", "-W -S /tmp/x.sock,level,user -c -f ok.cfg",
    "-S /tmp/x.sock -c -f ok.cfg", "-S /tmp/x.sock -dW -c -f ok.cfg", "-W -S 127.0.0.1:1-3 -c -f ok.cfg", "-W -S : -c -f ok.cfg",
]
WITHOUT_FILE = {"", "-c", "-sf", "-st", "-dM", "-dKhelp"}


class CommandLineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = scratch_directory()
        for name, text in FILES.items():
            path = os.path.join(cls.directory, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

    def run_program(self, program, line):
        done = subprocess.run([program, *line.split()], cwd=self.directory, capture_output=True, text=True, timeout=10,
                              stdin=subprocess.DEVNULL, errors="replace", check=False)
        if any(word in known.OTHER_TEXT for word in line.split()):
            return done.returncode, bool(done.stdout), bool(done.stderr)
        return (done.returncode, known.mask_version(done.stdout), known.mask_usage(known.mask(done.stderr)))

    def test_every_command_line_does_what_haproxy_does(self):
        for line in COMMAND_LINES:
            if line in WITHOUT_FILE and os.path.exists(known.DEFAULT_CONFIGURATION):
                continue
            with self.subTest(line):
                self.assertEqual(self.run_program(DDBPROXY, line), self.run_program(HAPROXY, line))

    def test_help_is_printed_where_it_can_be_paged(self):
        status, output, errors = self.run_program(DDBPROXY, "--help")
        self.assertEqual((status, errors), (0, ""))
        self.assertIn("-f <cfgfile|cfgdir>", output)


if __name__ == "__main__":
    unittest.main()
