"""The instructor's guide says of the units what the units say."""

import re

import pytest
from conftest import ROOT
from despatch963.authoring import unit as units

GUIDE = (ROOT / "course" / "guide.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].replace(" ", "-", 1): cells
    for line in GUIDE.splitlines()
    if re.match(r"\| \d\d ", line)
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    if len(cells) == 7
}
SLUGS = sorted(path.parent.name for path in ROOT.glob("course/units/*/assignment.md"))


def test_the_table_of_units_has_every_unit():
    assert sorted(ROWS) == SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_minutes_points_and_length_of_the_essay_are_those_of_the_unit(slug):
    lesson, assignment = (
        units.read(ROOT / f"course/units/{slug}/{part}.md")[0] for part in ("lesson", "assignment")
    )
    essay = next(q for q in assignment.questions.values() if q["kind"] == "essay")
    _, _, _, minutes, longer, points, told = ROWS[slug]
    assert int(minutes) == lesson.front["minutes"]
    assert int(longer) == assignment.front["minutes"]
    assert float(points) == sum(q["points"] for q in assignment.questions.values())
    assert "{}–{}".format(*essay["words"]) in told
    assert essay["points"] == 12, "as the guide says of every unit"
