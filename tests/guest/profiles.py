# SPDX-License-Identifier: GPL-2.0
"""bundle PROFILE USER GROUP CAPABILITIES COMMAND...: turns the config.json in this folder, as `crun
spec` writes it, into one for COMMAND on the guest's own root file system and network, under PROFILE;
with `-` for PROFILE under none. CAPABILITIES are comma-separated, or "-"."""

import json
import sys

profile, user, group, capabilities, *command = sys.argv[1:]
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
if profile != "-":
    config["annotations"] = {"io.vkernel.profile": profile}
with open("config.json", "w") as file:
    json.dump(config, file)
