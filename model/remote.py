"""A model store that machines share: a folder, or any address that fsspec can open (`s3://...`).

It is laid out as `model.store` lays out a folder. A bundle's files are put there first and its
pointer last, so whoever reads the pointer finds the bundle whole. What is fetched is checked before
it counts: every digest, the features, and that the model can be served. Digests guard against
damage and cut transfers, not against one who may write to the store: to let somebody write there is
to let them choose the model.

No call here is bounded in time: whoever must not wait long puts a limit on it.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fsspec.callbacks import Callback
from fsspec.core import url_to_fs
from fsspec.utils import get_protocol

from model import bundle
from model.bundle import METADATA, Metadata
from model.classifier import Classifier
from model.errors import BundleError, BundleInvalid, NoBundle, StoreUnavailable
from model.store import CURRENT, BundleStore

PLAIN_NAME: Final = re.compile(r"\w[\w.-]*", re.ASCII)
"""What a model, a version or a file may be called: a name that leads to no other folder."""

MOST_TEXT: Final = 1 << 20
MOST_BYTES: Final = 1 << 28
"""Bytes of a pointer or of metadata, and of a whole bundle, that are ever read."""

OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "file": {"auto_mkdir": True},
    "s3": {
        "config_kwargs": {
            "connect_timeout": 5,
            "read_timeout": 15,
            "retries": {"total_max_attempts": 1},  # s3fs itself tries again
        }
    },
}
"""What a filesystem is opened with, by protocol; its library finds credentials in its own way."""

Progress = Callable[[int, int], object]
"""Told how many bytes are there, and of how many."""


class RemoteStore:
    """The store at `url`; raises StoreUnavailable when the address means nothing to fsspec.

    Every call raises StoreUnavailable when the store cannot be reached, read or written.
    """

    def __init__(self, url: str) -> None:
        self._name = shown(url)
        with self._asking():
            # One of its own: fsspec would keep one, and what it knew, for the whole process.
            self._files, self._root = url_to_fs(
                url, skip_instance_cache=True, **OPTIONS.get(get_protocol(url), {})
            )
            if not self._root.strip("/"):
                raise ValueError("the address names no folder and no bucket")

    def current(self, name: str) -> str:
        """Return the version that `name` points at; raises NoBundle, BundleInvalid."""
        version = self._text(name, CURRENT).strip()
        if not PLAIN_NAME.fullmatch(version):
            raise BundleInvalid(f"{self._name}: the pointer of model {name!r} names no version")
        return version

    def fetch(self, name: str, version: str, root: Path, progress: Progress) -> Metadata:
        """Bring a version into the store in the folder `root` and point its name at it.

        Raises NoBundle, BundleInvalid and SchemaMismatch, and then nothing there has changed;
        OSError when `root` cannot be written.
        """
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix=".fetched-") as scratch:
            folder = Path(scratch)
            self._download(name, version, folder, progress)
            found = bundle.read(folder)
            if (found.metadata.name, found.metadata.version) != (name, version):
                raise BundleInvalid(f"{self._name} keeps another model as {name} {version}")
            Classifier(found)  # can it be served?
            files = {file: (folder / file).read_bytes() for file in found.metadata.files or {}}
        return BundleStore(root).save(found.metadata, files)

    def publish(self, name: str, root: Path, progress: Progress) -> Metadata:
        """Put the current bundle that `name` has in the folder `root` here, its pointer last.

        Raises BundleError when that bundle is not whole.
        """
        metadata = BundleStore(root).load(name).metadata
        source = root / name / metadata.version
        listed = [source / file for file in metadata.files or {}]
        files = [file for file in (*listed, source / METADATA) if file.exists()]
        count = _Counter(progress, sum(file.stat().st_size for file in files))
        with self._asking():
            folder = self._folder(name, metadata.version)
            for file in files:
                self._files.put_file(str(file), f"{folder}/{file.name}", callback=count)
                count.finished(file.stat().st_size)
            self._files.pipe_file(self._path(name, CURRENT), f"{metadata.version}\n".encode())
        return metadata

    def _download(self, name: str, version: str, folder: Path, progress: Progress) -> None:
        text = self._text(name, version, METADATA)
        (folder / METADATA).write_text(text, encoding="utf-8")
        sizes = self._sizes(name, version, Metadata.from_json(text).files or {})
        count = _Counter(progress, sum(sizes.values()))
        if count.total > MOST_BYTES:
            raise BundleInvalid(f"{self._name}: {name} {version} has {count.total} bytes")
        for file, size in sizes.items():
            path = self._path(name, version, file)
            with self._asking():
                self._files.get_file(path, str(folder / file), callback=count)
            count.finished(size)

    def _sizes(self, name: str, version: str, files: Iterable[str]) -> dict[str, int]:
        """Return the size of each file that is there; `bundle.read` says if one is missed."""
        sizes = {}
        for file in files:
            with self._asking(), suppress(FileNotFoundError):
                sizes[file] = int(self._files.size(self._path(name, version, file)))
        return sizes

    def _text(self, *parts: str) -> str:
        """Read a small file; raises NoBundle when it is not there."""
        path = self._path(*parts)
        with self._asking():
            try:
                content: bytes = self._files.cat_file(path, end=MOST_TEXT)
            except FileNotFoundError:
                raise NoBundle(f"{self._name} has no {'/'.join(parts)}") from None
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise BundleInvalid(f"{self._name}: {'/'.join(parts)} is no text") from error

    def _path(self, *parts: str) -> str:
        if not all(PLAIN_NAME.fullmatch(part) for part in parts):
            raise NoBundle(f"{'/'.join(parts)!r} names no file of a model")
        return "/".join((self._root, *parts))

    def _folder(self, name: str, version: str) -> str:
        """Make a version's folder where there are folders; a bucket is never made."""
        for parts in ((name,), (name, version)):
            with suppress(FileExistsError, FileNotFoundError):
                self._files.mkdir(self._path(*parts), create_parents=False)
        return self._path(name, version)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Turn what a filesystem raises into StoreUnavailable."""
        try:
            yield
        except BundleError:
            raise
        except Exception as error:  # filesystems' errors share no base class
            why = " ".join(str(error).split()) or type(error).__name__
            raise StoreUnavailable(f"{self._name} cannot be used: {why}") from error


class _Counter(Callback):  # type: ignore[misc]  # fsspec ships no types
    """Adds up what was moved over several files."""

    def __init__(self, progress: Progress, total: int) -> None:
        super().__init__()
        self.total = total
        self._progress = progress
        self._before = 0
        self._within = 0

    def relative_update(self, inc: int = 1) -> None:
        """Count bytes of the file under way."""
        self._within += inc
        self._progress(self._before + self._within, self.total)

    def finished(self, size: int) -> None:
        """Count a file as whole, whatever was told of it before."""
        self._before += size
        self._within = 0
        self._progress(self._before, self.total)


def shown(url: str) -> str:
    """Return an address without what may be secret in it: user, password and query."""
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        return url
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
