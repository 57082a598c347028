"""A table that was cut at the end of a line reads as a whole one; what is known of it tells."""

import hashlib
import json
from pathlib import Path

import pytest

from training.tables import NAMES, TABLES
from training.tables.provenance import FILES, PROVENANCE, provenance_differences

HITS = "extra/classic_hits.csv"
FMA = "fma_metadata/echonest.csv"


def cut(path: Path) -> None:
    """Leave out the last line."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))


def test_nothing_is_said_where_nothing_is_known(data: Path) -> None:
    cut(data / HITS)
    assert list(provenance_differences(data, NAMES)) == []


@pytest.mark.parametrize(("file", "rows"), [(HITS, 2), (FMA, 3)])
def test_fewer_rows_than_described_are_a_warning(data: Path, file: str, rows: int) -> None:
    (data / PROVENANCE).write_text(f"| file | what | rows |\n| `{file}`, `x` | y | {rows} | z |\n")
    assert list(provenance_differences(data, NAMES)) == []
    cut(data / file)
    (line,) = provenance_differences(data, NAMES)
    assert line == (
        f"warning: {data / file} has {rows - 1} rows where PROVENANCE.md says {rows}: "
        "is it cut short?"
    )
    assert list(provenance_differences(data, ["billboard"])) == []


def test_another_file_than_was_downloaded_is_a_warning(data: Path) -> None:
    digest = hashlib.sha256((data / HITS).read_bytes()).hexdigest()
    (data / "fetched.json").write_text(json.dumps({HITS: digest}))
    assert list(provenance_differences(data, NAMES)) == []
    cut(data / HITS)
    (line,) = provenance_differences(data, NAMES)
    assert line.startswith(f"warning: {data / HITS} is not the {HITS} that was first downloaded")


def test_the_files_of_every_table_are_known() -> None:
    assert set(FILES) == set(NAMES)
    assert all(table.labels_in in FILES[table.name] for table in TABLES)


def test_the_real_tables_are_whole(tables: Path) -> None:
    assert list(provenance_differences(tables, NAMES)) == []
