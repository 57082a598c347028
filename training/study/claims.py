"""Tests the findings of the original study (`claims.toml`) on the songs of this one."""

import math
import tomllib
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Any, Final

from training.study.results import Claim, Overlap, Spread, Verdict

CLAIMS: Final = Path(__file__).parent / "claims.toml"
SMALL: Final = 0.2
MEDIUM: Final = 0.5

Evidence = tuple[str, bool]
"""A sentence, and whether it supports the claim."""


def claims(
    genres: Sequence[str], spreads: Sequence[Spread], overlaps: Sequence[Overlap]
) -> tuple[Claim, ...]:
    """Return the claims whose genres are all among `genres`, tested."""
    content = tomllib.loads(CLAIMS.read_text(encoding="utf-8"))
    return tuple(
        _tested(claim, content["rules"], genres, spreads, overlaps)
        for claim in content["claims"]
        if set(claim.get("genres", ())) <= set(genres)
    )


def _tested(
    claim: dict[str, Any],
    rules: dict[str, str],
    genres: Sequence[str],
    spreads: Sequence[Spread],
    overlaps: Sequence[Overlap],
) -> Claim:
    own = claim.get("genres", ())
    ranked = [
        sorted((one for one in spreads if one.feature == feature), key=lambda one: -one.mean)
        for feature in claim.get("features", ())
    ]
    match claim["rule"]:
        case "varies little":
            evidence = [_variation(one) for one in ranked if one]
        case "stands out":
            evidence = [_lead(own[0], one) for one in ranked if one]
        case "overlaps least":
            evidence = [_least(own[0], genres, overlaps)]
        case _:
            evidence = [_to_median(set(own), overlaps)]
    holds = [one for _, one in evidence]
    verdict: Verdict = "partly confirmed" if any(holds) else "contradicted"
    return Claim(
        claim=claim["claim"],
        rule=f"{claim['rule']}: {rules[claim['rule']]}",
        evidence=tuple(words for words, _ in evidence),
        verdict="confirmed" if all(holds) else verdict,
    )


def _variation(ranked: Sequence[Spread]) -> Evidence:
    """Compare the lowest with the highest genre's mean."""
    high, low = ranked[0], ranked[-1]
    gap = (high.mean - low.mean) / deviation(ranked)
    words = f"{high.feature}: {low.genre} lowest, {high.genre} highest, {gap:.1f} deviations apart"
    return words, gap < MEDIUM


def _lead(genre: str, ranked: Sequence[Spread]) -> Evidence:
    """Compare a genre's mean with the highest of the others."""
    mine = next(one for one in ranked if one.genre == genre)
    rival = next(one for one in ranked if one.genre != genre)
    gap = (mine.mean - rival.mean) / deviation(ranked)
    side = "above" if gap > 0 else "below"
    return f"{mine.feature}: {abs(gap):.1f} deviations {side} {rival.genre}", gap >= SMALL


def _least(genre: str, genres: Sequence[str], overlaps: Sequence[Overlap]) -> Evidence:
    """Compare a genre's mean overlap with the lowest of the others."""
    mean = {
        one: fmean(pair.overlap for pair in overlaps if one in {pair.first, pair.second})
        for one in genres
    }
    rival = min((one for one in genres if one != genre), key=mean.__getitem__)
    words = f"mean overlap {mean[genre]:.0%}, that of {rival} {mean[rival]:.0%}"
    return words, mean[genre] < mean[rival]


def _to_median(genres: set[str], overlaps: Sequence[Overlap]) -> Evidence:
    """Compare the overlap of two genres with the median of all pairs."""
    own = next(one.overlap for one in overlaps if {one.first, one.second} == genres)
    middle = median(one.overlap for one in overlaps)
    return f"they overlap by {own:.0%}, the median pair by {middle:.0%}", own > middle


def deviation(spreads: Sequence[Spread]) -> float:
    """Return the pooled standard deviation within a genre, all genres weighted equally."""
    return math.sqrt(fmean(one.deviation**2 for one in spreads))
