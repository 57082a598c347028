"""Links past the rate limit wait, and one message in their channel says how many."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.jobs import Job, JobKind, StoredJob
from bot.domain.places import Place
from bot.services.waiting_links import PlatformWaitingLinks, WaitingLinks
from tests.support.fake_app import FakeApp
from tests.support.group_chats import CHANNEL, fail
from tests.support.virtual_time import in_virtual_time

DELAY = 1.0
DISPLAY_SECONDS = 1.6


class Channel:
    """Displays messages as a platform does.

    Attributes:
        messages: The count that each message in the channel displays.
        sent: How many messages were sent.
        refuses: Whether no message can be sent or updated.
    """

    def __init__(self) -> None:
        self.app = FakeApp()
        self.messages: dict[str, int] = {}
        self.sent = 0
        self.updates = 0
        self.refuses = False
        self.waiting = self.open()

    def open(self) -> PlatformWaitingLinks:
        """Return the waiting links of a new process."""
        return WaitingLinks(self.app.inbox, self.app.messages).open(
            CHANNEL.platform, self.display, DELAY
        )

    async def display(self, place: Place, current: str | None, count: int) -> str | None:
        assert place == CHANNEL
        await asyncio.sleep(DISPLAY_SECONDS)
        if self.refuses:
            return None
        self.updates += 1
        if current in self.messages:
            self.messages[current] = count
            return current
        if not count:
            return None
        self.sent += 1
        self.messages[f"message {self.sent}"] = count
        return f"message {self.sent}"

    async def park(self, name: str, by: PlatformWaitingLinks | None = None) -> None:
        await (by or self.waiting).park(await self.store(name))

    async def store(self, name: str) -> StoredJob:
        job = Job(CHANNEL, name, JobKind.MESSAGE, {})
        (stored,) = await self.app.inbox.add([job], "me", timedelta(minutes=1))
        assert stored
        return stored


async def updated() -> None:
    await asyncio.sleep(2 * (DELAY + DISPLAY_SECONDS))


@in_virtual_time
async def test_one_message_says_how_many_links_wait_and_is_updated() -> None:
    channel = Channel()
    for number in range(5):
        await channel.park(str(number))
    await updated()
    assert channel.messages == {"message 1": 5}
    await channel.park("6")
    await updated()
    assert channel.messages == {"message 1": 6}
    assert (channel.sent, channel.updates) == (1, 2)


@in_virtual_time
async def test_released_links_are_free_and_the_message_says_so() -> None:
    channel = Channel()
    for number in range(3):
        await channel.park(str(number))
    await updated()
    assert await channel.waiting.release(CHANNEL) == 3
    await updated()
    assert channel.messages == {"message 1": 0}
    assert not any(row.parked for row in channel.app.inbox.rows.values())
    await channel.park("later")
    await updated()
    assert channel.messages == {"message 1": 0, "message 2": 1}


@in_virtual_time
async def test_deleted_message_is_sent_again_with_the_next_link() -> None:
    channel = Channel()
    await channel.park("1")
    await updated()
    channel.messages.clear()
    await channel.park("2")
    await updated()
    assert channel.messages == {"message 2": 2}
    await channel.park("3")
    await updated()
    assert channel.messages == {"message 2": 3}


@in_virtual_time
async def test_links_that_are_released_before_the_message_is_sent_need_none() -> None:
    channel = Channel()
    await channel.park("1")
    await channel.waiting.release(CHANNEL)
    await updated()
    assert channel.messages == {}


@in_virtual_time
async def test_message_that_cannot_be_sent_is_sent_with_the_next_link() -> None:
    channel = Channel()
    channel.refuses = True
    await channel.park("1")
    await updated()
    channel.refuses = False
    await channel.park("2")
    await updated()
    assert channel.messages == {"message 1": 2}


@in_virtual_time
async def test_another_process_updates_the_message_of_the_first() -> None:
    channel = Channel()
    await channel.park("1")
    await updated()
    await channel.park("2", by=channel.open())
    await updated()
    assert channel.messages == {"message 1": 2}


@in_virtual_time
async def test_failure_of_the_database_is_logged_and_the_next_update_works(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Channel()
    with monkeypatch.context() as patched:
        patched.setattr(channel.app.messages, "answers", fail)
        await channel.park("1")
        await updated()
    assert "waiting links" in caplog.text
    await channel.park("2")
    await updated()
    assert channel.messages == {"message 1": 2}


@in_virtual_time
async def test_closing_cancels_updates() -> None:
    channel = Channel()
    await channel.park("1")
    await channel.waiting.close()
    await updated()
    assert channel.messages == {}
    assert await channel.app.inbox.parked(CHANNEL) == 1


@given(st.lists(st.sampled_from([0.0, 0.2, 0.9, 1.1, 1.4]), min_size=1, max_size=12))
def test_concurrent_links_never_cause_two_messages(pauses: list[float]) -> None:
    @in_virtual_time
    async def run() -> None:
        channel = Channel()
        tasks = []
        for number, pause in enumerate(pauses):
            tasks.append(asyncio.create_task(channel.park(str(number))))
            await asyncio.sleep(pause)
        await asyncio.gather(*tasks)
        await updated()
        assert channel.messages == {"message 1": len(pauses)}

    run()


@in_virtual_time
async def test_links_that_wait_since_before_a_restart_are_displayed() -> None:
    channel = Channel()
    await channel.park("1")
    await channel.waiting.close()  # before the message was sent
    channel.waiting = channel.open()
    await channel.waiting.refresh()
    await updated()
    assert channel.messages == {"message 1": 1}


@in_virtual_time
async def test_message_is_updated_when_the_links_are_too_old() -> None:
    channel = Channel()
    await channel.park("1")
    await updated()
    await channel.app.inbox.expire(CHANNEL.platform, channel.app.now() + timedelta(hours=1))
    await channel.waiting.refresh()
    await updated()
    assert channel.messages == {"message 1": 0}
    await channel.waiting.refresh()
    await updated()
    assert channel.updates == 2
