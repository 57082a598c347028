"""A trained model on disk: a folder of `metadata.json`, `model.onnx` and, for retraining, more.

`model.onnx` is what is served: input `features`, float32 [rows, features] in the order of
`Metadata.features`, NaN where a value is missing; output `probabilities`, float32 [rows, genres] in
the order of `Metadata.genres`, calibrated. Every other file is for training and never served.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from model.errors import BundleInvalid, NoBundle, SchemaMismatch
from model.genres import WIDE
from model.schema import BY_NAME, schema_hash

METADATA: Final = "metadata.json"
MODEL: Final = "model.onnx"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a bundle says about itself.

    `features` are the input columns, `genres` the output columns. A prediction is unsure where its
    best probability is under `unsure_below`, close where the best two differ by less than
    `close_margin`. `typical_song` holds the median of each feature over the training songs,
    `typical_genres` the same per genre. `metrics` holds figures by split, `data` one entry for
    each training table (name, rows, licence). `files` maps each file's name to its SHA-256; `write`
    fills it in, and `schema_sha256` with it.
    """

    name: str
    version: str
    features: tuple[str, ...]
    genres: tuple[str, ...]
    close_margin: float
    unsure_below: float
    typical_song: Mapping[str, float]
    typical_genres: Mapping[str, Mapping[str, float]]
    metrics: Mapping[str, Any]
    data: tuple[Mapping[str, Any], ...]
    libraries: Mapping[str, str]
    schema_sha256: str = ""
    files: Mapping[str, str] | None = None

    @classmethod
    def from_json(cls, text: str) -> "Metadata":
        """Read metadata; raises BundleInvalid when `text` is anything else."""
        try:
            fields = json.loads(text)
            fields |= {name: tuple(fields[name]) for name in ("features", "genres", "data")}
            metadata = cls(**fields)
            problem = _problem(fields)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BundleInvalid(f"{METADATA} cannot be read: {error!r}") from error
        if problem:
            raise BundleInvalid(f"{METADATA} makes no sense: {problem}")
        return metadata

    def to_json(self) -> str:
        """Write metadata, the same text for the same values."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose files were found to be what its metadata says."""

    metadata: Metadata
    onnx: bytes


def read(folder: Path) -> Bundle:
    """Read the bundle in `folder` and check every file's digest.

    Raises NoBundle when there is none, BundleInvalid when the model is missing or a file damaged,
    and SchemaMismatch when it was trained on other features than `model.schema` has.
    """
    try:
        text = (folder / METADATA).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NoBundle(f"there is no bundle in {folder}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BundleInvalid(f"{folder / METADATA} cannot be read: {error}") from error
    metadata = Metadata.from_json(text)
    unknown = [name for name in metadata.features if name not in BY_NAME]
    if unknown or schema_hash(metadata.features) != metadata.schema_sha256:
        raise SchemaMismatch(f"{folder} was trained on other features than this version knows")
    files = metadata.files or {}
    if MODEL not in files:
        raise BundleInvalid(f"{folder} lists no {MODEL}")
    # What is not served may be left out where the bundle is only served.
    there = [name for name in files if name == MODEL or _inside(folder, name).exists()]
    contents = {name: _checked(_inside(folder, name), files[name]) for name in there}
    return Bundle(metadata, contents[MODEL])


def write(folder: Path, metadata: Metadata, files: Mapping[str, bytes]) -> Metadata:
    """Write a bundle into `folder`, whole or not at all, and return its completed metadata.

    `files` must hold `model.onnx`. A bundle that stands in `folder` already is replaced.
    """
    complete = replace(
        metadata,
        schema_sha256=schema_hash(metadata.features),
        files={name: digest(content) for name, content in files.items()},
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as scratch:
        new = Path(scratch) / "bundle"
        new.mkdir()
        for name, content in files.items():
            (new / name).write_bytes(content)
        (new / METADATA).write_text(complete.to_json(), encoding="utf-8")
        if folder.exists():
            shutil.move(folder, Path(scratch) / "old")
        new.replace(folder)
    return complete


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if path.parent != folder:
        raise BundleInvalid(f"{name!r} lies outside the bundle")
    return path


def _checked(path: Path, expected: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BundleInvalid(f"{path} cannot be read: {error}") from error
    if digest(content) != expected:
        raise BundleInvalid(f"{path} is damaged: its digest is not the one in {METADATA}")
    return content


def _problem(fields: Mapping[str, Any]) -> str | None:
    """Say what would keep a bundle with this metadata from being served; None: nothing."""
    genres, bounds = fields["genres"], (fields["close_margin"], fields["unsure_below"])
    checks = {
        "name and version must be texts": all(
            isinstance(fields[name], str) and fields[name] for name in ("name", "version")
        ),
        "features must be texts": all(isinstance(name, str) for name in fields["features"]),
        "genres must be some of ours, each once": (
            bool(genres) and set(genres) <= set(WIDE) and len(set(genres)) == len(genres)
        ),
        "close_margin and unsure_below must lie within 0-1": all(
            isinstance(bound, (int, float)) and 0 <= bound <= 1 for bound in bounds
        ),
        "typical_song must hold numbers": _numbers(fields["typical_song"]),
        "typical_genres must hold numbers for each genre": all(
            _numbers(fields["typical_genres"][genre]) for genre in genres
        ),
    }
    return next((sentence for sentence, fine in checks.items() if not fine), None)


def _numbers(values: object) -> bool:
    return isinstance(values, dict) and all(
        isinstance(number, (int, float)) for number in values.values()
    )
