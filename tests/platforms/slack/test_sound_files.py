"""A sound file that is dropped in Slack is answered with a card, like a link."""

from collections.abc import Sequence

import pytest

from bot import texts
from bot.domain import emoji
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.sound_ports import MAX_UPLOADS
from bot.platforms.slack import present, present_card
from tests.platforms.slack.dropped import TITLE, card_of, drop
from tests.platforms.slack.scene import OFFERED_REACTIONS, REACT, Scene, reactions_of, text_of
from tests.stubs.slack import block_kit
from tests.stubs.slack.server import DOWNLOAD
from tests.support.fake_app import LINK
from tests.support.fake_listener import DAMAGED, GENRES, MUSIC, SPEECH
from tests.support.killed_process import KilledProcess


async def sentences(scene: Scene, count: int = 1) -> Sequence[str]:
    return [text_of(one) for one in await scene.stub.wait_for_messages(scene.music, count)]


async def test_dropped_file_gets_a_card_with_chart_and_reactions_in_its_thread(
    scene: Scene,
) -> None:
    async with scene.bot():
        ts = await drop(scene, MUSIC)
        card = await card_of(scene)
    assert card["thread_ts"] == ts
    assert TITLE in text_of(card)
    assert "Leans rock (60 %), then metal" in text_of(card)
    assert len(reactions_of(card, scene.team.bot_user)) == OFFERED_REACTIONS
    (chart,) = scene.stub.state.files.values()
    assert scene.stub.state.messages[chart.shared or ("", "")]["thread_ts"] == ts


async def test_card_says_what_is_heard_and_has_no_link_but_every_genre_to_vote_for(
    scene: Scene,
) -> None:
    async with scene.bot():
        await drop(scene, MUSIC)
        card = await card_of(scene)
    answer = scene.app.services.listen.complete(scene.app.predictions.cards[1]).answer
    assert texts.heard_line(answer) in text_of(card) != ""
    buttons = [one["action_id"] for one in block_kit.elements(card["blocks"], "button")]
    assert present.OPEN not in buttons
    offered = {name.removeprefix("genre:") for name in buttons if name.startswith("genre:")}
    (menu,) = block_kit.elements(card["blocks"], "static_select")
    offered |= {"rock", *(one["value"] for one in menu["options"])}  # the thumb is for rock
    assert offered == {*emoji.GENRES, present_card.TAKE_BACK}


async def test_card_says_what_is_heard_after_a_vote_although_it_is_not_stored(
    scene: Scene,
) -> None:
    async with scene.bot():
        await drop(scene, MUSIC)
        card = await card_of(scene)
        scene.choose(card, scene.bob, "reggae")
        await scene.wait_for_text(card, "1 says reggae.")
    assert "Heard: classic rock" in text_of(scene.current(card) or {})
    stored = scene.app.predictions.cards[1].answer.heard
    assert stored is not None
    assert (stored.tags, stored.embedding, dict(stored.genres)) == ({}, b"", dict(GENRES))


async def test_nothing_of_a_file_is_stored_with_its_job_but_its_id(scene: Scene) -> None:
    file = scene.stub.web_api.files.add(MUSIC, "private recording.mp3")
    stored = KilledProcess(scene.app).jobs
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "", files=[file])
        await card_of(scene)
    assert stored[0].payload["files"] == [file["id"]]
    assert not any("private" in str(job) or "http" in str(job) for job in stored)


async def test_file_and_link_are_answered_one_after_the_other(scene: Scene) -> None:
    async with scene.bot():
        await drop(scene, MUSIC, text=f"mine, and {LINK}")
        found = await sentences(scene, 2)
        await scene.stub.wait_for_calls(REACT, 2 * OFFERED_REACTIONS)
    assert TITLE in found[0]
    assert "Old Town Road" in found[1]


async def test_several_files_are_answered_in_order(scene: Scene) -> None:
    async with scene.bot():
        await drop(scene, MUSIC, SPEECH, MUSIC)
        found = await sentences(scene, 3)
        await scene.stub.wait_for_calls(REACT, 2 * OFFERED_REACTIONS)
    assert texts.sound_title(1) in found[0]
    assert "song 2.mp3" in found[1]
    assert "speech" in found[1]
    assert texts.sound_title(3) in found[2]


async def test_at_most_five_files_are_answered_and_the_others_counted(scene: Scene) -> None:
    async with scene.bot():
        await drop(scene, *[SPEECH] * 7)
        *found, left = await sentences(scene, MAX_UPLOADS + 1)
    assert [f"song {n}.mp3" in one for n, one in enumerate(found, 1)] == [True] * MAX_UPLOADS
    assert left == texts.files_left(7)
    assert len(scene.stub.calls_to(DOWNLOAD)) == MAX_UPLOADS


async def test_damaged_file_is_named_in_a_sentence(scene: Scene) -> None:
    async with scene.bot():
        await drop(scene, DAMAGED)
        (sentence,) = await sentences(scene)
    assert "song 1.mp3" in sentence


async def test_other_files_are_left_alone(scene: Scene) -> None:
    add = scene.stub.web_api.files.add
    others = [
        add(b"picture", "cover.png"),
        add(b"film", "film.mp4", mimetype="video/mp4"),
        add(b"clip", "clip.mp4", mimetype="video/mp4", subtype="slack_video"),
    ]
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "look", files=others)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 1  # the barrier's hint
    assert scene.stub.calls_to("files.info") == []


@pytest.mark.parametrize(
    ("name", "filetype", "mimetype"),
    [
        ("untitled", "mp3", None),
        ("song.FLAC", "binary", "application/octet-stream"),
        ("untitled", "binary", "audio/x-unheard-of"),
    ],
)
async def test_file_is_recognised_by_its_name_type_or_media_type(
    scene: Scene, name: str, filetype: str, mimetype: str | None
) -> None:
    file = scene.stub.web_api.files.add(MUSIC, name, filetype=filetype, mimetype=mimetype)
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "", files=[file])
        assert TITLE in text_of(await card_of(scene))


async def test_direct_message_with_a_file_is_answered(scene: Scene) -> None:
    direct = scene.actions.channel(scene.team, "im")
    async with scene.bot():
        await drop(scene, MUSIC, channel=direct)
        assert TITLE in text_of(await card_of(scene, direct))


async def test_file_in_a_thread_is_answered_there(scene: Scene) -> None:
    first = scene.actions.write(scene.music, scene.bob, "what is this?")
    file = scene.stub.web_api.files.add(MUSIC)
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "this", first["ts"], [file])
        assert (await card_of(scene))["thread_ts"] == first["ts"]


async def test_message_and_mention_of_one_file_are_answered_once(scene: Scene) -> None:
    async with scene.bot():
        ts = await drop(scene, MUSIC, text=f"{scene.mention} this?")
        await card_of(scene)
        await scene.barrier()
    assert [one["thread_ts"] for one in scene.stub.messages(scene.music)].count(ts) == 1
    assert scene.app.listener.groups == [f"slack/{scene.team.id}/{scene.ada.id}"]


async def test_mention_alone_is_enough_where_the_bot_gets_no_messages(scene: Scene) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    async with scene.bot():
        await drop(scene, MUSIC, text=scene.mention)
        assert TITLE in text_of(await card_of(scene))


@pytest.mark.parametrize(("mode", "count"), [(Mode.ON_REQUEST, 2), (Mode.OFF, 2)])
async def test_settings_of_the_channel_decide(scene: Scene, mode: Mode, count: int) -> None:
    scene.set_settings(ChannelSettings(mode=mode))
    async with scene.bot():
        await drop(scene, MUSIC)
        await scene.barrier()
        assert len(scene.stub.messages(scene.music)) == 1  # the barrier's hint
        await drop(scene, MUSIC, text=scene.mention)
        *_, reply = await sentences(scene, count)
    assert (TITLE in reply) == (mode is Mode.ON_REQUEST)
    assert len(scene.stub.calls_to(DOWNLOAD)) == (1 if mode is Mode.ON_REQUEST else 0)


async def test_deleting_the_message_deletes_the_card(scene: Scene) -> None:
    async with scene.bot():
        ts = await drop(scene, MUSIC)
        card = await card_of(scene)
        scene.actions.delete(scene.music, ts)
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None
