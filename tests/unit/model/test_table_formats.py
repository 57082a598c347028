"""Tables as people have them: separators, encodings, compression, missing values, units."""

import bz2
import csv
import gzip
import io
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import table, table_format
from model.cells import MISSING
from model.classifier import Classifier
from model.errors import BadTable
from tests.support.factories import save_bundle

NAMES = ("danceability", "energy", "speechiness", "acousticness", "tempo")
ROWS = (("0.9", "0.1", "0.2", "0.3", "120.5"), ("0.1", "0.9", "0.2", "0.3", "90"))
PLAIN = "\n".join(",".join(row) for row in (NAMES, *ROWS)).encode()
CASES = Path(__file__).parents[4] / "shared" / "cases"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return Classifier(save_bundle(tmp_path_factory.mktemp("bundles")).load("tiny"))


def results(tiny: Classifier, data: bytes, *keep: str) -> str:
    target = io.BytesIO()
    table.predict(tiny, io.BytesIO(data), target, keep=keep)
    return target.getvalue().decode()


def refusal(tiny: Classifier, data: bytes) -> str:
    with pytest.raises(BadTable) as raised:
        results(tiny, data)
    return str(raised.value)


def check_sentence(error: BadTable) -> None:
    assert str(error)
    assert "\n" not in str(error)


def zipped(**files: bytes) -> bytes:
    """Return a zip archive; "." in names is given as "_", except in [Content_Types]."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(
                name if "[" in name else name.replace("__", "/").replace("_", "."), content
            )
    return packed.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_read_from_the_header(tiny: Classifier, separator: str) -> None:
    assert results(tiny, PLAIN.replace(b",", separator.encode())) == results(tiny, PLAIN)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ['"', ""])
def test_other_separators_in_names_do_not_matter(
    tiny: Classifier, separator: str, quote: str
) -> None:
    lines = PLAIN.decode().replace(",", separator).splitlines()
    others = "".join(other * 20 for other in ",;\t|" if other != separator)
    lines[0] = f"{quote}artist{others}{quote}{separator}{lines[0]}"
    data = "\n".join([lines[0], *(f"x{separator}{row}" for row in lines[1:])])
    assert results(tiny, data.encode()) == results(tiny, PLAIN)


def test_separator_may_be_named_in_the_first_line(tiny: Classifier) -> None:
    data = b"sep=;\r\n" + PLAIN.replace(b",", b";")
    assert results(tiny, data) == results(tiny, PLAIN)


def test_decimal_comma_is_read_unless_commas_separate(tiny: Classifier) -> None:
    data = PLAIN.replace(b",", b";").replace(b".", b",")
    assert results(tiny, data) == results(tiny, PLAIN)


@pytest.mark.parametrize("cell", ["1.234,5", "1,2,3", ",", "0,5x"])
def test_other_commas_are_refused(tiny: Classifier, cell: str) -> None:
    data = PLAIN.replace(b",", b";").replace(b"120.5", cell.encode())
    assert f"row 1, column tempo: {cell!r}" in refusal(tiny, data)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "Beyoncé 東京"),
        ("utf-8-sig", "Beyoncé 東京"),
        ("utf-16", "Beyoncé 東京"),
        ("utf-16-le", "Beyoncé 東京"),
        ("utf-16-be", "Beyoncé 東京"),
        ("utf-32", "Beyoncé 東京"),
        ("cp1252", "Beyoncé €5"),
        ("latin-1", "Beyoncé Ærø"),
    ],
)
def test_names_survive_in_every_encoding(tiny: Classifier, encoding: str, name: str) -> None:
    data = f"danceability,energy,tempo,valence,title\n0.9,0.1,120,0.3,{name}\n".encode(encoding)
    assert results(tiny, data, "title").splitlines()[1].startswith(f"{name},")


def test_windows_1252_is_found_far_behind_the_beginning(tiny: Classifier) -> None:
    rows = "0.9,0.1,120,0.3,x\n" * 20_000 + "0.9,0.1,120,0.3,é\n"
    data = f"danceability,energy,tempo,valence,title\n{rows}".encode("cp1252")
    assert results(tiny, data, "title").splitlines()[-1].startswith("é,")


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        bz2.compress,
        lzma.compress,
        lambda data: zipped(songs_csv=data),
        lambda data: zipped(songs_csv=data, README_md=b"x", __MACOSX___songs_csv=b"y"),
        lambda data: zipped(songs=data),
        lambda data: zipped(songs_csv_gz=gzip.compress(data)),
        lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:]),
        lambda data: gzip.compress(zipped(songs_csv=data)),
    ],
)
def test_compression_is_recognised_by_content(
    tiny: Classifier, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "songs.csv").write_bytes(pack(PLAIN))
    table.predict(tiny, tmp_path / "songs.csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == results(tiny, PLAIN)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(a_csv=PLAIN, b_csv=PLAIN), "2 tables, a.csv, b.csv"),
        (zipped(a_md=b"x", b_png=b"y"), "holds no table, but a.md, b.png"),
        (zipped(), "holds no file"),
        (zipped(photo_png=b"\x89PNG\r\n\x1a\n"), "PNG picture"),
        (zipped(**{"[Content_Types].xml": b"<Types/>"}), "Excel"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"\x89PNG\r\n\x1a\n", "PNG picture"),
        (b"SQLite format 3\0", "SQLite"),
        (b"\0\1\2\3binary", "a binary file"),
        (b'[{"energy": 1}]', "JSON"),
        (b"<!DOCTYPE html><html>", "web page"),
        (gzip.compress(PLAIN, mtime=0)[:-12], "not complete"),  # a time would change the name
        (gzip.compress(PLAIN, mtime=0)[:-8] + b"\xff" * 8, "damaged"),
        (bz2.compress(PLAIN)[:-9] + b"\xff" * 9, "damaged"),
        (lzma.compress(PLAIN)[:-9] + b"\xff" * 9, "damaged"),
        (zipped(songs_csv=PLAIN)[:-9], "damaged"),
        (zipped(songs_csv=PLAIN)[:-6] + b"\xff\xff\0\0\0\0", "damaged"),
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(PLAIN)))), "more than 3 times"),
        (b"x" * table_format.MAX_LINE, "line is longer"),
        (PLAIN + b'\n0.1,0.9,0.2,0.3,"90\n0.1,0.9,0.2,0.3,90\n', "row 3 has a quotation mark"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(
    tiny: Classifier, data: bytes, reason: str
) -> None:
    message = refusal(tiny, data)
    assert reason in message
    assert "\n" not in message


def test_tar_in_gzip_is_refused(tiny: Classifier, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(PLAIN)
    with tarfile.open(tmp_path / "songs.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "in.csv", "in.csv")
    assert "a tar archive" in refusal(tiny, (tmp_path / "songs.tar.gz").read_bytes())


@pytest.mark.parametrize("cell", [*sorted(MISSING), "N/A", "NaN", "NULL", "None", " ", " NA "])
def test_missing_values(tiny: Classifier, cell: str) -> None:
    empty = PLAIN.replace(b"120.5", b"").replace(b"0.3,90", b",90")
    marked = PLAIN.replace(b"120.5", cell.encode()).replace(b"0.3,90", f"{cell},90".encode())
    assert results(tiny, marked) == results(tiny, empty)


def column(tiny: Classifier, name: str, cell: str) -> str:
    """Classify a song with one more column."""
    lines = PLAIN.decode().splitlines()
    return results(
        tiny, "\n".join([f"{lines[0]},{name}", *(f"{x},{cell}" for x in lines[1:])]).encode()
    )


@pytest.mark.parametrize(
    ("name", "cell", "same"),
    [
        ("Valence (%)", "80", "0.8"),
        ("valence_%", "1", "0.01"),
        ("Valence (0-1)", "0.8", "0.8"),
    ],
)
def test_percentages_are_converted(tiny: Classifier, name: str, cell: str, same: str) -> None:
    assert column(tiny, name, cell) == column(tiny, "valence", same)


@pytest.mark.parametrize(
    ("name", "cell", "expected"),
    [
        ("Valence (%)", "101", "'101' is not a number from 0 to 100"),
        ("Valence", "80", "column Valence: '80' is not a number from 0 to 1"),
    ],
)
def test_value_outside_the_range_of_its_unit_is_refused(
    tiny: Classifier, name: str, cell: str, expected: str
) -> None:
    with pytest.raises(BadTable, match=expected):
        column(tiny, name, cell)


@given(st.binary(max_size=300))
def test_bytes_are_a_table_or_are_refused(tiny: Classifier, data: bytes) -> None:
    for start in (b"", b"\x1f\x8b\x08", b"PK\x03\x04", b"BZh91AY&SY", b"\xff\xfe", PLAIN + b"\n"):
        try:
            results(tiny, start + data)
        except BadTable as error:
            check_sentence(error)


@given(st.randoms(use_true_random=False), st.sampled_from([gzip, bz2, lzma, "zip"]))
def test_damaged_compressed_tables_are_refused_or_read(
    tiny: Classifier, rng: random.Random, module: object
) -> None:
    pack = getattr(module, "compress", lambda data: zipped(songs_csv=data))
    packed = bytearray(pack(PLAIN))
    for _ in range(rng.randint(1, 4)):
        packed[rng.randrange(len(packed))] = rng.randrange(256)
    try:
        results(tiny, bytes(packed))
    except BadTable as error:
        check_sentence(error)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_kept_cells_are_the_input_cells(
    tiny: Classifier, titles: list[str], separator: str, encoding: str
) -> None:
    def line(*cells: str) -> str:
        return separator.join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"

    data = line("title", *NAMES) + "".join(line(title, *ROWS[0]) for title in titles)
    out = io.BytesIO()
    table.predict(tiny, io.BytesIO(data.encode(encoding)), out, keep=["title"])
    rows = list(table_csv(out.getvalue().decode()))
    assert [row[0] for row in rows[1:]] == titles


def table_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.skipif(not CASES.is_dir(), reason="the published tables are not here")
@pytest.mark.parametrize(
    ("name", "rows", "skipped"),
    [
        ("exportify.csv", 5, 0),
        ("semi_point.csv", 5, 0),
        ("tabs.tsv", 5, 0),
        ("tymson_spotify_dataset.csv", 40, 0),
        ("r_na.csv", 4, 1),
    ],
)
def test_published_tables(
    tiny: Classifier, tmp_path: Path, name: str, rows: int, skipped: int
) -> None:
    counts = table.predict(tiny, CASES / name, tmp_path / "out.csv")
    assert (counts.rows, counts.skipped, counts.missing) == (rows, skipped, ())
