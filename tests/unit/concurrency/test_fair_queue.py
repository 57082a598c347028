"""Fair queue and sequences: turns, order and bounds."""

from collections import Counter, defaultdict, deque

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.concurrency.fair_queue import FairQueue
from bot.concurrency.sequences import Sequences

SIZE, GROUP_SIZE, PER_GROUP = 8, 4, 2
GROUPS = st.sampled_from("abcd")


def test_groups_take_turns() -> None:
    queue: FairQueue[int] = FairQueue(100, 100, 100)
    for group, item in [("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5), ("b", 6)]:
        assert queue.put(group, item)
    taken = [queue.take() for _ in range(6)]
    assert taken == [("a", 1), ("b", 4), ("c", 5), ("a", 2), ("b", 6), ("a", 3)]


def test_new_group_is_next_after_those_that_wait() -> None:
    queue: FairQueue[int] = FairQueue(100, 100, 100)
    for item in range(50):
        queue.put("busy", item)
    queue.put("quiet", 99)
    assert queue.take() == ("busy", 0)
    assert queue.take() == ("quiet", 99)


def test_group_with_enough_items_out_is_passed_over() -> None:
    queue: FairQueue[int] = FairQueue(100, 100, 1)
    for item, group in enumerate("aab"):
        queue.put(group, item)
    assert [queue.take(), queue.take(), queue.take()] == [("a", 0), ("b", 2), None]
    queue.done("a")
    assert queue.take() == ("a", 1)


class FairQueueMachine(RuleBasedStateMachine):
    """Compares a queue with a list for each group."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: FairQueue[int] = FairQueue(SIZE, GROUP_SIZE, PER_GROUP)
        self.waiting: dict[str, deque[int]] = defaultdict(deque)
        self.out: Counter[str] = Counter()
        self.last = 0
        self.passed: Counter[str] = Counter()

    @rule(group=GROUPS)
    def put(self, group: str) -> None:
        self.last += 1
        has_room = len(self.queue) < SIZE and len(self.waiting[group]) < GROUP_SIZE
        assert self.queue.put(group, self.last) is has_room
        if has_room:
            self.waiting[group].append(self.last)

    @rule()
    def take(self) -> None:
        ready = {name for name in self.waiting if self.waiting[name] and self.out[name] < PER_GROUP}
        taken = self.queue.take()
        if taken is None:
            assert not ready
            return
        group = str(taken[0])
        assert group in ready
        assert taken[1] == self.waiting[group].popleft()
        self.out[group] += 1
        self.passed[group] = 0
        for other in ready - {group}:
            self.passed[other] += 1
            assert self.passed[other] <= 3, "a group is passed over although it is its turn"

    @precondition(lambda self: any(self.out.values()))
    @rule(data=st.data())
    def done(self, data: st.DataObject) -> None:
        group = data.draw(st.sampled_from(sorted(self.out.elements())))
        self.queue.done(group)
        self.out[group] -= 1

    @precondition(lambda self: any(self.out.values()))
    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        group = data.draw(st.sampled_from(sorted(self.out.elements())))
        self.last += 1
        self.queue.put_first(group, self.last)
        self.waiting[group].appendleft(self.last)

    @rule()
    def clear(self) -> None:
        self.queue.clear()
        self.waiting.clear()
        self.passed.clear()

    @invariant()
    def counts_agree(self) -> None:
        assert len(self.queue) == sum(map(len, self.waiting.values()))
        assert self.queue.room == max(0, SIZE - len(self.queue))
        for group in "abcd":
            assert self.queue.waiting(group) == len(self.waiting[group])
            assert self.out[group] <= PER_GROUP


TestFairQueue = FairQueueMachine.TestCase


def test_item_begins_when_the_one_before_it_ends() -> None:
    sequences: Sequences[str] = Sequences()
    assert sequences.begin("a", "a1")
    assert sequences.begin("a", "a1"), "it is the current one"
    assert not sequences.begin("a", "a2")
    assert sequences.begin("b", "b1")
    assert sequences.end("a") == "a2"
    assert sequences.end("a") is None
    assert sequences.begin("a", "a3")


def test_dropped_sequence_returns_those_that_wait() -> None:
    sequences: Sequences[str] = Sequences()
    for item in ("1", "2", "3"):
        sequences.begin("a", item)
    assert sequences.drop("a") == ["2", "3"]
    assert sequences.begin("a", "4")


@given(st.lists(st.tuples(st.booleans(), GROUPS)))
def test_sequences_keep_order_and_forget_keys_without_items(
    steps: list[tuple[bool, str]],
) -> None:
    sequences: Sequences[object] = Sequences()
    expected: dict[str, deque[object]] = defaultdict(deque)
    for begins, key in steps:
        if begins:
            item = object()
            expected[key].append(item)
            assert sequences.begin(key, item) is (len(expected[key]) == 1)
        elif expected[key]:
            expected[key].popleft()
            assert sequences.end(key) is (expected[key][0] if expected[key] else None)
    assert set(sequences._sequences) == {key for key in expected if expected[key]}
