"""JupyterLab on the reader's folder: this machine only, nothing fetched from anywhere."""

import os
import secrets
from pathlib import Path

# A reader has no use for nbgrader's exchange and formgrader, nor for Jupyter's news: off here.
_SETTINGS = Path(__file__).parent / "jupyter"


def serve(folder: Path, notebook: str, port: int | None = None, browser: bool = True) -> None:
    """Run JupyterLab on `notebook` in `folder` until Ctrl-C.

    Prints the address, token included. Without `port` the first free one from 8888 is taken.
    """
    from jupyterlab.labapp import LabApp

    others = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        [str(_SETTINGS), *([others] if others else [])]
    )
    token = secrets.token_hex(24)
    server = LabApp.initialize_server(argv=_options(folder, notebook, port, browser, token))

    def announce() -> None:
        print(f"The course is open at {server.connection_url}lab/tree/{notebook}?token={token}")
        print("Leave this window open while you read; Ctrl-C in it ends the course.", flush=True)

    # Jupyter takes its port in the first turn of its loop; before that nobody would answer.
    server.io_loop.add_callback(announce)
    server.start()


def _options(folder: Path, notebook: str, port: int | None, browser: bool, token: str) -> list[str]:
    options = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
        # Tabs of other work on this machine stay out of the course, and the course's out of theirs.
        f"--LabApp.workspaces_dir={folder / '.jupyter' / 'workspaces'}",
        # A token that Jupyter makes itself comes with a page of log; this one we print.
        f"--IdentityProvider.token={token}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--ServerApp.answer_yes=True",
        f"--ServerApp.open_browser={browser}",
        "--Application.log_level=ERROR",
    ]
    if port is not None:
        options.append(f"--ServerApp.port={port}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everyone is root, and Jupyter would refuse to start.
        options.append("--ServerApp.allow_root=True")
    return options
