"""The response that a key rewards in full: proof that a question can be answered."""

from typing import Any

from ..questions import find_quotation
from ..questions.tabulating import UNKNOWN


def perfect_response(public: dict[str, Any], key: dict[str, Any]) -> Any:
    """Return a response that the key should reward in full."""
    if public["kind"] == "evidence":
        return _spans(public, key["answer"])
    if public["kind"] == "claim":
        return {"claim": key["answer"], "evidence": _spans(public, key["evidence"])}
    if public["kind"] == "date":
        return {"date": key["answer"], "relation": key.get("relation", "on")}
    if public["kind"] == "text":
        return key["answer"][0]
    if public["kind"] == "table":
        return _filled(key["answer"])
    return key["answer"]


def _spans(public: dict[str, Any], quotations: list[Any]) -> list[dict[str, Any]]:
    found = (find_quotation(public["text"], quotation) for quotation in quotations)
    return [span for span in found if span]


def _filled(table: Any) -> Any:
    """Return a key's table as a student fills it in, with the cells that cannot be known named."""
    if isinstance(table, dict):
        return {name: _filled(cell) for name, cell in table.items()}
    if isinstance(table, list):
        return [_filled(record) for record in table]
    return UNKNOWN if table is None else table
