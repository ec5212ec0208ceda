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

# The course's own grader, instead of running what was handed in. Without these lines nbgrader
# gives honest work the same marks, more slowly, and runs students' code beside the keys.
c.Autograde.exporter_class = "despatch963.grading.plugins.ForgivingExporter"
c.Autograde.pre_convert_hook = "despatch963.grading.plugins.find_notebook"
c.Autograde.sanitize_preprocessors = ["despatch963.grading.plugins.GradeMaster"]
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Seconds that one student's code may take, all of it (30 if not said).
# c.GradeMaster.seconds = 60

# Feedback says why a wrong answer does not hold, for the questions that fit one of these patterns
# (the key itself is never told); a reason can still help whoever is to hand in later.
# c.GradeMaster.reasons = ["*"]

# For a class that you do not know: run no student's code where bubblewrap cannot shut it in.
# c.GradeMaster.require_sandbox = True

# What students write is shown in formgrader and in feedback as text, never as a program.
c.HTMLExporter.filters = {"markdown2html": "despatch963.grading.harmless.markdown"}

# Where the course's grader is taken out: put back question cells that a student deleted.
c.OverwriteCells.add_missing_cells = True

# Submissions are stamped in UTC, wherever the server is: nbgrader takes summer times (CEST, EDT)
# for UTC. Write due dates with the name of a zone: 2026-03-29 03:00 Europe/Berlin
c.Exchange.timezone = "UTC"
c.Exchange.timestamp_format = "%Y-%m-%d %H:%M:%S.%f %Z"
