"""Where a widget is called."""

import os


def in_nbgrader() -> bool:
    """Say whether nbgrader runs the notebook: nobody looks, and nothing may be changed."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))
