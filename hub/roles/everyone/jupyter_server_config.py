"""The single-user server, for instructors and students."""

c = get_config()  # noqa: F821 (Jupyter provides it)

# By default kernels speak on the machine's own network, where every other user can listen to what
# they print. Sockets in a private folder are for their owner alone.
c.KernelManager.transport = "ipc"

# Nothing is asked of any server elsewhere.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
