"""A workspace's own labels: who may change them, by which words, and where they are displayed."""

import pytest

from bot.platforms.slack import emoji_names
from bot.texts import own_labels as words
from tests.platforms.slack.scene import Scene, text_of
from tests.stubs.slack.objects import User
from tests.support.fake_app import LINK
from tests.support.label_songs import examples


async def say(scene: Scene, text: str, *, by: User | None = None) -> str:
    """Return the answer to a command, by default one of Ada, who manages nothing."""
    return await scene.response_text(scene.actions.command(scene.music, by or scene.ada, text))


async def test_owner_teaches_lists_and_forgets(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        taught = await say(scene, f'labels teach "late night" <{LINK}>', by=admin)
        assert "“late night” now has Old Town Road" in taught
        assert "“late night” now has Heroes" in await say(
            scene, "labels teach late night heroes", by=admin
        )
        listed = "late night: 2 songs, too few: cards can show it after 3 more."
        assert await say(scene, "labels", by=admin) == listed
        assert await say(scene, "labels list", by=admin) == listed
        forgotten = await say(scene, f"labels forget late night {LINK}", by=admin)
        assert "no longer has Old Town Road" in forgotten
        assert "is deleted" in await say(scene, "labels forget “Late Night”", by=admin)
        assert await say(scene, "labels list", by=admin) == words.no_labels("slack")


async def test_others_may_read_the_labels_but_not_change_them(scene: Scene) -> None:
    await scene.app.own_labels.teach(scene.place(), "gym", examples({"energy": 0.9}, 1)[0])
    async with scene.bot():
        assert (await say(scene, "labels")).startswith("gym: 1 song")
        for text in (f"labels teach gym {LINK}", "labels forget gym"):
            assert await say(scene, text) == words.not_allowed("slack")
    (label,) = await scene.app.own_labels.of(scene.place())
    assert len(label.examples) == 1


async def test_card_displays_the_label(scene: Scene) -> None:
    values = next(iter(scene.app.features.known.values()))
    for example in examples(values, 5):
        await scene.app.own_labels.teach(scene.place(), "late night", example)
    async with scene.bot():
        card = await scene.paste(LINK)
    assert "This workspace's labels: late night" in text_of(card)


@pytest.mark.parametrize("text", ["labels help", "labels delete gym", "LABELS  add gym heroes"])
async def test_unknown_words_about_labels_are_no_search(scene: Scene, text: str) -> None:
    async with scene.bot():
        assert await say(scene, text) == words.usage("slack")
        assert "I can't find “gza labels”" in await say(scene, "gza labels")


async def test_label_may_be_an_emoji(scene: Scene) -> None:
    admin = scene.actions.user("admin", admin=True)
    async with scene.bot():
        taught = await say(scene, f"labels teach :muscle::skin-tone-4: <{LINK}>", by=admin)
        assert taught.startswith("“💪🏽” now has Old Town Road")
        taught = await say(scene, 'labels teach "gym :fire:" heroes', by=admin)
        assert taught.startswith("“gym 🔥” now has Heroes")
        assert "now has Heroes" in await say(
            scene, "labels teach :muscle::skin-tone-4: heroes", by=admin
        )
        custom = await say(scene, f"labels teach :parrot-2: <{LINK}>", by=admin)
    assert custom.startswith("I can't show :parrot-2: in a label")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (":muscle::fire: gym", "💪🔥 gym"),
        (":the_horns:", "🤘"),
        (":face_with_cowboy_hat:", "🤠"),
        (":wave::skin-tone-2:", "👋🏻"),
        (":no_such_emoji:", ":no_such_emoji:"),
        ("spotify:track:fire:x", "spotify:track:fire:x"),
        ("deep sleep: heroes", "deep sleep: heroes"),
    ],
)
def test_names_of_emoji_become_characters(sent: str, shown: str) -> None:
    assert emoji_names.with_characters(sent) == shown
