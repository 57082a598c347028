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
from bot.texts import slack as slack_texts
from tests.platforms.slack.scene import OTHER_LINK, RunningBot, Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.objects import Workspace
from tests.stubs.slack.state import CLIENT_ID
from tests.support.fake_app import LINK

# slack_sdk's way of naming the app to Slack; aiohttp has another one by now.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

KEY = "k" * 40


class Installer:
    """A person's browser, and the app's database."""

    def __init__(self, scene: Scene, session: aiohttp.ClientSession, folder: Path) -> None:
        self.scene = scene
        self.session = session
        self.file = folder / "slack.db"
        self.vault = partial(open_vault, f"sqlite+aiosqlite:///{self.file}", [KEY])

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[RunningBot]:
        async with self.scene.bot(self.scene.oauth_credentials(), vault=self.vault) as running:
            yield running

    async def begin(self, running: RunningBot) -> tuple[str, str]:
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

    async def end(
        self, running: RunningBot, state: str, cookie: str, **query: str
    ) -> tuple[int, str]:
        """Come back from Slack; returns the last page."""
        async with self.session.get(
            f"{running.address}/slack/oauth_redirect",
            params={"state": state, **query},
            headers={"Cookie": cookie} if cookie else {},
        ) as page:
            return page.status, await page.text()

    async def install(self, running: RunningBot, workspace: Workspace) -> int:
        """Let a workspace install the app; returns the status of the last page."""
        code = f"code-{workspace.id}"
        self.scene.stub.state.codes[code] = workspace
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
    scene: Scene,
    session: aiohttp.ClientSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Installer:
    """Make the person, and let what waits for the stub wait for what is erased as well."""
    delete = SealedVault.delete

    async def and_tell(vault: SealedVault, name: str) -> None:
        await delete(vault, name)
        scene.stub.changes.tell()

    monkeypatch.setattr(SealedVault, "delete", and_tell)
    return Installer(scene, session, tmp_path)


async def test_each_workspace_that_installs_it_is_answered_with_its_own_token(
    scene: Scene, installer: Installer
) -> None:
    other = scene.stub.state.workspace()
    theirs = scene.actions.channel(other)
    async with installer.bot() as running:
        for workspace in (scene.team, other):
            assert await installer.install(running, workspace) == 200
        await scene.paste(LINK)
        await scene.paste(LINK, theirs)
    assert len(scene.stub.messages(theirs)) == 1


async def test_no_token_stands_in_the_database_in_the_clear(
    scene: Scene, installer: Installer
) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
        assert scene.team.id.encode() in installer.kept()
        assert b"hush" not in installer.kept()


async def test_an_installation_outlasts_a_restart(scene: Scene, installer: Installer) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
    scene.stub.deliveries.processes.clear()
    async with installer.bot():
        card = await scene.paste(LINK)
    assert "Old Town Road" in text_of(card)


@pytest.mark.parametrize("how", ["uninstalled", "revoked"])
async def test_a_workspace_that_removes_the_app_is_erased(
    scene: Scene, installer: Installer, how: str
) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
        assert len(installer.names()) == 1
        told = (
            scene.actions.uninstall(scene.team)
            if how == "uninstalled"
            else scene.actions.revoke(scene.team, bot=[scene.team.bot_user])
        )
        await scene.stub.wait_for_acks(told)
        await scene.stub.until(lambda: installer.names() == [])
        _, told = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_acks(told)
    assert scene.stub.calls_to("chat.postMessage") == []


async def test_a_person_who_takes_their_own_token_back_erases_nothing(
    scene: Scene, installer: Installer
) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
        await scene.stub.wait_for_acks(scene.actions.revoke(scene.team, oauth=[scene.ada.id]))
        await scene.paste(LINK)
    assert len([name for name in installer.names() if "installation" in name]) == 1


async def test_a_workspace_that_installs_it_again_is_answered_again(
    scene: Scene, installer: Installer
) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
        await scene.stub.wait_for_acks(scene.actions.uninstall(scene.team))
        await scene.stub.until(lambda: installer.names() == [])
        scene.team.token += "-new"
        assert await installer.install(running, scene.team) == 200
        await scene.paste(OTHER_LINK)


async def test_a_workspace_that_never_installed_it_is_not_answered(
    scene: Scene, installer: Installer, caplog: pytest.LogCaptureFixture
) -> None:
    async with installer.bot():
        _, told = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_acks(told)
    assert scene.stub.calls_to("chat.postMessage") == []
    assert LINK not in caplog.text


async def test_a_state_is_good_once_and_in_one_browser(scene: Scene, installer: Installer) -> None:
    scene.stub.state.codes["c"] = scene.team
    async with installer.bot() as running:
        state, cookie = await installer.begin(running)
        assert (await installer.end(running, state, "", code="c"))[0] == 400
        assert (await installer.end(running, "x", "slack-app-oauth-state=x", code="c"))[0] == 401
        assert (await installer.end(running, state, cookie, code="c"))[0] == 200
        assert (await installer.end(running, state, cookie, code="c"))[0] == 401


async def test_what_slack_refuses_at_the_last_page_keeps_nothing_and_says_so(
    scene: Scene, installer: Installer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with installer.bot() as running:
        for query in ({"code": "wrong"}, {}, {"error": "access_denied"}):
            state, cookie = await installer.begin(running)
            status, page = await installer.end(running, state, cookie, **query)
            assert status in {200, 401}
            assert "hush" not in page
        scene.stub.state.codes["c"] = scene.team
        scene.stub.fail("oauth.v2.access", faults.api_error("bad_client_secret"))
        state, cookie = await installer.begin(running)
        assert (await installer.end(running, state, cookie, code="c"))[0] == 401
        assert [name for name in installer.names() if "installation" in name] == []
    assert "hush" not in caplog.text


async def test_a_whole_organization_is_refused_in_words_and_nothing_of_it_kept(
    scene: Scene, installer: Installer
) -> None:
    scene.team.organization = "E0ALL"
    scene.stub.state.codes["c"] = scene.team
    async with installer.bot() as running:
        state, cookie = await installer.begin(running)
        status, page = await installer.end(running, state, cookie, code="c")
        assert (status, slack_texts.ORG_INSTALL_UNSUPPORTED in page) == (403, True)
        assert installer.names() == []


async def test_the_token_of_a_whole_organization_ends_the_start(scene: Scene) -> None:
    scene.team.organization = "E0ALL"
    with pytest.raises(ConfigurationError, match="organization"):
        await scene.within_timeout(scene.start(scene.http_credentials()).task)


async def test_an_event_of_a_whole_organization_is_not_answered(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()):
        told = scene.actions.send_message_event(
            scene.music, scene.actions.write(scene.music, scene.ada, LINK)
        )
        await scene.stub.wait_for_calls("reactions.add", 4)
        told[0].payload["authorizations"][0] |= {"team_id": None, "is_enterprise_install": True}
        told[0].payload["event"]["ts"] = scene.actions.write(scene.music, scene.ada, LINK)["ts"]
        scene.stub.deliveries.resend(told[0])
        await scene.stub.wait_for_acks(told)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


async def test_without_a_key_nothing_can_be_installed(scene: Scene) -> None:
    running = scene.start(scene.oauth_credentials())
    with pytest.raises(ConfigurationError, match="SLACK_TOKEN_KEY"):
        await scene.within_timeout(running.task)


async def test_a_key_that_is_too_short_is_refused(scene: Scene, installer: Installer) -> None:
    short = partial(open_vault, f"sqlite+aiosqlite:///{installer.file}", ["short"])
    running = scene.start(scene.oauth_credentials(), vault=short)
    with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY"):
        await scene.within_timeout(running.task)


async def test_events_by_socket_and_installations_by_http_go_together(
    scene: Scene, installer: Installer
) -> None:
    credentials = scene.oauth_credentials(app_token=scene.credentials().app_token)
    async with scene.bot(credentials, vault=installer.vault) as running:
        await scene.stub.until(lambda: len(running.lines) == 2)
        await installer.install(running, scene.team)
        await scene.paste(LINK)
        async with installer.session.post(f"{running.address}/slack/events") as response:
            assert response.status == 404


async def test_a_database_that_fails_is_asked_again_when_slack_sends_the_event_again(
    scene: Scene, installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)

        async def fail(*_: object) -> None:
            raise StorageFailed("gone")

        with monkeypatch.context() as broken:
            broken.setattr("bot.storage.vault.SealedVault.get", fail)
            _, told = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.stub.wait_for_acks(told)
        assert {delivery.status for delivery in told} == {500}
        for delivery in told:
            scene.stub.deliveries.resend(delivery)
        (card,) = await scene.stub.wait_for_messages(scene.music)
    assert "Old Town Road" in text_of(card)
