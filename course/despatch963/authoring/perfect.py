"""The response that a key rewards in full: proof that a question can be answered."""

import json
from typing import Any

from ..questions import locate, span


def perfect_response(public: dict[str, Any], key: dict[str, Any]) -> Any:
    """Return a response that the key should reward in full."""

    def spans(quotations: list[Any]) -> list[dict[str, Any]]:
        found = []
        for quotation in quotations:
            quote = quotation if isinstance(quotation, str) else quotation["quote"]
            within = public["text"] if isinstance(quotation, str) else [quotation["in"]]
            for passage in within:
                if place := locate(public["text"][passage], quote):
                    found.append(span(passage, public["text"][passage], *place))
                    break
        return found

    if public["kind"] == "evidence":
        return spans(key["answer"])
    if public["kind"] == "claim":
        return {"claim": key["answer"], "evidence": spans(key["evidence"])}
    if public["kind"] == "date":
        return {"date": key["answer"], "relation": key.get("relation", "on")}
    if public["kind"] == "text":
        return key["answer"][0]
    if public["kind"] == "table":
        return json.loads(json.dumps(key["answer"]).replace("null", '"unknown"'))
    return key["answer"]
