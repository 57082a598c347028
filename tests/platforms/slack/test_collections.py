"""Summaries of albums: their layout, chart and menu of songs, and their deletion."""

from dataclasses import replace

from bot.domain.jobs import JobKind, PlannedReply
from bot.texts import collections as words
from tests.platforms.slack.scene import SEND, Scene, text_of
from tests.stubs.slack import block_kit, faults
from tests.stubs.slack.objects import Json
from tests.support.factories import VALUES
from tests.support.fake_collections import ALBUM, collection, songs
from tests.support.killed_process import KilledProcess

ALBUM_LINK = "https://www.deezer.com/album/101"
UPLOADED = "files.completeUploadExternal"


async def paste_album(scene: Scene) -> Json:
    """Paste a link to an album as ada; return its summary once its chart is uploaded."""
    uploads = len(scene.stub.calls_to(UPLOADED))
    scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
    await scene.stub.wait_for_calls(UPLOADED, uploads + 1)
    return scene.stub.messages(scene.music)[-1]


async def test_album_is_answered_in_its_thread_with_a_summary_and_its_chart(scene: Scene) -> None:
    async with scene.bot():
        summary = await paste_album(scene)
    stored = scene.app.summaries.summaries[1].answer
    for text in (words.name(stored), words.sentence(stored), words.small_print(stored)):
        assert text in text_of(summary)
    assert summary["thread_ts"] == next(ts for _, ts in scene.stub.state.messages)
    (file,) = scene.stub.state.files.values()
    assert (file.data, file.alt) == (b"7 EP light", words.alt(stored))
    (opens,) = block_kit.elements(summary["blocks"], "button")
    assert opens["url"] == stored.url
    assert len(scene.stub.calls_to(SEND)) == 1
    assert scene.stub.calls_to("chat.update") == []


async def test_hundred_songs_with_long_titles_fit_into_the_menu(scene: Scene) -> None:
    tracks = [replace(one, title="A long title " * 20) for one in songs(100)]
    scene.app.collections.known = {ALBUM: collection(tracks)}
    scene.app.features.known = {one.key: VALUES for one in tracks}
    async with scene.bot():
        summary = await paste_album(scene)
    menu = next(block_kit.elements(summary["blocks"], "static_select"))
    assert len(menu["options"]) == 100
    assert menu["placeholder"]["text"] == words.PICK_A_SONG
    assert menu["options"][99]["text"]["text"].startswith("100. A long title")
    assert menu["options"][99]["text"]["text"].endswith("…: country 64 %")


async def test_song_from_the_menu_is_answered_in_the_thread(scene: Scene) -> None:
    async with scene.bot():
        summary = await paste_album(scene)
        scene.pick(summary, scene.bob, "Heroes")
        _, card = await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_calls("reactions.add", 4)
    assert "Heroes" in text_of(card)
    assert card["thread_ts"] == summary["thread_ts"]


async def test_song_from_the_summary_of_a_command_is_answered_in_a_thread_below_it(
    scene: Scene,
) -> None:
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, ALBUM_LINK)
        await scene.stub.wait_for_calls(UPLOADED)
        (summary,) = scene.stub.messages(scene.music)
        assert "thread_ts" not in summary
        scene.pick(summary, scene.bob, "Heroes")
        _, card = await scene.stub.wait_for_messages(scene.music, 2)
    assert card["thread_ts"] == summary["ts"]


async def test_two_people_who_choose_songs_get_a_card_each_also_after_a_kill(
    scene: Scene,
) -> None:
    killed = KilledProcess(scene.app)
    async with scene.bot():
        summary = await paste_album(scene)
        for user, name in ((scene.ada, "Old Town Road"), (scene.bob, "Heroes")):
            scene.pick(summary, user, name)
        await scene.stub.wait_for_messages(scene.music, 3)
        await scene.stub.wait_for_calls(UPLOADED, 3)
        await scene.within_timeout(killed.finished.wait())
    first, second = [job for job in killed.jobs if job.kind is JobKind.PICK]
    for message in scene.stub.messages(scene.music)[2:]:  # the second one was not posted
        del scene.stub.state.messages[scene.music.id, message["ts"]]
    await killed.leave(second, PlannedReply(2), recorded=2)
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert first.key != second.key
    assert len(scene.stub.messages(scene.music)) == 3


async def test_summary_songs_and_chart_are_deleted_with_the_question(scene: Scene) -> None:
    async with scene.bot():
        summary = await paste_album(scene)
        scene.pick(summary, scene.bob, "Heroes")
        await scene.stub.wait_for_calls(UPLOADED, 2)
        await scene.stub.wait_for_calls("reactions.add", 4)
        scene.actions.delete(scene.music, summary["thread_ts"])
        await scene.stub.wait_for_calls("files.delete", 2)
    assert scene.stub.messages(scene.music) == []
    assert scene.stub.state.files == {}


async def test_wastebasket_by_the_asker_deletes_the_summary_with_its_chart(scene: Scene) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, ALBUM_LINK)
        await scene.stub.wait_for_calls(UPLOADED)
        (summary,) = scene.stub.messages(scene.music)
        scene.actions.react(scene.music, summary["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.messages(scene.music) == []


async def test_summary_is_text_where_blocks_are_refused(scene: Scene) -> None:
    async with scene.bot():
        scene.stub.fail(SEND, faults.api_error("invalid_blocks"), times=2)  # with and without cover
        summary = await paste_album(scene)
    assert summary["blocks"] == []
    assert summary["text"] == words.short_text(scene.app.summaries.summaries[1].answer)


async def test_summary_is_sent_in_a_channel_without_the_app(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, "im", joined=False)
    async with scene.bot():
        command = scene.actions.command(elsewhere, scene.ada, ALBUM_LINK)
        (summary,) = await scene.stub.wait_for_responses(command)
    assert "7 EP" in text_of(summary)
    assert summary["response_type"] == "in_channel"


async def test_summary_that_was_posted_but_not_recorded_is_found_by_its_block_id(
    scene: Scene,
) -> None:
    killed = KilledProcess(scene.app)
    async with scene.bot():
        await paste_album(scene)
        await scene.within_timeout(killed.finished.wait())
    scene.stub.state.files.clear()
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(summary_id=1))
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(SEND)) == 1
    assert len(scene.stub.state.files) == 1  # the chart, which was not recorded either


async def test_chart_that_was_not_uploaded_is_uploaded_to_the_recorded_summary(
    scene: Scene,
) -> None:
    killed = KilledProcess(scene.app)
    async with scene.bot():
        await paste_album(scene)
        await scene.within_timeout(killed.finished.wait())
    scene.stub.state.files.clear()
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(summary_id=1), recorded=1)
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(SEND)) == len(scene.stub.state.files) == 1


async def test_chart_of_a_recorded_summary_is_not_uploaded_twice(scene: Scene) -> None:
    killed = KilledProcess(scene.app)
    async with scene.bot():
        await paste_album(scene)
        await scene.within_timeout(killed.finished.wait())
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(summary_id=1), recorded=2)
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(SEND)) == len(scene.stub.state.files) == 1
