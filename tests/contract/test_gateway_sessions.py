"""Contract of GatewaySessionStore, for databases and the fake."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.jobs import GatewaySession
from bot.storage.gateway_sessions import MAX_AGE
from tests.contract.all_stores import Stores

SESSION = GatewaySession(0, "a" * 32, "wss://gateway.example", 7)
SECOND = timedelta(seconds=1)


async def test_latest_session_of_each_shard_is_returned(stores: Stores) -> None:
    sessions = stores.gateway_sessions
    assert list(await sessions.load("discord")) == []
    other_shard = replace(SESSION, shard=1, session_id="b" * 32)
    await sessions.save("discord", other_shard)
    await sessions.save("discord", SESSION)
    newer = replace(SESSION, session_id="c" * 32, sequence=1)
    await sessions.save("discord", newer)
    assert list(await sessions.load("discord")) == [newer, other_shard]


async def test_platforms_have_sessions_of_their_own(stores: Stores) -> None:
    await stores.gateway_sessions.save("discord", SESSION)
    await stores.gateway_sessions.save("other", replace(SESSION, sequence=8))
    assert list(await stores.gateway_sessions.load("discord")) == [SESSION]


async def test_old_session_is_not_returned(stores: Stores) -> None:
    await stores.gateway_sessions.save("discord", SESSION)
    stores.now.time += MAX_AGE - SECOND  # the clock ticks once more when it is read
    assert list(await stores.gateway_sessions.load("discord")) == [SESSION]
    assert list(await stores.gateway_sessions.load("discord")) == []


async def test_age_counts_from_the_last_save(stores: Stores) -> None:
    await stores.gateway_sessions.save("discord", SESSION)
    stores.now.time += MAX_AGE
    await stores.gateway_sessions.save("discord", SESSION)
    stores.now.time += MAX_AGE - SECOND
    assert list(await stores.gateway_sessions.load("discord")) == [SESSION]


def test_session_id_is_not_in_the_representation() -> None:
    assert SESSION.session_id not in repr(SESSION)
