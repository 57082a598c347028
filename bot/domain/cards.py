"""Answers and the cards that show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.domain.filing import Agreement, FiledUnder, agreement
from bot.domain.tracks import AudioFeatures, Subject
from model.classifier import Prediction
from model.reasons import Reason
from model.sound.heard import Heard
from model.subgenres import Subgenre
from model.verdicts import Verdict, verdict_naming

LEANS: Final = 1.5
"""Of two genres the first is leading if its probability is at least this multiple of the second."""

MAX_BARS: Final = 5
"""Genres that have a bar, besides those under which the track is filed."""

MAX_OFFERED: Final = 3
"""Genres that can be voted for with one press."""


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Name and version of the model that made a prediction."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A classified subject.

    Attributes:
        subject: What was classified.
        features: The audio features that the model used.
        prediction: Probability of each genre and the verdict.
        reasons: Features that speak most for the predicted genre, strongest first; maybe none.
        typical: Features of the predicted genre's typical song, for the radar chart.
        model: The model that made the prediction.
        subgenre: Sub-genre of the predicted genre, if the model is sure of both.
        filed_under: Genres under which the world files it; None if no source knows. They are never
            an input of the prediction.
        heard: What was heard in a sound of it; None if none was listened to.
        by_numbers: Genres that the verdict on the features alone would name, if the sound changed
            the prediction by learned exponents; empty otherwise.
        own_labels: Labels of the workspace that the song fits, with probabilities, descending; at
            most `own_labels.MAX_SHOWN`. Empty where the workspace has none.
    """

    subject: Subject
    features: AudioFeatures
    prediction: Prediction
    reasons: tuple[Reason, ...]
    typical: Mapping[str, float]
    model: ModelRef
    subgenre: Subgenre | None = None
    filed_under: FiledUnder | None = None
    heard: Heard | None = None
    by_numbers: tuple[str, ...] = ()
    own_labels: Mapping[str, float] = field(default_factory=dict)

    @property
    def leading(self) -> str | None:
        """The genre that the verdict puts first.

        None if the verdict is unsure, or if it names two genres that are about as likely.
        """
        genres, named = self.prediction.genres, self.prediction.named
        match self.prediction.verdict:
            case Verdict.UNSURE:
                return None
            case Verdict.EITHER if len(named) > 1 and genres[named[0]] < LEANS * genres[named[1]]:
                return None
        return named[0]

    @property
    def by_sound_alone(self) -> bool:
        """Whether the prediction is that of the sound, as no features are known."""
        return self.heard is not None and not self.features.values

    @property
    def sound_agreement(self) -> Agreement:
        """How the genres heard agree with those that the features alone name.

        They agree if the most probable genres are the same, partly if a genre is named by both.
        Unknown if only one of them has an opinion, or if they have none in common and the sound
        cannot tell one that the features name.
        """
        heard, named = self.heard, self.named_by_features
        if heard is None or self.by_sound_alone or not heard.genres:
            return Agreement.UNKNOWN
        if Verdict.UNSURE in (heard.verdict, self.verdict_on_features):
            return Agreement.UNKNOWN
        if heard.best == named[0]:
            return Agreement.AGREES
        if set(heard.named) & set(named):
            return Agreement.PARTLY
        return Agreement.UNKNOWN if self.beyond_the_sound else Agreement.DISAGREES

    @property
    def named_by_features(self) -> tuple[str, ...]:
        """The genres that the verdict on the features alone is about, most probable first."""
        return self.by_numbers or self.prediction.named

    @property
    def verdict_on_features(self) -> Verdict:
        """The verdict on the features alone."""
        return verdict_naming(len(self.by_numbers)) if self.by_numbers else self.prediction.verdict

    @property
    def beyond_the_sound(self) -> tuple[str, ...]:
        """The genres that the features name and that the tagger does not know."""
        heard = self.heard.genres if self.heard else {}
        return tuple(genre for genre in self.named_by_features if genre not in heard)

    @property
    def filed_untold(self) -> tuple[str, ...]:
        """The filed genres that the prediction cannot name."""
        filed = self.filed_under.genres if self.filed_under else ()
        return tuple(genre for genre in filed if genre not in self.prediction.genres)

    @property
    def agreement(self) -> Agreement:
        """How the filed genres agree with the genres that the verdict names.

        Unknown if none of them is named, and the prediction cannot name one.
        """
        found = agreement(self.filed_under, self.prediction.named)
        is_open = found is Agreement.DISAGREES and self.filed_untold
        return Agreement.UNKNOWN if is_open else found


def displayed_genres(answer: Answer, limit: int = MAX_BARS) -> dict[str, float]:
    """Return the genres that have a bar, with their probabilities, in descending order.

    They are the `limit` most probable ones, and every filed genre that the model knows, however
    improbable.
    """
    genres = answer.prediction.genres
    wanted = {*list(genres)[:limit], *(answer.filed_under.genres if answer.filed_under else ())}
    return {genre: probability for genre, probability in genres.items() if genre in wanted}


def offered_genres(answer: Answer, limit: int = MAX_OFFERED) -> tuple[str, ...]:
    """Return the genres that can be voted for with one press, the most probable first.

    They are the predicted one, those under which the track is filed, and the next most probable
    ones, `limit` in all.
    """
    genres = answer.prediction.genres
    filed = answer.filed_under.genres if answer.filed_under else ()
    wanted = list(dict.fromkeys([answer.prediction.best, *filed, *genres]))[:limit]
    return tuple(sorted(wanted, key=lambda genre: -genres.get(genre, 0.0)))


@dataclass(frozen=True, slots=True)
class Card:
    """A stored answer. Votes and chart addresses refer to it by `id`."""

    id: int
    answer: Answer


class Theme(StrEnum):
    """Colour scheme of a chart."""

    DARK = "dark"
    LIGHT = "light"
