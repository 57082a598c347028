"""Promotions and rollbacks of signed versions, as bots with MODEL_PUBLIC_KEY accept them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from model.bundle import MODEL
from model.bundle_files import METADATA, digest
from model.errors import SignatureInvalid
from model.remote import RemoteStore, no_progress
from model.signature import SIGNATURE, Signer
from model.store import BundleStore
from model.versions import Versions
from tests.contract.model_places import NAME, Place
from tests.support.factories import metadata, onnx_model, save_bundle

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)

in_a_folder = pytest.mark.parametrize("place", ["folder"], indirect=True)
"""Marks tests of rules that do not depend on the kind of store."""

Open = Callable[[Ed25519PrivateKey | None], Versions]


@pytest.fixture
def shipped(tmp_path: Path) -> BundleStore:
    """Return the bundles of the program: one model of version 0."""
    return save_bundle(tmp_path / "shipped", NAME, version="0")


@pytest.fixture
def opened(place: Place, shipped: BundleStore, made: Path) -> Open:
    """Return a function that opens a store with two versions that were promoted, signed."""

    def open_with(key: Ed25519PrivateKey | None) -> Versions:
        return Versions(
            RemoteStore(place.url, [PUBLIC]), shipped, Signer(key, lambda: 100.0) if key else None
        )

    versions = open_with(KEY)
    for version in ("1", "2"):
        BundleStore(made).save(metadata(NAME, version=version), {MODEL: onnx_model()})
        versions.add_candidate(NAME, version, made, by="retrain")
        versions.promote(NAME, version, by="promote")
    return open_with


def fetch(place: Place, fetched: Path) -> str:
    """Fetch the active version as a bot with the key does; return it."""
    store = RemoteStore(place.url, [PUBLIC])
    version = store.fetch(NAME, store.current(NAME), fetched, no_progress).version
    return BundleStore(fetched, [PUBLIC]).promote(NAME, version).version


def test_bot_accepts_what_was_rolled_back_and_signed_anew(
    place: Place, opened: Open, fetched: Path
) -> None:
    assert fetch(place, fetched) == "2"
    versions = opened(KEY)
    assert versions.rollback(NAME).version == "1"
    assert fetch(place, fetched) == "1"
    assert versions.rollback(NAME).version == "0"
    assert fetch(place, fetched) == "0"


@in_a_folder
@pytest.mark.parametrize(
    ("version", "why"),
    [("1", "so bots would refuse it: set MODEL_SIGNING_KEY to sign it anew"),
     ("0", "so bots with MODEL_PUBLIC_KEY would refuse it: set MODEL_SIGNING_KEY to sign it")],
)  # fmt: skip
def test_without_the_signing_key_nothing_is_moved(
    place: Place, opened: Open, version: str, why: str
) -> None:
    versions = opened(None)
    before = versions.history(NAME), RemoteStore(place.url).sizes()
    with pytest.raises(SignatureInvalid) as raised:
        versions.promote(NAME, version, by="promote")
    assert why in str(raised.value)
    assert before == (versions.history(NAME), RemoteStore(place.url).sizes())
    assert versions.active(NAME) == "2"


@in_a_folder
def test_newest_version_needs_no_new_signature(place: Place, opened: Open, made: Path) -> None:
    save_bundle(made, NAME, version="3")
    opened(KEY).add_candidate(NAME, "3", made, by="retrain")
    signed = place.read(f"{NAME}/3/{SIGNATURE}")
    opened(None).promote(NAME, "3", by="promote")
    assert place.read(f"{NAME}/3/{SIGNATURE}") == signed


@in_a_folder
def test_key_of_others_is_refused(opened: Open) -> None:
    versions = opened(OTHER)
    with pytest.raises(SignatureInvalid, match="belongs to no key in MODEL_PUBLIC_KEY"):
        versions.rollback(NAME)
    assert versions.active(NAME) == "2"


@in_a_folder
def test_what_a_store_made_up_is_not_signed(place: Place, opened: Open) -> None:
    network = onnx_model() + b"\x32\x01x"  # another description
    content = place.read(f"{NAME}/1/{METADATA}")
    assert content
    forged = content.replace(digest(onnx_model()).encode(), digest(network).encode())
    place.write(f"{NAME}/1/{METADATA}", forged)
    place.write(f"{NAME}/1/{MODEL}", network)
    signed = place.read(f"{NAME}/1/{SIGNATURE}")
    versions = opened(KEY)
    with pytest.raises(SignatureInvalid, match="that of another bundle"):
        versions.rollback(NAME)
    assert place.read(f"{NAME}/1/{SIGNATURE}") == signed
    assert versions.active(NAME) == "2"
