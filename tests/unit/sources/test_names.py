"""Names as sources give them, and as they are kept."""

import pytest

from bot.sources import names


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Jolene", "Jolene"),
        ("夜に駆ける 🎸", "夜に駆ける 🎸"),
        ("a\x00b", "a\N{REPLACEMENT CHARACTER}b"),
        ("\ud83c", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_name_can_be_stored_and_sent(given: str, kept: str) -> None:
    assert names.name(given) == kept
    assert names.names([given]) == (kept,)
    kept.encode()
