"""Voice messages are declined when the bot is addressed, else seldom, and never where it is off."""

from dataclasses import replace

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.places import Message
from bot.domain.replies import NoticeKind
from bot.services.rate_limits import PER_PERSON
from tests.support.factories import message
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import CHANNEL


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


def voice(number: int, user: str = "ann", channel: str = CHANNEL.channel) -> Message:
    return replace(message("", f"m{number}", user), place=replace(CHANNEL, channel=channel))


async def decline(app: FakeApp, said: Message, *, addressed: bool = False) -> NoticeKind | None:
    replies = await app.services.voice_messages.decline(said, addressed=addressed)
    return replies[0].kind if replies else None


async def test_whoever_addresses_the_bot_is_always_told(app: FakeApp) -> None:
    for number in range(3):
        (notice,) = await app.services.voice_messages.decline(voice(number), addressed=True)
        assert notice.text == texts.VOICE_MESSAGE


async def test_a_channel_is_told_once_a_day(app: FakeApp) -> None:
    told = []
    for number in range(4):
        told.append(await decline(app, voice(number)))
        app.wait(hours=9)
    assert told == [NoticeKind.VOICE_MESSAGE, None, None, NoticeKind.VOICE_MESSAGE]


async def test_each_channel_is_told_and_a_thread_counts_as_its_channel(app: FakeApp) -> None:
    assert await decline(app, voice(1)) is NoticeKind.VOICE_MESSAGE
    assert await decline(app, voice(2, channel="other")) is NoticeKind.VOICE_MESSAGE
    in_thread = replace(voice(3, channel="thread"), parent=CHANNEL.channel)
    assert await decline(app, in_thread) is None


async def test_a_channel_whose_members_were_told_on_request_is_not_told_again(
    app: FakeApp,
) -> None:
    assert await decline(app, voice(1), addressed=True) is NoticeKind.VOICE_MESSAGE
    assert await decline(app, voice(2)) is None


@pytest.mark.parametrize(
    ("mode", "unaddressed", "addressed"),
    [
        (Mode.ON_REQUEST, None, NoticeKind.VOICE_MESSAGE),
        (Mode.QUIET, None, NoticeKind.SWITCHED_OFF),
        (Mode.OFF, None, NoticeKind.SWITCHED_OFF),
    ],
)
async def test_settings_of_the_channel_hold(
    app: FakeApp, mode: Mode, unaddressed: None, addressed: NoticeKind
) -> None:
    app.settings.set[CHANNEL] = ChannelSettings(mode)
    assert await decline(app, voice(1)) is unaddressed
    assert await decline(app, voice(2), addressed=True) is addressed


@pytest.mark.parametrize(
    ("text", "files", "alone"),
    [("", False, True), ("", True, False), (LINK, False, False), ("hello", False, True)],
)
def test_nothing_is_said_where_a_link_or_a_file_is_answered(
    app: FakeApp, text: str, *, files: bool, alone: bool
) -> None:
    said, service = replace(voice(1), text=text), app.services.voice_messages
    assert service.are_alone(said, voice=True, files=files) is alone
    assert not service.are_alone(said, voice=False, files=files)


async def test_rate_limit_of_a_person_holds(app: FakeApp) -> None:
    told = [await decline(app, voice(n), addressed=True) for n in range(PER_PERSON + 1)]
    assert told == [*([NoticeKind.VOICE_MESSAGE] * PER_PERSON), None]
