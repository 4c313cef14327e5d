"""The programs that are measured: their configuration, their start, and what they have cost so far."""
import os
import pathlib
import shutil
import socket
import subprocess
import time

ORACLE = "haproxy"  # every ratio is to this one
PAGE = os.sysconf("SC_PAGE_SIZE")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"gave up waiting for {what}")
        time.sleep(0.01)


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def haproxy_text(port, backend_port, servers, threads, extra=""):
    """One listener in front of `servers` times the same back end."""
    lines = ["global", f" nbthread {threads}", " maxconn 9500", "defaults", " mode tcp", " maxconn 9500",
             " timeout client 1h", " timeout server 1h", " timeout connect 5s", "listen l", f" bind 127.0.0.1:{port}"]
    lines += [f" server s{number} 127.0.0.1:{backend_port}" for number in range(servers)]
    return "\n".join(lines) + "\n" + extra


def nginx_text(port, backend_port, directory, threads):
    module = next(pathlib.Path("/usr/lib/nginx/modules").glob("*stream*"), None)
    load = f"load_module {module};" if module else ""
    processes = f"worker_processes {threads}; master_process {'on' if threads > 1 else 'off'};"
    return (f"{load} daemon off; {processes} error_log /dev/null; pid {directory}/nginx.pid;\n"
            "events { worker_connections 20000; }\n"
            f"stream {{ server {{ listen 127.0.0.1:{port}; proxy_pass 127.0.0.1:{backend_port}; proxy_timeout 1h; }} }}\n")


def resident(pids):
    """Bytes of all together."""
    return sum(int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE for pid in pids)


class Running:
    """One program in front of the back end. CPU time and memory are those of the process and of its children."""

    def __init__(self, contender, text, port, directory):
        path = directory / f"{contender.name}-{port}.cfg"
        path.write_text(text)
        self.port = port
        started = time.monotonic()
        self.process = subprocess.Popen([*contender.command, str(path)], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        wait_for(lambda: answers(port), f"{contender.name} to listen")
        self.start_seconds = time.monotonic() - started
        self.start_cpu = self.cpu()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def _processes(self):
        yield self.process.pid
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        yield from map(int, children)

    def cpu(self):
        """Seconds of user and system time of all threads, as fine as the kernel tells."""
        total = 0
        for pid in self._processes():
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def memory(self):
        return resident(self._processes())


class Contender:
    def __init__(self, name, command):
        self.name = name
        self.command = command

    def run(self, bench, servers=1, extra=None):
        port = free_port()
        if self.name == "nginx":
            text = nginx_text(port, bench.backend_port, bench.directory, bench.threads)
        else:
            more = extra(bench.directory, port) if extra else ""
            text = haproxy_text(port, bench.backend_port, servers, bench.threads, more)
        return Running(self, text, port, bench.directory)


def contenders(ddbproxy, haproxy):
    """haproxy, ddbproxy, and nginx's stream module where it is installed."""
    found = [Contender(ORACLE, [haproxy, "-db", "-f"]), Contender("ddbproxy", [ddbproxy, "-db", "-f"])]
    if shutil.which("nginx"):
        found.append(Contender("nginx", ["nginx", "-c"]))
    return found


def check(contender, path):
    """CPU seconds and megabytes of one -c."""
    command = [*contender.command[:1], "-c", "-q", "-f", str(path)]
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{contender.name} -c {path} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
