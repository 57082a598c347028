"""Sound files in local-slack."""

from bot import texts
from bot.texts import slack as words
from tests.stubs.local_slack.server import ANN, BEN, LocalSlack
from tests.stubs.local_slack.workspace import REACTIONS, Workspace, reactions_of, text_of
from tests.support.fake_app import LINK, FakeApp
from tests.support.fake_listener import MUSIC, SPEECH

TITLE = texts.sound_title(None)


async def test_dropped_file_gets_a_card_in_its_thread(chat: Workspace) -> None:
    await chat.drop("song.mp3", MUSIC)
    await chat.until(lambda: [one for one in chat.cards() if len(reactions_of(one)) == REACTIONS])
    (card,) = chat.cards()
    dropped = next(one for one in chat.messages() if one.get("files"))
    assert card["thread_ts"] == dropped["ts"]
    assert TITLE in text_of(card)
    assert "Heard: classic rock" in text_of(card)


async def test_vote_leaves_what_was_heard_on_the_card(chat: Workspace) -> None:
    await chat.drop("song.flac", MUSIC)
    (card,) = await chat.wait_for_replies(1)
    await chat.choose(card, "genre", "jazz", user=BEN)
    await chat.until(lambda: "1 says jazz." in text_of(chat.current(card)))
    assert "Heard: classic rock" in text_of(chat.current(card))


async def test_file_with_a_link_in_a_direct_message(chat: Workspace) -> None:
    await chat.post("hello", channel=ANN)
    direct = chat.direct_channel()
    await chat.wait_for_replies(1, direct)  # the hint
    await chat.drop("song.ogg", MUSIC, text=LINK, channel=direct)
    _, card, other = await chat.wait_for_replies(3, direct)
    assert TITLE in text_of(card)
    assert "Old Town Road" in text_of(other)


async def test_speech_is_declined_by_name(chat: Workspace) -> None:
    await chat.drop("speech.wav", SPEECH)
    (reply,) = await chat.wait_for_replies(1)
    assert "speech.wav" in text_of(reply)


async def test_picture_is_left_alone(chat: Workspace, app: FakeApp) -> None:
    await chat.drop("cover.png", b"picture")
    await chat.barrier()
    assert len(chat.replies()) == 1  # the barrier's hint
    assert app.listener.groups == []


async def test_recording_is_declined(chat: Workspace, slack: LocalSlack) -> None:
    await chat.drop("audio_message.m4a", MUSIC)
    (reply,) = await chat.wait_for_replies(1)
    assert text_of(reply) == texts.VOICE_MESSAGE
    assert not any("/download/" in path for path in slack.requests.paths)


async def test_help_mentions_files() -> None:
    assert "drop a sound file" in words.HELP_TEXT
