"""Threads of the tests' servers. They end before the interpreter does: one that wakes up while its modules are being taken
apart can crash the whole test."""
import atexit
import socket
import threading

_lock = threading.Lock()
_threads = set()
_sockets = set()


def start(target, *arguments):
    """Runs it on a thread of its own."""
    def work():
        try:
            target(*arguments)
        finally:
            with _lock:
                _threads.discard(thread)
    thread = threading.Thread(target=work, daemon=True)
    with _lock:
        _threads.add(thread)
    thread.start()


def watch(waited_for):
    """The sockets that a thread may be waiting for; they are shut at the end."""
    with _lock:
        _sockets.add(waited_for)


def forget(waited_for):
    with _lock:
        _sockets.discard(waited_for)


def shut(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # It is closed already, or was never connected.


@atexit.register
def _end():
    with _lock:
        threads, sockets = list(_threads), list(_sockets)
    for sock in sockets:
        shut(sock)
    for thread in threads:
        thread.join(2)
