"""The table that is written: kept columns, compression, and targets that are refused."""

import bz2
import csv
import errno
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from model import table
from model.classifier import Classifier
from model.errors import BadOutput, BadTable
from tests.support.factories import save_bundle

SONGS = (
    "title,danceability,energy,speechiness,acousticness,genre,Rock\n"
    '"A, ""b""",0.9,0.1,0.2,0.3,soul,1\nC,,,0.2,0.3,,2\n'
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return Classifier(save_bundle(tmp_path_factory.mktemp("bundles")).load("tiny"))


def output(tiny: Classifier, text: str, *keep: str) -> list[dict[str, str]]:
    target = io.BytesIO()
    table.predict(tiny, io.BytesIO(text.encode()), target, keep=keep)
    return list(csv.DictReader(io.StringIO(target.getvalue().decode(), newline="")))


def test_output_is_the_genre_and_the_probabilities_unless_columns_are_kept(
    tiny: Classifier,
) -> None:
    assert list(output(tiny, SONGS)[0]) == ["genre", *tiny.metadata.genres]


def test_kept_columns_stand_in_front_in_the_order_given(tiny: Classifier) -> None:
    first, second = output(tiny, SONGS, "speechiness", "title")
    assert list(first) == ["speechiness", "title", "genre", *tiny.metadata.genres]
    assert (first["title"], first["genre"]) == ('A, "b"', "hip-hop")
    assert (second["title"], second["genre"]) == ("C", "")


def test_kept_column_with_a_name_of_the_output_is_renamed(tiny: Classifier) -> None:
    first, _ = output(tiny, SONGS, "all")
    assert list(first)[5:9] == ["input.genre", "input.Rock", "genre", "rock"]
    assert (first["input.genre"], first["genre"], first["input.Rock"]) == ("soul", "hip-hop", "1")


def test_renamed_column_gets_a_name_that_no_other_has(tiny: Classifier) -> None:
    text = SONGS.replace("title", "input.genre")
    first, _ = output(tiny, text, "genre", "input.genre")
    assert list(first)[:3] == ["input.input.genre", "input.genre", "genre"]


def test_unknown_kept_column_is_refused_and_nothing_is_written(
    tiny: Classifier, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text(SONGS)
    with pytest.raises(BadTable, match="no column 'artist'"):
        table.predict(tiny, tmp_path / "in.csv", tmp_path / "out.csv", keep=["artist"])
    assert not (tmp_path / "out.csv").exists()


def unzipped(packed: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["out.csv"]
        return archive.read("out.csv")


@pytest.mark.parametrize(
    ("name", "unpack"),
    [
        ("out.csv.gz", gzip.decompress),
        ("out.csv.bz2", bz2.decompress),
        ("out.csv.xz", lzma.decompress),
        ("out.csv.zip", unzipped),
        ("out.zip", unzipped),
        ("OUT.CSV.GZ", gzip.decompress),
    ],
)
def test_output_is_compressed_as_its_name_says(
    tiny: Classifier, tmp_path: Path, name: str, unpack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "in.csv").write_text(SONGS)
    table.predict(tiny, tmp_path / "in.csv", tmp_path / "plain.csv")
    table.predict(tiny, tmp_path / "in.csv", tmp_path / name)
    assert unpack((tmp_path / name).read_bytes()) == (tmp_path / "plain.csv").read_bytes()
    assert len(list(tmp_path.iterdir())) == 3


def test_gzip_file_holds_neither_time_nor_name(tiny: Classifier, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(SONGS)
    table.predict(tiny, tmp_path / "in.csv", tmp_path / "out.csv.gz")
    _, _, _, flags, *time = (tmp_path / "out.csv.gz").read_bytes()[:8]
    assert (flags, time) == (0, [0, 0, 0, 0])


@pytest.mark.parametrize("name", ["out.tsv", "out.tsv.gz"])
def test_tsv_has_tabs(tiny: Classifier, tmp_path: Path, name: str) -> None:
    (tmp_path / "in.csv").write_text(SONGS)
    table.predict(tiny, tmp_path / "in.csv", tmp_path / name)
    data = (tmp_path / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith("gz") else data).decode()
    assert text.splitlines()[0] == "\t".join(["genre", *tiny.metadata.genres])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("folder", "is a folder"),
        ("out.xlsx", ".xlsx files are not written"),
        ("out.parquet", ".parquet files are not written"),
        ("out.json.gz", ".json files are not written"),
    ],
)
def test_target_that_cannot_be_meant_is_refused(
    tiny: Classifier, tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "in.csv").write_text(SONGS)
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BadOutput, match=reason):
        table.predict(tiny, tmp_path / "in.csv", tmp_path / name)
    with (tmp_path / "in.csv").open("rb") as stream, pytest.raises(BadOutput, match=reason):
        table.predict(tiny, stream, tmp_path / name)
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "in.csv").read_text() == SONGS


@pytest.mark.parametrize("name", ["in.csv", "link.csv"])
def test_output_may_be_the_input(tiny: Classifier, tmp_path: Path, name: str) -> None:
    (tmp_path / "in.csv").write_text(SONGS)
    (tmp_path / "link.csv").symlink_to("in.csv")
    table.predict(tiny, tmp_path / "in.csv", tmp_path / name)
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "in.csv").read_text().startswith("genre,")


@pytest.mark.parametrize(("name", "reason"), [("no.csv", "no file"), (".", "is a folder")])
def test_missing_input_and_folders_are_refused(
    tiny: Classifier, tmp_path: Path, name: str, reason: str
) -> None:
    with pytest.raises(BadTable, match=reason):
        table.predict(tiny, tmp_path / name, tmp_path / "out.csv")
    assert not list(tmp_path.iterdir())


def test_table_without_rows_is_classified_and_one_without_features_is_not(
    tiny: Classifier, tmp_path: Path
) -> None:
    header = SONGS.splitlines()[0]
    (tmp_path / "in.csv").write_text(f"{header}\n")
    assert table.predict(tiny, tmp_path / "in.csv", tmp_path / "out.csv").rows == 0
    assert (tmp_path / "out.csv").read_text().count("\n") == 1
    (tmp_path / "out.csv").unlink()
    (tmp_path / "in.csv").write_text(f"{header}\nC,0.1,0.2,0.3,,,\n")
    with pytest.raises(BadTable, match="no row has 4 of the columns danceability"):
        table.predict(tiny, tmp_path / "in.csv", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_progress_is_in_bytes_of_the_input(
    tiny: Classifier, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    rows = "".join(f"{i},0.{i},0.1,0.2,0.3,,\n" for i in range(1, 20_000))
    (tmp_path / "in.csv").write_bytes(pack((SONGS + rows).encode()))
    positions: list[int] = []
    table.predict(tiny, tmp_path / "in.csv", tmp_path / "out.csv", positions.append)
    assert positions == sorted(positions)
    assert 0 < positions[0] <= positions[-1] == (tmp_path / "in.csv").stat().st_size


class Unreadable(io.BytesIO):
    """A stream whose device fails after the first bytes."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not data:
            raise OSError(errno.EIO, "Input/output error")
        return data


def test_error_of_reading_is_not_said_of_the_output(tiny: Classifier, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Input/output error") as raised:
        table.predict(tiny, Unreadable(SONGS.encode()), tmp_path / "out.csv")
    assert raised.value.filename == "the input"
