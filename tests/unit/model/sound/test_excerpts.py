"""What is heard of a sound whose header does not tell the truth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from model.sound.decoded import Decoded, Samples
from model.sound.errors import NotAudio, Problem
from model.sound.excerpts import hear
from model.sound.limits import Limits

RATE = 8_000
BLOCK = 5_000


@dataclass
class FakeReader:
    """A sound of which each sample is its second, in hundredths."""

    frames: int | None
    there: int
    rate: int = RATE
    finds_positions: bool = True
    title: str = "title"
    artist: str = "artist"

    def blocks(self, start: int) -> Iterator[Samples]:
        if start and not self.finds_positions:
            return
        for at in range(start, self.there, BLOCK):
            frames = np.arange(at, min(at + BLOCK, self.there))
            yield (frames / RATE / 100).astype(np.float32)[:, None]


def heard(reader: FakeReader) -> Decoded:
    return hear(reader, "wav", Limits(sound_seconds=200))


def begins(decoded: Decoded) -> list[float]:
    return [round(float(excerpt[0, 0]) * 100, 2) for excerpt in decoded.excerpts]


@pytest.mark.parametrize("stated", [100 * RATE, 150 * RATE, None])
def test_excerpts_lie_in_what_is_there(stated: int | None) -> None:
    decoded = heard(FakeReader(stated, 100 * RATE))

    assert decoded.duration == 100
    assert begins(decoded) == [20, 45, 70]
    assert [len(excerpt) for excerpt in decoded.excerpts] == [10 * RATE] * 3


def test_a_sound_in_which_no_position_can_be_found() -> None:
    decoded = heard(FakeReader(100 * RATE, 100 * RATE, finds_positions=False))

    assert decoded.duration == 100
    assert begins(decoded) == [20, 45, 70]


def test_excerpts_may_overlap() -> None:
    decoded = heard(FakeReader(None, 32 * RATE))

    assert begins(decoded) == [3, 11, 19]
    assert [len(excerpt) for excerpt in decoded.excerpts] == [10 * RATE] * 3


def test_a_long_header_and_a_short_sound() -> None:
    decoded = heard(FakeReader(100 * RATE, 2 * RATE))

    assert decoded.duration == decoded.seconds == 2


@pytest.mark.parametrize(
    ("stated", "there", "problem"),
    [
        (0, 0, Problem.EMPTY),
        (RATE, 0, Problem.DAMAGED),
        (None, 0, Problem.DAMAGED),
        (100 * RATE, RATE - 1, Problem.DAMAGED),
        (201 * RATE, RATE, Problem.TOO_LONG),
        (None, 201 * RATE, Problem.TOO_LONG),
        (10**18, 201 * RATE, Problem.TOO_LONG),
    ],
)
def test_refusals(stated: int | None, there: int, problem: Problem) -> None:
    with pytest.raises(NotAudio) as caught:
        heard(FakeReader(stated, there))

    assert caught.value.problem is problem


@pytest.mark.parametrize("rate", [0, 1, 1_999, 1_000_001, 2**31])
def test_rates_that_no_sound_has(rate: int) -> None:
    with pytest.raises(NotAudio) as caught:
        heard(FakeReader(RATE, RATE, rate=rate))

    assert caught.value.problem is Problem.DAMAGED
