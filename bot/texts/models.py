"""Messages for the operator about models and the model store."""

from typing import Final

STORE_IS_TRUSTED: Final = (
    "MODEL_STORE is trusted without signatures: anyone with write access to it can change the "
    "bot's answers. docs/models.md says how to sign models and set MODEL_PUBLIC_KEY"
)


def fetching_model(name: str, version: str, store: str) -> str:
    """Return the log line for a download that starts."""
    return f"fetching model {name} {version} from {store}"


def model_fetched(name: str, version: str, signed: str | None = None) -> str:
    """Return the log line for a finished and verified download; `signed` is a time."""
    return f"fetched model {name} {version}" + (f", signed on {signed}" if signed else "")


def model_not_fetched(name: str, why: object) -> str:
    """Return the log line for a failed download."""
    return f"model {name} was not updated: {why}"


def prior_unused(name: str, prior: str) -> str:
    """Return the log line for a model without priors, where a prior is set."""
    return f"model {name} has no priors: GENRE_PRIOR={prior} changes nothing"


def model_copy_rejected(name: str, why: object) -> str:
    """Return the log line for a bundle in the data folder that cannot be used."""
    return f"model {name} in the data folder is unusable, using the shipped one: {why}"


def pointer_rejected(name: str, why: object, version: str) -> str:
    """Return the log line for a pointer that cannot be followed when the bot starts."""
    return f"the pointer of model {name} is not followed: {why}; using {version}"


def model_swapped(name: str, before: str, now: str) -> str:
    """Return the log line for another version of a model that answers from now on."""
    return f"model {name} {now} answers from now on, in place of {before}"


def models_reloaded(name: str, version: str) -> str:
    """Return the log line after all models were loaded anew."""
    return f"models reloaded; default: {name} {version}"


def too_slow(what: str) -> str:
    """Return that an operation on a model or its store exceeded its time limit."""
    return f"{what} takes too long"


def another_model(name: str, version: str) -> str:
    """Return that a bundle is not the one that its folder is named after."""
    return f"the folder of {name} {version} has another model"


def self_test_failed(name: str, why: str) -> str:
    """Return why a model is not served."""
    return f"model {name} failed its test on the built-in songs: {why}"


def unknown_genre(genre: str) -> str:
    """Return that a model has a genre that this program does not know."""
    return f"it has the unknown genre {genre}"


NO_PROBABILITY: Final = "a probability is not in 0-1"
NO_DISTRIBUTION: Final = "the probabilities of a song do not sum to 1"
NOT_REPEATABLE: Final = "it answers twice differently to one song"


def models_not_listed(why: object) -> str:
    """Return the log line for a failure to find the names of the models."""
    return f"the list of models was not updated: {why}"


def process_not_listed(why: object) -> str:
    """Return the log line for a failure to store what this process serves."""
    return f"the version that this process serves was not stored: {why}"


def store_version(store: str, name: str, version: str, signed: str | None = None) -> str:
    """Return the model version in the model store; `signed` is a time."""
    return f"{store} has {name} {version}" + (f", signed on {signed}" if signed else "")


def store_unavailable(why: object) -> str:
    """Return that the model store is unavailable."""
    return f"unavailable, the bot uses the model it has: {why}"
