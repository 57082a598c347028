"""Replies to messages with links."""

import pytest

from bot.domain.cards import Theme
from bot.domain.channel_settings import Mode, SettingsChange
from bot.platforms.slack import ids
from tests.stubs.local_slack import bot_runner
from tests.stubs.local_slack.server import ANN, JAZZ, MUSIC, TEAM, LocalSlack
from tests.stubs.local_slack.workspace import Workspace, reactions_of, text_of
from tests.support.factories import HEROES, VALUES, track
from tests.support.fake_app import LINK, SHORT_LINK, FakeApp

OTHER = f"https://open.spotify.com/track/{HEROES}"


async def test_pasted_link_is_answered_in_the_thread_of_its_message(chat: Workspace) -> None:
    asked = await chat.post(f"listen: <{LINK}>")
    (card,) = await chat.wait_for_replies(1)
    assert card["thread_ts"] == asked["ts"]
    assert "Old Town Road" in text_of(card)
    assert "Sounds like country." in text_of(card)


async def test_link_in_a_thread_is_answered_in_that_thread(chat: Workspace) -> None:
    first = await chat.post("what do you think of this one?")
    await chat.post(LINK, thread=first["ts"])
    (card,) = await chat.wait_for_replies(1)
    assert card["thread_ts"] == first["ts"]


async def test_chart_is_uploaded_to_the_thread_of_its_card(chat: Workspace, app: FakeApp) -> None:
    card = await chat.paste(LINK)
    (chart,) = chat.charts()
    shown = await app.services.cards.get(1)
    assert shown is not None
    assert await chat.download(chart) == await app.services.cards.chart(shown, Theme.LIGHT)
    assert chart["message"]["thread_ts"] == card["thread_ts"]
    assert "Lil Nas X, Billy Ray Cyrus. Genres: country 64 %" in chart["alt_txt"]


async def test_card_offers_reactions_for_right_and_the_three_best_genres(
    chat: Workspace,
) -> None:
    card = await chat.paste(LINK)
    assert reactions_of(card) == ["white_check_mark", "face_with_cowboy_hat", "guitar", "the_horns"]


async def test_card_is_sent_without_chart_if_drawing_fails(chat: Workspace, app: FakeApp) -> None:
    app.renderer.broken = True
    card = await chat.paste(LINK)
    assert "Sounds like country." in text_of(card)
    assert chat.charts() == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"<{LINK}?si=1&amp;utm=2>", id="in-angle-brackets"),
        pytest.param(f"<{LINK}|open.spotify.com/track>", id="with-a-label"),
        pytest.param(f"<{SHORT_LINK}>", id="short"),
    ],
)
async def test_links_in_slack_markup_are_parsed(chat: Workspace, text: str) -> None:
    assert "Old Town Road" in text_of(await chat.paste(text))


async def test_links_of_a_message_are_answered_in_order(chat: Workspace) -> None:
    await chat.post(f"<{LINK}> <{OTHER}>")
    first, second = await chat.wait_for_replies(2)
    assert "Old Town Road" in text_of(first)
    assert "Heroes" in text_of(second)


async def test_album_link_is_answered_with_an_explanation(chat: Workspace) -> None:
    await chat.post(f"<{LINK.replace('track', 'album')}>")
    (sentence,) = await chat.wait_for_replies(1)
    assert "That is an album link" in text_of(sentence)


async def test_title_cannot_mention_a_channel_or_insert_a_link(
    chat: Workspace, app: FakeApp
) -> None:
    title = "<!channel> *<https://evil.example|free>*"
    app.lookup.tracks = [track(HEROES, title=title)]
    card = await chat.paste(OTHER)
    assert "<" not in card["text"]
    shown = [block["text"] for block in card["blocks"] if block["type"] == "header"]
    assert shown == [{"type": "plain_text", "text": title, "emoji": False}]


async def test_message_without_a_link_is_not_answered(chat: Workspace) -> None:
    await chat.post("lovely weather")
    await chat.barrier()
    (hint,) = chat.replies()
    assert "I listen for links to songs" in text_of(hint)


@pytest.mark.parametrize("mode", [Mode.ON_REQUEST, Mode.OFF])
async def test_link_is_not_answered_in_modes_on_request_and_off(
    chat: Workspace, app: FakeApp, mode: Mode
) -> None:
    await app.services.settings.change(ids.place(TEAM, MUSIC), SettingsChange(mode=mode))
    await chat.post(LINK)
    await chat.barrier()
    assert chat.cards() == []
    await chat.paste(LINK, channel=JAZZ)


async def test_card_has_no_reactions_if_they_are_disabled(
    slack: LocalSlack, people: Workspace, app: FakeApp
) -> None:
    await app.services.settings.change(ids.place(TEAM, MUSIC), SettingsChange(reactions=False))
    async with bot_runner.bot(slack, app.services):
        await people.post(LINK)
        await people.wait_for_replies(1)
    assert slack.requests.paths.count("/api/files.completeUploadExternal") == 1
    assert "/api/reactions.add" not in slack.requests.paths


async def test_song_without_features_is_answered_with_an_explanation(
    chat: Workspace, app: FakeApp
) -> None:
    app.features.known = {HEROES: VALUES}
    await chat.post(LINK)
    (sentence,) = await chat.wait_for_replies(1)
    assert "none of my sources knows how it sounds" in text_of(sentence)


async def test_deleting_a_message_deletes_its_card(chat: Workspace) -> None:
    await chat.paste(LINK, user=ANN)
    await chat.delete(next(m for m in chat.messages() if m["user"] == ANN))
    await chat.until(lambda: not chat.cards())
    assert len(chat.calls_to("chat.delete")) == 1
