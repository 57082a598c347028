"""Installations in many workspaces: OAuth, encrypted storage, deletion."""

import html
import logging
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
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
from tests.support.label_songs import CALM, examples

# slack_sdk uses aiohttp's deprecated BasicAuth.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

KEY = "k" * 40


class Installer:
    """A person who installs the app with a browser, and the app's database."""

    def __init__(self, scene: Scene, session: aiohttp.ClientSession, folder: Path) -> None:
        self.scene = scene
        self.session = session
        self.file = folder / "slack.db"
        self.vault = partial(open_vault, f"sqlite+aiosqlite:///{self.file}", [KEY])

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[RunningBot]:
        """Run a bot that workspaces can install."""
        async with self.scene.bot(self.scene.oauth_credentials(), vault=self.vault) as running:
            yield running

    async def begin(self, running: RunningBot) -> tuple[str, str]:
        """Open the first page; return its state and cookie."""
        async with self.session.get(f"{running.address}/slack/install") as page:
            text = await page.text()
            cookie = page.headers["Set-Cookie"].partition(";")[0]
        (found,) = re.findall(r'href="(https://slack\.com/oauth/[^"]+)"', text)
        address = html.unescape(found)
        asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT_ID
        assert set(asked["scope"].split(",")) == set(SCOPES)
        return asked["state"], cookie

    async def finish(
        self, running: RunningBot, state: str, cookie: str, **query: str
    ) -> tuple[int, str]:
        """Open the last page, after Slack's; return its status and text."""
        async with self.session.get(
            f"{running.address}/slack/oauth_redirect",
            params={"state": state, **query},
            headers={"Cookie": cookie} if cookie else {},
        ) as page:
            return page.status, await page.text()

    async def install(self, running: RunningBot, workspace: Workspace) -> int:
        """Install the app in a workspace; return the status of the last page."""
        code = f"code-{workspace.id}"
        self.scene.stub.state.codes[code] = workspace
        state, cookie = await self.begin(running)
        return (await self.finish(running, state, cookie, code=code))[0]

    def database(self) -> bytes:
        """Return the content of the database files."""
        return b"".join(file.read_bytes() for file in self.file.parent.glob("slack.db*"))

    def names(self) -> list[str]:
        """Return the names of the entries of the vault."""
        with closing(sqlite3.connect(self.file)) as database:
            return [name for (name,) in database.execute("SELECT name FROM vault")]


@pytest.fixture
def installer(
    scene: Scene,
    session: aiohttp.ClientSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Installer:
    """Return an installer; deletions from the vault wake what waits for the stub."""
    delete = SealedVault.delete

    async def delete_and_notify(vault: SealedVault, name: str) -> None:
        await delete(vault, name)
        scene.stub.changes.notify()

    monkeypatch.setattr(SealedVault, "delete", delete_and_notify)
    return Installer(scene, session, tmp_path)


async def test_each_workspace_is_answered_with_its_own_token(
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


async def test_tokens_are_encrypted_in_the_database(scene: Scene, installer: Installer) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
        assert scene.team.id.encode() in installer.database()
        assert b"hush" not in installer.database()


async def test_installation_survives_a_restart(scene: Scene, installer: Installer) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
    scene.stub.deliveries.processes.clear()
    async with installer.bot():
        card = await scene.paste(LINK)
    assert "Old Town Road" in text_of(card)


@pytest.mark.parametrize("how", ["uninstalled", "revoked"])
async def test_installation_is_deleted_when_the_app_is_removed(
    scene: Scene, installer: Installer, how: str
) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
        assert len(installer.names()) == 1
        await scene.app.own_labels.teach(scene.place(), "gym", *examples(CALM, 1))
        deliveries = (
            scene.actions.uninstall(scene.team)
            if how == "uninstalled"
            else scene.actions.revoke(scene.team, bot=[scene.team.bot_user])
        )
        await scene.stub.wait_for_acks(deliveries)
        await scene.stub.until(lambda: installer.names() == [])
        await scene.stub.until(lambda: not any(scene.app.own_labels.labels.values()))
        _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_acks(deliveries)
    assert scene.stub.calls_to("chat.postMessage") == []


async def test_revoked_user_token_deletes_nothing(scene: Scene, installer: Installer) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
        await scene.stub.wait_for_acks(scene.actions.revoke(scene.team, oauth=[scene.ada.id]))
        await scene.paste(LINK)
    assert len([name for name in installer.names() if "installation" in name]) == 1


async def test_workspace_can_install_the_app_again(scene: Scene, installer: Installer) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)
        await scene.stub.wait_for_acks(scene.actions.uninstall(scene.team))
        await scene.stub.until(lambda: installer.names() == [])
        scene.team.token += "-new"
        assert await installer.install(running, scene.team) == 200
        await scene.paste(OTHER_LINK)


async def test_workspace_without_installation_is_not_answered(
    scene: Scene, installer: Installer, caplog: pytest.LogCaptureFixture
) -> None:
    async with installer.bot():
        _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_acks(deliveries)
    assert scene.stub.calls_to("chat.postMessage") == []
    assert LINK not in caplog.text


async def test_oauth_state_is_valid_once_and_in_one_browser(
    scene: Scene, installer: Installer
) -> None:
    scene.stub.state.codes["c"] = scene.team
    async with installer.bot() as running:
        state, cookie = await installer.begin(running)
        assert (await installer.finish(running, state, "", code="c"))[0] == 400
        assert (await installer.finish(running, "x", "slack-app-oauth-state=x", code="c"))[0] == 401
        assert (await installer.finish(running, state, cookie, code="c"))[0] == 200
        assert (await installer.finish(running, state, cookie, code="c"))[0] == 401


async def test_opening_the_first_page_stores_nothing(installer: Installer) -> None:
    async with installer.bot() as running:
        before = installer.database()
        for _ in range(20):
            await installer.begin(running)
        assert installer.database() == before


async def test_failed_installation_stores_nothing(
    scene: Scene, installer: Installer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with installer.bot() as running:
        for query in ({"code": "wrong"}, {}, {"error": "access_denied"}):
            state, cookie = await installer.begin(running)
            status, page = await installer.finish(running, state, cookie, **query)
            assert status in {200, 401}
            assert "hush" not in page
        scene.stub.state.codes["c"] = scene.team
        scene.stub.fail("oauth.v2.access", faults.api_error("bad_client_secret"))
        state, cookie = await installer.begin(running)
        assert (await installer.finish(running, state, cookie, code="c"))[0] == 401
        assert [name for name in installer.names() if "installation" in name] == []
    assert "hush" not in caplog.text


async def test_organization_installation_is_refused_with_an_explanation(
    scene: Scene, installer: Installer
) -> None:
    scene.team.organization = "E0ALL"
    scene.stub.state.codes["c"] = scene.team
    async with installer.bot() as running:
        state, cookie = await installer.begin(running)
        status, page = await installer.finish(running, state, cookie, code="c")
        assert (status, slack_texts.ORG_INSTALL_UNSUPPORTED in page) == (403, True)
        assert installer.names() == []


async def test_organization_token_is_a_configuration_error(scene: Scene) -> None:
    scene.team.organization = "E0ALL"
    with pytest.raises(ConfigurationError, match="organization"):
        await scene.within_timeout(scene.start(scene.http_credentials()).task)


async def test_event_of_an_organization_installation_is_not_answered(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()):
        deliveries = scene.actions.send_message_event(
            scene.music, scene.actions.write(scene.music, scene.ada, LINK)
        )
        await scene.stub.wait_for_calls("reactions.add", 4)
        deliveries[0].payload["authorizations"][0] |= {
            "team_id": None,
            "is_enterprise_install": True,
        }
        deliveries[0].payload["event"]["ts"] = scene.actions.write(scene.music, scene.ada, LINK)[
            "ts"
        ]
        scene.stub.deliveries.resend(deliveries[0])
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


async def test_missing_token_key_is_a_configuration_error(scene: Scene) -> None:
    running = scene.start(scene.oauth_credentials())
    with pytest.raises(ConfigurationError, match="SLACK_TOKEN_KEY"):
        await scene.within_timeout(running.task)


async def test_short_token_key_is_refused(scene: Scene, installer: Installer) -> None:
    short = partial(open_vault, f"sqlite+aiosqlite:///{installer.file}", ["short"])
    running = scene.start(scene.oauth_credentials(), vault=short)
    with pytest.raises(StorageFailed, match="SLACK_TOKEN_KEY"):
        await scene.within_timeout(running.task)


async def test_socket_mode_events_can_be_combined_with_http_installations(
    scene: Scene, installer: Installer
) -> None:
    credentials = scene.oauth_credentials(app_token=scene.credentials().app_token)
    async with scene.bot(credentials, vault=installer.vault) as running:
        await scene.stub.until(lambda: len(running.lines) == 2)
        await installer.install(running, scene.team)
        await scene.paste(LINK)
        async with installer.session.post(f"{running.address}/slack/events") as response:
            assert response.status == 404


async def test_event_is_answered_on_retry_after_a_database_failure(
    scene: Scene, installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with installer.bot() as running:
        await installer.install(running, scene.team)

        async def fail(*_: object) -> None:
            raise StorageFailed("gone")

        with monkeypatch.context() as broken:
            broken.setattr("bot.storage.vault.SealedVault.get", fail)
            _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.stub.wait_for_acks(deliveries)
        assert {delivery.status for delivery in deliveries} == {503}
        for delivery in deliveries:
            scene.stub.deliveries.resend(delivery)
        (card,) = await scene.stub.wait_for_messages(scene.music)
    assert "Old Town Road" in text_of(card)
