"""Addresses from outside are requested on the allowed hosts only, however they are written."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from bot.domain.web_origins import AllowedOrigins

OWN = "http://127.0.0.1:8080"
DOMAIN = "files.example"
ALLOWED = AllowedOrigins([OWN, "https://api.example/v1"], [DOMAIN])

HOSTS = st.sampled_from(
    [DOMAIN, f"a.{DOMAIN}", "evil.example", "127.0.0.1", "169.254.169.254", "[::1]", "localhost"]
)
TRICKS = st.sampled_from(
    ["", "@", ":", "/", "\\", "#", "?", ".", "%2f", "%00", "\0", "\t", "\n", "。", "ⓔ", ":80", "//"]
)
SCHEMES = st.sampled_from(["https:", "http:", "HTTPS:", "file:", "ftp:", "", "https"])
HOSTILE = st.builds(
    lambda *parts: "".join(parts),
    SCHEMES,
    st.sampled_from(["//", "/", "\\\\", "", "///"]),
    TRICKS,
    HOSTS,
    TRICKS,
    HOSTS | TRICKS,
    TRICKS,
    st.text(string.ascii_letters + "./\\@:#?%", max_size=9),
)


@pytest.mark.parametrize(
    "address",
    [
        "https://files.example/a.mp3",
        "https://FILES.example:443/a.mp3?b=c",
        "https://x.y.files.example/",
        "https://API.example:443/anything",
        f"{OWN}/a.mp3",
    ],
)
def test_addresses_on_the_allowed_hosts_are_requested(address: str) -> None:
    assert ALLOWED.address(address) == URL(address)


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        b"https://files.example/",
        "",
        "a.mp3",
        "//files.example/a.mp3",
        "http://files.example/a.mp3",
        "https://files.example:8443/a.mp3",
        "https://evilfiles.example/a.mp3",
        "https://files.example.evil.example/a.mp3",
        "https://files.example@evil.example/a.mp3",
        "https://name@files.example/a.mp3",
        "https://:word@files.example/a.mp3",
        "https://evil.example\0.files.example/a.mp3",
        "https://evil.example%2f.files.example/a.mp3",
        "https://evil.example\\.files.example/a.mp3",
        "https://evil.example#.files.example/a.mp3",
        "https://x.api.example/v1",
        "http://api.example/v1",
        "http://127.0.0.1/a.mp3",
        f"http://name@{OWN.removeprefix('http://')}/a.mp3",
        "https://[",
        "https://files.example:99999/",
    ],
)
def test_other_addresses_are_not_requested(address: object) -> None:
    assert ALLOWED.address(address) is None


@given(text=HOSTILE | st.text())
@example("https://evil.example\n.files.example/")
def test_any_text_is_on_an_allowed_host_or_not_requested(text: str) -> None:
    found = ALLOWED.address(text)
    if found is None:
        return
    # As the HTTP client reads it.
    assert found == URL(text)
    assert (found.user, found.password) == (None, None)
    host = found.raw_host or ""
    assert set(host) <= set(string.ascii_lowercase + string.digits + ".-")
    if (found.scheme, host, found.port) != ("http", "127.0.0.1", 8080):
        assert (found.scheme, found.port) == ("https", 443)
        assert host in {DOMAIN, "api.example"} or host.endswith(f".{DOMAIN}")


@given(location=HOSTILE | st.text())
def test_any_redirect_stays_on_the_allowed_hosts(location: str) -> None:
    found = ALLOWED.address(location, URL(f"{OWN}/files/a.mp3"))
    if found is not None:
        is_own = found.origin() == URL(OWN)
        assert is_own or ALLOWED.address(str(found)) == found


def test_relative_redirect_is_on_the_same_host() -> None:
    base = URL(f"{OWN}/files/a.mp3")
    assert ALLOWED.address("../b.mp3", base) == URL(f"{OWN}/b.mp3")
    assert ALLOWED.address("//evil.example/b.mp3", base) is None
