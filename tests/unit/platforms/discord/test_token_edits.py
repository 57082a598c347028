"""Edits by the tokens of votes, for as long as these are valid."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.platforms.discord.token_edits import TOKEN_LIFETIME, TokenEdit, TokenEdits
from bot.platforms.discord.uploads import Sent

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def _edit(**_: Any) -> Sent:
    return Sent(1)


EDIT, OTHER_EDIT = TokenEdit(_edit, hidden=False), TokenEdit(_edit, hidden=True)


@pytest.mark.parametrize(
    ("age", "valid"), [(TOKEN_LIFETIME - timedelta(seconds=1), True), (TOKEN_LIFETIME, False)]
)
def test_edit_is_known_as_long_as_its_token_is_valid(age: timedelta, *, valid: bool) -> None:
    now = NOW
    edits = TokenEdits(lambda: now)
    edits.remember("1", EDIT)
    now += age
    assert (edits.of("1") is EDIT) is valid


def test_latest_edits_of_the_latest_messages_are_kept() -> None:
    edits = TokenEdits(lambda: NOW, max_messages=2)
    for message_id in ("1", "2", "1", "3"):
        edits.remember(message_id, EDIT)
    edits.remember("3", OTHER_EDIT)
    edits.remember(None, EDIT)
    assert [edits.of(one) for one in ("1", "2", "3", None)] == [EDIT, None, OTHER_EDIT, None]
