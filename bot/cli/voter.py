"""Command `voter`: the hash under which a person's votes are stored."""

import sys
from typing import Final

from bot.domain.errors import EX_CONFIG, ConfigurationError, StorageFailed
from bot.domain.places import Place
from bot.runtime import settings
from bot.runtime.settings import secret
from bot.storage.user_hash import KEY_FILE, derive_user_hasher, load_user_hasher
from bot.texts import learning

PLATFORMS: Final = ("discord", "slack", "web")


def report(platform: str, workspace: str, user: str) -> int:
    """Print the hash on standard output, and what it is for on the other; return the exit code.

    The command makes no key: without one, nothing is stored under a hash of it.
    """
    if platform not in PLATFORMS:
        return _fail(learning.not_a_platform(platform))
    try:
        loaded = settings.load()
        key = secret(loaded.user_hash_key)
        if key is None and not (loaded.data_dir / KEY_FILE).exists():
            return _fail(learning.no_key(loaded.data_dir.absolute()))
        hasher = load_user_hasher(loaded.data_dir) if key is None else derive_user_hasher(key)
    except (ConfigurationError, StorageFailed) as error:
        return _fail(str(error))
    print(hasher.hash(Place(platform, workspace, ""), user))
    print(learning.VOTER, file=sys.stderr)
    return 0


def _fail(reason: str) -> int:
    print(reason, file=sys.stderr)
    return EX_CONFIG
