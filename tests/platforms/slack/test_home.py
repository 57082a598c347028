"""The App Home."""

from typing import Any

from bot import texts
from bot.domain.channel_settings import Mode
from bot.domain.places import Place
from bot.texts import slack as slack_texts
from tests.platforms.slack.scene import Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.block_kit import elements
from tests.stubs.slack.delivery import Delivery
from tests.stubs.slack.objects import Json, User
from tests.support.fake_app import LINK


async def opened(scene: Scene, user: User) -> Json:
    """Let somebody open the App Home; return the page."""
    before = len(scene.stub.calls_to("views.publish"))
    scene.actions.open_home(scene.team, user)
    await scene.stub.wait_for_calls("views.publish", before + 1)
    return scene.stub.state.homes[user.id]


def switch(scene: Scene, user: User, page: Json, value: str) -> Delivery:
    """Choose from the menu of the page."""
    menu = next(elements(page["blocks"], "static_select"))
    (option,) = (option for option in menu["options"] if option["value"] == value)
    container: dict[str, Any] = {"type": "view", "view_id": "V1"}
    chosen = {"selected_option": option}
    return scene.actions.use_element(user, menu, "settings", container, scene.team, **chosen)


async def test_it_shows_figures_and_what_one_asked_lately_and_not_what_others_did(
    scene: Scene,
) -> None:
    async with scene.bot():
        assert texts.NO_STATS in text_of(await opened(scene, scene.ada))
        await scene.paste(LINK)
        mine, theirs = await opened(scene, scene.ada), await opened(scene, scene.bob)
    assert "Old Town Road" in text_of(mine)
    assert "Old Town Road" not in text_of(theirs)
    assert "1 track in 1 answer" in text_of(theirs)
    assert "Danceability" in text_of(theirs)


async def test_only_an_admin_gets_the_menu_and_it_works(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        assert slack_texts.ASK_ADMIN in text_of(await opened(scene, scene.bob))
        page = await opened(scene, admin)
        switch(scene, admin, page, Mode.OFF)
        await scene.stub.wait_for_calls("views.publish", 3)
        held = await scene.app.services.settings.of(Place("slack", scene.team.id, "anywhere"))
    assert held.mode is Mode.OFF


async def test_a_menu_that_was_not_meant_for_somebody_changes_nothing(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        page = await opened(scene, admin)
        switch(scene, scene.bob, page, Mode.OFF)
        await scene.stub.wait_for_calls("views.publish", 2)
        held = await scene.app.services.settings.of(Place("slack", scene.team.id, "anywhere"))
    assert held.mode is Mode.AUTO


async def test_the_messages_tab_is_no_reason_to_publish(scene: Scene) -> None:
    async with scene.bot():
        await scene.stub.wait_for_acks(scene.actions.open_home(scene.team, scene.ada, "messages"))
        await scene.barrier()
    assert scene.stub.calls_to("views.publish") == []


async def test_a_page_that_slack_refuses_is_a_line_in_the_log(scene: Scene) -> None:
    async with scene.bot():
        scene.stub.fail("views.publish", faults.api_error("not_enabled"))
        scene.actions.open_home(scene.team, scene.ada)
        await scene.stub.wait_for_calls("views.publish")
        await scene.barrier()
