"""Who asks: forwarded headers of trusted proxies, and of everyone else."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.platforms.web import forwarded
from bot.platforms.web.forwarded import Client

PROXY = "127.0.0.1"
OTHER_PROXY = "10.1.2.3"
VISITOR = "203.0.113.7"
LIAR = "198.51.100.1"
TRUSTED = tuple(map(ip_network, ("127.0.0.0/8", "::1/128", "10.0.0.0/8")))

# What a header's line may have; aiohttp refuses others.
TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"))
# Made of what the headers are made of, so that they are nearly right.
PARTS = (
    f"for={LIAR}", f'for="{LIAR}"', 'for="[2001:db8::1]"', LIAR, PROXY, "for=", '"', "\\", ",",
    ";", "=", " ", "[", "]", ":80", "x=", "proto=https", "unknown", "_hidden", "%",
)  # fmt: skip
LIES = st.lists(st.sampled_from(PARTS)).map("".join)


def read(*lines: tuple[str, str], peer: str = PROXY) -> Client:
    headers = CIMultiDict([("Host", "songs.example"), *lines])
    return forwarded.read(peer, headers, TRUSTED)


def address(*values: str, peer: str = PROXY) -> str:
    """Return the client's address by lines of X-Forwarded-For."""
    return read(*(("X-Forwarded-For", value) for value in values), peer=peer).address


def by_standard(*values: str, peer: str = PROXY) -> str:
    """Return the client's address by lines of Forwarded."""
    return read(*(("Forwarded", value) for value in values), peer=peer).address


def test_without_headers_the_peer_asks() -> None:
    assert read() == Client(PROXY, "http", "songs.example")
    assert read(peer="") == Client("", "http", "songs.example")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        pytest.param([VISITOR], VISITOR, id="one proxy"),
        pytest.param([f" {VISITOR} "], VISITOR, id="spaces"),
        pytest.param([f"{VISITOR}, {OTHER_PROXY}"], VISITOR, id="two proxies"),
        pytest.param([VISITOR, OTHER_PROXY], VISITOR, id="two lines"),
        pytest.param([f"{LIAR}, {VISITOR}, {OTHER_PROXY}"], VISITOR, id="a prefix that is a lie"),
        pytest.param([LIAR, VISITOR], VISITOR, id="a line that is a lie"),
        pytest.param([f"{PROXY}, {VISITOR}"], VISITOR, id="a trusted address that is a lie"),
        pytest.param([f"{VISITOR}:5123"], VISITOR, id="a port"),
        pytest.param(["[2001:db8::1]:5123"], "2001:db8::1", id="IPv6 with a port"),
        pytest.param(["[2001:db8::1]"], "2001:db8::1", id="IPv6 in brackets"),
        pytest.param(["2001:DB8:0::1"], "2001:db8::1", id="IPv6"),
        pytest.param([f"::ffff:{VISITOR}"], VISITOR, id="mapped IPv4"),
        pytest.param([f"{VISITOR}, ::ffff:10.0.0.1"], VISITOR, id="a proxy as mapped IPv4"),
        pytest.param(["fe80::1%eth0"], "fe80::1", id="a zone"),
        pytest.param([f"{OTHER_PROXY}, 10.0.0.9"], OTHER_PROXY, id="proxies alone"),
        pytest.param(["unknown"], PROXY, id="unknown"),
        pytest.param([f"{VISITOR}, unknown"], PROXY, id="unknown to the nearest proxy"),
        pytest.param([f"junk, {OTHER_PROXY}"], OTHER_PROXY, id="junk before a proxy"),
        pytest.param([""], PROXY, id="empty"),
        pytest.param([f"{VISITOR},"], PROXY, id="an empty end"),
        pytest.param(["1.2.3.4.5"], PROXY, id="no address"),
        pytest.param([f"{VISITOR}:port"], PROXY, id="no port"),
        pytest.param(["1" * 8000], PROXY, id="a long number"),
        pytest.param([f"{LIAR}, " * 600 + VISITOR], VISITOR, id="a long list"),
        pytest.param([f"{VISITOR}, " + "10.0.0.1, " * 600 + "10.0.0.1"], "10.0.0.1", id="a chain"),
    ],
)
def test_addresses_are_walked_from_the_right(values: list[str], found: str) -> None:
    assert address(*values) == found


@pytest.mark.parametrize("peer", [LIAR, "2001:db8::9", "11.0.0.1", "::ffff:11.0.0.1"])
def test_headers_of_a_peer_that_is_no_proxy_are_not_believed(peer: str) -> None:
    lies = [
        ("X-Forwarded-For", VISITOR),
        ("Forwarded", f"for={VISITOR};proto=https;host=a.example"),
    ]
    lies += [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "a.example")]
    own = str(getattr(ip_address(peer), "ipv4_mapped", None) or peer)
    assert read(*lies, peer=peer) == Client(own, "http", "songs.example")


def test_mapped_peer_is_a_proxy() -> None:
    assert address(VISITOR, peer="::ffff:127.0.0.1") == VISITOR


@pytest.mark.parametrize(
    ("values", "found"),
    [
        pytest.param([f"for={VISITOR}"], VISITOR, id="one proxy"),
        pytest.param([f'For="{VISITOR}:80";proto=https;by=_x'], VISITOR, id="quoted, with a port"),
        pytest.param(['for="[2001:db8::1]:80"'], "2001:db8::1", id="IPv6"),
        pytest.param(["for=[2001:db8::1]"], "2001:db8::1", id="unquoted IPv6"),
        pytest.param([r'for="203.0.113\.7"'], VISITOR, id="escaped"),
        pytest.param([f"for={LIAR}, for={VISITOR} , for={OTHER_PROXY}"], VISITOR, id="a prefix"),
        pytest.param([f"for={LIAR}", f"for={VISITOR}"], VISITOR, id="a line that is a lie"),
        pytest.param(['for="junk', f"for={VISITOR}"], VISITOR, id="an open quote in another line"),
        pytest.param([f'for="junk, for={VISITOR}'], PROXY, id="an open quote"),
        pytest.param([f"for={LIAR}", 'for="junk'], PROXY, id="an open quote at the end"),
        pytest.param([f"for={LIAR}", "junk", "for=10.0.0.1"], "10.0.0.1", id="junk in between"),
        pytest.param([f'for={LIAR};x=", for="[2001:db8::1]"'], PROXY, id="a quote that hides"),
        pytest.param(["for=unknown"], PROXY, id="unknown"),
        pytest.param(["for=_hidden, proto=https"], PROXY, id="no address"),
        pytest.param([f"for={VISITOR} for={LIAR}"], PROXY, id="no separator"),
        pytest.param([f"for={VISITOR}" + ";x=y" * 1500], VISITOR, id="a long element"),
        pytest.param([f"for={LIAR}," * 500 + f"for={VISITOR}"], VISITOR, id="a long list"),
    ],
)
def test_standard_header_is_walked_from_the_right(values: list[str], found: str) -> None:
    assert by_standard(*values) == found


def test_headers_that_contradict_each_other_leave_the_proxy() -> None:
    both = [("X-Forwarded-For", VISITOR), ("Forwarded", f"for={LIAR}")]
    assert read(*both).address == PROXY
    assert read(both[0], ("Forwarded", f"for={VISITOR}")).address == VISITOR


@pytest.mark.parametrize(
    ("lines", "scheme", "host"),
    [
        ([("X-Forwarded-Proto", "https")], "https", "songs.example"),
        ([("X-Forwarded-Proto", "HTTPS"), ("X-Forwarded-Host", "a.example")], "https", "a.example"),
        ([("X-Forwarded-Proto", "javascript")], "http", "songs.example"),
        # A proxy that appends the scheme to what the client sent.
        (
            [("X-Forwarded-For", f"{LIAR}, {VISITOR}"), ("X-Forwarded-Proto", "https, http")],
            "http",
            "songs.example",
        ),
        (
            [
                ("X-Forwarded-For", f"{VISITOR}, {OTHER_PROXY}"),
                ("X-Forwarded-Proto", "https, http"),
            ],
            "https",
            "songs.example",
        ),
        # A proxy that keeps the scheme of the one before it.
        (
            [("X-Forwarded-For", f"{VISITOR}, {OTHER_PROXY}"), ("X-Forwarded-Proto", "https")],
            "https",
            "songs.example",
        ),
        ([("Forwarded", f'for={VISITOR};proto=https;host="a.example"')], "https", "a.example"),
        (
            [("Forwarded", f"for={VISITOR}"), ("X-Forwarded-Proto", "https")],
            "http",
            "songs.example",
        ),
    ],
)
def test_scheme_and_host_are_those_of_the_visitor(
    lines: list[tuple[str, str]], scheme: str, host: str
) -> None:
    found = read(*lines)
    assert (found.scheme, found.host) == (scheme, host)


@given(lie=TEXT | LIES)
def test_no_prefix_changes_what_a_proxy_appended(lie: str) -> None:
    assert address(f"{lie}, {VISITOR}") == VISITOR
    assert address(lie, VISITOR) == VISITOR
    # A quote that the prefix opens may swallow it: then the proxy stands for the visitor.
    assert by_standard(f"{lie}, for={VISITOR};proto=https") in (VISITOR, PROXY)
    assert by_standard(f'{lie}, for="[2001:db8::7]"') in ("2001:db8::7", PROXY)
    assert by_standard(lie, f"for={VISITOR}") == VISITOR


@given(lie=TEXT | LIES, name=st.sampled_from(("X-Forwarded-For", "Forwarded")))
def test_nothing_is_believed_of_a_stranger(lie: str, name: str) -> None:
    assert read((name, lie), ("X-Forwarded-Host", lie), peer=VISITOR) == Client(
        VISITOR, "http", "songs.example"
    )


@given(text=TEXT | LIES | st.ip_addresses().map(str))
def test_what_is_read_as_an_address_is_one(text: str) -> None:
    found = forwarded.parse_address(text)
    if found is not None:
        assert ip_address(str(found)) == found
        assert forwarded.parse_address(str(found)) == found
