"""nbgrader's settings for this course. Everything here may be overruled on a hub."""

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "despatch963"

# The lock beside an answer sheet is of no use to anyone else, and a `keys` folder in a submission
# is not ours.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    ".pytest_cache",
    ".answers.lock",
    ".answers-*.tmp",
    "keys",
]

# A student who deletes a question cell loses no points by the gap: nbgrader puts it back.
c.OverwriteCells.add_missing_cells = True

# Submissions are stamped in UTC, wherever the server is: nbgrader takes summer times (CEST, EDT)
# for UTC. Write due dates with the name of a zone: 2026-03-29 03:00 Europe/Berlin
c.Exchange.timezone = "UTC"
c.Exchange.timestamp_format = "%Y-%m-%d %H:%M:%S.%f %Z"
