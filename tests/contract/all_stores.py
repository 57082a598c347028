"""All stores on one database, or in memory, with helpers of the contract tests."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.domain.cards import Card
from bot.domain.corrections import LearnedStore
from bot.domain.leases import Leases
from bot.domain.message_ports import MessageStore
from bot.domain.own_labels import OwnLabelStore
from bot.domain.places import Place
from bot.domain.ports import (
    EventLog,
    GatewaySessionStore,
    Inbox,
    Now,
    PredictionStore,
    SettingsStore,
    StatsStore,
    SummaryStore,
    Vault,
    VoteStore,
)
from bot.domain.served_models import ServedModelStore
from bot.domain.shadow_answers import ShadowStore
from bot.domain.source_ports import SourceLedger
from bot.domain.tracks import Track
from bot.domain.trainings import TrainingStore
from bot.storage.channel_settings import SqlSettingsStore
from bot.storage.collections import SqlSummaryStore
from bot.storage.database import Database
from bot.storage.encryption import SecretBox
from bot.storage.engine import open_database
from bot.storage.gateway_sessions import SqlGatewaySessionStore
from bot.storage.inbox import SqlInbox
from bot.storage.inbox_rows import SqlOutbox
from bot.storage.learned import SqlLearnedStore
from bot.storage.leases import SqlLeases
from bot.storage.messages import SqlMessageStore
from bot.storage.own_labels import SqlOwnLabelStore
from bot.storage.predictions import SqlPredictionStore
from bot.storage.sealed_json import SealedJson
from bot.storage.seen_events import SqlEventLog
from bot.storage.served_models import SqlServedModels
from bot.storage.shadow_answers import SqlShadowStore
from bot.storage.source_ledger import SqlSourceLedger
from bot.storage.statistics import SqlStatsStore
from bot.storage.training_runs import SqlTrainingStore
from bot.storage.user_hash import derive_user_hasher
from bot.storage.vault import SealedVault
from bot.storage.votes import SqlVoteStore
from tests.support.fake_inbox import FakeGatewaySessions, FakeInbox
from tests.support.fake_labels import FakeOwnLabelStore
from tests.support.fake_learned import FakeLearnedStore
from tests.support.fake_leases import FakeLeases
from tests.support.fake_ledger import FakeSourceLedger
from tests.support.fake_messages import FakeMessageStore
from tests.support.fake_models import FakeServedModels, FakeShadowStore
from tests.support.fake_statistics import FakeStatsStore
from tests.support.fake_stores import (
    FakeEventLog,
    FakePredictionStore,
    FakeSettingsStore,
    FakeSummaryStore,
    FakeVoteStore,
)
from tests.support.fake_trainings import FakeTrainingStore
from tests.support.fake_vault import FakeVault, StoredSecret
from tests.support.store_values import (
    ALICE,
    KEY,
    PLACE,
    TRACK,
    KindAndGenre,
    TickingClock,
    answer_about,
    change_ballot,
    with_genres,
)


@dataclass(frozen=True)
class Stores:
    """The stores and their clock; `vault_with` returns the same vault with other keys."""

    predictions: PredictionStore
    summaries: SummaryStore
    messages: MessageStore
    votes: VoteStore
    events: EventLog
    settings: SettingsStore
    stats: StatsStore
    learned: LearnedStore
    inbox: Inbox
    gateway_sessions: GatewaySessionStore
    own_labels: OwnLabelStore
    ledger: SourceLedger
    leases: Leases
    served_models: ServedModelStore
    shadow_answers: ShadowStore
    trainings: TrainingStore
    vault: Vault
    vault_with: Callable[[Sequence[str]], Vault]
    now: TickingClock

    async def add_card(
        self, track: Track = TRACK, genre: str = "country", place: Place = PLACE, **features: float
    ) -> Card:
        """Store an answer whose predicted genre is `genre`."""
        answer = with_genres(answer_about(track, **features), genre, "other")
        return await self.predictions.add(answer, place)

    async def vote(
        self, card: Card, choice: KindAndGenre, user: str = ALICE, *, added: bool = True
    ) -> None:
        """Store a change of a ballot, bypassing the voting rules."""
        await change_ballot(self.votes, card.id, user, choice, added=added)

    async def add_message(
        self,
        message_id: str,
        card: Card | None = None,
        place: Place = PLACE,
        *,
        source: str = "m0",
        asker: str = ALICE,
    ) -> None:
        """Store a message of the bot that answers `source` and displays `card`."""
        card_id = card.id if card else None
        await self.messages.remember(place, message_id, card_id, asker=asker, source=source)


def fake_stores() -> Stores:
    """Return in-memory stores."""
    now = TickingClock()
    predictions = FakePredictionStore()
    messages = FakeMessageStore(predictions, now)
    events = FakeEventLog()
    inbox = FakeInbox(events.seen, now)
    votes = FakeVoteStore(predictions, messages, inbox)
    stats = FakeStatsStore(predictions, votes)
    secrets: dict[str, StoredSecret] = {}

    def vault_with(keys: Sequence[str]) -> Vault:
        return FakeVault(keys, secrets)

    return Stores(
        predictions,
        FakeSummaryStore(),
        messages,
        votes,
        events,
        FakeSettingsStore(),
        stats,
        FakeLearnedStore(votes),
        inbox,
        FakeGatewaySessions(now),
        FakeOwnLabelStore(),
        FakeSourceLedger(now),
        FakeLeases(now),
        FakeServedModels(),
        FakeShadowStore(predictions, votes),
        FakeTrainingStore(now),
        vault_with([KEY]),
        vault_with,
        now,
    )


@asynccontextmanager
async def open_sql_stores(url: str) -> AsyncIterator[Stores]:
    """Open the stores in the database at `url`."""
    async with open_database(url) as database:
        yield sql_stores(database)


def sql_stores(database: Database) -> Stores:
    """Return the stores in an open database."""
    now = TickingClock()

    def vault_with(keys: Sequence[str]) -> Vault:
        return SealedVault(database, now, SecretBox(keys))

    return Stores(
        SqlPredictionStore(database, now),
        SqlSummaryStore(database, now),
        SqlMessageStore(database, now),
        SqlVoteStore(database, now, SqlOutbox(sealed_json())),
        SqlEventLog(database, now),
        SqlSettingsStore(database),
        SqlStatsStore(database),
        SqlLearnedStore(database, now),
        sql_inbox(database, now),
        SqlGatewaySessionStore(database, now),
        SqlOwnLabelStore(database, now),
        SqlSourceLedger(database, now),
        SqlLeases(database, now),
        SqlServedModels(database),
        SqlShadowStore(database, now),
        SqlTrainingStore(database, now),
        vault_with([KEY]),
        vault_with,
        now,
    )


def sql_inbox(database: Database, now: Now, key: str = KEY) -> SqlInbox:
    """Return the inbox in an open database, with a key for its payloads."""
    return SqlInbox(database, now, sealed_json(key))


def sealed_json(key: str = KEY) -> SealedJson:
    """Return the encryption of the inbox's payloads."""
    return SealedJson(derive_user_hasher(key).derive_key)
