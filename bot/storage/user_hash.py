"""People as the database knows them: by a keyed hash of their id, never by the id."""

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
LEAST_CHARACTERS: Final = 32
"""Of a key that somebody chose; a shorter one could be found by trying."""

HASH_LENGTH: Final = 32
"""Hexadecimal digits, so 128 bits: too many for two people to meet."""

ONE_ACCOUNT_EVERYWHERE: Final = frozenset({"discord"})
"""Platforms on which a user's id is the same in every workspace."""


class UserHasher:
    """Names people. Without the key nobody can tell who is meant, or try ids one by one.

    One person is one account: on Discord the same in every server, so that they have one vote for
    a track and one request deletes everything; elsewhere an id means somebody in its workspace
    only. The same human on two platforms is two persons, as nothing connects the two.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hash(self, place: Place, user: str) -> str:
        """Return the keyed hash of the person whom `place` knows as `user`."""
        workspace = "" if place.platform in ONE_ACCOUNT_EVERYWHERE else place.workspace
        person = json.dumps([place.platform, workspace, user]).encode()
        return hmac.new(self._key, person, hashlib.sha256).hexdigest()[:HASH_LENGTH]


def derive_user_hasher(key: str) -> UserHasher:
    """Make a key of a secret text, for hosts that keep no files or share one database.

    Raises StorageFailed when the text is too short.
    """
    if len(key) < LEAST_CHARACTERS:
        raise StorageFailed(
            f"USER_HASH_KEY has {len(key)} characters; it needs at least {LEAST_CHARACTERS}, chosen"
            " at random"
        )
    return UserHasher(hashlib.sha256(key.encode(errors="surrogateescape")).digest())


def load_user_hasher(folder: Path) -> UserHasher:
    """Read the key in `folder`, made at the first call; processes that start at once agree on it.

    Without its key a database's votes belong to nobody: back both up together. Raises
    StorageFailed when the key cannot be read or made, and when it is damaged.
    """
    path = folder / KEY_FILE
    with failing(f"the key {path} can be neither read nor made"):
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise StorageFailed(
            f"the key {path} is damaged: it has {len(key)} bytes instead of {KEY_BYTES}. Restore it"
            " from a backup; with a new key, nobody can take back or delete their earlier votes"
        )
    return UserHasher(key)


def _make(path: Path) -> None:
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(scratch, path)
    except FileExistsError:
        pass  # another process was first; its key is the key
    finally:
        Path(scratch).unlink()
