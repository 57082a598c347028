"""Labels are taught by link, by name and by the last card; each refusal is a sentence."""

from collections.abc import AsyncIterator

import pytest

from bot import texts
from bot.domain.cards import Card
from bot.domain.errors import StorageFailed
from bot.domain.own_labels import LabelProblem
from bot.domain.places import Place
from bot.domain.replies import Notice, NoticeKind
from bot.texts import own_labels as words
from tests.support.factories import HEROES, OLD_TOWN_ROAD, message, track
from tests.support.fake_app import LINK, SHORT_LINK, FakeApp
from tests.support.label_songs import CALM, LOUD, examples

PLACE = Place("web", "w", "c")
USAGE = words.usage("web")
ALBUM = "https://open.spotify.com/album/1DFixLWuPkv3KT3TnV35m3"

HEROES_NAMED = texts.headline(track(HEROES, title="Heroes", artists=("David Bowie",)))


@pytest.fixture
async def app() -> AsyncIterator[FakeApp]:
    """Return services on fakes; close them afterwards."""
    opened = FakeApp()
    yield opened
    await opened.close()


async def say(app: FakeApp, text: str, place: Place = PLACE) -> Notice:
    """Return the reply to a typed command."""

    async def latest() -> list[Card]:
        return list(app.predictions.cards.values())[::-1]

    return await app.services.own_labels.run(place, text, latest)


async def songs(app: FakeApp, name: str) -> list[str]:
    """Return the songs of a label."""
    labels = await app.own_labels.of(PLACE)
    return [one.song for label in labels if label.name == name for one in label.examples]


@pytest.mark.parametrize(
    "text",
    [
        f'teach "late night" {LINK}',
        f"teach late night {LINK}",
        f"TEACH “late night”: {SHORT_LINK}",
        'teach "late night" old town road',
    ],
)
async def test_label_is_taught_by_a_link_or_a_name(app: FakeApp, text: str) -> None:
    reply = await say(app, text)
    assert reply.kind is NoticeKind.DONE
    assert reply.text == (
        f"“late night” now has {texts.headline(track())}.\n"
        "late night: 1 song, too few: cards can show it after 4 more."
    )
    (label,) = await app.own_labels.of(PLACE)
    (example,) = label.examples
    assert example.track_key == OLD_TOWN_ROAD
    assert example.features["tempo"] == 136


async def test_without_a_song_the_last_card_teaches(app: FakeApp) -> None:
    assert (await say(app, "teach gym")).text == words.PROBLEMS[LabelProblem.NO_SONG]
    await app.services.ask.answer_question(message("heroes"))
    await say(app, "teach gym")
    assert await songs(app, "gym") == [HEROES_NAMED]


async def test_known_label_need_not_be_quoted(app: FakeApp) -> None:
    await say(app, f'teach "late night" {LINK}')
    await say(app, "teach Late Night heroes")
    assert len(await songs(app, "late night")) == 2


@pytest.mark.parametrize(
    "text", ["teach late night heroes", "teach gym heroes", 'teach "late night heroes']
)
async def test_new_label_before_the_name_of_a_song_must_be_quoted(app: FakeApp, text: str) -> None:
    reply = await say(app, text)
    assert reply == Notice(
        NoticeKind.USAGE,
        'Put the name of a new label between quotation marks: /labels teach "late night" heroes.',
    )
    assert await app.own_labels.of(PLACE) == []


async def test_unquoted_name_of_no_label_is_named_as_it_was_typed(app: FakeApp) -> None:
    await say(app, f"teach late night {LINK}")
    reply = await say(app, "forget late nihgt")
    assert reply.text == "There is no label “late nihgt” here."
    assert len((await say(app, f"forget {'x' * 3000}")).text) < 150


async def test_figures_say_what_is_recognised_too_few_too_alike_and_too_mixed(
    app: FakeApp,
) -> None:
    taught = {
        "late night": examples(CALM, 6),
        "sleep": examples(CALM, 5, first=10),
        "gym": examples(LOUD, 6, first=20),
        "new": examples(LOUD, 2, first=30),
    }
    for name, given in taught.items():
        for example in given:
            await app.own_labels.teach(PLACE, name, example)
    lines = (await say(app, "list")).text.splitlines()
    assert lines[0].startswith("late night: in a test I recognise 6 of its 6 songs, and take ")
    assert lines[0].endswith("of 100 other songs for it.")
    assert lines[3] == "new: 2 songs, too few: cards can show it after 3 more."
    alike = (
        "Too alike for me to tell their songs apart, so I mix them up: “late night” and “sleep”."
    )
    assert lines[4:] == [alike]
    for example in examples(CALM, 6, first=40):
        await app.own_labels.teach(PLACE, "gym", example)
    mixed = "gym: 12 songs, too mixed: I hear nothing in common, so cards omit it."
    assert mixed in (await say(app, "")).text.splitlines()


async def test_next_card_has_the_label(app: FakeApp) -> None:
    values = app.features.known[HEROES]
    for example in examples(values, 5):
        await app.own_labels.teach(PLACE, "mine", example)
    card = await app.classify.by_track(track(HEROES), PLACE)
    assert list(card.answer.own_labels) == ["mine"]
    assert app.predictions.cards[card.id] == card
    # Neither a page that has no place nor the terminal asks for labels.
    assert (await app.classify.answer_track(track(HEROES))).own_labels == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"teach @all {LINK}", "“@” can't be in a label's name, which is plain words or emoji"),
        (f"teach {LINK}", "Give the label a name"),
        (f'teach "{"x" * 25}" {LINK}', "at most 24 characters"),
        ('teach "gym" nothing of the sort', "I can't find “nothing of the sort”"),
        (f"teach gym {ALBUM}", "That is no single song"),
        (f'teach "hip hop" {LINK}', "“hip hop” is one of my genres"),
        (f"teach :party_parrot: {LINK}", "I can't show :party_parrot: in a label"),
        ("teach #gym heroes", "“#” can't be at the start of a label's name"),
        ('teach "late *night*" heroes', "“*” can't be in a label's name"),
        (f'teach "late night {LINK}', "A quotation mark can't be within a label's name"),
        ('teach "gym" https://example.com/song', "give me its name, or a link to it."),
        ("forget gym", "There is no label “gym” here."),
        ("forget gym heroes", "There is no label “gym heroes” here."),
        ("help", USAGE),
        ("teach", USAGE),
        ("list all", USAGE),
        ("what is this", USAGE),
    ],
)
async def test_what_cannot_be_done_is_a_sentence(app: FakeApp, text: str, said: str) -> None:
    reply = await say(app, text)
    assert said in reply.text
    assert reply.kind is not NoticeKind.DONE
    assert await app.own_labels.of(PLACE) == []


async def test_song_of_unknown_sound_teaches_nothing(app: FakeApp) -> None:
    app.features.known = {OLD_TOWN_ROAD: {"energy": 0.5}}
    reply = await say(app, f"teach gym {LINK}")
    assert reply.kind in {NoticeKind.FEATURES_UNKNOWN, NoticeKind.USAGE}
    assert await app.own_labels.of(PLACE) == []


@pytest.mark.parametrize("song", [LINK, "old town road", OLD_TOWN_ROAD])
async def test_song_is_removed_by_link_name_or_key(app: FakeApp, song: str) -> None:
    await say(app, f"teach gym {LINK}")
    await say(app, "teach gym heroes")
    reply = await say(app, f"forget gym {song}")
    assert reply.text.startswith("“gym” no longer has Old Town Road")
    assert await songs(app, "gym") == [HEROES_NAMED]
    assert "has no such song" in (await say(app, f"forget gym {song}")).text


async def test_label_that_a_removed_song_leaves_with_too_few_says_so(app: FakeApp) -> None:
    for example in examples(CALM, 5):
        await app.own_labels.teach(PLACE, "gym", example)
    reply = await say(app, 'forget "gym" song 3')
    assert reply.text.splitlines() == [
        "“gym” no longer has Song 3 - Artist.",
        "gym: 4 songs, too few: cards can show it after 1 more.",
    ]


async def test_label_without_its_last_song_is_deleted(app: FakeApp) -> None:
    await say(app, f"teach gym {LINK}")
    assert "so the label is deleted" in (await say(app, f"forget gym {LINK}")).text


async def test_card_teaches_its_song_or_says_why_not(app: FakeApp) -> None:
    card = await app.classify.by_track(track(HEROES), PLACE)
    labels = app.services.own_labels
    await labels.teach_by_card(PLACE, "gym", card)
    assert await songs(app, "gym") == [texts.headline(card.answer.subject)]
    unknown = await labels.teach_by_card(PLACE, "gym", None)
    assert unknown == Notice(NoticeKind.UNKNOWN_CARD, "I no longer know that card.")


async def test_label_is_deleted_with_its_songs(app: FakeApp) -> None:
    await say(app, f"teach late night {LINK}")
    reply = await say(app, "forget late night")
    assert reply.text == "“late night” is deleted, with its 1 song."
    assert (await say(app, "list")).text == words.no_labels("web")


async def test_failing_database_is_a_sentence(app: FakeApp) -> None:
    app.own_labels.error = StorageFailed("away")
    for text in ("list", f"teach gym {LINK}", "forget gym"):
        reply = await say(app, text)
        assert reply == Notice(NoticeKind.UNAVAILABLE, words.DATABASE_AWAY)
    assert await app.services.own_labels.names(PLACE, "") == []


async def test_cards_are_read_only_if_no_song_is_named(app: FakeApp) -> None:
    async def away() -> list[Card]:
        raise StorageFailed("away")

    labels = app.services.own_labels
    assert (await labels.run(PLACE, "teach gym", away)).text == words.DATABASE_AWAY
    assert (await labels.run(PLACE, f"teach gym {LINK}", away)).kind is NoticeKind.DONE


async def test_names_and_songs_are_suggested_while_typing(app: FakeApp) -> None:
    for name in ("late night", "gym"):
        for example in examples(CALM, 2):
            await app.own_labels.teach(PLACE, name, example)
    labels = app.services.own_labels
    assert list(await labels.names(PLACE, " NIGHT")) == ["late night"]
    assert list(await labels.names(PLACE, "")) == ["late night", "gym"]
    assert list(await labels.songs(PLACE, "GYM", "song 1")) == ["Song 1 - Artist"]
    assert list(await labels.songs(PLACE, "unknown", "")) == []
