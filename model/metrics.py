"""The test figures that a bundle's metadata carries, as typed values with JSON both ways."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from model import metrics_v1


class Split(StrEnum):
    """The part of the data that was measured."""

    TEST = "test"


class Slice(StrEnum):
    """A subset of the songs of a split.

    In `ALL` are the songs whose true genre is known: what most independent sources say of the
    artist, for the study's model its table's label. In `CLEAR` are those on whose artist at least
    three quarters of the sources agree, in `POPULAR` those of tables of hits. In `TABLE_LABELS` are
    all songs with a label, which is taken as the true genre.

    The others are of bundles that were made before artists' genres were known: `NO_SHARED_CREDIT`
    are the songs of `ARTIST_NAMED` whose first-named artist has no other credit in training;
    `TWO_TABLES_AGREE` are recordings that two tables label with the same genre.
    """

    ALL = "all"
    CLEAR = "clear"
    POPULAR = "popular"
    TABLE_LABELS = "table_labels"
    ARTIST_NAMED = "artist_named"
    NO_ARTIST_NAMED = "no_artist_named"
    NO_SHARED_CREDIT = "no_shared_credit"
    TWO_TABLES_AGREE = "two_tables_agree"


class FeaturePattern(StrEnum):
    """The features that a model is given; `CORE` are the eight of `model.schema.CORE`.

    Only `WITH_YEAR` and `LATE_YEAR` have the year, which is too late in a third of the songs of the
    latter, as that of a reissue.
    """

    WITH_YEAR = "with_year"
    LATE_YEAR = "late_year"
    ALL = "all"
    NO_DURATION = "no_duration"
    NO_KEY_MODE = "no_key_mode"
    NO_KEY_MODE_DURATION = "no_key_mode_duration"
    CORE = "core"


class MeasuredModel(StrEnum):
    """The model that was measured.

    `BASELINE` is the random forest of `training.baseline`; `WITHOUT_FEEDBACK` is our model fitted
    without the labels from the chat; `TABLES_PRIOR` and `EVEN_PRIOR` are ours under another prior
    than the default one.
    """

    OURS = "ours"
    BASELINE = "baseline"
    WITHOUT_FEEDBACK = "without_feedback"
    TABLES_PRIOR = "tables_prior"
    EVEN_PRIOR = "even_prior"


@dataclass(frozen=True, slots=True)
class Figures:
    """Scores of a classifier on a set of songs; all but `rows` are in 0-1.

    Attributes:
        rows: Number of songs.
        weighted_f1: F1 averaged over genres, weighted by their number of songs.
        macro_f1: F1 averaged over genres, unweighted.
        accuracy: Share of songs whose most probable genre is right.
        top_2: Share of songs whose genre is among the two most probable.
        top_3: Share of songs whose genre is among the three most probable.
        mean_auc: Mean of `auc`.
        auc: Area under the ROC curve of each genre against the rest. A genre that no song has, or
            all have, is missing.
        calibration_error: Expected calibration error of the most probable genre, in 15 equal bins.
        weighted_f1_error: Standard error of `weighted_f1`, by artist; None if not measured.
        genre_f1: F1 of each genre that a song has; empty if not measured.
    """

    rows: int
    weighted_f1: float
    macro_f1: float
    accuracy: float
    top_2: float
    top_3: float
    mean_auc: float
    auc: Mapping[str, float]
    calibration_error: float
    weighted_f1_error: float | None = None
    genre_f1: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measurement:
    """Figures, and what they were measured on."""

    split: Split
    slice: Slice
    features: FeaturePattern
    model: MeasuredModel
    figures: Figures

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Measurement":
        """Read a measurement; raises KeyError, TypeError and ValueError for anything else."""
        return cls(
            Split(content["split"]),
            Slice(content["slice"]),
            FeaturePattern(content["features"]),
            MeasuredModel(content["model"]),
            Figures(**content["figures"]),
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """Why this model is shipped: the rule of `training.model_selection` and its outcome."""

    rule: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Metrics:
    """All measurements of a bundle, in the order in which the model card lists them.

    `split` describes in prose how the test split was made.
    """

    split: str = ""
    selection: Selection | None = None
    measurements: tuple[Measurement, ...] = ()

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Metrics":
        """Read metrics, also in the shape of bundles before `measurements` (`metrics_v1`).

        Raises KeyError, TypeError and ValueError for anything else.
        """
        if "measurements" not in content:
            content = metrics_v1.upgrade(content)
        selection = content["selection"]
        return cls(
            content["split"],
            Selection(**selection) if selection else None,
            tuple(map(Measurement.from_json, content["measurements"])),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the metrics as values that JSON has."""
        return asdict(self)

    def find(
        self,
        slice_: Slice = Slice.ALL,
        features: FeaturePattern = FeaturePattern.CORE,
        model: MeasuredModel = MeasuredModel.OURS,
    ) -> Figures | None:
        """Return the figures measured so on the test split; None if they were not."""
        key = (slice_, features, model)
        return next(
            (one.figures for one in self.measurements if _key(one) == key),
            None,
        )

    def figures(
        self,
        slice_: Slice = Slice.ALL,
        features: FeaturePattern = FeaturePattern.CORE,
        model: MeasuredModel = MeasuredModel.OURS,
    ) -> Figures:
        """Return the figures measured so on the test split; raises KeyError if they were not."""
        found = self.find(slice_, features, model)
        if found is None:
            raise KeyError(slice_, features, model)
        return found

    def of(self, slice_: Slice) -> "Metrics":
        """Return the metrics of one slice alone."""
        return replace(
            self, measurements=tuple(one for one in self.measurements if one.slice is slice_)
        )


def _key(measurement: Measurement) -> tuple[Slice, FeaturePattern, MeasuredModel]:
    return measurement.slice, measurement.features, measurement.model
