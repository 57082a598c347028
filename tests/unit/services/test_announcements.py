"""Results of trainings are sent to the owner's channel, each by one process."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import Unavailable
from bot.domain.leases import ANNOUNCING
from bot.domain.places import Place
from bot.domain.trainings import Cause, TrainingResult, TrainingState
from bot.services import announcements
from bot.services.announcements import Announcements, AnnouncementService
from model.gate_report import GateReport, GenreChange
from tests.support.fake_leases import FakeLeases
from tests.support.fake_trainings import FakeTrainingStore
from tests.support.virtual_time import in_virtual_time, virtual_now

CHANNEL = Place("discord", "", "123456789012345678")
PROMOTED = TrainingResult(TrainingState.ACTIVE, "3f2a9c", ("better on corrections",))
FAILED = TrainingResult(TrainingState.FAILED, None, ("the disk is full",))
SENTENCE = (
    "Retrained on 143 corrections: 3f2a9c is now active. country: right 41 % before, 55 % now."
)
MINUTE = announcements.INTERVAL


class Reports:
    """Implements GateReports with one report."""

    async def of(self, model: str, version: str) -> GateReport | None:
        assert (model, version) == ("wide", "3f2a9c")
        change = GenreChange("tables", "country", 120, 0.41, 0.55, 0.4, 0.5)
        return GateReport("b", 143, 30, {"tables": 120}, (), (change,))


class Owner:
    """The owner's channel on fakes; `error` makes sending fail, `hangs` makes it wait."""

    def __init__(self) -> None:
        self.trainings = FakeTrainingStore(virtual_now)
        self.leases = FakeLeases(virtual_now)
        self.received: list[tuple[Place, str]] = []
        self.attempts = 0
        self.error: Exception | None = None
        self.hangs = False

    async def send(self, place: Place, text: str) -> None:
        self.attempts += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.error:
            raise self.error
        self.received.append((place, text))

    def process(self, name: str = "here", place: Place | None = CHANNEL) -> Announcements:
        """Return the announcements of a process that runs Discord."""
        service = AnnouncementService(
            place,
            trainings=self.trainings,
            reports=Reports(),
            leases=self.leases,
            owner=name,
            now=virtual_now,
        )
        return service.open("discord", self.send)

    async def train(self, result: TrainingResult = PROMOTED) -> None:
        run = await self.trainings.start("wide", Cause.CORRECTIONS)
        await self.trainings.finish(run.id, result, announced=False)

    async def run_for(self, *processes: Announcements, seconds: float = 3 * MINUTE) -> None:
        for process in processes:
            process.start()
        await asyncio.sleep(seconds)
        for process in processes:
            await process.close()


@in_virtual_time
async def test_result_is_sent_once_with_the_figures_of_the_gate() -> None:
    owner = Owner()
    await owner.train()
    await owner.run_for(owner.process())
    assert owner.received == [(CHANNEL, SENTENCE)]
    await owner.run_for(owner.process())
    assert len(owner.received) == 1
    assert owner.leases.held == {}


@in_virtual_time
async def test_failure_is_sent_without_figures() -> None:
    owner = Owner()
    await owner.train(FAILED)
    await owner.run_for(owner.process())
    ((_, text),) = owner.received
    assert text == "Retraining failed, and the model stays as it is: the disk is full."


@in_virtual_time
async def test_results_while_the_platform_runs_are_sent_in_order() -> None:
    owner = Owner()
    process = owner.process()
    process.start()
    process.start()
    await asyncio.sleep(MINUTE)
    for result in (PROMOTED, FAILED):
        await owner.train(result)
    await asyncio.sleep(2 * MINUTE)
    await process.close()
    first, second = (text for _, text in owner.received)
    assert first == SENTENCE
    assert second.startswith("Retraining failed")


@in_virtual_time
async def test_one_of_two_processes_sends() -> None:
    owner = Owner()
    await owner.train()
    await owner.run_for(owner.process("here"), owner.process("there"))
    assert len(owner.received) == 1
    await owner.train()
    await owner.leases.take(ANNOUNCING, "elsewhere", announcements.LEASE)
    await owner.run_for(owner.process("here"))
    assert len(owner.received) == 1, "another process is sending it"


@in_virtual_time
async def test_result_that_another_process_sent_meanwhile_is_not_sent_again() -> None:
    channel = Owner()
    await channel.train()
    take = channel.leases.take

    async def take_late(name: str, owner: str, length: timedelta) -> bool:
        await channel.trainings.mark_announced(1)
        return await take(name, owner, length)

    channel.leases.take = take_late  # type: ignore[method-assign]
    await channel.run_for(channel.process())
    assert channel.received == []


@pytest.mark.parametrize("place", [None, Place("slack", "T1", "C1")])
@in_virtual_time
async def test_platform_without_the_channel_sends_nothing(place: Place | None) -> None:
    owner = Owner()
    await owner.train()
    await owner.run_for(owner.process(place=place))
    assert owner.received == []


@in_virtual_time
async def test_sending_is_tried_again_and_then_left_to_the_next_start(
    caplog: pytest.LogCaptureFixture,
) -> None:
    owner = Owner()
    await owner.train()
    owner.error = Unavailable("Discord", "Forbidden 403, code 50001")
    await owner.run_for(owner.process(), seconds=86400)
    assert owner.attempts == announcements.MAX_ATTEMPTS
    assert len(caplog.messages) == announcements.MAX_ATTEMPTS
    assert caplog.messages[0].endswith("is tried again: Discord: Forbidden 403, code 50001")
    assert "before the next start" in caplog.messages[-1]
    owner.error = None
    await owner.train(FAILED)
    await owner.run_for(owner.process())
    assert len(owner.received) == 2


@in_virtual_time
async def test_result_that_cannot_be_sent_does_not_hold_back_later_ones() -> None:
    owner = Owner()
    process = owner.process()
    process.start()
    for _ in range(announcements.BATCH + 1):
        await owner.train()
    owner.error = Unavailable("Discord", "NotFound")
    await asyncio.sleep(7 * 86400 / 2)
    owner.error = None
    await owner.train(FAILED)
    await asyncio.sleep(2 * announcements.LAST_RETRY)
    await process.close()
    assert owner.received


@in_virtual_time
async def test_channel_that_does_not_answer_is_given_up_after_a_time() -> None:
    owner = Owner()
    await owner.train()
    owner.hangs = True
    process = owner.process()
    process.start()
    await asyncio.sleep(announcements.SEND_SECONDS + 1)
    assert owner.leases.held == {}
    owner.hangs = False
    await asyncio.sleep(3 * MINUTE)
    await process.close()
    assert len(owner.received) == 1


@in_virtual_time
async def test_database_that_fails_after_sending_causes_no_second_message() -> None:
    owner = Owner()
    await owner.train()
    process = owner.process()
    send = owner.send

    async def send_and_break(place: Place, text: str) -> None:
        await send(place, text)
        owner.trainings.broken = True

    process._send = send_and_break
    process.start()
    await asyncio.sleep(MINUTE / 2)
    owner.trainings.broken = False
    await asyncio.sleep(3 * MINUTE)
    await process.close()
    assert len(owner.received) == 1
    assert owner.trainings.announced == {1}


@in_virtual_time
async def test_old_results_are_not_sent() -> None:
    owner = Owner()
    await owner.train()
    await asyncio.sleep(announcements.MAX_AGE.total_seconds() + 1)
    await owner.run_for(owner.process())
    assert owner.received == []
