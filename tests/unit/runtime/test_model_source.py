"""Which versions are to be served without MODEL_STORE; with it, see the contract tests."""

from base64 import b64encode
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from bot.domain.errors import ModelUnusable
from bot.runtime.model_source import ModelSource
from bot.runtime.settings import Settings
from model.bundle import MODEL
from model.bundle_files import METADATA
from model.errors import BundleInvalid, NoBundle, SignatureInvalid
from model.signature import SIGNATURE, Signer
from model.store import BundleStore
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


def test_candidate_is_loaded_without_being_served(settings: Settings) -> None:
    promote(settings, "1")
    store = BundleStore(settings.fetched_models)
    store.save(metadata(version="2"), {MODEL: onnx_model()})
    source = ModelSource(settings)
    assert source.candidate("tiny", "2").version == "2"
    assert source.wanted("tiny") == "1"
