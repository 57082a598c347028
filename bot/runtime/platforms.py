"""Builds the platforms from the settings."""

from collections.abc import Sequence
from functools import partial

from bot import texts
from bot.domain.errors import ConfigurationError
from bot.platforms.discord.shards import Shards
from bot.runtime.environment import proxies
from bot.runtime.settings import Settings, secret
from bot.services.services import Platform
from bot.storage.stores import open_vault
from bot.texts import public_page


def platforms(
    settings: Settings,
    names: Sequence[str],
    shards: Shards | None = None,
    *,
    public: bool = False,
) -> list[Platform]:
    """Build the named platforms, else the configured ones, else the web platform.

    Args:
        settings: The settings; with PUBLIC, the page is served to everyone, and is among the
            platforms if none is named.
        names: Names of platforms.
        shards: Part of a large Discord bot.
        public: Whether to serve the page to everyone; if False, the setting PUBLIC decides.

    Raises ConfigurationError if a secret is missing, or `public` is asked of other platforms.
    """
    public_names = ("web",) if public or settings.public else ()
    selected = names or (*settings.configured, *public_names) or ("web",)
    # Aliases may name a platform twice.
    distinct = tuple(dict.fromkeys(map(_canonical, selected)))
    if public and "web" not in distinct:
        raise ConfigurationError(public_page.NEEDS_WEB)
    is_public = public or settings.public
    return [
        _web(settings, is_public=is_public) if name == "web" else _platform(name, settings, shards)
        for name in distinct
    ]


def _canonical(name: str) -> str:
    return "web" if name == "local" else name


def _web(settings: Settings, *, is_public: bool) -> Platform:
    from bot.platforms.web.platform import WebPlatform
    from bot.platforms.web.site import Site

    site = Site(settings.web_host)
    if is_public:
        site = Site(
            settings.web_host,
            is_public=True,
            url=settings.public_url,
            proxies=settings.trusted_proxies,
        )
    return WebPlatform(site, settings.web_port)


def _platform(name: str, settings: Settings, shards: Shards | None) -> Platform:
    if name == "discord":
        if settings.discord_token is None:
            raise ConfigurationError(texts.not_set("DISCORD_TOKEN"))
        # discord.py takes 0.4 s to import.
        from bot.platforms.discord.platform import DiscordPlatform

        token = settings.discord_token.get_secret_value()
        return DiscordPlatform(token, shards, stop_seconds=settings.stop_seconds, proxies=proxies())
    return _slack(settings)


def _slack(settings: Settings) -> Platform:
    if "slack" not in settings.configured:
        raise ConfigurationError(texts.SLACK_NOT_SET)
    # slack_bolt takes 0.3 s to import.
    from bot.platforms.slack.credentials import Credentials
    from bot.platforms.slack.platform import SlackPlatform

    keys = settings.token_keys
    credentials = Credentials(
        bot_token=secret(settings.slack_bot_token),
        app_token=secret(settings.slack_app_token),
        signing_secret=secret(settings.slack_signing_secret),
        client_id=settings.slack_client_id,
        client_secret=secret(settings.slack_client_secret),
    )
    return SlackPlatform(
        credentials,
        host=settings.slack_host,
        port=settings.slack_port,
        vault=partial(open_vault, settings.database, keys) if keys else None,
        stop_seconds=settings.stop_seconds,
        proxies=proxies(),
    )
