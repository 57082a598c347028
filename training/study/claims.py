"""Tests the findings of the original study (`claims.toml`) on the songs of this one."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Any, Final

from training.study.results import Claim, Finding, Overlap, Spread

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
    found = []
    for claim in content["claims"]:
        if set(claim.get("genres", ())) <= set(genres):
            evidence = _evidence(claim, genres, spreads, overlaps)
            holds = [one for _, one in evidence]
            some: Finding = "partly confirmed" if any(holds) else "contradicted"
            found.append(
                Claim(
                    claim=claim["claim"],
                    rule=f"{claim['rule']}: {content['rules'][claim['rule']]}",
                    evidence=tuple(words for words, _ in evidence),
                    verdict="confirmed" if all(holds) else some,
                )
            )
    return tuple(found)


def deviation(spreads: Sequence[Spread]) -> float:
    """Return the pooled standard deviation within a genre, all genres weighted equally."""
    return math.sqrt(fmean(one.deviation**2 for one in spreads))


def _evidence(
    claim: Mapping[str, Any],
    genres: Sequence[str],
    spreads: Sequence[Spread],
    overlaps: Sequence[Overlap],
) -> list[Evidence]:
    own = claim.get("genres", ())
    if claim["rule"] in {"varies little", "stands out"}:
        return [
            _means(own, sorted(ranked, key=lambda one: -one.mean))
            for feature in claim["features"]
            if (ranked := [one for one in spreads if one.feature == feature])
        ]
    mean = {
        one: fmean(pair.overlap for pair in overlaps if one in {pair.first, pair.second})
        for one in genres
    }
    if claim["rule"] == "overlaps least":
        rival = min((one for one in genres if one != own[0]), key=mean.__getitem__)
        words = f"mean overlap {mean[own[0]]:.0%}, that of {rival} {mean[rival]:.0%}"
        return [(words, mean[own[0]] < mean[rival])]
    pair = next(one.overlap for one in overlaps if {one.first, one.second} == set(own))
    middle = median(one.overlap for one in overlaps)
    return [(f"they overlap by {pair:.0%}, the median pair by {middle:.0%}", pair > middle)]


def _means(own: Sequence[str], ranked: Sequence[Spread]) -> Evidence:
    """Compare the highest genre's mean with the lowest, or a genre's with the highest other."""
    high, low = ranked[0], ranked[-1]
    if not own:
        gap = (high.mean - low.mean) / deviation(ranked)
        ends = f"{low.genre} lowest, {high.genre} highest"
        return f"{high.feature}: {ends}, {gap:.1f} deviations apart", gap < MEDIUM
    mine = next(one for one in ranked if one.genre == own[0])
    rival = next(one for one in ranked if one.genre != own[0])
    gap = (mine.mean - rival.mean) / deviation(ranked)
    side = "above" if gap > 0 else "below"
    return f"{mine.feature}: {abs(gap):.1f} deviations {side} {rival.genre}", gap >= SMALL
