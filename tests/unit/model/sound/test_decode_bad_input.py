"""Files that are no sound, or not as they should be, end in a typed error or in what is there."""

import hashlib
import os
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pytest
import soundfile

from model.sound.decoded import Decoded
from model.sound.decoding import decode, decoder_command
from model.sound.errors import NotAudio, Problem
from model.sound.formats import Format
from model.sound.limits import Limits
from tests.support.sound_files import (
    KINDS,
    Kind,
    heard,
    kind,
    level,
    strongest_hertz,
    tone,
    write,
)

FLAC_LENGTH_AT = 18
"""Where FLAC's 8 bytes of rate, channels, bits and number of frames begin."""


def refusal(path: Path, limits: Limits | None = None) -> tuple[Problem, str]:
    with pytest.raises(NotAudio) as caught:
        heard(path, limits or Limits())
    return caught.value.problem, caught.value.format


def with_frames(flac: Path, frames: int) -> Path:
    """State another length in the header of a FLAC file; 0 means that it is unknown."""
    data = bytearray(flac.read_bytes())
    head = int.from_bytes(data[FLAC_LENGTH_AT : FLAC_LENGTH_AT + 8], "big")
    head = head >> 36 << 36 | frames
    data[FLAC_LENGTH_AT : FLAC_LENGTH_AT + 8] = head.to_bytes(8, "big")
    flac.write_bytes(data)
    return flac


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").touch()

    assert refusal(tmp_path / "a.mp3") == (Problem.EMPTY, "")


def test_a_file_without_samples(tmp_path: Path) -> None:
    assert refusal(write(tmp_path / "a.wav", tone(0), kind("a.wav"))) == (Problem.EMPTY, "wav")


def test_two_gigabytes(tmp_path: Path) -> None:
    with (tmp_path / "a.wav").open("wb") as file:
        file.truncate(2 << 30)  # takes no space

    assert refusal(tmp_path / "a.wav") == (Problem.TOO_BIG, "")


def test_a_folder_and_a_device_are_no_sound() -> None:
    with open(os.devnull, "rb") as device, pytest.raises(NotAudio) as caught:  # noqa: PTH123
        decode(device)

    assert caught.value.problem == Problem.NOT_SOUND


def test_a_zip_bomb(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.mp3", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.wav", bytes(10_000_000))

    assert refusal(tmp_path / "a.mp3") == (Problem.NOT_SOUND, "zip")


def test_ten_hours_by_the_header(tmp_path: Path) -> None:
    flac = write(tmp_path / "a.flac", tone(2), kind("a.flac"))

    assert refusal(with_frames(flac, 36_000 * 44_100)) == (Problem.TOO_LONG, "flac")


def test_ten_hours_that_are_there(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1, 8_000, 1), kind("u8.wav"), 8_000)
    size = 36_000 * 8_000
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = size.to_bytes(4, "little")
    path.write_bytes(data)
    with path.open("r+b") as file:
        file.truncate(at + 4 + size)  # takes no space

    assert refusal(path) == (Problem.TOO_LONG, "wav")


def test_more_than_is_allowed_without_a_stated_length(tmp_path: Path) -> None:
    flac = with_frames(write(tmp_path / "a.flac", tone(8), kind("a.flac")), 0)

    assert heard(flac).duration == 8
    assert refusal(flac, Limits(sound_seconds=5)) == (Problem.TOO_LONG, "flac")


def test_unknown_length_has_its_excerpts_at_the_quarters(tmp_path: Path) -> None:
    sound = np.concatenate([tone(1, hertz=200 + 10 * second) for second in range(60)])
    flac = with_frames(write(tmp_path / "a.flac", sound, kind("a.flac")), 0)

    decoded = heard(flac)

    assert decoded.duration == 60
    found = [strongest_hertz(one[5 * 44_100 : 6 * 44_100], 44_100) for one in decoded.excerpts]
    assert found == pytest.approx([350, 500, 650], abs=2)


@pytest.mark.parametrize(("seconds", "channels"), [(12, 2), (50, 1)])
@pytest.mark.parametrize("of", KINDS, ids=lambda of: of.name)
def test_what_is_left_of_a_truncated_file_is_heard(
    of: Kind, seconds: int, channels: int, tmp_path: Path
) -> None:
    path = write(tmp_path / of.name, tone(seconds, of.rate, channels), of)
    os.truncate(path, path.stat().st_size * 2 // 3)

    if of.writer in {"ipod", "mp4", "mov", "CAF"}:  # their index is at the end
        assert refusal(path) == (Problem.DAMAGED, of.format)
        return
    decoded = heard(path)
    assert decoded.duration == pytest.approx(seconds * 2 / 3, rel=0.15, abs=0.3)
    assert level(decoded.excerpts[-1]) == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize("name", ["a.mp3", "a.flac"])
def test_less_than_a_second_of_a_damaged_file_does_not_count(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / name, tone(30), kind(name))
    os.truncate(path, path.stat().st_size // 50)

    assert refusal(path) == (Problem.DAMAGED, kind(name).format)


@pytest.mark.parametrize("of", KINDS, ids=lambda of: of.name)
def test_a_header_without_sound_is_refused(of: Kind, tmp_path: Path) -> None:
    path = write(tmp_path / of.name, tone(5, of.rate), of)
    os.truncate(path, 24 if of.name == "a.au" else 60)

    problem, name = refusal(path)

    assert problem in {Problem.DAMAGED, Problem.EMPTY, Problem.NOT_SOUND}
    assert name in {of.format, "", "ogg"}


def test_a_hole_in_a_file_leaves_what_is_before(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(40), kind("a.mp3"))
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 2000] = bytes(2000)
    path.write_bytes(data)

    assert heard(path).seconds == pytest.approx(40 / 3, abs=1)


def test_junk_before_an_mp3_is_skipped(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(3), kind("a.mp3"))
    path.write_bytes(b"\0junk\xff\xfb" * 500 + path.read_bytes())

    assert heard(path).duration == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize("name", ["a.flac", "a.wav", "a.aiff", "a.ogg", "a.opus", "a.mp3"])
def test_an_id3_tag_may_precede_any_format(name: str, tmp_path: Path) -> None:
    of = kind(name)
    path = write(tmp_path / name, tone(3, of.rate), of)
    path.write_bytes(b"ID3\x04\x00\x00\x00\x00\x40\x00" + bytes(8192) + path.read_bytes())

    decoded = heard(path)

    assert decoded.format == of.format
    assert decoded.duration == pytest.approx(3, abs=0.1)


def test_an_encoding_that_is_not_read_is_no_sound(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1), kind("a.wav"))
    data = bytearray(path.read_bytes())
    data[20:22] = b"\x61\x01"  # Windows Media Audio 2 in a WAV
    path.write_bytes(data)

    problem, name = refusal(path)

    assert problem in {Problem.NOT_SOUND, Problem.DAMAGED}
    assert name == "wav"


def test_m4a_without_its_library(tmp_path: Path) -> None:
    def without_av(found: Format, limits: Limits) -> list[str]:
        command = decoder_command(found, limits)
        command[command.index("-c") + 1] = (
            "import sys; sys.modules['av'] = None; " + command[command.index("-c") + 1]
        )
        return command

    path = write(tmp_path / "a.m4a", tone(1), kind("a.m4a"))
    with path.open("rb") as file, pytest.raises(NotAudio) as caught:
        decode(file, command=without_av)

    assert (caught.value.problem, caught.value.format) == (Problem.NOT_INSTALLED, "m4a")


@pytest.mark.parametrize("mode", ["rb", "r+b"])
def test_a_file_is_as_before_and_can_be_read_on(mode: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(2), kind("a.wav"))
    data = path.read_bytes()
    with path.open(mode) as file:
        decode(cast("BinaryIO", file))
        file.seek(0)
        digest = hashlib.sha256(file.read())

    assert digest.digest() == hashlib.sha256(data).digest()
    assert path.read_bytes() == data


def test_less_than_a_second_is_too_short(tmp_path: Path) -> None:
    assert refusal(write(tmp_path / "a.wav", tone(0.9), kind("a.wav"))) == (
        Problem.TOO_SHORT,
        "wav",
    )


def test_an_anonymous_file_that_was_just_written(tmp_path: Path) -> None:
    data = write(tmp_path / "a.wav", tone(0.01), kind("a.wav")).read_bytes()
    with tempfile.TemporaryFile() as file:
        file.write(data)  # without flush
        decoded = Decoded.from_bytes(decode(file, Limits(least_seconds=0)))
        file.seek(0)
        again = file.read()

    assert decoded.duration == 0.01
    assert again == data


def test_a_sound_that_is_small_and_decodes_to_much(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    with soundfile.SoundFile(path, "w", 192_000, 8, "PCM_24", format="FLAC") as file:
        for _ in range(40):
            file.write(np.zeros((192_000, 8), np.float32))

    decoded = heard(path)

    assert path.stat().st_size < 1_000_000
    assert decoded.duration == 40
    assert [excerpt.shape for excerpt in decoded.excerpts] == [(480_000, 1)] * 3


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="uses files of POSIX")
