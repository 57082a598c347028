"""Frozen data: labelled songs that neither model was trained on."""

from dataclasses import dataclass
from typing import Literal

from training.features import Matrix

FrozenKind = Literal["tables", "corrections", "songs", "fma", "drawn", "drawn_alike"]
"""The tables' test split, corrections that were held back, the built-in songs, FMA's test split,
songs drawn from the feature distributions by genre that a bundle carries, and the same with the
inputs alone that corrections have."""


@dataclass(frozen=True, slots=True)
class FrozenData:
    """Labelled songs.

    Attributes:
        kind: Where they come from.
        values: Inputs in schema order, float32 [songs, inputs], NaN if missing.
        truth: Genre of each song.
        artists: Artist of each song, the unit of the bootstrap; songs of unknown artists have a
            value of their own.
        songs: Title and artist of each song; "" if unknown.
    """

    kind: FrozenKind
    values: Matrix
    truth: tuple[str, ...]
    artists: tuple[str, ...]
    songs: tuple[str, ...]
