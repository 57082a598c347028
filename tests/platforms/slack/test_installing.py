"""Many workspaces install the app; what they gave is sealed, and erased when they take it back."""

import html
import logging
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.domain.errors import ConfigurationError, StorageFailed
from bot.platforms.slack.credentials import SCOPES
from bot.storage.stores import open_vault
from bot.storage.vault import SealedVault
from bot.texts import slack as own
from tests.platforms.slack.running import OTHER, Running, Wire, words
from tests.stubs.slack import faults
from tests.stubs.slack.state import CLIENT_ID
from tests.stubs.slack.values import Workspace
from tests.support.fake_app import LINK

# slack_sdk's way of naming the app to Slack; aiohttp has another one by now.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

KEY = "k" * 40


class Installer:
    """A person's browser, and the app's database."""

    def __init__(self, wire: Wire, session: aiohttp.ClientSession, folder: Path) -> None:
        self.wire = wire
        self.session = session
        self.file = folder / "slack.db"
        self.vault = partial(open_vault, f"sqlite+aiosqlite:///{self.file}", [KEY])

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Running]:
        async with self.wire.bot(self.wire.installable(), vault=self.vault) as running:
            yield running

    async def begin(self, running: Running) -> tuple[str, str]:
        """Open the first page; returns the state and the cookie that it gave."""
        async with self.session.get(f"{running.address}/slack/install") as page:
            text = await page.text()
            cookie = page.headers["Set-Cookie"].partition(";")[0]
        (found,) = re.findall(r'href="(https://slack\.com/oauth/[^"]+)"', text)
        address = html.unescape(found)
        asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT_ID
        assert set(asked["scope"].split(",")) == set(SCOPES)
        return asked["state"], cookie

    async def end(self, running: Running, state: str, cookie: str, **query: str) -> tuple[int, str]:
        """Come back from Slack; returns the last page."""
        async with self.session.get(
            f"{running.address}/slack/oauth_redirect",
            params={"state": state, **query},
            headers={"Cookie": cookie} if cookie else {},
        ) as page:
            return page.status, await page.text()

    async def install(self, running: Running, workspace: Workspace) -> int:
        """Let a workspace install the app; returns the status of the last page."""
        code = f"code-{workspace.id}"
        self.wire.stub.state.codes[code] = workspace
        state, cookie = await self.begin(running)
        return (await self.end(running, state, cookie, code=code))[0]

    def kept(self) -> bytes:
        """Return all that stands in the database and its log."""
        return b"".join(file.read_bytes() for file in self.file.parent.glob("slack.db*"))

    def names(self) -> list[str]:
        """Return the names of what is sealed."""
        with sqlite3.connect(self.file) as database:
            return [name for (name,) in database.execute("SELECT name FROM vault")]


@pytest.fixture
def installer(
    wire: Wire,
    session: aiohttp.ClientSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Installer:
    """Make the person, and let what waits for the stub wait for what is erased as well."""
    delete = SealedVault.delete

    async def and_tell(vault: SealedVault, name: str) -> None:
        await delete(vault, name)
        wire.stub.changes.tell()

    monkeypatch.setattr(SealedVault, "delete", and_tell)
    return Installer(wire, session, tmp_path)


async def test_each_workspace_that_installs_it_is_answered_with_its_own_token(
    wire: Wire, installer: Installer
) -> None:
    other = wire.stub.state.workspace()
    theirs = wire.people.channel(other)
    async with installer.bot() as running:
        for workspace in (wire.team, other):
            assert await installer.install(running, workspace) == 200
        await wire.card(LINK)
        await wire.card(LINK, theirs)
    assert len(wire.stub.messages(theirs)) == 1


async def test_no_token_stands_in_the_database_in_the_clear(
    wire: Wire, installer: Installer
) -> None:
    async with installer.bot() as running:
        await installer.install(running, wire.team)
        assert wire.team.id.encode() in installer.kept()
        assert b"hush" not in installer.kept()


async def test_an_installation_outlasts_a_restart(wire: Wire, installer: Installer) -> None:
    async with installer.bot() as running:
        await installer.install(running, wire.team)
    wire.stub.deliveries.processes.clear()
    async with installer.bot():
        card = await wire.card(LINK)
    assert "Old Town Road" in words(card)


@pytest.mark.parametrize("how", ["uninstalled", "revoked"])
async def test_a_workspace_that_removes_the_app_is_erased(
    wire: Wire, installer: Installer, how: str
) -> None:
    async with installer.bot() as running:
        await installer.install(running, wire.team)
        assert len(installer.names()) == 1
        told = (
            wire.people.uninstall(wire.team)
            if how == "uninstalled"
            else wire.people.revoke(wire.team, bot=[wire.team.bot_user])
        )
        await wire.stub.taken(told)
        await wire.stub.until(lambda: installer.names() == [])
        _, told = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.taken(told)
    assert wire.stub.asked("chat.postMessage") == []


async def test_a_person_who_takes_their_own_token_back_erases_nothing(
    wire: Wire, installer: Installer
) -> None:
    async with installer.bot() as running:
        await installer.install(running, wire.team)
        await wire.stub.taken(wire.people.revoke(wire.team, oauth=[wire.ada.id]))
        await wire.card(LINK)
    assert len([name for name in installer.names() if "installation" in name]) == 1


async def test_a_workspace_that_installs_it_again_is_answered_again(
    wire: Wire, installer: Installer
) -> None:
    async with installer.bot() as running:
        await installer.install(running, wire.team)
        await wire.stub.taken(wire.people.uninstall(wire.team))
        await wire.stub.until(lambda: installer.names() == [])
        wire.team.token += "-new"
        assert await installer.install(running, wire.team) == 200
        await wire.card(OTHER)


async def test_a_workspace_that_never_installed_it_is_not_answered(
    wire: Wire, installer: Installer, caplog: pytest.LogCaptureFixture
) -> None:
    async with installer.bot():
        _, told = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.taken(told)
    assert wire.stub.asked("chat.postMessage") == []
    assert LINK not in caplog.text


async def test_a_state_is_good_once_and_in_one_browser(wire: Wire, installer: Installer) -> None:
    wire.stub.state.codes["c"] = wire.team
    async with installer.bot() as running:
        state, cookie = await installer.begin(running)
        assert (await installer.end(running, state, "", code="c"))[0] == 400
        assert (await installer.end(running, "x", "slack-app-oauth-state=x", code="c"))[0] == 401
        assert (await installer.end(running, state, cookie, code="c"))[0] == 200
        assert (await installer.end(running, state, cookie, code="c"))[0] == 401


async def test_what_slack_refuses_at_the_last_page_keeps_nothing_and_says_so(
    wire: Wire, installer: Installer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with installer.bot() as running:
        for query in ({"code": "wrong"}, {}, {"error": "access_denied"}):
            state, cookie = await installer.begin(running)
            status, page = await installer.end(running, state, cookie, **query)
            assert status in {200, 401}
            assert "hush" not in page
        wire.stub.state.codes["c"] = wire.team
        wire.stub.fail("oauth.v2.access", faults.refused("bad_client_secret"))
        state, cookie = await installer.begin(running)
        assert (await installer.end(running, state, cookie, code="c"))[0] == 401
        assert [name for name in installer.names() if "installation" in name] == []
    assert "hush" not in caplog.text


async def test_a_whole_organization_is_refused_in_words_and_nothing_of_it_kept(
    wire: Wire, installer: Installer
) -> None:
    wire.team.organization = "E0ALL"
    wire.stub.state.codes["c"] = wire.team
    async with installer.bot() as running:
        state, cookie = await installer.begin(running)
        status, page = await installer.end(running, state, cookie, code="c")
        assert (status, own.ORG_INSTALL_UNSUPPORTED in page) == (403, True)
        assert installer.names() == []


async def test_the_token_of_a_whole_organization_ends_the_start(wire: Wire) -> None:
    wire.team.organization = "E0ALL"
    with pytest.raises(ConfigurationError, match="organization"):
        await wire.soon(wire.start(wire.http()).task)


async def test_an_event_of_a_whole_organization_is_not_answered(wire: Wire) -> None:
    async with wire.bot(wire.http()):
        told = wire.people.told(wire.music, wire.people.write(wire.music, wire.ada, LINK))
        await wire.stub.called("reactions.add", 4)
        told[0].payload["authorizations"][0] |= {"team_id": None, "is_enterprise_install": True}
        told[0].payload["event"]["ts"] = wire.people.write(wire.music, wire.ada, LINK)["ts"]
        wire.stub.deliveries.again(told[0])
        await wire.stub.taken(told)
        await wire.fence()
    assert len(wire.stub.messages(wire.music)) == 2  # the card, and the answer to the fence


async def test_without_a_key_nothing_can_be_installed(wire: Wire) -> None:
    running = wire.start(wire.installable())
    with pytest.raises(ConfigurationError, match="SLACK_TOKEN_KEY"):
        await wire.soon(running.task)


async def test_a_key_that_is_too_short_is_refused(wire: Wire, installer: Installer) -> None:
    short = partial(open_vault, f"sqlite+aiosqlite:///{installer.file}", ["short"])
    running = wire.start(wire.installable(), vault=short)
    with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY"):
        await wire.soon(running.task)


async def test_events_by_socket_and_installations_by_http_go_together(
    wire: Wire, installer: Installer
) -> None:
    credentials = wire.installable(app_token=wire.credentials().app_token)
    async with wire.bot(credentials, vault=installer.vault) as running:
        await wire.stub.until(lambda: len(running.lines) == 2)
        await installer.install(running, wire.team)
        await wire.card(LINK)
        async with installer.session.post(f"{running.address}/slack/events") as response:
            assert response.status == 404


async def test_a_database_that_fails_is_asked_again_when_slack_sends_the_event_again(
    wire: Wire, installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with installer.bot() as running:
        await installer.install(running, wire.team)

        async def fail(*_: object) -> None:
            raise StorageFailed("gone")

        with monkeypatch.context() as broken:
            broken.setattr("bot.storage.vault.SealedVault.get", fail)
            _, told = wire.people.post(wire.music, wire.ada, LINK)
            await wire.stub.taken(told)
        assert {delivery.status for delivery in told} == {500}
        for delivery in told:
            wire.stub.deliveries.again(delivery)
        (card,) = await wire.stub.sent(wire.music)
    assert "Old Town Road" in words(card)
