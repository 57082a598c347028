"""What is asked or voted on behind a spoiler stays behind it."""

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.replies import Choice
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.texts import discord as words
from tests.platforms.discord.chat import BUTTON, CONTAINER, SELECT, AnyMessage, Chat, components_of
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.fake_app import LINK

ALBUM = "https://www.deezer.com/album/101"


def hidden(message: AnyMessage | None) -> bool:
    (box,) = components_of(message, CONTAINER)
    return bool(box.get("spoiler"))


async def pick(chat: Chat, summary: AnyMessage) -> AnyMessage | None:
    (menu,) = components_of(summary, SELECT)
    return (await chat.bob.select(summary, [menu["options"][0]["value"]])).response


async def test_song_of_a_hidden_summary_is_hidden(chat: Chat) -> None:
    card = await pick(chat, await chat.card(f"||{ALBUM}||"))
    assert hidden(card)
    assert chat.app.messages.stored[chat.place(), str(card and card.id)].hidden


async def test_song_of_an_open_summary_is_open(chat: Chat) -> None:
    assert not hidden(await pick(chat, await chat.card(ALBUM)))


async def test_song_that_a_hidden_notice_offers_is_hidden(chat: Chat) -> None:
    chat.app.lookup.away = chat.app.features.away = True
    chat.app.offline.offered = (Choice("Road", SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)),)
    notice = await chat.card(f"{chat.mention} ||{LINK}||")
    chat.app.lookup.away = chat.app.features.away = False
    assert hidden((await chat.bob.click(notice, label="Road")).response)


async def test_votes_on_a_hidden_private_card_keep_it_hidden(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.QUIET))
    pasted = await chat.ann.send(chat.music, f"||{LINK}||")
    card = (await chat.bob.context_menu(chat.music, words.ASK, pasted)).response
    assert hidden(card)
    right = components_of(card, BUTTON)[0]["label"]
    assert card is not None
    voted = await chat.bob.click(card, label=right)
    await chat.bob.click(voted.followups[0], label=texts.TAKE_VOTE_BACK)
    edited = [
        body["components"][0]["spoiler"]
        for body in chat.requests("PATCH", "/messages/@original$")
        if body["components"][0]["type"] == CONTAINER
    ]
    assert edited == [True] * 3, "the card, the vote, its withdrawal"


async def test_vote_on_an_open_private_card_keeps_it_open(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.QUIET))
    card = (await chat.bob.slash(chat.music, "genre", song=LINK)).response
    assert card is not None
    await chat.bob.select(card, ["jazz"])
    *_, vote = chat.requests("PATCH", "/messages/@original$")
    assert not vote["components"][0]["spoiler"]
