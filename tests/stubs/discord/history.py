"""Pages of a channel's history."""

from bisect import bisect_left
from collections.abc import Sequence

from tests.stubs.discord.objects import Channel, Flag, Json, invalid_form
from tests.stubs.discord.state import State

MAX_PAGE = 100


def page(
    state: State,
    channel: Channel,
    *,
    limit: str = "50",
    before: str | None = None,
    after: str | None = None,
    around: str | None = None,
) -> Sequence[Json]:
    """Return one page of a channel, newest first, without nonces and ephemeral messages.

    Without `before`, `after` or `around`, of which one may be given, it is the newest page.
    """
    count = int(limit)
    if not 1 <= count <= MAX_PAGE or sum(map(bool, (before, after, around))) > 1:
        raise invalid_form("limit, before, after, around")
    found = [
        state.message_json(message)
        for message in state.messages.values()
        if message["channel_id"] == channel.id and not message["flags"] & Flag.EPHEMERAL
    ]
    start, end = max(0, len(found) - count), len(found)
    if before:
        end = _position(found, int(before))
        start = max(0, end - count)
    elif after:
        start = _position(found, int(after) + 1)
        end = start + count
    elif around:
        start = max(0, _position(found, int(around)) - count // 2)
        end = start + count
    return found[start:end][::-1]


def _position(messages: Sequence[Json], message_id: int) -> int:
    """Return the index of the first message that is not older than an id."""
    return bisect_left(messages, message_id, key=lambda message: int(message["id"]))
