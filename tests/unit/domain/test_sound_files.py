"""Which files of a message may be sound: by media type, else by name."""

import pytest

from bot.domain.sound_files import may_be_sound


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("song.mp3", "audio/mpeg"),
        ("song", "audio/ogg; codecs=opus"),
        ("SONG.FLAC", None),
        ("song.final.Wav", ""),
        ("song.opus", "application/octet-stream"),
        ("list.m3u", "Audio/x-mpegurl"),
        ("audiobook.m4b", None),
        ("take.caf", ""),
        ("take.mka", "application/octet-stream"),
        ("take.mp4", "audio/mp4"),
        ("take.webm", "audio/webm"),
    ],
)
def test_sound_is_known_by_its_type_or_its_name(name: str, media_type: str | None) -> None:
    assert may_be_sound(name, media_type)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("film.mp4", "video/mp4"),
        ("film.mp4", None),
        ("film.webm", "application/octet-stream"),
        ("cover.png", "image/png"),
        ("film.ogg", "video/ogg"),
        ("lyrics.mp3", "text/plain; charset=utf-8"),
        ("mp3", None),
        ("song.mp3.zip", "application/zip"),
        ("", None),
    ],
)
def test_other_files_are_left_alone(name: str, media_type: str | None) -> None:
    assert not may_be_sound(name, media_type)
