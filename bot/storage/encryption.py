"""Secrets as the database may keep them: encrypted, and bound to the name they are kept under."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import StorageFailed

LEAST_CHARACTERS: Final = 32
"""Of a key; a shorter one could be found by trying."""

KEY_BYTES: Final = 32
"""What Fernet wants."""

ANY_TEXT: Final = "surrogatepass"
"""How text becomes bytes: also text that is not Unicode, so that none is an error."""


class SecretBox:
    """Seals and opens texts with Fernet (AES-128-CBC, then HMAC-SHA256 over all of it).

    Each name has keys of its own, derived by HKDF (RFC 5869) from the given ones: what was sealed
    under another name does not open, without anything to compare, and whoever uses one text as the
    key to two things has two keys. A plain SHA-256 of the text would give neither.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Seal with the first of `keys`, open with any of them.

        Each is a text of LEAST_CHARACTERS or more, chosen at random: a derived key is as hard to
        guess as its text, no harder. Space around a key is none of it, as people write it after the
        comma. Raises StorageFailed when one is shorter, or there is none.
        """
        stripped = [key.strip() for key in keys]
        for key in stripped or ("",):
            if len(key) < LEAST_CHARACTERS:
                raise StorageFailed(
                    f"SLACK_TOKEN_KEY has a key of {len(key)} characters; each needs at least"
                    f" {LEAST_CHARACTERS}, chosen at random, and a comma ends it"
                )
        self._keys = [key.encode(errors="surrogateescape") for key in stripped]

    def close(self, name: str, text: str) -> str:
        """Seal a text; other letters each time, all ASCII."""
        return self._fernet(name).encrypt(text.encode(errors=ANY_TEXT)).decode()

    def open(self, name: str, sealed: str) -> str | None:
        """Return the text; None when it was sealed with other keys or another name, or damaged."""
        try:
            return self._fernet(name).decrypt(sealed.encode()).decode(errors=ANY_TEXT)
        except InvalidToken:
            return None

    def _fernet(self, name: str) -> MultiFernet:
        return MultiFernet([Fernet(_derive(key, name)) for key in self._keys])


def _derive(key: bytes, name: str) -> bytes:
    info = b"vault " + name.encode(errors=ANY_TEXT)
    return urlsafe_b64encode(HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(key))
