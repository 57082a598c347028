"""The operator is told what running processes stored, as far as it still holds."""

from datetime import timedelta

import pytest

from bot.domain.source_states import Condition, SourceState
from bot.services.source_states import KnownSource, SourceStates
from tests.support.fake_ledger import FakeSourceLedger
from tests.support.virtual_time import START

NEVER_ASKED = SourceState("deezer", Condition.READY)
MINUTE = timedelta(minutes=1)


async def state_of(source: KnownSource, ledger: FakeSourceLedger) -> SourceState:
    (state,) = await SourceStates([source], ledger, lambda: START).all()
    return state


@pytest.fixture
def ledger() -> FakeSourceLedger:
    return FakeSourceLedger(lambda: START)


async def test_sources_are_listed_in_their_order(ledger: FakeSourceLedger) -> None:
    known = [KnownSource("deezer"), KnownSource("bandcamp")]
    states = await SourceStates(known, ledger, lambda: START).all()
    assert [state.name for state in states] == ["deezer", "bandcamp"]


async def test_source_that_was_never_asked_is_ready(ledger: FakeSourceLedger) -> None:
    assert await state_of(KnownSource("deezer"), ledger) == NEVER_ASKED


async def test_source_that_is_not_configured_is_off(ledger: FakeSourceLedger) -> None:
    ledger.saves.append(SourceState("lastfm", Condition.READY, None, "500", START))
    found = await state_of(KnownSource("lastfm", is_configured=False), ledger)
    assert found == SourceState("lastfm", Condition.OFF)


@pytest.mark.parametrize(
    ("until", "condition"),
    [
        (START + MINUTE, Condition.WAITING),
        (START - MINUTE, Condition.READY),
        (None, Condition.WAITING),
    ],
)
async def test_pause_ends_by_itself(
    ledger: FakeSourceLedger, until: object, condition: Condition
) -> None:
    stored = SourceState("deezer", Condition.WAITING, until, "track: 500", START)  # type: ignore[arg-type]
    ledger.saves.append(stored)
    found = await state_of(KnownSource("deezer"), ledger)
    assert (found.condition, found.last_error) == (condition, "track: 500")


@pytest.mark.parametrize(("calls", "left"), [(0, 1100), (100, 1000), (2000, 0)])
async def test_budget_is_what_all_processes_left(
    ledger: FakeSourceLedger, calls: int, left: int
) -> None:
    await ledger.count("spotify", calls)
    found = await state_of(KnownSource("spotify", daily=1100), ledger)
    assert found.budget_left == left
    assert found.condition is (Condition.READY if left else Condition.WAITING)
