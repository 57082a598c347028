"""Tests the six findings of the original study on the songs of this one.

Differences of genres' means are measured in standard deviations within a genre (Cohen's d), with
Cohen's thresholds: 0.2 is small, 0.5 is medium.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final, Literal

from model.schema import BY_NAME

SMALL: Final = 0.2
MEDIUM: Final = 0.5

VARIES_LITTLE: Final = (
    f"A feature varies little when the highest and the lowest genre's means lie less than {MEDIUM} "
    "standard deviations apart."
)
STANDS_OUT: Final = (
    "A genre stands out by a feature when its mean is the highest and exceeds the next genre's by "
    f"at least {SMALL} standard deviations."
)
OVERLAPS_LEAST: Final = (
    "A genre overlaps least when its mean overlap with the other genres is the lowest."
)
OVERLAPS_A_LOT: Final = "Two genres overlap a lot when they overlap more than the median pair does."

STAND_OUT: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "rock": ("acousticness", ("acousticness",)),
    "electronic": ("instrumentalness", ("instrumentalness",)),
    "hip-hop": (
        "speechiness, danceability and valence",
        ("speechiness", "danceability", "valence"),
    ),
}
"""For each genre, the features by which it stands out: in words, and by name."""

DIGITS: Final = 4

ByFeature = Mapping[tuple[str, str], float]
"""A figure for each (feature, genre)."""

ByPair = Mapping[tuple[str, str], float]
"""A figure for each pair of genres, each pair once."""


Verdict = Literal["confirmed", "partly confirmed", "contradicted"]
"""Partly confirmed: the finding names several features, and it holds for some of them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A figure that supports or contradicts a finding, and a sentence about it."""

    words: str
    figure: float
    holds: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of the original study, the rule by which it is tested, and the verdict."""

    claim: str
    rule: str
    evidence: tuple[Evidence, ...]
    verdict: Verdict


def findings(
    genres: Sequence[str], means: ByFeature, deviations: ByFeature, overlaps: ByPair
) -> tuple[Finding, ...]:
    """Test those of the six findings whose genres are among `genres`.

    Args:
        genres: Genres of the songs.
        means: Mean by feature and genre.
        deviations: Standard deviation by feature and genre.
        overlaps: Overlap by pair of genres, from 0 to 1.
    """
    songs = _Measurements(genres, means, deviations, overlaps)
    tested = [
        _finding(
            "Tempo, liveness and energy vary little from genre to genre.",
            VARIES_LITTLE,
            [songs.variation(name) for name in ("tempo", "liveness", "energy")],
        )
    ]
    tested += [
        _finding(
            f"{genre.capitalize()} stands out by {words}.",
            STANDS_OUT,
            [songs.lead(genre, feature) for feature in features],
        )
        for genre, (words, features) in STAND_OUT.items()
        if genre in genres
    ]
    if "hip-hop" in genres:
        claim = "Hip-hop overlaps least with the others."
        tested.append(_finding(claim, OVERLAPS_LEAST, [songs.mean_overlap("hip-hop")]))
    if {"electronic", "rock"} <= set(genres):
        claim = "Electronic and rock overlap a lot."
        evidence = songs.overlap_to_median("electronic", "rock")
        tested.append(_finding(claim, OVERLAPS_A_LOT, [evidence]))
    return tuple(tested)


def _finding(claim: str, rule: str, evidence: Sequence[Evidence]) -> Finding:
    holds = [one.holds for one in evidence]
    verdict: Verdict = "partly confirmed" if any(holds) else "contradicted"
    return Finding(claim, rule, tuple(evidence), "confirmed" if all(holds) else verdict)


@dataclass(frozen=True, slots=True)
class _Measurements:
    """Measurements of the songs, from which evidence is computed."""

    genres: Sequence[str]
    means: ByFeature
    deviations: ByFeature
    overlaps: ByPair

    def variation(self, feature: str) -> Evidence:
        """Compare the lowest with the highest genre's mean."""
        means = self._descending(feature)
        (highest, high), (lowest, low) = means[0], means[-1]
        gap = (high - low) / self._deviation(feature)
        words = (
            f"{feature}: {_value(feature, low)} ({lowest}) to {_value(feature, high)} "
            f"({highest}), {gap:.2f} standard deviations apart"
        )
        return Evidence(words, round(gap, DIGITS), gap < MEDIUM)

    def lead(self, genre: str, feature: str) -> Evidence:
        """Compare a genre's mean with the highest mean of the others."""
        means = self._descending(feature)
        own = dict(means)[genre]
        rival, best = next(pair for pair in means if pair[0] != genre)
        gap = (own - best) / self._deviation(feature)
        words = (
            f"{feature}: {_value(feature, own)}, {abs(gap):.2f} standard deviations "
            f"{'above' if gap > 0 else 'below'} {rival} ({_value(feature, best)})"
        )
        return Evidence(words, round(gap, DIGITS), gap >= SMALL)

    def mean_overlap(self, genre: str) -> Evidence:
        """Compare a genre's mean overlap with the lowest mean overlap of the others."""
        average = {
            one: fmean(overlap for pair, overlap in self.overlaps.items() if one in pair)
            for one in self.genres
        }
        rival = min((one for one in self.genres if one != genre), key=average.__getitem__)
        relation = "the next" if average[genre] < average[rival] else "which has less"
        words = (
            f"overlap of {genre}: {_share(average[genre])} on average; "
            f"{rival}, {relation}, {_share(average[rival])}"
        )
        return Evidence(words, round(average[genre], DIGITS), average[genre] < average[rival])

    def overlap_to_median(self, first: str, second: str) -> Evidence:
        """Compare the overlap of two genres with the median overlap of all pairs."""
        overlap = next(own for pair, own in self.overlaps.items() if set(pair) == {first, second})
        middle = median(self.overlaps.values())
        place = 1 + sum(other > overlap for other in self.overlaps.values())
        words = (
            f"overlap of {first} and {second}: {_share(overlap)}, number {place} of "
            f"{len(self.overlaps)} pairs; the median pair has {_share(middle)}"
        )
        return Evidence(words, round(overlap, DIGITS), overlap > middle)

    def _descending(self, feature: str) -> list[tuple[str, float]]:
        means = [(genre, self.means[feature, genre]) for genre in self.genres]
        return sorted(means, key=lambda pair: -pair[1])

    def _deviation(self, feature: str) -> float:
        """Return the pooled standard deviation within a genre, all genres weighted equally."""
        return math.sqrt(fmean(self.deviations[feature, genre] ** 2 for genre in self.genres))


def _share(value: float) -> str:
    return f"{100 * value:.0f}\N{NO-BREAK SPACE}%"


def _value(feature: str, value: float) -> str:
    return f"{value:.0f} BPM" if BY_NAME[feature].unit == "BPM" else f"{value:.2f}"
