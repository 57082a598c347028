"""Keyed hashes of user ids, under which the database stores people's data."""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.storage.database import failing

KEY_FILE: Final = "user-hash.key"
KEY_BYTES: Final = 32
MIN_KEY_LENGTH: Final = 32
"""Minimum length of a key that a person chose; a shorter one could be guessed."""

HASH_LENGTH: Final = 32
"""Hexadecimal digits, 128 bits, so that collisions do not occur."""

GLOBAL_ACCOUNTS: Final = frozenset({"discord"})
"""Platforms on which a user's id is the same in every workspace."""

NAMESPACES: Final = {"web": "local"}
"""Former names of platforms. Hashes contain the name and cannot be recomputed, so it is kept."""


class UserHasher:
    """Hashes user ids with HMAC-SHA256. Without the key, ids cannot be recovered by trial.

    An account is one person: on Discord across all servers, so that a person has one vote for a
    track and one request deletes everything; on other platforms within a workspace. Accounts on
    different platforms are not connected.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hash(self, place: Place, user: str) -> str:
        """Return the keyed hash of a user id in a place, HASH_LENGTH hexadecimal digits."""
        workspace = "" if place.platform in GLOBAL_ACCOUNTS else place.workspace
        namespace = NAMESPACES.get(place.platform, place.platform)
        person = json.dumps([namespace, workspace, user]).encode()
        return hmac.new(self._key, person, hashlib.sha256).hexdigest()[:HASH_LENGTH]

    def derive_key(self, purpose: str) -> bytes:
        """Return 32 bytes for another purpose, from which the key cannot be recovered."""
        return hmac.new(self._key, f"key for {purpose}".encode(), hashlib.sha256).digest()


def derive_user_hasher(key: str) -> UserHasher:
    """Derive the key from a secret text, for hosts without files and for several processes.

    Raises StorageFailed if the text is too short.
    """
    if len(key) < MIN_KEY_LENGTH:
        raise StorageFailed(
            f"USER_HASH_KEY has {len(key)} characters; it needs at least {MIN_KEY_LENGTH}, chosen"
            " at random"
        )
    return UserHasher(hashlib.sha256(key.encode(errors="surrogateescape")).digest())


def load_user_hasher(folder: Path) -> UserHasher:
    """Read the key in `folder`, creating it if it does not exist.

    Processes that start at the same time get the same key. Without its key, the votes in a
    database can no longer be attributed: back up both together. Raises StorageFailed if the key
    cannot be read or created, or is damaged.
    """
    path = folder / KEY_FILE
    with failing(f"the key {path} can be neither read nor created"):
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _create_key(path)
        key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise StorageFailed(
            f"the key {path} is damaged: it has {len(key)} bytes instead of {KEY_BYTES}. Restore it"
            " from a backup; with a new key, earlier votes can no longer be withdrawn or deleted"
        )
    return UserHasher(key)


def _create_key(path: Path) -> None:
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(scratch, path)
    except FileExistsError:
        pass  # another process created the key first
    finally:
        Path(scratch).unlink()
