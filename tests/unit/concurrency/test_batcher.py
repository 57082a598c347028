"""Batcher: items that arrive together are worked off together."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.concurrency.batcher import Batcher
from tests.support.virtual_time import in_virtual_time


class Work:
    """Doubles numbers, a second for each batch; fails for batches with a negative number."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def __call__(self, items: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(items))
        await asyncio.sleep(1)
        if min(items) < 0:
            raise ValueError(items)
        return [2 * item for item in items]


@in_virtual_time
async def test_a_single_item_is_worked_off_at_once() -> None:
    work = Work()
    assert await Batcher(work).submit(1) == 2
    assert work.batches == [[1]]
    assert asyncio.get_running_loop().time() == 1


@in_virtual_time
async def test_items_that_arrive_while_others_are_worked_off_share_the_next_batch() -> None:
    work = Work()
    batcher = Batcher(work)
    first = asyncio.create_task(batcher.submit(1))
    await asyncio.sleep(0.5)
    later = [asyncio.create_task(batcher.submit(item)) for item in (2, 3, 4)]
    assert await asyncio.gather(first, *later) == [2, 4, 6, 8]
    assert work.batches == [[1], [2, 3, 4]]


@in_virtual_time
async def test_a_batch_that_fails_fails_for_its_items_only() -> None:
    work = Work()
    batcher = Batcher(work, limit=2)
    results = await asyncio.gather(
        *(batcher.submit(item) for item in (1, -1, 2, 3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [ValueError, ValueError, int, int]
    assert await batcher.submit(5) == 10


@in_virtual_time
async def test_an_item_whose_submitter_is_cancelled_is_worked_off_with_the_others() -> None:
    work = Work()
    batcher = Batcher(work)
    cancelled, other = (asyncio.create_task(batcher.submit(item)) for item in (1, 2))
    await asyncio.sleep(0.5)
    cancelled.cancel()
    assert await other == 4
    assert cancelled.cancelled()
    assert work.batches == [[1, 2]]


@in_virtual_time
async def test_join_waits_for_what_was_submitted() -> None:
    work = Work()
    batcher = Batcher(work, limit=1)
    await batcher.join()
    submitted = [asyncio.create_task(batcher.submit(item)) for item in (1, 2, 3)]
    await asyncio.sleep(0)
    await batcher.join()
    assert all(task.done() for task in submitted)
    assert asyncio.get_running_loop().time() == 3


@in_virtual_time
async def test_wrong_number_of_results_fails_instead_of_waiting_forever() -> None:
    async def too_few(items: Sequence[int]) -> Sequence[int]:
        return items[1:]

    with pytest.raises(ValueError, match="argument"):
        await Batcher(too_few).submit(1)


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from([0.0, 0.3, 2.0])), max_size=30))
def test_each_item_gets_its_own_result_in_batches_within_the_limit(
    items: list[tuple[int, float]],
) -> None:
    work, limit = Work(), 4

    @in_virtual_time
    async def run() -> None:
        batcher = Batcher(work, limit)
        tasks = []
        for item, pause in items:
            tasks.append(asyncio.create_task(batcher.submit(item)))
            await asyncio.sleep(pause)
        assert await asyncio.gather(*tasks) == [2 * item for item, _ in items]

    run()
    assert [item for batch in work.batches for item in batch] == [item for item, _ in items]
    assert all(len(batch) <= limit for batch in work.batches)
