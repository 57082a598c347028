"""Links past a rate limit wait, and one message says how many."""

import pytest

from bot import texts
from bot.platforms.slack import present
from bot.services.rate_limits import PER_PERSON
from tests.platforms.slack.scene import OTHER_LINK, Scene, text_of
from tests.stubs.slack.block_kit import elements
from tests.stubs.slack.objects import Json
from tests.support.fake_app import LINK
from tests.support.killed_process import KilledProcess


@pytest.fixture
def killed(scene: Scene) -> KilledProcess:
    return KilledProcess(scene.app)


def waiting_message(scene: Scene) -> Json:
    """Return the message that says that links wait."""
    (found,) = [one for one in scene.stub.messages(scene.music) if buttons(one)]
    return found


def buttons(message: Json) -> list[Json]:
    found = elements(message.get("blocks", []), "button")
    return [one for one in found if one["action_id"] == present.ANSWER_WAITING]


async def press_button(scene: Scene, waiting: Json) -> None:
    """Let Bob press the button under the message that says that links wait."""
    (button,) = buttons(waiting)
    (block,) = (one for one in waiting["blocks"] if one["type"] == "actions")
    container = {"type": "message", "message_ts": waiting["ts"], "channel_id": scene.music.id}
    press = scene.actions.use_element(
        scene.bob, button, block["block_id"], container, scene.team, value="wait"
    )
    await scene.stub.wait_for_acks([press])


async def fill(scene: Scene) -> None:
    """Let Ada reach her rate limit."""
    for number in range(PER_PERSON):
        scene.actions.post(scene.music, scene.ada, LINK if number % 2 else OTHER_LINK)
    await scene.stub.wait_for_messages(scene.music, PER_PERSON)


@pytest.mark.parametrize("first", ["soon", LINK])
async def test_link_that_waits_and_is_edited_away_is_not_answered(scene: Scene, first: str) -> None:
    async with scene.bot():
        await fill(scene)
        ts, _ = scene.actions.post(scene.music, scene.ada, first)
        if first != LINK:
            scene.actions.edit(scene.music, ts, LINK)
        await scene.stub.until(lambda: len(scene.stub.messages(scene.music)) == PER_PERSON + 1)
        waiting = waiting_message(scene)
        scene.actions.edit(scene.music, ts, "oops")
        await scene.wait_for_text(waiting, texts.waiting(0))
    assert ts not in {one.get("thread_ts") for one in scene.stub.messages(scene.music)}


async def test_links_past_the_limit_wait_in_one_message_whose_button_answers_them(
    scene: Scene, killed: KilledProcess
) -> None:
    count, threads = PER_PERSON + 3, []
    async with scene.bot():
        for number in range(count):
            text = LINK if number % 2 else OTHER_LINK
            threads.append(scene.actions.post(scene.music, scene.ada, text)[0])
        await scene.stub.wait_for_messages(scene.music, PER_PERSON + 1)
        await scene.stub.until(lambda: texts.waiting(3) in text_of(waiting_message(scene)))
        waiting = waiting_message(scene)
        assert len(scene.stub.messages(scene.music)) == PER_PERSON + 1
        await press_button(scene, waiting)
        await scene.stub.wait_for_messages(scene.music, count + 1)
        await scene.wait_for_text(waiting, texts.waiting(0))
        await scene.within_timeout(killed.finished.wait())
        assert buttons(scene.current(waiting) or {}) == []
    answered = {one.get("thread_ts") for one in scene.stub.messages(scene.music)} - {None}
    assert answered == set(threads)
