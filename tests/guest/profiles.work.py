# SPDX-License-Identifier: GPL-2.0
"""A Python program that does what Python programs do; prints "done" when all of it worked."""

import asyncio
import hashlib
import json
import mmap
import multiprocessing
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time


def threads():
    total, lock = [], threading.Lock()

    def work(number):
        with lock:
            total.append(number * number)

    crew = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert sum(total) == 140


def processes():
    with multiprocessing.Pool(2) as pool:
        assert pool.map(abs, [-1, 2, -3]) == [1, 2, 3]
    result = subprocess.run(["/bin/sh", "-c", "cat | sort"], input=b"b\na\n", stdout=subprocess.PIPE)
    assert result.stdout == b"a\nb\n"
    assert subprocess.check_output([sys.executable, "-c", "print(6 * 7)"]) == b"42\n"


def sockets():
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    peer, _ = server.accept()
    peer.sendall(b"hello")
    assert client.recv(5) == b"hello"
    left, right = socket.socketpair()
    left.send(b"x")
    assert right.recv(1) == b"x"
    assert socket.getaddrinfo("localhost", 80)


def encryption(folder):
    key, certificate = folder + "/key.pem", folder + "/certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        + ["-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        with context.wrap_socket(server.accept()[0], server_side=True) as connection:
            connection.sendall(connection.recv(100).upper())

    thread = threading.Thread(target=serve)
    thread.start()
    trusted = ssl.create_default_context(cafile=certificate)
    with socket.create_connection(server.getsockname()) as plain:
        with trusted.wrap_socket(plain, server_hostname="localhost") as connection:
            connection.sendall(b"secret")
            assert connection.recv(100) == b"SECRET"
    thread.join()


def files(folder):
    path = folder + "/data"
    with open(path, "wb") as file:
        file.write(os.urandom(8192))
        os.fsync(file.fileno())
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as view:
        view[:4] = b"test"
        assert len(hashlib.sha256(view).hexdigest()) == 64
    os.rename(path, path + "2")
    os.link(path + "2", path)
    os.symlink(path, path + "3")
    assert sorted(os.listdir(folder))[:3] == ["certificate.pem", "data", "data2"]
    assert json.loads(json.dumps({"a": 1})) == {"a": 1}


async def coroutines():
    async def echo(reader, writer):
        writer.write(await reader.read(100))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"ping")
    assert await reader.read(100) == b"ping"
    writer.close()
    server.close()
    child = await asyncio.create_subprocess_exec("true")
    assert await child.wait() == 0


def signals():
    seen = []
    signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    time.sleep(0.2)
    assert seen
    os.kill(os.getpid(), 0)


threads()
processes()
sockets()
with tempfile.TemporaryDirectory() as place:
    encryption(place)
    files(place)
asyncio.run(coroutines())
signals()
print("done")
