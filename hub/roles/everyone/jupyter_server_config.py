"""The single-user server, for instructors and students."""

import os

c = get_config()  # noqa: F821 (Jupyter provides it)

# By default kernels speak on the machine's own network, where every other user can listen to what
# they print. Sockets in a private folder are for their owner alone.
c.KernelManager.transport = "ipc"

# Terminals find nbgrader and despatch963. A login shell, the default, would forget the way to them.
c.ServerApp.terminado_settings = {"shell_command": [os.environ.get("SHELL", "/bin/sh")]}

# Nothing is asked of any server elsewhere.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
