"""Settings from environment variables and the settings file, read once when a command starts."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.errors import ConfigurationError
from bot.runtime import web_settings
from bot.runtime.learning_settings import LearningSettings
from bot.texts import operator
from model import folders, signature, variables
from model.priors import PriorName
from model.store import SHIPPED

PlatformName = Literal["web", "discord", "slack"]
PreviewService = Literal["deezer", "itunes"]


def _check_secret(secret: SecretStr) -> SecretStr:
    if problem := variables.invalid_character(secret.get_secret_value()):
        raise ValueError(operator.copied_wrongly(problem))
    return secret


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _names(value: object) -> object:
    """Split a list of names with commas between them."""
    if not isinstance(value, str):
        return value
    return tuple(name for name in (part.strip().lower() for part in value.split(",")) if name)


def _check_text(text: str) -> str:
    _check_secret(SecretStr(text))
    return text


def _expanded(path: Path) -> Path:
    if any(character < " " for character in str(path)):
        raise ValueError(operator.CONTROL_CHARACTER)
    return path.expanduser()


def _check_public_keys(keys: SecretStr) -> SecretStr:
    signature.public_keys(keys.get_secret_value())
    return keys


def _check_service(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(operator.NO_SERVICE_ADDRESS)
    return address


Token = Annotated[SecretStr, AfterValidator(_check_secret)]
"""Secret that a service issued: visible ASCII characters without quotes."""

Identifier = Annotated[str, AfterValidator(_check_text)]
"""The same for what is no secret."""

PublicKeys = Annotated[SecretStr, AfterValidator(_check_public_keys)]
"""Public keys of model bundles. A private key may be put here by mistake, so it is not shown."""

ServiceUrl = Annotated[str, AfterValidator(_check_service)]
"""Address of an outside service."""

Folder = Annotated[Path, AfterValidator(_expanded)]
"""Path of a file or folder; `~` is the home folder."""


class Settings(LearningSettings, BaseSettings):
    """One field for each variable; an empty or blank variable counts as unset."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    discord_token: Token | None = None
    discord_application_id: str | None = Field(default=None, pattern="^[0-9]{15,20}$")
    slack_bot_token: Token | None = None
    slack_app_token: Token | None = None
    slack_signing_secret: Token | None = None
    slack_client_id: Identifier | None = None
    slack_client_secret: Token | None = None
    slack_token_key: SecretStr | None = None
    slack_host: str = "0.0.0.0"  # noqa: S104 - Slack sends from outside, with signatures
    slack_port: int = Field(default=3000, ge=0, le=65535)

    spotify_client_id: Identifier | None = None
    spotify_client_secret: Token | None = None
    spotify_market: Annotated[str, BeforeValidator(_upper)] = Field(
        default="US", pattern="^[A-Z]{2}$"
    )
    spotify_audio_features: bool = False

    data_dir: Folder = Field(default_factory=folders.data_folder)
    database_url: str | None = Field(default=None, repr=False)
    user_hash_key: SecretStr | None = None
    retention_days: int = Field(default=365, ge=0, le=36500)
    health_file: Folder | None = None
    model: str = variables.MODEL
    genre_prior: Annotated[PriorName, BeforeValidator(_lower)] = "popular"
    models_dir: Folder = SHIPPED
    taggers_dir: Folder | None = None
    model_store: str | None = Field(default=None, repr=False)
    model_public_key: PublicKeys | None = None
    model_signing_key: Folder | None = None

    # LOCAL_HOST and LOCAL_PORT are the names of earlier versions.
    web_host: str = Field(
        default="127.0.0.1", validation_alias=AliasChoices("web_host", "local_host")
    )
    web_port: int = Field(
        default=8765, ge=0, le=65535, validation_alias=AliasChoices("web_port", "local_port")
    )

    public: bool = False
    public_url: Annotated[str, AfterValidator(web_settings.site_address)] | None = None
    trusted_proxies: Annotated[
        tuple[web_settings.Network, ...], NoDecode, BeforeValidator(web_settings.networks)
    ] = web_settings.LOOPBACK

    answer_within_minutes: float = Field(default=60, gt=0, le=7 * 24 * 60)
    stop_seconds: float = Field(default=10, ge=0, le=600)

    contact: Identifier | None = None
    lastfm_api_key: Token | None = None
    discogs_token: Token | None = None

    previews: Annotated[tuple[PreviewService, ...], NoDecode, BeforeValidator(_names)] = ()
    previews_for: Annotated[Literal["unmeasured", "all"], BeforeValidator(_lower)] = "unmeasured"
    reccobeats_analysis: bool = False

    reccobeats_url: ServiceUrl = Field(default="https://api.reccobeats.com", repr=False)
    deezer_url: ServiceUrl = Field(default="https://api.deezer.com", repr=False)
    musicbrainz_url: ServiceUrl = Field(default="https://musicbrainz.org", repr=False)
    listenbrainz_url: ServiceUrl = Field(default="https://api.listenbrainz.org", repr=False)
    listenbrainz_labs_url: ServiceUrl | None = Field(default=None, repr=False)
    itunes_url: ServiceUrl = Field(default="https://itunes.apple.com", repr=False)
    lastfm_url: ServiceUrl = Field(default="https://ws.audioscrobbler.com", repr=False)
    discogs_url: ServiceUrl = Field(default="https://api.discogs.com", repr=False)
    spotify_url: ServiceUrl = Field(default="https://api.spotify.com", repr=False)
    spotify_accounts_url: ServiceUrl | None = Field(default=None, repr=False)
    oembed_url: ServiceUrl = Field(default="https://open.spotify.com", repr=False)
    youtube_oembed_url: ServiceUrl = Field(default="https://www.youtube.com", repr=False)
    tidal_oembed_url: ServiceUrl = Field(default="https://oembed.tidal.com", repr=False)
    soundcloud_oembed_url: ServiceUrl = Field(default="https://soundcloud.com", repr=False)
    bandcamp_oembed_url: ServiceUrl = Field(default="https://bandcamp.com", repr=False)

    @model_validator(mode="before")
    @classmethod
    def _trim(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Trim all texts, and drop those that are then empty."""
        trimmed = {
            name: variables.trim(value) if isinstance(value, str) else value
            for name, value in given.items()
        }
        return {name: value for name, value in trimmed.items() if value != ""}

    @property
    def database(self) -> str | Path:
        """URL of the database, or the path of its SQLite file."""
        return self.database_url or self.data_dir.absolute() / variables.DATABASE

    @property
    def heartbeat_file(self) -> Path:
        """Heartbeat file: HEALTH_FILE, else a file in the data folder."""
        return self.health_file or self.data_dir / "heartbeat"

    @property
    def token_keys(self) -> list[str]:
        """Keys in SLACK_TOKEN_KEY, the encrypting one first."""
        keys = (secret(self.slack_token_key) or "").split(",")
        return [key for key in map(variables.trim, keys) if key]

    @property
    def public_keys(self) -> tuple[bytes, ...]:
        """Keys in MODEL_PUBLIC_KEY, one of which must have signed a fetched bundle."""
        return signature.public_keys(secret(self.model_public_key) or "")

    @property
    def listenbrainz_labs(self) -> str:
        """Address of ListenBrainz Labs: of the same server if LISTENBRAINZ_URL is another one."""
        own = self.listenbrainz_url != Settings.model_fields["listenbrainz_url"].default
        same = self.listenbrainz_url if own else "https://labs.api.listenbrainz.org"
        return self.listenbrainz_labs_url or same

    @property
    def spotify_accounts(self) -> str:
        """Address of Spotify's tokens: of the same server if SPOTIFY_URL is another one."""
        own = self.spotify_url != Settings.model_fields["spotify_url"].default
        return self.spotify_accounts_url or (
            self.spotify_url if own else "https://accounts.spotify.com"
        )

    @property
    def fetched_models(self) -> Path:
        """Folder of the bundles fetched from the model store, and the store without MODEL_STORE."""
        return self.data_dir / "models"

    @property
    def store(self) -> str:
        """Address of the model store: MODEL_STORE, else a folder in the data folder."""
        return self.model_store or str(self.fetched_models.absolute())

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
    file = folders.settings_file()
    try:
        encoding = variables.encoding(file)
        if line := variables.unreadable_line(file, encoding):
            raise ConfigurationError(operator.unreadable_line(file, line))
        # mypy does not see the parameters of BaseSettings.
        return Settings(_env_file=file, _env_file_encoding=encoding)  # type: ignore[call-arg]
    except ValidationError as error:
        present = dotenv_values(file, encoding=encoding) | os.environ
        problems = {
            (variable := _variable(str(problem["loc"][0]), present)): operator.setting_problem(
                variable, problem["type"], problem["msg"]
            )
            for problem in error.errors()
        }
        raise ConfigurationError("; ".join(problems.values()), problems) from None
    except UnicodeError as error:
        raise ConfigurationError(operator.not_utf8(file)) from error
    except OSError as error:
        raise ConfigurationError(operator.file_unreadable(file, error)) from error


def _variable(field: str, present: Mapping[str, str | None]) -> str:
    """Return the variable that set a field, which may be an alias."""
    names = {name.upper() for name, value in present.items() if value}
    alias = (
        Settings.model_fields[field].validation_alias if field in Settings.model_fields else None
    )
    choices = alias.choices if isinstance(alias, AliasChoices) else []
    return next(
        (name for name in map(str.upper, map(str, choices)) if name in names), field.upper()
    )
