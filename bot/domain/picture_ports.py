"""Interfaces for pictures: charts, cards to share, covers."""

from collections.abc import Mapping
from typing import Protocol

from bot.domain.cards import Answer, Theme
from bot.domain.collections import CollectionSummary
from bot.domain.pictures import PictureFormat
from bot.domain.statistics import WorkspaceStats


class Renderer(Protocol):
    """Draws charts off the event loop."""

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        """Return a PNG; equal input gives equal bytes."""

    async def stats(
        self, stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme
    ) -> bytes:
        """Return a PNG of a workspace's mean song against a typical one, and of its genres."""

    async def comparison(self, first: Answer, second: Answer, theme: Theme) -> bytes:
        """Return a PNG of two songs in one radar chart; equal input gives equal bytes."""

    async def collection(self, summary: CollectionSummary, theme: Theme) -> bytes:
        """Return a PNG of a collection's genres, and of its mean song against a typical one."""


class SharePainter(Protocol):
    """Draws cards to share, off the event loop."""

    async def share(
        self,
        answer: Answer,
        tally: Mapping[str, int],
        cover: bytes | None,
        theme: Theme,
        format_: PictureFormat = PictureFormat.PNG,
    ) -> bytes:
        """Return a square picture of a card, SHARE_PIXELS wide; equal input gives equal bytes.

        Args:
            answer: What it shows.
            tally: Genre to number of votes, in descending order; empty without votes.
            cover: The cover as the source sent it; a picture without one is drawn for None, and for
                what is no image.
            theme: Its colours.
            format_: Its format.
        """


class CoverSource(Protocol):
    """Fetches covers of songs."""

    async def fetch(self, address: str) -> bytes | None:
        """Return the image at an address; None if it cannot be had, is too big, or is no image."""
