"""The timeline, to explore: by period, by who mentions what, event by event."""

from typing import Any

from .. import citations, draw, tables, wording
from ..figures import Figure
from .figure_desk import Control, FigureDesk, Said, Settings
from .place import in_nbgrader

LEAST = 848  # px; on less, the names of events would run into each other
COLUMNS = ["event", "date", "mentioned", "against the despatch", "confidence"]


class Timeline(FigureDesk):
    """The events around the despatch, what it mentions set apart."""

    def __init__(self, period: str):
        years = sorted({e["date"][:4] for e in tables.records("events") if e["date"]})
        spans = [(f"{year}", year) for year in years]
        given = [(period, period or "the usual period")] if period not in years else []
        every = [] if period == "all" else [("all", "all there is")]
        usual = [("", "the usual period")] if period else []
        super().__init__(
            name="Timeline",
            least=LEAST,
            controls=[
                Control("period", "Period", [*given, *usual, *every, *spans]),
                Control(
                    "mentioned",
                    "In the table",
                    [
                        ("", "all events"),
                        ("yes", "what the despatch mentions"),
                        ("no", "what it does not mention"),
                    ],
                ),
            ],
            columns=COLUMNS,
            settings={"period": period, "mentioned": "", "step": 0},
        )

    def _figure(self, settings: Settings, width: int) -> Figure:
        return draw.timeline(settings["period"])

    def _shown(self) -> list[dict[str, Any]]:
        wanted = self.settings["mentioned"]
        return [
            row
            for row in self.figure.rows
            if not wanted or (row["mentioned"] == "no") == (wanted == "no")
        ]

    def _table(self) -> list[dict[str, Any]]:
        return [
            {
                "id": row["id"],
                "cells": [
                    row["event"],
                    wording.dated(row["date"], row["precision"]),
                    row["mentioned"],
                    row["despatch"],
                    row["confidence"],
                ],
            }
            for row in self._shown()
        ]

    def _summary(self) -> str:
        return f"{wording.counted(len(self._shown()), 'event')} in the table."

    def _claims(self, id: str) -> tuple[str, list[Said]]:
        row = next(row for row in self.figure.rows if row["id"] == id)
        told = [Said(row["description"] or "", f"In the despatch: {row['passages'] or 'nowhere'}.")]
        if row["note"]:
            told.append(Said(row["note"], ""))
        known = {source["id"] for source in tables.records("sources")}
        for source in (row["sources"] or "").split(";"):
            told.append(Said("", citations.cite(source) if source in known else source))
        return f"{row['event']}, {wording.dated(row['date'], row['precision'])}", told


def timeline(period: str = "") -> Timeline | Figure:
    """Explore the events around the despatch in time, what it mentions set apart.

    `period` narrows or widens the view: "1901", "1901-1903", "1901-11/1902-03", or "all".
    """
    figure = draw.timeline(period)  # raises for a period that is none
    return figure if in_nbgrader() else Timeline(period)
