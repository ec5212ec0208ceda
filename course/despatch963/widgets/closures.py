"""The map of the closings, to explore: by day, by state, by source, by office."""

from datetime import date
from typing import Any

from .. import citations, draw, maps, tables, wording
from ..figures import Figure
from ..maps.drawing import map_width
from ..maps.rows import Row
from .figure_desk import Control, FigureDesk, Said, Settings
from .place import in_nbgrader

ALL = ""
DESPATCH_ALONE, RECORD = "despatch", "record"
COLUMNS = ["office", "on this day", "in doubt", "named in the despatch", "who says so"]


class ClosuresMap(FigureDesk):
    """The offices on a day, as the despatch alone has them or as all sources do."""

    def __init__(self, settings: Settings, only: dict[str, Any], as_of: Any):
        # What a caller narrowed the map to beyond the menus: several sources, states or statuses.
        self._only = only
        self._asked: tuple[dict[str, Any], list[Row]] | None = None
        self._arranged: tuple[Any, int, maps.Arrangement] | None = None
        begin = _day(as_of)
        self._days = sorted({*claimed_days(), *([begin] if begin else [])})
        claims = tables.records("claims")
        sources = {source["id"]: source for source in tables.records("sources")}
        speaking = sorted({claim["source"] for claim in claims if claim["office"]})
        states = sorted({claim["sending_state"] for claim in claims if claim["office"]})
        super().__init__(
            name="Map of the consular offices",
            controls=[
                Control(
                    "view",
                    "Show",
                    [
                        (RECORD, "what the record holds"),
                        (DESPATCH_ALONE, "what the despatch tells you"),
                    ],
                ),
                Control("source", "Source", _choices(speaking, "all sources", sources)),
                Control("state", "Sending state", _choices(states, "all states")),
                Control(
                    "status",
                    "Kind of claim",
                    [(ALL, "all kinds"), *((n, s.label) for n, s in maps.STATUSES.items())],
                ),
                Control("region", "Part of the map", [(n, n) for n in maps.FRAMES]),
            ],
            steps=[wording.spelled(day.isoformat()) for day in self._days],
            columns=COLUMNS,
            settings={
                "view": RECORD,
                "source": ALL,
                "state": ALL,
                "status": ALL,
                "region": "all",
                "step": self._days.index(begin) if begin else len(self._days) - 1,
                **settings,
            },
        )

    def _choice(self, settings: Settings) -> dict[str, Any]:
        """Return the settings as `draw.closures_map` takes them."""
        by = [settings["source"]] if settings["source"] else self._only.get("by")
        return {
            "as_of": self._day(settings),
            "by": [draw.DESPATCH] if settings["view"] == DESPATCH_ALONE else by,
            "states": [settings["state"]] if settings["state"] else self._only.get("states"),
            "statuses": [settings["status"]] if settings["status"] else self._only.get("statuses"),
            "region": settings["region"],
        }

    def _day(self, settings: Settings) -> date:
        return self._days[settings["step"]]

    def _figure(self, settings: Settings, width: int) -> Figure:
        return draw.closures_map(**self._choice(settings), width=width)

    def _changed(self, before: Settings, after: Settings) -> Settings:
        # The despatch speaks of its own day; whoever asks for another source leaves it.
        if after["view"] != before["view"] and after["view"] == DESPATCH_ALONE:
            return after | {"source": ALL, "step": self._days.index(written())}
        if after["source"] != before["source"] and after["source"]:
            return after | {"view": RECORD}
        return after

    def _rows(self) -> list[Row]:
        """Return the rows as they now are; asked for several times a step, worked out once."""
        choice = self._choice(self.settings)
        if self._asked is None or self._asked[0] != choice:
            rows = self._placed(choice["by"], choice["states"], choice["as_of"])
            statuses = choice["statuses"]
            kept = [row for row in rows if statuses is None or row["status"] in statuses]
            self._asked = (choice, kept)
        return self._asked[1]

    def _step(self) -> dict[str, Any]:
        before, places = self._places()
        rows = [row for row in self._rows() if row["office"] in places.signs]
        return {"from": before, "traces": maps.sign_traces(rows, places)}

    def _places(self) -> tuple[int, maps.Arrangement]:
        """Return how many traces stand still, and where everything is: the same on every day."""
        choice = self._choice(self.settings)
        asked = (choice["region"], self._width, choice["by"], choice["states"])
        if self._arranged is None or self._arranged[0] != asked:
            base, view = draw.base_map(), maps.frame(choice["region"])
            width = map_width(view, max(self._width, view.least))
            sheet = maps.Sheet(view, (view.east - view.west) / width)
            everywhere = self._placed(choice["by"], choice["states"])
            places = maps.arrange(everywhere, base, sheet)
            still = [*maps.base_traces(base, sheet), *maps.card_traces(everywhere, places)]
            self._arranged = (asked, len(still), places)
        return self._arranged[1:]

    def _placed(self, by: Any, states: Any, day: date | None = None) -> list[Row]:
        """Return the rows of the offices on a day, by default at the end of all that is claimed."""
        return maps.office_rows(
            tables.records("claims"),
            tables.records("places"),
            tables.records("sources"),
            tables.records("conflict_sides"),
            despatch=draw.DESPATCH,
            day=day,
            by=by,
            states=states,
        )

    def _table(self) -> list[dict[str, Any]]:
        return [
            {
                "id": row["office"],
                "cells": [
                    f"{row['state']}, {row['city'] or 'city not known'}",
                    _status(row["status"]),
                    row["doubt"] or "",
                    "yes" if row["named_in_despatch"] else "",
                    row["status_by"] or "",
                ],
            }
            for row in self._rows()
        ]

    def _summary(self) -> str:
        rows = self._rows()
        counted = {name: sum(row["status"] == name for row in rows) for name in maps.STATUSES}
        parts = [f"{number} {_status(name)}" for name, number in counted.items() if number]
        when = wording.spelled(self._day(self.settings).isoformat())
        return f"{when}: {', '.join(parts) or 'no office'}."

    def _claims(self, id: str) -> tuple[str, list[Said]]:
        sources = {source["id"]: source for source in tables.records("sources")}
        claims = [claim for claim in tables.records("claims") if claim["office"] == id]
        claims.sort(key=lambda claim: (not claim["date"], claim["date"], claim["id"]))
        title = next((row["cells"][0] for row in self.rows if row["id"] == id), id)
        return title, [
            Said(wording.claimed(claim, sources[claim["source"]]), citations.cite(claim["source"]))
            for claim in claims
        ]


def _day(as_of: Any) -> date | None:
    """Return the day that a caller asked for, None for the last there is."""
    if as_of == "despatch":
        return written()
    return tables.extent(as_of)[1] if isinstance(as_of, str) else as_of


def _status(name: str) -> str:
    return maps.STATUSES[name].label if name in maps.STATUSES else name


def _choices(ids: list[str], every: str, sources: Any = None) -> list[tuple[str, str]]:
    named = [(id, f"{wording.credited(sources[id])} [{id}]" if sources else id) for id in ids]
    return [(ALL, every), *named]


def written() -> date:
    """Return the day of the despatch, as the table of sources has it."""
    issued = next(s["issued"] for s in tables.records("sources") if s["id"] == draw.DESPATCH)
    last = tables.extent(issued)[1]
    assert last is not None, "the source has a date"
    return last


def claimed_days() -> list[date]:
    """Return the days on which something is claimed of an office, and that of the despatch."""
    ends = (
        tables.extent(claim["date"], claim["date_precision"])[1]
        for claim in tables.records("claims")
        if claim["office"] and claim["date"]
    )
    return sorted({written(), *filter(None, ends)})


def closures_map(*, as_of: Any = "despatch", **choices: Any) -> ClosuresMap | Figure:
    """Explore the consular offices: who says that which was open, asked to close, closed, when.

    as_of: the day to begin with: a date, "1901-04-30", "1901-04" (its last day), or None, the last
    day of which anything is claimed. by, states, statuses: only these sources' claims, these
    sending states, these statuses. region: "all", "west" or "east".
    """
    figure = draw.closures_map(as_of=as_of, **choices)  # raises for what there is not
    if in_nbgrader():
        return figure
    only = {name: choices.get(name) for name in ("by", "states", "statuses")}
    settings = {"region": choices.get("region", "all")}
    for name, many in (("source", "by"), ("state", "states"), ("status", "statuses")):
        if len(only[many] or ()) == 1:
            settings[name] = next(iter(only[many] or ()))
    if settings.get("source") == draw.DESPATCH:
        settings |= {"view": DESPATCH_ALONE, "source": ALL}
    return ClosuresMap(settings, only, as_of)
