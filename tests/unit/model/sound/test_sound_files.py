"""Which files of a folder are listened to, and in which order."""

import os
from pathlib import Path

import pytest

from model.sound.errors import NoSoundFiles
from model.sound.format_table import SUFFIXES
from model.sound.sound_files import sound_files


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sound_files(folder)]


def test_files_are_sorted_in_each_folder(tmp_path: Path) -> None:
    touch(tmp_path, "b.mp3", "a.ogg", "z/2.flac", "z/1.wav", "c/x.opus")
    assert found(tmp_path) == ["a.ogg", "b.mp3", "c/x.opus", "z/1.wav", "z/2.flac"]


def test_only_sound_is_found_by_the_end_of_the_name(tmp_path: Path) -> None:
    touch(tmp_path, "song.MP3", "cover.jpg", "list.m3u", "mp3", "old.wma", "notes.mp3.txt")
    assert found(tmp_path) == ["old.wma", "song.MP3"]


def test_sound_that_is_read_is_found_and_videos_are_not(tmp_path: Path) -> None:
    sound = {f"a{suffix}" for suffix in SUFFIXES}
    assert {".caf", ".au", ".w64", ".m4b", ".mka", ".weba"} <= SUFFIXES
    touch(tmp_path, *sound, "film.mp4", "film.mov", "film.webm", "film.mkv")
    assert set(found(tmp_path)) == sound


def test_hidden_files_and_folders_are_skipped(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp3", "._a.mp3", ".trash/b.mp3", "x/.c.mp3")
    assert found(tmp_path) == ["a.mp3"]


def test_links_are_followed_and_circles_end(tmp_path: Path) -> None:
    touch(tmp_path, "music/a.mp3", "elsewhere/b.mp3")
    (tmp_path / "music" / "round").symlink_to(tmp_path / "music")
    (tmp_path / "music" / "there").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "music" / "gone.mp3").symlink_to(tmp_path / "nothing")
    (tmp_path / "music" / "link.mp3").symlink_to(tmp_path / "elsewhere" / "b.mp3")
    assert found(tmp_path / "music") == ["a.mp3", "link.mp3", "there/b.mp3"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes_and_folders_with_such_names_are_no_files(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp3", "folder.mp3/b.mp3")
    os.mkfifo(tmp_path / "pipe.mp3")
    assert found(tmp_path) == ["a.mp3", "folder.mp3/b.mp3"]


def test_folder_without_sound_is_an_error(tmp_path: Path) -> None:
    touch(tmp_path, "cover.jpg", ".hidden.mp3")
    with pytest.raises(NoSoundFiles, match="has no sound files"):
        sound_files(tmp_path)


def test_what_is_no_folder_is_an_error(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp3")
    with pytest.raises(NoSoundFiles, match="is a file"):
        sound_files(tmp_path / "a.mp3")
    with pytest.raises(NoSoundFiles, match="does not exist"):
        sound_files(tmp_path / "none")
