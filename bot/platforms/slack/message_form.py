"""Content of a message, and simpler contents for workspaces that refuse its blocks."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.platforms.slack.failures import FAILURES, INVALID_BLOCKS, error_code
from bot.platforms.slack.native_blocks import Feature, NativeBlocks, blamed
from bot.platforms.slack.present import Block, without_images

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Variants:
    """A layout that has blocks which not every workspace has.

    Attributes:
        lay_out: Returns the layout with the given ones of these blocks.
        native: Remembers which of them the workspace refused.
        workspace: The workspace.
    """

    lay_out: Callable[[frozenset[Feature]], list[Block]]
    native: NativeBlocks
    workspace: str

    def blocks(self) -> list[Block]:
        """Return the layout for the workspace, as far as is known of it."""
        return self.lay_out(self.native.of(self.workspace))


@dataclass(frozen=True, slots=True)
class MessageForm:
    """Content of a message.

    Attributes:
        text: Summary for notifications.
        blocks: Layout; empty for a message in plain text.
        plain: Text that is sent if the blocks are refused.
        public: Whether a reply through `response_url` is visible to the channel.
        variants: The layout with other blocks, if it has some that not every workspace has.
        refused: Blocks of `variants` that are left out, as Slack refused them.
    """

    text: str
    blocks: list[Block]
    plain: str
    public: bool
    variants: Variants | None = None
    refused: frozenset[Feature] = frozenset()

    def simpler(self, error: Exception) -> "MessageForm":
        """Return the content to send after Slack refused the blocks.

        First without the native blocks that Slack blames, then without pictures, which Slack may be
        unable to fetch, then in plain text.
        """
        if self.variants and (culprits := blamed(error, self.blocks)):
            refused = self.refused | culprits
            rest = self.variants.native.of(self.variants.workspace) - refused
            return replace(self, blocks=self.variants.lay_out(rest), refused=refused)
        bare = without_images(self.blocks)
        if bare != self.blocks:
            return replace(self, blocks=bare)
        return replace(self, text=self.plain, blocks=[], refused=frozenset())

    def without_native_blocks(self) -> "MessageForm":
        """Return the content for replies of which Slack does not say why it refuses them."""
        if self.variants is None:
            return self
        return replace(self, blocks=self.variants.lay_out(frozenset()))


async def send_simplified(
    form: MessageForm, send: Callable[[MessageForm], Awaitable[T]], about: str
) -> T:
    """Send a content, or a simpler one while Slack refuses its blocks; return what `send` returns.

    What a simpler layout proves to be refused is remembered. Raises one of FAILURES.
    """
    while True:
        try:
            sent = await send(form)
        except FAILURES as error:
            if error_code(error) not in INVALID_BLOCKS or not form.blocks:
                raise
            _log.warning("message %s: %s", about, error_code(error))
            form = form.simpler(error)
        else:
            if form.variants and form.refused:
                form.variants.native.on_refused(form.variants.workspace, form.refused)
            return sent
