"""Contract of Vault, for databases and the fake."""

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


async def test_secret_cannot_be_decrypted_with_another_key(stores: Stores) -> None:
    other = stores.vault_with([NEW_KEY])
    await stores.vault.put("a", "secret")
    assert await other.get("a") is None
    assert await stores.vault.get("a") == "secret"


async def test_first_key_encrypts_and_all_keys_decrypt(stores: Stores) -> None:
    rotating = stores.vault_with([NEW_KEY, KEY])
    await stores.vault.put("old", "encrypted with the old key")
    await rotating.put("new", "encrypted with the new key")
    assert await rotating.get("old") == "encrypted with the old key"
    assert await rotating.get("new") == "encrypted with the new key"
    assert await stores.vault.get("new") is None
    assert await stores.vault_with([NEW_KEY]).get("new") == "encrypted with the new key"
