"""Contract of SettingsStore, for databases and the fake."""

from dataclasses import replace

from bot.domain.channel_settings import ChannelSettings, Mode, SettingsChange
from tests.contract.all_stores import Stores
from tests.support.store_values import OTHER_PLACE, PLACE

WORKSPACE = replace(PLACE, channel="")
OTHER_CHANNEL = replace(PLACE, channel="other")
QUIET = SettingsChange(Mode.OFF, reactions=False, model="study")
ASKED = SettingsChange(Mode.ON_REQUEST)
QUIET_SETTINGS = ChannelSettings(Mode.OFF, reactions=False, model="study")
ASKED_IN_QUIET = ChannelSettings(Mode.ON_REQUEST, reactions=False, model="study")


async def test_place_without_settings_has_the_defaults(stores: Stores) -> None:
    assert await stores.settings.get(PLACE) == ChannelSettings()


async def test_settings_apply_to_their_place_only(stores: Stores) -> None:
    await stores.settings.put(PLACE, QUIET)
    assert await stores.settings.get(PLACE) == QUIET_SETTINGS
    for place in (OTHER_CHANNEL, WORKSPACE, OTHER_PLACE, replace(PLACE, workspace="w2")):
        assert await stores.settings.get(place) == ChannelSettings()


async def test_channel_inherits_unset_values_from_its_workspace(stores: Stores) -> None:
    await stores.settings.put(WORKSPACE, QUIET)
    await stores.settings.put(PLACE, ASKED)
    assert await stores.settings.get(WORKSPACE) == QUIET_SETTINGS
    assert await stores.settings.get(OTHER_CHANNEL) == QUIET_SETTINGS
    assert await stores.settings.get(PLACE) == ASKED_IN_QUIET
    assert await stores.settings.get(replace(PLACE, workspace="w2")) == ChannelSettings()
    await stores.settings.put(WORKSPACE, SettingsChange(model="wide"))
    assert await stores.settings.get(PLACE) == replace(ASKED_IN_QUIET, model="wide")


async def test_change_keeps_the_values_that_it_does_not_name(stores: Stores) -> None:
    for change in (QUIET, ASKED):
        await stores.settings.put(PLACE, change)
    assert await stores.settings.get(PLACE) == ASKED_IN_QUIET


async def test_cleared_channel_has_the_settings_of_its_workspace(stores: Stores) -> None:
    await stores.settings.put(WORKSPACE, QUIET)
    await stores.settings.put(PLACE, ASKED)
    await stores.settings.put(OTHER_CHANNEL, ASKED)
    await stores.settings.clear(PLACE)
    assert await stores.settings.get(PLACE) == QUIET_SETTINGS
    assert await stores.settings.get(OTHER_CHANNEL) == ASKED_IN_QUIET


async def test_clearing_a_workspace_clears_its_channels(stores: Stores) -> None:
    for place in (WORKSPACE, PLACE, OTHER_PLACE):
        await stores.settings.put(place, QUIET)
    await stores.settings.clear(WORKSPACE)
    assert await stores.settings.get(PLACE) == ChannelSettings()
    assert await stores.settings.get(OTHER_PLACE) == QUIET_SETTINGS


async def test_roles_and_previews_are_kept_and_inherited(stores: Stores) -> None:
    roles = frozenset({"20", "3"})
    await stores.settings.put(WORKSPACE, SettingsChange(ignored_roles=roles, removes_previews=True))
    found = await stores.settings.get(PLACE)
    assert found == ChannelSettings(ignored_roles=roles, removes_previews=True)
    await stores.settings.put(
        PLACE, SettingsChange(ignored_roles=frozenset(), removes_previews=False)
    )
    assert await stores.settings.get(PLACE) == ChannelSettings()
    assert await stores.settings.get(OTHER_CHANNEL) == found
