"""Files of a model store, at any address that fsspec opens: a folder, `s3://...` and others.

A file or bundle in a folder is written beside its place and then moved there. Object stores replace
an object at once; there and elsewhere, a bundle's metadata, without which it is none, is written
last.
"""

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fsspec.callbacks import Callback
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from fsspec.utils import get_protocol

from model import addresses, bundle_files, redaction
from model.addresses import is_loopback
from model.bundle_files import METADATA
from model.errors import BundleError, BundleInvalid, NoBundle, StoreUnavailable
from model.event_log import Parts
from model.version_folders import SAFE_NAME

MAX_TEXT_BYTES: Final = 1 << 20
"""Maximum size of a pointer, metadata, signature or report that is read."""

OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "file": {"auto_mkdir": True},
    "s3": {
        "use_listings_cache": False,  # other processes write to the store
        "config_kwargs": {
            "connect_timeout": 5,
            "read_timeout": 15,
            "retries": {"total_max_attempts": 1},  # s3fs itself retries
        },
    },
}
"""Filesystem options by protocol; credentials are found by the filesystem's library."""

PROBE: Final = "write-test"
"""Name of a file that is written to see whether that is possible."""

Progress = Callable[[int, int], object]
"""Callback with the number of bytes transferred, and of bytes in total."""


class StoreFiles:
    """The files of the store at `url`; raises StoreUnavailable if fsspec cannot open the address.

    Every method raises StoreUnavailable if the store cannot be reached, read or written, and
    NoBundle for names that are not valid.

    Attributes:
        name: Address of the store, without secrets.
    """

    def __init__(self, url: str) -> None:
        self.name = redaction.public_address(url)
        self._redact = redaction.Redactor(redaction.secret_parts(url))
        with self._errors():
            addresses.check_store(url)
            # fsspec would otherwise share the instance and its listings with the whole process.
            self._fs, self._root = url_to_fs(url, skip_instance_cache=True, **_options(url))
            if not self._root.strip("/"):
                raise ValueError("the address names no folder and no bucket")
        self._folder = Path(self._root) if isinstance(self._fs, LocalFileSystem) else None

    def sizes(self, *folder: str) -> dict[Parts, int]:
        """Return the size in bytes of each file with a valid name in the store, or in a folder."""
        top = self._path(*folder) if folder else self._root
        with self._errors():
            self._fs.invalidate_cache()
            found = self._fs.find(top, detail=True)
        start = len(self._root.rstrip("/")) + 1
        listed = {tuple(str(path)[start:].split("/")): info for path, info in found.items()}
        return {
            parts: int(info.get("size") or 0)
            for parts, info in listed.items()
            if all(SAFE_NAME.fullmatch(part) for part in parts)
        }

    def size(self, *parts: str) -> int | None:
        """Return the size of a file in bytes; None if it does not exist."""
        path = self._path(*parts)
        with self._errors():
            self._fs.invalidate_cache()
            with suppress(FileNotFoundError):
                return int(self._fs.size(path))
        return None

    def read(self, *parts: str) -> bytes:
        """Return the content of a small file.

        Raises NoBundle if it does not exist, BundleInvalid if it has more than MAX_TEXT_BYTES.
        """
        path = self._path(*parts)
        with self._errors():
            try:
                content: bytes = self._fs.cat_file(path, end=MAX_TEXT_BYTES + 1)
            except FileNotFoundError:
                raise NoBundle(f"{self.name} has no {'/'.join(parts)}") from None
        if len(content) > MAX_TEXT_BYTES:
            raise BundleInvalid(f"{self.name}: {'/'.join(parts)} is too large")
        return content

    def text(self, *parts: str) -> str:
        """Return the text in a small file; raises NoBundle and BundleInvalid as `read` does."""
        try:
            return self.read(*parts).decode()
        except UnicodeDecodeError as error:
            raise BundleInvalid(f"{self.name}: {'/'.join(parts)} is not text") from error

    def read_many(self, files: Collection[Parts]) -> dict[Parts, bytes]:
        """Return the contents of small files by place, read together.

        Those that do not exist or have more than MAX_TEXT_BYTES are left out.
        """
        places = list(files)
        paths = [self._path(*parts) for parts in places]
        with self._errors():
            ends = [MAX_TEXT_BYTES + 1] * len(paths)
            found = self._fs.cat_ranges(paths, [0] * len(paths), ends, on_error="return")
            for one in found:
                if isinstance(one, Exception) and not isinstance(one, FileNotFoundError):
                    raise one
        return {
            place: content
            for place, content in zip(places, found, strict=True)
            if isinstance(content, bytes) and len(content) <= MAX_TEXT_BYTES
        }

    def write(self, content: bytes, *parts: str) -> None:
        """Write a small file, replacing an existing one at once."""
        path = self._path(*parts)
        with self._errors():
            if self._folder:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                bundle_files.write_file(Path(path), content)
            else:
                self._make_folders(*parts[:-1])
                self._fs.pipe_file(path, content)

    def check_writable(self, folder: str) -> None:
        """Write a file to a folder and delete it."""
        self.write(b"", folder, PROBE)
        with suppress(Exception):  # who may write may not always delete
            self._fs.rm_file(self._path(folder, PROBE))

    def delete(self, *folder: str) -> None:
        """Delete a bundle; its metadata, without which it is none, first."""
        path = self._path(*folder)
        with self._errors():
            self._fs.invalidate_cache()
            with suppress(FileNotFoundError):
                self._fs.rm_file(f"{path}/{METADATA}")
            with suppress(FileNotFoundError):
                self._fs.rm(path, recursive=True)

    def upload(
        self, files: Iterable[Path], name: str, version: str, progress: Progress, signature: Path
    ) -> None:
        """Write a bundle, replacing an existing one; what was written of it is deleted on failure.

        Args:
            files: Its files, with the metadata.
            name: The model's name.
            version: Its version.
            progress: Callback.
            signature: File of the signature, which may not exist; the one in the store then stays.
        """
        path = self._path(name, version)
        known = [file for file in (*files, signature) if file.exists()]
        ordered = sorted(known, key=lambda file: file.name == METADATA)
        counter = Counter(progress, sum(file.stat().st_size for file in ordered))
        with self._errors():
            if self._folder:
                self._upload_to_folder(ordered, Path(path), counter, signature.name)
            else:
                self._upload_files(ordered, name, version, counter)

    def download(self, *parts: str, target: Path, counter: "Counter") -> None:
        """Download a file."""
        path = self._path(*parts)
        with self._errors():
            self._fs.get_file(path, str(target), callback=counter)
        counter.finish(target.stat().st_size)

    def _upload_to_folder(
        self, files: Iterable[Path], target: Path, counter: "Counter", signature: str
    ) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as scratch:
            new = Path(scratch) / "bundle"
            new.mkdir()
            for file in files:
                self._fs.put_file(str(file), str(new / file.name))
                counter.finish(file.stat().st_size)
            if (target / signature).exists() and not (new / signature).exists():
                self._fs.put_file(str(target / signature), str(new / signature))
            bundle_files.adopt(new, target)

    def _upload_files(
        self, files: Iterable[Path], name: str, version: str, counter: "Counter"
    ) -> None:
        is_new = self.size(name, version, METADATA) is None
        self._make_folders(name, version)
        written = []
        try:
            for file in files:
                path = self._path(name, version, file.name)
                written.append(path)
                self._fs.put_file(str(file), path, callback=counter)
                counter.finish(file.stat().st_size)
        except Exception:  # any error leaves files; it is raised again
            if is_new:
                # Each protocol has errors of its own, and the store may be away.
                with suppress(Exception):
                    for path in written:
                        with suppress(FileNotFoundError):
                            self._fs.rm_file(path)
            raise

    def _path(self, *parts: str) -> str:
        if not all(SAFE_NAME.fullmatch(part) for part in parts):
            raise NoBundle(f"{'/'.join(parts)!r} is not a valid file of a model")
        return "/".join((self._root, *parts))

    def _make_folders(self, *parts: str) -> None:
        """Create folders, on filesystems that have them; buckets are not created."""
        for count in range(1, len(parts) + 1):
            with suppress(FileExistsError, FileNotFoundError):
                self._fs.mkdir(self._path(*parts[:count]), create_parents=False)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Convert the filesystem's exceptions to StoreUnavailable."""
        try:
            yield
        except BundleError:
            raise
        except ImportError as error:
            raise StoreUnavailable(
                f"{self.name} needs more packages ({error}): soundslike[s3] has those for s3://"
            ) from error
        except Exception as error:  # noqa: BLE001 - filesystems' errors share no base class
            reason = self._redact(" ".join(str(error).split())) or type(error).__name__
            # The error may quote the address, with its password.
            raise StoreUnavailable(f"{self.name} cannot be used: {reason}") from None


def _options(url: str) -> Mapping[str, Any]:
    """Return the options of the filesystem that opens an address."""
    if (protocol := get_protocol(url)) in ("http", "https"):
        # Proxies of the environment are obeyed, as the library for S3 does.
        return {"client_kwargs": {"trust_env": not is_loopback(urlsplit(url).hostname or "")}}
    return OPTIONS.get(protocol, {})


class Counter(Callback):  # type: ignore[misc]  # fsspec ships no types
    """Adds up the bytes transferred over several files."""

    def __init__(self, progress: Progress, total: int) -> None:
        super().__init__()
        self.total = total
        self._progress = progress
        self._finished = 0
        self._current = 0

    def relative_update(self, inc: int = 1) -> None:
        """Add bytes of the current file; called by fsspec."""
        self._current += inc
        self._progress(self._finished + self._current, self.total)

    def finish(self, size: int) -> None:
        """Count the current file with its full size."""
        self._finished += size
        self._current = 0
        self._progress(self._finished, self.total)
