"""A core for tests of a chat: it answers at once, from a handful of songs, and keeps all in memory.

Given to a second server, the same object is what a database is to a second start of the bot.
"""

import asyncio
import struct
import zlib
from collections.abc import Iterable, Sequence

from bot import texts
from bot.domain.cards import AlreadyShown, Answer, Card, ModelRef, Notice, Reply, Theme
from bot.domain.errors import SoundslikeError, StorageFailed, TrackNotFound
from bot.domain.places import Message, Place
from bot.domain.tracks import AudioFeatures, Track
from bot.domain.votes import Ballot, Selection, Vote, VoteKind
from model.classifier import Prediction, Reason, Verdict

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
    """Make an answer; hip-hop before country unless told otherwise."""
    odds = dict(genres) or {
        "hip-hop": 0.41,
        "country": 0.34,
        "pop": 0.12,
        "r&b": 0.08,
        "rock": 0.05,
    }
    return Answer(
        track=track,
        features=AudioFeatures(VALUES, "sample"),
        prediction=Prediction(odds, Verdict.CLOSE, missing=("key", "mode")),
        reasons=(
            Reason("danceability", 0.88, 0.54, 0.9),
            Reason("speechiness", 0.10, 0.05, 0.4),
        ),
        typical=TYPICAL,
        model=ModelRef("wide", "2026.1"),
    )


class FakeHandlers:
    """The port `Handlers`. A message's text is a list of song names, each on its own line.

    `gate` is closed to hold answers back; `broken` makes every handler raise what none ever should;
    without `forgetful` it cannot delete. `asked` are the messages that reached the core, and
    `arrived` is set by the first.
    """

    def __init__(self, songs: Iterable[Track], chart: bytes | None = None) -> None:
        self.songs = {song.title.casefold(): song for song in songs}
        self.png = chart
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken: Exception | None = None
        self.forgetful = True
        self.asked: list[Message] = []
        self.arrived = asyncio.Event()
        self.cards: dict[int, Card] = {}
        self.shown: list[tuple[str, Card]] = []
        self.votes: dict[tuple[str, str], list[tuple[int, Selection]]] = {}

    async def on_message(self, message: Message) -> Sequence[Reply]:
        await self._arrive(message)
        lines = [line.strip().casefold() for line in message.text.splitlines()]
        return [self._card(self.songs[line]) for line in lines if line in self.songs]

    async def on_question(self, message: Message) -> Sequence[Reply]:
        await self._arrive(message)
        song = self.songs.get(message.text.casefold())
        return [self._card(song) if song else self._sorry(TrackNotFound(message.text))]

    async def on_shown(self, message: Message, shown_as: str, reply: Reply | AlreadyShown) -> None:
        assert shown_as.startswith(message.id)
        assert isinstance(reply, Card)
        self.shown.append((shown_as, reply))

    async def on_vote(self, vote: Vote) -> Ballot | Notice:
        self._check()
        card = self.cards.get(vote.card_id)
        if card is None:
            return Notice("card_gone", "I no longer know that card.")
        best = card.answer.prediction.best
        choice = Selection(vote.kind, best if vote.kind is VoteKind.RIGHT else str(vote.genre))
        given = self.votes.setdefault((vote.user, card.answer.track.key), [])
        if (vote.card_id, choice) in given:
            given.remove((vote.card_id, choice))
        if vote.added:
            given.append((vote.card_id, choice))
        return await self.ballot(vote.place, vote.user, vote.card_id)

    async def on_forget(self, place: Place, user: str) -> Notice:
        assert place.platform == "local"
        if not self.forgetful:
            return self._sorry(StorageFailed())
        mine = [key for key in self.votes if key[0] == user]
        return Notice("done", texts.forgotten(sum(len(self.votes.pop(key)) for key in mine)))

    async def ballot(self, place: Place, user: str, card_id: int) -> Ballot:
        assert place.platform == "local"
        given = self.votes.get((user, self.cards[card_id].answer.track.key), [])
        active = frozenset(choice for card, choice in given if card == card_id)
        return Ballot(active, given[-1][1].genre if given else None)

    async def chart(self, card: Card, theme: Theme) -> bytes | None:
        assert card.id in self.cards
        return self.png if theme is Theme.LIGHT or self.png is None else self.png + b"\0"

    async def card(self, card_id: int) -> Card | None:
        self._check()
        return self.cards.get(card_id)

    async def card_shown(self, place: Place, shown_as: str) -> Card | None:
        assert place.platform == "local"
        return dict(self.shown).get(shown_as)

    async def history(self, place: Place) -> Sequence[tuple[str, Card]]:
        assert place.platform == "local"
        return list(self.shown)

    def add(self, made: Answer) -> Card:
        """Store an answer."""
        card = Card(len(self.cards) + 1, made)
        self.cards[card.id] = card
        return card

    def _card(self, song: Track) -> Card:
        return self.add(answer(song))

    def _sorry(self, error: SoundslikeError) -> Notice:
        return Notice(error.code, texts.failure(error))

    async def _arrive(self, message: Message) -> None:
        self._check()
        self.asked.append(message)
        self.arrived.set()
        await self.gate.wait()

    def _check(self) -> None:
        if self.broken is not None:
            raise self.broken


def plain_png(width: int = 1000, height: int = 560) -> bytes:
    """Make a PNG of one grey."""

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
