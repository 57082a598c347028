"""Command `audio`: fits the head of the tagger on labelled sound files and votes."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from model.genres import WIDE
from model.sound.networks import EMBEDDING
from model.sound.sound_table import Row
from model.sound.tag_genres import tag_genres
from model.sound.tagger_bundle import SHIPPED, HeadMetadata, TaggerMetadata, TaggerStore
from training import deployment
from training.commands.options import check_usable
from training.sound import numbers
from training.sound.card import write_card
from training.sound.comparison import Comparison, compare_both, measured, verdicts
from training.sound.examples import MIN_ARTISTS, MIN_CLIPS, Examples, examples, heard
from training.sound.exponents import MIN_CLIPS as MIN_CLIPS_WITH_FEATURES
from training.sound.exponents import Learned, Opinions, learn
from training.sound.head_bundle import save_head, versions_with_same_networks
from training.sound.head_training import fit_head, out_of_fold
from training.sound.heard_clips import hear_clips
from training.sound.heard_votes import HeardVote, read_heard_votes
from training.sound.labelled_folder import LabelledFolder, read_folder

Listen = Callable[[Sequence[Path], TaggerMetadata, Path, int], Mapping[Path, Row]]
"""Listens to files; see `hear_clips`."""

MIN_GENRES: Final = 2
"""Least number of genres of a head."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the command.

    Attributes:
        folder: Folder of labelled sound files.
        out: Folder of taggers that gets the bundle.
        data: Folder of the training tables.
        cache: Database of what was heard.
        feedback: URL of the bot's database, if its votes are used.
        processes: Number of processes.
        seed: Of all random draws.
    """

    folder: Path
    out: Path
    data: Path
    cache: Path
    feedback: str | None = None
    processes: int = 1
    seed: int = 0


def run(
    options: Options, store: TaggerStore | None = None, hear: Listen = hear_clips
) -> Iterator[str]:
    """Fit a head and ship it if it beats the table; nothing is written otherwise.

    Args:
        options: The options.
        store: Has the networks; the shipped ones by default.
        hear: Listens to files, as `hear_clips` does.
    """
    store, out = store or TaggerStore(), TaggerStore(options.out)
    check_usable(options.out)
    folder = read_folder(options.folder)
    yield from _labels(folder)
    votes: list[HeardVote] = []
    if options.feedback:
        versions = versions_with_same_networks(store, out)
        public = deployment.load().learns_from_public
        votes, left_out = read_heard_votes(options.feedback, versions, public=public)
        yield f"votes on songs that were heard: {len(votes)}" + _reasons(left_out)
    labelled = folder.labelled
    paths = [clip.path for clip in labelled]
    rows = hear(paths, store.load().metadata, options.cache, options.processes)
    found = heard(labelled, rows)
    yield f"clips heard: {len(found.clips)}" + _reasons(found.left_out)
    every = examples(found, folder.features, votes)
    genres = every.genres()
    yield from _counts(every, genres)
    if len(genres) < MIN_GENRES:
        yield (
            f"No head was shipped: fewer than {MIN_GENRES} genres have {MIN_CLIPS} clips by "
            f"{MIN_ARTISTS} artists."
        )
        return
    if not set(genres) & set(tag_genres().told):
        yield (
            f"No head was shipped: to tell {' and '.join(genres)} from other genres, clips of "
            f"these are needed too, {MIN_CLIPS} by {MIN_ARTISTS} artists of each."
        )
        return
    yield from _fitted(options, store, folder, every.part(np.isin(every.truth, genres)), genres)


def _fitted(
    options: Options,
    store: TaggerStore,
    folder: LabelledFolder,
    taught: Examples,
    genres: Sequence[str],
) -> Iterator[str]:
    """Fit, compare and perhaps ship a head on examples of its genres."""
    found = out_of_fold(taught, genres, options.seed, options.processes)
    compared = compare_both(taught, genres, found, options.seed)
    yield from _figures(compared)
    if not compared.head_is_better:
        yield (
            "No head was shipped: on clips of artists that it did not hear, it does not beat the "
            "table of tags beyond noise."
        )
        return
    learned, message = _exponents(options, taught, compared)
    yield message
    exponents = learned.exponents if learned and learned.is_better else None
    metadata = HeadMetadata(
        inputs=(EMBEDDING,),
        genres=tuple(genres),
        verdicts=verdicts(compared.head, compared.truth),
        exponents=exponents,
        adds_only=compared.adds_only,
        metrics=_metrics(taught, compared, learned, options.seed),
    )
    head = fit_head(taught, genres, options.seed)
    clips, votes = int(taught.measured.sum()), int((~taught.measured).sum())
    source = f"{clips} clips: {folder.source}" + (f"; {votes} songs with votes" if votes else "")
    out = TaggerStore(options.out)
    saved = save_head(store, out, head, metadata, source=source, license_=folder.license)
    yield str(write_card(options.out))
    shipped = f"{saved.name} {saved.version} in {options.out}"
    if compared.adds_only:
        yield "For the genres that the table can tell, it is the better one, and is kept."
    yield from _unheard(genres)
    yield f"Shipped: {shipped}, with a head for {', '.join(genres)}."
    if options.out.resolve() != SHIPPED.resolve():
        yield (
            f"To use it, set TAGGERS_DIR={options.out.absolute()} in the bot's settings and start "
            "it again; `soundslike listen` has the option --taggers."
        )


def _exponents(
    options: Options, taught: Examples, compared: Comparison
) -> tuple[Learned | None, str]:
    """Return learned exponents, if there is enough to learn them on, and what is said of them."""
    clips = taught.part(taught.measured)
    known = [number for number, own in enumerate(clips.features) if own]
    if len(known) < MIN_CLIPS_WITH_FEATURES:
        few = f"{len(known)} clips have audio features, {MIN_CLIPS_WITH_FEATURES} are needed"
        return None, f"exponents: none; {few}"
    tables = numbers.usable_tables(options.data)
    if not tables:
        return None, f"exponents: none; there are no training tables in {options.data}"
    chosen = np.array(known)
    features = [clips.features[number] for number in known]
    artists = clips.artists[chosen]
    by_numbers = numbers.genres_by_numbers(options.data, tables, features, artists, options.seed)
    by_sound = [_told(row) for row in compared.head[chosen].tolist()]
    opinions = Opinions(by_numbers, by_sound, clips.truth[chosen].tolist(), artists)
    learned = learn(opinions, options.seed)
    verb = "kept" if learned.is_better else "not kept"
    return learned, (
        f"exponents: numbers {learned.exponents.numbers}, sound {learned.exponents.sound}, {verb}; "
        f"log-loss less that of the numbers {learned.log_loss}, of which by the sound "
        f"{learned.log_loss_by_sound}, on {len(known)} clips"
    )


def _told(row: Sequence[float]) -> dict[str, float]:
    """Return the genres that can be told; the others have no probability."""
    return {genre: share for genre, share in zip(WIDE, row, strict=True) if share > 0}


def _metrics(
    taught: Examples, compared: Comparison, learned: Learned | None, seed: int
) -> dict[str, object]:
    found: dict[str, object] = {
        "split": "five parts, no artist in two of them; each part is measured with a head that was "
        "fitted on the others, and the shipped head is fitted on all",
        "artists": len(set(taught.artists[taught.measured])),
        "votes": int((~taught.measured).sum()),
        "seed": seed,
        "head": measured(compared.head, compared.truth),
        "table": measured(compared.table, compared.truth),
        "top_1_difference": asdict(compared.top_1),
        "log_loss_difference": asdict(compared.log_loss),
        "told_top_1_difference": asdict(compared.told_top_1),
        "told_log_loss_difference": asdict(compared.told_log_loss),
    }
    if learned:
        found["exponents"] = asdict(learned)
    return found


def _labels(folder: LabelledFolder) -> Iterator[str]:
    rest = Counter(clip.label or "no genre" for clip in folder.clips if clip.label not in WIDE)
    yield f"files with a genre: {len(folder.labelled)}" + _reasons(rest)


def _counts(every: Examples, genres: Sequence[str]) -> Iterator[str]:
    """Yield the number of clips, artists and votes of each genre."""
    for genre in WIDE:
        own = every.truth == genre
        clips = own & every.measured
        if own.any():
            yield (
                f"{genre:10} clips {clips.sum():6}, artists {len(set(every.artists[clips])):5}, "
                f"votes {(own & ~every.measured).sum():5}"
                + ("" if genre in genres else ": too few, left to the table")
            )


def _figures(compared: Comparison) -> Iterator[str]:
    for name, probabilities in (("head", compared.head), ("table", compared.table)):
        found = measured(probabilities, compared.truth)
        shares = "  ".join(
            f"{title} {found[key]:.3f} [{found[f'{key}_interval'][0]:.3f}, "
            f"{found[f'{key}_interval'][1]:.3f}]"
            for title, key in (("top-1", "accuracy"), ("top-2", "top_2"), ("top-3", "top_3"))
        )
        yield (
            f"{name:5} {shares}  weighted F1 {found['weighted_f1']:.3f}  "
            f"log-loss {found['log_loss']:.3f}  calibration error {found['calibration_error']:.3f}"
        )
        of_genre = ", ".join(f"{genre} {f1:.2f}" for genre, f1 in found["genre_f1"].items())
        yield f"{name:5} F1 by genre: {of_genre}"
    yield (f"head less table, genres weighed: top-1 {compared.top_1}, log-loss {compared.log_loss}")
    yield (
        "head less table, where the table can tell the genre: "
        f"top-1 {compared.told_top_1}, log-loss {compared.told_log_loss}"
    )


def _unheard(genres: Sequence[str]) -> Iterator[str]:
    """Yield which genres may be taken for one that only the head can tell."""
    new = [genre for genre in genres if genre in tag_genres().untold]
    if new and (unheard := [genre for genre in tag_genres().told if genre not in genres]):
        yield (
            f"Note: the head has not learned to tell {' or '.join(new)} from {', '.join(unheard)}. "
            f"Songs of these may be taken for it; {MIN_CLIPS} clips of each teach it."
        )


def _reasons(counts: Mapping[str, int]) -> str:
    """Return what was left out, as the end of a line."""
    if not counts:
        return ""
    return "; left out: " + ", ".join(f"{count} {reason}" for reason, count in counts.items())
