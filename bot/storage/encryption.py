"""Encryption of secrets in the database, bound to the names under which they are stored."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import StorageFailed

MIN_KEY_LENGTH: Final = 32
"""Characters; a shorter key could be guessed."""

KEY_BYTES: Final = 32
"""Key size of Fernet."""

ANY_TEXT: Final = "surrogatepass"
"""Error handler that encodes any text, including lone surrogates."""


class SecretBox:
    """Encrypts and decrypts texts with Fernet (AES-128-CBC, then HMAC-SHA256 over all of it).

    Each name has its own keys, derived by HKDF (RFC 5869) from the given ones. A text that was
    encrypted under another name therefore cannot be decrypted, and a key text that is used
    elsewhere, too, gives different keys.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Store the keys.

        Args:
            keys: Random texts of at least MIN_KEY_LENGTH characters; surrounding space is removed.
                The first one encrypts, all of them decrypt.

        Raises:
            StorageFailed: A key is too short, or there is none.
        """
        stripped = [key.strip() for key in keys]
        for key in stripped or ("",):
            if len(key) < MIN_KEY_LENGTH:
                raise StorageFailed(
                    f"SLACK_TOKEN_KEY has a key of {len(key)} characters; each needs at least"
                    f" {MIN_KEY_LENGTH}, chosen at random, and a comma ends it"
                )
        self._keys = [key.encode(errors="surrogateescape") for key in stripped]

    def encrypt(self, name: str, text: str) -> str:
        """Return the encrypted text, ASCII and different each time."""
        return self._fernet(name).encrypt(text.encode(errors=ANY_TEXT)).decode()

    def decrypt(self, name: str, encrypted: str) -> str | None:
        """Return the text; None if it is damaged or was encrypted with another key or name."""
        try:
            return self._fernet(name).decrypt(encrypted.encode()).decode(errors=ANY_TEXT)
        except InvalidToken:
            return None

    def _fernet(self, name: str) -> MultiFernet:
        return MultiFernet([Fernet(_derive(key, name)) for key in self._keys])


def _derive(key: bytes, name: str) -> bytes:
    info = b"vault " + name.encode(errors=ANY_TEXT)
    return urlsafe_b64encode(HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(key))
