"""What the pictures in README and docs show beside a card: avatars, a cover, people's votes.

All of it is made here, so that no picture shows somebody's work. Equal calls give equal bytes.
"""

import io
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final
from unittest.mock import patch

from PIL import Image, ImageDraw

from bot.domain.cards import Card
from bot.domain.places import Message, Place
from bot.domain.votes import Vote, VoteKind
from bot.runtime import composition
from bot.services.services import Services
from bot.sources import embedded_songs
from tests.support.bot_process import offline_settings
from tests.support.factories import OLD_TOWN_ROAD

NAME: Final = "Soundslike"
LINK: Final = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
COVER_ADDRESS: Final = "https://i.scdn.co/image/made-for-pictures"
"""Stands for the address of the song's cover, which is not requested."""

VOTES: Final = {"country": 3, "hip-hop": 2}
"""People who vote for a genre, by genre."""

PIXELS: Final = 640
SUPERSAMPLING: Final = 4

BARS: Final = (0.2, 0.42, 0.72, 0.36, 0.14)
"""Heights of the avatar's bars, relative to its side."""


@asynccontextmanager
async def open_services() -> AsyncIterator[Services]:
    """Open the services with an empty database and without a network; the song has a cover."""
    songs = [
        replace(song, track=replace(song.track, image=COVER_ADDRESS))
        if song.track.spotify_id == OLD_TOWN_ROAD
        else song
        for song in embedded_songs.load()
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(embedded_songs, "load", lambda: songs),
    ):
        settings = offline_settings(Path(folder))
        async with composition.open_services(settings) as opened:
            yield opened.services


async def voted_card(services: Services, place: Place) -> Card:
    """Answer the link in a place, and let people vote."""
    message = Message(place, "1.1", "ann", LINK)
    (card,) = await services.group_chat.on_message(message, addressed=True)
    assert isinstance(card, Card)
    people = [(genre, number) for genre, count in VOTES.items() for number in range(count)]
    for genre, number in people:
        vote = Vote(place, card.id, f"{genre} {number}", VoteKind.CHOICE, genre)
        await services.voting.record(vote)
    return card


def avatar() -> bytes:
    """Return the bot's picture, a waveform, as a PNG."""

    def paint(pen: ImageDraw.ImageDraw, side: int) -> None:
        thick, step = side / 12, side / 7
        for number, height in enumerate(BARS):
            x = side / 2 + (number - len(BARS) // 2) * step
            ends = (x - thick / 2, side * (1 - height) / 2, x + thick / 2, side * (1 + height) / 2)
            pen.rounded_rectangle(ends, thick / 2, fill="#ffb02e")

    return _drawn("#20242c", paint)


def person() -> bytes:
    """Return the picture of a person without one, as a PNG."""

    def paint(pen: ImageDraw.ImageDraw, side: int) -> None:
        pen.circle((side / 2, 0.39 * side), side / 6, fill="white")
        pen.circle((side / 2, 0.96 * side), side / 3, fill="white")

    return _drawn("#4a154b", paint)


def cover() -> bytes:
    """Return the cover, an evening over a road, as a PNG."""

    def paint(pen: ImageDraw.ImageDraw, side: int) -> None:
        def polygon(colour: str, *points: tuple[float, float]) -> None:
            pen.polygon([(x * side, y * side) for x, y in points], fill=colour)

        pen.circle((0.5 * side, 0.5 * side), 0.25 * side, fill="#e8b04a")
        polygon("#4a3f57", (0, 0.6), (0.22, 0.44), (0.4, 0.56), (0.66, 0.42), (1, 0.6))
        polygon("#7a3b2e", (0, 0.6), (1, 0.6), (1, 1), (0, 1))
        polygon("#3a3a3f", (0.47, 0.6), (0.53, 0.6), (0.77, 1), (0.23, 1))
        for near, far in ((0.65, 0.62), (0.77, 0.7), (1, 0.87)):
            half_near, half_far = (near - 0.55) * 0.04, (far - 0.55) * 0.04
            polygon("#e8b04a", (0.5 - half_far, far), (0.5 + half_far, far),
                    (0.5 + half_near, near), (0.5 - half_near, near))  # fmt: skip

    return _drawn("#274060", paint)


def _drawn(background: str, paint: Callable[[ImageDraw.ImageDraw, int], None]) -> bytes:
    """Return a square PNG; `paint` gets a pen and the side of the larger picture it draws on."""
    side = PIXELS * SUPERSAMPLING
    large = Image.new("RGB", (side, side), background)
    paint(ImageDraw.Draw(large), side)
    file = io.BytesIO()
    large.reduce(SUPERSAMPLING).save(file, "PNG")
    return file.getvalue()
