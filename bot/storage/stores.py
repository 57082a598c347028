"""Opens all stores on one database."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import delete

from bot.domain.corrections import LearnedStore
from bot.domain.leases import Leases
from bot.domain.message_ports import MessageStore
from bot.domain.own_labels import OwnLabelStore
from bot.domain.ports import (
    EventLog,
    GatewaySessionStore,
    HashUser,
    Inbox,
    Now,
    PredictionStore,
    SettingsStore,
    StatsStore,
    SummaryStore,
    Vault,
    VoteStore,
)
from bot.domain.retention import RetentionStore
from bot.domain.served_models import ServedModelStore
from bot.domain.shadow_answers import ShadowStore
from bot.domain.source_ports import SourceCache, SourceLedger
from bot.domain.trainings import TrainingStore
from bot.storage.channel_settings import SqlSettingsStore
from bot.storage.collections import SqlSummaryStore
from bot.storage.engine import open_database
from bot.storage.gateway_sessions import SqlGatewaySessionStore
from bot.storage.inbox import SqlInbox
from bot.storage.inbox_rows import SqlOutbox
from bot.storage.learned import SqlLearnedStore
from bot.storage.leases import SqlLeases
from bot.storage.messages import SqlMessageStore
from bot.storage.own_labels import SqlOwnLabelStore
from bot.storage.predictions import SqlPredictionStore
from bot.storage.retention import SqlRetention
from bot.storage.sealed_json import DeriveKey, SealedJson
from bot.storage.seen_events import SqlEventLog, note
from bot.storage.served_models import SqlServedModels
from bot.storage.shadow_answers import SqlShadowStore
from bot.storage.source_cache import SqlSourceCache
from bot.storage.source_ledger import SqlSourceLedger
from bot.storage.statistics import SqlStatsStore
from bot.storage.tables import seen_events
from bot.storage.training_runs import SqlTrainingStore
from bot.storage.user_hash import derive_user_hasher, load_user_hasher
from bot.storage.votes import SqlVoteStore

PROBE: Final = "soundslike:check"
"""Event id that no platform has."""


@dataclass(frozen=True, slots=True)
class Stores:
    """One adapter for each storage port, and the functions of the bot's key."""

    predictions: PredictionStore
    summaries: SummaryStore
    messages: MessageStore
    votes: VoteStore
    events: EventLog
    settings: SettingsStore
    stats: StatsStore
    inbox: Inbox
    gateway_sessions: GatewaySessionStore
    own_labels: OwnLabelStore
    ledger: SourceLedger
    retention: RetentionStore
    learned: LearnedStore
    source_cache: SourceCache
    leases: Leases
    served_models: ServedModelStore
    shadow_answers: ShadowStore
    trainings: TrainingStore
    hash_user: HashUser
    derive_key: DeriveKey
    """Returns the key for a purpose, from which the bot's key cannot be recovered."""


def utc_now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_stores(
    address: str | Path,
    folder: Path,
    now: Now = utc_now,
    key: str | None = None,
    *,
    learns_from_public: bool = False,
) -> AsyncIterator[Stores]:
    """Open the database at `address`, creating it if needed.

    Args:
        address: The database, as in `open_database`.
        folder: Folder of the key file for user hashes.
        now: Clock.
        key: Text to derive the key from instead of the key file.
        learns_from_public: Whether corrections on a public page are counted.

    Raises:
        StorageFailed: The database cannot be opened, or the key is too short.
    """
    async with open_database(address) as database:
        hasher = load_user_hasher(folder) if key is None else derive_user_hasher(key)
        sealed_json = SealedJson(hasher.derive_key)
        yield Stores(
            predictions=SqlPredictionStore(database, now),
            summaries=SqlSummaryStore(database, now),
            messages=SqlMessageStore(database, now),
            votes=SqlVoteStore(database, now, SqlOutbox(sealed_json)),
            events=SqlEventLog(database, now),
            settings=SqlSettingsStore(database),
            stats=SqlStatsStore(database),
            inbox=SqlInbox(database, now, sealed_json),
            gateway_sessions=SqlGatewaySessionStore(database, now),
            own_labels=SqlOwnLabelStore(database, now),
            ledger=SqlSourceLedger(database, now),
            retention=SqlRetention(database),
            learned=SqlLearnedStore(database, now),
            source_cache=SqlSourceCache(database, now),
            leases=SqlLeases(database, now),
            served_models=SqlServedModels(database),
            shadow_answers=SqlShadowStore(database, now, learns_from_public=learns_from_public),
            trainings=SqlTrainingStore(database, now, learns_from_public=learns_from_public),
            hash_user=hasher.hash,
            derive_key=hasher.derive_key,
        )


async def check_writable(address: str | Path) -> str:
    """Write a row to the database at `address` and remove it; return the name of the database.

    Raises StorageFailed if that is not possible.
    """
    async with open_database(address) as database:
        async with database.write() as connection:
            await note(connection, PROBE, utc_now())
            await connection.execute(delete(seen_events).where(seen_events.c.event_id == PROBE))
        return database.name


@asynccontextmanager
async def open_vault(
    address: str | Path, keys: Sequence[str], now: Now = utc_now
) -> AsyncIterator[Vault]:
    """Open the vault in the database at `address`, independently of other connections.

    Args:
        address: The database, as in `open_database`.
        keys: The first one encrypts, all of them decrypt.
        now: Clock.

    Raises:
        StorageFailed: The database cannot be opened, or a key is too short or missing.
    """
    # Importing cryptography takes 15 to 50 ms and 7 MB.
    from bot.storage.encryption import SecretBox  # noqa: PLC0415
    from bot.storage.vault import SealedVault  # noqa: PLC0415

    async with open_database(address) as database:
        yield SealedVault(database, now, SecretBox(keys))
