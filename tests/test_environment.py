"""What is installed: pyproject.toml, environment.yml and the locks say the same."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCKS = ("requirements.lock", "requirements-hub.lock", "requirements-test.lock")
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")
SYSTEMS = (
    {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
)
MODULE_OF = {
    "ipython": "IPython",
    "markdown-it-py": "markdown_it",
    "pyyaml": "yaml",
    "websocket-client": "websocket",
}


def _project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _by_name(requirements: list[str]) -> dict[str, Requirement]:
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(each.name): each for each in parsed}


def _needed() -> dict[str, Requirement]:
    return _by_name(_project()["project"]["dependencies"])


def _needed_for(extra: str) -> dict[str, Requirement]:
    return _by_name(_project()["project"]["optional-dependencies"][extra])


def _needed_to_test() -> dict[str, Requirement]:
    return _needed_for("test")


def _entries(lock: str) -> list[str]:
    """Return the entries of a lock, each with its hashes, on one line."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def _locked(lock: str) -> list[Requirement]:
    return [Requirement(entry.split("--hash")[0].strip()) for entry in _entries(lock)]


def _versions(lock: str, name: str, environment: dict[str, str]) -> list[Version]:
    return [
        Version(next(iter(each.specifier)).version)
        for each in _locked(lock)
        if canonicalize_name(each.name) == name
        and (each.marker is None or each.marker.evaluate(environment))
    ]


def _environments() -> list[dict[str, str]]:
    return [
        {"python_version": python[:4], "python_full_version": python, **system}
        for python in PYTHONS
        for system in SYSTEMS
    ]


def test_conda_gets_what_pyproject_asks_for() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    listed = environment["dependencies"]
    conda = _by_name([each for each in listed if isinstance(each, str)])
    python = conda.pop("python")
    conda.pop("pip")
    assert str(python.specifier) == _project()["project"]["requires-python"]
    assert {name: each.specifier for name, each in conda.items()} == {
        name: each.specifier for name, each in _needed().items()
    }
    assert {"pip": ["-e ."]} in listed
    assert environment["channels"][0] == "conda-forge"


@pytest.mark.parametrize("lock", LOCKS)
def test_the_locks_hold_each_dependency_within_its_range_on_every_system(lock: str) -> None:
    extra = lock.removeprefix("requirements").strip("-").removesuffix(".lock")
    needed = _needed() | (_needed_for(extra) if extra else {})
    for environment in _environments():
        for name, requirement in needed.items():
            versions = _versions(lock, name, environment)
            assert len(versions) == 1, f"{name} in {lock}: {versions}"
            assert versions[0] in requirement.specifier, f"{name} {versions[0]} in {lock}"


def _installed(lock: str, environment: dict[str, str]) -> dict[str, str]:
    return {
        each.name: str(each.specifier)
        for each in _locked(lock)
        if each.marker is None or each.marker.evaluate(environment)
    }


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_the_other_locks_hold_the_learners_lock(lock: str) -> None:
    for environment in _environments():
        learners = _installed("requirements.lock", environment)
        assert len(learners) > 50
        assert learners.items() < _installed(lock, environment).items()


def test_the_locks_hold_what_builds_the_package() -> None:
    build = _by_name(_project()["build-system"]["requires"])
    assert _by_name(_project()["dependency-groups"]["editable"]) == build
    for lock in LOCKS:
        assert build.keys() <= {canonicalize_name(each.name) for each in _locked(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_each_entry_of_a_lock_is_one_version_with_hashes(lock: str) -> None:
    for entry in _entries(lock):
        assert re.match(r"[A-Za-z0-9._-]+==\S+ (;.*)?( +--hash=sha256:[0-9a-f]{64})+$", entry), (
            entry
        )


@pytest.mark.parametrize("lock", LOCKS)
def test_the_locks_name_no_index_and_no_folder_of_a_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.findall(r"://|index-url|find-links|file:|/[a-z]+/", text)


def _third_party(files: Iterable[Path]) -> set[str]:
    beside = [*(ROOT / "tests").iterdir(), *(ROOT / "hub").glob("*.py")]
    ours = {"despatch963", *(path.stem for path in beside)}
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - ours - set(sys.stdlib_module_names)


def _modules(requirements: dict[str, Requirement]) -> set[str]:
    return {MODULE_OF.get(name, name.replace("-", "_")) for name in requirements}


def test_what_the_package_imports_is_a_dependency() -> None:
    files = (ROOT / "course" / "despatch963").rglob("*.py")
    files = {file for file in files if file.parent.name != "authoring"}
    # What an extra brings is imported where it is used, by one module that tells who lacks it.
    extra = {ROOT / "course" / "despatch963" / "grading" / "cluster.py"}
    imported = _third_party(files - extra)
    assert "filelock" in imported
    assert imported <= _modules(_needed())
    assert _third_party(extra) <= _modules(_needed() | _needed_for("cluster"))


def test_what_authors_and_tests_import_is_a_dependency_or_in_the_test_extra() -> None:
    known = _modules(_needed() | _needed_to_test())
    assert _third_party((ROOT / "hub").glob("*.py")) <= _modules(_needed() | _needed_for("hub"))
    for folder in ("course", "tests", "benchmarks"):
        assert _third_party((ROOT / folder).rglob("*.py")) <= known, folder
