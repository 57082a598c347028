"""Links to albums, playlists and artists: one summary, and a menu with its songs."""

import discord
import pytest

from bot.domain.channel_settings import ChannelSettings
from bot.domain.emoji import DELETE
from bot.domain.jobs import JobKind, PlannedReply
from bot.platforms.discord.song_choices import MAX_OPTION_LABEL, MAX_OPTIONS
from bot.texts import collections
from tests.platforms.discord.chat import (
    BUTTON,
    PICTURE,
    SELECT,
    Chat,
    components_of,
    ephemeral_text,
    reactions_of,
    text_of,
)
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES
from tests.support.fake_app import LINK
from tests.support.fake_collections import ALBUM, collection, song
from tests.support.killed_process import KilledProcess

ALBUM_LINK = "https://www.deezer.com/album/101"
TWO_SONGS = "Mostly country"


def longer_album(chat: Chat, count: int) -> None:
    """Let the album have songs with different features."""
    songs = [song(number) for number in range(1, count + 1)]
    chat.app.collections.known = {ALBUM: collection(songs)}
    chat.app.features.known = {
        one.key: {**VALUES, "tempo": 100.0 + number} for number, one in enumerate(songs)
    }


def options(message: discord.Message) -> list[dict[str, str]]:
    (menu,) = components_of(message, SELECT)
    return list(menu["options"])


async def test_album_gets_a_summary_with_cover_chart_and_link(chat: Chat) -> None:
    summary = await chat.card(f"listen: {ALBUM_LINK}")
    text = text_of(summary)
    assert "7 EP" in text
    assert "Lil Nas X" in text
    assert "album of 2 songs" in text
    assert TWO_SONGS in text
    assert "Features from" in text
    (picture,) = components_of(summary, PICTURE)
    assert picture["items"][0]["description"].startswith("7 EP")
    assert await summary.attachments[0].read() == b"7 EP dark"
    (link,) = components_of(summary, BUTTON)
    assert (link["label"], link["url"]) == ("Open in Deezer", ALBUM_LINK)
    assert "https://images.example/7" in str(chat.requests("POST", "/messages$"))
    assert reactions_of(summary) == []


async def test_what_is_missing_is_named(chat: Chat) -> None:
    del chat.app.features.known[HEROES]  # type: ignore[attr-defined] # a dict in the fake
    assert "From 1 of 2 songs: my sources don't know 1." in text_of(await chat.card(ALBUM_LINK))


async def test_summary_without_a_chart_has_bars(chat: Chat) -> None:
    chat.app.renderer.broken = True
    summary = await chat.card(ALBUM_LINK)
    assert summary.attachments == []
    assert "█" in text_of(summary)
    assert len(options(summary)) == 2


async def test_summary_is_plain_text_where_layouts_are_refused(chat: Chat) -> None:
    chat.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, times=2)
    summary = await chat.card(ALBUM_LINK)
    assert summary.components == []
    assert "7 EP" in summary.content
    assert f"<{ALBUM_LINK}>" in summary.content


async def test_chosen_song_gets_its_card(chat: Chat) -> None:
    summary = await chat.card(ALBUM_LINK)
    assert [one["value"] for one in options(summary)] == [
        f"spotify/track/{OLD_TOWN_ROAD}",
        f"spotify/track/{HEROES}",
    ]
    assert options(summary)[1]["label"] == "2. Heroes: country 64 %"
    result = await chat.bob.select(summary, [f"spotify/track/{HEROES}"])
    assert not result.ephemeral
    assert "Heroes" in text_of(result.response)
    assert reactions_of(chat.replies()[-1])[0] == "✅"


async def test_menu_works_after_a_restart(chat: Chat) -> None:
    summary = await chat.card(ALBUM_LINK)
    await chat.restart()
    result = await chat.ann.select(summary, [f"spotify/track/{HEROES}"])
    assert "Heroes" in text_of(result.response)


async def test_long_album_offers_the_most_typical_the_oddest_and_the_first_songs(
    chat: Chat,
) -> None:
    longer_album(chat, 40)
    summary = await chat.card(ALBUM_LINK)
    offered = options(summary)
    assert len(offered) == MAX_OPTIONS
    assert offered[0]["label"].startswith("1. Song 1:")
    notes = [one.get("description") for one in offered]
    assert collections.MOST_TYPICAL in notes
    assert collections.ODDEST in notes


async def test_song_that_an_album_has_twice_is_offered_once(chat: Chat) -> None:
    longer_album(chat, 3)
    tracks = [song(1), song(1), song(2)]
    chat.app.collections.known = {ALBUM: collection(tracks)}
    assert len(options(await chat.card(ALBUM_LINK))) == 2


async def test_long_titles_fit(chat: Chat) -> None:
    longer_album(chat, 3)
    title = "[*_" * 100
    tracks = [song(number, artists=(title,)) for number in (1, 2, 3)]
    chat.app.collections.known = {ALBUM: collection(tracks, title=title, artists=(title,) * 50)}
    summary = await chat.card(ALBUM_LINK)
    assert len(text_of(summary)) <= 4000
    assert all(len(one["label"]) <= MAX_OPTION_LABEL for one in options(summary))


async def test_summary_is_deleted_with_its_question_and_by_the_person_who_asked(
    chat: Chat,
) -> None:
    question = await chat.ann.send(chat.music, ALBUM_LINK)
    await chat.ann.delete(question)
    assert chat.replies() == []
    summary = await chat.card(ALBUM_LINK)
    await chat.bob.react(summary, DELETE)
    assert len(chat.replies()) == 1
    await chat.ann.react(summary, DELETE)
    assert chat.replies() == []


async def test_reactions_under_a_summary_are_no_votes(chat: Chat) -> None:
    await chat.ann.react(await chat.card(ALBUM_LINK), "🤠")
    assert chat.app.votes.counted() == []


async def test_command_answers_an_album_publicly(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre", song=ALBUM_LINK)
    assert not result.ephemeral
    assert "7 EP" in text_of(result.response)
    assert len(result.response.attachments if result.response else []) == 1
    assert result.followups == []


async def test_album_that_nobody_knows_is_a_private_notice_for_a_command(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre", song="https://www.deezer.com/album/999")
    assert "I can't find that album on Deezer" in ephemeral_text(result)


async def test_model_of_the_channel_is_used(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(model="other"))
    assert "Model: other" in text_of(await chat.card(ALBUM_LINK))


async def test_track_and_album_are_answered_in_order(chat: Chat) -> None:
    await chat.ann.send(chat.music, f"{ALBUM_LINK} {LINK}")
    first, second = chat.replies()
    assert "7 EP" in text_of(first)
    assert "Old Town Road" in text_of(second)


@pytest.mark.parametrize("recorded", [0, 1])
async def test_summary_that_was_sent_is_not_sent_again(chat: Chat, recorded: int) -> None:
    killed = KilledProcess(chat.app)
    summary = await chat.card(ALBUM_LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(summary_id=1), recorded=recorded)
    await chat.restart()
    assert [message.id for message in chat.replies()] == [summary.id]
    assert len(chat.requests("POST", "/messages$")) == 1
    assert [key[1] for key in chat.app.messages.stored] == [str(summary.id)]
    assert chat.app.inbox.rows == {}


async def test_summary_that_was_not_sent_is_sent_without_looking_up_the_album_again(
    chat: Chat,
) -> None:
    killed = KilledProcess(chat.app)
    summary = await chat.card(ALBUM_LINK)
    chat.env.backend.delete_message(chat.music.id, summary.id)
    await chat.env.settle()
    chat.app.events.seen.clear()
    asked = len(chat.app.collections.asked)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(summary_id=1))
    await chat.restart()
    (again,) = chat.replies()
    assert "7 EP" in text_of(again)
    assert len(chat.app.collections.asked) == asked
