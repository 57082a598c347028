"""Folder of bundles: `<root>/<name>/<version>/`; `<root>/<name>/current` holds the served version.

A bundle is published in two steps: `save` writes its files, `promote` makes it the current version.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from model import bundle, signature
from model.bundle import Bundle, Metadata
from model.errors import BundleInvalid, NoBundle, SignatureInvalid
from model.version_folders import VersionFolders

SHIPPED: Final = Path(__file__).parent / "bundles"
"""The bundles that are distributed with the code."""


class BundleStore(VersionFolders):
    """Saves, promotes and loads the bundles in the folder `root`.

    Args:
        root: The folder.
        keys: Public keys, one of which must have signed each bundle that is loaded or promoted;
            no signature is needed without them.
    """

    def __init__(self, root: Path = SHIPPED, keys: Sequence[bytes] = ()) -> None:
        super().__init__(root)
        self._keys = keys

    def load(self, name: str, version: str | None = None) -> Bundle:
        """Read and check a bundle, by default the current one; raises BundleError."""
        return bundle.read(self.folder(name) / (version or self.current(name)), self._keys)

    def save(self, metadata: Metadata, files: Mapping[str, bytes]) -> Metadata:
        """Write a bundle without making it current; returns its completed metadata."""
        return bundle.write(self.folder(metadata.name) / metadata.version, metadata, files)

    def last_signed(self, name: str) -> signature.Statement | None:
        """Return the latest statement about a model that one of the keys signed; None without."""
        found = []
        for version in self.versions(name):
            if text := bundle.signature_of(self.folder(name) / version):
                with suppress(SignatureInvalid):
                    found.append(signature.read(text, self._keys))
        mine = [statement for statement in found if statement.name == name]
        return max(mine, key=lambda statement: statement.signed_at, default=None)

    def promote(self, name: str, version: str) -> Metadata:
        """Make a saved version the current one, atomically; returns its metadata.

        The bundle is read first. Raises NoBundle if it was not saved, and BundleError if it cannot
        be read; the current version then stays.
        """
        folder = self.folder(name)
        if version not in self.versions(name):
            known = ", ".join(self.versions(name)) or "none"
            raise NoBundle(f"model {name!r} has no version {version!r}; there are: {known}")
        metadata = bundle.read(folder / version, self._keys).metadata
        if (metadata.name, metadata.version) != (name, version):
            raise BundleInvalid(f"{folder / version} holds another model than {name} {version}")
        self.point(name, version)
        return metadata
