"""The schedule that the settings describe."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.runtime import retraining
from bot.runtime.learning_settings import LearningSettings
from bot.texts import retraining as words
from tests.conftest import ROOT
from tests.support.bot_process import offline_settings

MONDAY = datetime(2026, 2, 2, 4, tzinfo=UTC)


def test_times_are_those_of_the_cron_expression_in_utc(tmp_path: Path) -> None:
    after = retraining.next_time(offline_settings(tmp_path, retrain_at="0 4 * * 1"))
    assert after
    assert after(MONDAY - timedelta(seconds=1)) == MONDAY
    assert after(MONDAY) == MONDAY + timedelta(days=7)
    assert retraining.next_time(offline_settings(tmp_path)) is None


def test_schedule_is_described_with_its_next_time(tmp_path: Path) -> None:
    settings = offline_settings(tmp_path, retrain_at="0 4 * * 1", retrain_after=20)
    assert retraining.describe(settings, MONDAY).endswith("next on 9 February 2026 at 04:00")
    without = offline_settings(tmp_path, retrain_after=20)
    assert "UTC" not in retraining.describe(without, MONDAY)


class FakeSchedule:
    """Stands in for RetrainingService; `ran` counts its runs."""

    def __init__(self) -> None:
        self.ran = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self.ran += 1
        yield


@pytest.mark.parametrize(
    ("given", "missing", "runs"),
    [
        ({}, [], 0),
        ({"retrain_after": 5}, [], 1),
        ({"retrain_at": "0 4 * * *"}, [], 1),
        ({"retrain_after": 5}, ["jax"], 0),
    ],
)
async def test_bot_retrains_if_it_is_asked_to_and_can(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    given: dict[str, Any],
    missing: list[str],
    runs: int,
) -> None:
    monkeypatch.setattr(retraining, "missing_packages", lambda: missing)
    schedule: Any = FakeSchedule()
    async with retraining.scheduled(offline_settings(Path(), **given), schedule):
        assert schedule.ran == runs
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert warnings == ([words.not_trained_here(missing)] if missing else [])


def test_packages_are_looked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retraining, "PACKAGES", ("json", "no_such_package"))
    assert retraining.missing_packages() == ["no_such_package"]


@pytest.mark.parametrize("name", [*sorted(LearningSettings.model_fields), "model_signing_key"])
def test_example_of_the_settings_has_each_setting_of_learning(name: str) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    (value,) = re.findall(rf"^{name.upper()}=(.*)$", example, re.MULTILINE)
    field = LearningSettings.model_fields.get(name)
    default = field.default if field else None
    assert value in ({f"{default:g}"} if default else {"", "0"})
