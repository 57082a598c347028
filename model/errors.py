"""Exceptions of the model package.

ModelError
├── BundleError           a bundle cannot be served
│   ├── NoBundle          no bundle of that name or version
│   ├── BundleInvalid     a file is missing, damaged, or does not match the metadata
│   ├── SchemaMismatch    trained on features that this code does not know
│   ├── UnknownPrior      the bundle has no prior of that name
│   ├── SignatureInvalid  a signature is required, and missing, wrong or older than one seen before
│   ├── MoveRefused       a version cannot be moved to that state
│   │   └── ActiveChanged another version is active than expected
│   └── StoreUnavailable  the model store cannot be reached, read or written
├── FeatureError          the feature values cannot be classified
│   ├── BadValue          not a number, or outside the feature's range
│   ├── TooFewFeatures    fewer core features than a prediction needs
│   └── BadTable          a table of songs cannot be read
├── KeyUnusable           a private key for signing cannot be read or created
└── BadOutput             the output file cannot be written as asked

Code that serves predictions catches `ModelError`; code that reads features from external sources
catches `FeatureError`:

    try:
        prediction = classifier.predict(values)
    except TooFewFeatures:
        ...
"""


class ModelError(Exception):
    """Base class of all exceptions of this package."""


class BundleError(ModelError):
    """A bundle cannot be served."""


class NoBundle(BundleError):
    """No bundle has that name, or not in that version."""


class BundleInvalid(BundleError):
    """A file of the bundle is missing, damaged, or does not match the metadata."""


class SchemaMismatch(BundleError):
    """The bundle was trained on features that this code does not know."""


class UnknownPrior(BundleError):
    """The bundle has no prior of that name."""


class SignatureInvalid(BundleError):
    """A signature is required, and it is missing, wrong, or older than one seen before."""


class MoveRefused(BundleError):
    """A version cannot be moved to that state, as the active one cannot be rejected."""


class ActiveChanged(MoveRefused):
    """Another version became active than the one that a promotion is to replace."""


class StoreUnavailable(BundleError):
    """The model store cannot be reached, read or written."""


class FeatureError(ModelError):
    """The feature values cannot be classified."""


class BadValue(FeatureError):
    """A feature's value is not a finite number, or is outside the feature's range."""

    def __init__(self, feature: str, value: object, expected: str) -> None:
        """Store the parts of the message for callers that add the row or source."""
        super().__init__(f"{feature} is {value!r}; expected {expected}")
        self.feature = feature
        self.value = value
        self.expected = expected


class TooFewFeatures(FeatureError):
    """Fewer core features were given than a prediction needs."""

    def __init__(self, given: int, needed: int) -> None:
        """Store both counts for the message to the user."""
        super().__init__(f"{given} of the core features given, {needed} needed")
        self.given = given
        self.needed = needed


class BadTable(FeatureError):
    """The input is not a valid table of songs; the message names row and column if known."""


class KeyUnusable(ModelError):
    """A private key for signing cannot be read or created."""


class BadOutput(ModelError):
    """The output is a folder, the input itself, or of a format that is not written."""
