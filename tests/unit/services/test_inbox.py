"""Jobs are stored, acknowledged, and worked off once."""

import asyncio

import pytest

from bot.domain.errors import StorageFailed
from bot.domain.jobs import StoredJob
from tests.support.job_processes import (
    Processes,
    job,
    settle,
)
from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_accepted_job_is_handled_and_deleted() -> None:
    processes = Processes()
    async with processes.running() as runner:
        assert await runner.accept(job("1"))
        await settle()
    assert processes.handled == ["1"]
    assert processes.inbox.rows == {}


@in_virtual_time
async def test_repeated_delivery_is_not_handled_again() -> None:
    processes = Processes()
    async with processes.running() as runner:
        both = await asyncio.gather(runner.accept(job("1")), runner.accept(job("1")))
        await settle()
        assert not await runner.accept(job("1"))
    async with processes.running() as runner:
        assert not await runner.accept(job("1"))
    assert sorted(both) == [False, True]
    assert processes.handled == ["1"]


@in_virtual_time
async def test_job_that_cannot_be_stored_is_neither_acknowledged_nor_handled() -> None:
    processes = Processes()
    processes.inbox.locked = True

    async def acknowledge() -> bool:
        raise AssertionError("acknowledged")

    async with processes.running() as runner:
        with pytest.raises(StorageFailed):
            await runner.accept(job("1"), acknowledge)
        processes.inbox.locked = False
        await asyncio.sleep(60)
        assert processes.begun == []
        assert await runner.accept(job("1"))


@in_virtual_time
async def test_job_is_stored_then_acknowledged_then_handled() -> None:
    processes = Processes()
    steps: list[str] = []

    async def acknowledge() -> bool:
        steps.append(f"acknowledged, {len(processes.inbox.rows)} stored")
        await asyncio.sleep(1)
        return True

    async def do(_: StoredJob) -> None:
        steps.append("handled")

    processes.do = do
    async with processes.running() as runner:
        await runner.accept(job("1"), acknowledge)
        await settle()
    assert steps == ["acknowledged, 1 stored", "handled"]


@in_virtual_time
async def test_job_of_which_the_chat_did_not_learn_is_dropped() -> None:
    processes = Processes()

    async def acknowledge() -> bool:
        return False

    async with processes.running() as runner:
        await runner.accept(job("1"), acknowledge)
        await asyncio.sleep(60)
    assert processes.begun == []
    assert processes.inbox.rows == {}


@pytest.mark.parametrize("error", [RuntimeError("broken"), asyncio.CancelledError()], ids=repr)
@in_virtual_time
async def test_job_is_handled_if_it_is_unknown_whether_the_chat_learned_of_it(
    error: BaseException,
) -> None:
    processes = Processes()

    async def acknowledge() -> bool:
        raise error

    async with processes.running() as runner:
        with pytest.raises(type(error)):
            await runner.accept(job("1"), acknowledge)
        await settle()
        assert processes.handled == ["1"]


@in_virtual_time
async def test_job_is_handled_if_its_delivery_is_cancelled_while_it_is_stored() -> None:
    processes = Processes()
    async with processes.running() as runner:
        delivery = asyncio.create_task(runner.accept(job("1")))
        await asyncio.sleep(0)
        delivery.cancel()
        await settle()
        assert delivery.cancelled()
        assert processes.handled == ["1"]
