"""Tempo and key of freely licensed clips of which they are known, if `shared/audio` is there."""

from pathlib import Path

import pytest
import soundfile

from model.sound.decoded import Decoded
from model.sound.decoding import decode
from model.sound.key import key
from model.sound.tempo import tempo
from tests.conftest import ROOT

CLIPS = ROOT.parent / "shared" / "audio"

KEYS = {"hungarian_dance_no5": "G minor", "sugar_plum_fairy": "E minor"}
"""The keys of the orchestral scores."""

TEMPI = {"muldjord_metal_1": 170.0, "muldjord_metal_2": 190.0}
"""The tempi in the notes of the game that the songs were made for."""

pytestmark = pytest.mark.skipif(not CLIPS.is_dir(), reason="the clips of shared/audio are not here")


def decoded(name: str) -> Decoded:
    with Path(CLIPS / f"{name}.ogg").open("rb") as file:
        return Decoded.from_bytes(decode(file))


@pytest.mark.parametrize("name", sorted(KEYS))
def test_key_is_that_of_the_score(name: str) -> None:
    sound = decoded(name)
    assert key(sound.mono(), sound.rate) == KEYS[name]


def test_key_of_most_parts_is_that_of_the_score() -> None:
    told: list[tuple[str | None, str]] = []
    for name, known in KEYS.items():
        sound, rate = soundfile.read(CLIPS / f"{name}.ogg", dtype="float32")
        starts = range(0, len(sound) - 30 * rate, 10 * rate)
        told += [(key([sound[start : start + 30 * rate]], rate), known) for start in starts]
    assert len(told) == 11
    assert sum(found == known for found, known in told) >= 6
    assert {found for found, known in told if found != known} <= {None}


@pytest.mark.parametrize("name", sorted(TEMPI))
def test_tempo_or_its_half_is_that_of_the_notes(name: str) -> None:
    sound = decoded(name)
    found = tempo(sound.mono(), sound.rate)
    assert found is not None
    assert any(told == pytest.approx(TEMPI[name], rel=0.006) for told in (found.bpm, found.other))


def test_no_tempo_is_told_of_speech() -> None:
    sound = decoded("speech")
    assert tempo(sound.mono(), sound.rate) is None
    assert key(sound.mono(), sound.rate) is None
