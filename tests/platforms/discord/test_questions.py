"""Commands that ask for a song: /genre, its autocompletion, and the command on a message."""

import asyncio
from typing import Any

import pytest
from simcord.backend import serializers
from simcord.enums import ChannelType, InteractionType
from simcord.interactions import base_payload

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.song_query import SongQuery
from bot.domain.tracks import Track
from bot.services.rate_limits import PER_PERSON
from bot.texts.discord import ASK
from tests.platforms.discord.chat import (
    OTHER_LINK,
    Chat,
    components_of,
    ephemeral_text,
    reactions_of,
    text_of,
)
from tests.platforms.discord.chat import SELECT as MENU
from tests.support.factories import track
from tests.support.fake_app import LINK


@pytest.mark.parametrize("song", [LINK, "old town road - lil nas x", f"what is {LINK}?"])
async def test_genre_answers_a_link_or_a_name_publicly(chat: Chat, song: str) -> None:
    result = await chat.ann.slash(chat.music, "genre", song=song)
    assert "Old Town Road" in text_of(result.response)
    assert not result.ephemeral
    assert result.followups == []


async def test_genre_is_deferred_before_other_requests(chat: Chat) -> None:
    before = len(chat.env.http_requests)
    await chat.ann.slash(chat.music, "genre", song=LINK)
    first = chat.env.http_requests[before]
    assert first.path.endswith("/callback")
    assert first.json == {"type": 5}


async def test_genre_offers_reactions_where_the_bot_is_a_member(chat: Chat) -> None:
    await chat.ann.slash(chat.music, "genre", song=LINK)
    (card,) = chat.replies()
    assert reactions_of(card)[0] == "✅"


async def test_genre_answers_every_link(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre", song=f"{LINK} {OTHER_LINK}")
    assert "Old Town Road" in text_of(result.response)
    assert ["Heroes" in text_of(more) for more in result.followups] == [True]


@pytest.mark.parametrize(
    ("song", "sentence"),
    [
        ("no such song", "I can't find “no such song”"),
        ("https://example.com", "I see no link to a song"),
        (LINK.replace("track", "episode"), "That is an episode link"),
        ("x" * 400, "I see no link to a song"),
    ],
)
async def test_genre_without_an_answer_replies_with_an_ephemeral_notice(
    chat: Chat, song: str, sentence: str
) -> None:
    result = await chat.ann.slash(chat.music, "genre", song=song)
    assert sentence in ephemeral_text(result)


async def test_genre_sends_a_new_card_for_a_repeated_link(chat: Chat) -> None:
    await chat.card(LINK)
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert len(components_of(result.response, MENU)) == 1


async def test_genre_is_answered_on_request_but_not_where_the_bot_is_off(
    chat: Chat,
) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert "Old Town Road" in text_of(result.response)
    chat.set_settings(ChannelSettings(Mode.OFF))
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert texts.SWITCHED_OFF in ephemeral_text(result)


async def test_genre_repeats_the_rate_limit_notice(chat: Chat) -> None:
    for _ in range(PER_PERSON):
        await chat.ann.slash(chat.music, "genre", song=LINK)
    for _ in range(2):
        result = await chat.ann.slash(chat.music, "genre", song=LINK)
        assert "That was quick!" in ephemeral_text(result)


async def test_chosen_suggestion_is_answered(chat: Chat) -> None:
    (choice,) = await chat.ann.autocomplete(chat.music, "genre", "song", "old town")
    assert choice["name"] == texts.headline(track())
    result = await chat.ann.slash(chat.music, "genre", song=choice["value"])
    assert "Old Town Road" in text_of(result.response)


@pytest.mark.parametrize(
    ("found", "address"),
    [
        ({"deezer_id": "7"}, "https://www.deezer.com/track/7"),
        ({"url": "https://soundcloud.com/a/b"}, "https://soundcloud.com/a/b"),
        (
            {"deezer_id": "7", "url": f"https://{'a' * 99}.bandcamp.com"},
            "https://www.deezer.com/track/7",
        ),
    ],
)
async def test_track_without_a_spotify_id_is_suggested_with_its_address(
    chat: Chat, found: dict[str, str], address: str
) -> None:
    chat.app.lookup.tracks = [track(None, **found)]
    (choice,) = await chat.ann.autocomplete(chat.music, "genre", "song", "old town")
    assert choice["value"] == address


@pytest.mark.parametrize("url", ["https://example.com/1", f"https://soundcloud.com/a/{'b' * 90}"])
async def test_address_that_is_no_link_or_too_long_is_no_suggestion(chat: Chat, url: str) -> None:
    chat.app.lookup.tracks = [track(None, url=url)]
    (choice,) = await chat.ann.autocomplete(chat.music, "genre", "song", "old town")
    assert choice["value"] == choice["name"]


async def test_option_names_what_may_be_asked_for(chat: Chat) -> None:
    command = chat.env.backend.find_command("genre", None)
    assert command is not None
    description = command["options"][0]["description"]
    assert "song, album, playlist or artist" in description
    assert len(description) <= 100


async def test_track_without_a_link_is_suggested_by_name(chat: Chat) -> None:
    chat.app.lookup.tracks = [track(None)]
    (choice,) = await chat.ann.autocomplete(chat.music, "genre", "song", "old town")
    assert choice["value"] == choice["name"]


@pytest.mark.parametrize("title", ["x" * 4000, " \n\x00", "", "🎸" * 300, "\u202e\u200b"])
@pytest.mark.parametrize("artists", [(), ("",), ("queen\u2067\n",) * 100])
async def test_unusual_titles_are_suggested_within_limits(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, title: str, artists: tuple[str, ...]
) -> None:
    async def search(query: SongQuery) -> list[Track]:
        return [track(title=title, artists=artists) for _ in query.text]

    monkeypatch.setattr(chat.app.lookup, "search", search)
    choices = await chat.ann.autocomplete(chat.music, "genre", "song", "queen")
    assert len(choices) == 5
    for choice in choices:
        assert 1 <= len(choice["name"].strip()) <= 100
        assert 1 <= len(choice["value"]) <= 100
        assert choice["name"].isprintable()


@pytest.mark.parametrize("typed", ["", "x", LINK, "nothing like it"])
async def test_no_suggestions_for_text_without_a_match(chat: Chat, typed: str) -> None:
    assert await chat.ann.autocomplete(chat.music, "genre", "song", typed) == []


async def test_no_suggestions_while_the_catalog_is_unavailable(chat: Chat) -> None:
    chat.app.lookup.away = True
    assert await chat.ann.autocomplete(chat.music, "genre", "song", "old town") == []


async def test_only_the_last_of_quick_keystrokes_is_searched(chat: Chat) -> None:
    backend = chat.env.backend
    command = backend.find_command("genre", None)
    assert command is not None
    records = []
    for typed in ("old", "old t", "old town"):
        option = {"name": "song", "type": 3, "value": typed, "focused": True}
        record, payload = base_payload(
            backend,
            type=InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE,
            channel_id=chat.music.id,
            guild_id=chat.guild.id,
            user_id=chat.ann.id,
            data={"id": command["id"], "name": "genre", "type": 1, "options": [option]},
        )
        backend.emit("INTERACTION_CREATE", payload)
        records.append(record)
    await chat.env.settle()
    assert [len(record.autocomplete_choices or []) for record in records] == [0, 0, 1]
    assert chat.app.lookup.asked == 1


async def test_message_command_answers_links(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    pasted = await chat.bob.send(chat.music, f"hear {LINK}")
    result = await chat.ann.context_menu(chat.music, ASK, pasted)
    assert "Old Town Road" in text_of(result.response)


async def test_message_command_answers_links_without_the_content_intent(
    chat: Chat,
) -> None:
    await chat.restart(content=False)
    pasted = await chat.bob.send(chat.music, LINK)
    result = await chat.ann.context_menu(chat.music, ASK, pasted)
    assert "Old Town Road" in text_of(result.response)


async def test_message_command_without_a_link_does_not_search(chat: Chat) -> None:
    pasted = await chat.bob.send(chat.music, "Old Town Road")
    result = await chat.ann.context_menu(chat.music, ASK, pasted)
    assert "I see no link to a song" in ephemeral_text(result)
    assert chat.app.lookup.asked == 0


async def test_genre_in_a_direct_message_is_answered(chat: Chat) -> None:
    result = await chat.ann.user.slash("genre", song=LINK)
    assert "Old Town Road" in text_of(result.response)


async def response_outside_servers(chat: Chat, **fields: Any) -> str:
    """Let Ann use /genre where the bot is not a member; return the components of the response."""
    backend = chat.env.backend
    channel = backend.create_channel(None, "private", type=ChannelType.DM)
    channel.recipient_ids = [chat.ann.id]
    command = backend.find_command("genre", None)
    assert command is not None
    option = {"name": "song", "type": 3, "value": LINK}
    record, payload = base_payload(
        backend,
        type=InteractionType.APPLICATION_COMMAND,
        channel_id=channel.id,
        guild_id=None,
        user_id=chat.ann.id,
        data={"id": command["id"], "name": "genre", "type": 1, "options": [option]},
    )
    payload |= {"authorizing_integration_owners": {"1": str(chat.ann.id)}} | fields
    backend.emit("INTERACTION_CREATE", payload)
    await chat.env.settle()
    assert record.message_id is not None
    return str(backend.get_message(channel.id, record.message_id).components)


async def test_user_installed_bot_answers_in_a_private_channel(chat: Chat) -> None:
    components = await response_outside_servers(chat, context=2)
    assert "Old Town Road" in components
    assert "genre:1" in components
    assert chat.requests("PUT", "/reactions/") == []


async def test_user_installed_bot_answers_in_a_server_without_the_bot(chat: Chat) -> None:
    guild = {"id": "77", "locale": "en-US", "features": []}
    member = {
        "user": serializers.user_payload(chat.env.backend.get_user(chat.ann.id)),
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": "0",
    }
    components = await response_outside_servers(
        chat, context=0, guild_id="77", guild=guild, member=member
    )
    assert "Old Town Road" in components
    assert chat.requests("PUT", "/reactions/") == []


async def test_duplicate_command_is_answered_once(
    chat: Chat,
) -> None:
    backend = chat.env.backend
    events: list[Any] = []
    backend.subscribers.append(lambda event, payload: events.append({event: payload}))
    await chat.ann.slash(chat.music, "genre", song=LINK)
    (command,) = [event["INTERACTION_CREATE"] for event in events if "INTERACTION_CREATE" in event]
    backend.emit("INTERACTION_CREATE", command)
    await chat.env.settle()
    assert len(chat.replies()) == 1
    assert len(chat.app.predictions.cards) == 1


async def test_simultaneous_questions_are_both_answered_with_one_lookup(chat: Chat) -> None:
    before = chat.app.lookup.asked
    backend = chat.env.backend
    for actor in (chat.ann, chat.bob):
        backend.create_message(chat.music.id, actor.id, f"{chat.mention} {OTHER_LINK}")
    await asyncio.sleep(0)
    await chat.env.settle()
    assert len(chat.replies()) == 2
    assert chat.app.lookup.asked == before + 1
