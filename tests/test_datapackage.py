"""The data package: its schema, its keys, its lists and its codebook."""

import json
import re
import shutil

import frictionless
import pytest
from despatch963 import despatch, paths, tables

SOURCED = ("events", "people")
PASSAGES = ("events", "people", "glossary", "conflicts")


def package():
    return json.loads((paths.data() / "datapackage.json").read_text(encoding="utf-8"))


def fields():
    return [(table["name"], field) for table in package()["resources"]
            for field in table["schema"]["fields"]]  # fmt: skip


def errors(folder):
    """Return what frictionless finds wrong with the package in a folder."""
    found = frictionless.Package(str(folder / "datapackage.json")).validate()
    return [] if found.valid else [str(message) for message in found.flatten(["name", "message"])]


@pytest.fixture
def copy(tmp_path):
    """A copy of the package that a test may damage."""
    for file in paths.data().glob("*"):
        if file.suffix in {".csv", ".json"}:
            shutil.copy(file, tmp_path)
    return tmp_path


def damage(folder, name, old, new):
    file = folder / f"{name}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    return errors(folder)


def test_the_package_is_valid():
    assert errors(paths.data()) == []


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("claims", "K001,frus_d450,", "K001,frus_d4500,"),
        ("claims", ",kiev,", ",kiew,"),
        ("claims", "newly_established", "brand_new"),
        ("claims", "1938-02-18", "18.2.1938"),
        ("claims", "K002,", "K001,"),
        ("places", "50.4501", "50°27"),
        ("counts", ",dgfp_614,", ",dgfp_999,"),
        ("conflict_sides", "C1,", "C99,"),
        ("sources", ",frus_d450,n10", ",frus_d000,n10"),
    ],
)
def test_a_slip_of_the_editor_is_caught(copy, table, old, new):
    assert damage(copy, table, old, new)


def test_every_table_is_utf8_with_plain_line_ends_and_no_stray_spaces():
    for table in package()["resources"]:
        raw = (paths.data() / table["path"]).read_bytes()
        plain = raw.endswith(b"\n") and b"\r" not in raw and not raw.startswith(b"\xef\xbb\xbf")
        assert plain, f"{table['path']}: save it as UTF-8 without a byte order mark, line ends LF"
        for row in tables.records(table["name"]):
            assert None not in row and None not in row.values(), row
            assert all(value == value.strip() for value in row.values()), row
            assert not {"-", "—", "n/a", "N/A", "unknown", "none"} & set(row.values()), row


def test_every_column_has_its_description():
    for table, field in fields():
        assert field["description"].endswith("."), (table, field["name"])
        assert list(tables.records(table)[0]).count(field["name"]) == 1


def test_lists_of_sources_and_passages_resolve():
    sources = {source["id"] for source in tables.records("sources")}
    for table in SOURCED:
        for row in tables.records(table):
            assert set(row["sources"].split(";")) <= sources, row["id"]
    for table in PASSAGES:
        for row in tables.records(table):
            assert set(filter(None, row["passages"].split(";"))) <= set(despatch.ids()), row["id"]


def test_related_terms_resolve_and_words_of_the_despatch_stand_where_the_glossary_says():
    terms = {row["id"] for row in tables.records("glossary")}
    for row in tables.records("glossary"):
        assert set(filter(None, row["see_also"].split(";"))) <= terms - {row["id"]}
        assert bool(row["in_despatch"]) == bool(row["passages"])
        if row["in_despatch"]:
            words, text = row["in_despatch"].lower(), lambda id: despatch.paragraph(id).text.lower()
            holds = [id for id in despatch.ids() if words in text(id)]
            assert row["passages"].split(";") == holds, row["term"]


def test_events_stand_in_order_and_those_in_the_despatch_say_where():
    events = tables.records("events")
    assert [event["date"] for event in events] == sorted(event["date"] for event in events)
    for event in events:
        assert (event["mentioned_in_despatch"] == "yes") == bool(event["passages"]), event["id"]


def test_ids_are_unique_and_a_side_holds_one_claim_or_one_count():
    for table in package()["resources"]:
        if "primaryKey" in table["schema"]:
            key = table["schema"]["primaryKey"]
            fields = [key] if isinstance(key, str) else key
            ids = [tuple(row[f] for f in fields) for row in tables.records(table["name"])]
            assert len(ids) == len(set(ids)), table["name"]
    rows = tables.records("conflict_sides")
    assert all(bool(row["claim"]) != bool(row["count"]) for row in rows)
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    assert {row["conflict"] for row in rows} == {row["id"] for row in tables.records("conflicts")}


def test_a_reason_is_named_where_a_claim_is_about_a_reason_and_nowhere_else():
    for claim in tables.records("claims"):
        assert claim["statement"].startswith("motive") == bool(claim["motive"]), claim["id"]
        assert (claim["speaks_of"] in {"office", "assigned"}) <= bool(claim["office"]), claim["id"]
        assert not claim["office"] or claim["subject"] == "office", claim["id"]


def codebook():
    """Return the codebook's sections by table, and the whole of it under the empty name."""
    text = (paths.data() / "README.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `(\w+)\.csv`.*?\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    return sections | {"": text}


@pytest.mark.parametrize("table", [table["name"] for table in package()["resources"]])
def test_the_codebook_explains_every_file_column_and_value(table):
    sections = codebook()
    assert f"`{table}.csv`" in sections[""]
    for name, field in fields():
        if name == table:
            assert f"| `{field['name']}` |" in sections[table]
            for value in field.get("constraints", {}).get("enum", []):
                shared = field["name"].endswith("_precision") or value in {"low", "medium", "high"}
                assert f"`{value}`" in sections["" if shared else table], (field["name"], value)


def test_the_codebook_names_no_column_that_is_gone():
    for table, section in codebook().items():
        if table:
            named = set(re.findall(r"^\| `(\w+)` \|", section, re.M))
            assert named == {field["name"] for name, field in fields() if name == table}


def test_the_codebook_explains_the_derived_offices():
    text = codebook()[""]
    for column in tables.records("offices")[0]:
        assert f"`{column}`" in text, column
    for agreement in {row["agreement"] for row in tables.records("offices")}:
        assert f"- `{agreement}`:" in text


def test_the_codebook_counts_the_rows_as_they_are():
    for table in package()["resources"]:
        (count,) = re.findall(rf"^\| `{table['path']}` \|.*\| (\d+) \|$", codebook()[""], re.M)
        assert int(count) == len(tables.records(table["name"])), table["path"]


def test_the_codebook_names_every_file_in_the_folder():
    for file in paths.data().iterdir():
        assert f"`{file.name}`" in codebook()[""] or file.name == "README.md", file.name


def test_the_tables_name_their_licence():
    assert [licence["name"] for licence in package()["licenses"]] == ["CC-BY-4.0"]
    assert "CC BY 4.0" in codebook()[""]
