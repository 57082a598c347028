"""Buttons under a notice: a press is answered with the card of its song."""

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.emoji import DELETE
from bot.domain.jobs import JobKind, PlannedReply
from bot.domain.replies import MAX_CHOICES, Choice
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.services.rate_limits import PER_PERSON
from bot.texts.search import MAX_LABEL
from tests.platforms.discord.chat import (
    BUTTON,
    SELECT,
    AnyMessage,
    Chat,
    components_of,
    ephemeral_text,
    reactions_of,
    text_of,
)
from tests.support.factories import HEROES, OLD_TOWN_ROAD, track
from tests.support.fake_app import LINK
from tests.support.group_chats import fail
from tests.support.killed_process import KilledProcess

ROAD = texts.choice_label(track())
BOWIE = texts.choice_label(track(HEROES, title="Heroes", artists=("David Bowie",)))


def labels(message: AnyMessage | None) -> list[str]:
    return [button["label"] for button in components_of(message, BUTTON)]


async def ask(chat: Chat, song: str = "o") -> AnyMessage:
    """Let Ann use /genre for words that fit several songs; return the private question."""
    chat.app.search.unsure = True
    result = await chat.ann.slash(chat.music, "genre", song=song)
    assert "do you mean" in ephemeral_text(result).lower()
    return result.followups[0]


async def offer(chat: Chat) -> AnyMessage:
    """Let Ann mention the bot while no service answers; return the public notice."""
    chat.app.lookup.away = True
    chat.app.features.away = True
    chat.app.offline.offered = (Choice(ROAD, SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)),)
    message = await chat.card(f"{chat.mention} {LINK}")
    chat.app.lookup.away = chat.app.features.away = False
    return message


async def test_question_has_a_button_for_each_song(chat: Chat) -> None:
    question = await ask(chat)
    assert labels(question) == [ROAD, BOWIE]
    ids = [button["custom_id"] for button in components_of(question, BUTTON)]
    assert ids == [f"spotify/track/{OLD_TOWN_ROAD}", f"spotify/track/{HEROES}"]


async def test_press_on_a_private_question_is_answered_privately(chat: Chat) -> None:
    result = await chat.ann.click(await ask(chat), label=BOWIE)
    assert result.ephemeral
    assert "Heroes" in text_of(result.response)
    assert len(components_of(result.response, SELECT)) == 1
    assert chat.requests("PUT", "/reactions/") == []
    assert chat.app.messages.stored == {}


async def test_link_is_answered_although_a_private_card_of_its_song_was_sent(chat: Chat) -> None:
    await chat.ann.click(await ask(chat), label=ROAD)
    assert "Sounds like" in text_of(await chat.card(LINK))


async def test_vote_on_a_private_card_counts(chat: Chat) -> None:
    result = await chat.ann.click(await ask(chat), label=ROAD)
    assert result.response is not None
    voted = await chat.ann.select(result.response, ["jazz"])
    assert "Your vote: jazz" in text_of(voted.followups[0])
    assert chat.app.votes.counted() == [(1, "jazz")]


async def test_press_on_a_public_notice_is_answered_publicly(chat: Chat) -> None:
    notice = await offer(chat)
    assert labels(notice) == [ROAD]
    result = await chat.bob.click(notice, label=ROAD)
    assert not result.ephemeral
    card = chat.replies()[-1]
    assert "Old Town Road" in text_of(card)
    assert reactions_of(card)[0] == "✅"
    await chat.ann.react(card, DELETE)
    assert len(chat.replies()) == 2
    await chat.bob.react(card, DELETE)
    assert len(chat.replies()) == 1


async def test_press_is_stored_before_it_is_acknowledged(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = await offer(chat)
    monkeypatch.setattr(chat.app.inbox, "add", fail)
    result = await chat.ann.click(notice, label=ROAD)
    assert result.ephemeral
    assert text_of(result.response) == texts.TRY_AGAIN
    assert len(chat.replies()) == 1


async def test_buttons_work_after_a_restart(chat: Chat) -> None:
    notice = await offer(chat)
    await chat.restart()
    result = await chat.ann.click(notice, label=ROAD)
    assert "Old Town Road" in text_of(result.response)


async def test_press_that_a_killed_process_left_is_answered_by_the_next_one(chat: Chat) -> None:
    killed = KilledProcess(chat.app)
    await chat.ann.click(await offer(chat), label=ROAD)
    await killed.leave(killed.job(JobKind.PICK), recorded=1)
    await chat.restart()
    assert len(chat.replies()) == 2
    assert len(chat.requests("PATCH", "/messages/@original$")) == 2
    assert chat.app.inbox.rows == {}


async def test_presses_count_for_the_rate_limit(chat: Chat) -> None:
    notice = await offer(chat)
    for _ in range(PER_PERSON - 1):
        await chat.ann.click(notice, label=ROAD)
    cards = len(chat.replies())
    result = await chat.ann.click(notice, label=ROAD)
    assert "That was quick!" in ephemeral_text(result)
    assert len(chat.replies()) == cards
    pointer = ephemeral_text(await chat.bob.click(notice, label=ROAD))
    assert "answered that one already" in pointer
    assert len(chat.replies()) == cards


async def test_refusal_of_a_press_on_a_private_question_stays_in_its_private_response(
    chat: Chat,
) -> None:
    question = await ask(chat)
    chat.set_settings(ChannelSettings(Mode.OFF))
    result = await chat.ann.click(question, label=ROAD)
    assert result.ephemeral
    assert texts.SWITCHED_OFF in text_of(result.response)
    assert result.followups == []


async def test_press_in_a_channel_that_is_switched_off_by_now_says_so(chat: Chat) -> None:
    notice = await offer(chat)
    chat.set_settings(ChannelSettings(Mode.OFF))
    assert texts.SWITCHED_OFF in ephemeral_text(await chat.ann.click(notice, label=ROAD))


async def test_notice_lists_the_songs_where_buttons_are_refused(chat: Chat) -> None:
    chat.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
    notice = await offer(chat)
    assert components_of(notice, BUTTON) == []
    assert "Lil Nas X, Billy Ray Cyrus" in notice.content.splitlines()[1]


async def test_same_song_is_offered_once_and_no_more_than_five_are(chat: Chat) -> None:
    same = [track(title=f"Version {number}") for number in range(2)]
    others = [track(f"{number:022}", title=f"Song {number}") for number in range(9)]
    chat.app.lookup.tracks = [*same, *others]
    offered = labels(await ask(chat))
    assert len(offered) == MAX_CHOICES - 1  # of the five that the search offers
    assert offered[0].startswith("Version 0")


async def test_longest_names_fit_on_the_buttons(chat: Chat) -> None:
    chat.app.lookup.tracks = [track(title="o" * 300, artists=("🎸" * 300,), year=1999)]
    (label,) = labels(await ask(chat))
    assert len(label) <= MAX_LABEL
    assert label.endswith("(1999)")


async def test_repeated_notice_of_a_killed_process_keeps_its_buttons(chat: Chat) -> None:
    killed = KilledProcess(chat.app)
    notice = await offer(chat)
    chat.env.backend.delete_message(chat.music.id, notice.id)
    await chat.env.settle()
    chat.app.events.seen.clear()
    kind, text = "unavailable", text_of(notice)
    choices = ((ROAD, f"spotify/track/{OLD_TOWN_ROAD}"),)
    plan = PlannedReply(notice=(kind, text), choices=choices)
    await killed.leave(killed.job(JobKind.MESSAGE), plan)
    await chat.restart()
    (again,) = chat.replies()
    assert labels(again) == [ROAD]
