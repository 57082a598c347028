"""Words about a workspace's labels: on cards, in alternative text, and for managers."""

from dataclasses import replace

import pytest

from bot import texts
from bot.domain.own_labels import LabelOverview, LabelProblem, OwnLabel
from bot.texts import own_labels
from model.few_shot_figures import LabelFigures
from tests.support.factories import answer
from tests.support.label_songs import CALM, examples

FITTING = replace(answer(), own_labels={"late night": 0.712, "gym": 0.68})


def test_card_says_which_labels_fit_here() -> None:
    said = texts.label_fits(FITTING, "discord")
    assert said == "This server's labels: late night 71 %, gym 68 %"
    assert texts.label_fits(answer(), "discord") == ""


def test_details_explain_the_percentages_of_labels() -> None:
    assert own_labels.EXPLAINED in texts.details(FITTING)
    assert own_labels.EXPLAINED not in texts.details(answer())


def test_plain_card_differs_by_the_labels_alone() -> None:
    text = texts.plain_text(FITTING, "slack").replace(f" {own_labels.EXPLAINED}", "")
    lines = text.splitlines()
    lines.remove("This workspace's labels: late night 71 %, gym 68 %")
    assert lines == texts.plain_text(answer(), "slack").splitlines()


def test_alternative_text_has_the_labels() -> None:
    said = texts.alt(FITTING, "web")
    assert " Your labels: late night 71 %, gym 68 %. Radar chart" in said
    assert "labels" not in texts.alt(answer(), "web")


@pytest.mark.parametrize("problem", sorted(LabelProblem))
def test_every_refusal_is_a_sentence(problem: LabelProblem) -> None:
    said = own_labels.refusal(problem, "gym", "discord")
    assert said[0].isupper() or said.startswith("“")
    assert said.endswith(".")


@pytest.mark.parametrize("platform", ["discord", "slack", "web"])
def test_command_to_begin_with_is_the_platforms_own_without_markup(platform: str) -> None:
    texts_ = [own_labels.no_labels(platform), own_labels.usage(platform)]
    for said in texts_:
        assert own_labels.TEACHING[platform] in said
        assert "`" not in said


def test_label_of_which_no_song_is_recognised_is_said_to_be_omitted() -> None:
    label = OwnLabel("gym", tuple(examples(CALM, 5)))
    figures = {"gym": LabelFigures(5, 0, 0.0, is_mixed=False)}
    said = own_labels.overview(LabelOverview((label,), figures), "web")
    assert said == "gym: in a test I recognise none of its 5 songs, so cards omit it."


def test_label_for_which_no_other_song_is_taken_says_so() -> None:
    label = OwnLabel("gym", tuple(examples(CALM, 5)))
    figures = {"gym": LabelFigures(5, 5, 0.0, is_mixed=False)}
    said = own_labels.overview(LabelOverview((label,), figures), "web")
    assert said == (
        "gym: in a test I recognise 5 of its 5 songs, and take hardly any other song for it."
    )


def test_only_some_of_many_pairs_are_named() -> None:
    labels = [OwnLabel(f"label {number}", tuple(examples(CALM, 5))) for number in range(4)]
    figures = {label.name: LabelFigures(5, 4, 0.07, is_mixed=False) for label in labels}
    pairs = tuple((one.name, other.name) for one in labels for other in labels if one != other)
    *lines, last = own_labels.overview(
        LabelOverview(tuple(labels), figures, pairs), "slack"
    ).splitlines()
    assert lines[0] == (
        "label 0: in a test I recognise 4 of its 5 songs, and take about 7 of 100 other songs for "
        "it."
    )
    assert last.endswith("; and 7 more.")


def test_longest_overview_fits_into_a_message_of_each_chat() -> None:
    labels = [OwnLabel(f"{number:024}", tuple(examples(CALM, 50))) for number in range(20)]
    figures = {label.name: LabelFigures(50, 45, 0.12, is_mixed=False) for label in labels}
    pairs = tuple((one.name, other.name) for one in labels for other in labels if one != other)
    said = own_labels.overview(LabelOverview(tuple(labels), figures, pairs), "slack")
    assert len(said) < 3000  # Slack's limit of a section; Discord's of a message is 4000
