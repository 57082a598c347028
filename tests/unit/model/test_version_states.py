"""States of versions from events and pointer, also after promotions that failed half-way."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.lifecycle import Event, State
from model.version_states import ROLLBACK, before, last_active, made_active, state_of

SHIPPED = "0"
KNOWN = "0123"


class Store:
    """Events and a pointer, moved as `Versions` moves them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.active = SHIPPED

    def record(
        self, version: str, state: State, by: str = "promote", replaced: str | None = None
    ) -> None:
        at = f"2026-01-01T00:00:00.{len(self.events):06}+00:00"
        self.events.append(Event("m", version, state, at, by, replaced=replaced))

    def promote(self, version: str, by: str = "promote", *, fails: bool = False) -> None:
        replaced = None if version == self.active else self.active
        self.record(version, State.ACTIVE, by, replaced)
        if fails:
            return
        if replaced:
            self.record(replaced, State.RETIRED, by)
        self.active = version

    def rollback(self, *, fails: bool = False) -> None:
        if (target := before(self.active, self.events, KNOWN)) is not None:
            self.promote(target, ROLLBACK, fails=fails)

    def states(self, versions: Sequence[str]) -> dict[str, State]:
        return {version: state_of(version, self.active, self.events)[0] for version in versions}


def test_promotion_that_failed_leaves_the_states_as_they_were() -> None:
    store = Store()
    store.record("1", State.CANDIDATE)
    store.record("2", State.REJECTED)
    store.promote("1", fails=True)
    store.promote("2", fails=True)
    assert store.states("012") == {
        "0": State.ACTIVE, "1": State.CANDIDATE, "2": State.REJECTED,
    }  # fmt: skip
    assert before(store.active, store.events, KNOWN) is None
    store.promote("1")
    assert store.states("012") == {
        "0": State.RETIRED, "1": State.ACTIVE, "2": State.REJECTED,
    }  # fmt: skip


def test_process_that_ended_before_it_recorded_the_retirement() -> None:
    store = Store()
    store.promote("1")
    store.events.pop()
    assert store.states("01") == {"0": State.RETIRED, "1": State.ACTIVE}
    store.promote("2")
    store.events.pop()
    assert store.states("012") == {
        "0": State.RETIRED, "1": State.RETIRED, "2": State.ACTIVE,
    }  # fmt: skip
    assert before("2", store.events, KNOWN) == "1"


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ("1", "0"),
        ("12", "1"),
        ("12r", "0"),  # not 2, which was left
        ("12r3", "1"),
        ("121", "2"),
        ("121r", "1"),
        ("123rr", "0"),
        ("123rrr", None),
        ("12R", "1"),  # the rollback failed
        ("12R3", "2"),
        ("11", "0"),
    ],
)
def test_version_to_go_back_to(moves: str, expected: str | None) -> None:
    store = Store()
    for move in moves:
        if move in "rR":
            store.rollback(fails=move == "R")
        else:
            store.promote(move)
    assert before(store.active, store.events, KNOWN) == expected


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("promote", "rollback", "candidate", "reject")),
        st.sampled_from("0123"),
        st.booleans(),
    ),
    max_size=30,
)


@given(STEPS)
def test_one_version_is_active_and_rollbacks_end(steps: list[tuple[str, str, bool]]) -> None:
    store = Store()
    for move, version, fails in steps:
        if move == "promote":
            store.promote(version, fails=fails)
        elif move == "rollback":
            store.rollback(fails=fails)
        elif version != store.active:
            state = State.CANDIDATE if move == "candidate" else State.REJECTED
            store.record(version, state)
    states = store.states("0123")
    assert [one for one, state in states.items() if state is State.ACTIVE] == [store.active]
    assert store.active in made_active(store.events) | {SHIPPED}
    for _ in range(2 * len(steps)):
        target = before(store.active, store.events, KNOWN)
        if target is None:
            break
        assert store.states(target)[target] is not State.REJECTED
        store.rollback()
    assert before(store.active, store.events, KNOWN) is None


def test_version_that_was_deleted_is_not_returned_to() -> None:
    store = Store()
    for version in "123":
        store.promote(version)
    assert before("3", store.events, {"0", "1", "3"}) == "1"
    assert before("3", store.events, {"3"}) is None


def test_last_active_is_the_last_known_one() -> None:
    store = Store()
    store.promote("1")
    store.promote("2")
    assert last_active(store.events, {"0", "1", "2"}) == "2"
    assert last_active(store.events, {"0", "1"}) == "1"
    assert last_active(store.events, {"0"}) is None
