"""A JupyterHub by the campus's settings, for tests: the real hub, with no proxy before it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import psutil
import yaml
from conftest import ROOT

KUBERNETES = ROOT / "hub" / "kubernetes"
MANIFESTS = [
    one
    for name in ("ngshare.yaml", "grading.yaml")
    for one in yaml.safe_load_all((KUBERNETES / name).read_text("utf-8"))
]
PODS = {
    one["metadata"]["name"]: one["spec"]["template"]
    for one in MANIFESTS
    if one["kind"] == "Deployment"
}
VALUES = yaml.safe_load((KUBERNETES / "values.yaml").read_text("utf-8"))

# `tokens` is a service that may ask what a test wants to know.
HUB = """
from jupyterhub.proxy import Proxy

class NoProxy(Proxy):
    should_start = False
    async def add_route(self, routespec, target, data): pass
    async def delete_route(self, routespec): pass
    async def get_all_routes(self): return {}

c = get_config()
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.bind_url = "http://127.0.0.1:%(public)d"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:%(port)d"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.services = [{"name": "tokens", "api_token": "%(secret)s"}]
c.JupyterHub.load_roles = [
    *%(roles)r,
    {
        "name": "tokens",
        "scopes": ["tokens", "list:users", "admin:auth_state"],
        "services": ["tokens"],
    },
]
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Hub:
    """A started hub: where it is, and what it says to the service that may ask."""

    def __init__(self, place, more):
        public, self.port = free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}/hub"
        self.secret = os.urandom(16).hex()
        roles = [{"name": name, **role} for name, role in VALUES["hub"]["loadRoles"].items()]
        known = {"public": public, "port": self.port, "secret": self.secret, "roles": roles}
        config = place / "jupyterhub_config.py"
        config.write_text(HUB % known + more, encoding="utf-8")
        self._log = place / "hub.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", config],
                cwd=place,
                env={**os.environ, "JUPYTERHUB_CRYPT_KEY": os.urandom(32).hex()},
                stdout=log,
                stderr=log,
            )

    def wait(self, url):
        """Wait until `url` answers."""
        end = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(url, timeout=5)
                return
            except OSError as error:
                told = self._log.read_text("utf-8")[-3000:]
                assert self.process.poll() is None and time.monotonic() < end, (error, told)
                time.sleep(0.5)

    def api(self, path, content=None):
        request = urllib.request.Request(
            f"{self.url}/api/{path}",
            data=None if content is None else json.dumps(content).encode(),
            headers={"Authorization": f"token {self.secret}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)


@contextmanager
def started(place, more):
    """Start a hub with settings of its own (`more`, Python); end it and its services afterwards."""
    hub = Hub(place, more)
    try:
        yield hub
    finally:
        children = psutil.Process(hub.process.pid).children(recursive=True)
        hub.process.send_signal(signal.SIGINT)
        try:
            hub.process.wait(20)
        except subprocess.TimeoutExpired:
            hub.process.kill()
        for child in children:
            if child.is_running():
                child.kill()
