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
    assert texts.label_fits(FITTING) == "Here: late night 71 %, gym 68 %"
    assert texts.label_fits(answer()) == ""


def test_plain_card_differs_by_the_labels_alone() -> None:
    lines = texts.plain_text(FITTING).splitlines()
    lines.remove("Here: late night 71 %, gym 68 %")
    assert lines == texts.plain_text(answer()).splitlines()


def test_alternative_text_has_the_labels() -> None:
    assert " Here: late night 71 %, gym 68 %. Radar chart" in texts.alt(FITTING)
    assert "Here:" not in texts.alt(answer())


@pytest.mark.parametrize("problem", sorted(LabelProblem))
def test_every_refusal_is_a_sentence(problem: LabelProblem) -> None:
    said = own_labels.refusal(problem, "gym")
    assert said[0].isupper() or said.startswith("“")
    assert said.endswith(".")


def test_only_some_of_many_pairs_are_named() -> None:
    labels = [OwnLabel(f"label {number}", tuple(examples(CALM, 5))) for number in range(4)]
    figures = {label.name: LabelFigures(5, 4, 0.07, is_mixed=False) for label in labels}
    pairs = tuple((one.name, other.name) for one in labels for other in labels if one != other)
    *lines, last = own_labels.overview(LabelOverview(tuple(labels), figures, pairs)).splitlines()
    assert lines[0] == (
        "label 0: of its 5 songs, 4 are recognised when left out; 7 % of other songs fit by chance."
    )
    assert last.endswith("; and 7 more.")


def test_longest_overview_fits_into_a_message_of_each_chat() -> None:
    labels = [OwnLabel(f"{number:024}", tuple(examples(CALM, 50))) for number in range(20)]
    figures = {label.name: LabelFigures(50, 45, 0.12, is_mixed=False) for label in labels}
    pairs = tuple((one.name, other.name) for one in labels for other in labels if one != other)
    said = own_labels.overview(LabelOverview(tuple(labels), figures, pairs))
    assert len(said) < 3000  # Slack's limit of a section; Discord's of a message is 4000
