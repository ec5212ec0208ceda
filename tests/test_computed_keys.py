"""Keys that the data determine, computed again from the data."""

import json
import re
from itertools import combinations

import pandas as pd
import pytest
from conftest import ROOT
from despatch963 import despatch, tables

KEYS = {
    name: key
    for place in ("assignments", "notebooks")
    for path in sorted((ROOT / place / "keys").glob("*.json"))
    for name, key in json.loads(path.read_text(encoding="utf-8"))["keys"].items()
}


def days(first, last):
    events = tables.events().set_index("id")
    return (events.loc[last, "date_start"] - events.loc[first, "date_start"]).days


def told(source):
    claims = tables.claims()
    return claims[(claims["source"] == source) & (claims["statement"] == "told")]


def days_to_the_first_event_told():
    events = tables.events()
    told = events[events["mentioned_in_despatch"] & (events["confidence"] == "high")]
    start = pd.Timestamp("1933-01-01")
    return (told[told["date_start"] >= start]["date_start"].min() - start).days


def first_person():
    return sum(len(list(despatch.find(word))) for word in ("I", "me"))


def hedges_in_a_hundred_words():
    hedges = tables.hedges()
    index = hedges[(hedges["basis"] == "index") & (hedges["passage"] == "p1")]
    return 100 * (index["kind"] == "hedge").sum() / len(despatch.paragraph("p1").text.split())


def quoted_in_a_hundred_words():
    # The despatch puts one sentence of the speech between quotation marks.
    text = despatch.paragraph("p9").text
    (quotation,) = re.findall("“([^”]+)”", text)
    return 100 * len(quotation.split()) / len(text.split())


def one_informant():
    claims = tables.claims()
    return claims[claims["source"] == "dgfp_614"]["informant"].value_counts().iloc[0]


def states_told_or_hit():
    claims = tables.claims()
    rows = claims[(claims["source"] == "dgfp_615") & claims["statement"].isin(["told", "closed"])]
    return set(rows["sending_state"])


def hit_and_unnamed():
    named = " ".join(despatch.paragraph(passage).text for passage in ("p5", "p8", "p12"))
    as_written = {"Great Britain": "British"}
    return {state for state in states_told_or_hit() if as_written.get(state, state) not in named}


def leningrad_less_well_known():
    claims = tables.claims()
    city = claims[claims["place"] == "leningrad"]
    return city["office"].nunique() - city[city["certainty"] == "high"]["office"].nunique()


def telegram_sum():
    counts = tables.counts()
    of_a_state = counts[counts["source"] == "dgfp_614"].dropna(subset=["sending_state"])
    parts = of_a_state["measure"].isin(["offices_closed", "closings_demanded"])
    return of_a_state[parts & (of_a_state["value_kind"] == "stated")]["value"].sum()


NUMBERS = {
    "first-person": first_person,
    "thesis-hedge-rate": hedges_in_a_hundred_words,
    "days-since-2042": lambda: days("E23", "E55"),
    "leningrad-offices": leningrad_less_well_known,
    "january-report": lambda: told("dgfp_615")["sending_state"].nunique(),
    "telegram-sum": telegram_sum,
    "signed-to-binding": lambda: days("E16", "E20"),
    "days-2": lambda: days("E17", "E18"),
    "first-soviet-act": days_to_the_first_event_told,
    "geneva-2": quoted_in_a_hundred_words,
    "one-mouth-many-rows": one_informant,
    "report-of-the-17th": lambda: len(states_told_or_hit()),
    "hit-and-unnamed": lambda: len(hit_and_unnamed()),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_in_a_key_is_what_the_data_give(name):
    key = KEYS[name]
    assert abs(NUMBERS[name]() - key["answer"]) <= key.get("tolerance", 0) + 1e-9


def test_the_days_after_the_despatch_are_those_of_the_table_of_events():
    for record in KEYS["days-after-the-despatch"]["answer"]:
        event, counted = list(record.values())
        assert counted == days("E55", event)


def telegram_counts(measure, state):
    counts = tables.counts()
    rows = counts[(counts["source"] == "dgfp_614") & (counts["value_kind"] == "stated")]
    rows = rows[(rows["measure"] == measure) & (rows["sending_state"] == state)]
    return rows["value"].iloc[0] if len(rows) else None


def ways_to_leave_out(numbers, missing):
    sets = (chosen for size in range(1, 5) for chosen in combinations(numbers, size))
    return sum(sum(chosen) == missing for chosen in sets)


def test_the_ways_to_explain_the_telegrams_total_are_those_its_numbers_allow():
    counts = tables.counts()
    rows = counts[(counts["source"] == "dgfp_614") & (counts["value_kind"] == "stated")]
    total = rows[rows["sending_state"].isna() & (rows["measure"] == "closings_demanded")]
    missing = telegram_sum() - total["value"].iloc[0]
    parts = rows.dropna(subset=["sending_state"])
    first = parts[parts["measure"] == "offices_closed"]["value"].tolist()
    second = parts[parts["measure"] == "closings_demanded"]["value"].tolist()
    answer = {row: cells["number"] for row, cells in KEYS["telegram-missing"]["answer"].items()}
    assert answer == {
        "missing": missing,
        "second": ways_to_leave_out(second, missing),
        "first": ways_to_leave_out(first, missing),
    }


@pytest.mark.parametrize(
    ("line", "state", "measures"),
    [
        ("l1", "Turkey", ("soviet_offices_before", None, "soviet_offices_to_be_kept")),
        ("l2", "Afghanistan", ("offices_before", "closings_demanded", "offices_to_be_left")),
        ("l3", "Iran", ("offices_before", "closings_demanded", "offices_to_be_left")),
        ("l4", "Iran", ("soviet_offices_before", "soviet_offices_to_be_closed", None)),
        ("l5", "Turkey", ("offices_before", "closings_demanded", "offices_to_be_left")),
    ],
)
def test_a_line_of_the_ledger_has_what_the_telegram_gives_and_what_follows(line, state, measures):
    before, closed, left = (telegram_counts(measure, state) for measure in measures)
    if before is None and None not in (closed, left):
        before = closed + left
    if left is None and None not in (before, closed):
        left = before - closed
    answer = KEYS["ledger-in-numbers"]["answer"][line]
    assert answer == {"before": before, "closed": closed, "left": left}
