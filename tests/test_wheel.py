"""What `pip install .` gives: the course to study, and no graded key."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from leaks import leaks, readable, secrets
from learning import learn

pytestmark = pytest.mark.slow

SHIPPED = "despatch963/shipped"


def _python(*command: str, cwd: Path, **environment: str) -> str:
    run = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as somebody has it who also worked in it: answers, checkpoints and all."""
    copy = tmp_path_factory.mktemp("wheel") / "checkout"
    for folder in ("course", "data", "notebooks", "assignments"):
        shutil.copytree(
            ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "submitted")
        )
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy)
    shutil.copy(ROOT / "CHANGELOG.md", copy)
    key = next((copy / "assignments" / "keys").glob("*.json"))
    (copy / "notebooks" / "answers.json").write_text("{}", encoding="utf-8")
    for folder in ("notebooks", f"assignments/source/{key.stem}"):
        (copy / folder / ".ipynb_checkpoints").mkdir()
        shutil.copy(key, copy / folder / ".ipynb_checkpoints")
    (copy / "assignments" / "submitted" / "ada").mkdir(parents=True)
    shutil.copy(key, copy / "assignments" / "submitted" / "ada")
    return copy


@pytest.fixture(scope="module")
def built(checkout: Path) -> Path:
    """The folder of the source archive and of the wheel, each made from the checkout itself."""
    _python("-m", "build", "--no-isolation", "--sdist", "--wheel", cwd=checkout)
    return checkout / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    """The wheel, unpacked."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        archive.extractall(built / "wheel")
    return built / "wheel"


def _names(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def _ours(folder: Path) -> set[str]:
    """Return the committed files below a folder of the repository, by their name there."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(listed.stdout.split("\n")) - {""}


def test_the_wheel_holds_package_data_lessons_practice_keys_and_assignments(wheel: Path) -> None:
    names = _names(wheel)
    assert {f"despatch963/{name}" for name in _ours(ROOT / "course/despatch963")} <= names
    assert any(name.startswith(f"{SHIPPED}/notebooks/keys/") for name in names)
    for folder in ("data", "notebooks", "assignments/source"):
        shipped = {f"{SHIPPED}/{folder}/{name}" for name in _ours(ROOT / folder)}
        assert shipped == {name for name in names if name.startswith(f"{SHIPPED}/{folder}/")}


def test_the_wheel_holds_no_graded_key(wheel: Path) -> None:
    hidden = secrets()
    assert len(hidden) > 50
    assert leaks(wheel, hidden) == []
    assert not (wheel / SHIPPED / "assignments" / "keys").exists()
    assert not [name for name in _names(wheel) if "/submitted/" in name or "/units/" in name]


def test_the_wheel_holds_nobodys_answers(wheel: Path) -> None:
    names = _names(wheel)
    assert not [name for name in names if name.endswith("answers.json") or "checkpoints" in name]


def test_the_source_archive_holds_no_graded_key(built: Path) -> None:
    shutil.unpack_archive(next(built.glob("*.tar.gz")), built / "source")
    assert leaks(built / "source", secrets()) == []
    assert not list((built / "source").rglob("assignments/keys"))


def test_a_wheel_made_from_the_source_archive_is_the_same(built: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(next(built.glob("*.tar.gz")), tmp_path)
    source = next(tmp_path.iterdir())
    _python("-m", "build", "--no-isolation", "--wheel", cwd=source)
    names = []
    for folder in (built, source / "dist"):
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
            names.append(sorted(archive.namelist()))
    assert names[0] == names[1]


def test_a_planted_leak_is_found(wheel: Path, tmp_path: Path) -> None:
    secret = max(secrets(), key=len)
    leaking = tmp_path / "despatch963" / "hint.py"
    leaking.parent.mkdir()
    leaking.write_text(f"HINT = {secret!r}", encoding="utf-8")
    shutil.copytree(ROOT / "assignments" / "keys", tmp_path / "shipped" / "keys")
    assert readable(secret)
    found = leaks(tmp_path, secrets())
    assert "despatch963/hint.py" in found
    assert len(found) == 1 + len(list((ROOT / "assignments" / "keys").glob("*.json")))


def test_an_installed_wheel_gives_the_reader_what_it_has(built: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    wheel = next(built.glob("*.whl"))
    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site))
    _python(*install, str(wheel), cwd=tmp_path)
    where = "import despatch963; print(despatch963.__file__)"
    assert str(site) in _python("-c", where, cwd=tmp_path, PYTHONPATH=str(site))
    read = "from despatch963 import despatch; print(despatch.paragraph('p1'))"
    assert "Sir" in _python("-c", read, cwd=tmp_path, PYTHONPATH=str(site))
    with learn(tmp_path, environment={"PYTHONPATH": str(site)}):
        pass
    study = tmp_path / "study"
    assert (study / "00-start-here.ipynb").is_file()
    assert list((study / "keys").glob("*.json"))
    for key in (ROOT / "assignments" / "keys").glob("*.json"):
        assert (study / "assignments" / key.stem / f"{key.stem}.ipynb").is_file()
    assert not (study / "assignments" / "keys").exists()
    assert leaks(study, secrets()) == []
