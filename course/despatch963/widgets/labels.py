"""How a question's Markdown becomes plain labels, which is all that ipywidgets' controls show."""

import re


def bare(markdown: str) -> str:
    """Return Markdown without the marks of its emphasis and code."""
    return re.sub(r"\*+([^*]+)\*+", r"\1", markdown).replace("`", "")
