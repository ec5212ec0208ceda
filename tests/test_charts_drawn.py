"""The charts as a browser draws them: words cover no other words, nothing is fetched."""

import json
from pathlib import Path

import browser
import plotly
import pytest
from despatch963 import draw
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.slow

# Pixels of an output cell in JupyterLab, side bar open, on screens of 1366 and of 1280 pixels.
WIDTHS = (934, 848)
FIGURES = {
    "timeline": draw.timeline,
    "timeline, all": lambda: draw.timeline("all"),
    "timeline, two years": lambda: draw.timeline("1937-1938"),
    "timeline, five months": lambda: draw.timeline("1937-11/1938-03"),
    "timeline, two months": lambda: draw.timeline("1938-01/1938-02"),
    "timeline, before": lambda: draw.timeline("1933-1936"),
    "numbers": draw.parity_chart,
    "numbers of two": lambda: draw.parity_chart("Japan", "Turkey"),
    "hedges": draw.hedges,
    "hedges, short list": lambda: draw.hedges(per_100=True, basis="index"),
}
# What the charts are laid out for: how wide Arial sets these letters.
ARIAL = 242.4
WIDTH = """() => {
    const brush = document.createElement('canvas').getContext('2d')
    brush.font = '10px Arial, Helvetica, "Liberation Sans", sans-serif'
    return brush.measureText('The quick brown fox jumps over the lazy dog. 1234567').width
}"""
BOXES = r"""() => [...document.querySelectorAll('.textpoint text, .annotation-text, .gtitle')]
    .filter(text => text.textContent.trim())
    .map(text => {
        const box = text.getBoundingClientRect(), style = getComputedStyle(text)
        const spaces = which => 6 * (text.textContent.match(which)?.[0].length || 0)
        return {text: text.textContent.trim(), size: parseFloat(style.fontSize),
                left: box.left + spaces(/^\u2002+/), right: box.right - spaces(/\u2002+$/),
                top: box.top, bottom: box.bottom}
    })"""


@pytest.fixture(scope="module")
def page():
    script = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    path = browser.executable_or_skip()
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=path, args=list(browser.ARGUMENTS))
        page = program.new_page(viewport={"width": 1366, "height": 768})
        page.fetched = []
        page.route("**/*", lambda route: (page.fetched.append(route.request.url), route.abort()))
        page.set_content('<div id="here"></div>')
        page.add_script_tag(content=script.read_text(encoding="utf-8"))
        if page.evaluate(WIDTH) > ARIAL * 1.02:
            pytest.skip("no font with Arial's widths here: install fonts-liberation")
        yield page
        program.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", FIGURES)
def test_words_cover_no_other_words_and_nothing_is_fetched_or_sent(page, name, width):
    page.evaluate("width => document.getElementById('here').style.width = `${width}px`", width)
    bundle = FIGURES[name]()._repr_mimebundle_()["application/vnd.plotly.v1+json"]
    page.evaluate(
        "figure => Plotly.newPlot('here', figure.data, figure.layout)",
        json.loads(json.dumps(bundle)),
    )
    boxes = page.evaluate(BOXES)
    sheet = page.evaluate("() => document.querySelector('#here .main-svg').getBoundingClientRect()")
    assert len(boxes) > 10
    for number, one in enumerate(boxes):
        assert one["size"] >= 12, one["text"]
        assert one["left"] >= sheet["left"] - 1 and one["right"] <= sheet["right"] + 1, one["text"]
        for other in boxes[number + 1 :]:
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            # The box of a line of text is taller than its letters.
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert across <= 1 or down <= 4, (one["text"], other["text"])
    assert page.fetched == []
    buttons = page.evaluate(
        "() => [...document.querySelectorAll('.modebar-btn')].map(button => button.dataset.title)"
    )
    assert buttons and not [name for name in buttons if "Share" in name], "nothing is uploaded"
