"""Cards of songs that were heard, as Slack displays them."""

from bot import texts
from bot.domain.cards import Answer, Card
from bot.domain.filing import FiledUnder
from bot.platforms.slack import present_card
from tests.stubs.slack import block_kit
from tests.support.factories import answer, sound_answer
from tests.support.fake_listener import heard


def displayed(shown: Answer) -> list[str]:
    blocks = present_card.card(Card(1, shown), {})
    assert block_kit.find_error(blocks) is None
    found = [*block_kit.texts(blocks, "plain_text"), *block_kit.texts(blocks, "mrkdwn")]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in found]


def test_sound_has_a_line_and_an_opinion_of_its_own_beside_the_figures() -> None:
    shown = answer(heard=heard())
    assert texts.heard_line(shown) in "\n".join(displayed(shown)).splitlines()
    assert texts.heard_line(shown)


def test_opinion_of_the_sound_is_no_small_print_but_follows_where_the_song_is_filed() -> None:
    shown = answer(heard=heard(), filed_under=FiledUnder(("country",), "musicbrainz"))
    (verdict,) = (text for text in displayed(shown) if texts.verdict(shown) in text)
    said = [texts.filed_under(shown), texts.sound_opinion(shown), texts.heard_line(shown)]
    assert verdict.splitlines()[1:] == said
    assert texts.sound_opinion(shown)


def test_song_that_was_not_heard_has_neither() -> None:
    assert not any("Heard" in text or "ts sound" in text for text in displayed(answer()))


def test_answer_of_which_the_tags_are_not_kept_is_valid() -> None:
    full = sound_answer()
    assert full.heard is not None
    shown = displayed(sound_answer(tags={}, embedding=b""))
    assert texts.verdict(full) in "\n".join(shown)
