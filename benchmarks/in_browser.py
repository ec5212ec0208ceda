"""What the widgets cost in a real browser: an answer until it is on disk, a step of the map.

    make bench

Prints a table against the budgets in design: each figure is a median in one run, on this machine.
"""

import re
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import desk  # noqa: E402 (the tests' way to start the course and a browser)

ROUNDS = 20
SAVED_MS, STEP_MS, STEP_KB = 50, 50, 100
UNIT = "01-who-is-speaking"

# From the slider's input to the moment when plotly says that it has drawn.
STEP = """step => new Promise(done => {
    const plot = document.querySelector('.d963-plot')
    const slider = document.querySelector('.d963-time input')
    const watch = new MutationObserver(() => {
        watch.disconnect()
        done([performance.now() - begun, Date.now()])
    })
    watch.observe(plot, { attributes: true, attributeFilter: ['data-drawn'] })
    const begun = performance.now()
    slider.value = step
    slider.dispatchEvent(new Event('input'))
})"""


def saving(reader: desk.Reader, page) -> float:
    """Return the ms from a click in a card to the changed file."""
    desk.open_and_run(page, reader.url(f"assignments/{UNIT}/{UNIT}.ipynb"))
    radios = page.locator(".d963-card:has(input[type=radio])").first.get_by_role("radio")
    sheet = reader.folder / "assignments" / UNIT / "answers.json"
    times = []
    for turn in range(ROUNDS + 1):
        before = sheet.stat().st_mtime_ns if sheet.exists() else 0
        clicked = page.evaluate(
            "radio => { const now = Date.now(); radio.click(); return now }",
            radios.nth(turn % radios.count()).element_handle(),
        )
        while not sheet.exists() or sheet.stat().st_mtime_ns == before:
            time.sleep(0.001)
        times.append(sheet.stat().st_mtime_ns / 1e6 - clicked)
        page.wait_for_timeout(100)
    return statistics.median(times[1:])


def stepping(reader: desk.Reader, page) -> tuple[float, float, float]:
    """Return three medians of a step of the map: the ms from the slider's input to the redraw, of
    these the ms since the kernel sent the signs, and the kB of all the kernel's messages."""
    path = reader.notebook("map", ["from despatch963 import closures_map", "closures_map()"])
    frames: list[bytes] = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived",
            lambda frame: frames.append(frame if isinstance(frame, bytes) else frame.encode()),
        ),
    )
    desk.open_and_run(page, reader.url(path), wait_for=".d963-figure")
    page.locator(".d963-plot[data-drawn]").wait_for(timeout=30_000)
    page.wait_for_timeout(2000)
    rounds = []
    for turn in range(ROUNDS + 1):
        frames.clear()
        there_and_back, drawn = page.evaluate(STEP, turn + 3)
        page.wait_for_timeout(250)
        signs = next(frame for frame in frames if b'"signs"' in frame)
        header = re.search(rb'"date": ?"([^"]+)"', signs)[1].decode()
        sent = datetime.fromisoformat(header.replace("Z", "+00:00")).timestamp() * 1000
        rounds.append((there_and_back, drawn - sent, sum(map(len, frames)) / 1000))
    return tuple(statistics.median(column) for column in zip(*rounds[1:], strict=True))


def main() -> None:
    """Print the table."""
    with (
        tempfile.TemporaryDirectory() as place,
        desk.started(Path(place)) as reader,
        desk.chromium() as program,
    ):
        with desk.opened(program) as page:
            saved = saving(reader, page)
        with desk.opened(program) as page:
            whole, step, kilobytes = stepping(reader, page)
    rows = [
        ("a click in a card to the saved file", saved, SAVED_MS, "ms"),
        ("a step of the map, kernel to redraw", step, STEP_MS, "ms"),
        ("a step of the map, all messages", kilobytes, STEP_KB, "kB"),
    ]
    print(f"{'':<38}{'measured':>10}{'budget':>10}")
    for name, measured, budget, unit in rows:
        over = "" if measured <= budget else "  OVER"
        print(f"{name:<38}{measured:>10.1f}{budget:>10g} {unit}{over}")
    print(f"(from the slider's input to the redraw, there and back: {whole:.0f} ms)")


if __name__ == "__main__":
    main()
