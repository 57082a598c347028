"""Long bodies are copied in blocks, by threads, within a bound; the disk has errors of its own."""

import asyncio
import io
import tempfile
import threading
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.concurrency.body_copy import (
    BLOCK_BYTES,
    BodyTooLong,
    DiskFailed,
    copy_body,
    read_body,
    temporary_file,
)
from tests.support.full_disk import full_file


class Noted(io.BytesIO):
    """A file that notes how much is written at once, and by which threads."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[int] = []
        self.threads: set[int] = set()

    def write(self, block: object) -> int:
        self.blocks.append(len(block))  # type: ignore[arg-type]  # bytes
        self.threads.add(threading.get_ident())
        return super().write(block)  # type: ignore[arg-type]  # bytes


async def body(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@given(pieces=st.lists(st.binary(max_size=50)), bound=st.integers(0, 200))
def test_a_body_is_copied_or_too_long(pieces: list[bytes], bound: int) -> None:
    target, whole = io.BytesIO(), b"".join(pieces)
    if len(whole) > bound:
        with pytest.raises(BodyTooLong):
            asyncio.run(copy_body(body(*pieces), target, bound))
        assert len(target.getvalue()) <= bound
    else:
        assert asyncio.run(copy_body(body(*pieces), target, bound)) == len(whole)
        assert target.getvalue() == whole


async def test_blocks_are_written_by_threads() -> None:
    piece, target = bytes(1000), Noted()
    await copy_body(body(*[piece] * 1000), target, 1_000_000)
    assert sum(target.blocks) == 1_000_000
    assert len(target.blocks) == 4
    assert max(target.blocks) < BLOCK_BYTES + len(piece)
    assert threading.get_ident() not in target.threads


async def test_a_full_disk_has_an_error_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full_file)
    with pytest.raises(DiskFailed, match="No space left"), temporary_file() as file:
        await copy_body(body(b"a"), file, 1)
    assert file.closed
    assert not issubclass(DiskFailed, OSError | ValueError)


def test_a_file_that_cannot_be_made_has_the_same_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_folder(**_: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory")

    monkeypatch.setattr(tempfile, "TemporaryFile", no_folder)
    with pytest.raises(DiskFailed), temporary_file():
        pass


async def test_errors_of_the_block_and_of_the_body_pass_through() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError), temporary_file() as file:
        await copy_body(broken(), file, 9)


async def test_a_file_is_read_by_a_thread_up_to_a_bound() -> None:
    with temporary_file() as file:
        await copy_body(body(b"abc"), file, 3)
        file.seek(0)
        assert await read_body(file, 2) == b"ab"
        assert await read_body(file, 2) == b"c"


async def test_a_file_that_cannot_be_read_has_the_error_of_the_disk() -> None:
    with pytest.raises(DiskFailed):
        await read_body(full_file(), 1)
