"""What the tagger hears in labelled sound files, kept so that a second run is quick."""

import base64
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from tqdm import tqdm

import model.sound
from model.bundle_files import digest
from model.sound import embedding, music_guard
from model.sound.decoded import Decoded
from model.sound.folder import Hear, hear_all, hear_with
from model.sound.front_end import RATE, Floats
from model.sound.listener import SoundModel
from model.sound.resampling import resample
from model.sound.sound_table import Row
from model.sound.tagger_bundle import TaggerMetadata
from training.errors import CannotWrite

FAILED: Final = "failed"
"""Error in a row of a file that may be heard another time."""


@dataclass(frozen=True, slots=True)
class ClipSound:
    """What the tagger says of a clip.

    Attributes:
        tags: Network to its tags with their probabilities.
        embedding: float32 [EMBEDDING_SIZE], quantised as the bot stores it.
    """

    tags: Mapping[str, Mapping[str, float]]
    embedding: Floats

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """Read the cells that `hear_clip` returned."""
        values = embedding.from_bytes(base64.b64decode(row["embedding"]))
        return cls(json.loads(row["tags"]), values)


def hear_clip(path: Path) -> Row:
    """Return tags and embedding of a file as cells, or `error` and `reason`."""
    return hear_with(_cells, path)


def hear_clips(
    paths: Sequence[Path],
    tagger: TaggerMetadata,
    cache: Path,
    processes: int,
    hear_one: Hear = hear_clip,
) -> dict[Path, Row]:
    """Return the cells of the files, listening to those that are not in the cache.

    Args:
        paths: The files.
        tagger: The current tagger.
        cache: A database, which is created if need be.
        processes: Number of processes.
        hear_one: What is called for each file, in a process.

    Raises:
        BundleError: The tagger cannot be loaded.
        CannotWrite: The cache cannot be read or written.
    """
    rows: dict[Path, Row] = {}
    keys = _keys(paths, _version(tagger))
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(cache, isolation_level=None)) as database:
            database.execute("CREATE TABLE IF NOT EXISTS clips (key TEXT PRIMARY KEY, row TEXT)")
            known: dict[str, str] = dict(database.execute("SELECT key, row FROM clips").fetchall())
            rows |= {path: json.loads(known[key]) for path, key in keys.items() if key in known}
            left = [path for path in paths if path not in rows]
            with (
                closing(hear_all(left, processes, hear_one)) as heard,
                tqdm(heard, "listening", total=len(left), unit="file", disable=None) as bar,
            ):
                for path, row in bar:
                    rows[path] = row
                    if path in keys and row.get("error") != FAILED:
                        values = (keys[path], json.dumps(row))
                        database.execute("INSERT OR REPLACE INTO clips VALUES (?, ?)", values)
    except (OSError, sqlite3.Error) as error:
        raise CannotWrite(f"{cache}: the clips that were heard cannot be kept: {error}") from error
    return {path: rows[path] for path in paths}


def _cells(model: SoundModel, decoded: Decoded) -> dict[str, str]:
    excerpts = [resample(excerpt, decoded.rate, RATE) for excerpt in decoded.mono()]
    tagged = model.tag(excerpts)
    if no_music := music_guard.no_music(excerpts, tagged.tags):
        return {"error": "not_music", "reason": no_music.value}
    stored = embedding.to_bytes(tagged.embedding)
    return {"tags": json.dumps(tagged.tags), "embedding": base64.b64encode(stored).decode()}


def _keys(paths: Sequence[Path], version: str) -> dict[Path, str]:
    """Return the cache's key of each file that exists: a changed file has another one."""
    keys = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        text: list[Any] = [version, str(path.resolve()), status.st_size, status.st_mtime_ns]
        keys[path] = digest(json.dumps(text).encode("utf-8", "surrogateescape"))
    return keys


def _version(tagger: TaggerMetadata) -> str:
    """Return a digest of the networks, and of the code that listens."""
    networks = {name: one for name, one in tagger.files.items() if name.endswith(".onnx")}
    folder = Path(model.sound.__path__[0])
    files = sorted((*folder.glob("*.py"), *folder.glob("*.toml")))
    code = [path.read_text(encoding="utf-8") for path in files]
    return digest(json.dumps([networks, code]).encode())
