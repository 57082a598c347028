"""The bot's copy of the model store: what is downloaded, kept and served."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from bot.domain.errors import ModelUnusable
from bot.runtime import composition, model_download, models
from bot.runtime.model_watch import ModelWatch
from bot.runtime.settings import Settings
from model.bundle import MODEL
from model.remote import RemoteStore
from model.store import BundleStore
from model.versions import Versions
from tests.contract.model_places import NAME, PAYLOAD, Place, publish
from tests.support.factories import onnx_model, save_bundle


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


async def test_bot_keeps_its_model_if_no_event_made_the_new_one_active(
    place: Place, made: Path, fetched: Path, tmp_path: Path, lines: Lines
) -> None:
    versions = Versions(RemoteStore(place.url), save_bundle(tmp_path / "shipped", NAME))
    publish(place, made)
    versions.promote(NAME, "1", by="promote")
    await model_download.refresh(place.url, NAME, fetched)
    lines()
    publish(place, made, "2")
    await model_download.refresh(place.url, NAME, fetched)
    assert BundleStore(fetched).current(NAME) == "1"
    ((level, line),) = lines()
    assert level == "WARNING"
    assert "names 2, which no event made active" in line


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


async def test_running_bot_serves_the_new_version_of_the_store(
    settings: Settings, folder: Place, made: Path
) -> None:
    publish(folder, made)
    registry = await models.open_registry(settings)
    publish(folder, made, "2")
    assert (await registry.get()).version == "1"
    await ModelWatch(settings, registry).check()
    assert (await registry.get()).version == "2"


async def test_running_bot_keeps_its_model_on_any_doubt_and_recovers(
    settings: Settings, s3: Place, made: Path, lines: Lines
) -> None:
    publish(s3, made)
    remote = settings.model_copy(update={"model_store": s3.url})
    registry = await models.open_registry(remote)
    watch = ModelWatch(remote, registry)
    publish(s3, made, "2")
    s3.write(f"{NAME}/2/{MODEL}", onnx_model() + b"!")  # tampered
    lines()
    for _ in range(2):
        await watch.check()
    assert (await registry.get()).version == "1"
    assert [level for level, _ in lines()] == ["INFO", "WARNING"]
    publish(s3, made, "3")
    await watch.check()
    assert (await registry.get()).version == "3"
    assert BundleStore(remote.fetched_models).current(NAME) == "3"
    s3.write(f"{NAME}/current", b"0\n")  # a rollback to the shipped version
    await watch.check()
    assert (await registry.get()).version == "0"
    assert models.load_classifier(remote).version == "0"


async def test_unknown_model_stops_the_start(settings: Settings) -> None:
    with pytest.raises(ModelUnusable, match="there are: tiny"):
        async with composition.open_services(settings, "other"):
            pass


async def test_fetched_model_is_served_without_a_store_too(
    settings: Settings, folder: Place, made: Path
) -> None:
    publish(folder, made)
    async with composition.open_services(settings):
        pass
    alone = settings.model_copy(update={"model_store": None})
    assert models.load_classifier(alone).version == "1"
