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
    """Return the log line for a downloaded bundle that cannot be used."""
    return f"the downloaded copy of model {name} is unusable, using the shipped one: {why}"


def store_version(store: str, name: str, version: str, signed: str | None = None) -> str:
    """Return the model version in the model store; `signed` is a time."""
    return f"{store} has {name} {version}" + (f", signed on {signed}" if signed else "")


def store_unavailable(why: object) -> str:
    """Return that the model store is unavailable."""
    return f"unavailable, the bot uses the model it has: {why}"
