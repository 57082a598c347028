"""Shared model store at any address that fsspec opens: a folder, `s3://...` and others.

Its layout is that of `model.store`. As there, a bundle is saved first and promoted afterwards, so
that the pointer never names an incomplete bundle. A fetched bundle is checked before it is saved
locally: the digests, the features, and that the model can be loaded.

Digests detect damaged and truncated transfers. They do not protect against an attacker with write
access to the store, who can replace the model: signatures do (`model.signature`), where public keys
are given. A bundle that was signed before the latest one seen here is refused as well.

Calls have no overall timeout; callers that need one set it.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fsspec.callbacks import Callback
from fsspec.core import url_to_fs
from fsspec.utils import get_protocol

from model import addresses, bundle, redaction, signature
from model.addresses import is_loopback
from model.bundle import MODEL, Metadata
from model.bundle_files import METADATA
from model.classifier import Classifier
from model.errors import BundleError, BundleInvalid, NoBundle, SignatureInvalid, StoreUnavailable
from model.signature import SIGNATURE, Signer, Statement
from model.store import BundleStore
from model.version_folders import CURRENT

SAFE_NAME: Final = re.compile(r"\w[\w.-]*", re.ASCII)
"""Valid names of models, versions and files; they cannot lead to another folder."""

MAX_TEXT_BYTES: Final = 1 << 20
MAX_BUNDLE_BYTES: Final = 1 << 28
"""Maximum size of a pointer or metadata, and of a bundle, that is read."""

OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "file": {"auto_mkdir": True},
    "s3": {
        "config_kwargs": {
            "connect_timeout": 5,
            "read_timeout": 15,
            "retries": {"total_max_attempts": 1},  # s3fs itself retries
        }
    },
}
"""Filesystem options by protocol; credentials are found by the filesystem's library."""

Progress = Callable[[int, int], object]
"""Callback with the number of bytes transferred, and of bytes in total."""


class RemoteStore:
    """The model store at `url`; raises StoreUnavailable if fsspec cannot open the address.

    Every method raises StoreUnavailable if the store cannot be reached, read or written.

    Args:
        url: Address of the store.
        keys: Public keys, one of which must have signed a bundle that is fetched; no signature is
            needed without them.
    """

    def __init__(self, url: str, keys: Sequence[bytes] = ()) -> None:
        self._name = redaction.public_address(url)
        self._redact = redaction.Redactor(redaction.secret_parts(url))
        self._keys = keys
        with self._store_errors():
            addresses.check_store(url)
            # fsspec would otherwise share the instance and its listings with the whole process.
            self._files, self._root = url_to_fs(url, skip_instance_cache=True, **_options(url))
            if not self._root.strip("/"):
                raise ValueError("the address names no folder and no bucket")

    def current(self, name: str) -> str:
        """Return the current version of a model; raises NoBundle, BundleInvalid."""
        version = self._text(name, CURRENT).strip()
        if not SAFE_NAME.fullmatch(version):
            raise BundleInvalid(f"{self._name}: the pointer of model {name!r} is invalid")
        return version

    def versions(self, name: str) -> list[str]:
        """Return the saved versions of a model, sorted; current or not."""
        with self._store_errors():
            found = self._files.glob(f"{self._path(name)}/*/{METADATA}")
        return sorted(str(path).split("/")[-2] for path in found)

    def fetch(self, name: str, version: str, root: Path, progress: Progress) -> Metadata:
        """Download a version and save it in the local store `root`, without promoting it.

        Raises:
            NoBundle: The store does not have that version.
            BundleInvalid: A file is damaged, or the model cannot be loaded; nothing is saved.
            SignatureInvalid: It is not signed with one of the keys, or was signed earlier than a
                bundle in `root`; nothing is saved.
            SchemaMismatch: The model was trained on other features; nothing is saved.
            OSError: `root` cannot be written.
        """
        root.mkdir(parents=True, exist_ok=True)
        local = BundleStore(root, self._keys)
        if self._keys:
            self._check_order(self.verify(name, version), local.last_signed(name))
        with tempfile.TemporaryDirectory(dir=root, prefix=".fetched-") as scratch:
            folder = Path(scratch) / "bundle"
            folder.mkdir()
            self._download(name, version, folder, progress)
            fetched = bundle.read(folder, self._keys)
            if (fetched.metadata.name, fetched.metadata.version) != (name, version):
                raise BundleInvalid(f"{self._name} keeps another model as {name} {version}")
            Classifier(fetched)  # raises BundleInvalid if the model cannot be loaded
            local.adopt(folder, name, version)
        return fetched.metadata

    def verify(self, name: str, version: str) -> Statement:
        """Check the signature of a version's metadata; return its statement.

        Raises NoBundle, and SignatureInvalid if none of the keys has signed it.
        """
        metadata = self._content(name, version, METADATA)
        try:
            text = self._text(name, version, SIGNATURE)
        except NoBundle:
            raise SignatureInvalid(f"{self._name}: {name} {version} is not signed") from None
        return signature.verify(text, metadata, name, version, self._keys)

    def save(
        self,
        name: str,
        version: str,
        root: Path,
        progress: Progress,
        signer: Signer | None = None,
    ) -> Metadata:
        """Upload a version from the local store `root`, without promoting it.

        Args:
            name: The model's name.
            version: Its version.
            root: The local store.
            progress: Callback.
            signer: Signs the bundle, later than the store's current one.

        Raises:
            BundleError: The local bundle is incomplete or damaged.
        """
        metadata = BundleStore(root).load(name, version).metadata
        source = root / name / version
        listed = [source / file for file in metadata.files or {}]
        files = [file for file in (*listed, source / METADATA) if file.exists()]
        counter = _Counter(progress, sum(file.stat().st_size for file in files))
        with self._store_errors():
            folder = self._make_folder(name, version)
            for file in files:
                self._files.put_file(str(file), f"{folder}/{file.name}", callback=counter)
                counter.finish(file.stat().st_size)
        if signer:
            after = self._last_signed(name, signer.public_key)
            text = signer.sign(name, version, (source / METADATA).read_bytes(), after)
            with self._store_errors():
                self._files.pipe_file(self._path(name, version, SIGNATURE), text.encode())
        return metadata

    def promote(self, name: str, version: str) -> Metadata:
        """Make a saved version the current one; returns its metadata.

        Its metadata is read and the presence of the model is checked first. Raises NoBundle or
        BundleInvalid if that fails; the current version then stays.
        """
        metadata = Metadata.from_json(self._text(name, version, METADATA))
        if (metadata.name, metadata.version) != (name, version):
            raise BundleInvalid(f"{self._name} keeps another model as {name} {version}")
        if not self._sizes(name, version, [MODEL]):
            raise BundleInvalid(f"{self._name}: {name} {version} has no {MODEL}")
        with self._store_errors():
            self._files.pipe_file(self._path(name, CURRENT), f"{version}\n".encode())
        return metadata

    def _check_order(self, found: Statement, last: Statement | None) -> None:
        """Raise SignatureInvalid if `found` is older than `last`."""
        if last and found.signed_at < last.signed_at:
            raise SignatureInvalid(
                f"{self._name} has {found.name} {found.version}, signed on {found.date}, before "
                f"{last.version}, which is here already, signed on {last.date}. To go back to it, "
                "publish it again"
            )

    def _last_signed(self, name: str, key: bytes) -> int:
        """Return when the current version of a model was signed with `key`; 0 if it was not."""
        with suppress(NoBundle, BundleInvalid, SignatureInvalid):
            text = self._text(name, self.current(name), SIGNATURE)
            return signature.read(text, [key]).signed_at
        return 0

    def _download(self, name: str, version: str, folder: Path, progress: Progress) -> None:
        text = self._text(name, version, METADATA)
        (folder / METADATA).write_bytes(text.encode())
        if self._keys:
            (folder / SIGNATURE).write_bytes(self._content(name, version, SIGNATURE))
        sizes = self._sizes(name, version, Metadata.from_json(text).files or {})
        counter = _Counter(progress, sum(sizes.values()))
        if counter.total > MAX_BUNDLE_BYTES:
            raise BundleInvalid(f"{self._name}: {name} {version} has {counter.total} bytes")
        for file, size in sizes.items():
            path = self._path(name, version, file)
            with self._store_errors():
                self._files.get_file(path, str(folder / file), callback=counter)
            counter.finish(size)

    def _sizes(self, name: str, version: str, files: Iterable[str]) -> dict[str, int]:
        """Return the size of each file that exists."""
        sizes = {}
        for file in files:
            with self._store_errors(), suppress(FileNotFoundError):
                sizes[file] = int(self._files.size(self._path(name, version, file)))
        return sizes

    def _text(self, *parts: str) -> str:
        """Return the text in a small file; raises NoBundle if it does not exist."""
        try:
            return self._content(*parts).decode()
        except UnicodeDecodeError as error:
            raise BundleInvalid(f"{self._name}: {'/'.join(parts)} is not text") from error

    def _content(self, *parts: str) -> bytes:
        """Return the content of a small file; raises NoBundle if it does not exist."""
        path = self._path(*parts)
        with self._store_errors():
            try:
                content: bytes = self._files.cat_file(path, end=MAX_TEXT_BYTES)
            except FileNotFoundError:
                raise NoBundle(f"{self._name} has no {'/'.join(parts)}") from None
        return content

    def _path(self, *parts: str) -> str:
        if not all(SAFE_NAME.fullmatch(part) for part in parts):
            raise NoBundle(f"{'/'.join(parts)!r} is not a valid file of a model")
        return "/".join((self._root, *parts))

    def _make_folder(self, name: str, version: str) -> str:
        """Create a version's folder, on filesystems with folders; buckets are not created."""
        for parts in ((name,), (name, version)):
            with suppress(FileExistsError, FileNotFoundError):
                self._files.mkdir(self._path(*parts), create_parents=False)
        return self._path(name, version)

    @contextmanager
    def _store_errors(self) -> Iterator[None]:
        """Convert the filesystem's exceptions to StoreUnavailable."""
        try:
            yield
        except BundleError:
            raise
        except ImportError as error:
            raise StoreUnavailable(
                f"{self._name} needs more packages ({error}): soundslike[s3] has those for s3://"
            ) from error
        except Exception as error:  # noqa: BLE001 - filesystems' errors share no base class
            reason = self._redact(" ".join(str(error).split())) or type(error).__name__
            # The error may quote the address, with its password.
            raise StoreUnavailable(f"{self._name} cannot be used: {reason}") from None


def _options(url: str) -> Mapping[str, Any]:
    """Return the options of the filesystem that opens an address."""
    if (protocol := get_protocol(url)) in ("http", "https"):
        # Proxies of the environment are obeyed, as the library for S3 does.
        return {"client_kwargs": {"trust_env": not is_loopback(urlsplit(url).hostname or "")}}
    return OPTIONS.get(protocol, {})


class _Counter(Callback):  # type: ignore[misc]  # fsspec ships no types
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
