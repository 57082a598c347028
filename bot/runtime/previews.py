"""Builds what listens to previews, as far as the settings switch it on."""

from bot.concurrency.temporary_files import TemporaryFiles
from bot.domain.sound_ports import Listener, PreviewSource, SoundAnalysis
from bot.runtime.settings import PreviewService as PreviewName
from bot.runtime.settings import Settings
from bot.services.previews import PreviewService
from bot.sources import deezer, itunes, reccobeats_analysis
from bot.sources.clients import SourceClients
from bot.sources.previews import DeezerPreviews, ITunesPreviews, PreviewDownload
from bot.sources.reccobeats_analysis import ReccoBeatsAnalysis


def build(
    settings: Settings,
    clients: SourceClients,
    listener: Listener,
    files: TemporaryFiles | None = None,
) -> PreviewService | None:
    """Return the service that listens to previews; None if no service's are switched on."""
    if not settings.previews:
        return None
    analyses: list[SoundAnalysis] = []
    if settings.reccobeats_analysis:
        api = clients.service(reccobeats_analysis.NAME, settings.reccobeats_url)
        analyses.append(ReccoBeatsAnalysis(api))
    return PreviewService(
        [_source(name, settings, clients) for name in dict.fromkeys(settings.previews)],
        listener,
        analyses,
        files=files,
        always=settings.previews_for == "all",
    )


def _source(name: PreviewName, settings: Settings, clients: SourceClients) -> PreviewSource:
    if name == "deezer":
        base = settings.deezer_url
        lookup = deezer.DeezerLookup(clients.service(deezer.NAME, base))
        return DeezerPreviews(lookup, PreviewDownload(name, base, clients))
    base = settings.itunes_url
    search = itunes.ITunesSearch(clients.service(itunes.NAME, base))
    return ITunesPreviews(search, PreviewDownload(name, base, clients))
