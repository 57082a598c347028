"""A function applied to items on several threads."""

import threading
import time
from collections.abc import Iterator

import pytest

from model import look_ahead


def test_results_are_in_the_order_of_the_items() -> None:
    def slow_at_first(number: int) -> int:
        time.sleep(0.01 if number < 2 else 0)
        return number * number

    done = list(look_ahead.pairs(slow_at_first, range(20), threads=3))
    assert done == [(number, number * number) for number in range(20)]


def test_few_items_are_taken_before_their_results_are_needed() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    for place, _ in enumerate(look_ahead.pairs(str, items(), threads=2)):
        assert len(taken) <= place + look_ahead.AHEAD * 2 + 1


def test_items_come_from_the_caller_s_thread_and_work_is_done_on_others() -> None:
    places: set[int] = set()

    def items() -> Iterator[int]:
        assert threading.get_ident() == caller
        yield from range(10)

    caller = threading.get_ident()
    list(look_ahead.pairs(lambda _: places.add(threading.get_ident()), items(), threads=2))
    assert caller not in places


def test_work_is_done_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=10)
    list(look_ahead.pairs(lambda _: both.wait(), range(2), threads=2))


@pytest.mark.parametrize("bad", [0, 9])
def test_an_error_of_the_work_is_raised_and_the_threads_end(bad: int) -> None:
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        list(look_ahead.pairs(lambda number: 1 // (number - bad), range(10), threads=2))
    assert threading.active_count() == before


def test_no_items() -> None:
    assert list(look_ahead.pairs(str, [])) == []
