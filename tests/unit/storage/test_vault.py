"""Secrets in the database: what its file holds, who can decrypt it, and what is logged."""

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
from tests.contract.stores_values import KEY, Ticking, url

TOKEN = "xoxb-1234-the-token-of-a-workspace"  # noqa: S105  of no workspace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "soundslike.db"


@pytest.fixture
def seal() -> SecretBox:
    return SecretBox([KEY])


def test_a_text_is_sealed_otherwise_each_time(seal: SecretBox) -> None:
    first, second = seal.encrypt("a", TOKEN), seal.encrypt("a", TOKEN)
    assert first != second
    assert seal.decrypt("a", first) == seal.decrypt("a", second) == TOKEN


def test_what_is_sealed_under_one_name_cannot_be_decrypted_under_another(seal: SecretBox) -> None:
    sealed = seal.encrypt("a", TOKEN)
    for name in ("b", "", "aa", "A", "a\0"):
        assert seal.decrypt(name, sealed) is None


def test_nothing_opens_after_any_letter_of_it_was_changed(seal: SecretBox) -> None:
    sealed = seal.encrypt("a", TOKEN)
    letters = sealed.rstrip("=")
    for index, letter in enumerate(letters[:-1]):  # bits of the last one may count for nothing
        other = "B" if letter == "A" else "A"
        assert seal.decrypt("a", sealed[:index] + other + sealed[index + 1 :]) is None
        assert seal.decrypt("a", sealed[:index]) is None


@given(st.text() | st.binary().map(lambda some: base64.urlsafe_b64encode(b"\x80" + some).decode()))
def test_what_was_never_sealed_cannot_be_decrypted_and_never_raises(text: str) -> None:
    assert SecretBox([KEY]).decrypt("a", text) is None


@pytest.mark.parametrize("key", ["k" * 32, "ключ" * 8, "not UTF-8: \udcff" + "k" * 32])
def test_any_long_text_is_a_key(key: str) -> None:
    assert SecretBox([key]).decrypt("a", SecretBox([key]).encrypt("a", TOKEN)) == TOKEN


@pytest.mark.parametrize("keys", [["k" * 31], [KEY, "k" * 31], ["k" * 31, KEY]])
def test_a_short_key_is_refused_and_not_repeated(keys: list[str]) -> None:
    with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY has a key of 31 char") as caught:
        SecretBox(keys)
    assert "kk" not in str(caught.value)


def test_space_around_a_key_is_none_of_it() -> None:
    sealed = SecretBox([KEY]).encrypt("a", TOKEN)
    assert SecretBox(f"{'n' * 32}, {KEY}\n".split(",")).decrypt("a", sealed) == TOKEN
    with pytest.raises(StorageFailed, match="of 31 characters"):
        SecretBox(["k" * 31 + " "])


def test_no_key_at_all_is_a_short_one() -> None:
    with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY has a key of 0 characters"):
        SecretBox([])


async def test_a_row_that_was_moved_to_another_name_cannot_be_decrypted(
    path: Path, seal: SecretBox
) -> None:
    now = Ticking()
    async with open_database(url(path)) as database:
        vault = SealedVault(database, now, seal)
        await vault.put("a", TOKEN)
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("UPDATE vault SET name = 'b'")
        assert await vault.get("b") is None
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("UPDATE vault SET name = 'a'")
        assert await vault.get("a") == TOKEN


async def test_a_secret_that_cannot_be_decrypted_is_one_line_in_the_log_without_it(
    path: Path, seal: SecretBox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    now = Ticking()
    async with open_database(url(path)) as database:
        start = now()
        await SealedVault(database, now, seal).put("slack\nT1", TOKEN)
        (sealed,) = _column(path, "sealed")
        stranger = SealedVault(database, now, SecretBox(["x" * 32]))
        assert await stranger.get("nothing there") is None
        caplog.clear()
        assert await stranger.get("slack\nT1") is None
        assert await stranger.take("slack\nT1", start) is None
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert len(lines) == 2
    for line in lines:
        assert r"'slack\nT1' in the database cannot be decrypted" in line
        assert "SLACK_TOKEN_KEY" in line
        assert "\n" not in line
    for secret in (TOKEN, sealed, KEY):
        assert secret not in caplog.text


async def test_no_secret_reaches_the_log_or_an_error(
    path: Path, seal: SecretBox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    now = Ticking()
    async with open_database(url(path)) as database:
        vault = SealedVault(database, now, seal)
        await vault.put("a", TOKEN)
        assert await vault.get("a") == TOKEN
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("DROP TABLE vault")
        for failing in (vault.put("a", TOKEN), vault.get("a"), vault.take("a", now())):
            with pytest.raises(StorageFailed) as caught:
                await failing
            assert TOKEN not in f"{caught.value} {caught.value.__cause__}"
    assert TOKEN not in caplog.text


def _column(path: Path, name: str) -> list[str]:
    with closing(sqlite3.connect(path)) as plain:
        return [row[0] for row in plain.execute(f"SELECT {name} FROM vault ORDER BY name")]  # noqa: S608  a test's own


def _checkpoint(path: Path) -> None:
    """Move the write-ahead log into the file, as SQLite does when it has grown, and empty it."""
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)


def _found(path: Path, *words: str) -> list[tuple[str, str]]:
    return [
        (file.name, word)
        for file in sorted(path.parent.iterdir())
        for word in words
        if word.encode() in file.read_bytes()
    ]


@pytest.mark.parametrize("erase", ["delete", "take", "put"])
async def test_neither_a_token_nor_what_was_erased_of_it_stands_in_the_file(
    path: Path, seal: SecretBox, erase: str
) -> None:
    now = Ticking()
    async with open_database(url(path)) as database:
        vault = SealedVault(database, now, seal)
        for name in ("a", "b"):
            await vault.put(name, TOKEN)
        gone, kept = _column(path, "sealed")
        _checkpoint(path)
        assert _found(path, gone, kept) == [(path.name, gone), (path.name, kept)]
        match erase:
            case "delete":
                await vault.delete("a")
            case "take":
                assert await vault.take("a", now()) is None
            case "put":
                await vault.put("a", TOKEN)
        _checkpoint(path)
        assert (path.parent / f"{path.name}-wal").exists()
        assert _found(path, gone, kept, TOKEN, KEY) == [(path.name, kept)]


async def test_a_vault_beside_the_stores_opens_what_an_earlier_key_has_sealed(
    tmp_path: Path, path: Path
) -> None:
    async with open_stores(url(path), tmp_path), open_vault(url(path), [KEY]) as vault:
        await vault.put("a", TOKEN)
        async with open_vault(url(path), ["n" * 32, KEY]) as beside:
            assert await beside.get("a") == TOKEN


async def test_a_vault_cannot_be_decrypted_with_a_short_key(path: Path) -> None:
    with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY"):
        async with open_vault(url(path), [KEY, "short"]):
            pass
    for keys in ([], ["short"]):
        with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY"):
            async with open_vault(url(path), keys):
                pass
