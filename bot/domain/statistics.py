"""Statistics of a workspace, and what the model learned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.cards import ModelRef
from bot.domain.filing import Agreement
from bot.domain.tracks import Track
from model.gate_report import GateReport, GenreChange

MAX_CHANGES: Final = 3
"""Genres of which it is said what the last training changed."""

MIN_SONGS: Final = 10
"""Songs of a genre below which a change may be chance, and is not said."""

MIN_CHANGE: Final = 0.005
"""Least change of the share of songs that are right; a smaller one reads as none."""

MAX_DISPUTED: Final = 3
"""Songs that are named as disputed."""

MIN_VOTERS: Final = 3
"""People who must have voted on a song that is named as disputed."""


@dataclass(frozen=True, slots=True)
class DisputedSong:
    """A song over whose genre the people of a workspace disagree.

    Attributes:
        track: The song, as its newest answer there describes it.
        votes: Genre to number of people, in descending order; at least two genres.
    """

    track: Track
    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Learning:
    """What the default model learned.

    Attributes:
        model: The model.
        corrections: Votes in all servers for another genre than the card predicted, since the
            newest vote that was read for the model's training; all of them if it never learned
            from any. None if that time is unknown.
        trained_on: Corrected songs that it was trained on; None if it never learned from any.
        changes: The genres that its training changed most; may be empty.
    """

    model: ModelRef
    corrections: int | None = 0
    trained_on: int | None = None
    changes: tuple[GenreChange, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkspaceStats:
    """Counts over the answers and votes of a workspace.

    Attributes:
        answers: Number of answers.
        tracks: Number of distinct tracks answered.
        votes: Number of votes that count.
        agreed: Votes among them for the predicted genre.
        confused: (predicted genre, voted genre, number of votes), most frequent first.
        genres: Predicted genre to number of tracks, in descending order.
        features: Mean of each feature over the tracks; empty without tracks.
        filed: Number of tracks of which the filed genre is known, by its agreement with the sound.
        apart: (strongest filed genre, predicted genre, number of tracks) of those that disagree,
            most frequent first.
        disputed: The songs whose votes are split most, the most split one first.
        learning: What the default model learned; None if unknown.
    """

    answers: int
    tracks: int
    votes: int
    agreed: int
    confused: tuple[tuple[str, str, int], ...]
    genres: Mapping[str, int]
    features: Mapping[str, float]
    filed: Mapping[Agreement, int] = field(default_factory=dict)
    apart: tuple[tuple[str, str, int], ...] = ()
    disputed: tuple[DisputedSong, ...] = ()
    learning: Learning | None = None


def biggest_changes(report: GateReport) -> Sequence[GenreChange]:
    """Return the genres that a training changed most, at most MAX_CHANGES.

    They are measured on corrections that were held back, else on the tables' test songs. If a genre
    got worse, at least one that did is among them.
    """
    kinds = {change.data for change in report.genres}
    data = "corrections" if "corrections" in kinds else "tables"
    clear = [
        change
        for change in report.genres
        if change.data == data and change.songs >= MIN_SONGS and abs(_gain(change)) >= MIN_CHANGE
    ]
    clear.sort(key=lambda change: (-abs(_gain(change)), change.genre))
    chosen, others = clear[:MAX_CHANGES], clear[MAX_CHANGES:]
    worse = next((change for change in others if _gain(change) < 0), None)
    if worse and all(_gain(change) > 0 for change in chosen):
        chosen[-1] = worse
    return chosen


def _gain(change: GenreChange) -> float:
    return change.right_after - change.right_before
