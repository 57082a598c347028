"""Full disks and cut connections while versions are written: the active version stays."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from _pytest.mark import ParameterSet
from fsspec.implementations.memory import MemoryFileSystem

from model.bundle import MODEL
from model.errors import StoreUnavailable
from model.lifecycle import State
from model.remote import RemoteStore, no_progress
from model.store import BundleStore
from model.versions import Versions
from tests.contract.model_places import NAME, PAYLOAD, Place
from tests.support.cutting_proxy import CuttingProxy, cutting_proxy
from tests.support.factories import metadata, onnx_model, save_bundle
from tests.support.full_disk import FullDisk


def rare(*values: int) -> list[ParameterSet]:
    """Mark values of a parameter that CI alone runs."""
    return [pytest.param(value, marks=pytest.mark.long) for value in values]


@pytest.fixture
def shipped(tmp_path: Path) -> BundleStore:
    """Return the bundles of the program: one model of version 0."""
    return save_bundle(tmp_path / "shipped", NAME, version="0")


@pytest.fixture
def line(moto: str, s3: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[CuttingProxy]:
    """Return the line to the S3 server."""
    port = urlsplit(moto).port
    assert port
    assert s3.url
    with cutting_proxy(port) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy.port}")
        yield proxy


def make(made: Path, version: str) -> None:
    files = {MODEL: onnx_model(), "pipeline.joblib": PAYLOAD}
    BundleStore(made).save(metadata(NAME, version=version), files)


def check(versions: Versions) -> None:
    """Check that one version is active, and that all that are listed can be served."""
    found = {entry.version: entry.state for entry in versions.entries()}
    assert list(found.values()).count(State.ACTIVE) == 1
    assert found[versions.active(NAME)] is State.ACTIVE
    for version in found:
        assert versions.bundle(NAME, version).metadata.version == version


@pytest.mark.parametrize("after", [300, *rare(0, 40_000), 300_000])
def test_upload_that_is_cut_leaves_no_half_bundle(
    line: CuttingProxy, s3: Place, shipped: BundleStore, made: Path, after: int
) -> None:
    make(made, "1")
    versions = Versions(RemoteStore(s3.url), shipped)
    line.cut("up", after)
    with pytest.raises(StoreUnavailable):
        versions.add_candidate(NAME, "1", made, by="retrain")
    assert line.mend()
    assert versions.states(NAME) == {"0": State.ACTIVE}
    versions.add_candidate(NAME, "1", made, by="retrain")
    check(versions)


@pytest.mark.parametrize("cut", [*rare(0, 2000), 3500, *rare(5500, 8000, 100_000)])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_promotion_that_is_cut_happens_or_does_not(
    line: CuttingProxy, s3: Place, shipped: BundleStore, direction: str, cut: int
) -> None:
    made = shipped.folder(NAME).parents[1] / "made"
    make(made, "1")
    versions = Versions(RemoteStore(s3.url), shipped)
    versions.add_candidate(NAME, "1", made, by="retrain")
    line.cut(direction, cut)
    try:
        versions.promote(NAME, "1", by="promote")
    except StoreUnavailable:
        assert line.mend()
        moved = s3.read(f"{NAME}/current") == b"1\n"
    else:
        line.mend()
        moved = True
    assert versions.states(NAME) == (
        {"0": State.RETIRED, "1": State.ACTIVE} if moved
        else {"0": State.ACTIVE, "1": State.CANDIDATE}
    )  # fmt: skip
    check(versions)
    versions.promote(NAME, "1", by="promote")
    assert versions.active(NAME) == "1"


@pytest.mark.parametrize("after", [*rare(0, 2000), 200_000])
def test_download_that_is_cut_leaves_nothing(
    line: CuttingProxy, s3: Place, made: Path, fetched: Path, after: int
) -> None:
    make(made, "1")
    store = RemoteStore(s3.url)
    store.save(NAME, "1", made, no_progress)
    line.cut("down", after)
    with pytest.raises(StoreUnavailable):
        store.fetch(NAME, "1", fetched, no_progress)
    assert line.mend()
    assert list(fetched.iterdir()) == []
    assert store.fetch(NAME, "1", fetched, no_progress).version == "1"


def full(copied: int) -> Callable[..., None]:
    """Return a function that copies files until the disk is full: the first ones, then a part."""
    left = [copied]
    copy = shutil.copyfile

    def copy_or_fail(source: str, target: str) -> None:
        left[0] -= 1
        if left[0] >= 0:
            copy(source, target)
            return
        Path(target).write_bytes(Path(source).read_bytes()[:10])
        FullDisk().write(b"")

    return copy_or_fail


@pytest.mark.parametrize("copied", [0, 1, 2])
def test_full_disk_leaves_no_half_bundle(
    folder: Place, shipped: BundleStore, made: Path, monkeypatch: pytest.MonkeyPatch, copied: int
) -> None:
    make(made, "1")
    versions = Versions(RemoteStore(folder.url), shipped)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full(copied))
        with pytest.raises(StoreUnavailable, match="No space left on device"):
            versions.add_candidate(NAME, "1", made, by="retrain")
    assert [path for path in Path(folder.url).rglob("*") if path.is_file()] == []
    check(versions)


@pytest.mark.parametrize("written", [0, 1], ids=["event", "pointer"])
def test_full_disk_does_not_move_the_pointer(
    folder: Place, shipped: BundleStore, made: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    make(made, "1")
    make(made, "2")
    versions = Versions(RemoteStore(folder.url), shipped)
    for version in ("1", "2"):
        versions.add_candidate(NAME, version, made, by="retrain")
    versions.promote(NAME, "1", by="promote")
    left = [written]

    def fsync(_handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            FullDisk().write(b"")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(StoreUnavailable, match="No space left on device"):
            versions.promote(NAME, "2", by="promote")
    assert folder.read(f"{NAME}/current") == b"1\n"
    assert versions.states(NAME) == {
        "0": State.RETIRED, "1": State.ACTIVE, "2": State.CANDIDATE,
    }  # fmt: skip
    check(versions)
    assert list(Path(folder.url).rglob(".*")) == []


def test_full_disk_for_temporary_files_is_one_sentence(
    folder: Place, shipped: BundleStore, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(made, "1")
    versions = Versions(RemoteStore(folder.url), shipped)
    versions.add_candidate(NAME, "1", made, by="retrain")

    def fail(*_: object, **__: object) -> None:
        FullDisk().write(b"")

    with monkeypatch.context() as patch:
        patch.setattr("tempfile.mkdtemp", fail)
        with pytest.raises(StoreUnavailable, match="no temporary files can be written"):
            versions.promote(NAME, "1", by="promote")
    check(versions)


def test_files_of_an_upload_that_failed_are_deleted(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(made, "1")
    store = RemoteStore("memory://host/failed-uploads")
    put = MemoryFileSystem.put_file

    def put_or_fail(files: MemoryFileSystem, source: str, target: str, **options: Any) -> None:
        put(files, source, target, **options)
        if source.endswith("pipeline.joblib"):
            assert store.sizes()
            FullDisk().write(b"")

    monkeypatch.setattr(MemoryFileSystem, "put_file", put_or_fail)
    with pytest.raises(StoreUnavailable, match="No space left on device"):
        store.save(NAME, "1", made, no_progress)
    assert store.sizes() == {}
