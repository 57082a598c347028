"""Sound files that are posted in a channel: answered with cards, by the channel's settings."""

from typing import Any

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.emoji import GENRES
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, MAX_UPLOADS
from tests.platforms.discord.chat import (
    BUTTON,
    PICTURE,
    SELECT,
    Chat,
    components_of,
    reactions_of,
    text_of,
)
from tests.support.fake_app import LINK
from tests.support.fake_listener import BUSY, DAMAGED, MUSIC, SPEECH
from tests.support.killed_process import KilledProcess

SONG = ("secret song.mp3", MUSIC)


async def test_sound_file_is_answered_with_a_card(chat: Chat) -> None:
    (card,) = await chat.drop(SONG)
    text = text_of(card)
    assert texts.sound_title(None) in text
    assert "classic rock" in text
    assert len(components_of(card, PICTURE)) == 1
    assert card.reference is not None


async def test_card_has_no_link_and_offers_every_genre(chat: Chat) -> None:
    (card,) = await chat.drop(SONG)
    assert [button for button in components_of(card, BUTTON) if "url" in button] == []
    (menu,) = components_of(card, SELECT)
    assert {option["value"] for option in menu["options"]} > set(GENRES)
    assert reactions_of(card) == ["✅", GENRES["rock"], GENRES["metal"], GENRES["pop"]]


@pytest.mark.parametrize("genre", ["latin", "rock"])
async def test_vote_updates_the_card_and_keeps_what_was_heard(chat: Chat, genre: str) -> None:
    (card,) = await chat.drop(SONG)
    await chat.ann.select(card, [genre])
    text = text_of(chat.current(card))
    assert f"1 says {genre}." in text
    assert "classic rock" in text


async def test_vote_after_a_restart_updates_the_card_without_what_was_heard(chat: Chat) -> None:
    (card,) = await chat.drop(SONG)
    await chat.restart()
    chat.app.services.listen._heard.clear()
    await chat.ann.react(card, GENRES["reggae"])
    text = text_of(chat.current(card))
    assert "1 says reggae." in text
    assert texts.sound_title(None) in text
    assert "classic rock" not in text


async def test_neither_name_nor_address_nor_content_of_a_file_is_stored(chat: Chat) -> None:
    stored = KilledProcess(chat.app).jobs
    await chat.drop(SONG)
    (job,) = stored
    assert all(name.isdecimal() for name in job.payload["sounds"])
    assert "secret" not in str(stored)
    assert not chat.env.bot._sounds._files  # type: ignore[attr-defined] # the bot's client
    assert "cdn" not in str(stored)
    (card,) = chat.app.predictions.cards.values()
    assert "secret" not in str(card)
    assert card.answer.heard
    assert (card.answer.heard.tags, card.answer.heard.embedding) == ({}, b"")


@pytest.mark.parametrize(
    ("name", "content"),
    [("cover.png", b"picture"), ("film.mp4", b"film"), ("notes.txt", b"music"), ("song", MUSIC)],
)
async def test_other_files_are_left_alone(chat: Chat, name: str, content: bytes) -> None:
    assert await chat.drop((name, content)) == []
    assert chat.fetched == []


@pytest.mark.parametrize("mode", [Mode.ON_REQUEST, Mode.OFF])
async def test_settings_of_the_channel_hold_for_files(chat: Chat, mode: Mode) -> None:
    chat.set_settings(ChannelSettings(mode))
    assert await chat.drop(SONG) == []
    assert chat.fetched == []
    (reply,) = await chat.drop(SONG, text=chat.mention)
    answered = texts.sound_title(None) in text_of(reply)
    assert answered is (mode is Mode.ON_REQUEST)


async def test_file_in_a_direct_message_is_answered(chat: Chat) -> None:
    backend, channel = chat.env.backend, chat.ann.user.dm_channel
    files = backend.store_attachments(channel.id, [SONG])
    await chat.ann.user.send_dm("", attachments=files)
    (card,) = chat.replies(channel)
    assert texts.sound_title(None) in text_of(card)


async def test_forwarded_file_is_answered(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.OFF))
    sent = await chat.ann.send(chat.music, attachments=[SONG])
    chat.set_settings(ChannelSettings())
    await chat.bob.forward(sent, chat.music)
    (card,) = chat.replies()
    assert texts.sound_title(None) in text_of(card)


async def test_mention_in_a_reply_to_a_file_is_answered(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    sent = await chat.ann.send(chat.music, attachments=[SONG])
    assert chat.replies() == []
    await chat.bob.send(chat.music, f"{chat.mention} what is this?", reply_to=sent)
    (card,) = chat.replies()
    assert texts.sound_title(None) in text_of(card)


async def test_file_and_link_in_one_message_are_both_answered(chat: Chat) -> None:
    by_sound, by_link = await chat.drop(SONG, text=LINK)
    assert texts.sound_title(None) in text_of(by_sound)
    assert "Old Town Road" in text_of(by_link)


async def test_at_most_five_files_of_a_message_are_answered_and_the_others_counted(
    chat: Chat,
) -> None:
    *cards, left = await chat.drop(*[(f"{number}.mp3", MUSIC) for number in range(7)])
    assert [texts.sound_title(n) in text_of(r) for n, r in enumerate(cards, 1)] == [True] * 5
    assert texts.files_left(7) in text_of(left)
    assert len(chat.fetched) == MAX_UPLOADS


@pytest.mark.parametrize("content", [b"", SPEECH, DAMAGED, BUSY, b"a picture"])
async def test_file_that_is_no_music_gets_a_sentence(chat: Chat, content: bytes) -> None:
    (reply,) = await chat.drop(("song.mp3", content))
    assert components_of(reply, PICTURE) == []
    assert len(text_of(reply).strip()) > 20
    assert chat.app.predictions.cards == {}


async def test_too_many_sounds_are_not_blamed_on_the_music_services(chat: Chat) -> None:
    (reply,) = await chat.drop(("song.mp3", BUSY))
    assert "I can't listen to “song.mp3” right now" in text_of(reply)


async def test_name_of_a_file_is_displayed_literally(chat: Chat) -> None:
    (reply,) = await chat.drop((f"**@everyone** {chat.mention}.mp3", DAMAGED))
    assert "**" not in text_of(reply)
    assert chat.mention not in text_of(reply)


def declare(chat: Chat, monkeypatch: pytest.MonkeyPatch, **fields: object) -> None:
    """Let Discord say something else of the files that are posted next."""
    store = chat.env.backend.cdn.store_attachment

    def stored(*args: Any, **options: Any) -> dict[str, Any]:
        return {**store(*args, **options), **fields}

    monkeypatch.setattr(chat.env.backend.cdn, "store_attachment", stored)


async def test_file_that_is_too_big_is_not_fetched(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(chat, monkeypatch, size=MAX_UPLOAD_BYTES + 1)
    (reply,) = await chat.drop(SONG)
    assert components_of(reply, PICTURE) == []
    assert chat.fetched == []


async def test_file_on_another_host_is_not_fetched(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(chat, monkeypatch, url="https://cdn.discordapp.com.example/1/2/song.mp3")
    (reply,) = await chat.drop(SONG)
    assert components_of(reply, PICTURE) == []
    assert chat.fetched == []


async def test_file_that_is_gone_gets_a_sentence(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://cdn.discordapp.com/attachments/1/2/gone.mp3"
    declare(chat, monkeypatch, url=url)
    (reply,) = await chat.drop(SONG)
    assert components_of(reply, PICTURE) == []
    assert chat.fetched == [url]


async def test_deleting_the_question_deletes_the_answers(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, attachments=[SONG, ("b.mp3", SPEECH)])
    assert len(chat.replies()) == 2
    await chat.ann.delete(question)
    assert chat.replies() == []


async def test_card_without_its_chart_shows_bars(chat: Chat) -> None:
    chat.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    (card,) = await chat.drop(SONG)
    assert components_of(card, PICTURE) == []
    assert "█" in text_of(card)
    assert "classic rock" in text_of(card)


async def test_plain_text_of_a_card_says_what_was_heard(chat: Chat) -> None:
    chat.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, times=2)
    (card,) = await chat.drop(SONG)
    assert card.components == []
    assert texts.sound_title(None) in card.content


async def test_message_that_waited_for_a_release_is_answered_after_it(chat: Chat) -> None:
    for number in range(11):
        await chat.drop((f"{number}.mp3", MUSIC))
    assert len(chat.app.predictions.cards) == 10
    button = next(reply for reply in chat.replies() if "waits" in text_of(reply))
    await chat.ann.click(button, custom_id="waiting")
    await chat.env.advance_time(2)
    assert len(chat.app.predictions.cards) == 11
