"""The JupyterHub of `make hub`, which trial.py starts in its folder of state.

A trial on one machine. README.md beside this file says what a hub for a campus does otherwise.
"""

import json
import os
import sys
from pathlib import Path
from secrets import compare_digest

from jupyterhub.auth import Authenticator

c = get_config()  # noqa: F821 (JupyterHub provides it)

trial = json.loads(Path("trial.json").read_text(encoding="utf-8"))
place = Path(trial["place"])
programs = Path(sys.prefix) / "bin"

# --- Where: this machine only. Whoever is on another one comes through an SSH tunnel. ------------
c.JupyterHub.bind_url = f"http://127.0.0.1:{trial['port']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{trial['hub_port']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{trial['proxy_port']}"
c.ConfigurableHTTPProxy.log_level = "warn"
c.ConfigurableHTTPProxy.command = trial["proxy"]
c.JupyterHub.template_vars = {"announcement": trial["announcement"]}
c.JupyterHub.log_level = "WARN"


# --- Who: the names of the trial, each with a password made for it. ------------------------------
class NamesOfTheTrial(Authenticator):
    """Let in those whom trial.py made, by the passwords that it printed."""

    async def authenticate(self, handler, data):
        password = trial["passwords"].get(data["username"], "")
        given = data["password"].encode()
        return data["username"] if password and compare_digest(password.encode(), given) else None


c.JupyterHub.authenticator_class = NamesOfTheTrial
c.Authenticator.allowed_users = set(trial["passwords"])

# --- What: a JupyterLab in one's own home folder, under one's own Unix user. ---------------------
# Only root can start processes for others.
c.JupyterHub.spawner_class = "localprocess" if os.geteuid() == 0 else "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(place / "homes" / "{username}")
c.Spawner.cmd = [str(programs / "jupyterhub-singleuser")]
c.Spawner.args = ["--log-level=WARN"]
c.Spawner.default_url = "/lab"
c.Spawner.notebook_dir = "~"


def settings(spawner):
    """Return the folders of settings for the user's role, the first above the second."""
    role = "instructor" if spawner.user.name == trial["instructor"] else "student"
    return os.pathsep.join(str(place / "roles" / name) for name in (role, "everyone"))


c.Spawner.environment = {
    "PATH": os.pathsep.join([str(programs), "/usr/local/bin:/usr/bin:/bin"]),
    "JUPYTER_CONFIG_PATH": settings,
    # Kernels talk through sockets in it; the path of a socket must be short.
    "JUPYTER_RUNTIME_DIR": lambda spawner: str(place / "run" / spawner.user.name),
    "DESPATCH963_EXCHANGE": str(place / "exchange"),
    # Git pulls the lessons from a folder that is somebody else's only when told to trust it.
    "GIT_CONFIG_SYSTEM": str(place / "roles" / "gitconfig"),
}
