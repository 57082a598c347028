"""What a workspace's statistics say of the model."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import texts
from bot.domain.cards import ModelRef
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.domain.replies import Notice, NoticeKind
from bot.domain.statistics import Learning, WorkspaceStats
from bot.domain.trainings import Cause, TrainingResult, TrainingState
from model.bundle import Lineage
from model.errors import BundleInvalid
from model.gate_report import GateReport, GenreChange
from tests.support.factories import answer
from tests.support.fake_app import FakeApp
from tests.support.fakes import FakeClassifier

CHANNEL = Place("test", "w", "c")
MODEL = ModelRef("fake", "0")
TRAINED_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
LINEAGE = Lineage("a", "a", 512, "1.0", 0, "", TRAINED_AT.isoformat())
CHANGE = GenreChange("tables", "country", 40, 0.41, 0.55, 0.4, 0.5)


@pytest.fixture
async def app() -> FakeApp:
    """Return services whose model was retrained, with an answer in the workspace."""
    made = FakeApp()
    made.models.lineage = LINEAGE
    made.models.report = GateReport("a", 512, 90, {}, (), (CHANGE,))
    await made.predictions.add(answer(), CHANNEL)
    return made


async def learning(app: FakeApp) -> Learning | None:
    stats = await app.services.statistics.of_workspace(CHANNEL)
    assert isinstance(stats, WorkspaceStats)
    return stats.learning


def correct(app: FakeApp) -> None:
    """Let two corrections be older than the training, one as old, and one newer."""
    app.trainings.corrections = [TRAINED_AT + timedelta(hours=hours) for hours in (-9, -1, 0, 1)]


async def test_there_is_what_was_learned_and_what_waits_also_without_votes_here(
    app: FakeApp,
) -> None:
    assert await learning(app) == Learning(MODEL, 0, 512, (CHANGE,))
    correct(app)
    assert await learning(app) == Learning(MODEL, 1, 512, (CHANGE,))


async def test_trainings_of_other_versions_do_not_matter(app: FakeApp) -> None:
    correct(app)
    run = await app.trainings.start("fake", Cause.CORRECTIONS)
    rejected = TrainingResult(TrainingState.REJECTED, "3f2a9c")
    await app.trainings.finish(run.id, rejected, announced=True)
    assert await learning(app) == Learning(MODEL, 1, 512, (CHANGE,))


async def test_model_without_lineage_learned_nothing(app: FakeApp) -> None:
    correct(app)
    app.models.lineage = None
    assert await learning(app) == Learning(MODEL, 4)


async def test_what_waits_is_unknown_for_a_model_of_an_earlier_version(app: FakeApp) -> None:
    correct(app)
    app.models.lineage = replace(LINEAGE, votes_until="")
    assert await learning(app) == Learning(MODEL, None, 512, (CHANGE,))


async def test_version_and_training_are_said_before_the_first_answer(app: FakeApp) -> None:
    correct(app)
    notice = await app.services.statistics.of_workspace(Place("test", "new", "c"))
    assert notice == Notice(
        NoticeKind.NO_STATISTICS,
        f"{texts.NO_STATS}\nModel fake, version 0: 1 correction since its training.\n"
        "Its training, on 512 corrected songs, changed country: right 41 % before, 55 % now.",
    )


async def test_report_that_cannot_be_read_is_logged_and_left_out(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    correct(app)

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
    correct(app)

    async def fail(_: datetime | None) -> int:
        raise StorageFailed("the database is locked")

    service = app.services.statistics
    monkeypatch.setattr(service, "_corrections_since", fail)
    stats = await service.of_workspace(CHANNEL)
    assert isinstance(stats, WorkspaceStats)
    assert stats == replace(await app.stats.of(CHANNEL), learning=None)
