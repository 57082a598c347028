"""Agreed labels as Parquet and CSV."""

import csv
import errno
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from model.schema import NAMES
from tests.support.factories import VALUES
from tests.unit.training.chat_votes import UNKNOWN_TRACK, label, vote
from training.__main__ import main
from training.errors import CannotWrite
from training.feedback import export
from training.feedback.votes import AgreedLabel


def no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


LABELS = [
    label(title="One, two", artists=("A", "B"), genre="folk", weight=1.25),
    label("isrc:X", {"energy": 0.5, "loudness": -9.0}),
]


def cells(folder: Path, *labels: AgreedLabel) -> list[list[str]]:
    """Return the rows of a CSV file with labels, without its header."""
    export.write(labels, folder / "out.csv")
    text = (folder / "out.csv").read_bytes().decode()
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert tuple(header) == export.COLUMNS
    return rows


def test_csv_has_songs_genres_weights_and_features(tmp_path: Path) -> None:
    first, second = cells(tmp_path, *LABELS)
    assert first[:6] == [UNKNOWN_TRACK, "One, two", "A; B", "folk", "1.25", "1"]
    assert dict(zip(NAMES, map(float, first[6:]), strict=True)) == pytest.approx(VALUES)
    assert second[:6] == ["isrc:X", "", "", "rock", "1", "1"]
    features = dict(zip(NAMES, second[6:], strict=True))
    assert {name: value for name, value in features.items() if value} == {
        "energy": "0.5",
        "loudness": "-9.0",
    }


def test_parquet_has_the_same(tmp_path: Path) -> None:
    export.write(LABELS, tmp_path / "out.parquet")
    table = parquet.read_table(tmp_path / "out.parquet")
    assert tuple(table.column_names) == export.COLUMNS
    first, second = table.to_pylist()
    assert first == {
        "track": UNKNOWN_TRACK,
        "title": "One, two",
        "artists": ["A", "B"],
        "genre": "folk",
        "weight": 1.25,
        "voters": 1,
        **VALUES,
    }
    assert (second["energy"], second["tempo"]) == (0.5, None)


def test_no_labels_are_a_table_without_rows(tmp_path: Path) -> None:
    assert cells(tmp_path) == []
    export.write([], tmp_path / "out.parquet")
    assert parquet.read_table(tmp_path / "out.parquet").num_rows == 0


@pytest.mark.parametrize(
    "title",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\u00a0=1"],
)
def test_no_cell_is_a_formula(tmp_path: Path, title: str) -> None:
    (row,) = cells(tmp_path, label(title=title, artists=(title,)))
    assert row[1:3] == [f"'{title}", f"'{title}"]


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_name_can_be_written(
    tmp_path_factory: pytest.TempPathFactory, title: str, artists: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("names")
    song = label(title=title, artists=tuple(artists))
    (row,) = cells(folder, song)
    assert row[1].removeprefix("'") == title.removeprefix("'")
    assert not row[2].lstrip().startswith(("=", "+", "@", "-"))
    export.write([song], folder / "out.parquet")
    assert parquet.read_table(folder / "out.parquet").to_pylist()[0]["artists"] == artists


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    song = label(title="\ud83c", artists=("\ud83c",))
    (row,) = cells(tmp_path, song)
    assert row[1:3] == ["?", "?"]
    export.write([song], tmp_path / "out.parquet")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_what_cannot_be_written_is_said_and_leaves_the_former_file(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / f"out.{suffix}"
    out.write_text("former")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", no_space)
        with pytest.raises(CannotWrite, match=r"out.* cannot be written: No space left"):
            export.write(LABELS, out)
    assert out.read_text() == "former"
    assert list(tmp_path.iterdir()) == [out]


async def test_command_writes_what_people_agree_on(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await vote(address, UNKNOWN_TRACK, {"ann": "folk", "bob": "folk", "cid": "jazz"})
    await vote(address, None, {"ann": "rock"})
    out = tmp_path / "out.csv"
    assert main(["corrections", "--out", str(out), "--feedback", address]) == 0
    printed = capsys.readouterr().out
    assert f"{out}: 1 track\n" in printed
    assert "feedback: 1 track stays out: too few people agree" in printed
    written = out.read_text()
    assert UNKNOWN_TRACK in written
    assert not any(person in written for person in ("ann", "bob", "cid"))


async def test_command_reads_the_database_of_the_deployment(
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await vote(address, UNKNOWN_TRACK, {"ann": "folk", "bob": "folk"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["corrections", "--out", "out.parquet"]) == 0
    assert capsys.readouterr().out.startswith("out.parquet: 1 track\n")


def test_command_names_formats_and_databases_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["corrections", "--out", str(tmp_path / "out.txt")]) == 2
    assert ".parquet or .csv" in capsys.readouterr().err.replace("\n", " ")
    out = str(tmp_path / "out.csv")
    assert main(["corrections", "--out", out, "--feedback", f"sqlite:///{tmp_path}/no.db"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not Path(out).exists()
