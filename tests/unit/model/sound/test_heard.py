"""What is heard in a sound, as a value."""

import json

import pytest

from model.sound.fusion import Exponents
from model.sound.heard import Heard, NoMusic
from tests.support.fake_listener import heard


def test_best_is_the_most_probable_genre() -> None:
    assert heard().best == "rock"


def test_best_of_what_is_no_music_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="without genres"):
        _ = heard(genres={}, no_music=NoMusic.SPEECH).best


@pytest.mark.parametrize(
    "found", [heard(), heard(genres={}, no_music=NoMusic.NOISE), heard(exponents=Exponents(1, 2))]
)
def test_values_are_read_from_json(found: Heard) -> None:
    assert Heard.from_dict(json.loads(json.dumps(found.to_dict()))) == found
