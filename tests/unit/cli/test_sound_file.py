"""`ask` with a sound file: which texts name one, and the JSON shape of its answer."""

import io
import json
import os
from pathlib import Path

import pytest
import soundfile
from hypothesis import example, given
from hypothesis import strategies as st

from bot.cli import ask, sound_file
from bot.cli.picture_files import PictureFiles
from bot.cli.terminal import print_card
from bot.domain.errors import NotAudio, NotMusic, TrackNotFound
from bot.domain.replies import Notice, NoticeKind
from bot.runtime import log_setup
from bot.texts import commands, sound_opinion
from bot.texts.answer_json import as_dict, error_as_dict
from model.sound.errors import Problem
from model.sound.heard import NoMusic
from model.sound.limits import LIMITS
from tests.support import sounds
from tests.support.factories import answer, prediction, sound_answer
from tests.support.fake_listener import heard


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, which is the home folder, too; it has a few files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "music").mkdir()
    wav = io.BytesIO()
    soundfile.write(wav, sounds.song(0.2), sounds.RATE, format="WAV")
    for name in ("song.mp3", "My Song.FLAC", "music/a b.ogg", "music/recording"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "take 1").write_bytes(wav.getvalue())
    for name in ("list.m3u", "notes.txt", "cover.png", "Mr. Blue"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "heroes").write_text("a list of heroes")
    (tmp_path / "empty").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("song.mp3", "song.mp3"),
        ("My Song.FLAC", "My Song.FLAC"),
        ("music/a b.ogg", "music/a b.ogg"),
        ("./music/a b.ogg", "music/a b.ogg"),
        ("music/recording", "music/recording"),
        ("take 1", "take 1"),
        ("none.mp3", "none.mp3"),
        ("Artist - Title.m4a", "Artist - Title.m4a"),
        ("./none", "none"),
        ("../none", "../none"),
        ("old.wma", "old.wma"),
        ("list.m3u", "list.m3u"),
        ("notes.txt", "notes.txt"),
        ("cover.png", "cover.png"),
        ("Mr. Blue", "Mr. Blue"),
        ("none.mkv", "none.mkv"),
        ("music/", "music"),
        ("./music", "music"),
        (".", "."),
    ],
)
def test_text_names_a_file(text: str, path: str) -> None:
    assert sound_file.named_by(text) == Path(path)


@pytest.mark.parametrize(
    "text",
    [
        "song.mp3 music/recording",
        "song.mp3 list.m3u",
        "none.mp3 other.ogg",
        "notes.txt cover.png song.mp3",
    ],
)
async def test_several_files_are_refused_with_a_sentence(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_setup, "configure", lambda *_, **__: None)  # it is for a process
    words = text.split()
    code = await ask.answer(words, as_json=False, pictures=PictureFiles(), model=None)
    assert (code, capsys.readouterr().err.strip()) == (1, commands.ONE_FILE)


@pytest.mark.parametrize(
    "text",
    ["My Song.FLAC", "song.mp3", "take 1", "Artist - Title.m4a", "wait . . .", "a b c", "a/b c/d"],
)
def test_one_file_with_blanks_in_its_name_is_one(text: str) -> None:
    assert not sound_file.names_several(text.split())


def test_home_folder_and_absolute_paths(folder: Path) -> None:
    assert sound_file.named_by("~/song.mp3") == folder / "song.mp3"
    assert sound_file.named_by("~/none") == folder / "none"
    assert sound_file.named_by(str(folder / "none")) == folder / "none"
    assert sound_file.named_by("~nobody-of-this-name/x.mp3") == Path("~nobody-of-this-name/x.mp3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "heroes",
        "empty",
        "music",
        "none",
        "AC/DC - Thunderstruck",
        "Mr. Blue Sky",
        "none.txt",
        "old town road",
        "https://example.org/song.mp3",
        "https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG",
        "open.spotify.com/track/2YpeDb67231RjR0MgVLzsG",
        "spotify:track:2YpeDb67231RjR0MgVLzsG",
        "a\nsong.mp3",
        "a\0b/c",
        "x" * 100_000,
        f"a/{'x' * 100_000}",
    ],
)
def test_text_asks_for_a_song(text: str) -> None:
    assert sound_file.named_by(text) is None


@given(st.text(max_size=200))
@example("~\0/x.mp3")
@example("\ud800.mp3")
def test_any_text_is_read(text: str) -> None:
    found = sound_file.named_by(text)
    assert found is None or found.parts is not None


async def raised(path: str) -> Problem:
    with pytest.raises(NotAudio) as caught, sound_file._opened(Path(path)):
        pass
    return caught.value.problem


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("none.mp3", Problem.MISSING),
        ("song.mp3/x.mp3", Problem.MISSING),
        ("a\0b.mp3", Problem.MISSING),
        (f"{'x' * 5000}.mp3", Problem.MISSING),
        ("pipe.mp3", Problem.NOT_SOUND),
        (os.devnull, Problem.NOT_SOUND),
        ("loop.mp3", Problem.MISSING),
        ("huge.wav", Problem.TOO_BIG),
    ],
)
async def test_what_cannot_be_opened(folder: Path, path: str, problem: Problem) -> None:
    os.mkfifo(folder / "pipe.mp3")
    (folder / "loop.mp3").symlink_to("loop.mp3")
    with (folder / "huge.wav").open("wb") as huge:
        huge.truncate(2 << 30)
    assert await raised(path) is problem


def test_file_that_is_too_big_is_told_the_limit_of_the_terminal(folder: Path) -> None:
    with (folder / "huge.wav").open("wb") as huge:
        huge.truncate(2 << 30)
    with pytest.raises(NotAudio) as caught, sound_file._opened(Path("huge.wav")):
        pass
    assert caught.value.limit == LIMITS.file_bytes


async def test_file_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert await raised("song.mp3") is Problem.UNREADABLE


def test_answer_by_sound_alone() -> None:
    found = as_dict(sound_answer())
    assert found["source"] == "audio"
    assert (found["features"], found["why"]) == ({}, [])
    assert found["heard"] == {
        "tags": [
            {"tag": "classic rock", "probability": 0.7},
            {"tag": "guitar", "probability": 0.5},
            {"tag": "70s", "probability": 0.3},
        ],
        "genres": [
            {"genre": "rock", "probability": 0.6},
            {"genre": "metal", "probability": 0.25},
            {"genre": "pop", "probability": 0.15},
        ],
        "music": True,
        "seconds": 30.0,
        "duration": 215.0,
        "verdict": "either",
        "agreement": "unknown",
        "tempo": 120.5,
        "other_tempo": None,
        "loudness": -9.5,
        "key": "A minor",
        "model": {"name": "musicnn", "version": "1"},
    }
    json.dumps(found)


def test_answer_with_figures_and_sound_keeps_the_source_of_its_figures() -> None:
    found = as_dict(answer(heard=heard(genres=prediction().genres)))
    assert found["source"] == "reccobeats"
    assert found["heard"]["agreement"] == "agrees"


def test_terminal_says_what_installs_a_reader() -> None:
    missing, damaged = NotAudio(Problem.NOT_INSTALLED, "m4a"), NotAudio(Problem.DAMAGED)
    assert sound_file.failure(missing) == (
        "I can't read m4a files here (pip install 'soundslike[audio]' adds that). "
        "An mp3, wav or flac will do."
    )
    assert "pip install" not in sound_file.failure(damaged)


def test_error_says_why() -> None:
    notice = Notice(NoticeKind.NOT_AUDIO, "A sentence.")
    reasons = [
        sound_file.reason_as_dict(error)
        for error in (NotAudio(Problem.DAMAGED, "mp3"), NotMusic(NoMusic.SPEECH), TrackNotFound())
    ]
    assert reasons == [{"reason": "damaged"}, {"reason": "speech"}, {}]
    assert error_as_dict(notice, reasons[0]) == {
        "error": {"code": "not_audio", "message": "A sentence.", "reason": "damaged"}
    }


def test_opinion_of_the_sound_is_printed_as_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    both = answer(heard=heard())
    print_card(both)
    print_card(sound_answer())
    assert sound_opinion(both) in capsys.readouterr().out.splitlines()
