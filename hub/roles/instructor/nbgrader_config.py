"""Where the instructor's formgrader finds the course."""

from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.root = str(Path.home() / "despatch963")
