"""Combines two opinions on the genre of a song, each with a probability for the genres it knows."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LEAST: Final = 1e-6
"""Lower bound of probabilities before a logarithm is taken, so that no opinion excludes a genre."""

Genres = Mapping[str, float]
"""Genre to its probability; they sum to 1."""


@dataclass(frozen=True, slots=True)
class Exponents:
    """How much each opinion counts in `product`; at least 0, and 0 for one that does not count."""

    numbers: float
    sound: float


def product(numbers: Genres, sound: Genres, exponents: Exponents) -> dict[str, float]:
    """Return numbers^a x sound^b, normalised; in descending order.

    This is the logarithmic opinion pool (Genest and Zidek, "Combining probability distributions",
    Statistical Science, 1986). Genres that only the sound can tell are left out. Those that it
    cannot tell keep the probability that they have by the numbers, and the others share the rest.

    Args:
        numbers: By the model on audio features.
        sound: By the tagger.
        exponents: The exponents a and b.
    """
    told = [genre for genre in numbers if genre in sound]
    if not told:
        return _descending(numbers)
    logs = {
        genre: exponents.numbers * math.log(max(numbers[genre], LEAST))
        + exponents.sound * math.log(max(sound[genre], LEAST))
        for genre in told
    }
    highest, mass = max(logs.values()), sum(numbers[genre] for genre in told)
    powers = {genre: math.exp(log - highest) for genre, log in logs.items()}
    total = sum(powers.values())
    return _descending({**numbers, **{genre: mass * powers[genre] / total for genre in told}})


def refined(table: Genres, head: Genres) -> dict[str, float]:
    """Return the genres by the table, among which those of the head are told apart by the head.

    Genres that the head was not taught keep their probabilities. The others share the rest as the
    head says, also those that the table cannot tell. In descending order.
    """
    kept = {genre: share for genre, share in table.items() if genre not in head}
    rest = max(1 - sum(kept.values()), 0.0)
    return _descending({**kept, **{genre: rest * share for genre, share in head.items()}})


def _descending(genres: Genres) -> dict[str, float]:
    return dict(sorted(genres.items(), key=lambda item: -item[1]))
