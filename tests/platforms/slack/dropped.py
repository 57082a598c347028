"""Drops sound files in the fake Slack, and waits for the reply."""

from bot import texts
from tests.platforms.slack.scene import OFFERED_REACTIONS, REACT, Scene
from tests.stubs.slack.objects import Channel, Json

TITLE = texts.sound_title(None)


async def drop(
    scene: Scene, *contents: bytes, text: str = "", channel: Channel | None = None
) -> str:
    """Post a message with files as ada; return its timestamp."""
    files = [
        scene.stub.web_api.files.add(one, f"song {n}.mp3") for n, one in enumerate(contents, 1)
    ]
    ts, _ = scene.actions.post(channel or scene.music, scene.ada, text, files=files)
    return ts


async def card_of(scene: Scene, channel: Channel | None = None) -> Json:
    """Return the one reply, a card, once it has its reactions."""
    (card,) = await scene.stub.wait_for_messages(channel or scene.music)
    await scene.stub.wait_for_calls(REACT, OFFERED_REACTIONS)
    return card
