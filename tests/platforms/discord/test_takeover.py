"""Jobs of a process that was killed: what it sent is found, what it did not send is sent."""

from datetime import timedelta
from typing import Final

import pytest

from bot import texts
from bot.domain.emoji import GENRES
from bot.domain.jobs import Job, JobKind, PlannedReply
from bot.platforms.discord.transports import NONCE_LIFETIME
from tests.platforms.discord.chat import OTHER_LINK, SELECT, Chat, components_of, text_of
from tests.support.fake_app import LINK
from tests.support.killed_process import KilledProcess

HISTORY: Final = "/channels/*/messages"
UNCERTAIN: Final = "perhaps answered already; not answered again"


@pytest.fixture
def killed(chat: Chat) -> KilledProcess:
    return KilledProcess(chat.app)


async def test_card_that_was_sent_but_not_recorded_is_found_and_not_sent_again(
    chat: Chat, killed: KilledProcess
) -> None:
    card = await chat.card(LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    await chat.restart()
    assert [message.id for message in chat.replies()] == [card.id]
    assert len(chat.requests("POST", "/messages$")) == 1
    assert [key[1] for key in chat.app.messages.stored] == [str(card.id)]
    assert chat.app.inbox.rows == {}
    await chat.ann.react(card, GENRES["jazz"])
    assert chat.app.votes.counted() == [(1, "jazz")]


async def test_card_that_was_not_sent_is_sent_and_no_new_one_is_made(
    chat: Chat, killed: KilledProcess
) -> None:
    card = await chat.card(LINK)
    chat.env.backend.delete_message(chat.music.id, card.id)
    await chat.env.settle()
    chat.app.events.seen.clear()
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    await chat.restart()
    (again,) = chat.replies()
    assert again.id != card.id
    assert components_of(again, SELECT)[0]["custom_id"] == "genre:1"
    assert len(chat.app.predictions.cards) == 1


async def test_job_without_a_plan_is_answered_as_a_new_one(
    chat: Chat, killed: KilledProcess
) -> None:
    await chat.card(LINK)
    job = killed.job(JobKind.MESSAGE)
    await chat.ann.send(chat.music, OTHER_LINK)
    await killed.leave(Job(job.place, killed.jobs[-1].id, job.kind, killed.jobs[-1].payload))
    before = len(chat.replies())
    await chat.restart()
    assert "Heroes" in text_of(chat.replies()[before])


async def test_only_the_replies_that_are_missing_are_sent(
    chat: Chat, killed: KilledProcess
) -> None:
    await chat.ann.send(chat.music, f"{LINK} {OTHER_LINK}")
    _, second = chat.replies()
    chat.env.backend.delete_message(chat.music.id, second.id)
    await chat.env.settle()
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1), PlannedReply(2), recorded=1)
    await chat.restart()
    first, again = chat.replies()
    assert "Old Town Road" in text_of(first)
    assert "Heroes" in text_of(again)
    assert len(chat.requests("POST", "/messages$")) == 3


async def test_pointer_and_sentence_that_were_sent_are_found(
    chat: Chat, killed: KilledProcess
) -> None:
    card = await chat.card(LINK)
    await chat.ann.send(chat.music, LINK)
    pointer_job = killed.job(JobKind.MESSAGE)
    await chat.ann.send(chat.music, f"{chat.mention} hello")
    hint_job = killed.job(JobKind.MESSAGE)
    assert len(chat.replies()) == 3
    await killed.leave(pointer_job, PlannedReply(1, str(card.id)), recorded=1)
    await killed.leave(hint_job, PlannedReply(notice=("hint", texts.HINT)), recorded=1)
    await chat.restart()
    assert len(chat.replies()) == 3
    assert len(chat.requests("POST", "/messages$")) == 3
    assert chat.app.inbox.rows == {}


async def test_card_is_not_repeated_where_the_history_is_forbidden_and_a_log_line_says_so(
    chat: Chat, killed: KilledProcess, caplog: pytest.LogCaptureFixture
) -> None:
    card = await chat.card(LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    chat.app.time += NONCE_LIFETIME + timedelta(seconds=1)
    chat.env.inject_error("GET", HISTORY, status=403, code=50001, times=None)
    await chat.restart()
    assert [message.id for message in chat.replies()] == [card.id]
    assert len(chat.requests("POST", "/messages$")) == 1
    assert UNCERTAIN in caplog.text
    assert chat.app.inbox.rows == {}


@pytest.mark.parametrize("code", [10003, 10004])
async def test_nothing_is_sent_and_nothing_waits_where_the_channel_was_deleted(
    chat: Chat, killed: KilledProcess, code: int
) -> None:
    await chat.card(LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    chat.env.inject_error("GET", HISTORY, status=404, code=code, times=None)
    await chat.restart()
    assert len(chat.requests("POST", "/messages$")) == 1
    assert chat.app.inbox.rows == {}


async def test_where_the_history_is_forbidden_a_young_nonce_prevents_a_second_card(
    chat: Chat, killed: KilledProcess
) -> None:
    await chat.card(LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    chat.env.inject_error("GET", HISTORY, status=403, code=50001, times=None)
    await chat.restart()
    first, again = chat.requests("POST", "/messages$")
    assert first["nonce"] == again["nonce"]
    assert again["enforce_nonce"]


async def test_card_waits_while_the_history_cannot_be_read(
    chat: Chat, killed: KilledProcess
) -> None:
    await chat.card(LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    chat.env.inject_error("GET", HISTORY, status=500, times=10)
    await chat.restart()
    assert len(chat.app.inbox.rows) == 1
    chat.env.backend.faults.clear()
    await chat.env.advance_time(35)
    assert len(chat.requests("POST", "/messages$")) == 1
    assert chat.app.inbox.rows == {}


async def test_vote_on_a_card_that_was_sent_but_not_recorded_counts(
    chat: Chat, killed: KilledProcess
) -> None:
    card = await chat.card(LINK)
    job = killed.job(JobKind.MESSAGE)
    await chat.ann.react(card, GENRES["jazz"])
    vote = killed.job(JobKind.REACTION)
    chat.app.votes.ballots.clear()
    chat.app.votes.seen.clear()
    await killed.leave(vote)
    await killed.leave(job, PlannedReply(1))
    chat.app.wait(minutes=30)
    await chat.restart()
    await chat.env.advance_time(2)
    assert chat.app.votes.counted() == [(1, "jazz")]
    assert len(chat.requests("POST", "/messages$")) == 1


async def test_vote_that_was_counted_is_not_counted_again(
    chat: Chat, killed: KilledProcess
) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["jazz"])
    await chat.ann.unreact(card, GENRES["jazz"])
    first = next(job for job in killed.jobs if job.kind is JobKind.REACTION)
    await killed.leave(first, recorded=1)
    await chat.restart()
    assert chat.app.votes.counted() == []


async def test_command_that_was_answered_is_not_answered_again(
    chat: Chat, killed: KilledProcess
) -> None:
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert "Old Town Road" in text_of(result.response)
    await killed.leave(killed.job(JobKind.COMMAND), PlannedReply(1), recorded=1)
    await chat.restart()
    assert "Old Town Road" in text_of(chat.replies()[0])
    assert len(chat.replies()) == 1
    assert len(chat.requests("PATCH", "/messages/@original$")) == 1


async def test_command_that_may_have_been_answered_gets_the_same_answer(
    chat: Chat, killed: KilledProcess
) -> None:
    await chat.ann.slash(chat.music, "genre", song=LINK)
    await killed.leave(killed.job(JobKind.COMMAND), PlannedReply(1))
    await chat.restart()
    (card,) = chat.replies()
    assert "Old Town Road" in text_of(card)
    assert len(chat.app.predictions.cards) == 1
    assert len(chat.app.messages.stored) == 1


async def test_sentence_in_reply_to_a_command_is_private_after_a_restart_too(
    chat: Chat, killed: KilledProcess
) -> None:
    result = await chat.ann.slash(chat.music, "genre", song="no such song")
    assert result.response is None
    (private,) = result.followups
    kind, text = "not_found", text_of(private)
    await killed.leave(killed.job(JobKind.COMMAND), PlannedReply(notice=(kind, text)))
    await chat.restart()
    assert chat.replies() == []


async def test_command_whose_token_has_expired_is_dropped(
    chat: Chat, killed: KilledProcess
) -> None:
    await chat.ann.slash(chat.music, "genre", song=LINK)
    await killed.leave(killed.job(JobKind.COMMAND))
    chat.env.inject_error("*", "/webhooks/*", status=404, code=10015, times=None)
    await chat.restart()
    assert chat.app.inbox.rows == {}
    assert len(chat.replies()) == 1


async def test_links_that_waited_are_displayed_and_answered_after_a_restart(
    chat: Chat, killed: KilledProcess
) -> None:
    await chat.card(LINK)
    job = killed.job(JobKind.MESSAGE)
    await chat.ann.send(chat.music, OTHER_LINK)
    before = len(chat.replies())
    await killed.leave(Job(job.place, killed.jobs[-1].id, job.kind, killed.jobs[-1].payload))
    (row,) = chat.app.inbox.rows.values()
    row.parked = True
    await chat.restart()
    assert len(chat.replies()) == before + 1
    assert "1 message waits" in text_of(chat.replies()[-1])
    assert await chat.app.inbox.release(chat.place()) == 1
    await chat.restart()
    assert len(chat.replies()) == before + 2


async def test_second_reply_to_a_command_is_not_repeated_and_the_first_stays(
    chat: Chat, killed: KilledProcess, caplog: pytest.LogCaptureFixture
) -> None:
    await chat.ann.slash(chat.music, "genre", song=LINK)
    hint = PlannedReply(notice=("hint", texts.HINT))
    await killed.leave(killed.job(JobKind.COMMAND), PlannedReply(1), hint, recorded=1)
    await chat.restart()
    (card,) = chat.replies()
    assert "Old Town Road" in text_of(card)
    assert UNCERTAIN in caplog.text


async def test_choice_that_was_not_recorded_counts_and_its_receipt_is_not_repeated(
    chat: Chat, killed: KilledProcess, caplog: pytest.LogCaptureFixture
) -> None:
    card = await chat.card(LINK)
    await chat.ann.select(card, ["jazz"])
    chat.app.votes.ballots.clear()
    chat.app.votes.seen.clear()
    await killed.leave(killed.job(JobKind.CHOICE), recorded=1)
    await chat.restart()
    assert chat.app.votes.counted() == [(1, "jazz")]
    assert len(chat.requests("POST", "^/webhooks/")) == 1
    assert "perhaps answered already" in caplog.text
