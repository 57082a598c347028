"""Detection of truncated tables by recorded digests and row counts."""

import hashlib
import json
from pathlib import Path

import pytest

from training.tables import CHOICES, TABLES
from training.tables.provenance import FILES, PROVENANCE, provenance_differences

HITS = "extra/classic_hits.csv"
FMA = "fma_metadata/echonest.csv"


def cut(path: Path) -> None:
    """Remove the last line."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))


def test_no_warning_without_a_record(data: Path) -> None:
    cut(data / HITS)
    assert list(provenance_differences(data, CHOICES)) == []


@pytest.mark.parametrize(("file", "rows"), [(HITS, 2), (FMA, 3)])
def test_fewer_rows_than_recorded_are_a_warning(data: Path, file: str, rows: int) -> None:
    (data / PROVENANCE).write_text(f"| file | what | rows |\n| `{file}`, `x` | y | {rows} | z |\n")
    assert list(provenance_differences(data, CHOICES)) == []
    cut(data / file)
    (line,) = provenance_differences(data, CHOICES)
    assert line == (
        f"warning: {data / file} has {rows - 1} rows where PROVENANCE.md says {rows}: "
        "is it truncated?"
    )
    assert list(provenance_differences(data, ["billboard"])) == []


def test_different_digest_is_a_warning(data: Path) -> None:
    digest = hashlib.sha256((data / HITS).read_bytes()).hexdigest()
    (data / "fetched.json").write_text(json.dumps({HITS: digest}))
    assert list(provenance_differences(data, CHOICES)) == []
    cut(data / HITS)
    (line,) = provenance_differences(data, CHOICES)
    assert line.startswith(f"warning: {data / HITS} is not the {HITS} that was first downloaded")


def test_every_table_has_its_files_listed() -> None:
    assert set(FILES) == set(CHOICES)
    assert all(table.labels_in in FILES[table.name] for table in TABLES)


def test_real_tables_match_their_record(tables: Path) -> None:
    assert list(provenance_differences(tables, CHOICES)) == []
