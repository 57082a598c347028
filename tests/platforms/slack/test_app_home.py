"""The App Home."""

from typing import Any

import pytest

from bot import texts
from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.texts import slack as slack_texts
from tests.platforms.slack.scene import OTHER_LINK, Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.block_kit import elements
from tests.stubs.slack.delivery import Delivery
from tests.stubs.slack.objects import Json, User
from tests.support.factories import sound_answer
from tests.support.fake_app import LINK


async def open_home(scene: Scene, user: User) -> Json:
    """Open the App Home as a user; return the page."""
    before = len(scene.stub.calls_to("views.publish"))
    scene.actions.open_home(scene.team, user)
    await scene.stub.wait_for_calls("views.publish", before + 1)
    return scene.stub.state.homes[user.id]


def images(page: Json) -> list[Json]:
    """Return the pictures on a page."""
    return list(elements(page["blocks"], "image"))


def choose_mode(scene: Scene, user: User, page: Json, value: str) -> Delivery:
    """Choose a mode in the menu of the page."""
    menu = next(elements(page["blocks"], "static_select"))
    (option,) = (option for option in menu["options"] if option["value"] == value)
    container: dict[str, Any] = {"type": "view", "view_id": "V1"}
    chosen = {"selected_option": option}
    return scene.actions.use_element(user, menu, "settings", container, scene.team, **chosen)


async def test_home_displays_statistics_and_own_recent_tracks_only(
    scene: Scene,
) -> None:
    async with scene.bot():
        nothing = text_of(await open_home(scene, scene.ada))
        assert f"{texts.NO_STATS}\nModel fake, version 0: no corrections so far." in nothing
        await scene.paste(LINK)
        own, other = await open_home(scene, scene.ada), await open_home(scene, scene.bob)
    assert "Old Town Road" in text_of(own)
    assert "Old Town Road" not in text_of(other)
    assert "1 track in 1 answer" in text_of(other)
    (chart,) = images(other)
    assert "Danceability" not in text_of(other)
    assert scene.stub.state.files[chart["slack_file"]["id"]].data == b"1 tracks light"


async def test_picture_of_the_statistics_is_uploaded_once_for_each_content(scene: Scene) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        pages = [await open_home(scene, user) for user in (scene.ada, scene.bob)]
        (first,) = {image["slack_file"]["id"] for page in pages for image in images(page)}
        await scene.paste(OTHER_LINK)
        (image,) = images(await open_home(scene, scene.ada))
    assert image["slack_file"]["id"] != first
    assert first not in scene.stub.state.files  # replaced


@pytest.mark.parametrize("method", ["views.publish", "files.getUploadURLExternal"])
async def test_home_has_rows_of_text_where_the_picture_is_refused(
    scene: Scene, method: str
) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        scene.stub.fail(method, faults.api_error("invalid_arguments"))
        scene.actions.open_home(scene.team, scene.ada)
        page = await scene.stub.until(lambda: scene.stub.state.homes.get(scene.ada.id))
    assert images(page) == []
    assert "Danceability" in text_of(page)


async def test_home_of_a_workspace_that_only_sent_sounds_has_no_means(scene: Scene) -> None:
    await scene.app.predictions.add(sound_answer(), Place("slack", scene.team.id, "C1"))
    async with scene.bot():
        page = await open_home(scene, scene.ada)
    assert "1 track in 1 answer" in text_of(page)
    assert "Danceability" not in text_of(page)
    assert all(block["text"]["text"] for block in page["blocks"] if "text" in block)


async def test_only_admins_get_the_settings_menu(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        assert slack_texts.ASK_ADMIN in text_of(await open_home(scene, scene.bob))
        page = await open_home(scene, admin)
        choose_mode(scene, admin, page, Mode.OFF)
        await scene.stub.wait_for_calls("views.publish", 3)
        current = await scene.app.services.settings.of(Place("slack", scene.team.id, "anywhere"))
    assert current.mode is Mode.OFF


@pytest.mark.usefixtures("hand_backs")
async def test_choice_in_the_menu_is_stored_when_the_database_works_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = scene.actions.user("admin", admin=True)
    put, failures = scene.app.settings.put, [StorageFailed("locked")]

    async def fail_once(place: Place, change: SettingsChange) -> None:
        if failures:
            raise failures.pop()
        await put(place, change)

    monkeypatch.setattr(scene.app.settings, "put", fail_once)
    async with scene.bot():
        page = await open_home(scene, admin)
        choose_mode(scene, admin, page, Mode.OFF)
        await scene.stub.wait_for_calls("views.publish", 2)
        current = await scene.app.services.settings.of(Place("slack", scene.team.id, "anywhere"))
    assert current.mode is Mode.OFF


async def test_settings_menu_is_ignored_for_other_users(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        page = await open_home(scene, admin)
        choose_mode(scene, scene.bob, page, Mode.OFF)
        await scene.stub.wait_for_calls("views.publish", 2)
        current = await scene.app.services.settings.of(Place("slack", scene.team.id, "anywhere"))
    assert current.mode is Mode.AUTO


async def test_messages_tab_does_not_publish_the_home(scene: Scene) -> None:
    async with scene.bot():
        await scene.stub.wait_for_acks(scene.actions.open_home(scene.team, scene.ada, "messages"))
        await scene.barrier()
    assert scene.stub.calls_to("views.publish") == []


async def test_refused_home_is_logged(scene: Scene) -> None:
    async with scene.bot():
        scene.stub.fail("views.publish", faults.api_error("not_enabled"))
        scene.actions.open_home(scene.team, scene.ada)
        await scene.stub.wait_for_calls("views.publish")
        await scene.barrier()
