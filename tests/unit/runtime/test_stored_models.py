"""What the model store says of versions; what cannot be read is not known, and the log says why."""

import threading
from pathlib import Path
from typing import Any

import pytest

from bot.runtime import model_versions, stored_models
from bot.runtime.model_versions import open_versions
from bot.runtime.settings import Settings
from bot.runtime.stored_models import StoredModels
from bot.texts import retraining as words
from model.bundle import MODEL, REPORT
from model.gate_report import GateReport
from model.remote import RemoteStore
from model.store import BundleStore
from model.versions import Versions
from tests.support.bot_process import offline_settings
from tests.support.factories import metadata, onnx_model, save_bundle

NAME = "tiny"
FOUND = GateReport("0", 143, 30, {"tables": 120}, ())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings without MODEL_STORE: the store is a folder of the data folder."""
    save_bundle(tmp_path / "shipped", NAME, version="0")
    return offline_settings(tmp_path, models_dir=tmp_path / "shipped", model=NAME)


def add(settings: Settings, tmp_path: Path) -> None:
    """Add version 1 with a report to the store."""
    versions = Versions(RemoteStore(settings.store), BundleStore(settings.models_dir))
    files = {MODEL: onnx_model(), REPORT: FOUND.to_json().encode()}
    BundleStore(tmp_path / "made").save(metadata(NAME, version="1"), files)
    versions.add_candidate(NAME, "1", tmp_path / "made", by="retrain")


async def test_reports_are_those_of_the_store(settings: Settings, tmp_path: Path) -> None:
    add(settings, tmp_path)
    stored = StoredModels(settings)
    assert await stored.of(NAME, "1") == FOUND
    assert await stored.of(NAME, "0") is None


async def test_damaged_report_is_not_known(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add(settings, tmp_path)
    (Path(settings.store) / NAME / "1" / REPORT).write_text("{}", encoding="utf-8")
    assert await StoredModels(settings).of(NAME, "1") is None
    (line,) = caplog.messages
    assert line.startswith("the versions in the model store cannot be read now: ")


async def test_store_is_opened_once_and_again_after_a_failure(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Versions] = []

    def count(*arguments: Any) -> Versions:
        opened.append(open_versions(*arguments))
        return opened[-1]

    monkeypatch.setattr(model_versions, "open_versions", count)
    add(settings, tmp_path)
    stored = StoredModels(settings)
    assert [await stored.of(NAME, "1") for _ in range(2)] == [FOUND, FOUND]
    assert len(opened) == 1
    assert await stored.of(NAME, "none") is None
    assert await stored.of(NAME, "1") == FOUND
    assert len(opened) == 2


async def test_store_that_does_not_answer_is_not_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    released = threading.Event()

    def hang(_: Versions, name: str, version: str) -> None:
        del name, version
        released.wait(10)

    monkeypatch.setattr(Versions, "report", hang)
    monkeypatch.setattr(stored_models, "TIMEOUT", 0.05)
    try:
        assert await StoredModels(settings).of(NAME, "1") is None
    finally:
        released.set()
    assert caplog.messages == [words.store_unreadable(TimeoutError())]
