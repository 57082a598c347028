"""Encrypted JSON for the rows of the inbox."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.domain.errors import StorageFailed

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

DeriveKey = Callable[[str], bytes]
"""Returns 32 bytes that depend on a secret and on the purpose that is named."""


class SealedJson:
    """Encrypts JSON with Fernet (AES-128-CBC, then HMAC-SHA256), with one key for the inbox."""

    def __init__(self, derive_key: DeriveKey) -> None:
        self._derive_key = derive_key
        self._cipher: Fernet | None = None

    def seal(self, value: Any) -> str:
        """Return the encrypted JSON of a value, ASCII and different each time."""
        return self._fernet().encrypt(json.dumps(value, separators=(",", ":")).encode()).decode()

    def open(self, sealed: str) -> Any:
        """Return the value; raise StorageFailed if it was encrypted with another key."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            return json.loads(self._fernet().decrypt(sealed.encode()))
        except InvalidToken as error:
            raise StorageFailed(
                "a delivery in the database was encrypted with another key of the bot"
            ) from error

    def _fernet(self) -> "Fernet":
        if self._cipher is None:
            # Importing cryptography takes 15 to 50 ms and 7 MB, and some commands need none of it.
            from cryptography.fernet import Fernet  # noqa: PLC0415

            self._cipher = Fernet(urlsafe_b64encode(self._derive_key("inbox")))
        return self._cipher
