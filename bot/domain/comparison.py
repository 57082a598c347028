"""Two songs side by side: what differs, and which genre each feature speaks for.

A feature's value of one song speaks for the genre that gains most if the other song had it, with
all else as it is. That is a counterfactual of the model, one feature at a time (Wachter et al.,
Counterfactual Explanations without Opening the Black Box, 2018, https://arxiv.org/abs/1711.00399).
Features act together: the gains of several do not add up to the difference of the songs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, NamedTuple

from bot.domain.cards import Answer
from bot.domain.song_names import SongName
from bot.domain.tempo import is_half_or_double
from model.percentiles import share_below
from model.schema import YEAR, looks_equal

LEAST_GAIN: Final = 0.005
"""Gain of a probability from which a value speaks for a genre: what rounds to one point."""

SPAN_OF_YEARS: Final = 60
"""Years between two songs that count as the widest difference; the tables begin about 1960."""


class Relation(Enum):
    """What two songs are to one another."""

    SAME = auto()
    VERSIONS = auto()
    OTHER = auto()


class Gain(NamedTuple):
    """The genre that gains most from a value, and by how much its probability rises (0-1)."""

    genre: str
    rise: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """One feature, or the year, of two songs.

    Attributes:
        feature: Its name in the schema.
        first: Value of the first song in the feature's unit; None if it is unknown.
        second: That of the second song.
        by_first: Change of each genre's probability if the second song had the first one's value,
            from -1 to 1; the changes sum to 0. Empty if a value is unknown.
        by_second: The same of the first song with the second one's value.
    """

    feature: str
    first: float | None
    second: float | None
    by_first: Mapping[str, float] = field(default_factory=dict)
    by_second: Mapping[str, float] = field(default_factory=dict)

    @property
    def values(self) -> tuple[float, ...]:
        """The values that are known, the first song's before the second one's."""
        return tuple(value for value in (self.first, self.second) if value is not None)

    @property
    def difference(self) -> float | None:
        """The second value less the first one, in the feature's unit; None if one is unknown."""
        if self.first is None or self.second is None:
            return None
        return self.second - self.first

    @property
    def distance(self) -> float:
        """Share of all songs whose value lies between the two, 0-1; 0 if one is unknown.

        It makes features of different units comparable. Of the years, which have no quantiles, it
        is their difference in `SPAN_OF_YEARS`.
        """
        if self.first is None or self.second is None:
            return 0.0
        if self.feature == YEAR.name:
            return min(1.0, abs(self.second - self.first) / SPAN_OF_YEARS)
        ends = (share_below(self.feature, value) for value in (self.first, self.second))
        return abs(next(ends) - next(ends))

    @property
    def looks_equal(self) -> bool:
        """Whether both values are known, and a person would not tell them apart.

        Tempos of which one is about twice the other may be the same one, found differently.
        """
        if self.first is None or self.second is None:
            return False
        return looks_equal(self.feature, self.first, self.second) or self.is_octave

    @property
    def is_octave(self) -> bool:
        """Whether they are tempos of which one is about twice the other."""
        if self.feature != "tempo" or self.first is None or self.second is None:
            return False
        return is_half_or_double(self.first, self.second)

    @property
    def first_gain(self) -> Gain | None:
        """The genre that the first song's value speaks for; None if it changes next to nothing."""
        return _largest(self.by_first)

    @property
    def second_gain(self) -> Gain | None:
        """The genre that the second song's value speaks for."""
        return _largest(self.by_second)

    @property
    def mirrored(self) -> "Contrast":
        """The same contrast with the songs swapped."""
        return Contrast(self.feature, self.second, self.first, self.by_second, self.by_first)


def _largest(changes: Mapping[str, float]) -> Gain | None:
    genre = max(changes, key=lambda one: (changes[one], one), default=None)
    if genre is None or changes[genre] < LEAST_GAIN:
        return None
    return Gain(genre, changes[genre])


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two answers by the same model.

    Attributes:
        first: The first song's answer.
        second: The second song's.
        contrasts: What is known of a song or of both, in the order of the schema.
    """

    first: Answer
    second: Answer
    contrasts: tuple[Contrast, ...]

    @property
    def mirrored(self) -> "Comparison":
        """The same comparison with the songs swapped."""
        swapped = tuple(contrast.mirrored for contrast in self.contrasts)
        return Comparison(self.second, self.first, swapped)

    @property
    def relation(self) -> Relation:
        """Whether they are one recording, versions of one song, or different songs."""
        one, other = self.first.subject, self.second.subject
        if one.key == other.key or (one.isrc is not None and one.isrc == other.isrc):
            return Relation.SAME
        if SongName.of(one).is_same_song(SongName.of(other)):
            return Relation.VERSIONS
        return Relation.OTHER

    @property
    def known(self) -> tuple[Contrast, ...]:
        """The contrasts of which both values are known."""
        return tuple(one for one in self.contrasts if one.difference is not None)

    @property
    def unknown_of_first(self) -> tuple[str, ...]:
        """The features that are known of the second song only."""
        return tuple(one.feature for one in self.contrasts if one.first is None)

    @property
    def unknown_of_second(self) -> tuple[str, ...]:
        """The features that are known of the first song only."""
        return tuple(one.feature for one in self.contrasts if one.second is None)
