"""Model bundles: folders with `metadata.json`, `model.onnx` and optional files for training.

`model.onnx` is the served model. Its input `features` is float32 [rows, features] in the order of
`Metadata.features`, NaN for missing values; its output `probabilities` is float32 [rows, genres] in
the order of `Metadata.genres`, calibrated. `subgenres.onnx` is an optional second model (see
`model.subgenres`). The other files are never served. A bundle from a model store may have a
`signature.json` (see `model.signature`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from model import bundle_files, priors, signature, subgenres, verdicts
from model.bundle_files import METADATA
from model.errors import BundleInvalid, SchemaMismatch, SignatureInvalid
from model.genres import WIDE
from model.metrics import Metrics
from model.schema import BY_NAME, schema_hash
from model.subgenres import SubgenreColumn
from model.verdicts import VerdictFigures

MODEL: Final = "model.onnx"
SUBGENRES: Final = "subgenres.onnx"
REHEARSAL: Final = "rehearsal.npz"
"""Feature distributions by genre, from which retraining without tables draws known songs."""

REPORT: Final = "report.json"
"""What the gate found (see `model.gate_report`); bundles of `train retrain` have one."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a retrained bundle comes from.

    Attributes:
        parent: Version of the model that it was compared with, and trained from without tables.
        base: Latest version in its ancestry that no correction was trained into; "" if it was
            fitted anew.
        rows_added: Number of corrected tracks that it was trained on.
        code_version: Version of the program.
        seed: Seed of all random draws.
        data_sha256: Digest of the corrections, and of the names of the tables, if any.
        votes_until: Time of the newest vote that was read for the training, in UTC and ISO 8601;
            "" if unknown, as in bundles of earlier versions.
    """

    parent: str
    base: str
    rows_added: int
    code_version: str
    seed: int
    data_sha256: str
    votes_until: str = ""

    @property
    def newest_vote(self) -> datetime | None:
        """Time of the newest vote that was read for the training; None if unknown."""
        return datetime.fromisoformat(self.votes_until) if self.votes_until else None


@dataclass(frozen=True, slots=True)
class Metadata:
    """Description of a bundle.

    Attributes:
        name: Name of the model.
        version: Version of the model.
        features: Names of the input columns.
        genres: Names of the output columns.
        verdicts: Threshold and figures of each verdict, by the values of `Verdict`.
        typical_song: Median of each feature over the training songs.
        typical_genres: Median of each feature over the training songs of each genre.
        metrics: Test figures.
        data: One entry for each training table: its name, rows and licence.
        libraries: Version of each library that the model was made with.
        priors: Shares of the genres by prior (see `model.priors`); empty for a model served as is.
        prior_temper: Exponent of the ratio of two priors, 0-1.
        subgenres: Output columns of the second model; empty without one.
        lineage: Where it comes from; None for a model that was fitted on tables alone.
        schema_sha256: Hash of the features' schema; set by `write`.
        files: SHA-256 of each file by name; set by `write`.
    """

    name: str
    version: str
    features: tuple[str, ...]
    genres: tuple[str, ...]
    verdicts: Mapping[str, VerdictFigures]
    typical_song: Mapping[str, float]
    typical_genres: Mapping[str, Mapping[str, float]]
    metrics: Metrics
    data: tuple[Mapping[str, Any], ...]
    libraries: Mapping[str, str]
    priors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    prior_temper: float = 0.0
    subgenres: tuple[SubgenreColumn, ...] = ()
    lineage: Lineage | None = None
    schema_sha256: str = ""
    files: Mapping[str, str] | None = None

    @classmethod
    def from_json(cls, text: str) -> "Metadata":
        """Read metadata, also of earlier versions; BundleInvalid if `text` is none."""
        try:
            fields = json.loads(text)
            verdicts.upgrade(fields)
            fields |= {name: tuple(fields[name]) for name in ("features", "genres", "data")}
            fields["metrics"] = Metrics.from_json(fields["metrics"])
            fields["verdicts"] = verdicts.read(fields["verdicts"])
            fields["subgenres"] = subgenres.read(fields.get("subgenres", ()), fields["genres"])
            fields["lineage"] = Lineage(**given) if (given := fields.get("lineage")) else None
            metadata = cls(**fields)
            priors.check(metadata.priors, metadata.prior_temper, metadata.genres)
            problem = _problem(fields)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BundleInvalid(f"{METADATA} cannot be read: {error!r}") from error
        if problem:
            raise BundleInvalid(f"{METADATA} is invalid: {problem}")
        return metadata

    def to_json(self) -> str:
        """Return the metadata as JSON; the same values give the same text."""
        fields = asdict(self)
        if self.lineage is None:  # as earlier versions wrote it, which refuse unknown fields
            del fields["lineage"]
        return json.dumps(fields, indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose files match the digests in its metadata.

    `report` is what the gate found (see `model.gate_report`); None if it was not judged.
    """

    metadata: Metadata
    onnx: bytes
    subgenres: bytes | None = None
    report: bytes | None = None


def read(folder: Path, keys: Sequence[bytes] = ()) -> Bundle:
    """Read the bundle in `folder` and check the digest of every file.

    Files that only training needs may be missing.

    Args:
        folder: The bundle's folder.
        keys: Public keys, one of which must have signed the bundle; none are needed without them.

    Raises:
        NoBundle: There is no bundle in the folder.
        BundleInvalid: A model is missing, or a file is damaged.
        SchemaMismatch: The model was trained on features that differ from `model.schema`.
        SignatureInvalid: None of the keys has signed it.
    """
    content = bundle_files.read_metadata(folder)
    metadata = Metadata.from_json(content.decode())
    if keys:
        text = signature_of(folder)
        if text is None:
            raise SignatureInvalid(f"the bundle in {folder} is not signed")
        signature.verify(text, content, metadata.name, metadata.version, keys)
    unknown = [name for name in metadata.features if name not in BY_NAME]
    if unknown or schema_hash(metadata.features) != metadata.schema_sha256:
        raise SchemaMismatch(f"{folder} was trained on other features than this version knows")
    files = metadata.files or {}
    served = (MODEL, SUBGENRES) if metadata.subgenres else (MODEL,)
    contents = bundle_files.read(folder, files, required=served)
    return Bundle(metadata, contents[MODEL], contents.get(SUBGENRES), contents.get(REPORT))


def write(folder: Path, metadata: Metadata, files: Mapping[str, bytes]) -> Metadata:
    """Write a bundle to `folder` in one step, replacing an existing one.

    Args:
        folder: The bundle's folder.
        metadata: Its metadata.
        files: Content of each file by name, `model.onnx` among them.

    Returns:
        The metadata with `schema_sha256` and `files` set.
    """
    complete = replace(
        metadata,
        schema_sha256=schema_hash(metadata.features),
        files=bundle_files.digests(files),
    )
    bundle_files.write(folder, complete.to_json(), files)
    return complete


def signature_of(folder: Path) -> str | None:
    """Return the content of the signature in a bundle's folder; None without a readable one."""
    try:
        return (folder / signature.SIGNATURE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _problem(fields: Mapping[str, Any]) -> str | None:
    """Return the first reason why these fields cannot be served; None if there is none."""
    genres = fields["genres"]
    checks = {
        "name and version must be texts": all(
            isinstance(fields[name], str) and fields[name] for name in ("name", "version")
        ),
        "features must be texts": all(isinstance(name, str) for name in fields["features"]),
        "genres must be known and unique": (
            bool(genres) and set(genres) <= set(WIDE) and len(set(genres)) == len(genres)
        ),
        "typical_song must hold numbers": _numbers(fields["typical_song"]),
        "typical_genres must hold numbers for each genre": all(
            _numbers(fields["typical_genres"][genre]) for genre in genres
        ),
        "the time of the newest vote must have a zone": _has_zone(fields["lineage"]),
    }
    return next((sentence for sentence, fine in checks.items() if not fine), None)


def _has_zone(lineage: Lineage | None) -> bool:
    newest = lineage.newest_vote if lineage else None
    return newest is None or newest.tzinfo is not None


def _numbers(values: object) -> bool:
    return isinstance(values, dict) and all(
        isinstance(number, (int, float)) for number in values.values()
    )
