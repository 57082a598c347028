"""Votes as arrays, for estimates of reliability."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.genres import WIDE

GENRES: Final = len(WIDE)

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class VoteTable:
    """Votes as arrays, one of each person for a song.

    Attributes:
        voter: Index of the person, [votes].
        song: Index of the song, [votes].
        genre: Index of the genre in `model.genres.WIDE`, [votes].
        server: Index of the server in which the vote was cast, [votes].
        weight: Weight of the vote, 0-1, [votes].
        truth: Index of the genre of each song, -1 if it is not known, [songs].
    """

    voter: Codes
    song: Codes
    genre: Codes
    server: Codes
    weight: Floats
    truth: Codes

    @property
    def songs(self) -> int:
        """Number of songs."""
        return len(self.truth)

    @property
    def voters(self) -> int:
        """Number of people."""
        return int(self.voter.max(initial=-1)) + 1

    @property
    def cell(self) -> Codes:
        """Index of song and genre of each vote, in an array [songs * genres], [votes]."""
        return self.song * GENRES + self.genre

    def sums_by_voter(self, values: Floats) -> Floats:
        """Return the sum over each person's votes, [voters], of `values`, [votes]."""
        sums: Floats = np.bincount(self.voter, values, self.voters).astype(np.float64)
        return sums
