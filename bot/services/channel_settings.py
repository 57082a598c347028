"""Use case: read and change the settings of channels and workspaces."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot import texts
from bot.domain.channel_settings import ChannelSettings, SettingsChange
from bot.domain.errors import ModelUnusable, SoundslikeError
from bot.domain.places import Place
from bot.domain.ports import ModelRegistry, SettingsStore
from bot.domain.replies import Notice, NoticeKind
from bot.services.failures import failure_notice, value_or_none


class SettingsService:
    """Settings of channels. Failures are returned as notices, except by `store`."""

    def __init__(self, store: SettingsStore, models: ModelRegistry) -> None:
        self._store = store
        self._models = models
        self._changing_roles = asyncio.Lock()

    @property
    def models(self) -> Sequence[str]:
        """Names of the models that a channel may select."""
        return self._models.names

    async def of(self, place: Place) -> ChannelSettings:
        """Return the settings that apply in a place; the defaults if they cannot be read."""
        return await value_or_none(self._store.get(place), "settings") or ChannelSettings()

    async def is_quiet(self, place: Place) -> bool:
        """Return whether only the person who asks sees the answer to a command in a place."""
        return (await self.of(place)).is_quiet

    async def counts_reaction(self, place: Place, *, added: bool) -> bool:
        """Return whether a reaction, or its removal, counts as a vote in a place.

        A removal always counts: votes from before reactions were disabled can be withdrawn.
        """
        return not added or (await self.of(place)).reactions

    async def describe(self, place: Place) -> Notice:
        """Return the settings of a place in words."""
        return _description(place, await self.of(place))

    async def change(self, place: Place, change: SettingsChange) -> Notice:
        """Change the settings of a channel or a workspace."""
        try:
            await self.store(place, change)
            return _description(place, await self._store.get(place))
        except SoundslikeError as error:
            return failure_notice(error, "settings")

    async def store(self, place: Place, change: SettingsChange) -> None:
        """Change settings without a sentence about it; raise StorageFailed or ModelUnusable."""
        if change.model is not None and change.model not in self.models:
            raise ModelUnusable(f"there is no model {change.model!r}")
        await self._store.put(place, change)

    async def change_ignored_roles(
        self,
        place: Place,
        *,
        ignore: frozenset[str] = frozenset(),
        listen_to: frozenset[str] = frozenset(),
    ) -> None:
        """Ignore the members of some roles from now on, or ignore them no more.

        This holds in the whole workspace of `place`. Of two changes at once in one process, none
        is lost. Raises StorageFailed.
        """
        workspace = replace(place, channel="")
        async with self._changing_roles:
            known = (await self._store.get(workspace)).ignored_roles
            roles = (known | ignore) - listen_to
            if roles != known:
                await self._store.put(workspace, SettingsChange(ignored_roles=roles))

    async def reset(self, place: Place) -> Notice:
        """Delete the settings of a channel, or those of a workspace and all its channels."""
        try:
            await self._store.clear(place)
            return _description(place, await self._store.get(place))
        except SoundslikeError as error:
            return failure_notice(error, "settings")


def switched_off(settings: ChannelSettings) -> Notice:
    """Return why a channel's message or command is not answered."""
    text = texts.QUIET if settings.is_quiet else texts.SWITCHED_OFF
    return Notice(NoticeKind.SWITCHED_OFF, text)


def _description(place: Place, settings: ChannelSettings) -> Notice:
    text = texts.settings(settings, everywhere=not place.channel)
    return Notice(NoticeKind.DONE, text)
