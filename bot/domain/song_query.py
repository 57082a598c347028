"""A song as people type it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SongQuery:
    """The words of a search.

    Attributes:
        text: What was typed, with single spaces.
    """

    text: str
