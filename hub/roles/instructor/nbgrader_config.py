"""Where the instructor's formgrader finds the course."""

from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader provides it)

# Formgrader's pages would fetch a program for formulas from elsewhere; the course has no formulas.
c.HTMLExporter.mathjax_url = ""

c.CourseDirectory.root = str(Path.home() / "despatch963")
