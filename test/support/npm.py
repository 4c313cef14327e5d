"""Packages from npm that tests use: each is fetched once a build directory, in a directory of its own."""
import fcntl
import os
import subprocess

from proxy import scratch_directory


def fetch(name, version):
    """The directory that the package is in, with what it depends on beside it."""
    directory = os.path.join(os.environ.get("NPM_DIRECTORY") or scratch_directory(), f"{name}-{version}")
    os.makedirs(directory, exist_ok=True)
    package = os.path.join(directory, "node_modules", name)
    with open(os.path.join(directory, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several tests may want it at once
        if not os.path.exists(package):
            done = subprocess.run(["npm", "install", "--prefix", directory, "--no-save", "--ignore-scripts", "--no-audit",
                                   "--no-fund", f"{name}@{version}"], capture_output=True, text=True, timeout=100,
                                  check=False)
            if done.returncode != 0:
                raise AssertionError(f"npm could not bring {name} {version}:\n{done.stderr}")
    return package
