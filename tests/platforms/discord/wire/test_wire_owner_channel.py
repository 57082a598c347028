"""The result of a retraining is sent to the owner's channel, until the bot ends."""

import asyncio
from dataclasses import replace

from bot.domain.places import Place
from bot.domain.trainings import Cause, NoReports, TrainingResult, TrainingState
from bot.services.announcements import AnnouncementService
from tests.platforms.discord.wire.running import Wire, text_of


async def test_result_is_sent_and_sending_ends_with_the_bot(wire: Wire) -> None:
    app = wire.app
    run = await app.trainings.start("wide", Cause.TIME)
    promoted = TrainingResult(TrainingState.ACTIVE, "3f2a9c")
    await app.trainings.finish(run.id, promoted, announced=False)
    service = AnnouncementService(
        Place("discord", "", wire.music.id),
        trainings=app.trainings,
        reports=NoReports(),
        leases=app.leases,
        owner="here",
        now=app.now,
    )
    app.services = replace(app.services, announcements=service)
    async with wire.bot():
        (message,) = await wire.stub.wait_for_messages(wire.music)
        assert len(sending()) == 1
    assert text_of(message) == "Retrained: 3f2a9c is now active."
    assert sending() == []


def sending() -> list[asyncio.Task[object]]:
    return [task for task in asyncio.all_tasks() if "Announcements" in repr(task)]
