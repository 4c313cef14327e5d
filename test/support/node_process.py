"""Starts stand-in nodes in a process of their own and hands out their ports."""
import json
import os
import subprocess
import sys

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ddb_node.py")


class NodeProcess:
    """count nodes in one process; they die with kill(), as a power cut would have it."""

    def __init__(self, *arguments, count=1):
        self.process = subprocess.Popen([sys.executable, PROGRAM, "--count", str(count), *arguments],
                                        stdout=subprocess.PIPE, text=True)
        self.ports = [json.loads(self.process.stdout.readline())["port"] for _ in range(count)]
        self.port = self.ports[0]
        self.address = ("127.0.0.1", self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
