"""Answer sheets that are not what a student's notebook writes."""

import json
from itertools import cycle
from typing import Any

from .case import (
    ASKED,
    ATTACKED,
    EARLY,
    HONEST,
    LATE,
    OPEN,
    TABLE,
    Case,
    answers,
    both,
    responses,
    sheet,
    text,
)

DEEP = b'{"version": 1, "answers": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}"


def _numbers(value: str) -> Any:
    """Answer with what JSON has no word for, or no room."""
    entries = "".join(f'"{name}": {{"response": {value}}}, ' for name in (EARLY, ATTACKED, LATE))
    return text(lambda sheet: sheet.replace('"answers": {', f'"answers": {{{entries}', 1))


def _forged(entries: dict[str, Any]) -> None:
    for name in (*HONEST, *OPEN):
        entry = entries.setdefault(name, {"response": None})
        entry |= {"points": 99, "score": 1, "mark": [1, []], "max_score": 0, "answer": "b"}


def _twice(sheet: str) -> str:
    wrong = f'"{HONEST[-1]}": {{"response": []}}'
    assert sheet.rstrip().endswith("}}}")
    return f"{sheet.rstrip()[:-2]}, {wrong}}}}}"


def _crowd(entries: dict[str, Any]) -> None:
    honest = dict(entries)
    entries.clear()
    entries.update(honest | {f"no-such-{n}": {"response": n} for n in range(30_000)})


def _many_names(entries: dict[str, Any]) -> None:
    for name in ("__class__", "__proto__", "\x1b[2J\x07", "\n\n", "../keys", "", "x" * 100_000):
        entries[name] = {"response": "canary"}


def _chosen(name: str) -> bool:
    """Say whether a question that is open asks for one option."""
    return name in OPEN and ASKED[name]["kind"] in ("choice", "match", "claim")


EVERYTHING = {"a": 1, "b": [1, {"c": None}], "d": "e" * 5000}
ODD = [True, ["b"], EVERYTHING, {"number": 30}, [[3, 3, 0]], {"claim": ["a"], "evidence": 1}, "d a"]
ROWS = [{"sending_state": f"state {n}", "value": n % 12} for n in range(5000)]

CASES = [
    Case("sheet-deep", "JSON of a hundred thousand storeys", sheet(DEEP), HONEST),
    Case("sheet-of-brackets", "the same, never closed", sheet(b"[" * 1_000_000), HONEST),
    Case("sheet-huge", "30 MB of spaces", sheet(b" " * 30_000_000), HONEST),
    Case(
        "sheet-wide",
        "a record of a million names in 15 MB",
        sheet(json.dumps(dict.fromkeys(map(str, range(1_000_000)), 1)).encode()),
        HONEST,
    ),
    Case("sheet-nothing", "an empty file", sheet(b""), HONEST),
    Case("sheet-noise", "bytes that are no text", sheet(bytes(range(256)) * 100), HONEST),
    Case(
        "sheet-other-type", "a list where the record should be", sheet(b'[{"answers": 1}]'), HONEST
    ),
    Case(
        "sheet-list-of-answers",
        "a list where the answers should be",
        text(lambda sheet: '{"version": 1, "answers": [' + sheet + "]}"),
        HONEST,
    ),
    Case("sheet-cut", "half a file", text(lambda sheet: sheet[: len(sheet) // 2]), HONEST),
    Case("sheet-bom", "a mark that Windows puts first", text(lambda sheet: "\ufeff" + sheet)),
    Case(
        "sheet-version",
        "a version that is none",
        text(lambda sheet: sheet.replace('"version": 1', '"version": {"1": true}')),
    ),
    Case("sheet-nan", "a number that is none: it equals nothing, not even itself", _numbers("NaN")),
    Case("sheet-infinite", "a number without end", _numbers("-Infinity")),
    Case("sheet-1e999", "a number too large to hold", _numbers("1e999")),
    Case("sheet-digits", "an integer of 400,000 digits", _numbers("9" * 400_000)),
    Case(
        "sheet-surrogates",
        "half characters, as name and as answer",
        both(
            responses({OPEN[0]: "\ud800", OPEN[1]: [{"source": "\udfff"}]}),
            answers(lambda entries: entries.update({"\ud83d": {"response": "\udc00"}})),
        ),
    ),
    Case("sheet-twice", "a name twice: the last one holds", text(_twice), (HONEST[-1],)),
    Case(
        "sheet-forged-points", "points and scores where only a response is read", answers(_forged)
    ),
    Case(
        "sheet-wrong-types",
        "records, lists, truths and texts where something else is asked",
        responses(dict(zip((*OPEN, EARLY, ATTACKED, LATE), cycle(ODD), strict=False))),
    ),
    Case(
        "sheet-every-option",
        "all options at once where one is asked for",
        responses(
            {name: list(asked["options"]) for name, asked in ASKED.items() if _chosen(name)}
            | {ATTACKED: " ".join(map(str, range(50)))}
        ),
    ),
    Case(
        "sheet-every-row",
        "a table of 5,000 rows, one of which may fit",
        responses({TABLE: ROWS}),
    ),
    Case("sheet-crowd", "30,000 answers after the true ones", answers(_crowd)),
    Case(
        "sheet-names",
        "names that mean something to Python, a path or a terminal",
        answers(_many_names),
    ),
    Case(
        "sheet-bare",
        "answers that are no entries",
        answers(lambda entries: entries.update({OPEN[0]: None, HONEST[0]: "20"})),
        (HONEST[0],),
    ),
    Case(
        "sheet-taken-back",
        "an entry without a response, in the place of a right answer",
        answers(lambda entries: entries.update({HONEST[0]: {"saved": "now"}})),
        (HONEST[0],),
    ),
    Case(
        "sheet-own-key",
        "the student's own key, with a mark for every answer",
        both(
            responses({OPEN[0]: "mine"}),
            text(lambda sheet: sheet.replace("{", f'{{"keys": {{"{OPEN[0]}": "mine"}}, ', 1)),
        ),
    ),
]
