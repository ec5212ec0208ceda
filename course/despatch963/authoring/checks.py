"""What must hold of a unit file as a whole: front matter, passages, quotations, unique ids."""

import re
from collections.abc import Iterator
from functools import cache

from .. import despatch
from ..questions import locate
from .question_checks import check_question
from .unit import Problem, Unit

_FRONT = ("title", "passages", "minutes", "you_will_do", "you_will_learn")


def check(unit: Unit) -> list[Problem]:
    """Return every mistake in one unit file that can be seen in that file alone."""
    problems = [*_front_matter(unit), *_quotations(unit)]
    for question in unit.questions.values():
        name = str(question.get("id", "(no id)"))
        problems += [
            Problem(unit.file, name, rule, found)
            for rule, found in check_question(question, unit.part)
        ]
    return problems


def duplicates(units: list[Unit]) -> list[Problem]:
    """Return a problem for each question id that stands twice in the course."""
    seen: dict[str, str] = {}
    problems = []
    for unit in units:
        for question in unit.questions.values():
            name = str(question.get("id"))
            if name in seen:
                problems.append(
                    Problem(unit.file, name, "id must be unique", f"also in {seen[name]}")
                )
            seen.setdefault(name, unit.file)
    return problems


def _front_matter(unit: Unit) -> Iterator[Problem]:
    for field in _FRONT:
        if not unit.front.get(field):
            yield Problem(unit.file, "", "front matter needs a value", f"no {field}")
    for passage in unit.front.get("passages") or []:
        if str(passage) not in despatch.ids():
            yield Problem(unit.file, "", "passage must exist", f"{passage}")
    for block in unit.blocks:
        if block.kind == "passage":
            try:
                despatch.paragraphs(*block.argument.split())
            except KeyError as error:
                yield Problem(unit.file, "", "passage must exist", f"line {block.line}: {error}")
        elif block.kind == "exercise" and block.argument not in _computed(unit):
            rule = "an exercise belongs to a number or table of its unit"
            yield Problem(unit.file, "", rule, f"line {block.line}: {block.argument or 'no id'}")
        elif block.kind not in ("prose", "code", "exercise", "question"):
            yield Problem(unit.file, "", "unknown directive", f"line {block.line}: {block.kind}")


def _computed(unit: Unit) -> set[str]:
    kinds = ("number", "table")
    return {str(q.get("id")) for q in unit.questions.values() if q.get("kind") in kinds}


_QUOTED = re.compile(r"“((?:[^“”]|“[^“”]*”)*)”")


def _quotations(unit: Unit) -> Iterator[Problem]:
    """Check every “…” in the unit against the despatch, word for word."""
    for index, block in enumerate(unit.blocks):
        question = unit.questions.get(index, {})
        text = block.text if block.kind in ("prose", "question") else ""
        for quotation in _QUOTED.findall(" ".join(text.split())):
            for piece in re.split(r"\s*(?:…|\[…\])\s*", quotation):
                if piece and not _stands_in_despatch(piece.strip(" ,.;:")):
                    name = str(question.get("id", ""))
                    what = f"near line {block.line}: “{piece}”"
                    yield Problem(unit.file, name, "quotation must be verbatim", what)


@cache
def _texts() -> tuple[str, ...]:
    return tuple(despatch.paragraph(passage).text for passage in despatch.ids())


def _stands_in_despatch(words: str) -> bool:
    return not words or any(locate(text, words) for text in _texts())
