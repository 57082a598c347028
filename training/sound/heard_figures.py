"""How well genres are heard: the figures of what was heard of labelled clips."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.stats import binomtest

from model.genres import WIDE
from model.sound.heard import Heard, NoMusic
from model.verdicts import Verdict
from training.evaluation import calibration_error
from training.sound.clips import Clip

DIGITS: Final = 3
"""Decimal places of the figures."""

MIN_CALIBRATED: Final = 30
"""With fewer clips there is no calibration error: it would say nothing."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard of a clip, and how many seconds it took, decoding included."""

    clip: Clip
    heard: Heard
    seconds: float


def figures(hearings: Sequence[Hearing]) -> dict[str, Any]:
    """Return the figures, each section as the tagger's card has it.

    Sections are `genres` (whether the label is the first genre, of the first two, or of the first
    three), `verdicts` (the same for the genres that a verdict names), `calibration`,
    `music_or_not` and `time`. Genres are judged on music that was heard as such; clips without a
    label count in `time` alone. Intervals are Wilson's, of 95 %.
    """
    judged = [one for one in hearings if one.clip.label in WIDE and one.heard.is_music]
    content: dict[str, Any] = {"clips": f"{len(hearings)} heard, {len(judged)} of known genre."}
    if judged:
        content |= {
            "genres": _genres(judged),
            "verdicts": _verdicts(judged),
            "calibration": {"first genre": _calibration(judged)},
        }
    labelled = [one for one in hearings if one.clip.label]
    if labelled:
        content["music_or_not"] = _music_or_not(labelled)
    content["time"] = {"a clip": _time(hearings)}
    return content


def interval(right: int, count: int) -> str:
    """Return the share with Wilson's interval of 95 %, as text: `.50 [.40-.60]`."""
    bounds = binomtest(right, count).proportion_ci(method="wilson")
    share, low, high = (f"{one:.2f}" for one in (right / count, bounds.low, bounds.high))
    return f"{share} [{low}-{high}]"


def _rank(hearing: Hearing) -> int:
    """Return the place of the label among the genres, from 0; that after the last if not there."""
    genres = list(hearing.heard.genres)
    label = hearing.clip.label
    return genres.index(label) if label in genres else len(genres)


def _within(hearings: Sequence[Hearing], places: int) -> int:
    return sum(_rank(one) < places for one in hearings)


def _genres(judged: Sequence[Hearing]) -> dict[str, Any]:
    told = [one for one in judged if one.clip.label in one.heard.genres]
    groups = {"all": judged}
    if len(told) < len(judged):
        groups["told"] = told  # without the genres that cannot be told
    groups |= {genre: [one for one in judged if one.clip.label == genre] for genre in WIDE}
    return {name: _places(group) for name, group in groups.items() if group}


def _places(group: Sequence[Hearing]) -> dict[str, Any]:
    shares = {
        name: interval(_within(group, places), len(group))
        for name, places in (("first", 1), ("first two", 2), ("first three", 3))
    }
    artists = {one.clip.artist for one in group if one.clip.artist}
    return {"clips": len(group), **({"artists": len(artists)} if artists else {}), **shares}


def _verdicts(judged: Sequence[Hearing]) -> dict[str, Any]:
    found = {}
    for verdict in Verdict:
        group = [one for one in judged if one.heard.verdict is verdict]
        right = interval(_within(group, verdict.genres_named), len(group)) if group else None
        found[verdict.value] = {
            "share": _rounded(len(group) / len(judged)),
            "genres named": verdict.genres_named,
            "clips": len(group),
            "right": right,
        }
    return found


def _calibration(judged: Sequence[Hearing]) -> dict[str, Any]:
    """Return the mean probability of the first genre, how often it is right, and the error."""
    genres = [genre for genre in WIDE if genre in judged[0].heard.genres]
    rows = np.array([[one.heard.genres[genre] for genre in genres] for one in judged])
    index = {genre: place for place, genre in enumerate(genres)}
    truth = np.array([index.get(one.clip.label, -1) for one in judged])
    many = len(judged) >= MIN_CALIBRATED
    return {
        "mean probability": _rounded(rows.max(axis=1).mean()),
        "right": _rounded(_within(judged, 1) / len(judged)),
        "calibration error": _rounded(calibration_error(rows, truth)) if many else None,
    }


def _music_or_not(labelled: Sequence[Hearing]) -> dict[str, Any]:
    """Return for each kind of sound how many are heard as what."""
    kinds = {"music": [one for one in labelled if one.clip.label in WIDE]}
    kinds |= {kind.value: [one for one in labelled if one.clip.label == kind] for kind in NoMusic}
    return {
        kind: {
            "clips": len(group),
            "as music": sum(one.heard.is_music for one in group),
            **{
                f"as {other.value}": sum(one.heard.no_music is other for one in group)
                for other in NoMusic
            },
        }
        for kind, group in kinds.items()
        if group
    }


def _time(hearings: Sequence[Hearing]) -> dict[str, float]:
    seconds = [one.seconds for one in hearings]
    return {
        "median seconds": _rounded(statistics.median(seconds)),
        "largest seconds": _rounded(max(seconds)),
    }


def _rounded(value: float) -> float:
    return round(float(value), DIGITS)
