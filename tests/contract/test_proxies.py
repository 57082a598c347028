"""Every client sends its requests through the proxy of the environment, and none on loopback."""

import asyncio
import base64
import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final
from unittest.mock import patch

import aiohttp
import discord
import pytest
from discord.http import Route
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SoundslikeError
from bot.domain.proxies import Proxies
from bot.domain.song_query import SongQuery
from bot.domain.tracks import Track
from bot.platforms.discord import token_check as discord_token
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.slack import token_check as slack_token
from bot.platforms.slack.clients import set_proxy, through
from bot.platforms.slack.credentials import Credentials
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.response_url import respond_to
from bot.platforms.slack.uploads import FileHost, SlackUpload
from bot.runtime import environment, redaction, settings, source_clients
from bot.sources.clients import SourceClients
from bot.sources.reccobeats import ReccoBeatsLookup
from bot.sources.short_links import ShortLinkResolver
from bot.sources.spotify.lookup import SpotifyLookup
from model.errors import BundleError
from model.remote import RemoteStore
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.fake_app import FakeApp
from tests.support.fake_ledger import FakeSourceLedger
from tests.support.loopback import Loopback
from tests.support.recording_proxy import PASSWORD, USER, RecordingProxy, Request
from tests.support.virtual_time import START

DISCORD: Final = "http://discord.example/api/v10"
SLACK: Final = "http://slack.example/api/"
TOKEN: Final = "x.y.z"  # noqa: S105 - of a stand-in
TOKENS: Final = {"bot_token": "xoxb-1", "app_token": "xapp-1"}
GATEWAY: Final = {
    "url": "ws://gateway.example",
    "shards": 1,
    "session_start_limit": {"total": 9, "remaining": 9, "reset_after": 0, "max_concurrency": 1},
}
APPLICATION: Final = {
    "id": "1",
    "name": "b",
    "description": "",
    "icon": None,
    "verify_key": "k",
    "bot_public": True,
    "bot_require_code_grant": False,
    "owner": {"id": "2", "username": "a", "discriminator": "0", "avatar": None},
}
REPLIES: Final[Mapping[str, Any]] = {
    "http://accounts.example/api/token": {"access_token": "t", "expires_in": 3600},
    f"{SLACK}auth.test": {"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"},
    f"{SLACK}apps.connections.open": {"ok": True, "url": "ws://socket.example/link"},
    f"{DISCORD}/users/@me": {"id": "1", "username": "b", "discriminator": "0", "avatar": None},
    f"{DISCORD}/oauth2/applications/@me": APPLICATION,
    f"{DISCORD}/gateway/bot": GATEWAY,
}

Ask = Callable[[aiohttp.ClientSession], Awaitable[object]]


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RecordingProxy]:
    """Run a proxy that the environment names."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    async with RecordingProxy(REPLIES).running() as running:
        monkeypatch.setenv("http_proxy", running.address)
        monkeypatch.setenv("HTTPS_PROXY", running.address)
        yield running


def clients(session: aiohttp.ClientSession) -> SourceClients:
    return source_clients.build(LOADED, session, FakeSourceLedger(lambda: START))


LOADED: Final = settings.Settings(
    spotify_client_id="id",
    spotify_client_secret=SecretStr("hush"),
    spotify_url="http://spotify.example",
    spotify_accounts_url="http://accounts.example",
)


async def reccobeats(session: aiohttp.ClientSession) -> None:
    service = clients(session).service("reccobeats", "http://reccobeats.example")
    await ReccoBeatsLookup(service).get(Track(OLD_TOWN_ROAD))


async def spotify(session: aiohttp.ClientSession) -> None:
    lookup = SpotifyLookup(source_clients.spotify_session(LOADED, clients(session)), "US")
    await lookup.search(SongQuery("old town road"))


async def short_links(session: aiohttp.ClientSession) -> None:
    resolver = ShortLinkResolver(
        session, frozenset({"short.example"}), proxies=environment.proxies()
    )
    await resolver.resolve("http://short.example/a")


async def slack_replies(session: aiohttp.ClientSession) -> None:
    del session
    client = through(AsyncWebClient(base_url=SLACK), environment.proxies().of(SLACK))
    await respond_to("http://hooks.example/a", client.proxy)(text="a")


async def slack_file(session: aiohttp.ClientSession) -> None:
    del session
    host = FileHost("http://files.example", environment.proxies().of("http://files.example"))
    info = {"url_private": "http://files.example/song.mp3"}
    await SlackUpload(AsyncWebClient("xoxb-1"), host, info).fetch(io.BytesIO())


async def check_of_slack(session: aiohttp.ClientSession) -> None:
    del session
    await slack_token.check_token("auth.test", "xoxb-1", SLACK, environment.proxies().of(SLACK))


async def check_of_discord(session: aiohttp.ClientSession) -> None:
    del session
    proxy = environment.proxies().of(DISCORD)
    await discord_token.has_message_content_intent("a.b.c", DISCORD, proxy)


async def store(session: aiohttp.ClientSession) -> None:
    del session
    await asyncio.to_thread(lambda: RemoteStore("http://store.example/models").current("wide"))


async def s3_store(session: aiohttp.ClientSession) -> None:
    del session
    await asyncio.to_thread(lambda: RemoteStore("s3://models").current("wide"))


@pytest.mark.parametrize(
    ("ask", "url"),
    [
        (reccobeats, f"http://reccobeats.example/v1/track?ids={OLD_TOWN_ROAD}"),
        (spotify, "http://accounts.example/api/token"),
        (spotify, "http://spotify.example/v1/search?q="),
        (short_links, "http://short.example/a"),
        (slack_replies, "http://hooks.example/a"),
        (slack_file, "http://files.example/song.mp3"),
        (check_of_slack, f"{SLACK}auth.test"),
        (check_of_discord, f"{DISCORD}/applications/@me"),
        (store, "http://store.example/models/wide/"),
        (s3_store, "http://s3.example/models"),
    ],
)
async def test_requests_are_sent_through_the_proxy_with_its_password(
    proxy: RecordingProxy,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
    ask: Ask,
    url: str,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://s3.example")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with suppress(SoundslikeError, BundleError):  # the proxy answers {}
        await ask(session)
    sent = next(request for request in proxy.requests if request.url.startswith(url))
    password = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    assert sent.headers["proxy-authorization"] == f"Basic {password}"


async def test_slack_platform_and_its_websocket_use_the_proxy(proxy: RecordingProxy) -> None:
    credentials = Credentials(**TOKENS, url=SLACK)
    platform = SlackPlatform(credentials, host="127.0.0.1", port=0, proxies=environment.proxies())
    await run_until(proxy, platform, lambda sent: "socket.example" in sent.url)
    assert f"{SLACK}auth.test" in proxy.urls


async def test_discord_platform_and_its_websocket_use_the_proxy(proxy: RecordingProxy) -> None:
    async def no_delay(*_: object, **__: object) -> None:
        pass

    platform = DiscordPlatform(TOKEN, proxies=environment.proxies())
    with (
        patch.object(Route, "BASE", DISCORD),
        patch.object(discord.Client, "before_identify_hook", no_delay),
    ):
        await run_until(proxy, platform, lambda sent: "gateway.example" in sent.url)
    assert f"{DISCORD}/users/@me" in proxy.urls


async def run_until(
    proxy: RecordingProxy,
    platform: SlackPlatform | DiscordPlatform,
    found: Callable[[Request], bool],
) -> None:
    async def ignore(_: str) -> None:
        pass

    task = asyncio.create_task(platform.run(FakeApp().services, ignore))
    async with asyncio.timeout(20):
        await proxy.wait_for(found)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_hosts_on_loopback_are_reached_without_the_proxy(
    proxy: RecordingProxy, session: aiohttp.ClientSession, loopback: Loopback
) -> None:
    loopback.json("/v1/track", {"content": []})
    service = clients(session).service("reccobeats", loopback.url)
    await ReccoBeatsLookup(service).get(Track(OLD_TOWN_ROAD))
    loopback.json("/api/auth.test", {"ok": True})
    address = f"{loopback.url}/api/"
    platform = SlackPlatform(
        Credentials(**TOKENS, url=address), host="", port=0,
        proxies=environment.proxies(),
    )  # fmt: skip
    await through(AsyncWebClient(base_url=address), platform._proxy).auth_test()
    with suppress(BundleError):
        await asyncio.to_thread(lambda: RemoteStore(f"{loopback.url}/models").current("wide"))
    assert {request.path for request in loopback.requests} >= {"/v1/track", "/api/auth.test"}
    assert proxy.requests == []


async def test_slack_client_of_each_request_gets_the_proxy_that_was_set(
    proxy: RecordingProxy,
) -> None:
    made_by_bolt = AsyncWebClient()
    assert made_by_bolt.proxy == proxy.address, "slack_sdk reads the environment by itself"

    async def next_() -> Any:
        return None

    await set_proxy(None)(made_by_bolt, next_)
    assert made_by_bolt.proxy is None


async def test_password_of_the_proxy_is_not_in_the_log(
    proxy: RecordingProxy, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    redact = redaction.redactor(LOADED)
    platform = SlackPlatform(
        Credentials(**TOKENS, url=SLACK),
        host="127.0.0.1",
        port=0,
        proxies=environment.proxies(),
    )
    await run_until(proxy, platform, lambda sent: "socket.example" in sent.url)
    with suppress(SoundslikeError):  # the proxy answers {}
        await spotify(session)
    assert PASSWORD in caplog.text, "slack_sdk logs it"
    assert PASSWORD not in redact(caplog.text)
    assert PASSWORD not in redact(f"cannot connect to {PASSWORD}")
    assert PASSWORD not in repr(environment.proxies())


@pytest.mark.parametrize(
    ("environ", "url", "expected"),
    [
        ({}, "https://a.example/", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://a.example/", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "wss://a.example/", "http://p:1"),
        ({"https_proxy": "p:1"}, "https://a.example/", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "http://a.example/", None),
        ({"ALL_PROXY": "http://p:1"}, "http://a.example/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "b.example"}, "http://a.example/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "a.example"}, "http://a.example/", None),
        ({"HTTP_PROXY": "http://p:1", "no_proxy": ".example"}, "http://a.example/", None),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "*"}, "http://a.example/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://127.0.0.1:8080/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://127.9.9.9/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://[::1]:8080/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://localhost/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://10.0.0.1/", "http://p:1"),
    ],
)
def test_proxy_of_an_address(
    monkeypatch: pytest.MonkeyPatch, environ: Mapping[str, str], url: str, expected: str | None
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert environment.proxies().of(url) == expected


def test_no_proxies_without_an_environment() -> None:
    assert Proxies().of("https://a.example/") is None
