"""A message in a shared chat is answered once, by the settings of its channel."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.cards import Card
from bot.domain.channel_settings import ChannelSettings, Mode, SettingsChange
from bot.domain.errors import StorageFailed
from bot.domain.music_services import MusicService
from bot.domain.places import Message
from bot.domain.replies import AlreadyShown, Notice, NoticeKind
from bot.domain.tracks import SubjectKind, SubjectRef
from tests.support.factories import HEROES, OLD_TOWN_ROAD, message, track
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import CHANNEL, HEROES_LINK, WORKSPACE, fail, paste

OFF = ChannelSettings(Mode.OFF)
ON_REQUEST = ChannelSettings(Mode.ON_REQUEST)


async def test_a_mention_without_a_link_gets_a_hint(app: FakeApp) -> None:
    hint = Notice(NoticeKind.HINT, texts.HINT)
    assert await app.services.group_chat.on_message(message("hello"), addressed=True) == [hint]


async def test_a_message_is_answered_again_when_it_is_repeated_by_the_inbox(app: FakeApp) -> None:
    chat = app.services.group_chat
    for _ in range(2):
        assert len(await chat.on_message(message(LINK), addressed=False)) == 1
        chat.release(message(LINK))


async def test_a_card_that_cannot_be_stored_fails_so_that_the_message_is_repeated(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.predictions, "add", fail)
    for answer in (
        app.services.group_chat.on_message(message(LINK), addressed=False),
        app.services.group_chat.on_command(message(LINK)),
    ):
        with pytest.raises(StorageFailed):
            await answer


async def test_a_message_without_a_link_gets_no_reply(app: FakeApp) -> None:
    assert await paste(app, "just words", "m1") == []


@pytest.mark.parametrize(
    ("settings", "addressed", "kinds"),
    [
        (ChannelSettings(), False, ["card"]),
        (ChannelSettings(), True, ["card"]),
        (ON_REQUEST, False, []),
        (ON_REQUEST, True, ["card"]),
        (OFF, False, []),
        (OFF, True, [NoticeKind.SWITCHED_OFF]),
        (ChannelSettings(Mode.QUIET), False, []),
        (ChannelSettings(Mode.QUIET), True, [NoticeKind.SWITCHED_OFF]),
    ],
)
async def test_the_mode_of_the_channel_applies(
    app: FakeApp, settings: ChannelSettings, *, addressed: bool, kinds: list[str]
) -> None:
    app.settings.set[CHANNEL] = settings
    replies = await paste(app, LINK, "m1", addressed=addressed)
    assert [reply.kind if isinstance(reply, Notice) else "card" for reply in replies] == kinds


async def test_a_thread_uses_its_parents_settings_and_a_channel_its_workspaces(
    app: FakeApp,
) -> None:
    chat = app.services.group_chat
    app.settings.set[WORKSPACE] = OFF
    thread = replace(message(LINK, channel="t"), parent="c")
    assert await chat.on_message(thread, addressed=False) == []
    app.settings.set[CHANNEL] = ChannelSettings()
    assert len(await chat.on_message(thread, addressed=False)) == 1


async def test_the_defaults_apply_if_settings_cannot_be_read(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "get", fail)
    assert isinstance((await paste(app, LINK, "m1"))[0], Card)


async def test_other_links_get_one_notice_and_none_beside_a_card(app: FakeApp) -> None:
    episode, show = LINK.replace("track", "episode"), LINK.replace("track", "show")
    (card,) = await paste(app, f"{episode} {LINK} {show}", "m1")
    assert isinstance(card, Card)
    (notice,) = await paste(app, f"{episode} {show}", "m2")
    assert isinstance(notice, Notice)


@given(st.text(max_size=400))
async def test_no_text_raises_and_every_command_is_answered(text: str) -> None:
    app = FakeApp()
    assert len(await app.services.autocomplete.suggest(text)) <= len(app.lookup.tracks)
    assert await app.services.group_chat.on_command(message(text, "command"))
    for addressed in (False, True):
        await app.services.group_chat.on_message(
            message(text, f"message {addressed}"), addressed=addressed
        )


async def test_a_song_without_a_spotify_id_can_be_requested_by_name(app: FakeApp) -> None:
    app.lookup.tracks = [track(None)]
    app.features.known = {track(None).key: app.features.known[OLD_TOWN_ROAD]}
    question = Message(CHANNEL, "m1", "ann", "old town road")
    (reply,) = await app.services.group_chat.on_command(question)
    assert isinstance(reply, Card)


async def test_a_channels_model_answers(app: FakeApp) -> None:
    await app.services.settings.change(CHANNEL, SettingsChange(model="other"))
    pasted = await paste(app, LINK, "m1")
    asked = await app.services.group_chat.on_command(message(LINK, "m2"))
    for replies in (pasted, asked):
        assert isinstance(replies[0], Card)
        assert replies[0].answer.model.name == "other"


VIDEO = "https://www.youtube.com/watch?v=w2Ov5jzm3j8"


async def test_a_video_that_is_no_song_is_passed_over_unless_the_bot_is_addressed(
    app: FakeApp,
) -> None:
    assert await paste(app, VIDEO, "m1") == []
    (card,) = await paste(app, f"{VIDEO} {LINK}", "m2")
    assert isinstance(card, Card)
    (notice,) = await app.services.group_chat.on_message(message(VIDEO, "m3"), addressed=True)
    assert isinstance(notice, Notice)


async def test_a_choice_is_answered_with_the_card_of_its_track(app: FakeApp) -> None:
    ref = SubjectRef(SubjectKind.TRACK, HEROES)
    (card,) = await app.services.group_chat.on_pick(message("", "press"), ref)
    assert isinstance(card, Card)
    assert card.answer.subject.spotify_id == HEROES


async def test_a_card_is_pointed_to_when_another_services_link_names_its_song(
    app: FakeApp,
) -> None:
    (card,) = await paste(app, LINK, "m1")
    assert isinstance(card, Card)
    await app.services.cards.on_sent(message(LINK, "m1"), "sent", card)
    ref = SubjectRef(SubjectKind.TRACK, "3135556", MusicService.DEEZER)
    app.pages.known = {ref: track(deezer_id="3135556")}
    (shown,) = await paste(app, "https://www.deezer.com/track/3135556", "m2")
    assert isinstance(shown, AlreadyShown)
    assert shown.message_id == "sent"


async def test_a_command_on_an_answered_message_points_at_its_card_however_old(
    app: FakeApp,
) -> None:
    await paste(app, LINK, "m1")
    app.wait(days=3)
    chat, press = app.services.group_chat, message(LINK, "press", "bob")
    (shown,) = await chat.on_command(press, about="m1")
    assert isinstance(shown, AlreadyShown)
    assert shown.message_id == "re:m1:0"
    (other,) = await chat.on_command(press, about="m2")
    assert isinstance(other, Card)


async def test_a_command_on_another_message_points_at_a_recent_card_of_its_song(
    app: FakeApp,
) -> None:
    await paste(app, LINK, "m1")
    press = message(LINK, "press", "bob")
    (shown,) = await app.services.group_chat.on_command(press, about="m2")
    assert isinstance(shown, AlreadyShown)


@pytest.mark.parametrize("about", ["m1", None])
async def test_a_private_command_is_answered_with_a_card(app: FakeApp, about: str | None) -> None:
    await paste(app, LINK, "m1")
    app.settings.set[CHANNEL] = ChannelSettings(Mode.QUIET)
    press = message(LINK, "press", "bob")
    (card,) = await app.services.group_chat.on_command(press, about=about, is_private=True)
    assert isinstance(card, Card)


async def test_people_with_an_ignored_role_are_answered_only_when_they_ask(app: FakeApp) -> None:
    app.settings.set[WORKSPACE] = SettingsChange(ignored_roles=frozenset({"7"}))
    chat = app.services.group_chat
    theirs = replace(message(LINK, "m1"), roles=frozenset({"5", "7"}))
    assert await chat.on_message(theirs, addressed=False) == []
    assert len(await chat.on_message(theirs, addressed=True)) == 1
    others = replace(message(HEROES_LINK, "m2"), roles=frozenset({"5"}))
    assert len(await chat.on_message(others, addressed=False)) == 1
