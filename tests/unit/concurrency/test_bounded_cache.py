"""The cache with a bound."""

from bot.concurrency.bounded_cache import BoundedCache


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_the_latest_values_are_kept() -> None:
    cache = BoundedCache[int](2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert [cache.get(key) for key in "abc"] == [1, None, 3]
    assert len(cache) == 2


def test_a_value_is_kept_for_its_own_time() -> None:
    clock = Clock()
    cache = BoundedCache[int](3, clock)
    cache.put("a", 1, seconds=10)
    cache.put("b", 2, seconds=20)
    cache.put("c", 3)
    clock.time = 9.9
    assert cache.get("a") == 1
    clock.time = 10
    assert [cache.get(key) for key in "abc"] == [None, 2, 3]
    assert len(cache) == 2
    cache.put("b", 4, seconds=20)
    clock.time = 25
    assert cache.get("b") == 4


def test_values_can_be_forgotten() -> None:
    cache = BoundedCache[int](3)
    for number, key in enumerate("abc"):
        cache.put(key, number)
    cache.discard("a")
    cache.discard("unknown")
    assert [cache.get(key) for key in "abc"] == [None, 1, 2]
    cache.clear()
    assert len(cache) == 0


def test_looking_whether_a_value_is_kept_is_no_use_of_it() -> None:
    clock = Clock()
    cache = BoundedCache[int](2, clock)
    cache.put("a", 1, seconds=10)
    cache.put("b", 2)
    assert "a" in cache
    cache.put("c", 3)
    assert ["a" in cache, "b" in cache, "c" in cache] == [False, True, True]
    cache.put("a", 1, seconds=10)
    clock.time = 10
    assert "a" not in cache


def test_the_values_of_keys_that_begin_alike_can_be_forgotten_together() -> None:
    cache = BoundedCache[int](4)
    for number, key in enumerate(("ann 1", "bob 1", "ann 2", "anna 1")):
        cache.put(key, number)
    cache.discard_all("ann ")
    assert [cache.get(key) for key in ("ann 1", "bob 1", "ann 2", "anna 1")] == [None, 1, None, 3]
