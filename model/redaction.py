"""Removes secrets from text: from addresses, and from messages that quote them.

Addresses of databases and model stores may contain a user, a password and parameters. If `@`, `/`,
`?`, `#` or `%` in the password is not escaped, an address can be divided in several ways, so no
part of it is shown.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus, unquote

HIDDEN: Final = "[secret]"

MIN_LENGTH: Final = 6
"""Characters of the shortest part of a secret that is hidden; shorter ones are parts of words."""

ADDRESS: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://"
    r"(?:(?P<user>[^:@/?#\s]*)(?::(?P<password>[^@/?#\s]*))?@)?"
    r"(?P<place>(?:[\w.-]+|\[[0-9a-f:.]+\])?(?::\d{1,5})?(?:/[^@?#\r\n\t]*)?)"
    r"(?:\?(?P<query>[^@\s]*))?",
    re.IGNORECASE,
)
"""An address that can be divided in one way only."""

FOLDER: Final = re.compile(r"(?:[a-z]:[\\/])?[^@:?=&#%\x00-\x1f]*", re.IGNORECASE)
"""Path of a folder, with a drive letter or without."""

WITHOUT_USER: Final = frozenset({"s3"})
"""Schemes whose addresses have no user: what follows an @ there may be a part of a secret."""

TOKENS_AS_USER: Final = frozenset({"http", "https"})
"""Schemes whose user is a secret if no password follows it."""


def public_address(address: str) -> str:
    """Return an address without user, password and parameters, or a folder's path as it is.

    Of an address that can be divided in several ways, the scheme is returned alone.
    """
    if found := ADDRESS.fullmatch(address):
        return f"{found['scheme']}://{HIDDEN if _is_misread(found) else found['place']}"
    if FOLDER.fullmatch(address):
        return address
    scheme = re.match(r"[a-z][a-z0-9+.-]{0,20}://", address, re.IGNORECASE)
    return f"{scheme[0] if scheme else ''}{HIDDEN}"


def secret_parts(address: str) -> set[str]:
    """Return the parts of an address that may be secret.

    They are the password and the parameters, all of it after the scheme if it can be divided in
    several ways, and nothing of the path of a folder.
    """
    if found := ADDRESS.fullmatch(address):
        if _is_misread(found):
            return {address.partition("://")[2]}
        parts = {found["password"] or ""}
        parts |= {value for _, value in parse_qsl(found["query"] or "", errors="replace")}
        if found["password"] is None and found["scheme"].lower() in TOKENS_AS_USER:
            parts.add(found["user"] or "")
        return parts - {""}
    if FOLDER.fullmatch(address):
        return set()
    return {address.partition("://")[2] or address}


def _is_misread(address: re.Match[str]) -> bool:
    return address["user"] is not None and address["scheme"].lower() in WITHOUT_USER


class Redactor:
    """Replaces secrets in texts, and every part of one of at least MIN_LENGTH characters.

    A message may quote a part of a value only: a driver that takes the end of a password for the
    port quotes that. Secrets are also found in capitals or small letters, percent-encoded, and
    with escapes as in Python's `repr`.

    Args:
        secrets: The secrets.
        patterns: Expressions that match secrets which are not known by value.
    """

    def __init__(self, secrets: Iterable[str], patterns: Sequence[re.Pattern[str]] = ()) -> None:
        self._parts = frozenset(
            part for secret in secrets for form in _forms(secret) for part in _parts(_folded(form))
        )
        self._patterns = patterns

    def __call__(self, text: str) -> str:
        """Return `text` with HIDDEN in the place of secrets."""
        for pattern in self._patterns:
            text = pattern.sub(HIDDEN, text)
        if not self._parts:
            return text
        shown, start = [], 0
        for begin, end in self._found(_folded(text)):
            shown += [text[start:begin], HIDDEN]
            start = end
        return "".join((*shown, text[start:]))

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield begin and end of each run of characters that are parts of secrets."""
        begin = end = -1
        for position, part in enumerate(_parts(text)):
            if part not in self._parts:
                continue
            if position > end:
                if end > 0:
                    yield begin, end
                begin = position
            end = position + MIN_LENGTH
        if end > 0:
            yield begin, end


def _forms(secret: str) -> set[str]:
    """Return a secret as it may be written in a message."""
    plain = {secret, unquote(secret)}
    encoded = {
        function(text.encode(errors="surrogatepass")) for text in plain for function in QUOTING
    }
    escaped = {function(text)[1:-1] for text in plain for function in (repr, ascii)}
    return plain | encoded | escaped


QUOTING: Final = (quote, quote_plus)


def _parts(text: str) -> Iterator[str]:
    return (text[at : at + MIN_LENGTH] for at in range(len(text) - MIN_LENGTH + 1))


def _folded(text: str) -> str:
    """Return a text in small letters, of the same length.

    A character whose small form has another length, as the Turkish dotted I, stays as it is.
    """
    if text.isascii():
        return text.lower()
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
