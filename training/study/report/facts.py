"""What the sentences of the report say, computed from the results."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from statistics import fmean

from model.schema import RADAR
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


def question_song(report: Report) -> Song | None:
    """Return Old Town Road; None if its table was not read."""
    return next((song for song in report.songs if song.id == OLD_TOWN_ROAD), None)


def shipped(song: Song, task: str = "wide") -> Mapping[str, float]:
    """Return the shipped model's probabilities for a song; empty if there are none."""
    own = [one.genres for one in song.predictions if (one.task, one.model) == (task, SHIPPED)]
    return own[0] if own else {}


def nearer(song: Song, first: Mapping[str, float], second: Mapping[str, float]) -> list[str]:
    """Return the features of the radar in which a song is nearer to `first` than to `second`."""
    return [
        name
        for name in RADAR
        if name in song.features
        and abs(song.features[name] - first[name]) < abs(song.features[name] - second[name])
    ]


def ranked(exploration: Exploration, feature: str) -> list[Spread]:
    """Return the spreads of a feature by falling mean."""
    own = [one for one in exploration.spreads if one.feature == feature]
    return sorted(own, key=lambda one: -one.mean)


def varies_little(exploration: Exploration, feature: str) -> bool:
    """Return whether genres' means are less than half a standard deviation apart."""
    own = ranked(exploration, feature)
    return (own[0].mean - own[-1].mean) / deviation(own) < MEDIUM


def separating(exploration: Exploration) -> list[tuple[str, float]]:
    """Return the features and how well they separate genres, 0 to 0.5, the best first."""
    columns = zip(exploration.features, zip(*exploration.separation, strict=True), strict=True)
    strength = [(name, fmean(abs(auc - 0.5) for auc in own)) for name, own in columns]
    return sorted(strength, key=lambda pair: -pair[1])


def trait(exploration: Exploration, genre: str) -> tuple[str, bool]:
    """Return the feature that sets a genre apart most, and whether its value is high."""
    own = exploration.separation[exploration.genres.index(genre)]
    name, auc = max(zip(exploration.features, own, strict=True), key=lambda one: abs(one[1] - 0.5))
    return name, auc > 0.5  # noqa: PLR2004 - the AUC of a guess


def lead(task: TaskResult) -> tuple[ModelResult, ModelResult, bool] | None:
    """Return the best model on test songs, the best other, and whether the lead is no chance.

    A lead is no chance if it exceeds the two standard errors together.
    """
    order = sorted(task.models, key=lambda one: -one.test.weighted_f1)
    if len(order) == 1:
        return None
    best, rival = order[:2]
    gap = best.test.weighted_f1 - rival.test.weighted_f1
    return best, rival, gap > (best.error**2 + rival.error**2) ** 0.5


def shown(task: TaskResult) -> ModelResult:
    """Return the model that is looked at closely: ours, else the best."""
    own = [one for one in task.models if one.group == "ours" or one.key == task.best]
    return max(own, key=lambda one: one.group == "ours")


def confusions(task: TaskResult) -> list[tuple[str, str, float]]:
    """Return (true genre, predicted genre, share of the true genre), the largest first."""
    found = []
    for genre, counts in zip(task.genres, shown(task).confusion, strict=True):
        total = max(sum(counts), 1)
        found += [
            (genre, other, count / total)
            for other, count in zip(task.genres, counts, strict=True)
            if other != genre
        ]
    return sorted(found, key=lambda one: -one[2])


def resampling(task: TaskResult) -> list[tuple[ModelResult, float, float]]:
    """Return each resampled model and what that changed in weighted and in macro F1."""
    return [
        (
            one,
            one.resampled.weighted_f1 - one.test.weighted_f1,
            one.resampled.macro_f1 - one.test.macro_f1,
        )
        for one in task.models
        if one.resampled
    ]


def surprising(meanings: Sequence[LabelMeaning], count: int) -> list[LabelMeaning]:
    """Return the labels whose songs are least often by artists of that genre."""
    return sorted(meanings, key=lambda one: one.shares.get(one.label, 0))[:count]


def top(shares: Mapping[str, float], count: int) -> list[tuple[str, float]]:
    """Return the `count` largest shares."""
    return sorted(shares.items(), key=lambda pair: -pair[1])[:count]


def pairs(
    conditions: Sequence[Condition], first: str, second: str, by: str = "model"
) -> list[tuple[Condition, Condition]]:
    """Return conditions that differ in `by` alone, the one with `first` before `second`."""
    other = "condition" if by == "model" else "model"

    def case(one: Condition) -> tuple[str, str, str]:
        return one.task, getattr(one, other), one.tested_on

    found = []
    for _, own in groupby(sorted(conditions, key=case), key=case):
        members = {getattr(one, by): one for one in own}
        if first in members and second in members:
            found.append((members[first], members[second]))
    return found


def f1(condition: Condition) -> float:
    """Return a condition's weighted F1."""
    return condition.figures.weighted_f1
