"""What an edit of a message changes in its answers."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.domain.errors import StorageFailed
from bot.domain.links import find
from bot.domain.replies import Notice, NoticeKind
from bot.services.edits import Edited
from tests.support.factories import OLD_TOWN_ROAD, message, sound_answer
from tests.support.fake_app import LINK, SHORT_LINK, FakeApp
from tests.support.group_chats import CHANNEL, HEROES_LINK, fail, paste

HEROES = HEROES_LINK.replace("spotify:track:", "https://open.spotify.com/track/")
ALBUM = f"https://open.spotify.com/album/{OLD_TOWN_ROAD}"
OTHER_ALBUM = f"https://open.spotify.com/album/{OLD_TOWN_ROAD[::-1]}"
FIRST, SECOND = "re:m1:0", "re:m1:1"


class Edits:
    """Edits message m1, and remembers its links until `is_forgetful` is set, as by a restart."""

    def __init__(self, app: FakeApp) -> None:
        self.app = app
        self.is_forgetful = False
        self.before: str | None = None

    async def paste(self, text: str, *, addressed: bool = False) -> None:
        await paste(self.app, text, "m1", addressed=addressed)
        self.before = text

    async def __call__(self, text: str, **how: bool) -> Edited:
        """Edit the message and do what its answers need; return what that was."""
        before = None if self.before is None or self.is_forgetful else find(self.before).links
        edited = await self.app.services.edits.changes(message(text), before=before, **how)
        cards = self.app.services.cards
        for answer in edited.removed:
            await cards.on_deleted(CHANNEL, answer)
        if edited.added:
            added = message(edited.added)
            replies = await self.app.services.group_chat.on_message(added, addressed=False)
            for link, reply in zip(edited.added.split(), replies, strict=True):
                await cards.on_sent(added, f"re:{link}", reply)
        self.before = text
        return edited


@pytest.fixture
def edit(app: FakeApp) -> Edits:
    return Edits(app)


@pytest.mark.parametrize("restart", [False, True])
async def test_link_that_is_added_is_asked_for(edit: Edits, *, restart: bool) -> None:
    await edit.paste(LINK)
    edit.is_forgetful = restart
    assert await edit(f"{LINK} {HEROES}") == Edited(added=HEROES)
    assert await edit(f"{HEROES} and {LINK}") == Edited()


@pytest.mark.parametrize("restart", [False, True])
async def test_card_whose_link_is_removed_goes(edit: Edits, *, restart: bool) -> None:
    await edit.paste(f"{LINK} {HEROES}")
    edit.is_forgetful = restart
    assert await edit(HEROES) == Edited(removed=(FIRST,))
    assert await edit("none") == Edited(removed=(SECOND,))
    assert await edit(HEROES) == Edited(added=HEROES)


@pytest.mark.parametrize("restart", [False, True])
async def test_link_that_replaces_another_gets_its_card(edit: Edits, *, restart: bool) -> None:
    await edit.paste(HEROES)
    edit.is_forgetful = restart
    assert await edit(LINK) == Edited((FIRST,), LINK, is_anew=restart)


async def test_same_song_in_another_form_of_link_keeps_its_card(edit: Edits) -> None:
    await edit.paste(LINK)
    assert await edit(SHORT_LINK) == Edited()


@pytest.mark.parametrize("restart", [False, True])
async def test_pointer_to_a_card_is_not_repeated(
    app: FakeApp, edit: Edits, *, restart: bool
) -> None:
    await paste(app, LINK, "m0")
    await edit.paste(LINK)
    edit.is_forgetful = restart
    app.wait(hours=1)
    assert await edit(f"{LINK}!") == Edited()
    assert await edit(f"{LINK} {HEROES}") == Edited(added=HEROES)
    assert await edit("none") == Edited(removed=(FIRST, f"re:{HEROES}"))


async def test_answer_that_its_person_deleted_does_not_come_back(app: FakeApp, edit: Edits) -> None:
    await edit.paste(LINK)
    await app.services.cards.on_deleted(CHANNEL, FIRST)
    assert await edit(f"{LINK}!") == Edited()


async def test_summary_goes_with_the_link_to_its_album(edit: Edits) -> None:
    await edit.paste(ALBUM)
    assert await edit(f"great: {ALBUM}") == Edited()
    assert await edit(OTHER_ALBUM) == Edited((FIRST,), OTHER_ALBUM)


async def test_summary_stays_while_it_may_be_that_of_a_link(edit: Edits) -> None:
    await edit.paste(f"{ALBUM} {OTHER_ALBUM}")
    assert await edit(ALBUM) == Edited()


async def test_answers_about_files_stay_with_the_files(app: FakeApp, edit: Edits) -> None:
    await edit.paste(LINK)
    heard = await app.predictions.add(sound_answer(), CHANNEL)
    await app.services.cards.on_sent(message(""), "file", heard)
    await app.services.cards.on_sent(message(""), "notice", Notice(NoticeKind.HINT, "too many"))
    assert await edit("listen", has_files=True) == Edited((FIRST,))
    assert await edit(f"listen {HEROES}", has_files=True) == Edited(added=HEROES)
    assert await edit("", has_files=False) == Edited(("file", "notice", f"re:{HEROES}"))


async def test_hint_stays_while_the_message_addresses_the_bot(edit: Edits) -> None:
    await edit.paste("hello", addressed=True)
    assert await edit("hello!", addressed=True) == Edited()
    assert await edit("hello", addressed=False) == Edited((FIRST,))


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("hides", [False, True])
async def test_card_is_replaced_by_a_hidden_or_an_open_one(
    app: FakeApp, *, hides: bool, is_known: bool
) -> None:
    links = f"{LINK} {HEROES}"
    before = find(links).links if is_known else None
    cards, edits = app.services.cards, app.services.edits
    for number, card in enumerate(
        await app.services.group_chat.on_message(message(links), addressed=False)
    ):
        await cards.on_sent(replace(message(links), is_spoiler=not hides), f"old{number}", card)
    after = replace(message(links), is_spoiler=hides)
    edited = await edits.changes(after, before=before)
    assert edited == Edited(("old0", "old1"), links, is_anew=True)
    await cards.on_deleted(CHANNEL, "old0")
    interrupted = await edits.changes(after, before=[])
    assert interrupted.added == links, "also if a process ends between the deletions"
    await cards.on_deleted(CHANNEL, "old1")
    assert await edits.changes(after, before=[]) == Edited(added=links)
    for number, card in app.predictions.cards.items():
        await cards.on_sent(after, f"new{number}", card)
    assert await edits.changes(after, before=before) == Edited()


async def test_card_about_a_file_stays_as_it_is(app: FakeApp) -> None:
    heard = await app.predictions.add(sound_answer(), CHANNEL)
    hidden = replace(message(""), is_spoiler=True)
    await app.services.cards.on_sent(hidden, "file", heard)
    assert await app.services.edits.changes(message(LINK), has_files=True) == Edited(added=LINK)


async def test_deleted_answers_do_not_come_back_where_the_links_before_are_unknown(
    app: FakeApp, edit: Edits
) -> None:
    await edit.paste(LINK)
    edit.is_forgetful = True
    assert await edit(f"{LINK}!", was_answered=True) == Edited()
    await app.services.cards.on_deleted(CHANNEL, FIRST)
    assert await edit(f"{LINK}!!", was_answered=True) == Edited()
    assert await edit(LINK, was_answered=False) == Edited(added=LINK)


async def test_failure_of_the_database_is_not_hidden(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.messages, "answers", fail)
    with pytest.raises(StorageFailed):
        await app.services.edits.changes(message(LINK))


TEXTS = st.lists(st.sampled_from([LINK, HEROES, SHORT_LINK, "words"]), max_size=3).map(" ".join)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.sets(st.integers(0, 5)))
@hypothesis_settings(max_examples=50, deadline=None)
def test_cards_are_those_of_the_last_text(texts: list[str], restarts: set[int]) -> None:
    async def check() -> None:
        app = FakeApp()
        edit = Edits(app)
        await edit.paste(texts[0])
        for number, text in enumerate(texts):
            edit.is_forgetful = number in restarts
            await edit(text)
            displayed = [
                card.answer.subject.spotify_id
                for answer, _ in await app.services.cards.sent_replies(message(text))
                if (card := await app.services.cards.displayed_by(CHANNEL, answer))
            ]
            asked = {HEROES_LINK.rpartition(":")[2]} if HEROES in text else set()
            asked |= {OLD_TOWN_ROAD} if LINK in text or SHORT_LINK in text else set()
            assert sorted(map(str, displayed)) == sorted(asked)

    asyncio.run(check())


async def test_nothing_is_looked_up_where_nothing_may_be_answered(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = message(SHORT_LINK, "m1")
    with monkeypatch.context() as patched:
        patched.setattr(app.links, "resolve", fail)
        assert await app.services.edits.changes(edited, may_add=False) == Edited()
    await paste(app, HEROES_LINK, "m1")
    assert (await app.services.edits.changes(edited, may_add=False)).removed == (FIRST,)
