"""Parsing of the shards that a process runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord.shards import Shards


@pytest.mark.parametrize(
    ("text", "ids", "count"),
    [("0/1", [0], 1), ("5/16", [5], 16), ("0-3/16", [0, 1, 2, 3], 16), ("2-3/4", [2, 3], 4)],
)  # fmt: skip
def test_shards_are_parsed(text: str, ids: list[int], count: int) -> None:
    shards = Shards.parse(text)
    assert list(shards.ids) == ids
    assert shards.count == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "/4",
        "0/0",
        "4/4",
        "0-4/4",
        "3-2/4",
        "-1/4",
        "0-/4",
        "a/b",
        "0/4 ",
        "0..3/4",
        "1" * 9,
    ],
)
def test_invalid_shards_are_rejected(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not of the form|the last one is"):
        Shards.parse(text)


@given(st.integers(1, 99_999), st.data())
def test_parts_cover_all_shards_without_overlap(count: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, count - 1))
    parts = [f"0-{cut}/{count}"] + ([f"{cut + 1}-{count - 1}/{count}"] if cut + 1 < count else [])
    ids = [shard for part in parts for shard in Shards.parse(part).ids]
    assert ids == list(range(count))
