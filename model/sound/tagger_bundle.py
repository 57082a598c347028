"""Bundles of the tagger: `model/taggers/<name>/<version>/`, and the pointer `current` beside them.

A bundle has `metadata.json`, an ONNX model for each network (see `model.sound.networks`), the
networks' licence, and perhaps `head.npz` (see `model.sound.head`).
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from model import bundle_files, verdicts
from model.bundle_files import METADATA
from model.errors import BundleInvalid
from model.genres import WIDE
from model.sound.fusion import Exponents
from model.sound.head import Head
from model.sound.networks import EMBEDDED_BY
from model.verdicts import VerdictFigures
from model.version_folders import VersionFolders

SHIPPED: Final = Path(__file__).parents[1] / "taggers"
"""The bundles that are distributed with the code."""

NAME: Final = "musicnn"
"""Name of the tagger that is shipped."""

HEAD: Final = "head.npz"
LICENSE: Final = "LICENSE.md"

VERSION_LENGTH: Final = 8


@dataclass(frozen=True, slots=True)
class HeadMetadata:
    """Description of the head.

    Attributes:
        inputs: What its inputs are: `embedding`, or the name of a network for its tags.
        genres: Names of its genres. The table alone decides on the others.
        verdicts: Threshold and figures of each verdict, by the values of `Verdict`.
        exponents: How the genres are multiplied with those by audio features; None if they are
            not.
        adds_only: Whether it tells only those that the table cannot tell; see `fusion.refined`.
        metrics: Figures on held-out clips.
    """

    inputs: tuple[str, ...]
    genres: tuple[str, ...]
    verdicts: Mapping[str, VerdictFigures]
    exponents: Exponents | None = None
    adds_only: bool = False
    metrics: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """Read what is in the metadata; raise KeyError, TypeError or ValueError if invalid."""
        fields = dict(content)
        fields |= {name: tuple(fields[name]) for name in ("inputs", "genres")}
        fields["verdicts"] = verdicts.read(fields["verdicts"])
        exponents = fields.get("exponents")
        fields["exponents"] = Exponents(**exponents) if exponents else None
        head = cls(**fields)
        if not isinstance(head.adds_only, bool):
            raise TypeError("adds_only must be true or false")
        if not head.genres or set(head.genres) - set(WIDE):
            raise ValueError("the genres of the head must be known")
        if exponents and not all(0 <= float(one) < math.inf for one in exponents.values()):
            raise ValueError("exponents must be finite, and at least 0")
        return head


@dataclass(frozen=True, slots=True)
class TaggerMetadata:
    """Description of a bundle of the tagger.

    Attributes:
        name: Name of the tagger.
        version: Digest of all else; set by `TaggerStore.save`.
        origin: Where the networks are from.
        license: Their licence, as an SPDX identifier; its text is in LICENSE.
        tags: Name of each network to its tags, in the order of its output. How common they are, and
            which genres they mean, is in the data files of `model.sound`.
        data: One entry for each collection that a network was trained on: its name, source, tracks
            and what is known of its licence.
        libraries: Version of each library that the networks were converted with.
        head: Description of the head; None without one.
        files: SHA-256 of each file by name; set by `TaggerStore.save`.
    """

    name: str
    origin: str
    license: str
    tags: Mapping[str, tuple[str, ...]]
    data: tuple[Mapping[str, Any], ...]
    libraries: Mapping[str, str]
    head: HeadMetadata | None = None
    version: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read metadata; BundleInvalid if `text` is none."""
        try:
            fields = json.loads(text)
            fields["tags"] = {name: tuple(own) for name, own in fields["tags"].items()}
            fields["data"] = tuple(fields["data"])
            if fields["head"] is not None:
                fields["head"] = HeadMetadata.from_dict(fields["head"])
            metadata = cls(**fields)
            problem = _problem(fields)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BundleInvalid(f"{METADATA} cannot be read: {error!r}") from error
        if problem:
            raise BundleInvalid(f"{METADATA} is invalid: {problem}")
        return metadata

    def to_json(self) -> str:
        """Return the metadata as JSON; the same values give the same text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class TaggerBundle:
    """A bundle whose files match the digests in its metadata.

    Attributes:
        metadata: Its description.
        networks: Name of each network to its ONNX model.
        head: The head; None without one.
    """

    metadata: TaggerMetadata
    networks: Mapping[str, bytes]
    head: Head | None = None


class TaggerStore(VersionFolders):
    """Saves, promotes and loads the taggers in the folder `root`."""

    def __init__(self, root: Path = SHIPPED) -> None:
        super().__init__(root)

    def load(self, name: str = NAME, version: str | None = None) -> TaggerBundle:
        """Read and check a bundle, by default the current one; raises BundleError."""
        return read(self.folder(name) / (version or self.current(name)))

    def save(self, metadata: TaggerMetadata, files: Mapping[str, bytes]) -> TaggerMetadata:
        """Write a bundle without making it current, replacing an existing one of that version.

        Args:
            metadata: Its metadata.
            files: Content of each file by name.

        Returns:
            The metadata with `version` and `files` set.
        """
        unnamed = replace(
            metadata, version="", files=bundle_files.digests(dict(sorted(files.items())))
        )
        version = bundle_files.digest(unnamed.to_json().encode())[:VERSION_LENGTH]
        complete = replace(unnamed, version=version)
        bundle_files.write(self.folder(metadata.name) / version, complete.to_json(), files)
        return complete

    def promote(self, name: str, version: str) -> None:
        """Make a saved version the current one; raises BundleError if it cannot be served."""
        found = self.load(name, version).metadata
        if (found.name, found.version) != (name, version):
            raise BundleInvalid(f"{self.folder(name) / version} holds another model")
        self.point(name, version)


def read(folder: Path) -> TaggerBundle:
    """Read the bundle in `folder` and check the digest of every file.

    Raises:
        NoBundle: There is no bundle in the folder.
        BundleInvalid: A file is missing or damaged.
    """
    metadata = TaggerMetadata.from_json(bundle_files.read_metadata(folder).decode())
    networks = {name: network_file(name) for name in metadata.tags}
    required = [*networks.values(), LICENSE, *([HEAD] if metadata.head else [])]
    contents = bundle_files.read(folder, metadata.files, required)
    return TaggerBundle(
        metadata,
        {name: contents[file] for name, file in networks.items()},
        _head(metadata, contents),
    )


def network_file(name: str) -> str:
    """Return the name of a network's file."""
    return f"{name}.onnx"


def _head(metadata: TaggerMetadata, contents: Mapping[str, bytes]) -> Head | None:
    if metadata.head is None:
        return None
    head = metadata.head
    return Head.from_bytes(contents[HEAD], head.inputs, head.genres, metadata.tags)


def _problem(fields: Mapping[str, Any]) -> str | None:
    """Return the first reason why this bundle cannot be served; None if there is none."""
    tags, texts = fields["tags"], ("name", "version", "origin", "license")
    checks = {
        f"{', '.join(texts)} must be texts": all(
            isinstance(fields[name], str) and fields[name] for name in texts
        ),
        f"there must be tags of {EMBEDDED_BY}": EMBEDDED_BY in tags,
        "tags must be texts, each once": all(
            own and all(isinstance(tag, str) for tag in own) and len(set(own)) == len(own)
            for own in tags.values()
        ),
        "files must have digests": all(isinstance(one, str) for one in fields["files"].values()),
    }
    return next((sentence for sentence, fine in checks.items() if not fine), None)
