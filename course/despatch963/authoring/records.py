"""Split a question as written into what a student sees and what only the instructor holds."""

from typing import Any

from .. import despatch

_KEY_FIELDS = (
    "answer",
    "why",
    "because",
    "tolerance",
    "tolerance_days",
    "relation",
    "evidence",
    "optional",
    "need",
    "samples",
    "conflicts",
)


def public_and_key(question: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the public record and the key of one question of a unit file."""
    public = {name: value for name, value in question.items() if name not in _KEY_FIELDS}
    key = {name: value for name, value in question.items() if name in _KEY_FIELDS}
    kind = question["kind"]
    public["points"] = question.get("points", 0)
    public["prompt"] = question["prompt"].strip()
    if kind == "passages":
        chosen = question.get("choose_from") or [p for p in despatch.ids() if _is_paragraph(p)]
        public["choose_from"] = {passage: passage for passage in chosen}
    if kind in ("evidence", "claim"):
        # The words to mark travel with the question, so that marking needs no edition.
        public["text"] = {p: despatch.paragraph(p).text for p in question["passages"]}
    if kind == "date":
        key["answer"] = str(question["answer"])
    if kind == "text":
        key["answer"] = [str(alternative) for alternative in question["answer"]]
    return public, key


def _is_paragraph(passage: str) -> bool:
    return despatch.paragraph(passage).kind == "paragraph"
