"""The desk's widgets where they are used: Notebook 7, a phone, 200 % zoom, a dark page, a unit."""

import desk
import pytest
from desk import card, eventually, open_and_run
from test_browser import every_kind

pytestmark = pytest.mark.slow

UNIT = "05-the-consulates"
CELLS = [
    "from despatch963 import annotate, closures_map, corroboration, reader, timeline",
    "reader('p5')",
    "annotate('p12')",
    "closures_map()",
    "timeline()",
    "corroboration()",
]
WIDGETS = [".d963-reader", ".d963-annotator", ".d963-figure", ".d963-corroboration"]
WIDER = """() => [...document.querySelectorAll('.jp-OutputArea-output .d963')]
    .filter(one => one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right >
            document.documentElement.clientWidth)
    .map(one => one.className)"""
# Words with less than 4.5 : 1 between them and their ground (WCAG 1.4.3); axe-core overlooks these
# in JupyterLab's page. What is disabled or drawn by plotly is not looked at.
PALE = """() => {
    const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    const rgba = (colour) => {
        brush.clearRect(0, 0, 1, 1)
        brush.fillStyle = colour
        brush.fillRect(0, 0, 1, 1)
        return [...brush.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
    }
    const over = ([r, g, b, a], under) => [r, g, b].map((part, i) => part * a + under[i] * (1 - a))
    const ground = (node) => {
        if (!node) return [1, 1, 1]
        return over(rgba(getComputedStyle(node).backgroundColor), ground(node.parentElement))
    }
    const light = (colour) => {
        const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        const [r, g, b] = colour.map(linear)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const own = (node) => [...node.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim())
    return [...document.querySelectorAll('.jp-OutputArea-output .d963 *')]
        .filter((node) => own(node) && !node.closest('.d963-plot, :disabled, option, style'))
        .map((node) => {
            const under = ground(node)
            const ink = over(rgba(getComputedStyle(node).color), under)
            const [one, two] = [light(ink), light(under)]
            const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05)
            return [`${node.tagName} ${node.className}`, ratio]
        })
        .filter(([, ratio]) => ratio < 4.5)
}"""


def in_notebook_7(reader, path):
    return reader.url(path).replace("/lab/tree/", "/notebooks/")


@pytest.fixture(scope="module")
def saved(reader, chromium):
    """Two notebooks, run and saved: all widgets in one, every kind of question in the other."""
    paths = reader.notebook("widgets", CELLS), every_kind(reader, "kinds")
    for path, last in zip(paths, (WIDGETS[-1], ".d963-card"), strict=True):
        with desk.opened(chromium) as page:
            open_and_run(page, reader.url(path), wait_for=last)
            desk.save(page, reader.folder / path)
    return paths


def test_in_notebook_7_every_widget_is_drawn_and_an_answer_is_saved(saved, reader, page):
    widgets, kinds = saved
    page.goto(in_notebook_7(reader, kinds))
    card(page, "choice").wait_for(timeout=60_000)
    card(page, "choice").get_by_role("radio").nth(1).check()
    eventually(lambda: reader.answers("kinds").get("choice") == "b")
    page.goto(in_notebook_7(reader, widgets))
    for widget in WIDGETS:
        page.locator(widget).first.wait_for(timeout=60_000)
    page.locator(".d963-plot[data-drawn]").first.wait_for(timeout=20_000)
    assert page.left_the_machine == []


@pytest.mark.parametrize("size", [(390, 844), (683, 384)], ids=["a phone", "200 % of a laptop"])
def test_on_a_narrow_page_nothing_runs_out_of_it(size, saved, reader, chromium):
    with desk.opened(chromium, viewport={"width": size[0], "height": size[1]}) as page:
        for path, last in zip(saved, (WIDGETS[-1], ".d963-card"), strict=True):
            page.goto(in_notebook_7(reader, path))
            page.locator(last).last.wait_for(timeout=60_000)
            page.wait_for_timeout(2000)
            assert page.evaluate(WIDER) == []


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_words_stand_out_from_their_ground_in_either_theme(theme, saved, reader, page):
    page.goto(reader.url(saved[0]))
    page.locator(".d963-corroboration").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_text("Theme", exact=True).hover()
    page.get_by_text(theme, exact=True).click()
    dark = str(theme.endswith("Dark")).lower()
    page.wait_for_function(f"(document.body.dataset.jpThemeLight === 'false') === {dark}")
    page.wait_for_timeout(1000)
    assert page.evaluate(PALE) == []
    page.add_style_tag(content=".d963 .d963-hint { color: #888 !important; background: #999; }")
    assert "P d963-hint" in [element for element, _ in page.evaluate(PALE)]


def test_axe_finds_nothing_serious_in_what_a_whole_unit_puts_out(reader, page):
    open_and_run(page, reader.url(f"assignments/{UNIT}/{UNIT}.ipynb"))
    page.locator(".d963-plot[data-drawn]").first.wait_for(timeout=30_000)
    assert page.locator(".jp-OutputArea-output").count() > 15
    # What JupyterLab draws around the outputs, its prompts, editors and bars, is not looked at.
    assert desk.serious(page, ".jp-OutputArea-output") == []
    assert page.left_the_machine == []
