"""The numbers of offices: what each source counts, state by state, rivals side by side."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..figures import Figure
from ..wording import counted, listed, spelled

Row = dict[str, Any]
Record = Mapping[str, str]

RETURN = "Soviet offices in return"
# What is counted of a state, in the order of the story, with the measures that tell it and the
# words that set one measure apart from another.
STAGES: dict[str, dict[str, str]] = {
    "before": {
        "offices_before": "",
        "offices_agreed": "agreed {year}",
        "offices_outside_moscow": "in {year}",
        "offices_opened": "ever opened",
    },
    "asked to close": {"closings_demanded": ""},
    "closed": {"offices_closed": ""},
    "left": {"offices_left": "in fact", "offices_to_be_left": "planned"},
    RETURN: {
        "soviet_offices_before": "before",
        "soviet_offices_to_be_closed": "to close",
        "soviet_offices_to_be_kept": "to keep",
        "soviet_offices_agreed": "agreed {year}",
    },
}
NOT_STATED, NO_COUNT = "not stated", "no count"
ALL = "all states"
_WAVES = {"first": "1st wave", "second": "2nd wave", "both": "both waves"}
_KINDS = {
    "stated": "stated by a source",
    "counted": "counted by us in a list",
    "derived": "worked out by us",
}
_MEASURES = {measure: text for stage in STAGES.values() for measure, text in stage.items()}
_STAGE_OF = {measure: stage for stage, measures in STAGES.items() for measure in measures}


def parity_chart(
    counts: Iterable[Record],
    conflicts: Iterable[Record] = (),
    sides: Iterable[Record] = (),
    states: Collection[str] = (),
) -> Figure:
    """Draw every number of offices that a source gives, state by state and stage by stage.

    Parameters
    ----------
    counts
        Rows of the table of counts; what does not count the offices of states is left out.
    conflicts, sides
        Rows of the tables of conflicts and of their sides: numbers on two sides of a conflict of
        numbers are marked as rivals.
    states
        States to draw. None: every state with a count, and the counts of several together.
    """
    counts = [*counts]
    offices = [count for count in counts if count["measure"] in _STAGE_OF]
    known = sorted({count["sending_state"] for count in offices} - {""})
    if unknown := sorted({*states} - {*known}):
        raise ValueError(f"No offices are counted for {listed(unknown)}, only for {listed(known)}.")
    rivals = _rivals(offices, conflicts, sides)
    rows = [_row(count, rivals[count["id"]]) for count in offices]
    rows = [row for row in rows if not states or row["state"] in states]
    rows = sorted([*rows, *_gaps(rows)], key=_order)
    from .parity_plot import draw

    return Figure(draw(rows), rows, _prose(rows, 0 if states else len(counts) - len(offices)))


def _row(count: Record, rivals: set[str]) -> Row:
    stage = _STAGE_OF[count["measure"]]
    detail = _detail(count, stage)
    return {
        "id": count["id"],
        "state": count["sending_state"] or None,
        "of": count["sending_state"] or count["scope"],
        "stage": stage,
        "value": int(count["value"]) if count["value"] else None,
        "kind": count["value_kind"],
        "source": count["source"] or None,
        "detail": detail or None,
        "scope": (count["scope"] or None) if count["sending_state"] and not detail else None,
        "rivals": "; ".join(sorted(rivals)) or None,
        "measure": count["measure"],
        "wave": count["wave"] or None,
        "as_of": count["as_of"] or None,
        "formula": count["formula"] or None,
        "derived_from": count["derived_from"] or None,
        "paraphrase": count["paraphrase"],
        "locator": count["locator"] or None,
        "confidence": count["confidence"],
        "note": count["note"] or None,
    }


def _detail(count: Record, stage: str) -> str:
    """Return what sets a number apart from others of its stage: measure, year or wave."""
    year = "–".join(dict.fromkeys(part[:4] for part in count["as_of"].split("/")))
    measure = STAGES[stage][count["measure"]].format(year=year)
    return measure or (_WAVES.get(count["wave"], "") if len(STAGES[stage]) == 1 else "")


def _gaps(rows: list[Row]) -> list[Row]:
    """Return a row without a number for every stage at which no source counts a state."""
    given = {(row["state"], row["stage"]) for row in rows}
    empty = dict.fromkeys(rows[0])
    return [
        empty | {"state": state, "of": state, "stage": stage, "kind": NO_COUNT}
        for state in {row["state"] for row in rows} - {None}
        for stage in STAGES
        if (state, stage) not in given
    ]


def _order(row: Row) -> tuple[Any, ...]:
    stages, measures = [*STAGES], [*STAGES[row["stage"]]]
    measure = measures.index(row["measure"]) if row["measure"] else 0
    together = (row["state"] is None, row["of"] != ALL and row["state"] is None, row["of"])
    return *together, stages.index(row["stage"]), measure, row["id"] or ""


def _rivals(
    counts: list[Record], conflicts: Iterable[Record], sides: Iterable[Record]
) -> defaultdict[str, set[str]]:
    """Return for each count the conflicts in which another number of the same thing opposes it."""
    about = {conflict["id"] for conflict in conflicts if conflict["kind"] == "number"}
    by_id = {count["id"]: count for count in counts if count["value"]}
    said = [side for side in sides if side["conflict"] in about and side["count"] in by_id]
    found = defaultdict[str, set[str]](set)
    for one in said:
        for other in said:
            a, b = by_id[one["count"]], by_id[other["count"]]
            same = (a["sending_state"], a["scope"]) == (b["sending_state"], b["scope"])
            opposed = one["conflict"] == other["conflict"] and one["side"] != other["side"]
            if opposed and same and a["value"] != b["value"]:
                found[a["id"]].add(one["conflict"])
    return found


def _prose(rows: list[Row], left_out: int) -> str:
    states = list(dict.fromkeys(row["state"] for row in rows if row["state"]))
    given = [row for row in rows if row["value"] is not None]
    kinds = [f"{sum(r['kind'] == kind for r in given)} {words}" for kind, words in _KINDS.items()]
    gaps = sum(row["kind"] == NO_COUNT for row in rows)
    silent = [f"{r['source']} on {r['of']}, {r['stage']}" for r in rows if r["kind"] == NOT_STATED]
    said = [
        f"{counted(len(given), 'number')} of offices, for {counted(len(states), 'state')}: "
        f"{listed(kinds)}.",
        f"In {gaps} of {counted(len(states) * len(STAGES), 'place')} no source here gives a "
        "number: unknown, not zero.",
    ]
    if silent:
        said.append(f"A source speaks without giving a number: {listed(silent)}.")
    if left_out:
        said.append(
            f"Left out, as they do not count the offices of states: {counted(left_out, 'number')}."
        )
    for of in dict.fromkeys(row["of"] for row in rows):
        stages = defaultdict(list)
        for row in rows:
            if row["of"] == of and row["kind"] != NO_COUNT:
                stages[row["stage"]].append(told(row))
        text = "; ".join(f"{stage}: {listed(numbers)}" for stage, numbers in stages.items())
        said.append(f"{of[:1].upper()}{of[1:]}: {text}.")
    return " ".join(said)


def told(row: Row) -> str:
    """Return one number in words, with whose it is and which conflict it belongs to."""
    number = "no number" if row["value"] is None else str(row["value"])
    whose = row["source"] or ""
    if row["kind"] == "derived":
        whose = f"worked out, {row['formula']}" if row["formula"] else "worked out"
    elif row["kind"] == "counted":
        whose = f"counted in {whose}"
    when = spelled(row["as_of"]) if row["as_of"] and "{" not in _MEASURES[row["measure"]] else ""
    rivals = f"rivals in {row['rivals']}" if row["rivals"] else ""
    parts = filter(None, [row["detail"], row["scope"], when, whose, rivals])
    return f"{number} ({', '.join(parts)})"
