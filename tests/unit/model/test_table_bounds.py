"""Tables without end, and tables that are none, end in one sentence within little memory."""

import io
import itertools
import random
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import table, table_files, table_format
from model.classifier import Classifier
from model.errors import BadTable
from tests.support.factories import save_bundle

HEADER = b"danceability,energy,speechiness,acousticness,tempo\n"
ROW = b"0.9,0.1,0.2,0.3,120.5\n"
PEAK = 96 << 20
"""Bytes that reading may take."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return Classifier(save_bundle(tmp_path_factory.mktemp("bundles")).load("tiny"))


class Endless(io.RawIOBase):
    """A pipe that yields pieces, and counts their bytes."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.count = 0
        self._pieces = iter(pieces)
        self._left = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # of RawIOBase's Buffer
        while not self._left:
            self._left = next(self._pieces)
        data, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


def repeated(piece: bytes, start: bytes = b"") -> Iterator[bytes]:
    """Yield a start, then the same for ever."""
    return itertools.chain([start], itertools.repeat(piece * (1 + 65_536 // len(piece))))


def noise() -> Iterator[bytes]:
    generator = random.Random(1)  # noqa: S311 - no secret
    return (generator.randbytes(1 << 16) for _ in itertools.count())


WIDE = b",".join(b"column %d" % index for index in range(50_000))
INPUTS: Mapping[str, tuple[Callable[[], Iterator[bytes]], str]] = {
    "one line of one letter": (lambda: repeated(b"x"), "a line is longer than 1,048,576"),
    "one line of cells": (lambda: repeated(b"tempo,"), "a line is longer than 1,048,576"),
    "a second line": (lambda: repeated(b"0.5,", HEADER), "a line is longer than 1,048,576"),
    "50,000 columns": (lambda: repeated(b"1\n", WIDE + b"\n"), "the header has 50,000 columns"),
    "zeros": (lambda: repeated(b"\0"), "looks like a binary file"),
    "noise": (noise, "looks like a binary file"),
    "empty lines": (lambda: repeated(b"\n"), "lines in succession are empty"),
    "spaces": (lambda: repeated(b" \n"), "lines in succession are empty"),
    "empty lines after a header": (
        lambda: repeated(b"\n", HEADER),
        "lines in succession are empty",
    ),
    "a letter in each line": (lambda: repeated(b"y\n"), "the table has none of the columns"),
    "a quotation mark": (lambda: repeated(b"a\n", HEADER + b'"'), "field larger than field limit"),
    "a row of lines": (lambda: repeated(b'","\n', HEADER + b'"'), "a row is longer than 4,194,304"),
    "a header of lines": (lambda: repeated(b'","\n', b'"'), "a row is longer than 4,194,304"),
}


@pytest.mark.parametrize(("pieces", "sentence"), INPUTS.values(), ids=INPUTS)
def test_input_without_end_is_refused(
    tiny: Classifier, pieces: Callable[[], Iterator[bytes]], sentence: str
) -> None:
    source = Endless(pieces())
    tracemalloc.start()
    try:
        with pytest.raises(BadTable, match=sentence) as raised:
            table.predict(tiny, io.BufferedReader(source), io.BytesIO())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(str(raised.value)) < 1000
    assert "\n" not in str(raised.value)
    assert peak < PEAK
    assert source.count < PEAK


def test_long_rows_are_classified_in_smaller_chunks(tiny: Classifier) -> None:
    row = ROW[:-1] + b"," + b"x" * 100_000 + b"\n"
    data = HEADER[:-1] + b",lyrics\n" + row * 400
    target = io.BytesIO()
    tracemalloc.start()
    try:
        counts = table.predict(tiny, io.BytesIO(data), target)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (counts.rows, counts.skipped) == (400, 0)
    assert peak < len(data) / 2


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 9), st.integers(1, 60))
def test_the_size_of_chunks_changes_nothing(
    tiny: Classifier, lengths: list[int], rows_at_once: int, size: int
) -> None:
    lines = [b"%b,%b" % (ROW[:-1], b"x" * length) for length in lengths]
    data = HEADER[:-1] + b",note\n" + b"\n\n".join(lines)
    expected, found = io.BytesIO(), io.BytesIO()
    first = table.predict(tiny, io.BytesIO(data), expected, keep=["note"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "ROWS_AT_ONCE", rows_at_once)
        patch.setattr(table, "CHUNK_SIZE", size)
        assert table.predict(tiny, io.BytesIO(data), found, keep=["note"]) == first
    assert found.getvalue() == expected.getvalue()


def test_many_empty_lines_between_rows_are_skipped(tiny: Classifier) -> None:
    data = HEADER + (b"\n" * 20_000 + ROW) * 3
    assert table.predict(tiny, io.BytesIO(data), io.BytesIO()).rows == 3


def test_zip_archive_without_end_is_not_copied_whole(
    tiny: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "MAX_ARCHIVE", 5 << 20)
    source = Endless(repeated(b"x", b"PK\x03\x04"))
    with pytest.raises(BadTable, match="too large to be read from a pipe"):
        table.predict(tiny, io.BufferedReader(source), io.BytesIO())
    assert source.count < 10 << 20


def test_the_widest_table_that_is_read_is_read(tiny: Classifier) -> None:
    more = b",".join(b"c%d" % index for index in range(table_format.MAX_COLUMNS - 5))
    data = (
        HEADER[:-1] + b"," + more + b"\n" + (ROW[:-1] + b"," * (more.count(b",") + 1) + b"\n") * 300
    )
    tracemalloc.start()
    try:
        assert table.predict(tiny, io.BytesIO(data), io.BytesIO()).rows == 300
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < PEAK
