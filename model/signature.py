"""Signatures of bundles: ed25519 (RFC 8032) over a bundle's metadata, and so over its files.

Write access to a model store is enough to recompute the digests in the metadata. A signature also
needs the private key, which is not in the store.

A bundle's `signature.json` holds a statement and its signature. The statement is JSON text with the
model's name and version, the SHA-256 of `metadata.json`, which has the digest of each file, and the
time of signing, in whole seconds since 1970. What is signed is CONTEXT and the statement as it is
written. The time rises with each signature, so that a bundle which was signed before one seen
earlier is noticed.
"""

import json
import os
import time
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from model.errors import KeyUnusable, SignatureInvalid

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNATURE: Final = "signature.json"

CONTEXT: Final = b"soundslike bundle 1\n"
"""Precedes the statement, so that the key's signature of anything else is no bundle's."""

KEY_BYTES: Final = 32

SPKI_PREFIX: Final = bytes.fromhex("302a300506032b6570032100")
"""What precedes an ed25519 public key in its DER form, which PEM contains (RFC 8410)."""

PUBLIC_KEY_FORM: Final = (
    "must be a public ed25519 key in base64 or PEM, as `soundslike train keygen FILE` prints it; "
    "several have commas between them"
)


UNREADABLE: Final = (
    *(ValueError, KeyError, TypeError, AttributeError, RecursionError),
    *(OverflowError, OSError),  # no calendar has that time
)
"""Exceptions of reading JSON that is no signature."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the signer states about a bundle.

    Attributes:
        name: Name of the model.
        version: Version of the model.
        metadata_sha256: SHA-256 of `metadata.json`, in hexadecimal.
        signed_at: Time of signing, in seconds since 1970.
    """

    name: str
    version: str
    metadata_sha256: str
    signed_at: int

    @property
    def date(self) -> str:
        """The time of signing in UTC, as in `2026-01-31 14:05:00 UTC`."""
        return f"{datetime.fromtimestamp(self.signed_at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def public_keys(text: str) -> tuple[bytes, ...]:
    """Read public keys: PEM, or base64 of the key or of its DER form; commas between them.

    Raises ValueError if one is something else; the message does not quote it.
    """
    return tuple(_public_key(one) for one in text.split(",") if one.strip())


def verify(text: str, metadata: bytes, name: str, version: str, keys: Sequence[bytes]) -> Statement:
    """Check that a signature is that of a bundle; return its statement.

    Args:
        text: Content of `signature.json`.
        metadata: Content of `metadata.json`.
        name: The model's name.
        version: Its version.
        keys: Public keys, one of which must have signed.

    Raises:
        SignatureInvalid: It is malformed, by another key, or of another bundle.
    """
    statement = read(text, keys)
    found = statement.name, statement.version, statement.metadata_sha256
    if found != (name, version, sha256(metadata).hexdigest()):
        raise SignatureInvalid(f"the signature of {name} {version} is that of another bundle")
    return statement


def read(text: str, keys: Sequence[bytes]) -> Statement:
    """Return the statement in a `signature.json`, whose bundle is not looked at.

    Raises SignatureInvalid if none of the keys has signed it.
    """
    try:
        fields = json.loads(text)
        stated, signature = fields["statement"].encode(), b64decode(fields["signature"])
        statement = Statement(**json.loads(stated))
        if type(statement.signed_at) is not int or not statement.date:
            raise TypeError
    except UNREADABLE:
        raise SignatureInvalid(f"{SIGNATURE} cannot be read") from None
    if not any(_signed(key, signature, CONTEXT + stated) for key in keys):
        raise SignatureInvalid("the bundle was signed with another key than MODEL_PUBLIC_KEY")
    return statement


class Signer:
    """Signs bundles with a private key.

    Args:
        key: The private key.
        now: Clock, in seconds since 1970.
    """

    def __init__(self, key: "Ed25519PrivateKey", now: Callable[[], float] = time.time) -> None:
        self._key = key
        self._now = now

    @classmethod
    def from_file(cls, file: Path) -> "Signer":
        """Read a private key in PEM (PKCS 8) without a password; raises KeyUnusable."""
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - takes 20 ms
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - the same
            load_pem_private_key,
        )

        try:
            key = load_pem_private_key(file.read_bytes(), password=None)
        except OSError as error:
            raise KeyUnusable(f"the key {file} cannot be read: {error.strerror}") from error
        except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it has a password
            key = None
        if not isinstance(key, _ed25519().Ed25519PrivateKey):
            raise KeyUnusable(f"{file} is no private ed25519 key in PEM without a password")
        return cls(key)

    @property
    def public_key(self) -> bytes:
        """The public key, KEY_BYTES long."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, name: str, version: str, metadata: bytes, after: int = 0) -> str:
        """Return the content of `signature.json`.

        Args:
            name: The model's name.
            version: Its version.
            metadata: Content of its `metadata.json`.
            after: Time of the previous signature, than which this one's is later.
        """
        signed_at = max(int(self._now()), after + 1)
        statement = Statement(name, version, sha256(metadata).hexdigest(), signed_at)
        stated = json.dumps(asdict(statement))
        signature = b64encode(self._key.sign(CONTEXT + stated.encode())).decode()
        return json.dumps({"statement": stated, "signature": signature}, indent=1) + "\n"


def create_key(file: Path) -> str:
    """Write a new private key to a file that only its owner can read; return the public key.

    Raises KeyUnusable if the file exists, or cannot be written.
    """
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - takes 20 ms
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    key = _ed25519().Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
    except OSError as error:
        raise KeyUnusable(f"the key {file} cannot be written: {error.strerror}") from error
    return b64encode(key.public_key().public_bytes_raw()).decode()


def _public_key(text: str) -> bytes:
    lines = [line.strip() for line in text.strip().splitlines()]
    body = "".join(line for line in lines if not line.startswith("-----"))
    key = b""
    with suppress(Base64Error, ValueError):
        key = b64decode(body, validate=True).removeprefix(SPKI_PREFIX)
    if len(key) != KEY_BYTES or "PRIVATE" in text:
        raise ValueError(PUBLIC_KEY_FORM)
    return key


def _signed(key: bytes, signature: bytes, content: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - takes 20 ms

    try:
        _ed25519().Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except (InvalidSignature, ValueError):  # ValueError: the key is no point of the curve
        return False
    return True


def _ed25519() -> Any:
    # Without signatures, cryptography is not imported: it takes 20 ms and 7 MB.
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    return ed25519
