"""The gate's judgement of a candidate: all checks, and what would change.

A candidate passes if it passes every check:

- `features`, `genres`, `probabilities`: it takes the same features, has at least the same genres,
  and its answers are probabilities, also with missing features. One that fails is compared no
  further.
- `changed`: some song has other probabilities.
- `f1_KIND`, `core_f1_KIND`: on each kind of frozen songs, with all their features and with the core
  features alone, its weighted F1 is not worse beyond noise (see `training.gate.quality`).
- `each_genre`: no genre loses over 2 points of F1 beyond noise.
- `each_genre_drawn`: nor on songs drawn from what the bundle knew, with all their inputs and with
  those alone that the corrections have. They are held to the tables' genres, which honest
  corrections hardly lower: a genre that the active model takes for another one, as country for
  rock, has few songs among the other's. No other check reads them, as they are so many that the
  least loss would be beyond noise.
- `held_back`: on corrections that were held back, it is better beyond noise.
- `calibration_KIND`: its probabilities are as reliable as before.
- `size`, `latency`: it is small and fast enough.
- `sane`: well-known songs have plausible genres.

What remains possible without tables: people who vote alike, on songs that only they vote on, can
teach that songs which sound like these are of their genre, as long as no genre loses over 2 points
of F1 on drawn songs. Drawn songs show a genre as its bundle describes it, so that harm within an
unusual corner of a genre may stay below that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Final

from model.gate_report import Check, GateReport
from training.feedback.votes import AgreedLabel
from training.gate import quality
from training.gate.bootstrap import Paired
from training.gate.changes import disagreements, song_changes
from training.gate.comparison import Compared, answers, compare, genres_of_both
from training.gate.contender import Contender
from training.gate.costs import Timer, fast_enough, small_enough
from training.gate.frozen import FrozenData
from training.gate.frozen_data import alike, corrections, unseen, values_of
from training.gate.learned import better_on_corrections, changed
from training.gate.sanity import sane
from training.gate.soundness import soundness

CORRECTIONS: Final = "corrections"
DRAWN: Final = "drawn"

SEEN_BY_SHIPPED: Final = ("tables", "fma")
"""Kinds of frozen songs that the shipped models are fitted on in the end (see `training.fit`)."""


def judge(
    active: Contender,
    candidate: Contender,
    frozen: Sequence[FrozenData],
    trained: Sequence[AgreedLabel],
    held_back: Sequence[AgreedLabel],
    *,
    reference: Contender | None = None,
    timer: Timer = perf_counter,
) -> GateReport:
    """Judge whether a candidate may replace the active model.

    Args:
        active: The active model.
        candidate: The candidate.
        frozen: Labelled songs that the candidate was not trained on; those by artists of whom it
            was trained on a correction are left out. The corrections held back are added unless
            they are among them.
        trained: Corrections that the candidate was trained on.
        held_back: Corrections that it was not trained on.
        reference: Model to compare with on tables and FMA in place of the active one, if that was
            fitted on their test songs, as shipped models are: on these it seems better than it is
            (weighted F1 0.536 rather than 0.500). It is to be fitted like the candidate, without
            the corrections.
        timer: Clock of the latency.
    """
    drawn = [one for one in frozen if one.kind == DRAWN]
    data = _unseen([one for one in frozen if one.kind != DRAWN], trained, held_back)
    checks = list(soundness(active, candidate))
    if not all(check.passed for check in checks):
        return _report(active, [*data, *drawn], trained, held_back, checks)
    compared = [
        (found, Paired(found))
        for one in data
        if (found := compare(_opponent(active, reference, one), candidate, one))
    ]
    remembered = list(_remembered(active, candidate, drawn, trained))
    checks.append(_changed(active, candidate, data, trained))
    checks += _not_worse(compared)
    checks += _core_not_worse(candidate, data, active, reference)
    checks.append(quality.no_genre_lost(compared))
    if remembered:
        checks.append(quality.no_genre_lost(remembered, "each_genre_drawn"))
    held = next((one for one, _ in compared if one.kind == CORRECTIONS), None)
    checks.append(better_on_corrections(held))
    checks += [quality.calibrated(one, noise) for one, noise in compared]
    checks += [small_enough(active, candidate), fast_enough(active, candidate, timer)]
    checks.append(sane(candidate))
    return replace(
        _report(active, [*data, *drawn], trained, held_back, checks),
        genres=tuple(
            change for one, _ in (*compared, *remembered) for change in quality.genre_changes(one)
        ),
        songs=song_changes(active, candidate, _chat_songs(data, trained)),
        disagreements=disagreements(candidate, trained),
    )


def _unseen(
    frozen: Sequence[FrozenData], trained: Sequence[AgreedLabel], held_back: Sequence[AgreedLabel]
) -> list[FrozenData]:
    """Return the frozen songs and corrections held back by artists who are not trained on."""
    kinds = {one.kind for one in frozen}
    own = corrections(held_back) if CORRECTIONS not in kinds else None
    found = [unseen(one, trained) for one in (*frozen, own) if one]
    return [one for one in found if one]


def _remembered(
    active: Contender,
    candidate: Contender,
    drawn: Sequence[FrozenData],
    trained: Sequence[AgreedLabel],
) -> Iterator[tuple[Compared, Paired]]:
    """Yield the answers to drawn songs, with all inputs and with those of the corrections."""
    for data in drawn:
        for one in (data, alike(data, trained) if trained else None):
            if one and (found := compare(active, candidate, one)):
                yield found, Paired(found)


def _opponent(active: Contender, reference: Contender | None, data: FrozenData) -> Contender:
    """Return the model that the candidate is compared with on some frozen songs."""
    return reference if reference and data.kind in SEEN_BY_SHIPPED else active


def _not_worse(compared: Sequence[tuple[Compared, Paired]]) -> Iterator[Check]:
    """Yield the checks of the weighted F1; corrections have a check of their own."""
    for one, noise in compared:
        if one.kind != CORRECTIONS:
            yield quality.not_worse(one, noise, f"f1_{one.kind}")


def _core_not_worse(
    candidate: Contender,
    frozen: Sequence[FrozenData],
    active: Contender,
    reference: Contender | None,
) -> Iterator[Check]:
    """Yield the checks of the weighted F1 with the core features alone."""
    for data in frozen:
        opponent = _opponent(active, reference, data)
        one = compare(opponent, candidate, data, core_alone=True)
        if one and one.kind != CORRECTIONS:
            yield quality.not_worse(one, Paired(one), f"core_f1_{one.kind}")


def _changed(
    active: Contender,
    candidate: Contender,
    frozen: Sequence[FrozenData],
    trained: Sequence[AgreedLabel],
) -> Check:
    genres = genres_of_both(active, candidate)
    sets = [*(data.values for data in frozen), values_of(trained)]
    return changed(
        [
            (answers(active, values, genres), answers(candidate, values, genres))
            for values in sets
            if len(values)
        ]
    )


def _chat_songs(
    frozen: Sequence[FrozenData], trained: Sequence[AgreedLabel]
) -> Iterator[FrozenData]:
    """Yield the built-in songs, the corrections held back, and those trained on."""
    for kind in ("songs", CORRECTIONS):
        yield from (data for data in frozen if data.kind == kind)
    if own := corrections(trained):
        yield own


def _report(
    active: Contender,
    frozen: Sequence[FrozenData],
    trained: Sequence[AgreedLabel],
    held_back: Sequence[AgreedLabel],
    checks: Sequence[Check],
) -> GateReport:
    return GateReport(
        active=active.version,
        corrections=len(trained),
        held_back=len(held_back),
        frozen={data.kind: len(data.truth) for data in frozen},
        checks=tuple(checks),
    )
