"""Labels of sound files: from a table, from folders, from what is known of a name."""

from pathlib import Path

import pytest

from model.errors import ModelError
from training.errors import TableError
from training.sound.clips import Clip, clips, read_label


def sound(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("rock", "rock"),
        ("Death Metal", "metal"),
        ("Hip Hop", "hip-hop"),
        ("Speech", "speech"),
        (" silence ", "silence"),
        ("my songs", ""),
        ("", ""),
    ],
)
def test_a_label_is_read_as_a_tag_is(text: str, label: str) -> None:
    assert read_label(text) == label


def test_the_folders_of_the_files_are_their_labels(tmp_path: Path) -> None:
    song = sound(tmp_path / "jazz" / "a.ogg")
    other = sound(tmp_path / "my songs" / "b.mp3")
    sound(tmp_path / "jazz" / "cover.jpg")
    assert clips(tmp_path) == [Clip(song, "jazz"), Clip(other, "")]


def test_clips_for_tests_are_known_by_name(tmp_path: Path) -> None:
    sound(tmp_path / "speech.ogg")
    sound(tmp_path / "vibe_ace.ogg")
    assert [clip.label for clip in clips(tmp_path)] == ["speech", "jazz"]


def test_a_table_of_labels_is_taken_if_there_is_one(tmp_path: Path) -> None:
    table = "\ufefffile,genre,artist\nblues/a.ogg,Death metal,Someone\nb.ogg,noise,\nc.ogg\n"
    (tmp_path / "labels.csv").write_text(table, encoding="utf-8")
    assert clips(tmp_path) == [
        Clip(tmp_path / "b.ogg", "noise"),
        Clip(tmp_path / "blues" / "a.ogg", "metal", "Someone"),
        Clip(tmp_path / "c.ogg", ""),
    ]


@pytest.mark.parametrize("table", [b"path,genre\na.ogg,rock\n", b"file\na.ogg", b"\xff\xfe"])
def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, table: bytes) -> None:
    (tmp_path / "labels.csv").write_bytes(table)
    with pytest.raises(TableError, match=r"labels\.csv.*file and genre"):
        clips(tmp_path)


def test_a_folder_without_sounds_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no sound files"):
        clips(tmp_path)
