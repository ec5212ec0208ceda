"""Running students' code where it can reach nothing that is not its own.

What both sides know stands here: the grader's side is imported where the other cannot be (Windows).
"""

FOLDER = "/alone"
"""Where a submission is alone. Not /tmp: a course or its Python may be installed below that."""
RESULT = 16_000_000
"""Bytes of what is told of one submission, at the most."""
