"""The table of a folder: what its rows say, and how it goes on after it was stopped anywhere."""

import csv
import os
import resource
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import BadOutput
from model.genres import WIDE
from model.sound.heard import Heard, NoMusic
from model.sound.sound_table import COLUMNS, SoundTable, cell_of, heard_row
from tests.support.fake_listener import heard

NAMES = ("a.mp3", 'with "quotes", and\nline.mp3', "=1+1.mp3", "ünï/ß.mp3", "cr\r.mp3")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def rows(target: Path) -> list[dict[str, str]]:
    with target.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(target: Path, *names: str, again: bool = False) -> None:
    with SoundTable(target, again=again) as table:
        for name in names:
            table.add(name, heard_row(heard()))


def test_row_of_music_has_all_that_is_heard(target: Path) -> None:
    write(target, "a.mp3")
    (row,) = rows(target)
    assert tuple(row) == COLUMNS
    genres = {genre: row[genre] for genre in WIDE if row[genre]}
    assert genres == {"rock": "0.6000", "metal": "0.2500", "pop": "0.1500"}
    assert {name: value for name, value in row.items() if value and name not in WIDE} == {
        "file": "a.mp3",
        "genre": "rock",
        "verdict": "either",
        "heard": "classic rock, 70s, guitar",
        "seconds": "30.0",
        "duration": "215.0",
        "tempo": "120.5",
        "loudness": "-9.5",
        "key": "A minor",
    }


@pytest.mark.parametrize("value", sorted(NoMusic))
def test_row_of_what_is_no_music_has_no_genre(target: Path, value: NoMusic) -> None:
    nothing: Heard = heard(genres={}, no_music=value, tempo=None, loudness=None, key=None)
    assert nothing.tags
    with SoundTable(target) as table:
        table.add("a.mp3", heard_row(nothing))
    (row,) = rows(target)
    assert (row["error"], row["reason"]) == ("not_music", value.value)
    assert {row[name] for name in ("genre", *WIDE, "verdict", "tempo", "loudness", "key")} == {""}


def test_table_goes_on_where_it_ended(target: Path) -> None:
    write(target, *NAMES[:3])
    with SoundTable(target) as table:
        assert table.done == set(NAMES[:3])
        table.add(NAMES[3], {})
        table.add(NAMES[4], {})
    assert [row["file"] for row in rows(target)] == list(NAMES)


def test_table_that_was_cut_off_anywhere_is_repaired(target: Path) -> None:
    write(target, *NAMES)
    content = target.read_bytes()
    for length in range(len(content)):
        target.write_bytes(content[:length])
        with SoundTable(target) as table:
            missing = [name for name in NAMES if name not in table.done]
            for name in missing:
                table.add(name, heard_row(heard()))
        assert target.read_bytes() == content, length
        assert missing == list(NAMES[len(NAMES) - len(missing) :])


def test_rows_are_on_disk_before_the_table_is_closed(target: Path) -> None:
    with SoundTable(target) as table:
        table.add("a.mp3", {"error": "not_audio"})
        assert [row["file"] for row in rows(target)] == ["a.mp3"]


def test_again_starts_anew(target: Path) -> None:
    write(target, *NAMES)
    write(target, "b.mp3", again=True)
    assert [row["file"] for row in rows(target)] == ["b.mp3"]


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("content", [b"title,genre\nx,rock\n", b"file,genre\n", b"\x89PNG"])
def test_other_files_are_left_alone(target: Path, content: bytes, *, again: bool) -> None:
    target.write_bytes(content)
    with pytest.raises(BadOutput, match="is another file"):
        SoundTable(target, again=again)
    assert target.read_bytes() == content


@pytest.mark.parametrize("name", ["t.csv.gz", "t.tsv", "t.xlsx", "."])
def test_other_formats_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadOutput):
        SoundTable(tmp_path / name)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs devices")
def test_devices_are_refused() -> None:
    with pytest.raises(BadOutput, match="is no file"):
        SoundTable(Path("/dev/full"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of file sizes")
def test_full_disk_is_an_error_that_names_the_table(target: Path) -> None:
    write(target, "a.mp3")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with SoundTable(target) as table:
        resource.setrlimit(resource.RLIMIT_FSIZE, (target.stat().st_size + 3, limits[1]))
        try:
            with pytest.raises(OSError, match=r"table\.csv"):
                table.add("b.mp3", {})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    write(target, "c.mp3")
    assert [row["file"] for row in rows(target)] == ["a.mp3", "c.mp3"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True))
def test_any_name_is_found_again(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    target = tmp_path_factory.mktemp("any") / "table.csv"
    write(target, *names)
    with SoundTable(target) as table:
        assert table.done == set(names)


def test_names_that_are_no_unicode_are_escaped() -> None:
    assert cell_of(Path(os.fsdecode(b"caf\xe9/a.mp3"))) == "caf\\udce9/a.mp3"
