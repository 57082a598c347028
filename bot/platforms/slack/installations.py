"""Workspaces that installed the app, and their tokens."""

import hashlib
import json
import logging
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from logging import Logger
from typing import Any, Final
from uuid import uuid4

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
from bot.domain.ports import Vault
from bot.texts import slack as words

STATE_LIFETIME: Final = timedelta(minutes=10)
"""Time that an installation may take."""

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

STATE_PREFIX: Final = "slack/state/"
"""Prefix of the names of states in the vault."""

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
    """Installations, encrypted in the vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

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
        """Delete the installation of a workspace that removed the app."""
        await self.async_delete_bot(enterprise_id=None, team_id=context.team_id)

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
    """OAuth states, which connect the last page of an installation to its first; valid once."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def logger(self) -> Logger:
        """Logger for slack_sdk."""
        return _log

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """Return a new state."""
        # Abandoned installations leave states behind.
        await self._vault.sweep(STATE_PREFIX, datetime.now(UTC) - STATE_LIFETIME)
        state = uuid4().hex
        await self._vault.put(_state(state), state)
        return state

    async def async_consume(self, state: str) -> bool:
        """Delete a state; return False if it is unknown, used or expired."""
        since = datetime.now(UTC) - STATE_LIFETIME
        return await self._vault.take(_state(state), since) == state


def _name(team_id: str) -> str:
    return f"slack/installation/{team_id}"


def _state(state: str) -> str:
    """Return a state's name in the vault, a hash, because names are not encrypted."""
    return STATE_PREFIX + hashlib.sha256(state.encode(errors="replace")).hexdigest()
