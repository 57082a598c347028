"""All stores at once, as the contract tests want them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.domain.cards import Card
from bot.domain.places import Place
from bot.domain.ports import (
    EventLog,
    MessageStore,
    PredictionStore,
    SettingsStore,
    StatsStore,
    Vault,
    VoteStore,
)
from bot.domain.tracks import Track
from bot.storage.channel_settings import SqlSettingsStore
from bot.storage.encryption import SecretBox
from bot.storage.engine import open_database
from bot.storage.messages import SqlMessageStore
from bot.storage.predictions import SqlPredictionStore
from bot.storage.seen_events import SqlEventLog
from bot.storage.statistics import SqlStatsStore
from bot.storage.vault import SealedVault
from bot.storage.votes import SqlVoteStore
from tests.contract.stores_values import (
    ALICE,
    HERE,
    KEY,
    TRACK,
    Choice,
    Ticking,
    about,
    record,
    with_genre,
)
from tests.support.fake_stores import (
    FakeEventLog,
    FakeMessageStore,
    FakePredictionStore,
    FakeSettingsStore,
    FakeStatsStore,
    FakeVoteStore,
)
from tests.support.fake_vault import FakeVault, Kept


@dataclass(frozen=True)
class Stores:
    """The stores, and the clock that they share; `vault_with` gives the vault under other keys."""

    predictions: PredictionStore
    messages: MessageStore
    votes: VoteStore
    events: EventLog
    settings: SettingsStore
    stats: StatsStore
    vault: Vault
    vault_with: Callable[[Sequence[str]], Vault]
    now: Ticking

    async def card(
        self, track: Track = TRACK, genre: str = "country", place: Place = HERE, **features: float
    ) -> Card:
        """Store an answer."""
        answer = with_genre(about(track, **features), genre, "other")
        return await self.predictions.add(answer, place)

    async def say(
        self, card: Card, choice: Choice, user: str = ALICE, *, added: bool = True
    ) -> None:
        """Store a change of a ballot."""
        await record(self.votes, card.id, user, choice, added=added)

    async def show(
        self,
        message_id: str,
        card: Card | None = None,
        place: Place = HERE,
        *,
        source: str = "question",
        asker: str = ALICE,
    ) -> None:
        """Remember a message of the bot's own."""
        card_id = card.id if card else None
        await self.messages.remember(place, message_id, card_id, asker=asker, source=source)


def fakes() -> Stores:
    """Return the stores in memory."""
    now = Ticking()
    predictions = FakePredictionStore()
    messages = FakeMessageStore(predictions, now)
    votes = FakeVoteStore(predictions, messages)
    stats = FakeStatsStore(predictions, votes)
    kept: dict[str, Kept] = {}

    def vault_with(keys: Sequence[str]) -> Vault:
        return FakeVault(now, keys, kept)

    return Stores(
        predictions,
        messages,
        votes,
        FakeEventLog(),
        FakeSettingsStore(),
        stats,
        vault_with([KEY]),
        vault_with,
        now,
    )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Stores]:
    """Open the database at `url`."""
    now = Ticking()
    async with open_database(url) as database:

        def vault_with(keys: Sequence[str]) -> Vault:
            return SealedVault(database, now, SecretBox(keys))

        yield Stores(
            SqlPredictionStore(database, now),
            SqlMessageStore(database, now),
            SqlVoteStore(database, now),
            SqlEventLog(database, now),
            SqlSettingsStore(database),
            SqlStatsStore(database),
            vault_with([KEY]),
            vault_with,
            now,
        )
