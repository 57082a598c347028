"""Songs to choose from below a sentence: buttons whose press is answered like a command."""

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.jobs import JobKind, PlannedReply
from bot.domain.replies import Choice
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.services.rate_limits import PER_PERSON
from tests.platforms.slack.scene import SEND, Scene, text_of
from tests.stubs.slack import block_kit, faults
from tests.stubs.slack.objects import Json
from tests.stubs.slack.server import RESPOND
from tests.support.factories import HEROES, OLD_TOWN_ROAD
from tests.support.fake_app import LINK
from tests.support.killed_process import KilledProcess

HEROES_REF = SubjectRef(SubjectKind.TRACK, HEROES)
LONG = "A song whose name is longer than what Slack displays on a button " * 2


@pytest.fixture
def unsure(scene: Scene) -> Scene:
    """Return a scene in which no search tells which song is meant."""
    scene.app.search.unsure = True
    return scene


async def ask(scene: Scene, text: str = "o") -> Json:
    """Search as ada, and return the private answer."""
    command = scene.actions.command(scene.music, scene.ada, text)
    (reply,) = await scene.stub.wait_for_responses(command)
    return reply


async def test_several_matches_are_buttons_that_only_the_asker_sees(unsure: Scene) -> None:
    async with unsure.bot():
        reply = await ask(unsure)
    buttons = list(block_kit.elements(reply["blocks"], "button"))
    assert [button["value"] for button in buttons] == [
        f"spotify/track/{OLD_TOWN_ROAD}",
        f"spotify/track/{HEROES}",
    ]
    label = texts.headline(unsure.app.lookup.tracks[1])
    assert buttons[1]["text"]["text"] == label
    assert reply["response_type"] == "ephemeral"
    assert reply["text"].endswith(f"• {label}")  # for clients without blocks


async def test_press_is_answered_with_the_song_s_card_in_the_channel(unsure: Scene) -> None:
    async with unsure.bot():
        press = unsure.pick(await ask(unsure), unsure.ada, "Heroes", private=True)
        (card,) = await unsure.stub.wait_for_messages(unsure.music)
        await unsure.stub.wait_for_calls("reactions.add", 4)
        await unsure.stub.wait_for_acks([press])
    assert "Heroes" in text_of(card)
    assert "thread_ts" not in card
    assert len(unsure.stub.state.files) == 1


async def test_press_that_is_delivered_twice_is_answered_once(unsure: Scene) -> None:
    async with unsure.bot():
        press = unsure.pick(await ask(unsure), unsure.ada, "Heroes", private=True)
        await unsure.stub.wait_for_messages(unsure.music)
        unsure.stub.deliveries.resend(press)
        await unsure.barrier()
    assert len(unsure.stub.messages(unsure.music)) == 2  # the card, and the barrier's hint


async def test_press_is_stored_before_it_is_acknowledged(unsure: Scene) -> None:
    async with unsure.bot(unsure.http_credentials()):
        reply = await ask(unsure)
        unsure.app.inbox.locked = True
        press = unsure.pick(reply, unsure.ada, "Heroes", private=True)
        await unsure.stub.wait_for_acks([press])
        assert press.status == 503
        unsure.app.inbox.locked = False
        with unsure.blocked_features() as (started, proceed):
            press = unsure.pick(reply, unsure.ada, "Heroes", private=True)
            await unsure.within_timeout(started.wait())
            await unsure.stub.wait_for_acks([press])
            kinds = {row.stored.job.kind for row in unsure.app.inbox.rows.values()}
            assert press.status == 200
            assert JobKind.PICK in kinds
            proceed.set()
            await unsure.stub.wait_for_messages(unsure.music)


async def test_button_of_a_process_that_ended_works(unsure: Scene) -> None:
    async with unsure.bot():
        reply = await ask(unsure)
    async with unsure.bot():
        unsure.pick(reply, unsure.ada, "Heroes", private=True)
        (card,) = await unsure.stub.wait_for_messages(unsure.music)
    assert "Heroes" in text_of(card)


async def test_card_of_a_press_that_was_posted_but_not_recorded_is_not_posted_again(
    unsure: Scene,
) -> None:
    killed = KilledProcess(unsure.app)
    async with unsure.bot():
        unsure.pick(await ask(unsure), unsure.ada, "Heroes", private=True)
        await unsure.stub.wait_for_messages(unsure.music)
        await unsure.within_timeout(killed.finished.wait())
    await killed.leave(killed.job(JobKind.PICK), PlannedReply(1))
    async with unsure.bot():
        await unsure.within_timeout(killed.finished.wait())
    assert len(unsure.stub.calls_to(SEND)) == 1


async def test_songs_offered_in_a_thread_are_answered_there_and_deleted_with_their_question(
    scene: Scene,
) -> None:
    scene.app.offline.offered = (Choice("Heroes", HEROES_REF), Choice(LONG, HEROES_REF))
    async with scene.bot():
        scene.app.features.away = True
        ts, _ = scene.actions.post(scene.music, scene.ada, f"{scene.mention} {LINK}")
        (sentence,) = await scene.stub.wait_for_messages(scene.music)
        scene.app.features.away = False
        scene.pick(sentence, scene.bob, "Heroes")
        _, card = await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_calls("reactions.add", 4)
        assert card["thread_ts"] == sentence["thread_ts"] == ts
        scene.actions.delete(scene.music, ts)
        await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.messages(scene.music) == []
    labels = [one["text"]["text"] for one in block_kit.elements(sentence["blocks"], "button")]
    assert labels[1].endswith("…")


async def test_names_are_listed_where_blocks_are_refused(scene: Scene) -> None:
    scene.app.offline.offered = (Choice("Heroes", HEROES_REF),)
    scene.app.features.away = True
    async with scene.bot():
        scene.stub.fail(SEND, faults.api_error("invalid_blocks"))
        scene.actions.post(scene.music, scene.ada, f"{scene.mention} {LINK}")
        (sentence,) = await scene.stub.wait_for_messages(scene.music)
    assert sentence["text"].endswith("\n• Heroes")


async def test_presses_are_rate_limited_and_refused_where_the_bot_is_switched_off(
    unsure: Scene,
) -> None:
    async with unsure.bot():
        reply = await ask(unsure)
        presses = [
            unsure.pick(reply, unsure.bob, "Heroes", private=True) for _ in range(PER_PERSON + 1)
        ]
        await unsure.stub.wait_for_messages(unsure.music)
        # All but the first get a pointer to the card, or are refused.
        await unsure.stub.until(
            lambda: sum(len(unsure.stub.responses(one)) for one in presses) == PER_PERSON
        )
        said = [text_of(reply) for one in presses for reply in unsure.stub.responses(one)]
        assert sum("then ask again" in text for text in said) == 1
        unsure.set_settings(ChannelSettings(mode=Mode.OFF))
        refused = unsure.pick(reply, unsure.ada, "Heroes", private=True)
        assert await unsure.response_text(refused) == texts.SWITCHED_OFF
    assert len(unsure.stub.messages(unsure.music)) == 1


async def test_sentence_of_a_press_that_may_have_been_sent_is_not_sent_again(
    unsure: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    killed = KilledProcess(unsure.app)
    async with unsure.bot():
        reply = await ask(unsure)
        unsure.app.features.away = True
        await unsure.response_text(unsure.pick(reply, unsure.ada, "Heroes", private=True))
        await unsure.within_timeout(killed.finished.wait())
    sentence = PlannedReply(notice=("unavailable", "The music services don't answer."))
    await killed.leave(killed.job(JobKind.PICK), sentence)
    async with unsure.bot():
        await unsure.within_timeout(killed.finished.wait())
    assert len(unsure.stub.calls_to(RESPOND)) == 2  # the songs to choose from, and the failure
    assert "perhaps answered already" in caplog.text


async def test_malformed_choice_is_ignored(unsure: Scene) -> None:
    async with unsure.bot():
        reply = await ask(unsure)
        next(block_kit.elements(reply["blocks"], "button"))["value"] = "no reference"
        press = unsure.pick(reply, unsure.ada, "Old Town Road", private=True)
        await unsure.stub.wait_for_acks([press])
        await unsure.barrier()
    assert len(unsure.stub.messages(unsure.music)) == 1  # the barrier's hint
