"""Contract of Vault, for databases and the fake."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.all_stores import Stores
from tests.support.store_values import KEY

NEW_KEY = "Another key of the tests, long enough"


async def test_secret_can_be_read_repeatedly_under_its_name(stores: Stores) -> None:
    await stores.vault.put("a", "secret of a")
    await stores.vault.put("b", "secret of b")
    for _ in range(2):
        assert await stores.vault.get("a") == "secret of a"
        assert await stores.vault.get("b") == "secret of b"
    assert await stores.vault.get("c") is None


@settings(
    max_examples=40,
    deadline=None,
    # The examples share a database: each replaces the secret of the previous one.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(secret=st.text(st.characters()))
async def test_any_text_can_be_a_secret(stores: Stores, secret: str) -> None:
    await stores.vault.put("a", secret)
    assert await stores.vault.get("a") == secret


async def test_put_replaces_the_secret_of_the_same_name_only(stores: Stores) -> None:
    await stores.vault.put("a", "old")
    await stores.vault.put("b", "other")
    await stores.vault.put("a", "new")
    assert await stores.vault.get("a") == "new"
    assert await stores.vault.get("b") == "other"


async def test_delete_removes_one_secret_and_can_be_repeated(stores: Stores) -> None:
    for name in ("a", "b"):
        await stores.vault.put(name, "secret")
    for _ in range(2):
        await stores.vault.delete("a")
        assert await stores.vault.get("a") is None
    assert await stores.vault.get("b") == "secret"


async def test_take_returns_and_deletes_one_secret(stores: Stores) -> None:
    start = stores.now()
    for name in ("a", "b"):
        await stores.vault.put(name, "secret")
    assert await stores.vault.take("a", start) == "secret"
    assert await stores.vault.take("a", start) is None
    assert await stores.vault.get("a") is None
    assert await stores.vault.get("b") == "secret"


async def test_take_includes_a_secret_stored_exactly_at_the_start(stores: Stores) -> None:
    await stores.vault.put("a", "secret")
    stored_at = stores.now.time
    assert await stores.vault.take("a", stored_at) == "secret"
    await stores.vault.put("a", "secret")
    assert await stores.vault.take("a", stores.now()) is None


async def test_take_deletes_a_secret_that_is_too_old(stores: Stores) -> None:
    start = stores.now()
    await stores.vault.put("a", "secret")
    assert await stores.vault.take("a", stores.now()) is None
    assert await stores.vault.take("a", start) is None
    assert await stores.vault.get("a") is None


async def test_age_of_a_secret_counts_from_the_last_put(stores: Stores) -> None:
    await stores.vault.put("a", "old")
    since = stores.now()
    await stores.vault.put("a", "new")
    assert await stores.vault.take("a", since) == "new"


async def test_one_of_several_concurrent_takes_gets_the_secret(stores: Stores) -> None:
    start = stores.now()
    for number in range(5):
        name = f"secret {number}"
        await stores.vault.put(name, "secret")
        taken = await asyncio.gather(*(stores.vault.take(name, start) for _ in range(8)))
        assert sorted(taken, key=bool) == [None] * 7 + ["secret"]


async def test_secret_cannot_be_decrypted_with_another_key(stores: Stores) -> None:
    start = stores.now()
    other = stores.vault_with([NEW_KEY])
    await stores.vault.put("a", "secret")
    assert await other.get("a") is None
    assert await stores.vault.get("a") == "secret"
    assert await other.take("a", start) is None
    assert await stores.vault.get("a") is None


async def test_first_key_encrypts_and_all_keys_decrypt(stores: Stores) -> None:
    rotating = stores.vault_with([NEW_KEY, KEY])
    await stores.vault.put("old", "encrypted with the old key")
    await rotating.put("new", "encrypted with the new key")
    assert await rotating.get("old") == "encrypted with the old key"
    assert await rotating.get("new") == "encrypted with the new key"
    assert await stores.vault.get("new") is None
    assert await stores.vault_with([NEW_KEY]).get("new") == "encrypted with the new key"


async def test_sweep_deletes_old_secrets_with_the_prefix_only(stores: Stores) -> None:
    for name in ("a/1", "a%2", "b/1"):
        await stores.vault.put(name, "old")
    start = stores.now()
    await stores.vault.put("a/2", "young")
    await stores.vault.sweep("a/", start)
    names = ("a/1", "a%2", "b/1", "a/2")
    assert [await stores.vault.get(name) for name in names] == [None, "old", "old", "young"]
