"""Pictures of a page for the documentation, taken once nothing in them changes any more."""

from pathlib import Path

from playwright.async_api import Locator

SETTLE = """async (element) => {
    const images = [...element.querySelectorAll("img")];
    for (const image of images) image.loading = "eager";
    await Promise.all([document.fonts.ready, ...images.map((image) => image.decode())]);
    element.scrollIntoView({ block: "start", behavior: "instant" });
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}"""
"""Two frames: the listeners of the images run before the first, which the second follows.

From another place of the scrolled part, letters would be drawn at other fractions of a pixel.
"""


async def take_picture(element: Locator, target: Path) -> None:
    """Write a screenshot of an element whose images and fonts are loaded and animations ended.

    Raises playwright's Error if an image cannot be loaded.
    """
    await element.evaluate(SETTLE)
    await element.screenshot(path=target, animations="disabled")
