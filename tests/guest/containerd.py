# SPDX-License-Identifier: GPL-2.0
"""What the kubelet asks of containerd, as far as a pod with one container needs it.

run CLASS IMAGE: prints "pod ID" and "container ID". exec CONTAINER COMMAND...: its output, and its
exit status. remove POD. The messages are those of the Container Runtime Interface, v1; they are put
together by hand, because Debian packages no client of it.
"""

import sys

import grpc

SOCKET = "unix:///run/containerd/containerd.sock"
SERVICE = "/runtime.v1.RuntimeService/"


def number(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def message(*fields):
    """Fields are (number, value): an integer, a text, bytes, or a list of these."""
    out = b""
    for tag, value in fields:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, int):
                out += number(tag << 3) + number(item)
            else:
                item = item.encode() if isinstance(item, str) else item
                out += number(tag << 3 | 2) + number(len(item)) + item
    return out


def read_number(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def fields(data):
    found, at = {}, 0
    while at < len(data):
        key, at = read_number(data, at)
        value, at = read_number(data, at)
        if key & 7 == 2:
            value, at = data[at : at + value], at + value
        found[key >> 3] = value
    return found


def call(channel, name, request):
    return fields(channel.unary_unary(SERVICE + name)(request, timeout=120))


POD_WIDE, CONTAINER, NODE = 0, 1, 2
NAMESPACES = message((1, NODE), (2, CONTAINER), (3, POD_WIDE))  # network, pid, ipc
POD = message(
    (1, message((1, "pod"), (2, "uid"), (3, "default"))),
    (3, "/run/pods"),
    (8, message((2, message((1, NAMESPACES))))),
)
# The profile that containerd has by itself, as in RuntimeDefault.
SECURITY = message((3, NAMESPACES), (15, message((1, 0))))


def run(channel, name, image):
    pod = call(channel, "RunPodSandbox", message((1, POD), (2, name)))[1].decode()
    print("pod", pod)
    config = message(
        (1, message((1, "shell"))),
        (2, message((1, image))),
        (3, ["sleep", "infinity"]),
        (11, "shell.log"),
        (15, message((2, SECURITY))),
    )
    request = message((1, pod), (2, config), (3, POD))
    container = call(channel, "CreateContainer", request)[1].decode()
    print("container", container)
    call(channel, "StartContainer", message((1, container)))
    return 0


def execute(channel, container, *command):
    answer = call(channel, "ExecSync", message((1, container), (2, list(command)), (3, 60)))
    for stream in 1, 2:
        sys.stdout.write(answer.get(stream, b"").decode())
    return answer.get(3, 0)


def remove(channel, pod):
    call(channel, "StopPodSandbox", message((1, pod)))
    call(channel, "RemovePodSandbox", message((1, pod)))
    return 0


def main():
    command = {"run": run, "exec": execute, "remove": remove}[sys.argv[1]]
    with grpc.insecure_channel(SOCKET, [("grpc.default_authority", "localhost")]) as channel:
        try:
            return command(channel, *sys.argv[2:])
        except grpc.RpcError as error:
            print(error.details())
            return 1


sys.exit(main())
