"""Sentences about retraining: for the operator and for people in chats."""

from collections.abc import Mapping
from typing import Final

from model import variables

NO_CRON: Final = "it must have five fields like 0 4 * * 1 (each Monday at 4:00, UTC)"
NO_CHANNEL: Final = "it must be discord:CHANNEL_ID or slack:TEAM_ID/CHANNEL_ID"

VOTER: Final = (
    "The votes of this person are stored under this hash. To train the model without them: "
    "soundslike train retrain --without-voter HASH. To delete them, the person uses /forget-me."
)


def no_key(folder: object) -> str:
    """Return that no key for hashes of people was made yet."""
    return (
        f"There is no key for the hashes of people in {folder}, and USER_HASH_KEY is not set: "
        "under these settings no vote was stored yet"
    )


def not_a_platform(name: str) -> str:
    """Return that people do not vote on a platform of that name."""
    return f"People vote on discord, slack and web, not on {name}"


SETTING_PROBLEMS: Final[Mapping[str, str]] = {
    "MODEL_CHECK_SECONDS": "must be a number from 0 (never) to 86400",
    "RETRAIN_AFTER": "must be a whole number of corrections; 0 is never",
    "RETRAIN_AT": NO_CRON,
    "RETRAIN_MINUTES": "must be a number above 0 and up to 1440",
    "RETRAIN_MEMORY_MB": f"must be a whole number from {variables.LEAST_MEMORY_MB}",
    "SHADOW_HOURS": f"must be a number from 0 to {variables.MAX_SHADOW_HOURS}",
    "OWNER_CHANNEL": NO_CHANNEL,
    "FEEDBACK_DAYS": "must be a whole number from 0 (keep all) to 36500",
}
"""What each setting must be."""
