"""An edit of a message that waits past the rate limit: the newest content counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.jobs import Job, JobKind, PlannedReply, StoredJob
from bot.services.job_outcomes import HandBack, Lost
from tests.support.group_chats import CHANNEL
from tests.support.virtual_time import in_virtual_time
from tests.unit.services.test_waiting_links import Channel, updated

ONE, TWO, THREE = (f"https://open.spotify.com/track/{letter * 22}" for letter in "abc")
"""Links to songs."""


class Question:
    """The jobs of message m: the message itself and its edits."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.inbox = channel.app.inbox
        self.count = 0

    async def add(self, links: str, before: str | None = "", **payload: object) -> StoredJob:
        """Accept the message, at first, or an edit of it."""
        kind = JobKind.EDIT if self.count else JobKind.MESSAGE
        content = {"links": links, "addressed": False, **payload}
        if kind is JobKind.EDIT:
            content["before"] = before
        job = Job(CHANNEL, f"{kind}/{self.count}", kind, content, "m")
        self.count += 1
        (stored,) = await self.inbox.add([job], "me", timedelta(minutes=1))
        assert stored
        return stored

    async def edit(
        self, links: str, before: str | None = "", *, has_files: bool = False, **payload: object
    ) -> StoredJob | None:
        edit = await self.add(links, before, **payload)
        superseding = await self.channel.waiting.supersede(edit, has_files=has_files)
        if superseding is None:
            await self.inbox.finish([edit.id])
        return superseding

    @property
    def waiting(self) -> list[Mapping[str, object]]:
        """The payloads of what is parked."""
        return [row.stored.job.payload for row in self.inbox.rows.values() if row.parked]


@pytest.fixture
def asked() -> Question:
    return Question(Channel())


async def test_message_that_waits_asks_what_it_says_after_its_edit(asked: Question) -> None:
    sounds: dict[str, Any] = {"sounds": ["7"], "thread": "m"}
    await asked.channel.waiting.park(await asked.add(ONE, spoiler=True, roles=["dj"], **sounds))
    assert await asked.edit(f"{ONE} {TWO}", ONE) is None
    assert asked.waiting == [{"links": f"{ONE} {TWO}", "addressed": False, **sounds}]
    assert await asked.edit(TWO, ONE, spoiler=True, addressed=True) is None
    assert asked.waiting == [{"links": TWO, "addressed": True, "spoiler": True, **sounds}]


@pytest.mark.parametrize(
    ("after", "waits"),
    [({}, False), ({"has_files": True}, True), ({"addressed": True}, True)],
)
async def test_message_without_its_links_waits_for_what_else_it_asks(
    asked: Question, after: dict[str, bool], *, waits: bool
) -> None:
    await asked.channel.waiting.park(await asked.add(ONE))
    assert await asked.edit("", ONE, **after) is None
    assert [payload["links"] for payload in asked.waiting] == ([""] if waits else [])


@in_virtual_time
async def test_count_of_the_links_that_wait_follows_an_edit() -> None:
    asked = Question(Channel())
    await asked.channel.waiting.park(await asked.add(ONE))
    await updated()
    assert asked.channel.messages == {"message 1": 1}
    await asked.edit("", ONE)
    await updated()
    assert asked.channel.messages == {"message 1": 0}


@pytest.mark.parametrize(
    ("first", "second", "before"),
    [
        ((ONE, f"{ONE} {TWO}"), (f"{ONE} {TWO}", f"{ONE} {THREE}"), ONE),
        ((ONE, TWO), (TWO, ONE), ""),  # its card was removed by the first edit
        ((None, TWO), (TWO, ""), None),
        (("", ONE), (None, TWO), ""),  # the process between them ended
    ],
)
async def test_edit_instead_of_one_that_waits_is_compared_with_what_was_answered(
    asked: Question,
    first: tuple[str | None, str],
    second: tuple[str | None, str],
    before: str | None,
) -> None:
    await asked.inbox.finish([(await asked.add("")).id])
    parked = await asked.edit(first[1], first[0])
    assert parked
    await asked.channel.waiting.park(parked)
    edit = await asked.edit(second[1], second[0])
    assert edit
    assert edit.job.payload == {"links": second[1], "addressed": False, "before": before}
    assert asked.waiting == []
    assert asked.inbox.rows[edit.id].stored.job == edit.job, "kept if the process ends now"


async def test_edit_that_addresses_the_bot_asks_anew(asked: Question) -> None:
    await asked.inbox.finish([(await asked.add(ONE)).id])
    parked = await asked.edit(f"{ONE} {TWO}", ONE)
    assert parked
    await asked.channel.waiting.park(parked)
    edit = await asked.edit(f"{ONE} {TWO}", None, addressed=True)
    assert edit
    assert edit.job.payload["before"] is None


async def test_edit_comes_after_a_message_that_was_released_and_is_worked_off(
    asked: Question,
) -> None:
    await asked.channel.waiting.park(await asked.add(ONE))
    await asked.channel.waiting.release(CHANNEL)
    await asked.inbox.claim(CHANNEL.platform, "another", timedelta(minutes=1), 10)
    with pytest.raises(HandBack):
        await asked.edit(TWO, ONE)


async def test_edit_comes_after_answers_that_an_earlier_process_began_to_send(
    asked: Question,
) -> None:
    stored = await asked.add(ONE)
    await asked.inbox.plan(stored, [PlannedReply(1)])
    await asked.inbox.disown("me")
    with pytest.raises(HandBack):
        await asked.edit(TWO, ONE)


async def test_edit_changes_a_message_that_was_released_and_not_yet_taken(asked: Question) -> None:
    await asked.channel.waiting.park(await asked.add(ONE))
    await asked.channel.waiting.release(CHANNEL)
    assert await asked.edit(TWO, ONE) is None
    (taken,) = await asked.inbox.claim(CHANNEL.platform, "me", timedelta(minutes=1), 10)
    assert (taken.job.payload["links"], taken.released) == (TWO, True)


async def test_edit_that_another_process_took_changes_nothing(asked: Question) -> None:
    await asked.inbox.finish([(await asked.add("")).id])
    parked = await asked.edit(ONE)
    assert parked
    await asked.channel.waiting.park(parked)
    edit = await asked.add(TWO, ONE)
    with pytest.raises(Lost):
        await asked.channel.waiting.supersede(replace(edit, owner="another"), has_files=False)
    assert len(asked.waiting) == 1
