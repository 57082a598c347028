"""Files of a bundle: checked by the digests in its metadata, and replaced in one step."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from model.errors import BundleInvalid, NoBundle

METADATA: Final = "metadata.json"


def read_metadata(folder: Path) -> bytes:
    """Return the bundle's metadata as it is stored, valid UTF-8.

    Raises:
        NoBundle: There is no bundle in the folder.
        BundleInvalid: It cannot be read.
    """
    try:
        content = (folder / METADATA).read_bytes()
        content.decode()
    except FileNotFoundError:
        raise NoBundle(f"there is no bundle in {folder}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BundleInvalid(f"{folder / METADATA} cannot be read: {error}") from error
    return content


def read(folder: Path, expected: Mapping[str, str], required: Collection[str]) -> dict[str, bytes]:
    """Return the content of the bundle's files by name.

    Args:
        folder: The bundle's folder.
        expected: SHA-256 of each file by name.
        required: Names of the files that must be there; others may be missing.

    Raises:
        BundleInvalid: A required file is missing, a file is damaged, or outside the folder.
    """
    for name in required:
        if name not in expected:
            raise BundleInvalid(f"{folder} lists no {name}")
    present = [name for name in expected if name in required or _inside(folder, name).exists()]
    return {name: _checked(_inside(folder, name), expected[name]) for name in present}


def write(folder: Path, metadata: str, files: Mapping[str, bytes]) -> None:
    """Write metadata and files to `folder` in one step, replacing an existing bundle."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as scratch:
        new = Path(scratch) / "bundle"
        new.mkdir()
        for name, content in files.items():
            (new / name).write_bytes(content)
        (new / METADATA).write_text(metadata, encoding="utf-8")
        adopt(new, folder)


def adopt(new: Path, folder: Path) -> None:
    """Move a complete bundle to `folder` on the same disk, replacing an existing one.

    If that one has the same metadata, its files are replaced one by one, so that it is there and
    undamaged all the time. Another one is moved away first, as folders cannot be exchanged.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if _is_same(new, folder):
        for file in new.iterdir():
            file.replace(folder / file.name)
        return
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".old-") as scratch:
        if folder.exists():
            shutil.move(folder, Path(scratch) / "old")
        new.replace(folder)


def remove(folder: Path) -> None:
    """Delete a bundle in one step."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".old-") as scratch:
        folder.rename(Path(scratch) / "old")


def write_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that it is never half written."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(handle)
        new.chmod(0o644)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the digest of each file by name."""
    return {name: digest(content) for name, content in files.items()}


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _is_same(new: Path, folder: Path) -> bool:
    """Return whether two bundles have the same metadata, and therefore the same files."""
    try:
        return (folder / METADATA).read_bytes() == (new / METADATA).read_bytes()
    except OSError:
        return False


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
