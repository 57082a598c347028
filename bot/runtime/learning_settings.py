"""Settings of the learning loop: when the model is retrained, judged and swapped."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, Field

from bot.domain.places import Place
from bot.texts import learning
from model import variables

CHANNEL: Final = re.compile(r"(discord):([0-9]{15,20})|(slack):([TE][A-Z0-9]+)/([CG][A-Z0-9]+)")
"""A channel, as in `discord:123456789012345678` or `slack:T0123ABCD/C0123ABCD`."""


ANY_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""A moment to check a schedule with."""


def _check_cron(text: str) -> str:
    try:
        CronSim(text, ANY_TIME)
    except CronSimError:
        raise ValueError(learning.NO_CRON) from None
    return text


def _check_channel(text: str) -> str:
    if not CHANNEL.fullmatch(text):
        raise ValueError(learning.NO_CHANNEL)
    return text


class LearningSettings(BaseModel):
    """One field for each variable of the learning loop."""

    model_check_seconds: float = Field(default=30, ge=0, le=86400)
    retrain_after: int = Field(default=0, ge=0)
    retrain_at: Annotated[str, AfterValidator(_check_cron)] | None = None
    retrain_minutes: float = Field(default=60, gt=0, le=24 * 60)
    retrain_memory_mb: int = Field(default=4096, ge=variables.LEAST_MEMORY_MB)
    shadow_hours: float = Field(default=0, ge=0, le=variables.MAX_SHADOW_HOURS)
    owner_channel: Annotated[str, AfterValidator(_check_channel)] | None = None
    learn_from_public: bool = False
    feedback_days: int = Field(default=0, ge=0, le=36500)

    @property
    def retrains(self) -> bool:
        """Whether the bot retrains the model by itself."""
        return bool(self.retrain_after or self.retrain_at)

    @property
    def owner_place(self) -> Place | None:
        """The channel that is informed of trainings; the workspace of a Discord channel is ""."""
        match = CHANNEL.fullmatch(self.owner_channel or "")
        if match is None:
            return None
        if match[1]:
            return Place(match[1], "", match[2])
        return Place(match[3], match[4], match[5])
