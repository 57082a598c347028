"""Slack's signature, checked in two steps: the headers, then the body."""

from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.http.refusals import Refused
from bot.platforms.slack.signatures import MAX_AGE, SIGNATURE, TIMESTAMP, Signature
from tests.stubs.slack.signing import signature_headers

SECRET = "hush-signing"  # noqa: S105 - a test\'s
NOW = 1_531_420_618.0


def verify(body: bytes, headers: dict[str, str], now: float = NOW) -> None:
    signature = Signature(SECRET, headers, lambda: now)
    signature.update(body[:7])
    signature.update(body[7:])
    signature.verify()


def test_slacks_own_example_is_accepted() -> None:
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
        b"G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-"
        b"collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F"
        b"397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
        b"803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        TIMESTAMP: "1531420618",
        SIGNATURE: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    signature = Signature("8f742231b10e8888abcd99yyyzzz85a5", headers, lambda: NOW)
    signature.update(body)
    signature.verify()


@given(st.binary())
def test_signed_body_is_accepted_in_pieces(body: bytes) -> None:
    verify(body, signature_headers(body, SECRET, NOW))


@given(st.binary(), st.binary(min_size=1))
def test_other_body_is_refused(body: bytes, more: bytes) -> None:
    with pytest.raises(Refused):
        verify(body + more, signature_headers(body, SECRET, NOW))


@pytest.mark.parametrize(("seconds", "accepted"), [(MAX_AGE, True), (MAX_AGE + 1, False)])
@pytest.mark.parametrize("direction", [-1, 1])
def test_age_is_limited(seconds: int, direction: int, *, accepted: bool) -> None:
    headers = signature_headers(b"", SECRET, NOW)
    if accepted:
        verify(b"", headers, NOW + direction * seconds)
    else:
        with pytest.raises(Refused, match="5 minutes"):
            verify(b"", headers, NOW + direction * seconds)


@given(st.text(), st.text())
def test_any_headers_are_refused_with_a_status_of_the_client(timestamp: str, given: str) -> None:
    with pytest.raises(Refused) as refused:
        verify(b"", {TIMESTAMP: timestamp, SIGNATURE: given})
    assert refused.value.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}
