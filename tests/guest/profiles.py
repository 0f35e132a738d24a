# SPDX-License-Identifier: GPL-2.0
"""bundle PROFILE USER GROUP CAPABILITIES COMMAND...: turns the config.json in this folder, as `crun
spec` writes it, into one for COMMAND on the guest's own root file system and network, under PROFILE.
CAPABILITIES are comma-separated, or "-".

refused [CALL...]: reads what `vkernel stats --json` prints, and ends with status 1 if anything was
refused but these system calls. Capabilities do not count: the container has none that its profile
does not allow, so the kernel refuses the same, and programs ask for some in passing."""

import json
import sys


def bundle(profile, user, group, capabilities, *command):
    with open("config.json") as file:
        config = json.load(file)
    names = [] if capabilities == "-" else capabilities.split(",")
    config["process"].update(
        terminal=False,
        user={"uid": int(user), "gid": int(group)},
        args=command,
        cwd="/",
        capabilities={name: names for name in ("bounding", "effective", "permitted")},
        rlimits=[{"type": "RLIMIT_NOFILE", "hard": 65536, "soft": 65536}],
    )
    config["process"]["env"].append("HOME=/tmp")
    config["root"]["readonly"] = False
    config["linux"]["namespaces"] = [
        namespace for namespace in config["linux"]["namespaces"] if namespace["type"] != "network"
    ]
    config["annotations"] = {"io.vkernel.profile": profile}
    with open("config.json", "w") as file:
        json.dump(config, file)
    return 0


def refused(*expected):
    stats = json.load(sys.stdin)
    calls = {call["name"]: call["count"] for call in stats["calls"]}
    classes = {name: count for name, count in stats["classes"].items() if count}
    print(calls, classes)
    counted = {"capability"} | ({"syscall", "io_uring"} if expected else set())
    return int(bool(set(calls) - set(expected) or set(classes) - counted))


sys.exit({"bundle": bundle, "refused": refused}[sys.argv[1]](*sys.argv[2:]))
