"""The corroboration table: sources against statements, filled in by the reader."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from .. import answers, citations, tables, wording
from .front import script, style
from .place import in_nbgrader

VERDICTS = ("agrees", "contradicts", "silent")
Record = dict[str, Any]


class Corroboration(anywidget.AnyWidget):
    """A disagreement of the record: what each source says to each statement, as the reader sees it.

    The answer sheet keeps it as ``corroboration-C3``: {source: {statement: verdict}}. When a row is
    full, the words by which the record has that source on a side can be read beside it.
    """

    _esm = script("parts.js", "corroboration.js")
    _css = style("desk.css", "corroboration.css")

    conflicts: Any = traitlets.List().tag(sync=True)
    conflict: Any = traitlets.Unicode().tag(sync=True)
    statements: Any = traitlets.List().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    verdicts: Any = traitlets.List(list(VERDICTS)).tag(sync=True)
    filled: Any = traitlets.Dict().tag(sync=True)
    record: Any = traitlets.Dict().tag(sync=True)
    state: Any = traitlets.Unicode().tag(sync=True)

    def __init__(self, conflict: str, folder: Path):
        self._folder = folder
        answers.set_aside_if_damaged(folder)
        super().__init__(
            conflicts=[[c["id"], f"{c['id']}. {c['title']}"] for c in tables.records("conflicts")]
        )
        self._lay_out(conflict)
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        lines = [self.state]
        for row in self.rows:
            cells = self.filled.get(row["id"], {})
            said = ", ".join(f"{s}: {cells.get(s, 'not filled in')}" for s in self.statements)
            lines.append(f"{row['id']}: {said}")
        return "\n".join(lines)

    def _lay_out(self, conflict: str) -> None:
        """Lay out the table of one disagreement, as far as it was filled in."""
        self._sides = sides(conflict)
        self.conflict = conflict
        self.statements = list(dict.fromkeys(side for side, _, _ in self._sides))
        sources = dict.fromkeys(source for _, source, _ in self._sides)
        self.rows = [{"id": source, "cite": citations.cite(source)} for source in sources]
        self.filled = self._read(answers.read(self._folder).get(f"corroboration-{conflict}"))
        self._report()

    def _read(self, table: Any) -> dict[str, dict[str, str]]:
        """Return what of any JSON value is a table of verdicts on these sources and statements."""
        if not isinstance(table, dict):
            return {}
        read = {
            row["id"]: {
                statement: cells[statement]
                for statement in self.statements
                if isinstance(cells.get(statement), str) and cells[statement] in VERDICTS
            }
            for row in self.rows
            if isinstance(cells := table.get(row["id"]), dict)
        }
        return {source: cells for source, cells in read.items() if cells}

    def _hear(self, _: Any, message: Any, buffers: Any) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "fill":
            self._save(self._read(message.get("table")))
        elif kind == "conflict" and message.get("id") in {c[0] for c in self.conflicts}:
            self._lay_out(message["id"])
        self.send({"type": "heard"})

    def _save(self, table: dict[str, dict[str, str]]) -> None:
        try:
            answers.save(self._folder, f"corroboration-{self.conflict}", table or None)
        except (answers.SheetBusy, answers.SheetTooNew, OSError, ValueError) as error:
            self.state = f"Not saved. {error}"
            return
        self.filled = table
        self._report("Saved: ")

    def _report(self, saved: str = "") -> None:
        done = sum(map(len, self.filled.values()))
        self.state = f"{saved}{done} of {len(self.rows) * len(self.statements)} cells filled in."
        # The record is shown for a source only when the reader has decided on all of its cells.
        full = {s for s, cells in self.filled.items() if len(cells) == len(self.statements)}
        self.record = {
            source: [f"{side}: {words}" for side, other, words in self._sides if other == source]
            for source in full
        }


def sides(conflict: str) -> list[tuple[str, str, str]]:
    """Return (statement, source, its words in short) for all that the record has on a conflict.

    Raises ValueError for a conflict that there is not.
    """
    known = {source["id"]: source for source in tables.records("sources")}
    claims = {claim["id"]: claim for claim in tables.records("claims")}
    counts = {count["id"]: count for count in tables.records("counts")}
    found = []
    for side in tables.records("conflict_sides"):
        if side["conflict"] == conflict:
            if side["claim"]:
                claim = claims[side["claim"]]
                source = claim["source"]
                words = f"{claim['office'] or claim['sending_state']}, "
                words += f"{wording.claimed(claim, known[source])} ({side['claim']})"
            else:
                count = counts[side["count"]]
                source, words = count["source"], f"{count['paraphrase']} ({side['count']})"
            found.append((side["side"], source, words))
    if not found:
        there = ", ".join(c["id"] for c in tables.records("conflicts"))
        raise ValueError(f"There is no disagreement {conflict!r}. There are: {there}.")
    return found


def corroboration(conflict: str = "C3") -> Corroboration | None:
    """Set sources against statements: agrees, contradicts or silent, cell by cell.

    `conflict` is one of the record's disagreements (`tables.conflicts()`); another can be chosen.
    """
    sides(conflict)
    return None if in_nbgrader() else Corroboration(conflict, Path.cwd())
