"""Songs that teach labels: calm and loud ones."""

from collections.abc import Mapping
from typing import Final

from bot.domain.own_labels import Example

CALM: Final[Mapping[str, float]] = {
    "danceability": 0.3,
    "energy": 0.1,
    "speechiness": 0.04,
    "acousticness": 0.97,
    "instrumentalness": 0.9,
    "liveness": 0.1,
    "valence": 0.1,
    "tempo": 70.0,
    "loudness": -22.0,
}
LOUD: Final[Mapping[str, float]] = {
    "danceability": 0.55,
    "energy": 0.97,
    "speechiness": 0.1,
    "acousticness": 0.001,
    "instrumentalness": 0.0,
    "liveness": 0.3,
    "valence": 0.6,
    "tempo": 160.0,
    "loudness": -3.0,
}


def examples(values: Mapping[str, float], count: int, first: int = 0) -> list[Example]:
    """Return songs with nearly the same features, numbered from `first`."""
    return [
        Example(
            f"deezer:{first + number}",
            f"Song {first + number} - Artist",
            {**values, "energy": values["energy"] + number / 1000},
        )
        for number in range(count)
    ]
