"""Statistics of a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass


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
    """

    answers: int
    tracks: int
    votes: int
    agreed: int
    confused: tuple[tuple[str, str, int], ...]
    genres: Mapping[str, int]
    features: Mapping[str, float]
