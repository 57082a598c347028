"""A voter learns, for their eyes only, that a song they corrected is now answered their way."""

from tests.platforms.slack.scene import OTHER_LINK, Scene, text_of
from tests.support.fake_app import LINK

SENTENCE = "The song you corrected, “Old Town Road - Remix”, is now answered your way: jazz."


async def corrected(scene: Scene) -> None:
    """Let Bob correct a song, and let the model learn it."""
    card = await scene.paste(LINK)
    await scene.response_text(scene.choose(card, scene.bob, "jazz"))
    scene.app.models.version, scene.app.models.best = "1", "jazz"


async def test_next_vote_is_confirmed_with_what_was_learned_once(scene: Scene) -> None:
    async with scene.bot():
        await corrected(scene)
        card = await scene.paste(OTHER_LINK)
        other = await scene.response_text(scene.choose(card, scene.ada, "pop"))
        first = await scene.response_text(scene.choose(card, scene.bob, "pop"))
        second = await scene.response_text(scene.choose(card, scene.bob, "folk"))
    assert other == "Your vote: pop. Thank you!"
    assert first == f"Your vote: pop. Thank you! {SENTENCE}"
    assert second == "Your vote: folk. Thank you!"


async def test_command_is_followed_by_a_private_sentence(scene: Scene) -> None:
    async with scene.bot():
        await corrected(scene)
        delivery = scene.actions.command(scene.music, scene.bob, OTHER_LINK)
        (reply,) = await scene.stub.wait_for_responses(delivery)
    assert reply["response_type"] == "ephemeral"
    assert reply["text"] == SENTENCE
    assert all(SENTENCE not in text_of(one) for one in scene.stub.messages(scene.music))
