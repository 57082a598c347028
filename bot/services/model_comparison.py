"""Use case: two versions of models compared, for the operator."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.domain.model_comparison import ChangedSong, KnownSong, ModelComparison, SongSource
from model.gate_report import GateReport, GenreChange
from model.lifecycle import VersionEntry

SOURCES: Final[tuple[SongSource, ...]] = ("songs", "votes")

Predict = Callable[[Mapping[str, float]], str | None]
"""Returns the first genre of a song by its values; None if it has too few."""

Answers = Sequence[tuple[KnownSong, str, str]]
"""Songs with the first genre by version A and by version B."""


def compare(
    a: VersionEntry,
    b: VersionEntry,
    predict: tuple[Predict, Predict],
    songs: Sequence[KnownSong],
    report: GateReport | None,
) -> ModelComparison:
    """Compare version B with version A.

    Args:
        a: Version A.
        b: Version B.
        predict: The models of A and of B.
        songs: Songs to ask both about.
        report: The gate's report on B; None without one.
    """
    answers = [
        (song, first, second)
        for song in songs
        if (first := predict[0](song.values)) and (second := predict[1](song.values))
    ]
    genres = [change for source in SOURCES for change in _genre_changes(source, answers)]
    if report and report.active == a.version:
        genres = [*report.genres, *(one for one in genres if one.data not in report.frozen)]
    compared = Counter(song.source for song, *_ in answers)
    return ModelComparison(
        a=a,
        b=b,
        metrics=_metrics(a.metrics, b.metrics),
        compared={source: compared[source] for source in SOURCES},
        genres=tuple(genres),
        songs=_changed(answers),
        report=report,
    )


def as_dict(comparison: ModelComparison) -> dict[str, Any]:
    """Return a comparison in the JSON shape of `models compare --json`, which scripts rely on."""
    return {
        "a": _version(comparison.a),
        "b": _version(comparison.b),
        "metrics": {name: {"a": a, "b": b} for name, (a, b) in comparison.metrics.items()},
        "compared": dict(comparison.compared),
        "genres": [
            {
                "data": change.data,
                "genre": change.genre,
                "songs": change.songs,
                "right": {"a": change.right_before, "b": change.right_after},
                "f1": {"a": change.f1_before, "b": change.f1_after},
            }
            for change in comparison.genres
        ],
        "songs": [
            {"song": one.song, "truth": one.truth, "a": one.a, "b": one.b}
            for one in comparison.songs
        ],
        "disagreements": [
            {
                "song": one.song,
                "label": one.label,
                "predicted": one.predicted,
                "probability": one.probability,
                "weight": one.weight,
            }
            for one in comparison.disagreements
        ],
    }


def _version(entry: VersionEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "version": entry.version,
        "state": entry.state.value,
        "parent": entry.parent,
        "at": entry.at,
        "by": entry.by,
        "reasons": list(entry.reasons),
        "shipped": entry.shipped,
    }


def _metrics(
    a: Mapping[str, Any], b: Mapping[str, Any]
) -> dict[str, tuple[float | None, float | None]]:
    """Return the figures that are numbers and that a version has, in the order of A and B."""
    found = {name: (_number(a.get(name)), _number(b.get(name))) for name in {**a, **b}}
    return {name: pair for name, pair in found.items() if pair != (None, None)}


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _changed(answers: Answers) -> tuple[ChangedSong, ...]:
    found = [
        ChangedSong(song.source, song.song, song.truth, a, b) for song, a, b in answers if a != b
    ]
    return tuple(sorted(found, key=lambda one: (not one.lost, not one.gained, one.song)))


def _genre_changes(source: SongSource, answers: Answers) -> list[GenreChange]:
    """Return what happened to each genre on the songs from one source, most songs first."""
    known = [(song.truth, a, b) for song, a, b in answers if song.source == source and song.truth]
    counts = Counter(truth for truth, _, _ in known)
    found = []
    for genre, songs in counts.most_common():
        before, after = (
            _right_and_f1(genre, [(one[0], one[column]) for one in known]) for column in (1, 2)
        )
        found.append(GenreChange(source, genre, songs, before[0], after[0], before[1], after[1]))
    return found


def _right_and_f1(genre: str, pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Return the share of a genre's songs that are right, and its F1, of (truth, answer) pairs."""
    hits = sum(truth == answer == genre for truth, answer in pairs)
    songs = sum(truth == genre for truth, _ in pairs)
    answered = sum(answer == genre for _, answer in pairs)
    return round(hits / songs, 4), round(2 * hits / (songs + answered), 4)
