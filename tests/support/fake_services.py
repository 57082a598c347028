"""Services for tests of the web platform: a message is a list of song names, one on each line.

Passed to a second server, the same object acts like a database after a restart of the bot.
"""

import asyncio
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.cards import Answer, Card, ModelRef, Theme
from bot.domain.collections import CollectionSummary, Progress
from bot.domain.errors import StorageFailed, TrackNotFound
from bot.domain.places import Message
from bot.domain.replies import Reply
from bot.domain.tracks import AudioFeatures, Track
from bot.domain.votes import Forgotten
from bot.services.ask import AskService
from bot.services.failures import failure_notice
from model.classifier import Prediction
from model.reasons import Reason
from model.verdicts import Verdict
from tests.support.fake_app import FakeApp
from tests.support.fake_stores import FakePredictionStore
from tests.support.fakes import FakeRenderer

VALUES = {
    "danceability": 0.88,
    "energy": 0.62,
    "speechiness": 0.10,
    "acousticness": 0.05,
    "instrumentalness": 0.0,
    "liveness": 0.11,
    "valence": 0.64,
    "tempo": 136.0,
}
TYPICAL = {**VALUES, "danceability": 0.54, "speechiness": 0.05, "valence": 0.47, "tempo": 122.0}


def answer(track: Track, genres: Iterable[tuple[str, float]] = ()) -> Answer:
    """Return an answer; by default hip-hop, then country."""
    odds = dict(genres) or {
        "hip-hop": 0.41,
        "country": 0.34,
        "pop": 0.12,
        "r&b": 0.08,
        "rock": 0.05,
    }
    return Answer(
        subject=track,
        features=AudioFeatures.from_source(VALUES, "sample"),
        prediction=Prediction(odds, Verdict.EITHER, missing=("key", "mode")),
        reasons=(
            Reason("danceability", 0.88, 0.54, 0.9),
            Reason("speechiness", 0.10, 0.05, 0.4),
        ),
        typical=TYPICAL,
        model=ModelRef("wide", "2026.1"),
    )


class FakeAsk(AskService):
    """Answers from a handful of songs.

    Attributes:
        gate: Answers wait while it is cleared.
        broken: Exception to raise instead of answering.
        asked: Messages received.
        odds: Probabilities of the genres in answers; those of `answer` if empty.
        arrived: Set by the first message.
    """

    def __init__(self, songs: Iterable[Track], predictions: FakePredictionStore) -> None:
        self.songs = {song.title.casefold(): song for song in songs}
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken: Exception | None = None
        self.asked: list[Message] = []
        self.arrived = asyncio.Event()
        self.odds: Mapping[str, float] = {}
        self._predictions = predictions

    async def answer_message(
        self, message: Message, progress: Progress | None = None
    ) -> list[Reply]:
        del progress
        await self._arrive(message)
        lines = [line.strip().casefold() for line in message.text.splitlines()]
        return [await self._card(line, message) for line in lines if line in self.songs]

    async def answer_question(
        self, message: Message, model: str | None = None, progress: Progress | None = None
    ) -> list[Reply]:
        del model, progress
        await self._arrive(message)
        name = message.text.casefold()
        if name not in self.songs:
            return [failure_notice(TrackNotFound(message.text), "test")]
        return [await self._card(name, message)]

    async def _card(self, name: str, message: Message) -> Card:
        return await self._predictions.add(
            answer(self.songs[name], self.odds.items()), message.place
        )

    async def _arrive(self, message: Message) -> None:
        if self.broken is not None:
            raise self.broken
        self.asked.append(message)
        self.arrived.set()
        await self.gate.wait()


class PngRenderer(FakeRenderer):
    """Returns the given PNG, one byte longer for the dark theme; without a PNG it fails."""

    def __init__(self, png: bytes | None) -> None:
        super().__init__()
        self.png = png

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        del answer
        if self.png is None:
            raise RuntimeError("the renderer is broken")
        return self.png if theme is Theme.LIGHT else self.png + b"\0"

    async def comparison(self, first: Answer, second: Answer, theme: Theme) -> bytes:
        del second
        return await self.chart(first, theme)

    async def collection(self, summary: CollectionSummary, theme: Theme) -> bytes:
        del summary
        if self.png is None:
            raise RuntimeError("the renderer is broken")
        return self.png if theme is Theme.LIGHT else self.png + b"\0"


class FakeServices:
    """Services whose `ask` is a FakeAsk; everything else is real, on fake ports."""

    def __init__(self, songs: Iterable[Track], chart: bytes | None = None) -> None:
        self.renderer = PngRenderer(chart)
        self.app = FakeApp(self.renderer)
        self.ask = FakeAsk(songs, self.app.predictions)
        self.services = replace(self.app.services, ask=self.ask)

    @property
    def cards(self) -> dict[int, Card]:
        return self.app.predictions.cards

    def fail_to_forget(self) -> None:
        """Let the database fail when a person's data is to be deleted."""
        self.app.votes.forget = fail  # type: ignore[method-assign]


async def fail(user: str, account: str = "") -> Forgotten:
    del account
    raise StorageFailed(f"the data of {user} cannot be deleted")


def plain_png(width: int = 1000, height: int = 560) -> bytes:
    """Return a grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x99" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
