"""Model stores in a folder and on an S3 server, and bundles to publish there."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from model.bundle import MODEL
from model.remote import RemoteStore
from model.store import BundleStore
from tests.support.factories import metadata, onnx_model

NAME = "tiny"
PAYLOAD = bytes(range(256)) * 2000
"""Content of a file that is large enough to be truncated."""


@dataclass(frozen=True)
class Place:
    """A store's address, and direct access to its files."""

    url: str
    read: Callable[[str], bytes | None]
    write: Callable[[str, bytes], object]


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """Start an S3 server on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
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
