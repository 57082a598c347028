"""The command /genre-settings: changes settings and displays them."""

from dataclasses import replace
from typing import Any, Final

from discord import ui

from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.errors import SoundslikeError
from bot.domain.jobs import StoredJob
from bot.domain.places import Place, settings_place
from bot.domain.replies import Notice
from bot.platforms.discord import present
from bot.services.channel_settings import SettingsService
from bot.services.failures import failure_notice
from bot.texts import discord as words

EVERYWHERE: Final = "server"
"""Value of the option for the whole server."""


async def change(service: SettingsService, stored: StoredJob) -> ui.LayoutView:
    """Make the changes that a command asks for; return the layout of the settings after it."""
    payload = stored.job.payload
    options: Any = payload["options"]
    place = settings_place(stored.job.place, payload["parent"])
    if options["where"] == EVERYWHERE:
        place = replace(place, channel="")
    view = present.sentence((await _changed(service, place, options)).text)
    if roles := (await service.of(place)).ignored_roles:
        view.add_item(ui.TextDisplay(words.ignored_roles(sorted(roles, key=int))))
    return view


async def _changed(service: SettingsService, place: Place, options: Any) -> Notice:
    mode = Mode(options["answer"]) if options["answer"] else None
    wanted = SettingsChange(
        mode,
        options["reactions"],
        options["model"],
        removes_previews=options.get("remove_previews"),
    )
    notice = await service.reset(place) if options["reset"] else None
    ignore, listen_to = options.get("ignore_role"), options.get("listen_to_role")
    if ignore or listen_to:
        try:
            await service.change_ignored_roles(
                place, ignore=_one(ignore), listen_to=_one(listen_to)
            )
        except SoundslikeError as error:
            return failure_notice(error, "settings")
        notice = None
    if wanted != SettingsChange():
        return await service.change(place, wanted)
    return notice or await service.describe(place)


def _one(role: str | None) -> frozenset[str]:
    return frozenset([role] if role else ())
