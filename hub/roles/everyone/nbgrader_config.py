"""nbgrader, for instructors and students."""

import os
import secrets
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "despatch963"
c.Exchange.root = os.environ["DESPATCH963_EXCHANGE"]

# As in jupyter_server_config.py. Kernels that nbgrader starts need to be told where their sockets
# are: by themselves they take the folder they run in, and nbgrader looks in another.
c.KernelManager.transport = "ipc"
c.KernelManager.ip = str(Path(jupyter_runtime_dir()) / f"nbgrader-{secrets.token_hex(4)}")
