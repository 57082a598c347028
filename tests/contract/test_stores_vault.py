"""What Vault promises: databases and fakes."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.stores_open import Stores
from tests.contract.stores_values import KEY

NEW_KEY = "Another key that was chosen at random"


async def test_a_secret_is_read_under_its_name_as_often_as_asked(stores: Stores) -> None:
    await stores.vault.put("a", "secret of a")
    await stores.vault.put("b", "secret of b")
    for _ in range(2):
        assert await stores.vault.get("a") == "secret of a"
        assert await stores.vault.get("b") == "secret of b"
    assert await stores.vault.get("c") is None


@settings(
    max_examples=40,
    deadline=None,
    # The examples share a database: each replaces the secret of the one before.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(secret=st.text(st.characters()))
async def test_any_text_can_be_a_secret(stores: Stores, secret: str) -> None:
    await stores.vault.put("a", secret)
    assert await stores.vault.get("a") == secret


async def test_a_secret_takes_the_place_of_the_one_before(stores: Stores) -> None:
    await stores.vault.put("a", "old")
    await stores.vault.put("b", "beside")
    await stores.vault.put("a", "new")
    assert await stores.vault.get("a") == "new"
    assert await stores.vault.get("b") == "beside"


async def test_a_secret_that_is_deleted_is_gone_and_no_other(stores: Stores) -> None:
    for name in ("a", "b"):
        await stores.vault.put(name, "secret")
    for _ in range(2):
        await stores.vault.delete("a")
        assert await stores.vault.get("a") is None
    assert await stores.vault.get("b") == "secret"


async def test_a_secret_is_taken_once_and_no_other_with_it(stores: Stores) -> None:
    start = stores.now()
    for name in ("a", "b"):
        await stores.vault.put(name, "secret")
    assert await stores.vault.take("a", start) == "secret"
    assert await stores.vault.take("a", start) is None
    assert await stores.vault.get("a") is None
    assert await stores.vault.get("b") == "secret"


async def test_a_secret_is_taken_up_to_a_moment_which_is_included(stores: Stores) -> None:
    await stores.vault.put("a", "secret")
    put_at = stores.now.time
    assert await stores.vault.take("a", put_at) == "secret"
    await stores.vault.put("a", "secret")
    assert await stores.vault.take("a", stores.now()) is None


async def test_a_secret_that_was_too_old_to_be_taken_is_gone(stores: Stores) -> None:
    start = stores.now()
    await stores.vault.put("a", "secret")
    assert await stores.vault.take("a", stores.now()) is None
    assert await stores.vault.take("a", start) is None
    assert await stores.vault.get("a") is None


async def test_the_age_of_a_secret_is_that_of_its_last_putting(stores: Stores) -> None:
    await stores.vault.put("a", "old")
    since = stores.now()
    await stores.vault.put("a", "new")
    assert await stores.vault.take("a", since) == "new"


async def test_of_many_that_take_a_secret_at_once_one_gets_it(stores: Stores) -> None:
    start = stores.now()
    for number in range(5):
        name = f"secret {number}"
        await stores.vault.put(name, "secret")
        taken = await asyncio.gather(*(stores.vault.take(name, start) for _ in range(8)))
        assert sorted(taken, key=bool) == [None] * 7 + ["secret"]


async def test_a_secret_does_not_open_with_another_key(stores: Stores) -> None:
    start = stores.now()
    stranger = stores.vault_with([NEW_KEY])
    await stores.vault.put("a", "secret")
    assert await stranger.get("a") is None
    assert await stores.vault.get("a") == "secret"
    assert await stranger.take("a", start) is None
    assert await stores.vault.get("a") is None


async def test_the_first_of_several_keys_seals_and_every_one_opens(stores: Stores) -> None:
    rotating = stores.vault_with([NEW_KEY, KEY])
    await stores.vault.put("old", "sealed before")
    await rotating.put("new", "sealed since")
    assert await rotating.get("old") == "sealed before"
    assert await rotating.get("new") == "sealed since"
    assert await stores.vault.get("new") is None
    assert await stores.vault_with([NEW_KEY]).get("new") == "sealed since"


async def test_old_secrets_with_a_name_that_begins_so_are_swept_away(stores: Stores) -> None:
    for name in ("a/1", "a%2", "b/1"):
        await stores.vault.put(name, "old")
    moment = stores.now()
    await stores.vault.put("a/2", "young")
    await stores.vault.sweep("a/", moment)
    names = ("a/1", "a%2", "b/1", "a/2")
    assert [await stores.vault.get(name) for name in names] == [None, "old", "old", "young"]
