"""Read a unit file: front matter, prose, passages, code and questions, in reading order."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from markdown_it import MarkdownIt


class Problem(NamedTuple):
    """A mistake in a unit file, as its author needs to hear it."""

    file: str
    question: str
    rule: str
    found: str

    def __str__(self) -> str:
        where = f"{self.file}, question '{self.question}'" if self.question else self.file
        return f"{where}: {self.rule}: {self.found}"


class Block(NamedTuple):
    """One piece of a unit. `kind` is prose, code or a directive's name; `line` counts from 1."""

    kind: str
    argument: str
    text: str
    line: int


class Unit(NamedTuple):
    """A unit file as read. `part` is lesson or assignment; `questions` are the YAML records."""

    slug: str
    part: str
    file: str
    front: dict[str, Any]
    blocks: list[Block]
    questions: dict[int, dict[str, Any]]
    """The question records by the index of their block."""


class _StringsFirst(yaml.SafeLoader):
    """YAML as a historian writes it: dates and words such as `no` stay what they look like."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.YAMLError(f"{', '.join(twice)} stands twice")
        # A number or a year as a name ("1938: ...") is a name all the same, as it is in JSON.
        return {str(key): value for key, value in super().construct_mapping(node, deep).items()}


_PLAIN = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
_StringsFirst.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _PLAIN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> tuple[Unit, list[Problem]]:
    """Return the unit file at `path` and what is wrong with its YAML."""
    file = "/".join(path.parts[-3:])
    problems: list[Problem] = []
    front, body, first_line = _front_matter(path.read_text(encoding="utf-8"))
    meta = _yaml(front, 2, file, problems)
    blocks = list(_blocks(body, first_line))
    questions = {}
    for index, block in enumerate(blocks):
        if block.kind == "question":
            record = _yaml(block.text, block.line + 1, file, problems)
            if record is not None:
                questions[index] = record
    return Unit(path.parent.name, path.stem, file, meta or {}, blocks, questions), problems


def _front_matter(text: str) -> tuple[str, str, int]:
    match = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
    if not match:
        return "", text, 1
    return match[1], text[match.end() :], match[0].count("\n") + 1


def _yaml(text: str, line: int, file: str, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        record = yaml.load(text, _StringsFirst)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = line + (mark.line if mark else 0)
        what = getattr(error, "problem", None) or str(error)
        problems.append(Problem(file, "", "YAML that cannot be read", f"near line {at}: {what}"))
        return None
    if not isinstance(record, dict):
        problems.append(
            Problem(file, "", "YAML must be `name: value` lines", f"near line {line}: {record!r}")
        )
        return None
    return record


def _blocks(body: str, first_line: int) -> list[Block]:
    """Cut the Markdown at top-level code and directive fences, and at headings of level 2."""
    lines = body.split("\n")
    blocks: list[Block] = []
    start = 0

    def prose(end: int) -> None:
        text = "\n".join(lines[start:end]).strip("\n")
        if text.strip():
            blocks.append(Block("prose", "", text, first_line + start))

    for token in MarkdownIt("commonmark").parse(body):
        if token.level or not token.map:
            continue
        begin, end = token.map
        if token.type == "heading_open" and token.tag == "h2":
            prose(begin)
            start = begin
        elif token.type == "fence" and (kind := _fence_kind(token.info)):
            prose(begin)
            argument = token.info.partition("}")[2].strip()
            blocks.append(Block(kind, argument, token.content.rstrip("\n"), first_line + begin))
            start = end
    prose(len(lines))
    return blocks


def _fence_kind(info: str) -> str | None:
    """Return what a fence is: "code", a directive's name, or None for one that is only shown."""
    if info.strip() == "python":
        return "code"
    directive = re.match(r"\{([\w-]+)\}", info)
    return directive[1] if directive else None
