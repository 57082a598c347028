"""Encrypted secrets: decryption, deletion from the file, and the log."""

import base64
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import StorageFailed
from bot.storage.encryption import SecretBox
from bot.storage.engine import open_database
from bot.storage.stores import open_stores, open_vault
from bot.storage.vault import SealedVault
from tests.support.store_values import KEY, TickingClock, sqlite_url

TOKEN = "xoxb-1234-the-token-of-a-workspace"  # noqa: S105  invented


@pytest.fixture
def box() -> SecretBox:
    return SecretBox([KEY])


def test_encryption_is_different_each_time(box: SecretBox) -> None:
    first, second = box.encrypt("a", TOKEN), box.encrypt("a", TOKEN)
    assert first != second
    assert box.decrypt("a", first) == box.decrypt("a", second) == TOKEN


def test_text_cannot_be_decrypted_under_another_name(box: SecretBox) -> None:
    encrypted = box.encrypt("a", TOKEN)
    for name in ("b", "", "aa", "A", "a\0"):
        assert box.decrypt(name, encrypted) is None


def test_altered_or_truncated_text_cannot_be_decrypted(box: SecretBox) -> None:
    encrypted = box.encrypt("a", TOKEN)
    letters = encrypted.rstrip("=")
    for index, letter in enumerate(letters[:-1]):  # the last one has unused bits
        other = "B" if letter == "A" else "A"
        assert box.decrypt("a", encrypted[:index] + other + encrypted[index + 1 :]) is None
        assert box.decrypt("a", encrypted[:index]) is None


@given(st.text() | st.binary().map(lambda body: base64.urlsafe_b64encode(b"\x80" + body).decode()))
def test_decrypting_arbitrary_text_returns_none(text: str) -> None:
    assert SecretBox([KEY]).decrypt("a", text) is None


@pytest.mark.parametrize("key", ["k" * 32, "ключ" * 8, "not UTF-8: \udcff" + "k" * 32])
def test_any_long_text_is_a_valid_key(key: str) -> None:
    assert SecretBox([key]).decrypt("a", SecretBox([key]).encrypt("a", TOKEN)) == TOKEN


@pytest.mark.parametrize("keys", [["k" * 31], [KEY, "k" * 31], ["k" * 31, KEY]])
def test_short_key_is_rejected_without_quoting_it(keys: list[str]) -> None:
    with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY has a key of 31 char") as caught:
        SecretBox(keys)
    assert "kk" not in str(caught.value)


def test_space_around_a_key_is_ignored() -> None:
    encrypted = SecretBox([KEY]).encrypt("a", TOKEN)
    assert SecretBox(f"{'n' * 32}, {KEY}\n".split(",")).decrypt("a", encrypted) == TOKEN
    with pytest.raises(StorageFailed, match="of 31 characters"):
        SecretBox(["k" * 31 + " "])


def test_missing_key_is_rejected() -> None:
    with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY has a key of 0 characters"):
        SecretBox([])


async def test_row_moved_to_another_name_cannot_be_decrypted(path: Path, box: SecretBox) -> None:
    now = TickingClock()
    async with open_database(sqlite_url(path)) as database:
        vault = SealedVault(database, now, box)
        await vault.put("a", TOKEN)
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("UPDATE vault SET name = 'b'")
        assert await vault.get("b") is None
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("UPDATE vault SET name = 'a'")
        assert await vault.get("a") == TOKEN


async def test_failed_decryption_is_logged_on_one_line_without_the_secret(
    path: Path, box: SecretBox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    now = TickingClock()
    async with open_database(sqlite_url(path)) as database:
        await SealedVault(database, now, box).put("slack\nT1", TOKEN)
        (encrypted,) = _column(path, "sealed")
        other = SealedVault(database, now, SecretBox(["x" * 32]))
        assert await other.get("unknown") is None
        caplog.clear()
        assert await other.get("slack\nT1") is None
    (line,) = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert r"'slack\nT1' in the database cannot be decrypted" in line
    assert "SLACK_TOKEN_KEY" in line
    assert "\n" not in line
    for secret in (TOKEN, encrypted, KEY):
        assert secret not in caplog.text


async def test_secrets_appear_in_neither_log_nor_errors(
    path: Path, box: SecretBox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    now = TickingClock()
    async with open_database(sqlite_url(path)) as database:
        vault = SealedVault(database, now, box)
        await vault.put("a", TOKEN)
        assert await vault.get("a") == TOKEN
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("DROP TABLE vault")
        for failing in (vault.put("a", TOKEN), vault.get("a"), vault.delete("a")):
            with pytest.raises(StorageFailed) as caught:
                await failing
            assert TOKEN not in f"{caught.value} {caught.value.__cause__}"
    assert TOKEN not in caplog.text


def _column(path: Path, name: str) -> list[str]:
    with closing(sqlite3.connect(path)) as plain:
        return [row[0] for row in plain.execute(f"SELECT {name} FROM vault ORDER BY name")]  # noqa: S608 - constants


def _checkpoint(path: Path) -> None:
    """Move the write-ahead log into the file and empty it, as SQLite does when it has grown."""
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)


def _found(path: Path, *words: str) -> list[tuple[str, str]]:
    return [
        (file.name, word)
        for file in sorted(path.parent.iterdir())
        for word in words
        if word.encode() in file.read_bytes()
    ]


@pytest.mark.parametrize("erase", ["delete", "put"])
async def test_file_contains_neither_plain_secrets_nor_deleted_ones(
    path: Path, box: SecretBox, erase: str
) -> None:
    now = TickingClock()
    async with open_database(sqlite_url(path)) as database:
        vault = SealedVault(database, now, box)
        for name in ("a", "b"):
            await vault.put(name, TOKEN)
        deleted, current = _column(path, "sealed")
        _checkpoint(path)
        assert _found(path, deleted, current) == [(path.name, deleted), (path.name, current)]
        match erase:
            case "delete":
                await vault.delete("a")
            case "put":
                await vault.put("a", TOKEN)
        _checkpoint(path)
        assert (path.parent / f"{path.name}-wal").exists()
        assert _found(path, deleted, current, TOKEN, KEY) == [(path.name, current)]


async def test_vault_with_a_new_key_decrypts_with_an_earlier_one(
    tmp_path: Path, path: Path
) -> None:
    async with (
        open_stores(sqlite_url(path), tmp_path),
        open_vault(sqlite_url(path), [KEY]) as vault,
    ):
        await vault.put("a", TOKEN)
        async with open_vault(sqlite_url(path), ["n" * 32, KEY]) as other:
            assert await other.get("a") == TOKEN


async def test_vault_cannot_be_opened_with_a_short_or_missing_key(path: Path) -> None:
    with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY"):
        async with open_vault(sqlite_url(path), [KEY, "short"]):
            pass
    for keys in ([], ["short"]):
        with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY"):
            async with open_vault(sqlite_url(path), keys):
                pass
