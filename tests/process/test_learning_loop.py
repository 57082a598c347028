"""The whole loop with real processes: two bots, votes, retraining, the gate, S3, swap, rollback."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, repeat
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from model.bundle import MODEL
from model.bundle_files import METADATA
from model.classifier import Classifier
from model.genres import WIDE
from model.lifecycle import Event, State, time_text
from model.store import BundleStore
from tests.process import learning
from tests.process.conftest import Run
from tests.process.learning import Bot
from tests.stubs.music.catalogue import Song, song
from tests.stubs.music.world import MusicWorld
from tests.support.bot_process import bot_environment
from tests.support.simulated_songs import songs_of
from tests.support.weakened_model import write_weakened

NAME = "wide"
GENRE = "country"
"""The genre that the first model hardly ever predicts."""

SONGS = 60
LETTERS = "abc"
"""The people who vote."""

BOTS = ("one", "two")

BUCKET = "loop"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Store:
    """A model store on S3: its environment, and access to its files as of another program."""

    environment: dict[str, str]
    client: Any

    def read(self, path: str) -> bytes:
        """Return the content of a file."""
        with closing(self.client.get_object(Bucket=BUCKET, Key=f"models/{path}")["Body"]) as body:
            return bytes(body.read())

    def write(self, path: str, content: bytes) -> None:
        """Replace the content of a file."""
        self.client.put_object(Bucket=BUCKET, Key=f"models/{path}", Body=content)

    def make_active(self, version: str, number: int) -> None:
        """Let the store say that a version is active, the later of those with a larger number."""
        at = time_text(datetime.now(UTC))
        event = Event(NAME, version, State.ACTIVE, at, "promote", number=1000 + number)
        self.write(
            f"{NAME}/events/20260131T000000.000000Z-{version}.json", event.to_json().encode()
        )
        self.write(f"{NAME}/current", version.encode())

    @property
    def pointer(self) -> str:
        """The version that bots are to serve."""
        return self.read(f"{NAME}/current").decode().strip()


@pytest.fixture
def store() -> Iterator[Store]:
    """Start an S3 server with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    environment = {name.upper(): value for name, value in KEYS.items()}
    environment |= {"AWS_ENDPOINT_URL": url, "AWS_DEFAULT_REGION": "us-east-1"}
    try:
        with closing(
            boto3.client("s3", endpoint_url=url, region_name="us-east-1", **KEYS)
        ) as client:
            client.create_bucket(Bucket=BUCKET)
            yield Store(environment | {"MODEL_STORE": f"s3://{BUCKET}/models"}, client)
    finally:
        server.stop()


async def test_corrections_reach_two_bots_and_can_be_rolled_back(
    store: Store, tmp_path: Path
) -> None:
    async with loop(store, tmp_path, GENRE) as (bots, run, songs):
        first = await bots[0].version(songs[0])

        shown = await learning.correct(bots, songs[:-1], repeat(GENRE), LETTERS)
        assert GENRE not in shown
        trained = await run("soundslike", "train", "retrain", "--json")
        assert trained.code == 0, trained
        outcome = json.loads(trained.out)
        assert outcome["state"] == "active", outcome
        second = outcome["version"]
        assert store.pointer == second

        for bot in bots:
            await bot.serves(second, songs[0])
            assert await bot.genre(songs[-1]) == GENRE  # which got no vote
        states = {one["version"]: one["state"] for one in await listed(run)}
        assert states == {first: "retired", second: "active"}

        again = await run("soundslike", "train", "retrain", "--json")
        assert again.code == 0, again
        assert json.loads(again.out)["version"] == second

        rolled = await run("soundslike", "models", "rollback")
        assert rolled.code == 0, rolled
        for bot in bots:
            await bot.serves(first, songs[0])
        assert store.pointer == first

        compared = await learning.models(run, "compare", first, second)
        assert any(change["b"] == GENRE for change in compared["songs"])


async def test_bad_candidates_are_refused(store: Store, tmp_path: Path) -> None:
    async with loop(store, tmp_path, "rock") as (bots, run, songs):
        first = await bots[0].version(songs[0])
        # The songs are much alike, so that nothing can be learned from these votes.
        await learning.correct(bots, songs[:-1], cycle(WIDE[1:]), LETTERS)
        trained = await run("soundslike", "train", "retrain", "--json")
        assert trained.code == 3, trained
        outcome = json.loads(trained.out)
        assert outcome["state"] == "rejected"
        assert outcome["reasons"]

        good = await listed(run)
        shipped = BundleStore(tmp_path / "bundles")
        folder = shipped.folder(NAME) / first
        files = {file.name: file.read_bytes() for file in folder.iterdir()}
        for number, (version, (spoil, why)) in enumerate(SPOILED.items()):
            for name, content in spoil(files, version).items():
                store.write(f"{NAME}/{version}/{name}", content)
            refused = await run("soundslike", "models", "promote", version, "--force")
            assert refused.code == 1, (version, refused)
            assert refused.err
            assert "Traceback" not in refused.err
            store.make_active(version, number)  # as if it had not been refused
            for bot in bots:
                await bot.refuses(why)
                assert await bot.version(songs[0]) == first
        assert {one["version"] for one in good} <= {one["version"] for one in await listed(run)}


Files = dict[str, bytes]


def renamed(files: Files, version: str) -> Files:
    fields = json.loads(files[METADATA]) | {"version": version}
    return files | {METADATA: json.dumps(fields).encode()}


def tampered(files: Files, version: str) -> Files:
    changed = bytearray(files[MODEL])
    changed[len(changed) // 2] ^= 1
    return renamed(files | {MODEL: bytes(changed)}, version)


def cut(files: Files, version: str) -> Files:
    return renamed(files | {MODEL: files[MODEL][:1000]}, version)


def of_another_schema(files: Files, version: str) -> Files:
    fields = json.loads(renamed(files, version)[METADATA]) | {"schema_sha256": "0" * 64}
    return files | {METADATA: json.dumps(fields).encode()}


def of_another_model(files: Files, version: str) -> Files:
    fields = json.loads(renamed(files, version)[METADATA]) | {"name": "study"}
    return files | {METADATA: json.dumps(fields).encode()}


def no_json(files: Files, version: str) -> Files:
    del version
    return files | {METADATA: b"{"}


SPOILED: dict[str, tuple[Callable[[Files, str], Files], str]] = {
    "00000001": (tampered, "model.onnx is damaged"),
    "00000002": (cut, "model.onnx is damaged"),
    "00000003": (of_another_schema, "was trained on other features"),
    "00000004": (of_another_model, "keeps another model as wide 00000004"),
    "00000005": (no_json, "metadata.json cannot be read"),
}
"""What is wrong with a bundle, and the log's words on it, by its version in the store."""


@asynccontextmanager
async def loop(
    store: Store, folder: Path, genre: str
) -> AsyncIterator[tuple[list[Bot], Run, list[Song]]]:
    """Run two bots with a weakened model; yield them, a function for commands, and songs.

    The songs are of a genre by the judgement of the model that was not weakened.
    """
    bundles = folder / "bundles"
    write_weakened(bundles, GENRE)
    values = songs_of(Classifier(BundleStore().load(NAME)), genre, SONGS)
    songs = [song(f"Song {number}", f"Artist {number}", features=one, tags={})
             for number, one in enumerate(values)]  # fmt: skip
    async with MusicWorld(songs, limits=False).running() as world, AsyncExitStack() as stack:
        environment = bot_environment(folder) | world.environment | store.environment
        environment |= {
            "DATABASE_URL": f"sqlite:///{folder / 'soundslike.db'}",
            "USER_HASH_KEY": "k" * 64,
            "MODELS_DIR": str(bundles),
            "MODEL_CHECK_SECONDS": "0.5",
        }
        for name in BOTS:
            (folder / name).mkdir()
        bots = [
            await stack.enter_async_context(learning.bot(folder / name, environment))
            for name in BOTS
        ]
        yield bots, learning.command(folder, environment), songs


async def listed(run: Run) -> list[dict[str, Any]]:
    """Return the versions of the model."""
    return [one for one in await learning.models(run, "list") if one["name"] == NAME]
