"""Settings from environment variables and `.env`, read once when a command starts."""

import os
from pathlib import Path
from typing import Final, Literal

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.errors import ConfigurationError
from model.store import SHIPPED

PlatformName = Literal["web", "discord", "slack"]

ENV_FILE: Final = ".env"


class Settings(BaseSettings):
    """One field for each variable; an empty variable counts as unset."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    discord_token: SecretStr | None = None
    discord_application_id: str | None = Field(default=None, pattern="^[0-9]{15,20}$")
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_token_key: SecretStr | None = None
    slack_host: str = "0.0.0.0"  # noqa: S104 - Slack sends from outside, with signatures
    slack_port: int = Field(default=3000, ge=0, le=65535)

    spotify_client_id: str | None = None
    spotify_client_secret: SecretStr | None = None
    spotify_market: str = Field(default="US", pattern="^[A-Z]{2}$")
    spotify_audio_features: bool = False

    data_dir: Path = Path("var")
    database_url: str | None = None
    user_hash_key: SecretStr | None = None
    health_file: Path | None = None
    model: str = "wide"
    models_dir: Path = SHIPPED
    model_store: str | None = None

    # LOCAL_HOST and LOCAL_PORT are the names of earlier versions.
    web_host: str = Field(
        default="127.0.0.1", validation_alias=AliasChoices("web_host", "local_host")
    )
    web_port: int = Field(
        default=8765, ge=0, le=65535, validation_alias=AliasChoices("web_port", "local_port")
    )

    reccobeats_url: str = "https://api.reccobeats.com"
    oembed_url: str = "https://open.spotify.com"

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database."""
        default = f"sqlite+aiosqlite:///{self.data_dir.absolute() / 'soundslike.db'}"
        return self.database_url or default

    @property
    def fetched_models(self) -> Path:
        """Folder of the bundles fetched from the model store."""
        return self.data_dir / "models"

    @property
    def configured(self) -> tuple[PlatformName, ...]:
        """Platforms whose secrets are set."""
        found: list[PlatformName] = []
        if self.discord_token:
            found.append("discord")
        installable = self.slack_client_id and self.slack_client_secret
        workspaces = self.slack_bot_token or installable
        if workspaces and (self.slack_app_token or self.slack_signing_secret):
            found.append("slack")
        return tuple(found)


def secret(value: SecretStr | None) -> str | None:
    """Return the text of a secret; None if it is not set."""
    return value.get_secret_value() if value else None


SECRET_FIELDS: Final = tuple(
    name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)
)


def load() -> Settings:
    """Read the settings.

    Raises ConfigurationError, which names the variable and never its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = (
            f"{_variable(str(problem['loc'][0]))}: {problem['msg']}" for problem in error.errors()
        )
        raise ConfigurationError("; ".join(problems)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f".env cannot be read: {error}") from error


def _variable(field: str) -> str:
    """Return the variable that set a field, which may be an alias."""
    variables = dotenv_values(ENV_FILE) | os.environ
    present = {name.upper() for name, value in variables.items() if value}
    alias = (
        Settings.model_fields[field].validation_alias if field in Settings.model_fields else None
    )
    names = [str(name).upper() for name in alias.choices] if isinstance(alias, AliasChoices) else []
    return next((name for name in names if name in present), field.upper())
