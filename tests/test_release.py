"""A self-learner's assignment is the one that nbgrader releases to a class."""

import pytest
from conftest import ROOT, Course
from despatch963.release import student_version

pytestmark = pytest.mark.slow


def test_the_student_version_is_byte_for_byte_what_nbgrader_generates(tmp_path) -> None:
    course = Course(tmp_path, (ROOT / "assignments/nbgrader_config.py").read_text("utf-8"))
    for source in sorted((ROOT / "assignments" / "source").glob("*/*.ipynb")):
        course.nbgrader("generate_assignment", source.stem)
        released = course.folder / "release" / source.stem / source.name
        assert student_version(source.read_text("utf-8")) == released.read_text("utf-8")
