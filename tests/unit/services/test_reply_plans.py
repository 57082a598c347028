"""Replies are stored before they are sent; a repeated job finds out which ones were sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cards import Card
from bot.domain.errors import StorageFailed
from bot.domain.jobs import Job, JobKind, StoredJob
from bot.domain.places import Message
from bot.domain.replies import AlreadyShown, Notice, NoticeKind, Reply
from bot.services.reply_plans import Outgoing
from tests.support.factories import answer, message
from tests.support.fake_app import FakeApp
from tests.support.fake_collections import summary
from tests.support.group_chats import CHANNEL, fail

MESSAGE = message("", "m1")
HINT = Notice(NoticeKind.HINT, "Send a link.")


async def store(app: FakeApp) -> StoredJob:
    """Store the job of MESSAGE."""
    job = Job(MESSAGE.place, MESSAGE.id, JobKind.MESSAGE, {})
    (stored,) = await app.inbox.add([job], "first", timedelta(seconds=-1))
    assert stored
    return stored


async def take_over(app: FakeApp) -> StoredJob:
    """Return the job as another process finds it."""
    (stored,) = await app.inbox.claim(MESSAGE.place.platform, "second", timedelta(), 10)
    return stored


async def plan(
    app: FakeApp, stored: StoredJob, *replies: Reply | AlreadyShown, of: Message = MESSAGE
) -> Sequence[Outgoing]:
    async def compute() -> Sequence[Reply | AlreadyShown]:
        return replies

    return await app.services.plans.replies(stored, of, compute)


async def replan(app: FakeApp, of: Message = MESSAGE) -> Sequence[Outgoing]:
    """Return the replies that another process has to send."""

    async def compute() -> Sequence[Reply | AlreadyShown]:
        raise AssertionError("computed again")

    return await app.services.plans.replies(await take_over(app), of, compute)


async def card(app: FakeApp) -> Card:
    return await app.predictions.add(answer(), MESSAGE.place)


async def test_new_replies_are_certain_and_numbered(app: FakeApp) -> None:
    first = await card(app)
    outgoing = await plan(app, await store(app), first, HINT)
    assert outgoing == [Outgoing(0, first), Outgoing(1, HINT)]
    assert not any(one.uncertain or one.sent_as for one in outgoing)


async def test_replies_are_stored_before_they_are_returned(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await store(app)
    monkeypatch.setattr(app.inbox, "plan", fail)
    with pytest.raises(StorageFailed):
        await plan(app, stored, HINT)


async def test_repeated_job_has_the_same_replies_and_does_not_compute_them_again(
    app: FakeApp,
) -> None:
    first = await card(app)
    shown = AlreadyShown(first, "earlier")
    await plan(app, await store(app), first, shown, HINT)
    outgoing = await replan(app)
    assert [one.reply for one in outgoing] == [first, shown, HINT]
    assert [one.uncertain for one in outgoing] == [True] * 3
    assert [one.number for one in outgoing] == [0, 1, 2]


async def test_recorded_replies_are_known_to_be_sent_and_the_others_are_uncertain(
    app: FakeApp,
) -> None:
    first, second = await card(app), await card(app)
    await plan(app, await store(app), first, second, HINT)
    await app.services.cards.on_sent(MESSAGE, "sent", first)
    await app.services.cards.on_sent(MESSAGE, "sentence", HINT)
    outgoing = await replan(app)
    assert [(one.sent_as, one.uncertain) for one in outgoing] == [
        ("sent", False),
        (None, True),
        ("sentence", False),
    ]


async def test_each_recorded_reply_stands_for_one_planned_reply(app: FakeApp) -> None:
    await plan(app, await store(app), HINT, HINT)
    await app.services.cards.on_sent(MESSAGE, "sentence", HINT)
    outgoing = await replan(app)
    assert [one.sent_as for one in outgoing] == ["sentence", None]


async def test_pointer_to_a_card_is_not_taken_for_the_card(app: FakeApp) -> None:
    first = await card(app)
    pointer = AlreadyShown(first, "earlier")
    await plan(app, await store(app), pointer)
    await app.services.cards.on_sent(replace(MESSAGE, id="another"), "earlier", first)
    (outgoing,) = await replan(app)
    assert outgoing.uncertain
    await app.services.cards.on_sent(MESSAGE, "pointer", pointer)
    app.inbox.rows[1].lease_until = None
    (outgoing,) = await replan(app)
    assert outgoing.sent_as == "pointer"


async def test_deleted_card_is_left_out_and_the_numbers_stay(app: FakeApp) -> None:
    first, second = await card(app), await card(app)
    await plan(app, await store(app), first, second)
    del app.predictions.cards[first.id]
    assert [(one.number, one.reply) for one in await replan(app)] == [(1, second)]


async def test_summary_survives_a_restart_until_it_is_deleted(app: FakeApp) -> None:
    first = await app.summaries.add(summary(), MESSAGE.place)
    second = await app.summaries.add(summary(2), MESSAGE.place)
    await plan(app, await store(app), first, second, HINT)
    await app.services.cards.on_sent(MESSAGE, "sent", first)
    del app.summaries.summaries[second.id]
    outgoing = await replan(app)
    assert [(one.number, one.reply) for one in outgoing] == [(0, first), (2, HINT)]
    assert [one.sent_as for one in outgoing] == ["sent", None]


async def test_no_replies_need_no_plan(app: FakeApp) -> None:
    stored = await store(app)
    assert await plan(app, stored) == []
    assert (await take_over(app)).plan is None


async def test_place_is_sending_until_the_job_is_finished(app: FakeApp) -> None:
    stored = await store(app)
    assert not await app.services.plans.is_sending(CHANNEL)
    await plan(app, stored, HINT)
    assert await app.services.plans.is_sending(CHANNEL)
    await app.inbox.finish([stored.id])
    assert not await app.services.plans.is_sending(CHANNEL)


async def test_answers_of_two_jobs_to_one_message_are_told_apart(app: FakeApp) -> None:
    """Two people may use the message menu of one message."""
    stored = await store(app)
    first, second = await card(app), await card(app)
    await plan(app, stored, first)
    await app.services.cards.on_sent(MESSAGE, "of another command", second)
    (outgoing,) = await replan(app)
    assert outgoing.uncertain
