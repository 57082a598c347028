"""Contract of the model store, on a folder and on an S3 server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from model.bundle import MODEL
from model.bundle_files import METADATA
from model.errors import BundleError, BundleInvalid, NoBundle, SchemaMismatch, StoreUnavailable
from model.remote import RemoteStore
from model.store import BundleStore
from model.store_files import StoreFiles
from tests.contract.model_places import NAME, Place, fetch, no_progress, publish
from tests.support.factories import metadata, onnx_model, save_bundle


def test_published_bundle_is_fetched_unchanged(place: Place, made: Path, fetched: Path) -> None:
    publish(place, made)
    assert fetch(place, fetched) == "1"
    assert BundleStore(fetched).load(NAME) == BundleStore(made).load(NAME, "1")
    assert sorted(path.name for path in fetched.iterdir()) == [NAME]


def test_saved_version_is_not_current_until_promoted(place: Place, made: Path) -> None:
    publish(place, made)
    BundleStore(made).save(metadata(NAME, version="2"), {MODEL: onnx_model()})
    store = RemoteStore(place.url)
    store.save(NAME, "2", made, no_progress)
    assert store.versions(NAME) == ["1", "2"]
    assert store.current(NAME) == "1"
    assert store.promote(NAME, "2").version == "2"
    assert store.current(NAME) == "2"


def test_progress_ends_with_the_total(place: Place, made: Path) -> None:
    save_bundle(made)
    seen: list[tuple[int, int]] = []
    RemoteStore(place.url).save(NAME, "1", made, lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0
    assert place.read(f"{NAME}/current") is None


def test_writing_is_tried_without_a_trace(place: Place) -> None:
    files = StoreFiles(place.url)
    files.check_writable(NAME)
    assert files.sizes() == {}


def test_store_without_the_model_has_no_versions(place: Place, made: Path) -> None:
    publish(place, made)
    assert RemoteStore(place.url).versions("other") == []


def test_promoting_an_unknown_version_is_an_error(place: Place, made: Path) -> None:
    publish(place, made)
    with pytest.raises(NoBundle):
        RemoteStore(place.url).promote(NAME, "2")
    assert RemoteStore(place.url).current(NAME) == "1"


def test_promoting_an_incomplete_version_is_an_error(folder: Place, made: Path) -> None:
    publish(folder, made)
    save_bundle(made, version="2")
    store = RemoteStore(folder.url)
    store.save(NAME, "2", made, no_progress)
    (Path(folder.url) / NAME / "2" / MODEL).unlink()
    with pytest.raises(BundleInvalid, match=r"has no model\.onnx"):
        store.promote(NAME, "2")
    assert store.current(NAME) == "1"


def test_fetched_version_is_not_promoted(folder: Place, made: Path, fetched: Path) -> None:
    publish(folder, made)
    RemoteStore(folder.url).fetch(NAME, "1", fetched, no_progress)
    assert BundleStore(fetched).versions(NAME) == ["1"]
    assert BundleStore(fetched).names() == []


def test_damaged_bundle_is_not_published(place: Place, made: Path) -> None:
    save_bundle(made)
    (made / NAME / "1" / MODEL).write_bytes(b"!")
    with pytest.raises(BundleInvalid):
        RemoteStore(place.url).save(NAME, "1", made, no_progress)
    assert place.read(f"{NAME}/1/{METADATA}") is None


def test_store_without_the_model_raises_no_bundle(place: Place, made: Path) -> None:
    publish(place, made)
    with pytest.raises(NoBundle, match="has no other/current"):
        RemoteStore(place.url).current("other")


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "", ".hidden"])
def test_unsafe_name_is_an_error(folder: Place, name: str) -> None:
    with pytest.raises(NoBundle):
        RemoteStore(folder.url).current(name)


@pytest.mark.parametrize("content", [b"", b"..\n", b"../../etc\n", b"\xff\xfe", b"1 2"], ids=repr)
def test_invalid_pointer_is_an_error(folder: Place, made: Path, content: bytes) -> None:
    publish(folder, made)
    folder.write(f"{NAME}/current", content)
    with pytest.raises(BundleInvalid):
        RemoteStore(folder.url).current(NAME)


@pytest.mark.parametrize(
    ("file", "change", "error"),
    [
        (MODEL, lambda content: content[:-1] + b"!", BundleInvalid),
        (MODEL, lambda content: content[:100], BundleInvalid),
        ("pipeline.joblib", lambda content: content + b"!", BundleInvalid),
        (METADATA, lambda content: content[:100], BundleInvalid),
        (METADATA, lambda content: content.replace(b'"1"', b'"2"'), BundleInvalid),
        (METADATA, lambda content: content.replace(b'"tiny"', b'"wide"'), BundleInvalid),
        (METADATA, lambda content: content.replace(b"model.onnx", b"../x"), NoBundle),
        (METADATA, lambda content: content.replace(b"liveness", b"banjo"), SchemaMismatch),
    ],
    ids=["changed", "truncated", "changed other file", "truncated metadata", "other version",
         "other name", "a file outside", "other features"],
)  # fmt: skip
def test_damaged_bundle_is_not_fetched(
    folder: Place,
    tmp_path: Path,
    file: str,
    change: Callable[[bytes], bytes],
    error: type[BundleError],
) -> None:
    publish(folder, tmp_path / "made")
    content = folder.read(f"{NAME}/1/{file}")
    assert content is not None
    assert change(content) != content
    folder.write(f"{NAME}/1/{file}", change(content))
    with pytest.raises(error):
        fetch(folder, tmp_path / "fetched")
    assert list((tmp_path / "fetched").iterdir()) == []


def test_model_that_cannot_be_loaded_is_not_fetched(
    folder: Place, made: Path, fetched: Path
) -> None:
    BundleStore(made).save(metadata(NAME), {MODEL: b"no model, but with the right digest"})
    store = RemoteStore(folder.url)
    store.save(NAME, "1", made, no_progress)
    store.promote(NAME, "1")
    with pytest.raises(BundleInvalid, match="cannot be served"):
        fetch(folder, fetched)
    assert BundleStore(fetched).versions(NAME) == []


@pytest.mark.parametrize("url", ["nonsense://store", "s3://", "s3://no-such-bucket/store", "/"])
@pytest.mark.usefixtures("s3")
def test_unusable_store_is_a_one_line_error(url: str, made: Path) -> None:
    save_bundle(made)
    with pytest.raises(StoreUnavailable) as raised:
        RemoteStore(url).save(NAME, "1", made, no_progress)
    assert "\n" not in str(raised.value)
    assert url in str(raised.value)
