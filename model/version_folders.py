"""Folders of versions: `<root>/<name>/<version>/`; `<root>/<name>/current` holds the served one."""

import re
from pathlib import Path
from typing import Final

from model import bundle_files
from model.bundle_files import METADATA
from model.errors import BundleInvalid, NoBundle

CURRENT: Final = "current"

SAFE_NAME: Final = re.compile(r"\w[\w.-]{0,99}", re.ASCII)
"""Valid names of models, versions and files; they cannot lead to another folder."""


class VersionFolders:
    """The versions of each model in the folder `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> list[str]:
        """Return the names of the models with a current version, sorted."""
        return sorted(pointer.parent.name for pointer in self._root.glob(f"*/{CURRENT}"))

    def versions(self, name: str) -> list[str]:
        """Return the saved versions of a model, sorted; current or not."""
        saved = (path.parent.name for path in self.folder(name).glob(f"*/{METADATA}"))
        return sorted(version for version in saved if not version.startswith("."))

    def newest(self, name: str) -> list[str]:
        """Return the saved versions of a model, those written last first."""
        folder = self.folder(name)
        at = {one: (folder / one / METADATA).stat().st_mtime_ns for one in self.versions(name)}
        return sorted(at, key=lambda version: (-at[version], version))

    def remove(self, name: str, version: str) -> None:
        """Delete a saved version."""
        bundle_files.remove(self.folder(name) / version)

    def current(self, name: str) -> str:
        """Return the current version of a model; raises NoBundle if there is none."""
        try:
            version = (self.folder(name) / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            known = ", ".join(self.names()) or "none"
            raise NoBundle(f"there is no model {name!r}; there are: {known}") from None
        if not version:
            raise BundleInvalid(f"the pointer of model {name!r} is empty")
        return version

    def adopt(self, folder: Path, name: str, version: str) -> None:
        """Move a complete bundle from a folder on the same disk, without making it current."""
        bundle_files.adopt(folder, self.folder(name) / version)

    def point(self, name: str, version: str) -> None:
        """Replace the pointer in a model's folder atomically."""
        bundle_files.write_file(self.folder(name) / CURRENT, f"{version}\n".encode())

    def folder(self, name: str) -> Path:
        """Return the folder of a model's versions; raises NoBundle if the name is invalid."""
        folder = self._root / name
        if folder.parent != self._root:
            raise NoBundle(f"{name!r} is not a valid model name")
        return folder
