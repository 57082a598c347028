"""User hashes: which accounts share one, and the key."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.storage.stores import open_stores
from bot.storage.user_hash import (
    KEY_BYTES,
    KEY_FILE,
    UserHasher,
    derive_user_hasher,
    load_user_hasher,
)
from tests.support.store_values import sqlite_url

DISCORD = Place("discord", "guild", "channel")
SLACK = Place("slack", "team", "channel")


@pytest.fixture
def hasher() -> UserHasher:
    return UserHasher(bytes(KEY_BYTES))


def test_hash_has_32_hexadecimal_digits_and_does_not_contain_the_id(hasher: UserHasher) -> None:
    hashed = hasher.hash(SLACK, "U0123456")
    assert len(hashed) == 32
    assert int(hashed, 16)
    assert "0123456" not in hashed


def test_hash_is_the_same_in_all_channels_of_a_workspace(hasher: UserHasher) -> None:
    assert hasher.hash(SLACK, "u") == hasher.hash(replace(SLACK, channel="other"), "u")


def test_discord_user_has_the_same_hash_on_every_server(hasher: UserHasher) -> None:
    assert hasher.hash(DISCORD, "u") == hasher.hash(replace(DISCORD, workspace=""), "u")


def test_slack_user_id_has_another_hash_in_another_workspace(hasher: UserHasher) -> None:
    assert hasher.hash(SLACK, "u") != hasher.hash(replace(SLACK, workspace="other"), "u")


@pytest.mark.parametrize(
    ("place", "user"),
    [
        pytest.param(SLACK, "v", id="another user"),
        pytest.param(replace(SLACK, platform="web"), "u", id="another platform"),
        pytest.param(replace(SLACK, workspace="tea"), "mu", id="moved boundary"),
        pytest.param(replace(SLACK, workspace='team", "u'), "", id="forged boundary"),
    ],
)
def test_different_users_have_different_hashes(hasher: UserHasher, place: Place, user: str) -> None:
    assert hasher.hash(place, user) != hasher.hash(SLACK, "u")


def test_hash_depends_on_the_key() -> None:
    assert UserHasher(b"1" * KEY_BYTES).hash(SLACK, "u") != UserHasher(b"2" * KEY_BYTES).hash(
        SLACK, "u"
    )


def test_key_file_is_created_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    first = load_user_hasher(folder).hash(SLACK, "u")
    assert load_user_hasher(folder).hash(SLACK, "u") == first
    assert load_user_hasher(tmp_path).hash(SLACK, "u") != first
    file = folder / KEY_FILE
    assert len(file.read_bytes()) == KEY_BYTES
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"short", bytes(KEY_BYTES + 1)])
def test_damaged_key_file_is_rejected_and_not_overwritten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(StorageFailed, match=rf"{KEY_FILE} is damaged: it has {len(content)} bytes"):
        load_user_hasher(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_key_file_that_cannot_be_created_or_read_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder" / KEY_FILE).mkdir(parents=True)
    for folder in (tmp_path / "file", Path("/proc/soundslike"), tmp_path / "folder"):
        with pytest.raises(StorageFailed, match=f"{folder}/{KEY_FILE} can be neither") as caught:
            load_user_hasher(folder)
        assert isinstance(caught.value.__cause__, OSError)


def test_hash_with_a_configured_key_depends_on_the_key_only() -> None:
    hashed = derive_user_hasher("k" * 32).hash(SLACK, "u")
    assert derive_user_hasher("k" * 32).hash(SLACK, "u") == hashed
    assert derive_user_hasher("k" * 33).hash(SLACK, "u") != hashed
    assert derive_user_hasher("not UTF-8: \udcff" + "k" * 32).hash(SLACK, "u")


def test_short_configured_key_is_rejected_without_quoting_it() -> None:
    with pytest.raises(StorageFailed, match="USER_HASH_KEY has 31 characters") as caught:
        derive_user_hasher("k" * 31)
    assert "kk" not in str(caught.value)


async def test_no_key_file_is_created_with_a_configured_key(tmp_path: Path) -> None:
    key, address = "k" * 32, sqlite_url(tmp_path / "soundslike.db")
    async with open_stores(address, tmp_path, key=key) as stores:
        assert stores.hash_user(SLACK, "u") == derive_user_hasher(key).hash(SLACK, "u")
    assert not (tmp_path / KEY_FILE).exists()
    async with open_stores(address, tmp_path) as stores:
        assert stores.hash_user(SLACK, "u") == load_user_hasher(tmp_path).hash(SLACK, "u")
