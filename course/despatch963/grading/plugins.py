"""The grader inside nbgrader: what ``nbgrader autograde`` and formgrader's button call.

``assignments/nbgrader_config.py`` names these. nbgrader goes on to read the marks off the graded
notebook and to write its gradebook, as it always does.
"""

import atexit
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Integer, List, Unicode

from .. import answers
from . import folders, submission, summary, worker
from .running.sandbox import SECONDS


class ForgivingExporter(NotebookExporter):
    """Opens a submitted notebook even when it is damaged, or not there under its name."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert the notebook; what cannot be read is converted as an empty one."""
        try:
            if not Path(filename).is_file():
                raise OSError("it is no file")  # but a pipe, say, at which one waits for ever
            return super().from_filename(filename, resources=resources, **kw)
        except Exception as error:
            self.log.warning("%s could not be read: %s", filename, error)
            known = {**(resources or {}), "metadata": {"path": str(Path(filename).parent)}}
            return self.from_notebook_node(nbformat.v4.new_notebook(), known, **kw)


def find_notebook(assignment: str, student: str, notebooks: list[str]) -> None:
    """Have nbgrader convert the assignment's notebook, whatever the student called theirs.

    nbgrader's ``pre_convert_hook``: `notebooks`, the paths found in one submission, are replaced.
    """
    folder = Path(notebooks[0]).parent
    notebooks[:] = [str(folder / f"{assignment}.ipynb")]


class GradeMaster(NbGraderPreprocessor):
    """Puts the instructor's notebook, with the student's words and the marks in it, in the place
    of what was handed in (one of ``Autograde.sanitize_preprocessors``).
    """

    require_sandbox = Bool(
        False, help="Run no student's code where bubblewrap cannot shut it in."
    ).tag(config=True)
    seconds = Integer(SECONDS, help="How long a student's code may take, all of it.").tag(
        config=True
    )
    reasons = List(
        Unicode(),
        help="Patterns of the questions for which feedback says why a wrong answer does not hold, "
        "such as ['*']. The key is never told.",
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Return the graded notebook for `nb`; raises submission.NoPaper.

        The other files of the graded folder become what the grader read: no link, and a sheet that
        holds what was marked.
        """
        named = resources["nbgrader"]
        # nbgrader works in the course's folder, and that is a CourseDirectory's root if not told.
        where = CourseDirectory(parent=self)
        assignment, student = named["assignment"], named["student"]
        paper = submission.paper(Path(where.root), assignment, self.reasons, self.seconds)
        handed = where.format_path(where.submitted_directory, student, assignment)
        work = submission.work(Path(handed), student, assignment)
        graded = worker.marked(paper, work, self.require_sandbox)
        if graded.problem:
            raise RuntimeError(graded.problem)
        for line in summary.brief(graded.repairs):
            self.log.warning("%s: %s", student, line)
        place = where.format_path(where.autograded_directory, student, assignment)
        ours = {**paper.files, answers.SHEET: graded.sheet}
        folders.put(Path(place), folders.merged(work.files, ours, where.ignore), 0o644)
        return nbformat.reads(graded.notebook.decode("utf-8"), as_version=4), resources


# Whoever imports this may have kept a warm process.
atexit.register(worker.close)
