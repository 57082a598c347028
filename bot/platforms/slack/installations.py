"""Workspaces that installed the app, and their tokens."""

import hmac
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from logging import Logger
from typing import Any, Final

from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncFailureArgs
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import ConfigurationError
from bot.domain.places import Place
from bot.domain.ports import Vault
from bot.platforms.slack import ids
from bot.texts import slack as words

STATE_LIFETIME: Final = 600
"""Seconds that an installation may take."""

MAX_USED_STATES: Final = 1000
"""Installations within `STATE_LIFETIME`; beyond them, last pages are refused."""

STORED_FIELDS: Final = (
    "app_id",
    "team_id",
    "bot_token",
    "bot_id",
    "bot_user_id",
    "bot_scopes",
    "user_id",
    "token_type",
)
"""Fields of an installation that are stored: only those that the app needs."""

OnRemoved = Callable[[Place], Awaitable[None]]

_log = logging.getLogger(__name__)


class OrganisationInstallRefused(BoltError):
    """The app was installed for an organisation; it supports single workspaces only."""


async def on_not_installed(args: AsyncFailureArgs) -> BoltResponse:
    """Return the page for a failed installation."""
    if isinstance(args.error, OrganisationInstallRefused):
        args.reason, args.suggested_status_code = (
            words.ORG_INSTALL_UNSUPPORTED,
            HTTPStatus.FORBIDDEN,
        )
    return await args.default.failure(args)


class SingleWorkspace:
    """The workspace of SLACK_BOT_TOKEN."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._known: AuthorizeResult | None = None

    async def identify(self, client: AsyncWebClient) -> None:
        """Ask Slack for the workspace and user of the token.

        Raises slack_sdk's exceptions, and ConfigurationError for an organisation's token.
        """
        found = await client.auth_test(token=self._token)
        if found.get("is_enterprise_install"):
            raise ConfigurationError(words.token_rejected(words.ORG_INSTALL_UNSUPPORTED))
        self._known = AuthorizeResult.from_auth_test_response(
            auth_test_response=found,
            bot_token=self._token,
        )

    async def authorize(self, _enterprise: str | None, team: str | None) -> AuthorizeResult | None:
        """Return the token, which is the same for every event."""
        return self._known if team else None


class InstalledWorkspaces(AsyncInstallationStore):
    """Installations, encrypted in the vault.

    Args:
        vault: The vault.
        on_removed: Deletes what else is stored of a workspace that removed the app.
    """

    def __init__(self, vault: Vault, on_removed: OnRemoved) -> None:
        self._vault = vault
        self._on_removed = on_removed

    @property
    def logger(self) -> Logger:
        """Logger for slack_sdk."""
        return _log

    async def authorize(
        self, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        """Return the token of a workspace; None if it has not installed the app."""
        found = await self._find(team_id)
        if found is None or not found.bot_token:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=found.bot_token,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
        )

    async def on_uninstalled(self, context: AsyncBoltContext) -> None:
        """Delete the installation and the labels of a workspace that removed the app."""
        await self.async_delete_bot(enterprise_id=None, team_id=context.team_id)
        if context.team_id:
            await self._on_removed(ids.place(context.team_id, ""))

    async def on_revoked(self, event: dict[str, Any], context: AsyncBoltContext) -> None:
        """Delete the installation of a workspace that revoked the app's token."""
        if event.get("tokens", {}).get("bot"):
            await self.on_uninstalled(context)

    async def async_save(self, installation: Installation) -> None:
        """Store an installation, replacing an earlier one of the workspace.

        Raises OrganisationInstallRefused.
        """
        if installation.is_enterprise_install or installation.team_id is None:
            raise OrganisationInstallRefused(words.ORG_INSTALL_UNSUPPORTED)
        fields = installation.to_dict()
        stored = {name: fields.get(name) for name in STORED_FIELDS}
        await self._vault.put(_name(installation.team_id), json.dumps(stored))

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Return the installation of a workspace; there are none of single users."""
        del enterprise_id, user_id, is_enterprise_install
        return await self._find(team_id)

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Return the bot part of the installation of a workspace."""
        del enterprise_id, is_enterprise_install
        found = await self._find(team_id)
        return found.to_bot() if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Delete the installation of a workspace."""
        del enterprise_id
        if team_id:
            await self._vault.delete(_name(team_id))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Do nothing, as there are no installations of single users."""

    async def _find(self, team_id: str | None) -> Installation | None:
        stored = await self._vault.get(_name(team_id)) if team_id else None
        return Installation(**json.loads(stored)) if stored else None


class OAuthStates(AsyncOAuthStateStore):
    """OAuth states, which connect the last page of an installation to its first.

    A state is a time of expiry, a nonce, and a hash of both under a key derived from the app's
    client secret, which all processes have: nothing is stored, however often a stranger opens the
    first page. bolt sets the state as a cookie, and compares it on the last page.

    A state is valid once in this process, which keeps the nonces of used states until they expire.
    In another process or after a restart it could be used again, in the same browser; the code that
    Slack sends with it is valid once.

    Args:
        secret: The app's client secret.
        now: Clock in seconds since 1970.
    """

    def __init__(self, secret: str, now: Callable[[], float] = time.time) -> None:
        self._key = hmac.digest(secret.encode(), b"soundslike: OAuth states", "sha256")
        self._now = now
        self._used: dict[str, float] = {}

    @property
    def logger(self) -> Logger:
        """Logger for slack_sdk."""
        return _log

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """Return a new state."""
        expiry = int(self._now()) + STATE_LIFETIME
        return self._signed(f"{expiry}.{secrets.token_hex(16)}")

    async def async_consume(self, state: str) -> bool:
        """Use a state; return False if it is not one of ours, used or expired."""
        text, _, _ = state.rpartition(".")
        if not hmac.compare_digest(self._signed(text).encode(), state.encode(errors="replace")):
            return False
        now = self._now()
        expiry, _, nonce = text.partition(".")
        self._used = {used: until for used, until in self._used.items() if until > now}
        if int(expiry) <= now or nonce in self._used or len(self._used) >= MAX_USED_STATES:
            return False
        self._used[nonce] = int(expiry)
        return True

    def _signed(self, text: str) -> str:
        digest = hmac.digest(self._key, text.encode(errors="replace"), "sha256")
        return f"{text}.{digest.hex()}"


def _name(team_id: str) -> str:
    return f"slack/installation/{team_id}"
