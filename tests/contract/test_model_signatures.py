"""Signed bundles in a model store: what a store that was taken over cannot do."""

import json
import logging
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from bot.runtime import model_download, models
from bot.runtime.model_watch import ModelWatch
from bot.runtime.settings import Settings
from bot.texts import STORE_IS_TRUSTED
from model.bundle import MODEL
from model.bundle_files import METADATA, digest
from model.errors import SignatureInvalid
from model.remote import RemoteStore
from model.signature import SIGNATURE, Signer
from model.store import BundleStore
from tests.contract.model_places import NAME, Place, no_progress
from tests.support.factories import metadata, onnx_model, save_bundle

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)


def publish(
    place: Place, made: Path, version: str, *, at: float = 0, key: Ed25519PrivateKey | None = KEY
) -> None:
    """Save a bundle locally, sign it at a time, and publish it."""
    BundleStore(made).save(metadata(NAME, version=version), {MODEL: onnx_model()})
    store = RemoteStore(place.url)
    store.save(NAME, version, made, no_progress, Signer(key, lambda: at) if key else None)
    store.promote(NAME, version)


def fetch(place: Place, fetched: Path) -> str:
    """Fetch the current version with the key, and promote it; return the version in use."""
    store = RemoteStore(place.url, [PUBLIC])
    version = store.fetch(NAME, store.current(NAME), fetched, no_progress).version
    return BundleStore(fetched, [PUBLIC]).promote(NAME, version).version


def test_signed_bundle_is_fetched_with_its_signature(
    place: Place, made: Path, fetched: Path
) -> None:
    publish(place, made, "1", at=100)
    assert fetch(place, fetched) == "1"
    local = BundleStore(fetched, [PUBLIC])
    assert local.load(NAME) == BundleStore(made).load(NAME, "1")
    last = local.last_signed(NAME)
    assert last
    assert last.signed_at == 100
    for file in (METADATA, SIGNATURE):
        assert (fetched / NAME / "1" / file).read_bytes() == place.read(f"{NAME}/1/{file}")


def unsigned(folder: Place, made: Path) -> None:
    publish(folder, made, "2", key=None)


def by_another_key(folder: Place, made: Path) -> None:
    publish(folder, made, "2", key=OTHER, at=200)


def with_the_signature_of_another(folder: Place, made: Path) -> None:
    publish(folder, made, "2", key=None)
    signature = folder.read(f"{NAME}/1/{SIGNATURE}")
    assert signature
    folder.write(f"{NAME}/2/{SIGNATURE}", signature)


def with_another_network_and_its_digest(folder: Place, made: Path) -> None:
    publish(folder, made, "2", at=200)
    network = onnx_model() + b"\x00"
    fields = json.loads(folder.read(f"{NAME}/2/{METADATA}") or b"")
    fields["files"][MODEL] = digest(network)
    folder.write(f"{NAME}/2/{MODEL}", network)
    folder.write(f"{NAME}/2/{METADATA}", json.dumps(fields).encode())


def with_an_older_signed_version(folder: Place, made: Path) -> None:
    folder.write(f"{NAME}/1/{SIGNATURE}", b"{}")  # else it would be signed later than version 1
    publish(folder, made, "0", at=50)


CHANGES = (
    unsigned,
    by_another_key,
    with_the_signature_of_another,
    with_another_network_and_its_digest,
    with_an_older_signed_version,
)


@pytest.mark.parametrize("change", CHANGES)
def test_changed_store_is_refused_and_nothing_is_saved(
    folder: Place, made: Path, fetched: Path, change: Callable[[Place, Path], None]
) -> None:
    publish(folder, made, "1", at=100)
    fetch(folder, fetched)
    change(folder, made)
    with pytest.raises(SignatureInvalid):
        fetch(folder, fetched)
    assert BundleStore(fetched, [PUBLIC]).current(NAME) == "1"
    assert BundleStore(fetched).versions(NAME) == ["1"]


def test_older_version_is_used_again_after_it_was_published_again(
    folder: Place, made: Path, fetched: Path
) -> None:
    publish(folder, made, "1", at=100)
    publish(folder, made, "2", at=200)
    assert fetch(folder, fetched) == "2"
    publish(folder, made, "1", at=50)  # by a clock that is late
    assert fetch(folder, fetched) == "1"


def test_older_one_is_noticed_though_the_copy_of_the_newer_one_is_damaged(
    folder: Place, made: Path, fetched: Path
) -> None:
    publish(folder, made, "1", at=100)
    publish(folder, made, "2", at=200)
    fetch(folder, fetched)
    (fetched / NAME / "2" / MODEL).write_bytes(b"!")
    RemoteStore(folder.url).promote(NAME, "1")
    with pytest.raises(SignatureInvalid, match="`models rollback` signs it anew"):
        fetch(folder, fetched)


@pytest.fixture
def settings(folder: Place, tmp_path: Path) -> Settings:
    """Return settings with a model store, a public key and a shipped model of version 0."""
    save_bundle(tmp_path / "shipped", NAME, version="shipped")
    return Settings(
        model=NAME,
        data_dir=tmp_path / "var",
        models_dir=tmp_path / "shipped",
        model_store=folder.url,
        model_public_key=SecretStr(b64encode(PUBLIC).decode()),
    )


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


async def test_bot_serves_a_signed_model_and_logs_when_it_was_signed(
    settings: Settings, folder: Place, made: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    publish(folder, made, "1", at=100)
    registry = await models.open_registry(settings)
    assert (await registry.get()).version == "1"
    assert "fetched model tiny 1, signed on 1970-01-01 00:01:40 UTC" in caplog.messages
    assert warnings(caplog) == []


@pytest.mark.parametrize("change", CHANGES)
async def test_bot_keeps_its_last_good_model_and_says_why(
    settings: Settings,
    folder: Place,
    made: Path,
    caplog: pytest.LogCaptureFixture,
    change: Callable[[Place, Path], None],
) -> None:
    publish(folder, made, "1", at=100)
    registry = await models.open_registry(settings)
    change(folder, made)
    await ModelWatch(settings, registry).check()
    assert (await registry.get()).version == "1"
    (line,) = warnings(caplog)
    assert line.startswith("model tiny was not updated: ")
    assert "sign" in line


async def test_copy_from_before_the_key_was_set_is_not_served(
    settings: Settings, folder: Place, made: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(folder, made, "1", key=None)
    trusting = settings.model_copy(update={"model_public_key": None})
    registry = await models.open_registry(trusting)
    assert (await registry.get()).version == "1"
    assert warnings(caplog) == [STORE_IS_TRUSTED]
    caplog.clear()
    registry = await models.open_registry(settings)
    assert (await registry.get()).version == "shipped"
    assert any("is not signed" in line for line in warnings(caplog))


async def test_check_reports_the_signature(settings: Settings, folder: Place, made: Path) -> None:
    publish(folder, made, "1", at=100)
    found = await model_download.newest(folder.url, NAME, settings.public_keys)
    assert found == ("1", "1970-01-01 00:01:40 UTC")
    unsigned(folder, made)
    with pytest.raises(SignatureInvalid, match="tiny 2 is not signed"):
        await model_download.newest(folder.url, NAME, settings.public_keys)
