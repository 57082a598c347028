"""A person and a channel are answered within rate limits."""

import pytest

from bot.domain.replies import Notice, NoticeKind
from bot.services.group_chat import TooManyMessages
from bot.services.rate_limits import PER_CHANNEL, PER_PERSON
from tests.support.factories import message
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import paste


async def test_messages_of_a_person_over_the_limit_wait(app: FakeApp) -> None:
    for number in range(PER_PERSON):
        assert len(await paste(app, LINK, f"m{number}")) == 1
    for _ in range(2):
        with pytest.raises(TooManyMessages):
            await paste(app, LINK, "over")
    assert len(await paste(app, LINK, "bob's", "bob")) == 1


async def test_released_message_is_answered_over_the_limit(app: FakeApp) -> None:
    for number in range(PER_PERSON):
        await paste(app, LINK, f"m{number}")
    over = message(LINK, "over")
    replies = await app.services.group_chat.on_message(over, addressed=False, released=True)
    assert len(replies) == 1


async def test_every_command_over_the_limit_is_answered(app: FakeApp) -> None:
    for number in range(PER_PERSON):
        await app.services.group_chat.on_command(message(LINK, f"m{number}"))
    for number in range(2):
        (notice,) = await app.services.group_chat.on_command(message(LINK, f"over{number}"))
        assert isinstance(notice, Notice)
        assert notice.kind is NoticeKind.PERSON_RATE_LIMITED


async def test_each_channel_has_its_own_limit(app: FakeApp) -> None:
    for number in range(PER_CHANNEL):
        assert len(await paste(app, LINK, f"m{number}", f"user{number}")) == 1
    with pytest.raises(TooManyMessages):
        await paste(app, LINK, "over", "someone else")
    (notice,) = await app.services.group_chat.on_command(message(LINK, "over", "another person"))
    assert isinstance(notice, Notice)
    assert notice.kind is NoticeKind.CHANNEL_RATE_LIMITED
    written = message(LINK, channel="d")
    assert len(await app.services.group_chat.on_message(written, addressed=False)) == 1
