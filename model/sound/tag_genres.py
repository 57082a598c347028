"""From the probabilities of tags to the probabilities of genres, and how surely to state them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from model import verdicts
from model.genres import WIDE
from model.sound.tag_rates import TagProbabilities, probability, tag_rates
from model.verdicts import Verdict, VerdictFigures

TABLE: Final = Path(__file__).with_name("tag_genres.toml")


@dataclass(frozen=True, slots=True)
class TagGenres:
    """The table from tags to genres, with its calibration.

    Attributes:
        weights: Genre of `model.genres.WIDE` to networks to their tags with weights, above 0.
        exponent: Exponent of the scores; above 0. The smaller, the less sure.
        flat: Share of the probability that all genres get alike, in 0-1.
        verdicts: Thresholds of the verdicts.
    """

    weights: Mapping[str, Mapping[str, Mapping[str, float]]]
    exponent: float
    flat: float
    verdicts: Mapping[str, VerdictFigures]

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """Read the content of a table; raise KeyError, TypeError or ValueError if invalid."""
        weights = content["genres"]
        if unknown := set(weights) - set(WIDE):
            raise ValueError(f"no genres: {', '.join(sorted(unknown))}")
        for networks in weights.values():
            for network, tags in networks.items():
                if unknown := set(tags) - set(tag_rates()[network]):
                    raise ValueError(f"no tags of {network}: {', '.join(sorted(unknown))}")
                if min(tags.values()) <= 0:
                    raise ValueError("weights must be above 0")
        calibration = content["calibration"]
        exponent, flat = float(calibration["exponent"]), float(calibration["flat"])
        if not (exponent > 0 and 0 <= flat <= 1):
            raise ValueError("exponent must be above 0, flat in 0-1")
        return cls(weights, exponent, flat, verdicts.read(content["verdicts"]))

    @property
    def told(self) -> tuple[str, ...]:
        """The genres that can be told from the tags, in the order of `model.genres.WIDE`."""
        return tuple(genre for genre in WIDE if genre in self.weights)

    @property
    def untold(self) -> tuple[str, ...]:
        """The genres of `model.genres.WIDE` that cannot be told from the tags."""
        return tuple(genre for genre in WIDE if genre not in self.weights)

    def scores(self, tags: TagProbabilities) -> dict[str, float]:
        """Return the score of each genre: the sum of weight x probability / rate over its tags.

        A score increases with the probability of each of its tags. Tags that are missing or not
        finite count as their rates.
        """
        return {genre: self._score(tags, self.weights[genre]) for genre in self.told}

    def probabilities(self, tags: TagProbabilities) -> dict[str, float]:
        """Return the calibrated probability of each genre, in descending order; they sum to 1."""
        powers = {genre: one**self.exponent for genre, one in self.scores(tags).items()}
        total, even = sum(powers.values()), 1 / len(powers)
        found = {
            genre: (1 - self.flat) * (power / total if total else even) + self.flat * even
            for genre, power in powers.items()
        }
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def verdict(self, probabilities: Mapping[str, float]) -> Verdict:
        """Return how surely the genres may be stated, given `probabilities`."""
        return verdicts.decide(tuple(probabilities.values()), self.verdicts)

    @staticmethod
    def _score(tags: TagProbabilities, weights: Mapping[str, Mapping[str, float]]) -> float:
        return sum(
            weight * probability(tags, network, tag) / tag_rates()[network][tag]
            for network, own in weights.items()
            for tag, weight in own.items()
        )


@cache
def tag_genres() -> TagGenres:
    """Return the table that is shipped."""
    return TagGenres.read(tomllib.loads(TABLE.read_text(encoding="utf-8")))
