"""What the graded questions cover: paragraphs by skill, conflicts by unit, as Markdown tables."""

from collections import Counter
from collections.abc import Iterable, Mapping

from .. import despatch, tables
from .unit import Unit

_INTRODUCTION = """\
# What the course asks

Made by `despatch963 build` from the unit files; do not edit it here. Numbers are graded questions,
essays included.
"""


def coverage(course: list[Unit]) -> str:
    """Return the coverage tables of all units, as the text of a Markdown file."""
    graded = [
        (unit.slug[:2], question)
        for unit in course
        if unit.part == "assignment"
        for question in unit.questions.values()
    ]
    skills = Counter((c, q["skill"]) for _, q in graded for c in q["cites"] if c in despatch.ids())
    asked = Counter((c, slug) for slug, q in graded for c in q.get("conflicts", []))
    taught = {
        (conflict, unit.slug[:2])
        for unit in course
        if unit.part == "lesson"
        for question in unit.questions.values()
        for conflict in question.get("conflicts", [])
    }
    units = sorted({slug for slug, _ in graded})
    conflicts = tables.records("conflicts")
    parts = [
        _INTRODUCTION,
        "## Passages and skills\n",
        _table("passage", _columns(skills), ((p, p) for p in despatch.ids()), skills),
        "\n## Conflicts and units\n",
        "A number: graded questions. *taught*: practised in the lesson only.\n",
        _table(
            "conflict",
            units,
            ((row["id"], f"{row['id']} {row['title']} ({row['strength']})") for row in conflicts),
            {**dict.fromkeys(taught, "*taught*"), **asked},
        ),
    ]
    return "\n".join(parts)


def _columns(counts: Counter[tuple[str, str]]) -> list[str]:
    return sorted({column for _, column in counts})


def _table(
    corner: str,
    columns: list[str],
    rows: Iterable[tuple[str, str]],
    cells: Mapping[tuple[str, str], object],
) -> str:
    lines = [f"| {corner} | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for row, label in rows:
        values = (str(cells.get((row, column), "")) for column in columns)
        lines.append(f"| {label} | {' | '.join(values)} |")
    return "\n".join(lines) + "\n"
