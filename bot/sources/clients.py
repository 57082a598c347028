"""HTTP clients of the sources, all with the same session, User-Agent, proxies and guards."""

from dataclasses import dataclass

import aiohttp

from bot.domain.proxies import NO_PROXIES, Proxies
from bot.sources.guard import SourceGuard
from bot.sources.http_client import USER_AGENT, HttpService
from bot.sources.limits import PUBLISHED
from bot.sources.monitor import SourceMonitor


@dataclass(frozen=True, slots=True)
class SourceClients:
    """What all sources share.

    Attributes:
        session: The HTTP client.
        monitor: Makes the guards, one for each source.
        user_agent: Value of the header User-Agent.
        proxies: Proxies of the operator's network.
    """

    session: aiohttp.ClientSession
    monitor: SourceMonitor
    user_agent: str = USER_AGENT
    proxies: Proxies = NO_PROXIES

    def service(self, name: str, base: str) -> HttpService:
        """Return the client of a source, whose name is one of PUBLISHED, at an address."""
        return HttpService(
            name,
            base,
            self.session,
            guard=self.guard(name),
            user_agent=self.user_agent,
            proxy=self.proxies.of(base),
        )

    def guard(self, name: str) -> SourceGuard:
        """Return the guard of a source, whose name is one of PUBLISHED."""
        return self.monitor.guard(name, PUBLISHED[name])
