"""Where a deployment of the bot keeps its corrections and models, by the bot's own settings.

Commands that work on a deployment read the same variables and settings file as the bot.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

from model import folders, signature, variables
from model.errors import KeyUnusable
from model.store import SHIPPED
from training.errors import DeploymentError

TRUE: Final = frozenset({"1", "true", "yes", "on", "t", "y"})
FALSE: Final = frozenset({"0", "false", "no", "off", "f", "n"})
"""Values of a switch that is on or off, as the bot's settings read them."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Places and keys of a deployment.

    Attributes:
        database: SQLAlchemy URL of the bot's database.
        store: Address of the model store: MODEL_STORE, else the folder `models` of the data folder.
        local: Folder of the local copies of models.
        shipped: Folder of the models that came with the program, or MODELS_DIR.
        model: Name of the default model.
        public_keys: Public keys, one of which must have signed a bundle of the store.
        signing_key: File of the private key that signs new bundles; None without one.
        learns_from_public: Whether votes from a public page are trained on.
        shadow_hours: How long a candidate answers in the shadow before it is promoted; 0 for not
            at all.
    """

    database: str
    store: str
    local: Path
    shipped: Path
    model: str
    public_keys: tuple[bytes, ...]
    signing_key: Path | None
    learns_from_public: bool
    shadow_hours: float

    @property
    def votes(self) -> str | None:
        """The database to read votes from; None before the bot's first start made the default."""
        default = self.local.parent.absolute() / variables.DATABASE
        return None if self.database == str(default) and not default.exists() else self.database


def load() -> Deployment:
    """Read the settings; raises DeploymentError, which names the variable and never its value."""
    given = _variables()
    data = Path(given.get("DATA_DIR") or folders.data_folder()).expanduser()
    local = data / "models"
    key = given.get("MODEL_SIGNING_KEY")
    try:
        keys = signature.public_keys(given.get("MODEL_PUBLIC_KEY", ""))
    except (ValueError, KeyUnusable) as error:
        raise DeploymentError(f"MODEL_PUBLIC_KEY {error}") from None
    return Deployment(
        database=given.get("DATABASE_URL") or str(data.absolute() / variables.DATABASE),
        store=given.get("MODEL_STORE") or str(local.absolute()),
        local=local,
        shipped=Path(given.get("MODELS_DIR") or SHIPPED).expanduser(),
        model=given.get("MODEL") or variables.MODEL,
        public_keys=keys,
        signing_key=Path(key).expanduser() if key else None,
        learns_from_public=_switch("LEARN_FROM_PUBLIC", given.get("LEARN_FROM_PUBLIC", "0")),
        shadow_hours=_hours(given.get("SHADOW_HOURS", "0")),
    )


def _switch(name: str, text: str) -> bool:
    if text.lower() not in TRUE | FALSE:
        raise DeploymentError(f"{name} must be true or false")
    return text.lower() in TRUE


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = -1
    if not 0 <= hours <= variables.MAX_SHADOW_HOURS:  # NaN compares as false
        limit = variables.MAX_SHADOW_HOURS
        raise DeploymentError(f"SHADOW_HOURS must be a number from 0 to {limit}")
    return hours


def _variables() -> Mapping[str, str]:
    """Return the variables that are set, trimmed; the environment precedes the settings file."""
    file = folders.settings_file()
    try:
        encoding = variables.encoding(file)
        if line := variables.unreadable_line(file, encoding):
            raise DeploymentError(f"{file}, line {line}, is no setting")
        given = dotenv_values(file, encoding=encoding) | os.environ
    except (OSError, UnicodeError) as error:
        raise DeploymentError(f"{file} cannot be read: {error}") from error
    trimmed = {name.upper(): variables.trim(value or "") for name, value in given.items()}
    return {name: value for name, value in trimmed.items() if value}
