"""What is heard of a sound: the whole, or an excerpt at each of three places."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.sound.decoded import Samples
from tests.support.sound_files import KINDS, Kind, heard, kind, strongest_hertz, tone, write

EACH = pytest.mark.parametrize("of", KINDS, ids=lambda of: of.name)


def rising(seconds: int, rate: int) -> Samples:
    """Return a mono tone of 200 + 10 n Hz in second n."""
    seconds_of_sound = [tone(1, rate, 1, 200 + 10 * second) for second in range(seconds)]
    return np.concatenate(seconds_of_sound)


def at(samples: Samples, rate: int, second: float) -> float:
    """Return in which second of `rising` the tone lies that sounds at a place."""
    middle = round(second * rate)
    around = samples[middle - rate // 4 : middle + rate // 4]
    return (strongest_hertz(around, rate) - 200) / 10


@EACH
def test_excerpts_lie_at_the_quarters(of: Kind, tmp_path: Path) -> None:
    decoded = heard(write(tmp_path / of.name, rising(48, of.rate), of))

    assert [excerpt.shape for excerpt in decoded.excerpts] == [(10 * of.rate, 1)] * 3
    assert decoded.duration == pytest.approx(48, abs=0.1)
    # The quarters are the middles of the excerpts: each begins five seconds before.
    for start, excerpt in zip((7, 19, 31), decoded.excerpts, strict=True):
        found = [at(excerpt, of.rate, second + 0.5) for second in range(1, 9)]
        assert found == pytest.approx([start + second for second in range(1, 9)], abs=0.25)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "alac.m4a"])
def test_excerpts_are_exact(name: str, tmp_path: Path) -> None:
    of = kind(name)
    samples = np.random.default_rng(1).uniform(-0.9, 0.9, (40 * of.rate, 1)).astype(np.float32)

    decoded = heard(write(tmp_path / name, samples, of))

    for place, excerpt in zip((0.25, 0.5, 0.75), decoded.excerpts, strict=True):
        start = round((place * 40 - 5) * of.rate)
        # Two steps of 16 bits: writers round, or cut off.
        assert np.abs(excerpt - samples[start : start + len(excerpt)]).max() < 2 / 32768


@pytest.mark.parametrize("seconds", [1.0, 29.9, 30.0])
def test_up_to_30_seconds_are_heard_whole(seconds: float, tmp_path: Path) -> None:
    decoded = heard(write(tmp_path / "a.wav", tone(seconds), kind("a.wav")))

    assert len(decoded.excerpts) == 1
    assert decoded.seconds == pytest.approx(seconds)


def test_more_than_30_seconds_are_not(tmp_path: Path) -> None:
    decoded = heard(write(tmp_path / "a.wav", tone(30.1), kind("a.wav")))

    assert decoded.seconds == pytest.approx(30)
    assert len(decoded.excerpts) == 3


def test_excerpts_of_192_khz_lie_where_they_should(tmp_path: Path) -> None:
    decoded = heard(write(tmp_path / "a.wav", rising(40, 192_000), kind("a.wav"), 192_000))

    assert [at(one, 48_000, 5.5) for one in decoded.excerpts] == pytest.approx(
        [10, 20, 30], abs=0.25
    )


def test_an_mp3_is_decoded_without_seams(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(60), kind("a.mp3"))
    whole, rate = soundfile.read(path, dtype="float32", always_2d=True)

    for place, excerpt in zip((0.25, 0.5, 0.75), heard(path).excerpts, strict=True):
        start = round((place * 60 - 5) * rate)
        assert np.array_equal(excerpt, whole[start : start + len(excerpt)])
