"""Discord refuses or loses requests about the message with the progress."""

import pytest

from bot.platforms.discord.failures import INVALID_FORM_BODY, NO_MESSAGE_HISTORY, UNKNOWN_MESSAGE
from bot.platforms.discord.progress import Timing
from tests.platforms.discord.wire.running import Wire, text_of
from tests.platforms.discord.wire.slow_album import (
    ALBUM_LINK,
    EDIT,
    SEND,
    displayed,
    second_batch_blocked,
)
from tests.stubs.discord import faults
from tests.stubs.discord.faults import Fault
from tests.support.blocked_features import blocked_features
from tests.support.killed_process import KilledProcess

pytestmark = pytest.mark.usefixtures("short_delays")


def refused(code: int, status: int = 400) -> Fault:
    return Fault(status, {"message": "refused", "code": code})


async def test_progress_whose_deletion_is_noticed_by_an_edit_is_not_sent_again(
    wire: Wire, killed: KilledProcess
) -> None:
    wire.stub.fail(*EDIT, refused(UNKNOWN_MESSAGE, 404))
    async with wire.bot():
        with second_batch_blocked(wire) as (_, cancelled):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            await wire.with_timeout(cancelled.wait())
            await wire.with_timeout(killed.finished.wait())
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_summary_is_plain_text_where_layouts_are_refused(
    wire: Wire, killed: KilledProcess
) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            message = await displayed(wire)
            wire.stub.fail(*EDIT, refused(INVALID_FORM_BODY), times=2)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert "7 EP" in wire.current(message)["content"]
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_progress_that_cannot_be_sent_is_tried_once_and_does_not_prevent_the_summary(
    wire: Wire,
) -> None:
    wire.progress_timing = Timing(0, 0, 0.01)
    wire.stub.fail(*SEND, refused(50001, 403))
    async with wire.bot():
        with second_batch_blocked(wire) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            await wire.stub.wait_for_calls(*SEND)
            await wire.drain()
            proceed.set()
            await wire.stub.wait_for_messages(wire.music, 2)
    assert len(wire.stub.calls_to(*SEND)) == 3  # with the reply that drain() causes
    assert wire.stub.calls_to(*EDIT) == []
    assert "7 EP" in wire.texts(wire.music)[-1]


async def test_progress_whose_confirmation_is_lost_becomes_the_summary(
    wire: Wire, killed: KilledProcess
) -> None:
    wire.progress_timing = Timing(0.01, 3600, 0.01)
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.stub.fail(*SEND, faults.connection_lost(processed=True))
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            (message,) = await wire.stub.wait_for_messages(wire.music)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert [one["id"] for one in wire.stub.messages(wire.music)] == [message["id"]]
    assert "7 EP" in text_of(wire.current(message))


async def test_progress_has_no_reference_where_the_history_is_forbidden(wire: Wire) -> None:
    wire.stub.fail(*SEND, refused(NO_MESSAGE_HISTORY))
    async with wire.bot():
        with second_batch_blocked(wire) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            (message,) = await wire.stub.wait_for_messages(wire.music)
            assert message.get("message_reference") is None
            proceed.set()
            await wire.wait_for_text(message, "7 EP")


@pytest.mark.usefixtures("recorded_sleeps")
async def test_summary_replaces_the_progress_after_an_outage(
    wire: Wire, killed: KilledProcess
) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            message = await displayed(wire)
            wire.stub.fail(*EDIT, faults.http_error(), times=6)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert "7 EP" in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1
