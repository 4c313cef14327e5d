"""What clients say to the master's socket of both programs; the answers must be equal but for what is listed here."""
import re
import unittest

from master import Master
from programs import DDBPROXY, HAPROXY
from proxy import DEFAULTS, free_port
from runtime_api import mask

# Not here: to a worker whom commands go to without being named haproxy speaks of `mcli-debug-mode`, too, which that does
# not know.
# Each is sent as it stands, with a newline behind it; then the client sends nothing more.
DIALOGUES = [
    # The master's own commands.
    "show proc", "show proc debug", "show version", "show cli sockets", "show cli level", "help", "help show", "help foo",
    "foo", "", ";", "  show version", "show", "experts", "show proc foo",
    "show env", "show startup-logs", "_getsocks", "set severity-output number", "quit; show version",
    "show proc; show version", "show version\nshow proc\nshow version", "\r\nshow version\r\n@1 show version\r\n",
    # Whom a command is for.
    "@1 show cli level", "@1\tshow version", "@1   show version ", "@1", "@", "@ show version", "@master show version",
    "@0 show version", "@2 show info", "@-1 show version", "@1x show version", "@foo show version", "@!0 show version",
    "@!99999999 show version", "@1 @1 show version", "@9", "prompt\n@9\nshow version", "@1; show version;show pid",
    "@1 show version; show proc", "@1 show version; @master show version; show version",
    "@1 show version\nshow version\n@1 show version", "@1 quit; show version", "@1 show foo\\;x", "@1 prompt",
    "@1 show version <<\na b\n\nshow version", "prompt\n@1 show version <<\na\nb\n\nshow version", "@1 show cli sockets",
    # Rights, modes and the prompt.
    "operator", "operator; show cli level", "user; show cli level", "user; reload", "user; operator",
    "operator; operator; user; show version", "operator; @1 show cli level", "user; @1 show cli level",
    "user; @1 show env HOME", "operator; @1 set weight x/y 1", "@1 operator; @1 show cli level",
    "expert-mode on", "expert-mode", "expert-mode on; help", "@1 expert-mode on; @1 expert-mode", "expert-mode on; @1 expert-mode",
    "user; expert-mode on; show version", "operator; mcli-debug-mode on", "user; experimental-mode on",
    "mcli-debug-mode on; help", "mcli-debug-mode on; show cli level", "mcli-debug-mode on; show env HOME",
    "expert-mode on; experimental-mode on; user; @1 show cli level",
    "expert-mode on; experimental-mode on; mcli-debug-mode on; user; show cli level",
    "prompt; show version", "prompt; quit; show version", "prompt\n@1\nshow version\noperator\nshow cli level\nprompt\nshow version",
    "prompt\nexpert-mode on\nexperimental-mode on\nmcli-debug-mode on\nshow version\nexpert-mode\nexperimental-mode off",
    "prompt\n\n  \n;", "prompt\n@1 prompt\n@1 quit\n@1 show version; show version", "prompt\nuser\nexpert-mode on\nshow version",
]


def masked(master, dialogue):
    answer = master.ask(dialogue).replace(master.directory, "DIR")
    for pattern, replacement in [(rf"\b({master.pid}|{master.worker()})\b *", "PID "), (r"sockpair@\d+", "sockpair@N"),
                                 (r"0d00h\d\dm\d\ds", "UPTIME"), (r"(?m) +$", "")]:
        answer = re.sub(pattern, replacement, answer)
    # Usages that are too long for their column.
    return re.sub(r"(?m)^(  \S[^:\n]{39,}?:).*$", r"\1", mask(answer))


class MasterCliTest(unittest.TestCase):
    maxDiff = None

    def test_both_answer_alike(self):
        both = []
        for program in HAPROXY, DDBPROXY:
            master = Master(f"{DEFAULTS}\nlisten fe\n    bind 127.0.0.1:{free_port()}\n", program=program)
            self.addCleanup(master.close)
            both.append(master)
        for dialogue in DIALOGUES:
            with self.subTest(dialogue):
                theirs, ours = (masked(master, dialogue) for master in both)
                self.assertEqual(ours, theirs)


if __name__ == "__main__":
    unittest.main()
