"""What is heard of freely licensed clips, if they are there: the folder `shared/audio`."""

from pathlib import Path

import pytest

from model.sound.decoded import Decoded
from model.sound.decoding import decode
from model.sound.heard import Heard, NoMusic
from model.sound.listener import SoundModel
from tests.conftest import ROOT

CLIPS = ROOT.parent / "shared" / "audio"

MUSIC = {
    "admiralbob_electronic": "electronic",
    "hungarian_dance_no5": "classical",
    "jason_shaw_code_blue_jazzfunk": "jazz",
    "jason_shaw_thought_bot_electronic": "electronic",
    "lets_go_fishin": "folk",
    "muldjord_metal_1": "metal",
    "muldjord_metal_2": "metal",
    "solo_trumpet": "jazz",
    "sugar_plum_fairy": "classical",
    "vibe_ace": "jazz",
    "wesnoth_orchestral_1": "classical",
    "wesnoth_orchestral_2": "classical",
}

pytestmark = pytest.mark.skipif(not CLIPS.is_dir(), reason="the clips of shared/audio are not here")


@pytest.fixture(scope="module")
def model() -> SoundModel:
    return SoundModel.load()


def hear(model: SoundModel, name: str) -> Heard:
    with Path(CLIPS / f"{name}.ogg").open("rb") as file:
        return model.listen(Decoded.from_bytes(decode(file)))


def test_speech_is_declined(model: SoundModel) -> None:
    assert hear(model, "speech").no_music is NoMusic.SPEECH


@pytest.mark.long
def test_all_music_is_answered_and_most_of_it_rightly(model: SoundModel) -> None:
    heard = {name: hear(model, name) for name in MUSIC}
    assert [name for name, one in heard.items() if not one.is_music] == []
    first_two = [name for name, one in heard.items() if MUSIC[name] in list(one.genres)[:2]]
    assert len(first_two) >= 9
    assert all(one.best == "metal" for name, one in heard.items() if MUSIC[name] == "metal")
