"""What students wrote, shown in formgrader and in feedback: as text, never as a program.

nbconvert lets HTML and scripts in Markdown through, and a script in an essay would act as the
instructor who reads it.
"""

from html import escape

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters import markdown2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbgrader.utils import is_solution

from .rebuild import OWN


@pass_context
def markdown(context: Context, source: str) -> str:
    """Return the HTML of a Markdown cell: the instructor's as ever, a student's without powers.

    Stands for nbconvert's filter ``markdown2html``, by ``HTMLExporter.filters``.
    """
    cell = context.get("cell")
    students = cell is None or is_solution(cell) or str(cell.get("id", "")).startswith(OWN)
    if not students:
        return markdown2html(source)
    renderer = _Harmless(escape=True, allow_harmful_protocols=False)
    return str(MarkdownWithMath(renderer=renderer).render(source))


class _Harmless(IPythonRenderer):
    """Writes text: no HTML of the student's, no address that runs, nothing fetched from afar."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return escape(text)

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{escape(code)}</pre>\n"

    def safe_url(self, url: str) -> str:
        # mistune knows some addresses that run; only those that lead somewhere are let through.
        good = url.lower().startswith(("http://", "https://", "mailto:", "#"))
        return escape(url) if good else "#"
