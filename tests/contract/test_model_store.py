"""The model store, on a folder and on a server that speaks S3: what is published is served."""

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
from bot.runtime import composition, model_download
from bot.runtime.settings import Settings
from model.bundle import METADATA, MODEL
from model.errors import BundleError, BundleInvalid, NoBundle, SchemaMismatch, StoreUnavailable
from model.remote import RemoteStore, redacted
from model.store import BundleStore
from tests.support.factories import metadata, onnx_model, save_bundle

NAME = "tiny"
Change = Callable[[bytes], bytes]
PAYLOAD = bytes(range(256)) * 2000
"""A file big enough to be cut."""


@dataclass(frozen=True)
class Place:
    """A store's address, and a way round it to what it holds."""

    url: str
    read: Callable[[str], bytes | None]
    write: Callable[[str, bytes], object]


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """Serve S3 on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def client(moto: str) -> Iterator[Any]:
    """Make a client of another make than the one that is tested."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    with closing(boto3.client("s3", endpoint_url=moto, region_name="us-east-1", **keys)) as made:
        yield made


@pytest.fixture
def s3(moto: str, client: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Make an empty bucket."""
    for name, value in {
        "AWS_ENDPOINT_URL": moto,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(S3FileSystem, "retries", 1)  # it sleeps between them
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
    """Name a folder that is not there yet."""
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
    """A folder of bundles as training leaves it."""
    return tmp_path / "made"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The bot's own folder of bundles."""
    return tmp_path / "kept"


def quietly(_done: int, _total: int) -> None:
    """Show no progress."""


def publish(place: Place, made: Path, version: str = "1") -> None:
    """Make a bundle and publish it."""
    files = {MODEL: onnx_model(), "pipeline.joblib": PAYLOAD}
    BundleStore(made).save(metadata(NAME, version=version), files)
    RemoteStore(place.url).publish(NAME, made, quietly)


def fetch(place: Place, kept: Path) -> str:
    """Fetch what the store points at."""
    store = RemoteStore(place.url)
    return store.fetch(NAME, store.current(NAME), kept, quietly).version


def test_what_is_published_comes_back_as_it_was(place: Place, made: Path, kept: Path) -> None:
    publish(place, made)
    assert fetch(place, kept) == "1"
    assert BundleStore(kept).load(NAME) == BundleStore(made).load(NAME)
    assert sorted(path.name for path in kept.iterdir()) == [NAME]


def test_the_pointer_comes_last(place: Place, made: Path) -> None:
    save_bundle(made)
    seen: list[tuple[bool, bytes | None]] = []

    def look(done: int, total: int) -> None:
        seen.append((done == total, place.read(f"{NAME}/current")))

    RemoteStore(place.url).publish(NAME, made, look)
    assert seen[-1] == (True, None)
    assert place.read(f"{NAME}/current") == b"1\n"


def test_a_bundle_that_is_not_whole_is_not_published(place: Place, made: Path) -> None:
    save_bundle(made)
    (made / NAME / "1" / MODEL).write_bytes(b"!")
    with pytest.raises(BundleInvalid):
        RemoteStore(place.url).publish(NAME, made, quietly)
    assert place.read(f"{NAME}/1/{METADATA}") is None


def test_a_store_without_the_model_says_so(place: Place, made: Path) -> None:
    publish(place, made)
    with pytest.raises(NoBundle, match="has no other/current"):
        RemoteStore(place.url).current("other")


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "", ".hidden"])
def test_a_name_that_leads_elsewhere_is_refused(folder: Place, name: str) -> None:
    with pytest.raises(NoBundle):
        RemoteStore(folder.url).current(name)


@pytest.mark.parametrize("content", [b"", b"..\n", b"../../etc\n", b"\xff\xfe", b"1 2"], ids=repr)
def test_a_pointer_that_names_no_version_is_refused(
    folder: Place, made: Path, content: bytes
) -> None:
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
    ids=["changed", "cut", "changed beside", "cut metadata", "other version", "other name",
         "a file outside", "other features"],
)  # fmt: skip
def test_what_was_tampered_with_is_refused_and_leaves_nothing(
    folder: Place, tmp_path: Path, file: str, change: Change, error: type[BundleError]
) -> None:
    publish(folder, tmp_path / "made")
    content = folder.read(f"{NAME}/1/{file}")
    assert content is not None
    assert change(content) != content
    folder.write(f"{NAME}/1/{file}", change(content))
    with pytest.raises(error):
        fetch(folder, tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_model_that_cannot_be_served_is_refused(folder: Place, made: Path, kept: Path) -> None:
    BundleStore(made).save(metadata(NAME), {MODEL: b"no model, but with the right digest"})
    RemoteStore(folder.url).publish(NAME, made, quietly)
    with pytest.raises(BundleInvalid, match="cannot be served"):
        fetch(folder, kept)


@pytest.mark.parametrize("url", ["nonsense://store", "s3://", "s3://no-such-bucket/store", "/"])
@pytest.mark.usefixtures("s3")
def test_a_store_that_cannot_be_used_is_one_sentence(url: str, made: Path) -> None:
    save_bundle(made)
    with pytest.raises(StoreUnavailable) as raised:
        RemoteStore(url).publish(NAME, made, quietly)
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
def test_no_secret_of_an_address_is_shown(url: str, safe: str) -> None:
    assert redacted(url) == safe


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[str, str]]]:
    """Read the bot's log so far, and empty it."""
    caplog.set_level(logging.INFO, logger="bot")

    def read() -> list[tuple[str, str]]:
        ours = [record for record in caplog.records if record.name.startswith("bot")]
        said = [(record.levelname, record.getMessage()) for record in ours]
        caplog.clear()
        return said

    return read


Lines = Callable[[], list[tuple[str, str]]]


async def test_the_bot_fetches_what_it_lacks_once(
    place: Place, made: Path, kept: Path, lines: Lines
) -> None:
    publish(place, made)
    await model_download.refresh(place.url, NAME, kept)
    assert lines() == [
        ("INFO", f"fetching model tiny 1 from {place.url}"),
        ("INFO", "model tiny 1 is here"),
    ]
    await model_download.refresh(place.url, NAME, kept)
    assert lines() == []
    publish(place, made, "2")
    await model_download.refresh(place.url, NAME, kept)
    assert BundleStore(kept).current(NAME) == "2"
    assert len(lines()) == 2


async def test_a_copy_that_was_damaged_is_fetched_again(
    place: Place, made: Path, kept: Path
) -> None:
    publish(place, made)
    await model_download.refresh(place.url, NAME, kept)
    (kept / NAME / "1" / MODEL).write_bytes(b"!")
    await model_download.refresh(place.url, NAME, kept)
    assert BundleStore(kept).load(NAME).metadata.version == "1"


async def test_the_old_model_goes_on_when_the_new_one_was_tampered_with(
    place: Place, made: Path, kept: Path, lines: Lines
) -> None:
    publish(place, made)
    await model_download.refresh(place.url, NAME, kept)
    publish(place, made, "2")
    place.write(f"{NAME}/2/{MODEL}", onnx_model() + b"!")
    lines()
    await model_download.refresh(place.url, NAME, kept)
    assert BundleStore(kept).load(NAME).metadata.version == "1"
    _, (level, line) = lines()
    assert level == "WARNING"
    assert line.startswith("model tiny stays as it is: ")
    assert "damaged" in line


async def test_the_old_model_goes_on_when_the_store_is_away(
    s3: Place, made: Path, kept: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(s3, made)
    await model_download.refresh(s3.url, NAME, kept)
    lines()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    await model_download.refresh(s3.url, NAME, kept)
    ((level, line),) = lines()
    assert level == "WARNING"
    assert "cannot be used" in line
    assert BundleStore(kept).load(NAME).metadata.version == "1"


async def test_a_store_that_is_silent_holds_nobody_up(
    s3: Place, kept: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_download, "ANSWER_LIMIT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        before = time.monotonic()
        await model_download.refresh(s3.url, NAME, kept)
        assert time.monotonic() - before < 3
    assert lines() == [("WARNING", f"model tiny stays as it is: {s3.url} takes too long")]


class Cutting:
    """Passes bytes on to a server, and hangs up for good after some of them came back."""

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
            with suppress(OSError):  # the other thread was first
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def cut(moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Let the way to the server be cut, from now on, in the middle of a bundle."""
    with ExitStack() as stack:

        def start() -> None:
            cutting = stack.enter_context(closing(Cutting(moto, after=len(PAYLOAD) // 2)))
            monkeypatch.setenv("AWS_ENDPOINT_URL", cutting.url)

        yield start


async def test_the_old_model_goes_on_when_a_download_is_cut(
    s3: Place, made: Path, kept: Path, lines: Lines, cut: Callable[[], None]
) -> None:
    publish(s3, made)
    await model_download.refresh(s3.url, NAME, kept)
    publish(s3, made, "2")
    lines()
    cut()
    await model_download.refresh(s3.url, NAME, kept)
    assert [level for level, _ in lines()] == ["INFO", "WARNING"]
    assert BundleStore(kept).load(NAME).metadata.version == "1"
    assert {path.parts[len(kept.parts)] for path in files_in(kept)} == {NAME}


def files_in(folder: Path) -> list[Path]:
    """List all files beneath a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def settings(folder: Place, tmp_path: Path) -> Settings:
    """Settings of a bot with a model store and a shipped model of version 0."""
    save_bundle(tmp_path / "shipped", NAME, version="0")
    return Settings(
        model=NAME,
        data_dir=tmp_path / "var",
        models_dir=tmp_path / "shipped",
        model_store=folder.url,
    )


async def test_the_bot_serves_the_stores_model(
    settings: Settings, folder: Place, made: Path
) -> None:
    publish(folder, made)
    async with composition.open_services(settings):
        pass
    assert composition.load_classifier(settings).version == "1"


async def test_the_bot_serves_the_shipped_model_while_it_has_no_other(settings: Settings) -> None:
    async with composition.open_services(settings):
        pass
    assert composition.load_classifier(settings).version == "0"


async def test_the_bot_serves_the_shipped_model_when_its_copy_is_damaged(
    settings: Settings, folder: Place, made: Path, lines: Lines
) -> None:
    publish(folder, made)
    async with composition.open_services(settings):
        pass
    (settings.fetched_models / NAME / "1" / MODEL).write_bytes(b"!")
    lines()
    assert composition.load_classifier(settings).version == "0"
    ((level, line),) = lines()
    assert (level, "the shipped one is" in line) == ("WARNING", True)


async def test_a_model_that_nobody_has_stops_the_start(settings: Settings) -> None:
    with pytest.raises(ModelUnusable, match="there are: tiny"):
        async with composition.open_services(settings, "other"):
            pass


async def test_without_a_store_a_fetched_model_is_not_served(
    settings: Settings, folder: Place, made: Path
) -> None:
    publish(folder, made)
    async with composition.open_services(settings):
        pass
    alone = settings.model_copy(update={"model_store": None})
    assert composition.load_classifier(alone).version == "0"
