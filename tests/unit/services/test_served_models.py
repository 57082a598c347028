"""Those who promote wait until all running processes serve the version."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.served_models import ServedModel
from bot.services.served_models import LIVE, ServedReport, wait_until_served
from tests.support.fake_models import FakeServedModels

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ONE = ServedModel("one", "wide", "1", {"rock": 0.75, "jazz": 0.25}, NOW)
TWO = replace(ONE, process="two")


class Waiting:
    """A store, and a clock that advances while one waits; `then` happens after a wait."""

    def __init__(self, *rows: ServedModel) -> None:
        self.store = FakeServedModels()
        self.store.rows = {row.process: row for row in rows}
        self.waited = 0.0
        self.then: list[ServedModel] = []

    async def sleep(self, seconds: float) -> None:
        self.waited += seconds
        if self.then:
            await self.store.put(self.then.pop(0))

    async def report(self, version: str, answer: dict[str, float] | None = None) -> ServedReport:
        return await wait_until_served(
            self.store,
            "wide",
            version,
            now=lambda: NOW + timedelta(seconds=self.waited),
            timeout=20,
            answer=answer,
            monotonic=lambda: self.waited,
            sleep=self.sleep,
        )


async def test_nothing_is_waited_for_without_running_processes() -> None:
    waiting = Waiting(replace(ONE, at=NOW - LIVE - timedelta(seconds=1)))
    assert await waiting.report("2") == ServedReport((), ())
    assert waiting.waited == 0


async def test_process_that_ended_with_a_wrong_clock_is_not_waited_for() -> None:
    waiting = Waiting(replace(ONE, at=NOW + timedelta(days=365)), TWO)
    assert await waiting.report("1") == ServedReport((TWO,), ())
    assert (await waiting.report("2")).stale == (TWO,)


async def test_wait_ends_when_all_serve_the_version() -> None:
    waiting = Waiting(ONE, TWO)
    waiting.then = [replace(ONE, version="2"), replace(TWO, version="2")]
    report = await waiting.report("2")
    assert ([one.process for one in report.served], report.stale) == (["one", "two"], ())
    assert waiting.waited == 1


async def test_those_that_still_serve_another_version_are_named() -> None:
    waiting = Waiting(ONE, replace(TWO, version="2"))
    report = await waiting.report("2")
    assert report == ServedReport((replace(TWO, version="2"),), (ONE,))
    assert waiting.waited == 20


async def test_process_that_was_killed_is_not_waited_for_longer_than_it_counts_as_live() -> None:
    waiting = Waiting(replace(ONE, at=NOW - LIVE + timedelta(seconds=5)), TWO)
    waiting.then = [replace(TWO, version="2")]
    assert (await waiting.report("2")).stale == ()
    assert 5 < waiting.waited < 7


async def test_another_answer_than_that_of_the_bundle_is_noticed() -> None:
    waiting = Waiting(ONE, replace(TWO, answer={"rock": 0.7, "jazz": 0.3}))
    report = await waiting.report("1", {"jazz": 0.25000001, "rock": 0.74999999})
    assert [one.process for one in report.stale] == ["two"]
    assert (await waiting.report("1", {"rock": 1.0})).served == ()


async def test_processes_with_another_default_model_do_not_count() -> None:
    assert await Waiting(replace(ONE, model="study")).report("2") == ServedReport((), ())
