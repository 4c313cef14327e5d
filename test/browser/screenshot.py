#!/usr/bin/env python3
"""Takes the README's picture of the statistics page: four nodes with sessions, one that drains and one that is down.

usage: PROXY_PROGRAM=build/ddbproxy test/browser/screenshot.py man/stats-page.png [light|dark] [WIDTH HEIGHT]"""
import os
import random
import selectors
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from page import PageTest  # noqa: E402

WATCHED_S = 40


class Picture(PageTest):
    """Not a test: only its proxy, its nodes and its browser are wanted."""


def answer(nodes, stop):
    """Every node sends back more than it gets."""
    watched = selectors.DefaultSelector()
    for listener in nodes.sockets:
        watched.register(listener, selectors.EVENT_READ, True)
    while not stop.is_set():
        for key, _ in watched.select(0.2):
            try:
                if key.data:
                    watched.register(key.fileobj.accept()[0], selectors.EVENT_READ, False)
                elif data := key.fileobj.recv(65536):
                    key.fileobj.sendall(data * 3)
                else:
                    watched.unregister(key.fileobj)
                    key.fileobj.close()
            except (OSError, ValueError):
                watched.unregister(key.fileobj)


def work(port, stop):
    """Clients come, ask for a while and go."""
    chance = random.Random(7)
    clients = []
    while not stop.is_set():
        wanted = 14 + int(10 * abs((time.monotonic() % 24) / 12 - 1))
        while len(clients) < wanted:
            clients.append(socket.create_connection(("127.0.0.1", port)))
        while len(clients) > wanted:
            clients.pop(chance.randrange(len(clients))).close()
        for client in clients:
            client.setblocking(False)
            try:
                while client.recv(1 << 16):
                    pass
            except OSError:
                pass  # All is read.
            try:
                if chance.random() < 0.3:
                    client.send(b"x" * chance.randrange(20000))
            except OSError:
                pass  # It has enough to do.
        time.sleep(0.05)


def main(path, scheme="light", width="1280", height="960"):
    Picture.setUpClass()
    stop = threading.Event()
    threads = [threading.Thread(target=answer, args=(Picture.nodes, stop)),
               threading.Thread(target=work, args=(Picture.front, stop))]
    for thread in threads:
        thread.start()
    try:
        browser, proxy = Picture.browser, Picture.proxy
        browser.look(scheme, int(width), int(height))
        browser.open(f"http://admin:admin@127.0.0.1:{Picture.port}/haproxyamdin")
        time.sleep(WATCHED_S / 2)
        proxy.ask("set server ddb_backend/node2 state drain")
        proxy.ask("set server ddb_backend/node4 addr 127.0.0.1 port 1")
        time.sleep(WATCHED_S / 2)
        browser.screenshot(path)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        Picture.tearDownClass()


if __name__ == "__main__":
    main(*sys.argv[1:])
