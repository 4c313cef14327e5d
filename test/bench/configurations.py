"""What large configurations cost: to check, to start, and to show. One figure each, the CPU time or the memory."""
import socket
import time

from contender import Running, check, free_port

COUNTS = (1000, 10000)


def proxies_text(count, directory):
    """Listeners on abstract sockets, because there are not so many free ports, and files cost what the file system likes; the last one is a port."""
    text = ["defaults", " mode tcp", " timeout client 1m", " timeout server 1m", " timeout connect 5s"]
    for number in range(count):
        text += [f"listen p{number}", f" bind abns@{directory}/{number}", " server s 127.0.0.1:80"]
    return "\n".join(text) + "\n"


def show_stat(path):
    """The whole answer's length."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(b"show stat\n")
        length = 0
        while part := client.recv(1 << 20):
            length += len(part)
        return length


def measure(bench, contender):
    """Rows of (name, unit, value)."""
    for count in COUNTS:
        path = bench.directory / f"{count}.cfg"
        path.write_text(proxies_text(count, bench.directory))
        seconds, megabytes = check(contender, path)
        yield f"-c of {count} proxies, time", "s", seconds
        yield f"-c of {count} proxies, memory", "MB", megabytes
        port = free_port()
        text = path.read_text() + f"listen last\n bind 127.0.0.1:{port}\n server s 127.0.0.1:80\n"
        with Running(contender, f"global\n nbthread 1\n maxconn 1000\n{text}", port, bench.directory) as running:
            yield f"start with {count} proxies, time", "s", running.start_cpu
            yield f"start with {count} proxies, memory", "MB", running.memory() / 1048576
    servers = "".join(f" server s{number} 127.0.0.1:80\n" for number in range(10000))
    port = free_port()
    api = bench.directory / f"{contender.name}.api"
    text = (f"global\n nbthread 1\n maxconn 1000\n stats socket {api} level admin\ndefaults\n mode tcp\n timeout client 1m\n"
            f" timeout server 1m\n timeout connect 5s\nlisten l\n bind 127.0.0.1:{port}\n{servers}")
    with Running(contender, text, port, bench.directory) as running:
        show_stat(api)
        before, started = running.cpu(), time.monotonic()
        for _ in range(5):
            show_stat(api)
        yield "show stat of 10000 servers, time", "s", (running.cpu() - before) / 5
        yield "show stat of 10000 servers, until the last byte", "s", (time.monotonic() - started) / 5
