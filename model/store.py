"""Folder of bundles: `<root>/<name>/<version>/`; `<root>/<name>/current` holds the served version.

A bundle is published in two steps: `save` writes its files, `promote` makes it the current version.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from model import bundle, signature
from model.bundle import METADATA, Bundle, Metadata
from model.errors import BundleInvalid, NoBundle, SignatureInvalid

SHIPPED: Final = Path(__file__).parent / "bundles"
"""The bundles that are distributed with the code."""

CURRENT: Final = "current"


class BundleStore:
    """Saves, promotes and loads the bundles in the folder `root`.

    Args:
        root: The folder.
        keys: Public keys, one of which must have signed each bundle that is loaded or promoted;
            no signature is needed without them.
    """

    def __init__(self, root: Path = SHIPPED, keys: Sequence[bytes] = ()) -> None:
        self._root = root
        self._keys = keys

    def names(self) -> list[str]:
        """Return the names of the models with a current version, sorted."""
        return sorted(pointer.parent.name for pointer in self._root.glob(f"*/{CURRENT}"))

    def versions(self, name: str) -> list[str]:
        """Return the saved versions of a model, sorted; current or not."""
        saved = (path.parent.name for path in self._folder(name).glob(f"*/{METADATA}"))
        return sorted(version for version in saved if not version.startswith("."))

    def current(self, name: str) -> str:
        """Return the current version of a model; raises NoBundle if there is none."""
        try:
            version = (self._folder(name) / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            known = ", ".join(self.names()) or "none"
            raise NoBundle(f"there is no model {name!r}; there are: {known}") from None
        if not version:
            raise BundleInvalid(f"the pointer of model {name!r} is empty")
        return version

    def load(self, name: str, version: str | None = None) -> Bundle:
        """Read and check a bundle, by default the current one; raises BundleError."""
        return bundle.read(self._folder(name) / (version or self.current(name)), self._keys)

    def save(self, metadata: Metadata, files: Mapping[str, bytes]) -> Metadata:
        """Write a bundle without making it current; returns its completed metadata."""
        return bundle.write(self._folder(metadata.name) / metadata.version, metadata, files)

    def adopt(self, folder: Path, name: str, version: str) -> None:
        """Move a complete bundle from a folder on the same disk, without making it current."""
        bundle.adopt(folder, self._folder(name) / version)

    def last_signed(self, name: str) -> signature.Statement | None:
        """Return the latest statement about a model that one of the keys signed; None without."""
        found = []
        for version in self.versions(name):
            if text := bundle.signature_of(self._folder(name) / version):
                with suppress(SignatureInvalid):
                    found.append(signature.read(text, self._keys))
        mine = [statement for statement in found if statement.name == name]
        return max(mine, key=lambda statement: statement.signed_at, default=None)

    def promote(self, name: str, version: str) -> Metadata:
        """Make a saved version the current one, atomically; returns its metadata.

        The bundle is read first. Raises NoBundle if it was not saved, and BundleError if it cannot
        be read; the current version then stays.
        """
        folder = self._folder(name)
        if version not in self.versions(name):
            known = ", ".join(self.versions(name)) or "none"
            raise NoBundle(f"model {name!r} has no version {version!r}; there are: {known}")
        metadata = bundle.read(folder / version, self._keys).metadata
        if (metadata.name, metadata.version) != (name, version):
            raise BundleInvalid(f"{folder / version} holds another model than {name} {version}")
        _point(folder, version)
        return metadata

    def _folder(self, name: str) -> Path:
        folder = self._root / name
        if folder.parent != self._root:
            raise NoBundle(f"{name!r} is not a valid model name")
        return folder


def _point(folder: Path, version: str) -> None:
    """Replace the pointer in a model's folder atomically."""
    handle, path = tempfile.mkstemp(dir=folder, prefix=".current-")
    with os.fdopen(handle, "w", encoding="utf-8") as pointer:
        pointer.write(version + "\n")
    Path(path).chmod(0o644)
    Path(path).replace(folder / CURRENT)
