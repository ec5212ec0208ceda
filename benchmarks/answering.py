"""What answering and marking cost: a card's change to the saved file, the marking of a whole
assignment, and the memory of a kernel in which the assignment has been run.

Kernels run one after the other in one run of this program; times are medians.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

import nbformat
from despatch963 import answers, paths, questions
from despatch963.authoring.perfect import perfect_response
from despatch963.widgets.cards import Card
from nbclient import NotebookClient

ROUNDS = 30
SAVED = 0.050  # seconds from a change to the saved file
MARKED = 0.010  # seconds for one submission, beyond reading and writing files
MEMORY = 1.3  # times the memory of pandas and plotly alone
_OWN_MEMORY = "import psutil; print(psutil.Process().memory_info().rss)"


def unit(slug: str) -> tuple[dict, dict, nbformat.NotebookNode]:
    """Return the marked questions, the keys and the notebook of an assignment."""
    source = paths.assignments() / "source" / slug
    asked = json.loads((source / "questions.json").read_text(encoding="utf-8"))["questions"]
    keys = json.loads((paths.assignments() / "keys" / f"{slug}.json").read_text(encoding="utf-8"))
    marked = {n: {"id": n, **q} for n, q in asked.items() if q["kind"] in questions.KINDS}
    return marked, keys["keys"], nbformat.read(source / f"{slug}.ipynb", as_version=4)


def saving(asked: dict, keys: dict) -> float:
    """Return the seconds from a change in a card to the file on disk; the sheet is full."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sheet = {name: perfect_response(question, keys[name]) for name, question in asked.items()}
        for name, response in sheet.items():
            answers.save(place, name, response)
        cards = {name: Card(question, None, place) for name, question in asked.items()}
        times = []
        for _ in range(ROUNDS):
            for name, card in cards.items():
                begun = time.perf_counter()
                card._save(sheet[name])
                times.append(time.perf_counter() - begun)
    return statistics.median(times)


def marking(asked: dict, keys: dict) -> float:
    """Return the seconds that marking one whole sheet takes."""
    sheet = {name: perfect_response(question, keys[name]) for name, question in asked.items()}
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for name, question in asked.items():
            questions.mark(question, keys[name], sheet[name])
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def memory(notebook: nbformat.NotebookNode, folder: Path) -> float:
    """Return the MB that a kernel holds when it has run `notebook` in `folder`."""
    notebook = nbformat.from_dict(notebook)
    notebook.cells.append(nbformat.v4.new_code_cell(_OWN_MEMORY))
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, resources=resources, timeout=120).execute()
    return int(notebook.cells[-1].outputs[0].text) / 1e6


def main() -> None:
    """Print the table."""
    slug = sorted(path.stem for path in (paths.assignments() / "keys").glob("*.json"))[0]
    asked, keys, notebook = unit(slug)
    plain = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import pandas, plotly.graph_objects")]
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "questions.json").write_bytes(
            (paths.assignments() / "source" / slug / "questions.json").read_bytes()
        )
        alone, whole = memory(plain, Path(folder)), memory(notebook, Path(folder))
    print(f"assignment {slug}, {len(asked)} questions")
    rows = [
        ("a card's change to the saved file", saving(asked, keys) * 1000, SAVED * 1000, "ms"),
        ("marking one whole sheet", marking(asked, keys) * 1000, MARKED * 1000, "ms"),
        ("kernel, unit run / pandas + plotly", whole / alone, MEMORY, "times"),
    ]
    print(f"{'':<38}{'measured':>10}{'budget':>10}")
    for name, measured, budget, unit_ in rows:
        over = "" if measured <= budget else "  OVER"
        print(f"{name:<38}{measured:>10.2f}{budget:>10g} {unit_}{over}")
    print(f"({whole:.0f} MB with the unit run, {alone:.0f} MB with pandas and plotly alone)")


if __name__ == "__main__":
    main()
