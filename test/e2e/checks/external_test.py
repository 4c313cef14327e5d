"""option external-check: how a program's end is judged, and one that does not end in time."""
import os
import unittest

from check_cases import ABSENT, Case, CheckCases, CheckCasesTest
from proxy import Proxy, scratch_directory, wait_until

DIRECTORY = scratch_directory()


def program(name, *lines):
    path = os.path.join(DIRECTORY, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(("#!/bin/sh",) + lines) + "\n")
    os.chmod(path, 0o755)
    return "option external-check|external-check command " + path


OWN = {"LC_CTYPE", "PATH", "PWD", "OLDPWD", "SHLVL", "_"}  # What shells and Python add.
NAMES = {"HAPROXY_PROXY_ADDR", "HAPROXY_PROXY_ID", "HAPROXY_PROXY_NAME", "HAPROXY_PROXY_PORT", "HAPROXY_SERVER_ADDR",
         "HAPROXY_SERVER_CURCONN", "HAPROXY_SERVER_ID", "HAPROXY_SERVER_MAXCONN", "HAPROXY_SERVER_NAME",
         "HAPROXY_SERVER_PORT", "HAPROXY_SERVER_PROTO", "HAPROXY_SERVER_SSL"}

ENVIRONMENT = ('test "$HAPROXY_PROXY_NAME/$HAPROXY_SERVER_NAME" = told/s || exit 1',
               'test "$1 $2 $3 $4" = "NOT_USED NOT_USED $HAPROXY_SERVER_ADDR $HAPROXY_SERVER_PORT" || exit 2')

CASES = (
    Case("success", program("success", "exit 0"), ABSENT, "UP PROCOK 0",
         "succeeded, reason: External check passed, code: 0"),
    Case("told", program("told", *ENVIRONMENT), ABSENT, "UP PROCOK 0",
         "succeeded, reason: External check passed, code: 0"),
    Case("failure", program("failure", "exit 7"), ABSENT, "DOWN PROCERR 7",
         "failed, reason: External check error, code: 7"),
    Case("killed", program("killed", "kill -9 $$"), ABSENT, "DOWN PROCERR 4294967295",
         "failed, reason: External check error, code: -1"),
    Case("too_slow", program("too_slow", "exec /bin/sleep 20"), ABSENT, "DOWN PROCTOUT 0",
         "failed, reason: External check timeout, code: 0"),
    Case("found_in_path", f"{program('found', 'exit 0').replace(DIRECTORY + '/', '')}|external-check path {DIRECTORY}",
         ABSENT, "UP PROCOK 0", "succeeded, reason: External check passed, code: 0"),
    Case("not_there", f"option external-check|external-check command {DIRECTORY}/nothing", ABSENT, "DOWN PROCERR 255",
         "failed, reason: External check error, code: 255"),
)


class Test(CheckCasesTest):
    cases = CASES

    def test_a_program_that_cannot_be_run_is_told_on_the_console(self):
        run = CheckCases([case for case in CASES if case.name == "not_there"])
        self.addCleanup(run.close)
        run.logged("not_there")
        self.assertRegex(run.proxy.stderr(), r"\[ALERT\] +\(\d+\) : Failed to exec process for external health check: "
                                             r"No such file or directory\. Aborting\.\n")

    def start_one(self, name, lines, options="inter 1h"):
        proxy = Proxy(f"""
    external-check
    insecure-fork-wanted
    max-spread-checks 50
    setenv OF_THE_FILE x
backend b
    {program(name, *lines).replace("|", chr(10) + "    ")}
    external-check path /bin:/usr/bin
    server s 127.0.0.1:1 check {options}
""", env={**os.environ, "OF_THE_CALLER": "x", "HAPROXY_OF_THE_CALLER": "x"})
        self.addCleanup(proxy.close)
        return proxy

    def test_a_program_sees_nothing_of_the_callers_environment(self):
        path = os.path.join(DIRECTORY, "environment")
        self.start_one("asked", (f"tr '\\0' '\\n' < /proc/self/environ > {path}.new", f"mv {path}.new {path}"))
        wait_until(lambda: os.path.exists(path), "the program has run")
        with open(path, encoding="utf-8") as file:
            variables = dict(line.split("=", 1) for line in file.read().splitlines())
        self.assertEqual(variables["PATH"], "/bin:/usr/bin")
        self.assertEqual(variables.keys() - OWN, NAMES)

    def test_a_program_that_takes_too_long_is_asked_to_end(self):
        path = os.path.join(DIRECTORY, "asked_to_end")
        proxy = self.start_one("polite", (f"trap 'echo > {path}; exit' TERM", "for i in $(seq 500); do sleep 0.01; done"),
                               "inter 200ms")
        wait_until(lambda: os.path.exists(path), "the program was told")
        proxy.wait_for("show stat b 4 -1", "PROCTOUT")


if __name__ == "__main__":
    unittest.main()
