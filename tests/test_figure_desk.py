"""The map and the timeline to explore: one choice from three sides, by day, by source, by state."""

import json

import desk
import pytest
from desk import eventually, focus, open_and_run
from despatch963 import closures_map, draw, timeline
from despatch963.figures import Figure
from despatch963.widgets.closures import ClosuresMap
from despatch963.widgets.timeline import Timeline


def tell(figure, **message):
    """Send what a browser sends; return what it is sent back."""
    sent = []
    figure.send = lambda content, buffers=None: sent.append(content)
    figure._handle_custom_msg(message, [])
    assert sent[-1] == {"type": "heard"}
    return sent[:-1]


def status(shown, office):
    return next(row["cells"][1] for row in shown.rows if row["id"] == office)


def test_without_arguments_the_map_begins_on_the_day_of_the_despatch_with_all_sources():
    shown = closures_map()
    assert shown.describe() == draw.closures_map().describe()
    assert len(shown.rows) == len(draw.closures_map().rows)
    assert shown.steps[shown.settings["step"]] in shown.said


def test_what_the_despatch_tells_is_less_than_what_the_record_holds():
    shown = closures_map()
    everything = len(shown.rows)
    tell(shown, type="set", name="step", value=3)
    tell(shown, type="set", name="view", value="despatch")
    assert 0 < len(shown.rows) < everything
    assert {row["cells"][3] for row in shown.rows} == {"yes"}
    assert shown.describe() == draw.closures_map(by=[draw.DESPATCH]).describe()
    source = shown.controls[1][2][1][0]
    tell(shown, type="set", name="source", value=source)
    assert shown.settings["view"] == "record", "another source is not the despatch"


def test_a_step_sends_the_signs_alone_and_they_are_those_of_the_whole_map():
    shown = closures_map()
    (drawing,) = tell(shown, type="draw", width=920)
    step = len(shown.steps) - 1
    (signs,) = tell(shown, type="set", name="step", value=step)
    assert signs["type"] == "signs"
    assert len(json.dumps(signs)) < 100_000
    whole = shown._drawing()["data"]
    part = whole[signs["from"] : signs["from"] + len(signs["traces"])]
    assert json.loads(json.dumps(part)) == json.loads(json.dumps(signs["traces"]))
    others = [*drawing["data"][: signs["from"]], *whole[: signs["from"]]]
    assert others[: signs["from"]] == others[signs["from"] :], "the rest stands still"


def test_filters_leave_the_offices_asked_for():
    shown = closures_map()
    tell(shown, type="set", name="state", value="Japan")
    assert shown.rows and all(row["cells"][0].startswith("Japan") for row in shown.rows)
    tell(shown, type="set", name="status", value="closed")
    assert {row["cells"][1] for row in shown.rows} == {"closed"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("step", -1), ("step", 10_000), ("step", "1"), ("state", "Atlantis"), ("x", 1), ([], {})],
)
def test_settings_that_there_are_not_change_nothing(name, value):
    shown = closures_map()
    before = dict(shown.settings)
    assert tell(shown, type="set", name=str(name), value=value) == []
    assert shown.settings == before


def test_the_panel_has_every_claim_on_the_chosen_office_with_its_source():
    shown = closures_map()
    row = next(row for row in shown.rows if "Kiev" in row["cells"][0] and row["cells"][3])
    tell(shown, type="choose", id=row["id"])
    assert shown.panel["title"] == row["cells"][0]
    assert len(shown.panel["said"]) > 2
    assert all(words and cite for words, cite in shown.panel["said"])
    tell(shown, type="choose", id="nowhere")
    assert shown.panel == {"title": "", "said": []}


def test_arguments_set_what_the_map_begins_with():
    shown = closures_map(states=["Japan"], region="east", as_of="1938-02-27")
    assert (
        shown.describe()
        == draw.closures_map(states=["Japan"], region="east", as_of="1938-02-27").describe()
    )
    assert closures_map(by=[draw.DESPATCH]).settings["view"] == "despatch"
    with pytest.raises(ValueError, match="There are"):
        closures_map(states=["Atlantis"])


def test_the_timeline_has_its_events_in_the_figure_in_the_table_and_in_words():
    shown = timeline("1937-03/1937-12")
    assert shown.describe() == draw.timeline("1937-03/1937-12").describe()
    assert len(shown.table()) == len(shown.rows)
    tell(shown, type="choose", id=shown.rows[0]["id"])
    assert shown.rows[0]["cells"][0] in shown.panel["title"]
    tell(shown, type="set", name="mentioned", value="yes")
    assert all(row["cells"][2] != "no" for row in shown.rows)
    tell(shown, type="set", name="period", value="all")
    assert shown.describe() == draw.timeline("all").describe()


@pytest.mark.parametrize("make", [closures_map, timeline])
def test_in_nbgrader_the_figure_stands_in_the_page(make, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert isinstance(make(), Figure)


@pytest.mark.parametrize("make", [ClosuresMap, Timeline])
def test_the_state_that_is_saved_with_a_notebook_is_small(make):
    shown = closures_map() if make is ClosuresMap else timeline("all")
    tell(shown, type="draw", width=920)
    assert len(json.dumps(shown.get_state())) < 70_000


def opened(reader, page, name, call):
    path = reader.notebook(name, ["from despatch963 import closures_map, timeline", call])
    open_and_run(page, reader.url(path), wait_for=".d963-figure")
    shown = page.locator(".d963-figure")
    shown.locator(".d963-plot[data-drawn]").wait_for(timeout=20_000)
    return shown


def drawn(shown):
    return int(shown.locator(".d963-plot").get_attribute("data-drawn"))


@pytest.mark.slow
def test_the_map_is_moved_in_time_by_mouse_by_keyboard_and_by_itself(reader, page):
    shown = opened(reader, page, "days", "closures_map()")
    slider = shown.get_by_role("slider", name="Date")
    summary = shown.locator(".d963-said")
    before = summary.inner_text()
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 4, box["y"] + box["height"] / 2)
    eventually(lambda: summary.inner_text() != before)
    earliest = summary.inner_text()
    focus(page, slider)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    eventually(lambda: summary.inner_text() != earliest)
    now, times = summary.inner_text(), drawn(shown)
    focus(page, shown.get_by_role("button", name="Play"))
    page.keyboard.press("Enter")
    eventually(lambda: summary.inner_text() != now and drawn(shown) > times)
    shown.get_by_role("button", name="Pause").click()
    assert page.left_the_machine == []


@pytest.mark.slow
def test_choosing_in_the_map_in_the_table_and_in_the_list_is_one_act(reader, page):
    shown = opened(reader, page, "offices", "closures_map()")
    panel, chooser = shown.locator(".d963-panel strong"), shown.get_by_label("Choose")
    chooser.select_option(index=4)
    panel.wait_for()
    by_list = panel.inner_text()
    shown.get_by_text("As a table").click()
    focus(page, shown.get_by_role("table").get_by_role("button").nth(7))
    page.keyboard.press("Enter")
    eventually(lambda: panel.inner_text() != by_list)
    assert chooser.locator("option:checked").inner_text() == panel.inner_text()
    by_table = panel.inner_text()
    point = shown.locator(".d963-plot .scatterlayer .trace .points path").nth(30)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.down()
    page.mouse.up()
    eventually(lambda: panel.inner_text() != by_table)
    pressed = shown.get_by_role("table").locator("button[aria-pressed=true]").inner_text()
    assert pressed == panel.inner_text()


@pytest.mark.slow
@pytest.mark.parametrize("call", ["closures_map()", "timeline()"])
def test_axe_finds_nothing_serious_around_the_drawing(call, reader, page):
    shown = opened(reader, page, call[:4], call)
    shown.get_by_text("As a table").click()
    shown.get_by_text("In words").click()
    eventually(lambda: len(shown.locator("details p").inner_text()) > 200)
    assert desk.serious(page, ".d963-figure") == []
    assert page.left_the_machine == []
