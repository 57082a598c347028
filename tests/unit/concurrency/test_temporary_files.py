"""Files without a name: how many bytes they take together, and where they are."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.concurrency.body_copy import DiskFailed
from bot.concurrency.temporary_files import NoRoom, TemporaryFiles


@given(lengths=st.lists(st.integers(0, 60), max_size=8))
def test_files_together_never_take_more_than_the_bound(lengths: list[int]) -> None:
    files, expected = TemporaryFiles(max_bytes=100), 0
    with ExitStack() as stack:
        for length in lengths:
            if expected + length > 100:
                with pytest.raises(NoRoom):
                    stack.enter_context(files.open(length))
            else:
                stack.enter_context(files.open(length))
                expected += length
            assert files.reserved == expected
    assert files.reserved == 0


def test_a_complete_file_counts_what_it_has() -> None:
    files = TemporaryFiles(max_bytes=100)
    with files.open(90) as one:
        one.write(bytes(30))
        one.flush()
        files.complete(one)
        with files.open(70):
            assert files.reserved == 100


def test_an_error_frees_what_was_reserved() -> None:
    files = TemporaryFiles(max_bytes=100)
    with pytest.raises(ValueError, match="x"), files.open(100):
        raise ValueError("x")
    with files.open(100) as file:
        assert not file.closed
    assert file.closed


def test_files_are_in_the_folder(tmp_path: Path) -> None:
    with TemporaryFiles(tmp_path).open(1):
        assert list(tmp_path.iterdir()) == [], "they have no name"
    missing = TemporaryFiles(tmp_path / "missing")
    with pytest.raises(DiskFailed), missing.open(1):
        pass
    assert missing.reserved == 0
