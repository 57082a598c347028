"""Accessibility of every page in every state, by WCAG 2.2 AA: axe-core and checks beside it."""

from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize

from tests.browser import axe, usability
from tests.browser.conftest import NewPage, Serve
from tests.browser.states import State, every_state, served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DESKTOP: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 360, "height": 640}


@every_state
async def test_everybody_can_use_it(
    serve: Serve, new_page: NewPage, tmp_path: Path, state: State
) -> None:
    """All checks at once, as the way to the state takes longer than they do."""
    async with served(serve, tmp_path, is_fake=state.is_fake) as address:
        page = await new_page(address + state.path, viewport=DESKTOP, color_scheme="dark")
        await state.reach(page)
        found = await faults(page)
        assert not found, "\n".join(found)


async def faults(page: Page) -> list[str]:
    """Return what is wrong with a page, by name of the check."""
    found = [f"desktop, dark: {one}" for one in await axe.violations(page)]
    found += [f"motion: {one}" for one in await usability.motion(page)]
    await page.emulate_media(color_scheme="light")
    found += [f"desktop, light: {one}" for one in await axe.violations(page, axe.OF_COLOURS)]
    await page.emulate_media(forced_colors="active")
    found += [f"forced colours: {one}" for one in await axe.violations(page, axe.OF_COLOURS)]
    found += [f"tab, forced colours: {one}" for one in await usability.faults_of_tabbing(page)]
    await page.emulate_media(forced_colors="none")
    await page.set_viewport_size(PHONE)
    found += [f"phone, light: {one}" for one in await axe.violations(page)]
    await page.emulate_media(color_scheme="dark")
    found += [f"phone, dark: {one}" for one in await axe.violations(page, axe.OF_COLOURS)]
    found += [f"target: {one}" for one in await usability.small_targets(page)]
    found += [f"tab, phone: {one}" for one in await usability.faults_of_tabbing(page)]
    return found + [f"reflow: {one}" for one in await usability.faults_of_reflow(page)]
