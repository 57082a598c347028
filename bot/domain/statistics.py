"""Statistics of a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkspaceStats:
    """What was asked and said in a workspace.

    `tracks` were asked about, in `answers` answers. Of `votes` that count, `agreed` name the
    predicted genre; `confused` are (predicted, voted, how many votes), the most frequent first.
    `genres` counts the tracks predicted for each genre, in falling order; `features` are the means
    over the tracks, empty without any.
    """

    answers: int
    tracks: int
    votes: int
    agreed: int
    confused: tuple[tuple[str, str, int], ...]
    genres: Mapping[str, int]
    features: Mapping[str, float]
