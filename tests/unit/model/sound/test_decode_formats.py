"""Every format is decoded to the same sound."""

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from model.sound.errors import NotAudio, Problem
from tests.support.sound_files import (
    ARTIST,
    KINDS,
    TITLE,
    WITH_AV,
    WITH_SOUNDFILE,
    Kind,
    heard,
    kind,
    level,
    strongest_hertz,
    tone,
    write,
)

EACH = pytest.mark.parametrize("of", KINDS, ids=lambda of: of.name)


@EACH
def test_a_tone_keeps_its_level_pitch_and_length(of: Kind, tmp_path: Path) -> None:
    path = write(tmp_path / of.name, tone(3, of.rate), of)

    decoded = heard(path)

    (excerpt,) = decoded.excerpts
    assert (decoded.format, decoded.rate, excerpt.shape[1]) == (of.format, of.rate, 2)
    assert decoded.duration == pytest.approx(3, abs=0 if of.lossless else 0.1)
    assert len(excerpt) == pytest.approx(3 * of.rate, abs=0 if of.lossless else 0.1 * of.rate)
    assert level(excerpt) == pytest.approx(0.5, rel=0.01)
    assert strongest_hertz(excerpt, of.rate) == pytest.approx(441, abs=0.5)


@EACH
def test_format_title_and_artist_are_read_whatever_the_name(of: Kind, tmp_path: Path) -> None:
    path = write(tmp_path / of.name, tone(1, of.rate, 1), of)

    decoded = heard(path.rename(tmp_path / "song.txt"))

    expected = (TITLE, ARTIST) if of.has_tags else ("", "")
    assert (decoded.format, decoded.title, decoded.artist) == (of.format, *expected)


def test_a_damaged_file_name_of_another_format_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(1), kind("a.flac"))

    assert heard(path.rename(tmp_path / "a.mp3")).format == "flac"


@pytest.mark.parametrize("channels", [3, 6, 8])
@pytest.mark.parametrize("of", [kind("a.wav"), kind("a.flac")], ids=lambda of: of.name)
def test_more_than_two_channels_are_averaged(of: Kind, channels: int, tmp_path: Path) -> None:
    # The mean of a tone in one channel of n has 1/n of its level; of one in all, all of it.
    samples = tone(1, channels=channels)
    samples[:, 1:] = 0

    (excerpt,) = heard(write(tmp_path / of.name, samples, of)).excerpts
    (all_excerpt,) = heard(write(tmp_path / of.name, tone(1, channels=channels), of)).excerpts

    assert excerpt.shape == (44_100, 1)
    assert level(excerpt) == pytest.approx(0.5 / channels, rel=0.001)
    assert level(all_excerpt) == pytest.approx(0.5, rel=0.001)


def test_surround_sound_in_m4a_is_averaged(tmp_path: Path) -> None:
    of = kind("a.m4a")

    (excerpt,) = heard(write(tmp_path / of.name, tone(2, channels=6), of)).excerpts

    # The sixth is for low frequencies, and the encoder takes 441 Hz away from it.
    assert excerpt.shape[1] == 1
    assert level(excerpt) == pytest.approx(0.5 * 5 / 6, rel=0.02)


def test_two_channels_stay_two(tmp_path: Path) -> None:
    samples = tone(1)
    samples[:, 1] = 0

    (excerpt,) = heard(write(tmp_path / "a.wav", samples, kind("a.wav"))).excerpts

    assert level(excerpt[:, :1]) == pytest.approx(0.5, rel=0.001)
    assert not excerpt[:, 1].any()


@pytest.mark.parametrize("of", [*WITH_SOUNDFILE[:4], *WITH_AV[:1]], ids=lambda of: of.name)
def test_one_channel_stays_one(of: Kind, tmp_path: Path) -> None:
    (excerpt,) = heard(write(tmp_path / of.name, tone(1, of.rate, 1), of)).excerpts

    assert excerpt.shape[1] == 1
    assert level(excerpt) == pytest.approx(0.5, rel=0.01)


@pytest.mark.parametrize("rate", [88_200, 96_000, 192_000, 384_000])
def test_high_rates_are_resampled(rate: int, tmp_path: Path) -> None:
    decoded = heard(write(tmp_path / "a.wav", tone(3, rate), kind("24.wav"), rate))

    (excerpt,) = decoded.excerpts
    assert decoded.rate == 48_000
    assert decoded.duration == 3
    assert len(excerpt) == pytest.approx(3 * 48_000, abs=1)
    assert level(excerpt) == pytest.approx(0.5, rel=0.001)
    assert strongest_hertz(excerpt, 48_000) == pytest.approx(441, abs=0.5)


def test_what_48_khz_cannot_hold_is_not_folded_back(tmp_path: Path) -> None:
    samples = tone(2, 192_000, hertz=30_000)

    (excerpt,) = heard(write(tmp_path / "a.wav", samples, kind("24.wav"), 192_000)).excerpts

    assert level(excerpt) < 0.001


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000])
def test_low_rates_are_kept(rate: int, tmp_path: Path) -> None:
    decoded = heard(write(tmp_path / "a.wav", tone(1, rate), kind("a.wav"), rate))

    assert (decoded.rate, decoded.duration) == (rate, 1)


def test_samples_that_are_no_numbers_are_silent_and_huge_ones_are_cut(tmp_path: Path) -> None:
    samples = tone(1)
    samples[100], samples[200], samples[300], samples[400] = np.nan, np.inf, -np.inf, -1e30

    (excerpt,) = heard(write(tmp_path / "a.wav", samples, kind("float.wav"))).excerpts

    assert not excerpt[[100, 200, 300]].any()
    assert excerpt[400].tolist() == [-4.0, -4.0]
    assert np.array_equal(excerpt[500:], samples[500:])


def test_tags_are_cut_and_have_no_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    with soundfile.SoundFile(path, "w", 44_100, 1, format="FLAC") as file:
        file.title, file.artist = "a\x1b[31m\nb\u202e" + "c" * 1000, "  x\t\ty  "
        file.write(tone(1, channels=1))

    decoded = heard(path)

    assert decoded.title.startswith("a [31m b c")
    assert len(decoded.title) == 300
    assert decoded.artist == "x y"


def test_the_sound_of_a_film_is_heard(tmp_path: Path) -> None:
    of = kind("a.mp4")
    sound, film = write(tmp_path / of.name, tone(2), of), tmp_path / "film.mp4"
    with av.open(sound) as source, av.open(film, "w") as target:
        heard_stream = target.add_stream_from_template(source.streams.audio[0])
        picture = target.add_stream("mpeg4", rate=10)
        picture.width = picture.height = 64
        picture.pix_fmt = "yuv420p"
        for _ in range(20):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            target.mux(picture.encode(frame))
        target.mux(picture.encode(None))
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = heard_stream
                target.mux(packet)

    (excerpt,) = heard(film).excerpts

    assert level(excerpt) == pytest.approx(0.5, rel=0.01)


def test_a_film_without_sound_is_no_sound(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    with av.open(film, "w") as target:
        picture = target.add_stream("mpeg4", rate=10)
        picture.width = picture.height = 64
        picture.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        target.mux([*picture.encode(frame), *picture.encode(None)])

    with pytest.raises(NotAudio) as caught:
        heard(film)

    assert (caught.value.problem, caught.value.format) == (Problem.NOT_SOUND, "mp4")
