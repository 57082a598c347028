"""Contract of the model store, on a folder and on an S3 server."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from bot.domain.errors import ModelUnusable
from bot.runtime import composition, model_download, models
from bot.runtime.settings import Settings
from model.bundle import METADATA, MODEL
from model.errors import BundleError, BundleInvalid, NoBundle, SchemaMismatch, StoreUnavailable
from model.remote import RemoteStore, redacted
from model.store import BundleStore
from tests.support.factories import metadata, onnx_model, save_bundle

NAME = "tiny"
Change = Callable[[bytes], bytes]
PAYLOAD = bytes(range(256)) * 2000
"""Content of a file that is large enough to be truncated."""


@dataclass(frozen=True)
class Place:
    """A store's address, and direct access to its files."""

    url: str
    read: Callable[[str], bytes | None]
    write: Callable[[str, bytes], object]


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """Start an S3 server on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def client(moto: str) -> Iterator[Any]:
    """Return an S3 client of another library than the one under test."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    with closing(boto3.client("s3", endpoint_url=moto, region_name="us-east-1", **keys)) as made:
        yield made


@pytest.fixture
def s3(moto: str, client: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Create an empty bucket."""
    for name, value in {
        "AWS_ENDPOINT_URL": moto,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(S3FileSystem, "retries", 1)  # it waits between retries
    bucket = f"models-{time.monotonic_ns()}"
    client.create_bucket(Bucket=bucket)

    def read(path: str) -> bytes | None:
        try:
            body = client.get_object(Bucket=bucket, Key=f"store/{path}")["Body"]
        except ClientError:
            return None
        with closing(body):
            return bytes(body.read())

    def write(path: str, content: bytes) -> None:
        client.put_object(Bucket=bucket, Key=f"store/{path}", Body=content)

    return Place(f"s3://{bucket}/store", read, write)


@pytest.fixture
def folder(tmp_path: Path) -> Place:
    """Return the path of a folder that does not exist."""
    root = tmp_path / "store"

    def read(path: str) -> bytes | None:
        return (root / path).read_bytes() if (root / path).exists() else None

    return Place(str(root), read, lambda path, content: (root / path).write_bytes(content))


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return the folder of bundles that training writes to."""
    return tmp_path / "made"


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    """Return the bot's folder of bundles."""
    return tmp_path / "fetched"


def no_progress(_done: int, _total: int) -> None:
    """Ignore the progress."""


def publish(place: Place, made: Path, version: str = "1") -> None:
    """Save a bundle locally and publish it."""
    files = {MODEL: onnx_model(), "pipeline.joblib": PAYLOAD}
    BundleStore(made).save(metadata(NAME, version=version), files)
    store = RemoteStore(place.url)
    store.save(NAME, version, made, no_progress)
    store.promote(NAME, version)


def fetch(place: Place, fetched: Path) -> str:
    """Fetch the current version and promote it locally."""
    store = RemoteStore(place.url)
    version = store.fetch(NAME, store.current(NAME), fetched, no_progress).version
    return BundleStore(fetched).promote(NAME, version).version


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
    folder: Place, tmp_path: Path, file: str, change: Change, error: type[BundleError]
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


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("ftp://ann:secret@host:21/store?token=secret", "ftp://host:21/store"),
        ("s3://bucket/store", "s3://bucket/store"),
        ("/srv/store", "/srv/store"),
        ("file:///srv/store", "file:///srv/store"),
    ],
)
def test_redacted_url_has_no_secrets(url: str, safe: str) -> None:
    assert redacted(url) == safe


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[str, str]]]:
    """Return a function that reads and clears the bot's log."""
    caplog.set_level(logging.INFO, logger="bot")

    def read() -> list[tuple[str, str]]:
        ours = [record for record in caplog.records if record.name.startswith("bot")]
        messages = [(record.levelname, record.getMessage()) for record in ours]
        caplog.clear()
        return messages

    return read


Lines = Callable[[], list[tuple[str, str]]]


async def test_bot_fetches_a_new_version_once(
    place: Place, made: Path, fetched: Path, lines: Lines
) -> None:
    publish(place, made)
    await model_download.refresh(place.url, NAME, fetched)
    assert lines() == [
        ("INFO", f"fetching model tiny 1 from {place.url}"),
        ("INFO", "fetched model tiny 1"),
    ]
    await model_download.refresh(place.url, NAME, fetched)
    assert lines() == []
    publish(place, made, "2")
    await model_download.refresh(place.url, NAME, fetched)
    assert BundleStore(fetched).current(NAME) == "2"
    assert len(lines()) == 2


async def test_bot_fetches_a_damaged_copy_again(place: Place, made: Path, fetched: Path) -> None:
    publish(place, made)
    await model_download.refresh(place.url, NAME, fetched)
    (fetched / NAME / "1" / MODEL).write_bytes(b"!")
    await model_download.refresh(place.url, NAME, fetched)
    assert BundleStore(fetched).load(NAME).metadata.version == "1"


async def test_bot_keeps_its_model_if_the_new_one_is_damaged(
    place: Place, made: Path, fetched: Path, lines: Lines
) -> None:
    publish(place, made)
    await model_download.refresh(place.url, NAME, fetched)
    publish(place, made, "2")
    place.write(f"{NAME}/2/{MODEL}", onnx_model() + b"!")
    lines()
    await model_download.refresh(place.url, NAME, fetched)
    assert BundleStore(fetched).load(NAME).metadata.version == "1"
    _, (level, line) = lines()
    assert level == "WARNING"
    assert line.startswith("model tiny was not updated: ")
    assert "damaged" in line


async def test_bot_keeps_its_model_if_the_store_is_unreachable(
    s3: Place, made: Path, fetched: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(s3, made)
    await model_download.refresh(s3.url, NAME, fetched)
    lines()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    await model_download.refresh(s3.url, NAME, fetched)
    ((level, line),) = lines()
    assert level == "WARNING"
    assert "cannot be used" in line
    assert BundleStore(fetched).load(NAME).metadata.version == "1"


async def test_unresponsive_store_times_out(
    s3: Place, fetched: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_download, "POINTER_TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        before = time.monotonic()
        await model_download.refresh(s3.url, NAME, fetched)
        assert time.monotonic() - before < 3
    assert lines() == [("WARNING", f"model tiny was not updated: {s3.url} takes too long")]


class InterruptingProxy:
    """Proxy that closes all connections after a number of bytes of the response."""

    def __init__(self, server: str, after: int) -> None:
        self._server = server.removeprefix("http://").split(":")
        self._left = after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._left <= 0:
                client.close()
                continue
            server = socket.create_connection((self._server[0], int(self._server[1])))
            for source, target, counted in ((client, server, False), (server, client, True)):
                thread = threading.Thread(target=self._pass, args=(source, target, counted))
                self._threads.append(thread)
                thread.start()

    def _pass(self, source: socket.socket, target: socket.socket, counted: bool) -> None:  # noqa: FBT001
        with suppress(OSError):
            while chunk := source.recv(4096):
                if counted:
                    self._left -= len(chunk)
                    if self._left <= 0:
                        break
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):  # the other thread closed it first
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def interrupt(moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Return a function after which connections break in the middle of a bundle."""
    with ExitStack() as stack:

        def start() -> None:
            proxy = stack.enter_context(closing(InterruptingProxy(moto, after=len(PAYLOAD) // 2)))
            monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)

        yield start


async def test_bot_keeps_its_model_if_a_download_is_interrupted(
    s3: Place, made: Path, fetched: Path, lines: Lines, interrupt: Callable[[], None]
) -> None:
    publish(s3, made)
    await model_download.refresh(s3.url, NAME, fetched)
    publish(s3, made, "2")
    lines()
    interrupt()
    await model_download.refresh(s3.url, NAME, fetched)
    assert [level for level, _ in lines()] == ["INFO", "WARNING"]
    assert BundleStore(fetched).load(NAME).metadata.version == "1"
    assert {path.parts[len(fetched.parts)] for path in files_in(fetched)} == {NAME}


def files_in(folder: Path) -> list[Path]:
    """Return all files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def settings(folder: Place, tmp_path: Path) -> Settings:
    """Return settings with a model store and a shipped model of version 0."""
    save_bundle(tmp_path / "shipped", NAME, version="0")
    return Settings(
        model=NAME,
        data_dir=tmp_path / "var",
        models_dir=tmp_path / "shipped",
        model_store=folder.url,
    )


async def test_bot_serves_the_model_of_the_store(
    settings: Settings, folder: Place, made: Path
) -> None:
    publish(folder, made)
    async with composition.open_services(settings):
        pass
    assert models.load_classifier(settings).version == "1"


async def test_bot_serves_the_shipped_model_without_a_fetched_one(settings: Settings) -> None:
    async with composition.open_services(settings):
        pass
    assert models.load_classifier(settings).version == "0"


async def test_bot_serves_the_shipped_model_if_its_copy_is_damaged(
    settings: Settings, folder: Place, made: Path, lines: Lines
) -> None:
    publish(folder, made)
    async with composition.open_services(settings):
        pass
    (settings.fetched_models / NAME / "1" / MODEL).write_bytes(b"!")
    lines()
    assert models.load_classifier(settings).version == "0"
    ((level, line),) = lines()
    assert (level, "using the shipped one" in line) == ("WARNING", True)


async def test_unknown_model_stops_the_start(settings: Settings) -> None:
    with pytest.raises(ModelUnusable, match="there are: tiny"):
        async with composition.open_services(settings, "other"):
            pass


async def test_fetched_model_is_not_served_without_a_store(
    settings: Settings, folder: Place, made: Path
) -> None:
    publish(folder, made)
    async with composition.open_services(settings):
        pass
    alone = settings.model_copy(update={"model_store": None})
    assert models.load_classifier(alone).version == "0"
