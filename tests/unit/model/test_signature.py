"""Signatures of bundles, and the forms of keys."""

import json
import stat
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from model.errors import KeyUnusable, SignatureInvalid
from model.signature import CONTEXT, SPKI_PREFIX, Signer, create_key, public_keys, read, verify

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
METADATA = b'{"name": "tiny"}'
NOW = 1_800_000_000.9


def signed(key: Ed25519PrivateKey = KEY, after: int = 0) -> str:
    return Signer(key, lambda: NOW).sign("tiny", "1", METADATA, after)


def test_signature_is_that_of_the_bundle_and_has_a_time() -> None:
    statement = verify(signed(), METADATA, "tiny", "1", [PUBLIC])
    assert (statement.signed_at, statement.date) == (1_800_000_000, "2027-01-15 08:00:00 UTC")


def test_one_of_several_keys_is_enough() -> None:
    other = OTHER.public_key().public_bytes_raw()
    assert verify(signed(), METADATA, "tiny", "1", [other, PUBLIC]).name == "tiny"


@pytest.mark.parametrize(
    ("metadata", "name", "version"),
    [(METADATA + b" ", "tiny", "1"), (METADATA, "wide", "1"), (METADATA, "tiny", "2")],
    ids=["other content", "other name", "other version"],
)
def test_signature_of_another_bundle_is_refused(metadata: bytes, name: str, version: str) -> None:
    with pytest.raises(SignatureInvalid, match="that of another bundle"):
        verify(signed(), metadata, name, version, [PUBLIC])


def test_signature_with_another_key_is_refused() -> None:
    with pytest.raises(SignatureInvalid, match="signed with another key"):
        verify(signed(OTHER), METADATA, "tiny", "1", [PUBLIC])


def test_changed_statement_is_refused() -> None:
    fields = json.loads(signed())
    fields["statement"] = fields["statement"].replace("1800000000", "1900000000")
    with pytest.raises(SignatureInvalid, match="signed with another key"):
        read(json.dumps(fields), [PUBLIC])


def test_statement_that_was_signed_for_another_purpose_is_refused() -> None:
    fields = json.loads(signed())
    fields["signature"] = b64encode(KEY.sign(fields["statement"].encode())).decode()
    assert CONTEXT
    with pytest.raises(SignatureInvalid, match="signed with another key"):
        read(json.dumps(fields), [PUBLIC])


@pytest.mark.parametrize(
    "change",
    [
        {"statement": "{}"},
        {"statement": 1},
        {"statement": '{"name":"a","version":"1","metadata_sha256":"","signed_at":1e99}'},
        {"statement": f'{{"name":"a","version":"1","metadata_sha256":"","signed_at":{10**20}}}'},
        {"signature": "!"},
        {"signature": None},
    ],
    ids=str,
)
def test_malformed_signature_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(SignatureInvalid):
        read(json.dumps(json.loads(signed()) | change), [PUBLIC])


@given(st.text())
def test_any_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SignatureInvalid):
        read(text, [PUBLIC])


def test_each_signature_is_later_than_the_one_before_even_if_the_clock_goes_back() -> None:
    assert read(signed(after=1_900_000_000), [PUBLIC]).signed_at == 1_900_000_001


def test_public_keys_in_every_form() -> None:
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for text in (
        b64encode(PUBLIC).decode(),
        b64encode(SPKI_PREFIX + PUBLIC).decode(),
        pem,
        pem.replace("\n", "\r\n"),
    ):
        assert public_keys(text) == (PUBLIC,)
        assert public_keys(f"{text} , {b64encode(PUBLIC).decode()},") == (PUBLIC, PUBLIC)
    assert public_keys(" ") == ()


PRIVATE_PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "text",
    ["abc", "a b", b64encode(b"x" * 31).decode(), "\u2013" * 44, PRIVATE_PEM.decode(), "x" * 44],
)
def test_what_is_no_public_key_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="must be a public ed25519 key") as raised:
        public_keys(text)
    assert text not in str(raised.value)


def test_new_key_is_readable_by_its_owner_alone_and_signs(tmp_path: Path) -> None:
    file = tmp_path / "signing.pem"
    public = create_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    signer = Signer.from_file(file)
    assert signer.public_key == b64decode(public)
    assert read(signer.sign("a", "1", b""), public_keys(public)).name == "a"


def test_key_is_not_overwritten(tmp_path: Path) -> None:
    create_key(tmp_path / "signing.pem")
    before = (tmp_path / "signing.pem").read_bytes()
    with pytest.raises(KeyUnusable, match="File exists"):
        create_key(tmp_path / "signing.pem")
    assert (tmp_path / "signing.pem").read_bytes() == before


EC = generate_private_key(SECP256R1())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
    ],
    ids=["empty", "no text", "another algorithm", "with a password"],
)
def test_what_is_no_private_key_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(KeyUnusable, match="is no private ed25519 key"):
        Signer.from_file(tmp_path / "key")
    with pytest.raises(KeyUnusable, match="cannot be read: No such file"):
        Signer.from_file(tmp_path / "none")


def test_cryptography_is_imported_for_signatures_alone() -> None:
    code = "import sys, model.store, model.classifier; print('cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
