"""The workspaces that installed the app, and the token that each gave."""

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

STATE_FOR: Final = timedelta(minutes=10)
"""How long an installation may take between its first page and its last."""

KEPT: Final = (
    "app_id",
    "team_id",
    "bot_token",
    "bot_id",
    "bot_user_id",
    "bot_scopes",
    "user_id",
    "token_type",
)
"""What is kept of an installation: what the app needs, and no more."""

STATE: Final = "slack/state/"
"""What the names of states begin with in the vault."""

_log = logging.getLogger(__name__)


class OrganisationInstallRefused(BoltError):
    """Somebody installed the app for a whole organisation; it knows only single workspaces."""


async def on_not_installed(args: AsyncFailureArgs) -> BoltResponse:
    """Tell whoever installs the app why that came to nothing."""
    if isinstance(args.error, OrganisationInstallRefused):
        args.reason, args.suggested_status_code = words.ONE_BY_ONE, HTTPStatus.FORBIDDEN
    return await args.default.failure(args)


class SingleWorkspace:
    """The workspace of SLACK_BOT_TOKEN: asked once who it is."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._known: AuthorizeResult | None = None

    async def ask(self, client: AsyncWebClient) -> None:
        """Ask Slack whom the token stands for.

        Raises what slack_sdk raises, and ConfigurationError for a whole organisation's.
        """
        found = await client.auth_test(token=self._token)
        if found.get("is_enterprise_install"):
            raise ConfigurationError(words.refused(words.ONE_BY_ONE))
        self._known = AuthorizeResult.from_auth_test_response(
            auth_test_response=found,
            bot_token=self._token,
        )

    async def authorize(self, _enterprise: str | None, team: str | None) -> AuthorizeResult | None:
        """Return the token for an event of any workspace: there is but one."""
        return self._known if team else None


class InstalledWorkspaces(AsyncInstallationStore):
    """What workspaces gave when they installed the app, in the vault: nothing in the clear."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def logger(self) -> Logger:
        """The log of installations."""
        return _log

    async def authorize(
        self, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        """Return the token of a workspace."""
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
        """Erase what a workspace gave that has removed the app."""
        await self.async_delete_bot(enterprise_id=None, team_id=context.team_id)

    async def on_revoked(self, event: dict[str, Any], context: AsyncBoltContext) -> None:
        """Erase what a workspace gave that has taken the app's token back."""
        if event.get("tokens", {}).get("bot"):
            await self.on_uninstalled(context)

    async def async_save(self, installation: Installation) -> None:
        """Keep what a workspace gave, in place of what it gave before.

        Raises ForOrganisation where it was none.
        """
        if installation.is_enterprise_install or installation.team_id is None:
            raise OrganisationInstallRefused(words.ONE_BY_ONE)
        given = installation.to_dict()
        kept = {name: given.get(name) for name in KEPT}
        await self._vault.put(_name(installation.team_id), json.dumps(kept))

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Return what a workspace gave; the app asks nothing of single people."""
        del enterprise_id, user_id, is_enterprise_install
        return await self._find(team_id)

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Return the app's part of what a workspace gave."""
        del enterprise_id, is_enterprise_install
        found = await self._find(team_id)
        return found.to_bot() if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Erase what a workspace gave."""
        del enterprise_id
        if team_id:
            await self._vault.delete(_name(team_id))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Do nothing for single people, of whom nothing is kept."""

    async def _find(self, team_id: str | None) -> Installation | None:
        kept = await self._vault.get(_name(team_id)) if team_id else None
        return Installation(**json.loads(kept)) if kept else None


class OAuthStates(AsyncOAuthStateStore):
    """The secrets that tie the last page of an installation to its first, each good once."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def logger(self) -> Logger:
        """The log of installations."""
        return _log

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """Make a state."""
        # Whoever opens the first page and no other leaves a state behind.
        await self._vault.sweep(STATE, datetime.now(UTC) - STATE_FOR)
        state = uuid4().hex
        await self._vault.put(_state(state), state)
        return state

    async def async_consume(self, state: str) -> bool:
        """Use a state up; False if it was never made, is used up or too old."""
        since = datetime.now(UTC) - STATE_FOR
        return await self._vault.take(_state(state), since) == state


def _name(team_id: str) -> str:
    return f"slack/installation/{team_id}"


def _state(state: str) -> str:
    """Return what a state is kept under; names stand in the clear, so not the state itself."""
    return STATE + hashlib.sha256(state.encode(errors="replace")).hexdigest()
