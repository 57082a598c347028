"""A song over which the people of a workspace disagree, with a name full of markup."""

from bot.domain.places import Place
from bot.domain.tracks import Track
from bot.domain.votes import Vote, VoteKind
from tests.support.factories import HEROES, answer
from tests.support.fake_app import FakeApp

TITLE = "[*Heroes*](https://a.example) <@1> & more"
SONG = Track(HEROES, TITLE, ("David Bowie",), url=f"https://open.spotify.com/track/{HEROES}")


async def dispute(app: FakeApp, place: Place) -> None:
    """Store an answer about the song, and the votes of three people on it, all corrections."""
    card = await app.predictions.add(answer(subject=SONG), place)
    for user, genre in enumerate(("pop", "pop", "jazz")):
        vote = Vote(place, card.id, f"{user:032x}", VoteKind.CHOICE, genre)
        await app.services.voting.record(vote)
        app.trainings.corrections.append(app.now())
