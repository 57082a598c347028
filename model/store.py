"""Where bundles live: `<root>/<name>/<version>/`, and `<root>/<name>/current` names the version."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from model import bundle
from model.bundle import Bundle, Metadata
from model.errors import BundleInvalid, NoBundle

SHIPPED: Final = Path(__file__).parent / "bundles"
"""The bundles that come with the code."""

CURRENT: Final = "current"


class BundleStore:
    """A folder of bundles; each name points at the version to serve."""

    def __init__(self, root: Path = SHIPPED) -> None:
        self._root = root

    def names(self) -> list[str]:
        """List the names that can be loaded, sorted."""
        return sorted(pointer.parent.name for pointer in self._root.glob(f"*/{CURRENT}"))

    def current(self, name: str) -> str:
        """Return the version that `name` points at; raises NoBundle when there is none."""
        try:
            version = (self._folder(name) / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            known = ", ".join(self.names()) or "none"
            raise NoBundle(f"there is no model {name!r}; there are: {known}") from None
        if not version:
            raise BundleInvalid(f"the pointer of model {name!r} is empty")
        return version

    def load(self, name: str, version: str | None = None) -> Bundle:
        """Read and check a bundle, the current one by default; raises BundleError."""
        return bundle.read(self._folder(name) / (version or self.current(name)))

    def save(self, metadata: Metadata, files: Mapping[str, bytes]) -> Metadata:
        """Write a bundle, then point its name at it."""
        folder = self._folder(metadata.name)
        complete = bundle.write(folder / metadata.version, metadata, files)
        self._point(folder, metadata.version)
        return complete

    def _folder(self, name: str) -> Path:
        folder = self._root / name
        if folder.parent != self._root:
            raise NoBundle(f"{name!r} is no model's name")
        return folder

    @staticmethod
    def _point(folder: Path, version: str) -> None:
        handle, path = tempfile.mkstemp(dir=folder, prefix=".current-")
        with os.fdopen(handle, "w", encoding="utf-8") as pointer:
            pointer.write(version + "\n")
        Path(path).chmod(0o644)
        Path(path).replace(folder / CURRENT)
