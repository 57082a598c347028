"""Labels of the buttons under a card, and the sentences that answer them."""

from typing import Final

from bot.domain.cards import Answer, offered_genres

TAKE_VOTE_BACK: Final = "Take back"
SAVE_CARD: Final = "Save card"
"""Labels of buttons; the last one is the name of the message command, too."""

VOTE_KEPT: Final = "The card's message is deleted; your vote is kept."
NO_CARD: Final = "That message shows no card of mine."
PICTURE_MISSING: Final = "The picture could not be drawn this time. Please try again."
CANNOT_SEND_PICTURE: Final = "I may not send files here, so I can't give you the picture."


def right_label(genre: str) -> str:
    """Return the label of the button that agrees with the predicted genre."""
    return f"That's right ({genre})"


def vote_labels(answer: Answer) -> dict[str, str]:
    """Return the genres that can be voted for with one press, with the labels of their buttons.

    The first one is the predicted genre. Where the verdict names several genres alike, or none
    surely, nothing is "right" and each label is a genre.
    """
    first, *others = offered_genres(answer)
    label = right_label(first) if answer.leading else first
    return {first: label, **{genre: genre for genre in others}}
