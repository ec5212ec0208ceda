"""A student's Markdown as formgrader and feedback show it."""

import nbformat
import pytest
from despatch963.grading.harmless import markdown
from jinja2 import Environment


def shown(source, *, solution=True, id="essay"):
    cell = nbformat.v4.new_markdown_cell(source, id=id)
    cell.metadata.nbgrader = {"solution": solution, "grade": solution, "grade_id": id}
    environment = Environment(autoescape=False)
    environment.filters["markdown2html"] = markdown
    return environment.from_string("{{ cell.source | markdown2html }}").render(cell=cell)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[x](javascript:alert(1))",
        "[x](JaVa&#115;cript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        "```mermaid\n<img src=x onerror=alert(1)>\n```",
        "$<img src=x onerror=alert(1)>$",
        "$$\n<img src=x onerror=alert(1)>\n$$",
        "\\begin{a}<img src=x onerror=alert(1)>\\end{a}",
        "# <img src=x onerror=alert(1)>",
        '[x](https://a.example "\\" onclick=\\"alert(1)")',
        "![x](attachment:none.png)",
        "![x](https://a.example/seen.png)",
    ],
)
def test_nothing_that_a_student_writes_runs_or_is_fetched(source):
    page = shown(source)
    assert "<script" not in page and "<img" not in page
    assert 'href="java' not in page.lower() and 'href="data' not in page.lower()
    assert ' onclick="' not in page


def test_an_essay_is_shown_as_it_was_meant():
    page = shown("# Title\n\nHe *says* so: [p5](https://a.example).\n\n- one\n\n3 < 4 & 5 > 4")
    assert "<em>says</em>" in page and '<a href="https://a.example">p5</a>' in page
    assert "<li>one</li>" in page and "3 &lt; 4 &amp; 5 &gt; 4" in page


def test_the_instructors_own_text_keeps_its_folds():
    assert "<details>" in shown("<details>More</details>", solution=False, id="text-1")
    assert "<details>" not in shown("<details>More</details>", solution=False, id="own-1")
