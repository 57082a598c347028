"""What can go wrong with a model.

ModelError
├── BundleError         a bundle on disk cannot be served
│   ├── NoBundle        there is none under that name
│   ├── BundleInvalid   a file is missing, damaged or not what its metadata says
│   ├── SchemaMismatch  it was trained on other features than this code knows
│   └── StoreUnavailable  the model store cannot be reached, read or written
└── FeatureError        the values given cannot be classified
    ├── BadValue        a value is no number, or outside its range
    └── TooFewFeatures  fewer core features than a prediction needs

Whoever serves predictions catches `ModelError`; whoever reads features from outside catches
`FeatureError`:

    try:
        prediction = classifier.predict(values)
    except TooFewFeatures:
        ...
"""


class ModelError(Exception):
    """Base of everything this package raises on purpose."""


class BundleError(ModelError):
    """A bundle on disk cannot be served."""


class NoBundle(BundleError):
    """No bundle has that name, or its pointer names a version that is not there."""


class BundleInvalid(BundleError):
    """A file of the bundle is missing, damaged, or not what the metadata says it is."""


class SchemaMismatch(BundleError):
    """The bundle was trained on other features than this code knows."""


class StoreUnavailable(BundleError):
    """The model store cannot be reached, read or written."""


class FeatureError(ModelError):
    """The feature values given cannot be classified."""


class BadValue(FeatureError):
    """A feature's value is no finite number, or lies outside the feature's range."""

    def __init__(self, feature: str, value: object, expected: str) -> None:
        """Keep what was wrong, so that a caller can name the place it came from."""
        super().__init__(f"{feature} is {value!r}; expected {expected}")
        self.feature = feature
        self.value = value
        self.expected = expected


class TooFewFeatures(FeatureError):
    """Fewer core features were given than a prediction needs."""

    def __init__(self, given: int, needed: int) -> None:
        """Keep both counts for the sentence that the user reads."""
        super().__init__(f"{given} of the core features given, {needed} needed")
        self.given = given
        self.needed = needed
