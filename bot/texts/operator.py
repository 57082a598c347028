"""Messages for the operator: command output, start-up errors and log lines."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from bot.domain.errors import SoundslikeError
from bot.texts.setting_problems import PROBLEMS

SETTING_HINTS: Final[Mapping[str, str]] = {
    "DISCORD_TOKEN": "make an application at https://discord.com/developers/applications, "
    "open Bot, and reset its token",
    "SLACK_BOT_TOKEN": "install your app at https://api.slack.com/apps, then OAuth & Permissions; "
    "it starts with xoxb-",
    "SLACK_APP_TOKEN": "https://api.slack.com/apps, Basic Information, App-Level Tokens, scope "
    "connections:write; it starts with xapp-",
    "SLACK_SIGNING_SECRET": "https://api.slack.com/apps, Basic Information; only for HTTP events",
    "SLACK_CLIENT_ID": "only for many workspaces; https://api.slack.com/apps, Basic Information",
    "SLACK_CLIENT_SECRET": "only for many workspaces; beside the client id",
    "SLACK_TOKEN_KEY": "only for many workspaces, whose tokens it encrypts; "
    '`python3 -c "import secrets; print(secrets.token_hex(32))"` makes one',
    "SPOTIFY_CLIENT_ID": "optional; https://developer.spotify.com/dashboard, its owner needs "
    "Spotify Premium",
    "SPOTIFY_CLIENT_SECRET": "optional; beside the client id",
}
"""How to obtain each secret, by variable."""

SETTING_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    group: tuple(name for name in SETTING_HINTS if name.startswith(group.upper()))
    for group in ("Discord", "Slack", "Spotify")
}
"""Secrets by platform or service."""

HOW_TO_SET_UP: Final[Mapping[str, str]] = {
    "Discord": f"DISCORD_TOKEN: {SETTING_HINTS['DISCORD_TOKEN']}; docs/discord.md has each step",
    "Slack": "SLACK_BOT_TOKEN and SLACK_APP_TOKEN: `invite --slack` prints a link that makes the "
    "app; docs/slack.md has each step",
    "Spotify": "SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, to search by name: "
    f"{SETTING_HINTS['SPOTIFY_CLIENT_ID'].removeprefix('optional; ')}",
}
"""What to set for a platform or service of which nothing is set."""

CHECK_NOT_READY: Final = "Not ready: fix what is marked ✗ above."

SLACK_NOT_SET: Final = (
    "Slack needs SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, for many workspaces) "
    "and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET. docs/slack.md says how to get them."
)

DISCORD_TOKEN_MALFORMED: Final = (
    "DISCORD_TOKEN is not a bot token: one has three parts separated by dots. Copy it again from "
    "https://discord.com/developers/applications, page Bot; Reset Token shows a new one."
)
DISCORD_TOKEN_REJECTED: Final = (
    "Discord does not accept DISCORD_TOKEN. Reset it at "
    "https://discord.com/developers/applications, page Bot, and copy the new one"
)
DISCORD_TOKEN_ACCEPTED: Final = "Discord accepts DISCORD_TOKEN"
INTENT_MISSING: Final = (
    "Message Content is not granted, so the bot does not see links that people paste; commands, "
    "mentions and direct messages work. To grant it: https://discord.com/developers/applications, "
    "page Bot, Privileged Gateway Intents, Message Content Intent; then start the bot again"
)
NO_MANIFEST: Final = (
    "slack-manifest.yaml is missing: run this command in a checkout of the project, not in a "
    "container."
)
INVITE_NEEDS_ID: Final = (
    "To make the links I need DISCORD_TOKEN or DISCORD_APPLICATION_ID. "
    "docs/discord.md says how to get them."
)

FILE_NOT_EMPTY: Final = "the file exists and is not empty"


def copied_wrongly(problem: str) -> str:
    """Return that a secret contains a character that none can have."""
    return f"the value contains {problem}, which no such secret does. Copy it again"


NO_SERVICE_ADDRESS: Final = "it must be an address like https://api.example.com"
CONTROL_CHARACTER: Final = (
    "the path contains a line break, a tab or another control character. In the settings file, "
    "write a path with backslashes without quotes"
)


def unreadable_line(file: object, line: int) -> str:
    """Return that a line of the settings file is not understood."""
    return f"{file}, line {line}, is not of the form NAME=value; a quote must be closed"


def not_utf8(file: object) -> str:
    """Return that the settings file has another encoding."""
    return f"{file} is not UTF-8 text: save it as UTF-8"


def file_unreadable(file: object, error: OSError) -> str:
    """Return that the settings file cannot be read."""
    return f"{file} cannot be read: {error.strerror or error}"


def setting_problem(variable: str, kind: str, problem: str) -> str:
    """Return what is wrong with a setting, and which guide says how to get the right value.

    Args:
        variable: The variable.
        kind: Pydantic's type of the problem.
        problem: Pydantic's message.
    """
    problem = PROBLEMS.get(variable) or PROBLEMS.get(kind) or problem
    platform = variable.partition("_")[0].lower()
    guide = f" (docs/{platform}.md says where)" if platform in ("discord", "slack") else ""
    return f"{variable}: {problem.removeprefix('Value error, ')}{guide}"


def startup_failure(error: SoundslikeError) -> str:
    """Return why the bot does not start."""
    return f"Soundslike cannot start: {str(error).rstrip('.')}."


def write_failed(error: OSError) -> str:
    """Return the message for a file that could not be written."""
    return f"I could not write {error.filename}: {error.strerror}."


def port_in_use(port: int) -> str:
    """Return the message for a web platform port in use."""
    return f"port {port} is in use by another program. Stop it, or set WEB_PORT to a free port"


def cannot_listen(prefix: str, host: str, port: int, why: object) -> str:
    """Return the message for an address that cannot be bound; {prefix}_HOST and _PORT set it."""
    return (
        f"the bot cannot listen on {host}, port {port}: {why}. {prefix}_HOST must be an address of "
        f"this computer, {prefix}_PORT a free port from 1024 to 65535"
    )


def no_sound_folder(folder: Path, error: OSError) -> str:
    """Return that sound files are kept in the temporary folder while they are listened to."""
    reason = error.strerror or error
    return f"{folder} cannot be made ({reason}): sound files go to the temporary folder"


def output_failed(error: OSError) -> str:
    """Return the message for a failed write to standard output."""
    return f"the output was cut short: {error.strerror or error}"


def not_set(variable: str) -> str:
    """Return that a setting is missing, and how to obtain it."""
    return f"{variable} is not set. To get it: {SETTING_HINTS[variable]}"


def settings_read(file: object) -> str:
    """Return where the settings were read from."""
    return f"read from {file} and the environment"


def no_settings_file(file: object) -> str:
    """Return that there is no settings file, and where it would be."""
    return f"read from the environment alone; {file} does not exist"


def group_not_set(group: str) -> str:
    """Return that nothing is set for a platform or service, and how to set it up."""
    return f"not set. To set up: {HOW_TO_SET_UP[group]}"


def group_set(present: Sequence[str]) -> str:
    """Return what is set for a platform or service."""
    return f"set: {', '.join(present)}"


def partner_not_set(variable: str, partners: Sequence[str]) -> str:
    """Return that one of `partners` must be set, since `variable` is."""
    hint = SETTING_HINTS[partners[0]]
    return f"not set: {' or '.join(partners)}, which {variable} needs. To get it: {hint}"


def will_run(platforms: Sequence[str]) -> str:
    """Return which platforms the bot will run."""
    return f"the bot will run on {', '.join(platforms)}"


def database_written(name: str) -> str:
    """Return that a row was written to the database and removed again."""
    return f"a row was written to {name} and removed again"


def ready(is_clone: bool) -> str:  # noqa: FBT001 - the only argument
    """Return how to start the bot."""
    return f"Ready. To start: {'python -m bot' if is_clone else 'soundslike'} run"


def check_line(what: str, finding: str, *, ok: bool | None) -> str:
    """Format one finding of `check`; `ok` is None for optional settings and unknown results."""
    mark = {True: "✓", False: "✗", None: "–"}[ok]
    return f"{mark} {what}: {finding}"


def not_checked(variable: str, why: object) -> str:
    """Return that a setting could not be verified."""
    return f"{variable} is set, but not checked: {why}"


def discord_invite_links(server: str, account: str) -> str:
    """Return both links that install the bot on Discord."""
    return (
        f"To add the bot to a server (you need Manage Server there):\n{server}\n"
        f"To use its commands yourself, wherever you are:\n{account}"
    )


def slack_app_link(link: str) -> str:
    """Return the link that creates the app on Slack."""
    return (
        "To create the app on Slack, open this link and choose a workspace; docs/slack.md says "
        f"what comes next:\n{link}"
    )


def slack_token_rejected(variable: str, code: str) -> str:
    """Return that Slack rejects a token; `code` is Slack's error code."""
    hint = SETTING_HINTS[variable]
    return f"Slack does not accept {variable} ({code}). To get the right one: {hint}"


def slack_token_accepted(variable: str) -> str:
    """Return that Slack accepts a token."""
    return f"Slack accepts {variable}"


def slack_scopes_missing(scopes: Collection[str]) -> str:
    """Return that the Slack app lacks scopes, and how it gets them."""
    names = ", ".join(sorted(scopes))
    return (
        f"the app lacks the scopes {names}, so that part of it does not work; docs/slack.md says "
        "what each is for. To grant them: https://api.slack.com/apps, OAuth & Permissions, Bot "
        "Token Scopes, then Reinstall to Workspace"
    )


def no_heartbeat(file: object) -> str:
    """Return that the heartbeat file is missing or stale."""
    return f"not running, or hanging: no recent heartbeat in {file}"


def alive(file: object) -> str:
    """Return that the heartbeat file is fresh."""
    return f"running: its last heartbeat in {file} is recent"


def health_file_unusable(file: object, why: OSError) -> str:
    """Return that the heartbeat file cannot be written."""
    return f"the heartbeat file {file} cannot be used: {why.strerror or why}"


def ephemeral_disk_warning(folder: object, disk: str) -> str:
    """Return the warning for a data folder on an ephemeral disk."""
    return (
        f"DATA WILL BE LOST: {folder} is on {disk}, which is wiped at a restart or an update, with "
        "all votes and settings. Set DATABASE_URL=postgresql://... and USER_HASH_KEY, or set "
        "DATA_DIR to a folder on a volume"
    )


def platform_failed(name: str, seconds: float) -> str:
    """Return the log line for a platform that failed and is started again after `seconds`."""
    return f"{name.capitalize()}: unexpected failure; starting again in {seconds:.0f} s"


def platform_stopped(name: str, error: Exception) -> str:
    """Return the line for a platform that stays stopped while others run."""
    return f"{name.capitalize()}: not running. {error}"


def deliveries_wait(count: int) -> str:
    """Return the line at the end about accepted deliveries that are not answered yet."""
    what = "1 delivery waits" if count == 1 else f"{count:,} deliveries wait"
    return f"Stopped. {what} in the database; the next start answers them."
