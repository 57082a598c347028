"""Addresses without secrets, and texts without parts of secrets."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.addresses import check_server, check_store
from model.redaction import HIDDEN, MIN_LENGTH, Redactor, public_address, secret_parts


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("ftp://ann:secret@host:21/store?token=secret", "ftp://host:21/store"),
        ("postgresql+asyncpg://me:secret@[::1]:5432/db", "postgresql+asyncpg://[::1]:5432/db"),
        ("https://secret@host/my models", "https://host/my models"),
        ("s3://bucket/store", "s3://bucket/store"),
        ("s3://", "s3://"),
        ("file:///srv/store", "file:///srv/store"),
        ("/srv/store", "/srv/store"),
        ("C:\\models", "C:\\models"),
        ("../my models", "../my models"),
        ("postgresql://me:se@cret@host/db", "postgresql://[secret]"),
        ("postgresql://me:se/cret@host/db", "postgresql://[secret]"),
        ("postgresql://me:se#cret@host/db", "postgresql://[secret]"),
        ("postgresql://me:secret/db", "postgresql://[secret]"),
        ("s3://key:se/cret@bucket/x", "s3://[secret]"),
        ("s3://key:se@cret/bucket", "s3://[secret]"),
        ("simplecache::s3://key:secret@bucket", "[secret]"),
        ("key:secret@bucket/x", "[secret]"),
        ("s3:/key:secret@bucket", "[secret]"),
    ],
)
def test_address_is_shown_without_secrets(address: str, public: str) -> None:
    assert public_address(address) == public


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("postgresql://me:hush-1@host/db?sslkey=hush-2", {"hush-1", "hush-2"}),
        ("postgresql://soundslike@host/soundslike", set()),
        ("https://hush@host/", {"hush"}),
        ("s3://key:hu/sh@bucket", {"key:hu/sh@bucket"}),
        ("s3://key:hu@sh/bucket", {"key:hu@sh/bucket"}),
        ("key:hush@bucket", {"key:hush@bucket"}),
        ("/srv/models", set()),
    ],
)
def test_secret_parts_of_an_address(address: str, parts: set[str]) -> None:
    assert secret_parts(address) == parts


SECRET = "Tr0ub4dor&3/x%40 y@z\u00fc\u2013"  # noqa: S105 - made up


@pytest.mark.parametrize(
    "quoted",
    [
        SECRET,
        "Tr0ub4dor",  # the part before the &, which was taken for a parameter's end
        "tr0ub4dor&3/x%40 y@z",
        "Tr0ub4dor%263%2Fx%2540%20y%40z%C3%BC%E2%80%93",
        "Tr0ub4dor%263%2Fx%2540+y%40z%C3%BC",
        "Tr0ub4dor&3/x@ y@z",
        "@z\\xfc\\u2013",
    ],
)
def test_secret_is_hidden_in_every_form_and_part(quoted: str) -> None:
    assert Redactor([SECRET])(f"port {quoted!s}, no number") == f"port {HIDDEN}, no number"


@pytest.mark.parametrize(
    "beside", ["\u0130stanbul", "STRA\u1e9eE \u03a3", "\u212a\ufb01\U0001f3b7"]
)
@pytest.mark.parametrize("change", [str, str.lower, str.upper])
def test_secret_is_hidden_beside_letters_whose_small_form_is_longer(
    beside: str, change: Callable[[str], str]
) -> None:
    secret = "Tr0ub4dor-\u0130\u00c4\u03a3"  # noqa: S105 - made up
    known = Redactor([secret, "xoxb-PLAIN-1"])
    assert known(f"{beside}: {secret}.") == f"{beside}: {HIDDEN}."
    assert known(f"{beside}: {change('xoxb-PLAIN-1')}.") == f"{beside}: {HIDDEN}."


def test_text_between_secrets_is_kept() -> None:
    redact = Redactor(["hush-one", "second-hush"])
    assert redact("hush-one, hush-one/second-hush") == "[secret], [secret]/[secret]"
    assert redact("second-hushhush-one") == HIDDEN
    assert redact("") == ""


def test_short_parts_are_parts_of_words() -> None:
    assert Redactor(["abcde"])("abcde is a word") == "abcde is a word"


def test_secrets_by_their_form() -> None:
    assert Redactor([], [re.compile(r"(?<=ticket=)\w+")])("a?ticket=x1&b") == "a?ticket=[secret]&b"


@given(st.text(min_size=MIN_LENGTH), st.text(), st.text())
def test_nothing_of_a_secret_is_left(secret: str, before: str, after: str) -> None:
    shown = Redactor([secret])(before + secret + after)
    for at in range(len(secret) - MIN_LENGTH + 1):
        part = secret[at : at + MIN_LENGTH]
        assert part not in shown or part in HIDDEN * 2 or any(c in "[]" for c in part)


@given(st.text(), st.lists(st.text(max_size=4)))
def test_text_without_secrets_is_unchanged(text: str, short: list[str]) -> None:
    assert Redactor(short)(text) == text


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:pw@host/db",
        "postgresql://me:p/w#?:x@host:5432/db?sslmode=require",
        "postgres:///db?host=/run/postgresql&password=a%40b",
        "postgresql+asyncpg://[::1]/db",
    ],
)
def test_address_of_a_server_that_has_one_reading(address: str) -> None:
    check_server(address)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:p@w@host/db",
        "postgresql://me:pw@host:port/db",
        "postgresql://me:secret/db",
        "me:secret@host/db",
        "secret",
    ],
)
def test_address_of_a_server_with_several_readings_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="write @ as %40") as raised:
        check_server(address)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("s3://key:secret@bucket/models", "set AWS_ACCESS_KEY_ID and"),
        ("S3://secret@bucket/models", "set AWS_ACCESS_KEY_ID and"),
        ("s3://bucket/models?token=secret", "set AWS_ACCESS_KEY_ID and"),
        ("ftp://me:se@cret@host/models", "write @ as %40"),
        ("simplecache::ftp://me:secret@host/models", "write @ as %40"),
    ],
)
def test_address_of_a_store_that_would_show_a_secret_is_refused(address: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as raised:
        check_store(address)
    assert "cret" not in str(raised.value).replace("SECRET", "")


@pytest.mark.parametrize("address", ["ftp://me:secret@host/models", "s3://bucket/x", "/srv/x", "x"])
def test_address_of_a_store(address: str) -> None:
    check_store(address)
