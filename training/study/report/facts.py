"""What the sentences of the report say, computed from the results."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Final

from model.schema import RADAR
from model.verdicts import Verdict
from training.study.claims import MEDIUM, deviation
from training.study.results import (
    Condition,
    Exploration,
    LabelMeaning,
    ModelResult,
    Report,
    Song,
    Spread,
    TaskResult,
)
from training.study.songs import OLD_TOWN_ROAD, SHIPPED

SURE: Final = 2
"""Smallest difference that the report calls one, in standard errors of the difference."""


def question_song(report: Report) -> Song | None:
    """Return Old Town Road; None if its table was not read or no model is shipped."""
    return next((one for one in report.songs if one.id == OLD_TOWN_ROAD and shipped(one)), None)


def shipped(song: Song) -> Mapping[str, float]:
    """Return the shipped wide model's probabilities for a song; empty if there are none."""
    return song.predictions.get("wide", {}).get(SHIPPED, {})


def said(song: Song) -> str:
    """Return what the shipped wide model's verdict says of a song: "hip-hop or pop"."""
    first, second = [*shipped(song)][:2]
    match song.verdict:
        case Verdict.PLAIN:
            return first
        case Verdict.EITHER:
            return f"{first} or {second}"
        case _:
            return "hard to say"


def nearer(song: Song, first: Mapping[str, float], second: Mapping[str, float]) -> list[str]:
    """Return the features of the radar in which a song is nearer to `first` than to `second`."""
    gaps = {
        name: (abs(song.features[name] - first[name]), abs(song.features[name] - second[name]))
        for name in RADAR
    }
    return [name for name, (own, other) in gaps.items() if own < other]


def ranked(exploration: Exploration, feature: str) -> list[Spread]:
    """Return the spreads of a feature by falling mean."""
    own = [one for one in exploration.spreads if one.feature == feature]
    return sorted(own, key=lambda one: -one.mean)


def varies_little(exploration: Exploration, feature: str) -> bool:
    """Return whether genres' means are less than half a standard deviation apart."""
    own = ranked(exploration, feature)
    return (own[0].mean - own[-1].mean) / deviation(own) < MEDIUM


def separating(exploration: Exploration) -> list[str]:
    """Return the features, those that separate genres best first."""
    columns = zip(exploration.features, zip(*exploration.separation, strict=True), strict=True)
    strength = {name: fmean(abs(auc - 0.5) for auc in own) for name, own in columns}
    return sorted(strength, key=lambda name: -strength[name])


def trait(exploration: Exploration, genre: str) -> tuple[str, float]:
    """Return the feature that sets a genre apart most, and how often: ("high speechiness", 0.8)."""
    own = exploration.separation[exploration.genres.index(genre)]
    name, auc = max(zip(exploration.features, own, strict=True), key=lambda one: abs(one[1] - 0.5))
    side = "low" if auc < 1 - auc else "high"
    return f"{side} {name.removesuffix('_ms')}", max(auc, 1 - auc)


def lead(task: TaskResult) -> tuple[ModelResult, ModelResult, bool]:
    """Return the best model on test songs, the next, and whether the lead exceeds its error."""
    best, rival, *_ = sorted([*task.models, *task.models[:1]], key=lambda m: -m.test.weighted_f1)
    gap = best.test.weighted_f1 - rival.test.weighted_f1
    return best, rival, bool(differ(gap, rival.gap_error))


def differ(gap: float, error: float) -> int:
    """Return the sign of a difference, 0 if it may be chance."""
    return 0 if abs(gap) <= SURE * error else (gap > 0) - (gap < 0)


def shown(task: TaskResult) -> ModelResult:
    """Return the model that is looked at closely: ours, else the best on the folds."""
    return max(task.models, key=lambda one: (one.group == "ours", one.fold))


def confusions(task: TaskResult) -> list[tuple[str, str, float]]:
    """Return (true genre, predicted genre, share of the true genre), the largest first."""
    found = [
        (genre, other, count / max(sum(counts), 1))
        for genre, counts in zip(task.genres, shown(task).confusion, strict=True)
        for other, count in zip(task.genres, counts, strict=True)
        if other != genre
    ]
    return sorted(found, key=lambda one: -one[2])


def surprising(meanings: Sequence[LabelMeaning], count: int) -> list[LabelMeaning]:
    """Return the labels that name a genre and whose songs are least often by its artists.

    Of other labels ("ska") it may be the reading as a genre that is wrong, not the label.
    """
    named = [one for one in meanings if one.label.casefold() == one.genre]
    return sorted(named, key=lambda one: one.shares.get(one.genre, 0))[:count]


def top(shares: Mapping[str, float], count: int) -> list[tuple[str, float]]:
    """Return the `count` largest shares."""
    return sorted(shares.items(), key=lambda pair: -pair[1])[:count]


def pairs(
    found: Sequence[Condition], by: str, first: str, second: str
) -> list[tuple[Condition, Condition]]:
    """Return the pairs that differ in the attribute `by` alone, `first` before `second`."""
    ignored = {by: True, "rows": True, "figures": True, "error": True, "gap_error": True}
    other = {
        one.model_dump_json(exclude=ignored): one for one in found if getattr(one, by) == second
    }
    own = [one for one in found if getattr(one, by) == first]
    cases = [(one, other.get(one.model_dump_json(exclude=ignored))) for one in own]
    return [(one, rival) for one, rival in cases if rival]
