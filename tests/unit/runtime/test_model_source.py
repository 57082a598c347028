"""Which versions are to be served without MODEL_STORE; with it, see the contract tests."""

import os
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from bot.domain.errors import ModelUnusable
from bot.runtime.model_source import KEPT_COPIES, ModelSource
from bot.runtime.settings import Settings
from model.bundle import MODEL
from model.bundle_files import METADATA
from model.errors import BundleInvalid, NoBundle, SignatureInvalid
from model.lifecycle import Event, State
from model.remote import RemoteStore
from model.signature import SIGNATURE, Signer
from model.store import BundleStore
from model.versions import Versions
from tests.support.factories import metadata, onnx_model, save_bundle

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = b64encode(KEY.public_key().public_bytes_raw()).decode()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with a shipped model of version 0."""
    save_bundle(tmp_path / "shipped", version="0")
    return Settings(model="tiny", data_dir=tmp_path / "var", models_dir=tmp_path / "shipped")


def promote(settings: Settings, version: str) -> BundleStore:
    """Save a bundle in the data folder, and let the pointer name it."""
    return save_bundle(settings.fetched_models, version=version)


def test_shipped_model_is_served_without_a_pointer(settings: Settings) -> None:
    source = ModelSource(settings)
    assert source.names() == ["tiny"]
    assert source.wanted("tiny") == "0"
    assert source.load("tiny", "0").version == source.last("tiny").version == "0"
    assert not settings.fetched_models.exists()


def test_promoted_version_in_the_data_folder_is_served(settings: Settings) -> None:
    promote(settings, "1")
    source = ModelSource(settings)
    assert source.wanted("tiny") == "1"
    assert source.load("tiny", "1").version == source.last("tiny").version == "1"


def test_shipped_version_that_the_pointer_names_is_served(settings: Settings) -> None:
    promote(settings, "1").point("tiny", "0")
    source = ModelSource(settings)
    assert source.wanted("tiny") == "0"
    assert source.load("tiny", "0").version == source.last("tiny").version == "0"


def test_shipped_version_is_not_read_from_a_store(settings: Settings) -> None:
    promote(settings, "0")
    (settings.fetched_models / "tiny" / "0" / MODEL).write_bytes(b"!")
    assert ModelSource(settings).load("tiny", "0").version == "0"


def test_damaged_version_is_refused(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    promote(settings, "1")
    (settings.fetched_models / "tiny" / "1" / MODEL).write_bytes(b"!")
    source = ModelSource(settings)
    with pytest.raises(BundleInvalid, match="damaged"):
        source.load("tiny", "1")
    assert source.last("tiny").version == "0"
    assert "using the shipped one" in caplog.text


def test_version_that_is_missing_is_refused(settings: Settings) -> None:
    promote(settings, "1").point("tiny", "2")
    source = ModelSource(settings)
    with pytest.raises(NoBundle):
        source.load("tiny", source.wanted("tiny"))


def test_folder_of_another_version_is_refused(settings: Settings) -> None:
    promote(settings, "1")
    folder = settings.fetched_models / "tiny"
    (folder / "1").rename(folder / "2")
    with pytest.raises(BundleInvalid, match="another model"):
        ModelSource(settings).load("tiny", "2")


def test_version_that_fails_its_test_is_refused(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    store = promote(settings, "1")
    weight, unknown = np.float32(4).tobytes(), np.float32(np.nan).tobytes()
    store.save(metadata(version="1"), {MODEL: onnx_model().replace(weight, unknown)})
    source = ModelSource(settings)
    with pytest.raises(ModelUnusable, match="not in 0-1"):
        source.load("tiny", "1")
    assert source.last("tiny").version == "0"
    assert "using the shipped one" in caplog.text


def test_with_a_key_versions_in_the_data_folder_must_be_signed(settings: Settings) -> None:
    promote(settings, "1")
    strict = settings.model_copy(update={"model_public_key": SecretStr(PUBLIC)})
    with pytest.raises(SignatureInvalid):
        ModelSource(strict).load("tiny", "1")
    folder = settings.fetched_models / "tiny" / "1"
    text = Signer(KEY).sign("tiny", "1", (folder / METADATA).read_bytes())
    (folder / SIGNATURE).write_text(text, encoding="utf-8")
    assert ModelSource(strict).load("tiny", "1").version == "1"


def event(settings: Settings, version: str, state: str, number: int) -> None:
    """Record an event in the data folder's store."""
    events = settings.fetched_models / "tiny" / "events"
    events.mkdir(exist_ok=True)
    moved = Event("tiny", version, State(state), "2026-01-31T00:00:00.000000+00:00", "retrain")
    text = replace(moved, number=number).to_json()
    (events / f"{number}.json").write_text(text, encoding="utf-8")


def test_pointer_to_a_version_that_no_event_made_active_is_not_followed(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    promote(settings, "1")
    event(settings, "1", "active", 1)
    source = ModelSource(settings)
    assert source.wanted("tiny") == source.last("tiny").version == "1"
    promote(settings, "2")
    event(settings, "2", "rejected", 2)
    for opened in (source, ModelSource(settings)):
        with pytest.raises(BundleInvalid, match="names 2, which no event made active"):
            opened.wanted("tiny")
        assert opened.last("tiny").version == "1"
    assert "which no event made active; using 1" in caplog.text
    event(settings, "2", "active", 3)
    assert source.wanted("tiny") == "2"


def test_pointer_of_a_store_to_a_rejected_version_is_not_followed(
    settings: Settings, tmp_path: Path
) -> None:
    store, made = RemoteStore(str(tmp_path / "store")), tmp_path / "made"
    versions = Versions(store, BundleStore(settings.models_dir))
    for version in ("1", "2"):
        save_bundle(made, version=version)
        versions.add_candidate("tiny", version, made, by="retrain")
    versions.promote("tiny", "1", by="retrain")
    versions.reject("tiny", "2", "retrain", ("It is worse.",))
    source = ModelSource(settings.model_copy(update={"model_store": store.name}))
    assert source.wanted("tiny") == "1"
    store.promote("tiny", "2")
    with pytest.raises(BundleInvalid, match="names 2, which no event made active"):
        source.wanted("tiny")
    versions.promote("tiny", "2", by="promote")
    assert source.wanted("tiny") == "2"


def test_empty_pointer_does_not_stop_the_bot(settings: Settings) -> None:
    promote(settings, "1")
    (settings.fetched_models / "tiny" / "current").write_text("\n", encoding="utf-8")
    assert ModelSource(settings).last("tiny").version == "0"


def test_old_copies_of_a_store_are_deleted(settings: Settings, tmp_path: Path) -> None:
    remote = settings.model_copy(update={"model_store": str(tmp_path / "store")})
    store, made = RemoteStore(str(tmp_path / "store")), tmp_path / "made"
    source, copies = ModelSource(remote), BundleStore(settings.fetched_models)
    for number in range(1, 8):
        save_bundle(made, version=str(number))
        store.save("tiny", str(number), made, lambda *_: None)
    store.promote("tiny", "1")
    source.load("tiny", "1")
    for number in range(1, 8):
        source.candidate("tiny", str(number))
        fetched = settings.fetched_models / "tiny" / str(number) / METADATA
        os.utime(fetched, (number, number))
    assert copies.versions("tiny") == ["1", "4", "5", "6", "7"]
    store.promote("tiny", "7")
    source.load("tiny", "7")
    assert copies.current("tiny") == "7"
    assert copies.versions("tiny") == ["4", "5", "6", "7"]
    assert not list((settings.fetched_models / "tiny").glob(".old-*"))


def test_versions_of_a_folder_that_was_the_store_are_no_copies(
    settings: Settings, tmp_path: Path
) -> None:
    for number in range(1, 8):
        promote(settings, str(number))
    event(settings, "1", "active", 1)
    remote = settings.model_copy(update={"model_store": str(tmp_path / "store")})
    ModelSource(remote).candidate("tiny", "7")
    copies = BundleStore(settings.fetched_models).versions("tiny")
    assert len(copies) == 1 + 1 + KEPT_COPIES
    assert copies[0] == "1"


def test_copies_are_the_store_without_another_one(settings: Settings) -> None:
    for number in range(1, 8):
        promote(settings, str(number))
    source = ModelSource(settings)
    source.load("tiny", source.wanted("tiny"))
    assert len(BundleStore(settings.fetched_models).versions("tiny")) == 7


def test_candidate_is_loaded_without_being_served(settings: Settings) -> None:
    promote(settings, "1")
    store = BundleStore(settings.fetched_models)
    store.save(metadata(version="2"), {MODEL: onnx_model()})
    source = ModelSource(settings)
    assert source.candidate("tiny", "2").version == "2"
    assert source.wanted("tiny") == "1"
