"""Which browser the tests drive: the machine's own Chromium or Chrome, else Playwright's."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
# The browser is to test this machine's server and asks nobody else for anything.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def executable() -> str | None:
    """Return the path of a browser that Playwright can drive, or None."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    found = found or next((place for place in _PLACES if Path(place).is_file()), None)
    return found or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def executable_or_skip() -> str:
    """Return the browser's path, or skip the test that asks."""
    driver = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    if driver.returncode:
        pytest.skip(f"Playwright does not run here: {driver.stderr.strip()}")
    path = executable()
    if path is None:
        pytest.skip("no Chromium or Chrome here: install one, or run `playwright install chromium`")
    return path


if __name__ == "__main__":
    sys.exit(executable() is None)
