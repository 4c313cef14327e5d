"""Packages from npm that tests use: each is fetched once a build directory, in a directory of its own."""
import fcntl
import os
import shutil
import subprocess
import sys
import unittest

from proxy import scratch_directory


# Soon sure that there is no way to it.
PATIENCE = ["--prefer-offline", "--fetch-retries=2", "--fetch-retry-mintimeout=200", "--fetch-retry-maxtimeout=2000", "--fetch-timeout=30000"]


def fetch(name, version):
    """The directory that the package is in, with what it depends on beside it. Skips the test where npm cannot bring it."""
    directory = os.path.join(os.environ.get("NPM_DIRECTORY") or scratch_directory(), f"{name}-{version}")
    os.makedirs(directory, exist_ok=True)
    modules, whole = os.path.join(directory, "node_modules"), os.path.join(directory, "whole")
    with open(os.path.join(directory, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several tests may want it at once
        if not os.path.exists(whole):
            shutil.rmtree(modules, ignore_errors=True)  # what was interrupted
            install(directory, name, version)
            with open(whole, "w", encoding="ascii"):
                pass
    return os.path.join(modules, name)


def install(directory, name, version):
    if not shutil.which("npm"):
        left_out(f"npm, which brings {name}, is not installed")
    try:
        done = subprocess.run(["npm", "install", "--prefix", directory, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund",
                               *PATIENCE, f"{name}@{version}"], capture_output=True, text=True, timeout=80, check=False)
    except subprocess.TimeoutExpired:
        left_out(f"npm did not bring {name} {version} in time")
    if done.returncode != 0:
        left_out(f"npm could not bring {name} {version}:\n{done.stderr}")


def left_out(why):
    """Skips the test for this reason; test/run.sh allows none."""
    if os.environ.get("EVERY_TEST"):
        raise AssertionError(why)
    raise unittest.SkipTest(why)


def need(name, version):
    """As fetch(), for a test program that can do nothing without: it ends as one that meson skips."""
    try:
        return fetch(name, version)
    except unittest.SkipTest as skipped:
        print(skipped)
        sys.exit(77)
