"""The checks of accessibility find what they are for."""

import pytest

from tests.browser import axe, usability
from tests.browser.conftest import NewPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SOUND = """<!doctype html><html lang="en"><title>Sound</title><meta name="viewport" content="">
<main><h1>Sound</h1><p>A word and <a href="#b">a link</a> in a sentence.</p>
<label>Name <input style="min-height: 30px"></label>
<button style="min-height: 30px">Press</button></main>"""

FAULTY = """<!doctype html><html><title>Faulty</title>
<style>
  .bare:focus { outline: none }
  .roll { transition: opacity 1s }
  .box { overflow: hidden; height: 1.2em; line-height: 1.2; width: 200px }
</style>
<input style="width: 400px">
<button class="bare">Not seen</button>
<button class="small" style="width: 20px; height: 20px; padding: 0">x</button>
<a class="roll" href="#a">Moves</a>
<p class="box">Some words</p>
<button class="under">Covered</button>
<div style="position: fixed; bottom: 0; left: 0; width: 100%; height: 70px; background: #fff"></div>
<div style="display: flex; flex-direction: column-reverse">
  <button class="low">One</button><button class="high">Two</button>
</div>"""

STICKY = f"""<!doctype html><html><title>Sticky</title>
<div style="position: sticky; top: 0; height: 80px; background: #fff; z-index: 1">Above</div>
{'<p style="margin: 0"><button style="height: 30px">One</button></p>' * 20}"""


async def test_nothing_is_found_on_a_sound_page(new_page: NewPage) -> None:
    page = await new_page("about:blank")
    await page.set_content(SOUND)
    assert await axe.violations(page) == []
    assert await usability.small_targets(page) == []
    assert await usability.motion(page) == []
    assert await usability.faults_of_tabbing(page) == []
    assert await usability.faults_of_reflow(page) == []


async def test_faults_are_found(new_page: NewPage) -> None:
    page = await new_page("about:blank", viewport={"width": 1000, "height": 1000})
    await page.set_content(FAULTY)
    rules = {one.split(":")[0] for one in await axe.violations(page)}
    assert rules >= {"html-has-lang", "label", "landmark-one-main", "page-has-heading-one"}
    assert await usability.small_targets(page) == ['button.small "x" is 20 by 20']
    assert await usability.motion(page) == ['<a class="roll" href="#a">Moves</a> ']
    in_sight = [
        'focus is not visible: button.bare "Not seen"',
        'button.high "Two" follows button.low "One"',
    ]
    assert await usability.faults_of_tabbing(page) == in_sight
    await page.set_viewport_size({"width": 1000, "height": 100})
    covered = set(await usability.faults_of_tabbing(page)) - set(in_sight)
    assert 'focus is covered: button.under "Covered"' in covered
    found = await usability.faults_of_reflow(page)
    assert 'clipped with more space: <p class="box">Some words</p>' in found
    assert "the page scrolls sideways" in found


async def test_what_is_covered_on_the_way_back_is_found(new_page: NewPage) -> None:
    page = await new_page("about:blank", viewport={"width": 400, "height": 200})
    await page.set_content(STICKY)
    found = await usability.faults_of_tabbing(page)
    assert set(found) == {'focus is covered on the way back: button "One"'}
    await page.add_style_tag(content="html { scroll-padding-top: 80px }")
    assert await usability.faults_of_tabbing(page) == []
