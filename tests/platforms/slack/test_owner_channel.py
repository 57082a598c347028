"""Results of retraining are sent to the owner's channel."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.errors import Unavailable
from bot.domain.places import Place
from bot.domain.trainings import Cause, NoReports, TrainingResult, TrainingState
from bot.platforms.slack.owner_channel import OwnerChannel
from bot.services.announcements import AnnouncementService
from tests.platforms.slack.scene import Scene, text_of

REASON = "the table *songs* of <!channel> is damaged"


async def test_result_is_sent_and_displayed_literally(scene: Scene) -> None:
    app = scene.app
    run = await app.trainings.start("wide", Cause.TIME)
    failed = TrainingResult(TrainingState.FAILED, None, (REASON,))
    await app.trainings.finish(run.id, failed, announced=False)
    service = AnnouncementService(
        Place("slack", scene.team.id, scene.music.id),
        trainings=app.trainings,
        reports=NoReports(),
        leases=app.leases,
        owner="here",
        now=app.now,
    )
    app.services = replace(app.services, announcements=service)
    async with scene.bot():
        (message,) = await scene.stub.wait_for_messages(scene.music, 1)
        await scene.within_timeout(scene.barrier())
    sentence = f"Retraining failed, and the model stays as it is: {REASON}."
    assert text_of(message) == sentence
    assert "<!channel>" not in message["text"]
    assert app.trainings.announced == {run.id}
    assert not any("Announcements" in repr(task) for task in asyncio.all_tasks()), "it still sends"


async def test_workspace_without_the_app_is_an_unavailable_service() -> None:
    async def no_client(_: str) -> None:
        return None

    with pytest.raises(Unavailable, match="not installed in the workspace T1"):
        await OwnerChannel(no_client).send(Place("slack", "T1", "C1"), "Retrained.")
