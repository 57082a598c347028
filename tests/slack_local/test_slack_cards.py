"""What people see when they paste a link."""

from bot.platforms.slack import signs
from bot.values import Theme
from tests.factories import HEROES
from tests.slack_local import running
from tests.slack_local.stand_in import StandIn
from tests.slack_local.workspace import Workspace, words
from tests.slack_local.workspace import signs as reactions
from tests.world import LINK, World

OTHER = f"https://open.spotify.com/track/{HEROES}"


async def test_a_pasted_link_is_answered_in_the_thread_of_its_message(
    slack: StandIn, people: Workspace, world: World
) -> None:
    async with running.bot(slack, world.core):
        asked = await people.post(f"listen: <{LINK}>")
        (card,) = await people.answers(1)
    assert card["thread_ts"] == asked["ts"]
    assert "Old Town Road" in words(card)
    assert "Sounds like country." in words(card)
    print(people.charts(), reactions(people.now(card)), words(card))
