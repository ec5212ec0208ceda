"""What a wheel carries besides the package: the data, the lessons, the assignments without keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Named one by one: `assignments` as a whole would take the graded keys along.
SHIPPED = ("data", "notebooks", "assignments/source")


class ShipTheCourse(BuildHookInterface):
    """Put the course's folders into the wheel; an editable install reads them where they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        for folder in SHIPPED:
            for file in course_files(root / folder):
                inside = file.relative_to(root).as_posix()
                build_data["force_include"][str(file)] = f"despatch963/shipped/{inside}"


def course_files(folder: Path) -> Iterator[Path]:
    """Yield the files of `folder` that belong to the course, not to someone who worked in it."""
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "__")) for part in file.relative_to(folder).parts)
        answered = file.name == "answers.json" or file.name.startswith("answers-damaged-")
        if file.is_file() and not hidden and not answered:
            yield file
