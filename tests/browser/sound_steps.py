"""Steps of tests that give the page sound files."""

import asyncio
from collections.abc import Iterable

from playwright.async_api import FileChooser, FilePayload, Page

from tests.browser.conftest import STEP_TIMEOUT

DRAG = """([names, events, size]) => {
    const transfer = new DataTransfer();
    for (const name of names) {
        const content = size ? [new Uint8Array(size)] : ['music\\n'];
        transfer.items.add(new File(content, name));
    }
    for (const name of events) {
        const cover = document.getElementById('drop');
        const target = cover.hidden ? document.getElementById('draft') : cover;
        const options = { bubbles: true, cancelable: true, dataTransfer: transfer };
        target.dispatchEvent(new DragEvent(name, options));
    }
}"""
"""Drags files over the page, to where the pointer would find an element."""

PASTE = """([name, type]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['music\\n'], name, { type }));
    const options = { bubbles: true, cancelable: true, clipboardData: transfer };
    document.getElementById('draft').dispatchEvent(new ClipboardEvent('paste', options));
}"""


async def drag(page: Page, names: Iterable[str], *events: str, size: int = 0) -> None:
    await page.evaluate(DRAG, [list(names), list(events), size])


async def drop(page: Page, *names: str, size: int = 0) -> None:
    await drag(page, names, "dragenter", "dragover", "drop", size=size)


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "audio/mpeg", "buffer": content}


async def give(page: Page, *files: FilePayload) -> None:
    await page.locator("#files").set_input_files(list(files))


def file_dialogs(page: Page) -> "asyncio.Queue[FileChooser]":
    """Return the dialogs that the page opens from now on.

    A dialog that is asked for together with its press may be missed, as the browser is told late.
    """
    dialogs: asyncio.Queue[FileChooser] = asyncio.Queue()
    page.on("filechooser", dialogs.put_nowait)
    return dialogs


async def next_dialog(dialogs: "asyncio.Queue[FileChooser]") -> FileChooser:
    async with asyncio.timeout(STEP_TIMEOUT / 1000):
        return await dialogs.get()
