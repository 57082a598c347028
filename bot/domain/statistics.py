"""Statistics of a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.filing import Agreement


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
