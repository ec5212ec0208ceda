"""The answer sheet: written at once, always whole, nobody's answers lost."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import jsonschema
import pytest
from despatch963 import answers, paths
from hypothesis import given
from hypothesis import strategies as st

SCHEMA = json.loads((paths.data() / "answers.schema.json").read_text(encoding="utf-8"))


def sheet(folder):
    return json.loads((folder / "answers.json").read_text(encoding="utf-8"))


def test_what_was_saved_is_read_again(tmp_path):
    answers.save(tmp_path, "a", {"claim": "b", "words": "“résumé”"})
    answers.save(tmp_path, "b", 18)
    assert answers.read(tmp_path) == {"a": {"claim": "b", "words": "“résumé”"}, "b": 18}


def test_a_folder_without_a_sheet_has_no_answers(tmp_path):
    assert answers.read(tmp_path) == {}


def test_an_answer_can_be_taken_back(tmp_path):
    answers.save(tmp_path, "a", "b")
    answers.save(tmp_path, "a", None)
    assert answers.read(tmp_path) == {}


def test_an_answer_to_a_question_that_is_gone_is_kept(tmp_path):
    answers.save(tmp_path, "question-of-last-year", "b")
    answers.save(tmp_path, "new", "a")
    assert answers.read(tmp_path)["question-of-last-year"] == "b"


def test_a_written_sheet_keeps_its_schema(tmp_path):
    answers.save(tmp_path, "a", ["x", 1.5, None, True])
    jsonschema.validate(sheet(tmp_path), SCHEMA)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["version", "answers"]),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["version", "answers", "q", "response"]), inner, max_size=3
            )
        ),
    )
)
def test_a_sheet_counts_as_damaged_exactly_when_the_schema_refuses_it(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("sheet")
    (folder / "answers.json").write_text(json.dumps(value), encoding="utf-8")
    valid = jsonschema.Draft202012Validator(SCHEMA).is_valid(value)
    try:
        assert (answers.set_aside_if_damaged(folder) is None) == valid
    except answers.SheetTooNew:
        assert not valid


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', "\x00" * 99, "[" * 10_000])
def test_a_damaged_sheet_is_set_aside_and_never_overwritten(tmp_path, text):
    path = tmp_path / "answers.json"
    path.write_text(text, encoding="utf-8")
    answers.save(tmp_path, "a", "b")
    path.write_text(text, encoding="utf-8")
    answers.save(tmp_path, "a", "c")
    assert answers.read(tmp_path) == {"a": "c"}
    for number in (1, 2):
        aside = tmp_path / f"answers-damaged-{number}.json"
        assert aside.read_text(encoding="utf-8") == text


def test_a_sheet_of_a_later_version_is_left_alone(tmp_path):
    path = tmp_path / "answers.json"
    path.write_text('{"version": 99, "answers": {}}', encoding="utf-8")
    with pytest.raises(answers.SheetTooNew, match="Update the course"):
        answers.save(tmp_path, "a", "b")
    assert path.read_text(encoding="utf-8") == '{"version": 99, "answers": {}}'


def test_a_number_that_json_cannot_hold_is_refused_and_the_sheet_stays(tmp_path):
    answers.save(tmp_path, "a", 1)
    with pytest.raises(ValueError, match="JSON"):
        answers.save(tmp_path, "b", float("nan"))
    assert answers.read(tmp_path) == {"a": 1}
    assert not list(tmp_path.glob("*.tmp"))


def _save_many(folder, name):
    for number in range(25):
        answers.save(Path(folder), f"{name}-{number}", number)


def test_two_notebooks_on_one_folder_keep_each_others_answers(tmp_path):
    with ProcessPoolExecutor(4) as pool:
        list(pool.map(_save_many, [str(tmp_path)] * 4, "abcd"))
    assert len(answers.read(tmp_path)) == 100


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_kernel_killed_at_any_moment_leaves_a_whole_sheet(tmp_path):
    writer = (
        "import sys; from pathlib import Path; from despatch963 import answers\n"
        "n = 0\n"
        "while True:\n"
        "    answers.save(Path(sys.argv[1]), 'n', {'n': n, 'padding': 'x' * 20_000})\n"
        "    print(n, flush=True); n += 1\n"
    )
    for delay in (0.0, 0.002, 0.005, 0.011, 0.023):
        process = subprocess.Popen(
            [sys.executable, "-c", writer, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        told = [process.stdout.readline() for _ in range(5)]
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        # The last line may have been cut off in the middle.
        told += [line for line in process.stdout if line.endswith("\n")]
        last = int(told[-1])
        process.wait()
        jsonschema.validate(sheet(tmp_path), SCHEMA)
        assert answers.read(tmp_path)["n"]["n"] >= last
    # What the killed writers left behind does not hinder the next one.
    answers.save(tmp_path, "after", True)
