"""Classification of CSV tables, as in `python -m model predict`."""

import csv
import os
import threading
from pathlib import Path

import pytest

from model import table
from model.classifier import Classifier
from model.errors import BadTable
from model.table import CHUNK, Counts
from tests.support.factories import VALUES, save_bundle, save_full_bundle

HEADER = "danceability,energy,speechiness,acousticness"
GOOD = "0.9,0.1,0.2,0.3"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return Classifier(save_bundle(tmp_path_factory.mktemp("bundles")).load("tiny"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    """Return a classifier whose model also takes the year."""
    return Classifier(save_full_bundle(tmp_path_factory.mktemp("bundles")).load("full"))


def classified(tiny: Classifier, folder: Path, text: str) -> tuple[list[dict[str, str]], Counts]:
    (folder / "in.csv").write_text(text, encoding="utf-8")
    counts = table.predict(tiny, folder / "in.csv", folder / "out.csv", lambda _: None)
    with (folder / "out.csv").open(newline="") as file:
        return list(csv.DictReader(file)), counts


def test_row_equals_a_single_prediction(tiny: Classifier, tmp_path: Path) -> None:
    names, cells = zip(*VALUES.items(), strict=True)
    text = f"{','.join(names)}\n{','.join(map(str, cells))}\n"
    (row,), counts = classified(tiny, tmp_path, text)
    expected = tiny.predict(VALUES)
    assert row.pop("genre") == expected.best
    assert {genre: float(p) for genre, p in row.items()} == pytest.approx(dict(expected.genres))
    assert (counts.rows, counts.skipped) == (1, 0)


def test_columns_are_matched_by_name(tiny: Classifier, tmp_path: Path) -> None:
    plain, _ = classified(tiny, tmp_path, f"{HEADER}\n{GOOD}\n")
    other = "title, acousticness,speechiness,energy,danceability\nx,0.3,0.2,0.1,0.9\n"
    assert classified(tiny, tmp_path, other)[0] == plain


def test_rows_with_too_few_features_are_empty(tiny: Classifier, tmp_path: Path) -> None:
    text = f"{HEADER}\n{GOOD}\n0.9,,0.2,0.3\n0.1,0.9,0.2,0.3\n"
    rows, counts = classified(tiny, tmp_path, text)
    assert [row["genre"] for row in rows] == ["hip-hop", "", "rock"]
    assert set(rows[1].values()) == {""}
    assert (counts.rows, counts.skipped) == (3, 1)


def test_integers_may_have_a_decimal_point(tiny: Classifier, tmp_path: Path) -> None:
    rows, _ = classified(tiny, tmp_path, f"{HEADER},key,tempo\n1.0,0,0.2,1,11.0,1e2\n")
    assert rows[0]["genre"] == "hip-hop"


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("0.9,x,0.2,0.3", "row 2, column energy: 'x'"),
        ("0.9,1.2,0.2,0.3", "row 2, column energy: '1.2'"),
        ("0.9,0.1,-0.2,0.3", "row 2, column speechiness"),
        ("0.9,-inf,0.2,0.3", "row 2, column energy: '-inf'"),
        ("0.9,inf,0.2,0.3", "row 2, column energy: 'inf'"),
        ("0.9,!,0.2,0.3", "row 2, column energy"),
        ('0.9,"0,1",0.2,0.3', "row 2, column energy: '0,1'"),
        ("0.9,0.1,0_2,0.3", "row 2, column speechiness: '0_2'"),
        ("0.9,0.1,\u0660,0.3", "row 2, column speechiness"),
        ("0.9,0.1,0.2", "row 2 has 3 cells, the header 4"),
        ("0.9,0.1,0.2,0.3,0.4", "row 2 has 5 cells, the header 4"),
    ],
)
def test_invalid_cell_is_reported_with_row_and_column(
    tiny: Classifier, tmp_path: Path, row: str, named: str
) -> None:
    with pytest.raises(BadTable) as raised:
        classified(tiny, tmp_path, f"{HEADER}\n{GOOD}\n{row}\n{GOOD}\n")
    assert named in str(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_row_number_is_right_after_the_first_chunk(tiny: Classifier, tmp_path: Path) -> None:
    rows = "\n".join([GOOD] * CHUNK)
    with pytest.raises(BadTable, match=f"row {CHUNK + 1}, column danceability"):
        classified(tiny, tmp_path, f"{HEADER}\n{rows}\nx,0,0,0\n")


def test_existing_output_survives_a_failure(tiny: Classifier, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("before")
    with pytest.raises(BadTable):
        classified(tiny, tmp_path, f"{HEADER}\nx,0,0,0\n")
    assert (tmp_path / "out.csv").read_text() == "before"


@pytest.mark.parametrize("text", ["", "energy,energy\n1,1\n"])
def test_invalid_table_is_an_error(tiny: Classifier, tmp_path: Path, text: str) -> None:
    with pytest.raises(BadTable):
        classified(tiny, tmp_path, text)


def test_empty_lines_are_skipped(tiny: Classifier, tmp_path: Path) -> None:
    rows, counts = classified(tiny, tmp_path, f"{HEADER}\n\n{GOOD}\n\n" + "\n" * CHUNK + GOOD)
    assert len(rows) == counts.rows == 2


def test_empty_lines_before_the_header_are_skipped(tiny: Classifier, tmp_path: Path) -> None:
    rows, _ = classified(tiny, tmp_path, f"\n\n{HEADER}\n{GOOD}\n")
    assert len(rows) == 1


def test_output_may_be_a_symlink(tiny: Classifier, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"{HEADER}\n{GOOD}\n")
    (tmp_path / "other.csv").write_text("before")
    (tmp_path / "link.csv").symlink_to("other.csv")
    table.predict(tiny, tmp_path / "in.csv", tmp_path / "link.csv", lambda _: None)
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "other.csv").read_text().startswith("genre,")


def test_pipes_are_read_and_written_directly(tiny: Classifier, tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    for pipe in (source, target):
        os.mkfifo(pipe)
    received: list[str] = []
    ends = [
        threading.Thread(target=lambda: source.write_text(f"{HEADER}\n{GOOD}\n")),
        threading.Thread(target=lambda: received.append(target.read_text())),
    ]
    for end in ends:
        end.start()
    counts = table.predict(tiny, source, target, lambda _: None)
    for end in ends:
        end.join()
    assert counts.rows == 1
    assert received[0].startswith("genre,")
    assert target.is_fifo()


def test_error_names_the_output_not_the_temporary_file(tiny: Classifier, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"{HEADER}\n")
    target = tmp_path / "none" / "out.csv"
    with pytest.raises(OSError, match="No such file") as raised:
        table.predict(tiny, tmp_path / "in.csv", target, lambda _: None)
    assert raised.value.filename == str(target)


def test_year_is_read_from_any_date_and_never_an_error(full: Classifier, tmp_path: Path) -> None:
    dates = ["1960-05-01", "1960", "unknown", "", "0000", "2999-01-01"]
    text = "\n".join([f"{HEADER},track_album_release_date", *(f"{GOOD},{date}" for date in dates)])
    rows, counts = classified(full, tmp_path, text + "\n")
    rock = [float(row["rock"]) for row in rows]
    assert rock[0] == rock[1] > rock[2]
    assert rock[2:] == [rock[2]] * 4
    assert (counts.rows, counts.skipped) == (6, 0)


def test_table_of_several_chunks(tiny: Classifier, tmp_path: Path) -> None:
    rows, counts = classified(tiny, tmp_path, f"{HEADER}\n" + f"{GOOD}\n" * (CHUNK * 2 + 5))
    assert len(rows) == counts.rows == CHUNK * 2 + 5
    assert {row["genre"] for row in rows} == {"hip-hop"}
