"""What the process that decodes writes is checked before it is believed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from model.sound.decoded import HEAD, Decoded
from model.sound.decoding import decode
from model.sound.errors import Problem
from tests.support.sound_files import kind, tone, write
from tests.unit.model.sound.decoder_programs import refusal, writes

GOOD: Final = Decoded((np.zeros((8000, 2), np.float32),), 8_000, 1.0, "wav")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Return a good sound file."""
    return write(tmp_path / "a.wav", tone(1), kind("a.wav"))


def test_good_output_is_believed(sound: Path, tmp_path: Path) -> None:
    with sound.open("rb") as file:
        output = decode(file, command=writes(GOOD.to_bytes(), tmp_path))

    assert output == GOOD.to_bytes()


def changed(**values: Any) -> bytes:
    """Return good output with another value in its head."""
    (length,) = HEAD.unpack_from(GOOD.to_bytes())
    head = json.loads(GOOD.to_bytes()[HEAD.size : HEAD.size + length]) | values
    text = json.dumps(head).encode()
    return HEAD.pack(len(text)) + text + GOOD.to_bytes()[HEAD.size + length :]


def with_samples(values: float, shape: tuple[int, int]) -> bytes:
    return replace(GOOD, excerpts=(np.full(shape, values, np.float32),)).to_bytes()


@pytest.mark.parametrize(
    "output",
    [
        with_samples(np.nan, (100, 2)),
        with_samples(np.inf, (100, 2)),
        with_samples(0, (0, 2)),
        with_samples(0, (100, 3)),
        with_samples(0, (100, 0)),
        with_samples(0, (32 * 44_100, 1)),
        replace(GOOD, excerpts=()).to_bytes(),
        replace(GOOD, excerpts=[*GOOD.excerpts] * 4).to_bytes(),
        GOOD.to_bytes()[:-4],
        GOOD.to_bytes() + b"more",
        GOOD.to_bytes()[:3],
        changed(rate=0),
        changed(rate=192_000),
        changed(rate=44_100.5),
        changed(rate="44100"),
        changed(rate=True),
        changed(duration=0),
        changed(duration=1e9),
        changed(duration=float("nan")),
        changed(duration=[1]),
        changed(duration=True),
        changed(title="x" * 301),
        changed(title="a\x1b[31mb"),
        changed(title=None),
        changed(format="mp3"),
        changed(more=1),
        changed(shapes=[[7, 2]]),
        changed(shapes=[[1e400, 1]]),
        changed(shapes=[[10**30, 1]]),
        changed(shapes=[[100, 2, 1]]),
        changed(shapes=None),
        HEAD.pack(2) + b"[]",
        HEAD.pack(100_000) + b"[" * 100_000,
    ],
)
def test_output_that_is_no_sound_is_not_believed(
    output: bytes, sound: Path, tmp_path: Path
) -> None:
    assert refusal(sound, writes(output, tmp_path)) is Problem.DAMAGED


@pytest.mark.parametrize("problem", sorted(Problem))
def test_a_reason_that_a_process_gives_is_told(
    problem: Problem, sound: Path, tmp_path: Path
) -> None:
    reason = json.dumps({"problem": problem, "format": "what it likes"}).encode()

    assert refusal(sound, writes(reason, tmp_path, code=3)) is problem
