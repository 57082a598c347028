"""What a workspace's statistics say of the model."""

import logging
from dataclasses import replace

import pytest

from bot.domain.cards import ModelRef
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.domain.statistics import Learning, WorkspaceStats
from bot.domain.votes import Vote, VoteKind
from model.bundle import Lineage
from model.errors import BundleInvalid
from model.gate_report import GateReport, GenreChange
from tests.support.factories import answer
from tests.support.fake_app import FakeApp
from tests.support.fakes import FakeClassifier

CHANNEL = Place("test", "w", "c")
MODEL = ModelRef("fake", "0")
CHANGE = GenreChange("tables", "country", 40, 0.41, 0.55, 0.4, 0.5)


@pytest.fixture
async def app() -> FakeApp:
    """Return services whose model was retrained, with an answer in the workspace."""
    made = FakeApp()
    made.models.lineage = Lineage("a", "a", 512, "1.0", 0, "")
    made.models.report = GateReport("a", 512, 90, {}, (), (CHANGE,))
    await made.predictions.add(answer(), CHANNEL)
    return made


async def learning(app: FakeApp) -> Learning | None:
    stats = await app.services.statistics.of_workspace(CHANNEL)
    assert isinstance(stats, WorkspaceStats)
    return stats.learning


async def correct(app: FakeApp) -> None:
    await app.services.voting.record(Vote(CHANNEL, 1, "ann", VoteKind.CHOICE, "jazz"))


async def test_without_votes_there_is_the_version_alone(app: FakeApp) -> None:
    assert await learning(app) == Learning(MODEL)


async def test_with_votes_there_is_what_was_learned_and_what_waits(app: FakeApp) -> None:
    await correct(app)
    assert await learning(app) == Learning(MODEL, 1, 512, (CHANGE,))


async def test_model_without_lineage_learned_nothing(app: FakeApp) -> None:
    await correct(app)
    app.models.lineage = None
    assert await learning(app) == Learning(MODEL, 1)


async def test_report_that_cannot_be_read_is_logged_and_left_out(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await correct(app)

    class Unreadable(FakeClassifier):
        """Raises BundleInvalid for its report."""

        @property
        def report(self) -> GateReport | None:
            raise BundleInvalid("the gate's report cannot be read")

        @report.setter
        def report(self, _: GateReport | None) -> None:
            pass

    async def get(_: str | None = None) -> FakeClassifier:
        return Unreadable(lineage=app.models.lineage)

    monkeypatch.setattr(app.models, "get", get)
    caplog.set_level(logging.WARNING)
    assert await learning(app) == Learning(MODEL, 1, 512)
    assert caplog.messages == ["model fake: the gate's report cannot be read"]


async def test_count_that_fails_leaves_the_other_statistics(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    await correct(app)

    async def fail(_: str) -> int:
        raise StorageFailed("the database is locked")

    service = app.services.statistics
    monkeypatch.setattr(service, "_corrections_since_last", fail)
    stats = await service.of_workspace(CHANNEL)
    assert isinstance(stats, WorkspaceStats)
    assert stats == replace(await app.stats.of(CHANNEL), learning=None)
