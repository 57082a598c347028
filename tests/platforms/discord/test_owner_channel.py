"""Results of retraining are sent to the owner's channel."""

import re
from dataclasses import replace

import pytest

from bot.domain.errors import Unavailable
from bot.domain.places import Place
from bot.domain.trainings import Cause, NoReports, TrainingResult, TrainingState
from bot.platforms.discord.owner_channel import OwnerChannel
from bot.services.announcements import AnnouncementService
from tests.platforms.discord.chat import Chat
from tests.support.fake_app import FakeApp

REASON = "the table *songs* of @everyone is damaged"


def announcing(app: FakeApp, channel: int) -> None:
    """Let the services announce results in a channel."""
    service = AnnouncementService(
        Place("discord", "", str(channel)),
        trainings=app.trainings,
        reports=NoReports(),
        leases=app.leases,
        owner="here",
        now=app.now,
        interval=86400,  # as simulated time would never come to rest
    )
    app.services = replace(app.services, announcements=service)


async def test_result_is_sent_after_a_restart_and_displayed_literally(chat: Chat) -> None:
    run = await chat.app.trainings.start("wide", Cause.TIME)
    failed = TrainingResult(TrainingState.FAILED, None, (REASON,))
    await chat.app.trainings.finish(run.id, failed, announced=False)
    announcing(chat.app, chat.music.id)
    await chat.restart()
    (message,) = chat.replies()
    plain = re.sub("[\\\\\u200b]", "", message.content)
    assert plain == f"Retraining failed, and the model stays as it is: {REASON}."
    assert r"\*songs\*" in message.content
    assert not message.mention_everyone
    assert chat.app.trainings.announced == {run.id}
    await chat.restart()
    assert len(chat.replies()) == 1


async def test_channel_that_is_not_there_is_an_unavailable_service(chat: Chat) -> None:
    with pytest.raises(Unavailable, match="Discord: NotFound 404"):
        await OwnerChannel(chat.env.bot).send(Place("discord", "", "1" * 18), "Retrained.")
