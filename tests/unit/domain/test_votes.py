"""The rules by which votes replace one another."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.votes import (
    Ballot,
    Selection,
    VoteKind,
    apply_changes,
    changes_for,
    withdraw_all,
)

RIGHT = Selection(1, VoteKind.RIGHT, "country")
JAZZ_REACTION = Selection(1, VoteKind.REACTION, "jazz")
JAZZ = Selection(1, VoteKind.CHOICE, "jazz")
ROCK = Selection(1, VoteKind.CHOICE, "rock")
ROCK_ON_ANOTHER_CARD = Selection(2, VoteKind.CHOICE, "rock")

SELECTIONS = st.builds(
    Selection,
    st.integers(1, 2),
    st.sampled_from(VoteKind),
    st.sampled_from(["country", "jazz", "rock"]),
)


def after(*steps: Selection | tuple[str, Selection], start: Ballot | None = None) -> Ballot:
    """Return the ballot after selections; ("withdraw", selection) is a withdrawal."""
    ballot = start or Ballot()
    for step in steps:
        added = isinstance(step, Selection)
        selection = step if isinstance(step, Selection) else step[1]
        ballot = apply_changes(ballot, changes_for(ballot, selection, added=added))
    return ballot


def test_a_choice_replaces_reactions_and_earlier_choices_on_all_cards() -> None:
    assert after(RIGHT, JAZZ_REACTION, ROCK).selections == (ROCK,)
    assert after(ROCK_ON_ANOTHER_CARD, JAZZ).selections == (JAZZ,)


def test_withdrawing_a_choice_leaves_no_vote() -> None:
    assert after(RIGHT, JAZZ, ROCK, ("withdraw", ROCK)).counted is None
    assert after(ROCK_ON_ANOTHER_CARD, ("withdraw", ROCK)).counted is None


def test_withdrawing_a_choice_that_was_replaced_changes_nothing() -> None:
    assert after(JAZZ, ROCK, ("withdraw", JAZZ)).counted == "rock"


def test_of_several_reactions_the_newest_counts_and_removing_it_restores_the_one_before() -> None:
    assert after(RIGHT, JAZZ_REACTION).counted == "jazz"
    assert after(RIGHT, JAZZ_REACTION, ("withdraw", JAZZ_REACTION)).counted == "country"
    assert after(RIGHT, JAZZ_REACTION, ("withdraw", RIGHT)).counted == "jazz"


def test_a_reaction_replaces_a_choice() -> None:
    assert after(ROCK, JAZZ_REACTION).selections == (JAZZ_REACTION,)
    assert after(ROCK, JAZZ_REACTION, ("withdraw", JAZZ_REACTION)).counted is None


def test_a_ballot_from_before_these_rules_is_cleaned_by_the_next_choice() -> None:
    mixed = Ballot((RIGHT, JAZZ, ROCK))
    assert after(JAZZ, start=mixed).selections == (JAZZ,)
    assert after(("withdraw", ROCK), start=mixed).counted is None


def test_a_repeated_selection_changes_nothing() -> None:
    assert list(changes_for(Ballot((JAZZ,)), JAZZ, added=True)) == []
    assert list(changes_for(Ballot(), JAZZ, added=False)) == []


@given(st.lists(st.tuples(st.booleans(), SELECTIONS)))
def test_after_any_events_choices_and_reactions_do_not_coexist(
    events: list[tuple[bool, Selection]],
) -> None:
    ballot = Ballot()
    for added, selection in events:
        ballot = apply_changes(ballot, changes_for(ballot, selection, added=added))
        kinds = {selection.kind for selection in ballot.selections}
        assert VoteKind.CHOICE not in kinds or len(ballot.selections) == 1
        if added:
            assert ballot.counted == selection.genre
    assert apply_changes(ballot, withdraw_all(ballot)) == Ballot()
