"""PUBLIC_URL, TRUSTED_PROXIES and PUBLIC, and the platforms that they make run."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ConfigurationError
from bot.platforms.web.platform import WebPlatform
from bot.platforms.web.site import Site
from bot.runtime import settings, web_settings
from bot.runtime.platforms import platforms
from bot.runtime.settings import Settings
from bot.texts import public_page

URL = "https://songs.example"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "local_host", "local_port"):
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://songs.example", URL),
        ("https://songs.example/", URL),
        ("HTTPS://Songs.Example:443", URL),
        ("http://songs.example:80/", "http://songs.example"),
        ("http://songs.example:443", "http://songs.example:443"),
        ("https://songs.example:8443/", "https://songs.example:8443"),
        ("http://192.0.2.1:8080", "http://192.0.2.1:8080"),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://müsik.example", "https://xn--msik-0ra.example"),
        ("https://my_songs.example", "https://my_songs.example"),
    ],
)
def test_address_is_read_as_browsers_write_it(written: str, address: str) -> None:
    assert web_settings.site_address(written) == address


@pytest.mark.parametrize(
    "written",
    [
        *(f"{URL}{rest}" for rest in ("/songs", "//", "?a=b", "#a", ":", ":x", ":99999", ":080")),
        *(f"{URL}{rest}" for rest in ("\n", " ", ":443:443")),
        *("songs.example", "ftp://songs.example", "https://", "https:///", "https:songs.example"),
        *("https://me@songs.example", "https://me:secret@songs.example", "https://so ngs.example"),
        *(
            "https://.example",
            "https://songs..example",
            "https://-a.example",
            "javascript:alert(1)",
        ),
        *("https://1.2.3", "https://[::1", "https://[fe80::1%eth0]", "https://[x]", "https://a\tb"),
        *(f"https://{'a' * 64}.example", f"https://{'a.' * 127}example"),
    ],
)
def test_what_is_no_address_of_a_site_is_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its sentence is that of the setting
        web_settings.site_address(written)


def test_refused_address_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", f"{URL}/songs")
    with pytest.raises(ConfigurationError) as raised:
        settings.load()
    problem = public_page.SETTING_PROBLEMS["PUBLIC_URL"]
    assert str(raised.value) == f"PUBLIC_URL: {problem}"


@given(text=st.text(max_size=40) | st.from_regex(r"https?://[a-zA-Z0-9.:\[\]@/-]*", fullmatch=True))
def test_what_is_accepted_stays_what_it_is(text: str) -> None:
    try:
        address = web_settings.site_address(text)
    except ValueError:
        return
    assert web_settings.site_address(address) == address
    assert address.isascii()
    assert address.count("/") == 2


@pytest.mark.parametrize(
    ("written", "networks"),
    [
        ("127.0.0.1", ["127.0.0.1/32"]),
        ("10.0.0.0/8, ::1 ,", ["10.0.0.0/8", "::1/128"]),
        ("::ffff:10.0.0.0/104", ["10.0.0.0/8"]),
    ],
)
def test_proxies_are_addresses_or_networks(
    monkeypatch: pytest.MonkeyPatch, written: str, networks: list[str]
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", written)
    assert settings.load().trusted_proxies == tuple(map(ip_network, networks))


@pytest.mark.parametrize(
    "written",
    ["localhost", "10.0.0.0/33", "10.1.2.3/8", "*", "10.0.0.0-10.0.0.9", "::ffff:10.0.0.0/8"],
)
def test_what_is_no_network_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", written)
    with pytest.raises(ConfigurationError) as raised:
        settings.load()
    problem = public_page.SETTING_PROBLEMS["TRUSTED_PROXIES"]
    assert str(raised.value) == f"TRUSTED_PROXIES: {problem}"


def site_of(loaded: Settings, *names: str, public: bool = False) -> Site:
    (platform,) = platforms(loaded, names, public=public)
    assert isinstance(platform, WebPlatform)
    return platform.site


def test_page_is_for_this_computer_unless_it_is_asked_to_be_public(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PUBLIC_URL", URL)
    loaded = settings.load()
    assert site_of(loaded) == site_of(loaded, "web") == Site("127.0.0.1")
    public = Site("127.0.0.1", is_public=True, url=URL, proxies=web_settings.LOOPBACK)
    assert site_of(loaded, public=True) == site_of(loaded, "local", public=True) == public
    monkeypatch.setenv("PUBLIC", "1")
    assert site_of(settings.load()) == public


def test_public_page_runs_beside_the_platforms_that_are_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "MTIz.abc.def")
    loaded = settings.load()
    assert [one.name for one in platforms(loaded, ())] == ["discord"]
    for public in (loaded.model_copy(update={"public": True}), loaded):
        found = platforms(public, (), public=public is loaded)
        assert [one.name for one in found] == ["discord", "web"]


def test_public_page_is_not_asked_of_other_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "MTIz.abc.def")
    monkeypatch.setenv("PUBLIC", "1")  # of another process with the same settings
    loaded = settings.load()
    assert [one.name for one in platforms(loaded, ("discord",))] == ["discord"]
    with pytest.raises(ConfigurationError, match="--platform web"):
        platforms(loaded, ("discord",), public=True)
