"""The App Home."""

from typing import Any

from bot import texts
from bot.domain.channel_settings import Mode
from bot.domain.places import Place
from bot.texts import slack as own
from tests.platforms.slack.running import Wire, words
from tests.stubs.slack import faults
from tests.stubs.slack.blocks import elements
from tests.stubs.slack.delivery import Delivery
from tests.stubs.slack.values import Json, User
from tests.support.fake_app import LINK


async def opened(wire: Wire, user: User) -> Json:
    """Let somebody open the App Home; return the page."""
    before = len(wire.stub.asked("views.publish"))
    wire.people.open_home(wire.team, user)
    await wire.stub.called("views.publish", before + 1)
    return wire.stub.state.homes[user.id]


def switch(wire: Wire, user: User, page: Json, value: str) -> Delivery:
    """Choose from the menu of the page."""
    menu = next(elements(page["blocks"], "static_select"))
    (option,) = (option for option in menu["options"] if option["value"] == value)
    container: dict[str, Any] = {"type": "view", "view_id": "V1"}
    chosen = {"selected_option": option}
    return wire.people.use(user, menu, "settings", container, wire.team, **chosen)


async def test_it_shows_figures_and_what_one_asked_lately_and_not_what_others_did(
    wire: Wire,
) -> None:
    async with wire.bot():
        assert texts.NO_STATS in words(await opened(wire, wire.ada))
        await wire.card(LINK)
        mine, theirs = await opened(wire, wire.ada), await opened(wire, wire.bob)
    assert "Old Town Road" in words(mine)
    assert "Old Town Road" not in words(theirs)
    assert "1 track in 1 answer" in words(theirs)
    assert "Danceability" in words(theirs)


async def test_only_an_admin_gets_the_menu_and_it_works(wire: Wire) -> None:
    admin = wire.people.user("admin", admin=True)
    async with wire.bot():
        assert own.ASK_ADMIN in words(await opened(wire, wire.bob))
        page = await opened(wire, admin)
        switch(wire, admin, page, Mode.OFF)
        await wire.stub.called("views.publish", 3)
        held = await wire.app.services.settings.of(Place("slack", wire.team.id, "anywhere"))
    assert held.mode is Mode.OFF


async def test_a_menu_that_was_not_meant_for_somebody_changes_nothing(wire: Wire) -> None:
    admin = wire.people.user("admin", admin=True)
    async with wire.bot():
        page = await opened(wire, admin)
        switch(wire, wire.bob, page, Mode.OFF)
        await wire.stub.called("views.publish", 2)
        held = await wire.app.services.settings.of(Place("slack", wire.team.id, "anywhere"))
    assert held.mode is Mode.AUTO


async def test_the_messages_tab_is_no_reason_to_publish(wire: Wire) -> None:
    async with wire.bot():
        await wire.stub.taken(wire.people.open_home(wire.team, wire.ada, "messages"))
        await wire.fence()
    assert wire.stub.asked("views.publish") == []


async def test_a_page_that_slack_refuses_is_a_line_in_the_log(wire: Wire) -> None:
    async with wire.bot():
        wire.stub.fail("views.publish", faults.refused("not_enabled"))
        wire.people.open_home(wire.team, wire.ada)
        await wire.stub.called("views.publish")
        await wire.fence()
