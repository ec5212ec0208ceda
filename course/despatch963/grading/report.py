"""The report on a class: one HTML page for the instructor, with everything it needs inside.

It holds keys, so it is the instructor's. Students are not named unless that is asked for.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import attendance, classroom, reading, statistics
from .classroom import Class

if TYPE_CHECKING:
    import pandas as pd

BINS = 10
WEAK = 0.1
"""A question that sorts students worse than this is to be looked at."""


def report(course: Path, assignment: str, names: bool = False) -> str:
    """Return the page on one assignment, from an nbgrader course's folders.

    Raises classroom.NothingToReport when there is nothing.
    """
    from jinja2 import Environment, PackageLoader
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    group = classroom.read(course, assignment)
    pages = Environment(
        loader=PackageLoader(__package__, "pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    inline = MarkdownIt("commonmark", {"html": False}).renderInline
    pages.filters["prose"] = lambda words: Markup(inline(words))
    came = attendance.attendance(course, assignment, group.folders)
    return pages.get_template("report.html").render(_facts(group, came, names))


def _facts(group: Class, came: attendance.Attendance, names: bool) -> dict[str, Any]:
    import pandas as pd

    scores = classroom.scores(group)
    points = pd.Series({name: float(asked["points"]) for name, asked in group.questions.items()})
    skills = {name: asked["skill"].replace("-", " ") for name, asked in group.questions.items()}
    totals = (scores * points).sum(axis=1)
    questions = _questions(group, scores, points)
    times = sorted(time for time in came.times.values() if time)
    return {
        "assignment": group.assignment,
        "students": len(scores),
        "empty": sum(not given for given in group.responses.values()),
        "came": came,
        "first": times[0] if times else None,
        "last": times[-1] if times else None,
        "most": points.sum(),
        "mean": totals.mean(),
        "median": totals.median(),
        "distribution": _distribution(totals, points.sum()),
        "reliability": statistics.reliability(scores, points),
        "questions": questions,
        "hardest": sorted(questions, key=lambda question: question["difficulty"])[:3],
        "doubtful": [q for q in questions if q["discrimination"] < WEAK],
        "skills": _skills(statistics.mastery(scores, points, skills)),
        "reading": reading.reading(group),
        "steps": reading.STEPS,
        "people": list(totals.sort_index().items()) if names else [],
    }


def _distribution(totals: "pd.Series", most: float) -> list[tuple[str, int]]:
    """Return (range of points, students) from the lowest to the highest."""
    width = most / BINS
    place = (totals / width).astype(int).clip(upper=BINS - 1)
    counted = place.value_counts()
    return [
        (f"{n * width:.0f} to {(n + 1) * width:.0f}", int(counted.get(n, 0))) for n in range(BINS)
    ]


def _questions(group: Class, scores: "pd.DataFrame", points: "pd.Series") -> list[dict[str, Any]]:
    found = statistics.items(scores, points)
    answered = classroom.answered(group)
    return [
        {
            "id": name,
            "prompt": " ".join(asked["prompt"].split()),
            "kind": asked["kind"],
            "skill": asked["skill"].replace("-", " "),
            "points": asked["points"],
            "answered": answered[name],
            "difficulty": found.loc[name, "difficulty"],
            "discrimination": found.loc[name, "discrimination"],
            "misreadings": classroom.misreadings(group, name),
        }
        for name, asked in group.questions.items()
    ]


def _skills(mastered: "pd.DataFrame") -> list[dict[str, Any]]:
    return [
        {
            "skill": skill,
            "mean": shares.mean(),
            "low": int((shares < 0.5).sum()),
            "high": int((shares >= 0.8).sum()),
        }
        for skill, shares in mastered.items()
    ]
