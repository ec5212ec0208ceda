"""Answer sheets that are not what a student's notebook writes."""

import json
from typing import Any

from .case import HONEST, Case, answers, both, responses, sheet, text

DEEP = b'{"version": 1, "answers": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}"


def _numbers(value: str) -> Any:
    """Answer with what JSON has no word for, or no room."""
    entries = "".join(
        f'"{name}": {{"response": {value}}}, '
        for name in ("leningrad-offices", "january-report", "telegram-sum")
    )
    return text(lambda sheet: sheet.replace('"answers": {', f'"answers": {{{entries}', 1))


def _forged(entries: dict[str, Any]) -> None:
    for name in (*HONEST, "p5-noun", "china-card"):
        entry = entries.setdefault(name, {"response": None})
        entry |= {"points": 99, "score": 1, "mark": [1, []], "max_score": 0, "answer": "b"}


def _twice(sheet: str) -> str:
    wrong = '"commons-answer": {"response": "a"}'
    assert sheet.rstrip().endswith("}}}")
    return f"{sheet.rstrip()[:-2]}, {wrong}}}}}"


def _crowd(entries: dict[str, Any]) -> None:
    honest = dict(entries)
    entries.clear()
    entries.update(honest | {f"no-such-{n}": {"response": n} for n in range(30_000)})


def _many_names(entries: dict[str, Any]) -> None:
    for name in ("__class__", "__proto__", "\x1b[2J\x07", "\n\n", "../keys", "", "x" * 100_000):
        entries[name] = {"response": "canary"}


EVERYTHING = {"a": 1, "b": [1, {"c": None}], "d": "e" * 5000}
TABLE = [{"sending_state": f"state {n}", "value": n % 12} for n in range(5000)]

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
            responses(p5_noun="\ud800", kiev_words=[{"source": "\udfff"}]),
            answers(lambda entries: entries.update({"\ud83d": {"response": "\udc00"}})),
        ),
    ),
    Case("sheet-twice", "a name twice: the last one holds", text(_twice), ("commons-answer",)),
    Case(
        "sheet-forged-points", "points and scores where only a response is read", answers(_forged)
    ),
    Case(
        "sheet-wrong-types",
        "records, lists, truths and texts where something else is asked",
        responses(
            p5_noun=True,
            p5_examples=["b"],
            kiev_words=EVERYTHING,
            leningrad_offices=True,
            january_report=[9],
            telegram_places=EVERYTHING,
            telegram_sum={"number": 30},
            three_states=[[3, 3, 0]],
            china_card={"claim": ["a"], "evidence": "a"},
            turkey_card=[["one", "b"]],
            papers_in_pairs="d a",
            scales_1938={"g3": ["d"], "d": {"a": 1}},
        ),
    ),
    Case(
        "sheet-every-option",
        "all options at once where one is asked for",
        responses(
            p5_examples={"a": 1, "b": 1, "c": 1, "d": 1},
            turkey_card=dict.fromkeys(("one", "two", "three", "four"), "a b c d"),
            january_report="4 5 9 10 14 28",
        ),
    ),
    Case(
        "sheet-every-row",
        "a table of 5,000 rows, one of which may fit",
        responses(telegram_places=TABLE),
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
        answers(lambda entries: entries.update({"p5-noun": None, "kiev-age": "20"})),
        ("kiev-age",),
    ),
    Case(
        "sheet-taken-back",
        "an entry without a response, in the place of a right answer",
        answers(lambda entries: entries.update({"kiev-age": {"saved": "now"}})),
        ("kiev-age",),
    ),
    Case(
        "sheet-own-key",
        "the student's own key, with a mark for every answer",
        both(
            responses(p5_examples="a"),
            text(
                lambda sheet: sheet.replace("{", '{"keys": {"p5-examples": {"answer": "a"}}, ', 1)
            ),
        ),
    ),
]
