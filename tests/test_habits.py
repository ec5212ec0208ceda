"""The habits of the code, kept by tests: style, types, directions of imports, notebooks unrun."""

import ast
import csv
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "course" / "despatch963"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
READING = {"despatch", "edition", "passage", "concordance"}
"""The modules that together are the text: `despatch` and what only it uses."""

FIGURES = {"maps", "charts", "timeline", "figures", "wording"}
"""Records in, figures and words out."""
GIVEN = {"Record", "extent"}
"""What figures take from `tables`: the form of a record and how long a date lasts; no table."""
BACKSTAGE = {"authoring", "grading"}
"""What no student's notebook loads; the command line loads it only for those who ask."""


def _run(*command: str) -> str:
    """Run a module of this Python in the project; return what it printed if it failed, else ''."""
    run = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return run.stdout + run.stderr if run.returncode else ""


def test_ruff_finds_nothing_wrong() -> None:
    assert not _run("ruff", "check", "--no-cache", ".")


def test_ruff_would_format_nothing_otherwise() -> None:
    assert not _run("ruff", "format", "--no-cache", "--check", ".")


def test_types_of_the_package_fit() -> None:
    assert not _run("mypy")


def _notebooks() -> list[Path]:
    lessons = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return [*lessons, *sorted((ROOT / "assignments" / "source").glob("*/*.ipynb"))]


def test_notebooks_have_no_outputs() -> None:
    assert _notebooks()
    for path in _notebooks():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert not cell.get("outputs"), path.name
            assert cell.get("execution_count") is None, path.name


def _imports(package: Path) -> dict[str, set[str]]:
    """Return, for each module of a package, the modules of it that it imports, wherever it does.

    Names are dotted and without the package's own; the package itself is "".
    """
    modules = {_module(package, file): file for file in package.rglob("*.py")}
    return {
        name: set(_ours(ast.parse(file.read_text(encoding="utf-8")), package, name, file, modules))
        for name, file in modules.items()
    }


def _module(package: Path, file: Path) -> str:
    parts = file.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _ours(
    tree: ast.Module, package: Path, name: str, file: Path, modules: dict[str, Path]
) -> Iterator[str]:
    inside = [part for part in name.split(".") if part]
    here = inside if file.name == "__init__.py" else inside[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first, _, rest = alias.name.partition(".")
                if first == package.name:
                    yield rest
        elif isinstance(node, ast.ImportFrom):
            path = (node.module or "").split(".") if node.module else []
            if node.level:
                path = here[: len(here) - node.level + 1] + path
            elif path[:1] == [package.name]:
                path = path[1:]
            else:
                continue
            for alias in node.names:
                inner = ".".join([*path, alias.name])
                yield inner if inner in modules else ".".join(path)


def _forbidden(package: Path) -> list[str]:
    """Return the imports that go in a direction they must not."""
    imports = _imports(package)
    wrong = []
    for name, imported in imports.items():
        top = name.split(".")[0]
        allowed = None
        if top in READING:
            allowed = READING | {"paths"}
        elif top in ("questions", "tables", "answers"):
            allowed = {top, "paths"}
        elif top in FIGURES:
            allowed = FIGURES | {"passage", "tables"}
        for other in imported:
            first = other.split(".")[0]
            outside = allowed is not None and first not in allowed
            hidden = first in BACKSTAGE and top not in BACKSTAGE | {"cli"}
            if outside or hidden:
                wrong.append(f"{name} imports {other}")
    return sorted(wrong)


def test_imports_go_in_the_directions_of_the_design() -> None:
    assert {"questions", "tables", "answers", "ask"} | READING <= _imports(PACKAGE).keys()
    assert _forbidden(PACKAGE) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("questions/choosing.py", "from .. import answers"),
        ("questions/choosing.py", "def mark():\n    from ..tables import records"),
        ("tables.py", "import despatch963.despatch"),
        ("answers.py", "from despatch963 import questions"),
        ("passage.py", "from . import tables"),
        ("maps.py", "from .paths import data"),
        ("widgets/cards.py", "from ..authoring.unit import Unit"),
        ("ask.py", "from . import grading"),
    ],
)
def test_an_import_in_a_wrong_direction_is_found(tmp_path: Path, module: str, line: str) -> None:
    package = tmp_path / "despatch963"
    for name in ("questions/__init__", "widgets/__init__", "authoring/unit", "grading/__init__"):
        _put(package / f"{name}.py", "")
    for name in ("__init__", "paths", "tables", "answers", "despatch", "passage", "ask"):
        _put(package / f"{name}.py", "from . import paths" if name == "tables" else "")
    assert _forbidden(package) == []
    _put(package / module, line)
    assert len(_forbidden(package)) == 1


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def _figures(package: Path) -> list[Path]:
    files = [*package.rglob("*.py")]
    return [file for file in files if _module(package, file).split(".")[0] in FIGURES]


def _reads(file: Path) -> set[str]:
    """Return the names in a module that read files, or tables that somebody else reads for it."""
    used = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module == "tables":
            used |= {f"tables.{alias.name}" for alias in node.names if alias.name not in GIVEN}
        elif isinstance(node, ast.ImportFrom):
            used |= {"tables" for alias in node.names if alias.name == "tables"}
    readers = {"open", "read_text", "read_bytes", "read_csv", "read_json", "Path", "tables"}
    return {name for name in used if name in readers or name.startswith("tables.")}


def test_figures_read_no_files() -> None:
    for file in _figures(PACKAGE):
        assert not _reads(file), file


@pytest.mark.parametrize(
    "line",
    [
        "from ..tables import records",
        "from .. import tables",
        "from pathlib import Path\nPath('land.json')",
        "open('land.json')",
        "import pandas\npandas.read_csv('places.csv')",
    ],
)
def test_a_figure_that_reads_a_file_is_found(tmp_path: Path, line: str) -> None:
    _put(tmp_path / "despatch963/maps/ground.py", "from ..tables import Record, extent")
    (module,) = _figures(tmp_path / "despatch963")
    assert not _reads(module)
    _put(module, line)
    assert _reads(module)


def test_nothing_is_imported_by_star_and_no_module_is_called_utils() -> None:
    for folder in ("course", "tests", "benchmarks"):
        for file in (ROOT / folder).rglob("*.py"):
            assert "utils" not in file.stem, file
            tree = ast.parse(file.read_text(encoding="utf-8"))
            names = [
                alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            ]
            assert "*" not in names, file


def test_importing_the_package_brings_in_nothing_heavy() -> None:
    code = "import sys, despatch963; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "despatch963" in loaded
    assert not loaded & {"pandas", "numpy", "plotly", "ipywidgets", "anywidget", "IPython", "yaml"}


def test_text_sheet_questions_and_records_need_no_pandas() -> None:
    code = (
        "import sys; from despatch963 import answers, ask, despatch, questions, tables; "
        "despatch.paragraph('p1'); tables.records('sources'); print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(run.stdout.split()) & {"pandas", "numpy", "plotly", "ipywidgets"}


def _column(table: str, *columns: str) -> set[str]:
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file) for column in columns} - {""}


def test_the_history_stands_in_no_python_file() -> None:
    surnames = {name.split()[-1] for name in _column("people", "name")}
    surnames = {name for name in surnames if name.isalpha()}
    names = _column("places", "name_1938", "name_now") | surnames
    any_name = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b")
    for file in PACKAGE.rglob("*.py"):
        found = any_name.findall(file.read_text(encoding="utf-8"))
        assert not found, f"{file.name}: {found}"


def test_the_version_is_the_same_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(\d[^]]*)\]", changes, re.MULTILINE)
    assert f"\nversion: {PROJECT['version']}\n" in citation
    assert newest is not None
    assert newest[1] == PROJECT["version"]


def test_the_citation_file_is_valid() -> None:
    schema = ("--builtin-schema", "vendor.citation-file-format")
    assert not _run("check_jsonschema", *schema, "CITATION.cff")
