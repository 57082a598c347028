"""Shared model store at any address that fsspec opens: a folder, `s3://...` and others.

Its layout is that of `model.store`, with the events of the versions beside them (`event_log`). As
there, a bundle is saved first and promoted afterwards, so that the pointer never names an
incomplete bundle. A fetched bundle is checked before it is saved locally: the digests, the
features, and that the model can be loaded.

Digests detect damaged and truncated transfers. They do not protect against an attacker with write
access to the store, who can replace the model: signatures do (`model.signature`), where public keys
are given. A bundle that was signed before the latest one seen here is refused as well.

Calls have no overall timeout; callers that need one set it.
"""

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from model import bundle, signature, version_states
from model.bundle import MODEL, Bundle, Metadata
from model.bundle_files import METADATA
from model.classifier import Classifier
from model.errors import BundleInvalid, NoBundle, SignatureInvalid, StoreUnavailable
from model.event_log import EventLog, Parts, Skipped
from model.lifecycle import Event
from model.signature import SIGNATURE, Signer, Statement
from model.store import BundleStore
from model.store_files import Counter, Progress, StoreFiles
from model.version_folders import CURRENT, SAFE_NAME

MAX_BUNDLE_BYTES: Final = 1 << 28
"""Maximum size of a bundle that is read."""


def no_progress(_done: int, _total: int) -> None:
    """Ignore the progress."""


def ignore(_sentence: str) -> None:
    """Ignore what was skipped."""


class RemoteStore:
    """The model store at `url`; raises StoreUnavailable if fsspec cannot open the address.

    Every method raises StoreUnavailable if the store cannot be reached, read or written.

    Attributes:
        name: Address of the store, without secrets.
        keys: The public keys.

    Args:
        url: Address of the store.
        keys: Public keys, one of which must have signed a bundle that is fetched; no signature is
            needed without them.
    """

    def __init__(self, url: str, keys: Sequence[bytes] = ()) -> None:
        self._files = StoreFiles(url)
        self._events = EventLog(self._files)
        self.name = self._files.name
        self.keys = tuple(keys)
        self._followed: set[tuple[str, str]] = set()

    def current(self, name: str) -> str:
        """Return the current version of a model; raises NoBundle, BundleInvalid."""
        version = self._files.text(name, CURRENT).strip()
        if not SAFE_NAME.fullmatch(version):
            raise BundleInvalid(f"{self.name}: the pointer of model {name!r} is invalid")
        return version

    def served(self, name: str) -> str:
        """Return the current version of a model, for bots, which serve it.

        Raises NoBundle, and BundleInvalid also if no event made it active.
        """
        version = self.current(name)
        if (name, version) not in self._followed:
            version_states.check_pointer(self.name, name, version, self.events(name))
            self._followed.add((name, version))  # events are not deleted
        return version

    def versions(self, name: str) -> list[str]:
        """Return the saved versions of a model, sorted; current or not."""
        return sorted(parts[1] for parts in self.sizes(name) if parts[2:] == (METADATA,))

    def sizes(self, *folder: str) -> dict[Parts, int]:
        """Return the size in bytes of each file in the store, or in a model's folder."""
        return self._files.sizes(*folder)

    def read(self, *parts: str) -> bytes:
        """Return the content of a small file; raises NoBundle, BundleInvalid if it is large."""
        return self._files.read(*parts)

    def read_many(self, files: Collection[Parts]) -> dict[Parts, bytes]:
        """Return the contents of small files by place; missing and large ones are left out."""
        return self._files.read_many(files)

    def delete(self, name: str, version: str) -> None:
        """Delete the files of a version; its events stay."""
        self._files.delete(name, version)

    def record(self, event: Event) -> Event:
        """Add an event after those of its model; return it with its number."""
        return self._events.record(event)

    def events(
        self, name: str, skipped: Skipped = ignore, sizes: Mapping[Parts, int] | None = None
    ) -> tuple[Event, ...]:
        """Return the events of a model in order.

        Args:
            name: The model's name.
            skipped: Callback with a sentence about each file that is no event of this model.
            sizes: The store's files and their sizes, if they were listed already.
        """
        return self._events.read(name, skipped, sizes)

    def load(
        self, name: str, version: str, keys: Sequence[bytes] | None = None
    ) -> tuple[Bundle, bytes]:
        """Download a version and check it; return it, and its metadata as they are stored.

        Args:
            name: The model's name.
            version: Its version.
            keys: Public keys, by default those of the store.

        Raises NoBundle, BundleInvalid, SchemaMismatch, and SignatureInvalid if there are keys and
        none of them has signed it.
        """
        with _scratch() as folder:
            keys = self.keys if keys is None else keys
            loaded = self._download(name, version, folder, no_progress, keys)
            return loaded, (folder / METADATA).read_bytes()

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
        local = BundleStore(root, self.keys)
        if self.keys:
            self._check_order(self.verify(name, version), local.last_signed(name))
        with tempfile.TemporaryDirectory(dir=root, prefix=".fetched-") as scratch:
            folder = Path(scratch) / "bundle"
            folder.mkdir()
            fetched = self._download(name, version, folder, progress, self.keys)
            local.adopt(folder, name, version)
        return fetched.metadata

    def verify(self, name: str, version: str, keys: Sequence[bytes] | None = None) -> Statement:
        """Check the signature of a version's metadata; return its statement.

        Args:
            name: The model's name.
            version: Its version.
            keys: Public keys, by default those of the store.

        Raises NoBundle, and SignatureInvalid if none of the keys has signed it.
        """
        metadata = self._files.read(name, version, METADATA)
        try:
            text = self._files.text(name, version, SIGNATURE)
        except NoBundle:
            raise SignatureInvalid(f"{self.name}: {name} {version} is not signed") from None
        return signature.verify(text, metadata, name, version, self.keys if keys is None else keys)

    def last_signed(self, name: str, keys: Sequence[bytes]) -> Statement | None:
        """Return the latest statement about a model that one of the keys signed; None without."""
        listed = self.sizes(name)
        signatures = [parts for parts in listed if parts[2:] == (SIGNATURE,) and listed[parts]]
        found = []
        for content in self._files.read_many(signatures).values():
            with suppress(SignatureInvalid, UnicodeDecodeError):
                found.append(signature.read(content.decode(), keys))
        mine = [statement for statement in found if statement.name == name]
        return max(mine, key=lambda statement: statement.signed_at, default=None)

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
            signer: Signs the bundle, later than all of the model in the store.

        Raises:
            BundleError: The local bundle is incomplete or damaged.
        """
        metadata = BundleStore(root).load(name, version).metadata
        source = root / name / version
        if (metadata.name, metadata.version) != (name, version):
            raise BundleInvalid(f"{source} holds another model than {name} {version}")
        listed = [source / file for file in metadata.files or {}]
        content = (source / METADATA).read_bytes()
        with _scratch() as folder:
            signed = folder / SIGNATURE
            if signer:
                signed.write_text(self._sign(name, version, content, signer), encoding="utf-8")
            files = (*listed, source / METADATA)
            self._files.upload(files, name, version, progress, signed)
        return metadata

    def sign(self, name: str, version: str, metadata: bytes, signer: Signer) -> None:
        """Sign a saved version anew, later than all others of its model.

        `metadata` is the content of its `metadata.json`, which the caller has checked.
        """
        text = self._sign(name, version, metadata, signer)
        self._files.write(text.encode(), name, version, SIGNATURE)

    def promote(self, name: str, version: str) -> Metadata:
        """Make a saved version the current one; returns its metadata.

        Its metadata is read and the presence of the model is checked first. Raises NoBundle or
        BundleInvalid if that fails; the current version then stays.
        """
        metadata = Metadata.from_json(self._files.text(name, version, METADATA))
        self._check_name(metadata, name, version)
        if not self._files.size(name, version, MODEL):
            raise BundleInvalid(f"{self.name}: {name} {version} has no {MODEL}")
        self._files.write(f"{version}\n".encode(), name, CURRENT)
        return metadata

    def _check_order(self, found: Statement, last: Statement | None) -> None:
        """Raise SignatureInvalid if `found` is older than `last`."""
        if last and found.signed_at < last.signed_at:
            raise SignatureInvalid(
                f"{self.name} has {found.name} {found.version}, signed on {found.date}, before "
                f"{last.version}, which is here already, signed on {last.date}. `models rollback` "
                "signs it anew"
            )

    def _check_name(self, metadata: Metadata, name: str, version: str) -> None:
        if (metadata.name, metadata.version) != (name, version):
            raise BundleInvalid(f"{self.name} keeps another model as {name} {version}")

    def _sign(self, name: str, version: str, metadata: bytes, signer: Signer) -> str:
        last = self.last_signed(name, [signer.public_key])
        return signer.sign(name, version, metadata, last.signed_at if last else 0)

    def _download(
        self, name: str, version: str, folder: Path, progress: Progress, keys: Sequence[bytes]
    ) -> Bundle:
        """Download a version to a folder, check it, and return it."""
        text = self._files.text(name, version, METADATA)
        (folder / METADATA).write_bytes(text.encode())
        if keys:
            try:
                signed = self._files.read(name, version, SIGNATURE)
            except NoBundle:
                raise SignatureInvalid(f"{self.name}: {name} {version} is not signed") from None
            (folder / SIGNATURE).write_bytes(signed)
        sizes = self._sizes(name, version, Metadata.from_json(text).files or {})
        counter = Counter(progress, sum(sizes.values()))
        if counter.total > MAX_BUNDLE_BYTES:
            raise BundleInvalid(f"{self.name}: {name} {version} has {counter.total} bytes")
        for file in sizes:
            self._files.download(name, version, file, target=folder / file, counter=counter)
        fetched = bundle.read(folder, keys)
        self._check_name(fetched.metadata, name, version)
        Classifier(fetched)  # raises BundleInvalid if the model cannot be loaded
        return fetched

    def _sizes(self, name: str, version: str, files: Iterable[str]) -> dict[str, int]:
        """Return the size of each file that exists."""
        found = {file: self._files.size(name, version, file) for file in files}
        return {file: size for file, size in found.items() if size is not None}


@contextmanager
def _scratch() -> Iterator[Path]:
    """Make a folder for temporary files; raise StoreUnavailable if nothing can be written to it."""
    try:
        with tempfile.TemporaryDirectory(prefix="soundslike-") as scratch:
            yield Path(scratch)
    except OSError as error:
        reason = f"no temporary files can be written: {error.strerror}"
        raise StoreUnavailable(reason) from error
