"""What is heard in a sound, put together."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.genres import STUDY, WIDE
from model.sound import embedding
from model.sound.decoded import Decoded, Samples
from model.sound.front_end import RATE
from model.sound.fusion import Exponents
from model.sound.heard import Heard, NoMusic
from model.sound.listener import SoundModel
from model.sound.networks import EMBEDDING_SIZE
from model.sound.tag_genres import tag_genres
from model.sound.tagger_bundle import TaggerStore
from model.verdicts import Verdict, VerdictFigures
from tests.conftest import ROOT
from tests.support.taggers import head_metadata, save_tagger

STATUS = Path("/proc/self/status")

MAX_MEGABYTES = 135


@pytest.fixture(scope="module")
def model() -> SoundModel:
    return SoundModel.load()


def chords(seconds: float = 12.0, rate: int = RATE) -> Samples:
    """Return A minor chords, two in a second, each fading."""
    times = np.arange(int(seconds * rate)) / rate
    tones = sum(np.sin(2 * np.pi * hertz * times) for hertz in (220.0, 261.6, 329.6))
    return (0.2 * tones * np.exp(-6 * (times % 0.5))).astype(np.float32)


def decoded(samples: Samples, rate: int = RATE, channels: int = 1) -> Decoded:
    excerpt = np.repeat(samples[:, np.newaxis], channels, axis=1)
    return Decoded((excerpt,), rate, duration=200.0, format="wav")


def test_music_is_heard(model: SoundModel) -> None:
    heard = model.listen(decoded(chords()))
    assert heard.is_music
    assert set(heard.genres) <= set(WIDE)
    assert sum(heard.genres.values()) == pytest.approx(1)
    assert list(heard.genres.values()) == sorted(heard.genres.values(), reverse=True)
    assert list(heard.tags.values()) == sorted(heard.tags.values(), reverse=True)
    assert heard.tempo == pytest.approx(120, rel=0.02)
    assert heard.loudness == pytest.approx(-20, abs=6)
    assert (heard.seconds, heard.duration) == (12.0, 200.0)
    assert len(embedding.from_bytes(heard.embedding)) == EMBEDDING_SIZE
    assert (heard.model, heard.model_version) == ("musicnn", TaggerStore().current("musicnn"))


def test_what_is_heard_survives_json(model: SoundModel) -> None:
    heard = model.listen(decoded(chords()))
    assert Heard.from_dict(heard.to_dict()) == heard


def test_silence_is_no_music(model: SoundModel) -> None:
    heard = model.listen(decoded(np.zeros(5 * RATE, np.float32)))
    assert heard.no_music is NoMusic.SILENCE
    assert heard.genres == {}
    assert heard.verdict is Verdict.UNSURE
    assert (heard.tempo, heard.loudness, heard.key) == (None, None, None)


@pytest.mark.parametrize("samples", [1, 2, 100, RATE // 10, RATE])
def test_a_very_short_sound_is_answered(model: SoundModel, samples: int) -> None:
    heard = model.listen(decoded(np.full(samples, 0.5, np.float32)))
    assert heard.seconds == samples / RATE


def test_channels_that_are_alike_are_heard_as_one(model: SoundModel) -> None:
    one, two = (model.listen(decoded(chords(), channels=channels)) for channels in (1, 2))
    assert (one.tags, one.genres, one.tempo) == (two.tags, two.genres, two.tempo)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_the_rate_of_the_file_makes_little_difference(model: SoundModel, rate: int) -> None:
    found, expected = (model.listen(decoded(chords(rate=one), one)) for one in (rate, RATE))
    assert found.seconds == expected.seconds
    assert found.tempo == pytest.approx(expected.tempo, rel=0.01)
    assert max(abs(p - expected.tags.get(tag, 0.05)) for tag, p in found.tags.items()) < 0.05


def test_excerpts_are_heard_as_one_sound(model: SoundModel) -> None:
    excerpts = (chords(6.0), np.random.default_rng(0).normal(0, 0.1, 6 * RATE).astype(np.float32))
    both = model.tag(excerpts)
    each = [model.tag([one]) for one in excerpts]
    assert np.abs(both.embedding - (each[0].embedding + each[1].embedding) / 2).max() < 1e-4


def test_a_head_tells_its_genres_apart_and_its_thresholds_the_verdict(tmp_path: Path) -> None:
    loud = decoded(chords())
    model = SoundModel.load(save_tagger(tmp_path, with_head=True).load())
    heard = model.listen(loud)
    table = tag_genres().probabilities(model.tag(loud.mono()).tags)
    taught = {genre: heard.genres[genre] for genre in STUDY}
    assert sum(taught.values()) == pytest.approx(sum(table[genre] for genre in STUDY))
    assert taught != pytest.approx({genre: table[genre] for genre in STUDY}, rel=0.01)
    assert heard.genres["jazz"] == pytest.approx(table["jazz"])
    assert heard.verdict is Verdict.UNSURE
    assert heard.exponents is None
    low = {verdict.value: VerdictFigures(0.0) for verdict in Verdict}
    sure = head_metadata(verdicts=low, exponents=Exponents(0.8, 0.4))
    model = SoundModel.load(save_tagger(tmp_path, with_head=True, head=sure).load())
    heard = model.listen(loud)
    assert heard.verdict is Verdict.PLAIN
    assert heard.exponents == Exponents(0.8, 0.4)
    assert Heard.from_dict(json.loads(json.dumps(heard.to_dict()))) == heard


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells the peak memory of a process")
def test_the_networks_need_little_memory() -> None:
    code = (
        "import numpy as np, pathlib\n"
        "from model.sound.listener import SoundModel\n"
        "noise = np.random.default_rng(0).random(30 * 16_000, np.float32)\n"
        "model = SoundModel.load()\n"
        "for _ in range(3): model.tag([noise])\n"
        f"print(pathlib.Path('{STATUS}').read_text())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    peak = next(line for line in run.stdout.splitlines() if line.startswith("VmHWM:"))
    assert int(peak.split()[1]) / 1024 < MAX_MEGABYTES
