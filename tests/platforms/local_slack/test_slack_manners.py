"""Silence, edits, quiet mode and the help's songs."""

from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.places import Place
from bot.platforms.slack import present_help
from bot.platforms.slack.present_card import CHOOSE, TAKE_BACK
from bot.texts import slack as words
from tests.stubs.local_slack.server import BEN, MUSIC, TEAM
from tests.stubs.local_slack.workspace import Workspace, text_of
from tests.support.factories import HEROES
from tests.support.fake_app import LINK, FakeApp

OTHER_LINK = f"https://open.spotify.com/track/{HEROES}"


async def test_silenced_message_is_answered_when_an_edit_ends_the_silence(chat: Workspace) -> None:
    message = await chat.post(f"! <{LINK}> `<{OTHER_LINK}>`")
    await chat.barrier()
    assert chat.cards() == []
    await chat.edit(message, f"<{LINK}> `<{OTHER_LINK}>`")
    await chat.until(chat.cards)
    await chat.barrier()
    (card,) = chat.cards()
    assert "Old Town Road" in text_of(card)
    assert card["thread_ts"] == message["ts"]


async def test_edit_replaces_the_card_of_a_link_that_is_gone(chat: Workspace) -> None:
    card = await chat.paste(f"<{LINK}>")
    (message,) = [one for one in chat.messages() if one["ts"] == card["thread_ts"]]
    await chat.edit(message, f"<{OTHER_LINK}>")
    await chat.until(lambda: ["Heroes" in text_of(one) for one in chat.cards()] == [True])
    assert card["ts"] not in [one["ts"] for one in chat.messages()]


async def test_quiet_channel_answers_the_asker_only(chat: Workspace, app: FakeApp) -> None:
    app.settings.set[Place("slack", TEAM, MUSIC)] = SettingsChange(mode=Mode.QUIET)
    await chat.post(f"<{LINK}>")
    card = await chat.command(LINK, user=BEN)
    assert card["ephemeral_to"] == BEN
    assert "Old Town Road" in text_of(card)
    await chat.choose(card, CHOOSE, TAKE_BACK, user=BEN)
    assert "no vote" in text_of((await chat.wait_for_replies(2))[1])
    assert len(chat.replies()) == 2
    assert chat.charts() == []


async def test_song_of_the_help_is_answered_for_the_person_who_presses(chat: Workspace) -> None:
    help_card = await chat.command("help", user=BEN)
    example = words.EXAMPLES[0]
    await chat.press(help_card, f"{present_help.EXAMPLE}:0", user=BEN, value=str(example.ref))
    _, card = await chat.wait_for_replies(2)
    assert card["ephemeral_to"] == BEN
    assert "Old Town Road" in text_of(card)
