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
    common = [genre for genre in numbers if genre in sound]
    if not common:
        return _descending(numbers)
    logs = {
        genre: exponents.numbers * math.log(max(numbers[genre], LEAST))
        + exponents.sound * math.log(max(sound[genre], LEAST))
        for genre in common
    }
    highest, mass = max(logs.values()), sum(numbers[genre] for genre in common)
    powers = {genre: math.exp(log - highest) for genre, log in logs.items()}
    total = sum(powers.values())
    return _descending({**numbers, **{genre: mass * powers[genre] / total for genre in common}})


def refined(table: Genres, head: Genres, *, adds_only: bool = False) -> dict[str, float]:
    """Return the genres by the table, refined by the head, in descending order.

    - Genres of both share the probability that they have by the table, as the head says.
    - Genres of the head alone, which the table cannot tell, get their share by the head against the
      genres of both, which stand for all of the table's. In the head's training every genre is as
      frequent, so that these are too rare: `len(table)` genres by as many as there are of both. The
      odds are corrected by that ratio (Saerens, Latinne and Decaestecker, "Adjusting the outputs of
      a classifier to new a priori probabilities", Neural Computation 14(1), 2002). They get nothing
      without genres of both, as then there is nothing to tell them from.
    - Genres of the table alone keep their proportions.

    A head that has all genres of the table is thus taken as it is.

    Args:
        table: By the table from tags; all genres that it can tell.
        head: By the head, fitted with every genre weighing the same.
        adds_only: Whether the genres of both keep the proportions that they have by the table.
    """
    both = {genre: share for genre, share in head.items() if genre in table}
    new = {genre: share for genre, share in head.items() if genre not in table}
    mass, others = sum(table[genre] for genre in both), sum(both.values())
    share = 0.0
    if both and new:
        share = sum(new.values()) / (sum(new.values()) + others * len(table) / len(both))
    known = dict(table)
    if others > 0 and not adds_only:
        known |= {genre: mass * one / others for genre, one in both.items()}
    scale = share / sum(new.values()) if share > 0 else 0.0
    return _descending(
        {genre: (1 - share) * one for genre, one in known.items()}
        | {genre: scale * one for genre, one in new.items()}
    )


def _descending(genres: Genres) -> dict[str, float]:
    return dict(sorted(genres.items(), key=lambda item: -item[1]))
