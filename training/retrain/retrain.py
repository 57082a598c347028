"""Retrains the active model on corrections: a candidate is made, judged, and moved by the result.

The active version stays active unless all checks of the gate passed, the candidate is complete in
the store, and the deployment has no shadow: then the candidate waits there for the bots.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from model import folders
from model.bundle import MODEL, REPORT, SUBGENRES, Bundle, Lineage, Metadata
from model.errors import ActiveChanged, BundleError
from model.gate_report import GateReport
from model.lifecycle import State, time_text
from model.store import BundleStore
from model.store_files import StoreFiles
from model.version_states import went_back
from training.counting import counted
from training.deployment import Deployment
from training.errors import CannotRetrain
from training.fit import Fitted
from training.gate import frozen_data
from training.gate.contender import Contender
from training.gate.frozen import FrozenData
from training.gate.judge import judge
from training.retrain.from_bundle import from_bundle
from training.retrain.from_tables import from_tables
from training.retrain.gathering import Gathered, gather
from training.retrain.outcome import Outcome
from training.retrain.request import Request, too_few, way_back
from training.retrain.starting_point import Earlier, Store, base_of, earlier, load

BY: Final = "retrain"
"""Who moves versions, in their events."""

OVERTAKEN: Final = "Another version became active meanwhile; run it again."
SUPERSEDED: Final = "superseded it."
"""Reason of a rejection, and end of one, that says nothing about the candidate itself.

It was compared with a version that is no longer active, or another candidate is newer.
"""

Say = Callable[[str], object]
"""Callback with a line about the progress."""


def retrain(deployment: Deployment, request: Request, say: Say) -> Outcome:
    """Retrain a model; return what became of it.

    Raises:
        ModelError: The store or a bundle cannot be used.
        TrainingError: The corrections or tables cannot be read, or nothing can be trained on them.
        OSError: A disk is full.
    """
    store = Store.of(deployment)
    active = store.versions.metadata(request.name, store.versions.active(request.name))
    corrections = gather(
        deployment.votes,
        request.exclusion,
        public=deployment.learns_from_public,
        genres=active.genres,
        name=request.name,
    )
    for sentence in corrections.left_out:
        say(sentence)
    if nothing := too_few(corrections, request, active):
        return nothing
    lineage = _lineage(active, request, corrections)
    run = _Run(deployment, request, store, active, corrections, lineage, say)
    if found := earlier(store, request.name, active.version, lineage):
        return run.repeated(found)
    return run.trained()


def _lineage(active: Metadata, request: Request, corrections: Gathered) -> Lineage:
    base = "" if request.data else base_of(active)
    names = ["tables"] if request.data else []
    names += ["from base"] if request.unlearns and not request.data else []
    return Lineage(
        parent=active.version,
        base=base,
        rows_added=len(corrections.trained),
        code_version=_code_version(),
        seed=request.seed,
        data_sha256=corrections.digest(*names),
        votes_until=time_text(corrections.newest_vote) if corrections.newest_vote else "",
    )


def _code_version() -> str:
    try:
        return version("soundslike")
    except PackageNotFoundError:  # run from a folder that is not installed
        return "unknown"


@dataclass(frozen=True, slots=True)
class _Judged:
    """A candidate and the gate's report on it."""

    fitted: Fitted
    report: GateReport


@dataclass(frozen=True, slots=True)
class _Run:
    """A retraining: the deployment, the request, the active version and the corrections."""

    deployment: Deployment
    request: Request
    store: Store
    active: Metadata
    corrections: Gathered
    lineage: Lineage
    say: Say

    def repeated(self, found: Earlier) -> Outcome:
        """Return the outcome if a version was made from the same before."""
        passed_over = found.state is State.REJECTED and any(
            reason.endswith((OVERTAKEN, SUPERSEDED)) for reason in found.reasons
        )
        if found.state is State.CANDIDATE or (passed_over and not self._waits(found.version)):
            return self._finished(found.version)
        same = f"Nothing has changed since version {found.version} was trained"
        if found.state is State.ACTIVE:
            return Outcome(found.version, State.ACTIVE, (f"{same}.",), changed=False)
        same = f"{same}, which is {found.state}."
        if self.request.unlearns:
            reasons = (same, *found.reasons, *way_back(self.active))
            return Outcome(found.version, State.REJECTED, reasons, changed=False)
        return Outcome(self.active.version, State.ACTIVE, (same,), changed=False)

    def trained(self) -> Outcome:
        """Make a candidate, judge it, save it and move it."""
        StoreFiles(self.deployment.store).check_writable(self.request.name)
        trained = counted(len(self.corrections.trained), "correction")
        held_back = len(self.corrections.held_back)
        self.say(f"{self.request.name}: training on {trained}, {held_back} held back")
        judged = self._from_tables() if self.request.data else self._from_bundle()
        made = judged.fitted.metadata
        with TemporaryDirectory(prefix="soundslike-") as scratch:
            files = judged.fitted.files | {REPORT: judged.report.to_json().encode()}
            Fitted(made, files).save(BundleStore(Path(scratch)))
            self.say(f"{made.name} {made.version}: saving it in {self.store.remote.name}")
            corrections = counted(made.lineage.rows_added if made.lineage else 0, "correction")
            waits = self._waits(made.version) if judged.report.passed else None
            reasons = (f"Trained on {corrections}.", *([waits] if waits else []))
            self.store.versions.add_candidate(made.name, made.version, Path(scratch), BY, reasons)
        return self._moved(made.version, judged.report)

    def _finished(self, version: str) -> Outcome:
        """Return the outcome of a candidate that exists, of a run that was killed or overtaken."""
        report = self.store.versions.report(self.request.name, version)
        if report is None:
            raise CannotRetrain(f"candidate {version} has no report of the gate; reject it")
        return self._moved(version, report)

    def _moved(self, version: str, report: GateReport) -> Outcome:
        """Reject a candidate, promote it, or let it wait."""
        name = self.request.name
        if not report.passed:
            self.store.versions.reject(name, version, BY, report.failures)
            way = way_back(self.active) if self.request.unlearns else ()
            return Outcome(version, State.REJECTED, (*report.failures, *way))
        held = [check.sentence for check in report.checks if check.name == "held_back"]
        reasons = (f"All {len(report.checks)} checks of the gate passed.", *held)
        if waits := self._waits(version):
            self._supersede(version)
            return Outcome(version, State.CANDIDATE, (*reasons, waits))
        try:
            self.store.versions.promote(name, version, BY, reasons, expected=self.active.version)
        except ActiveChanged:
            self.store.versions.reject(name, version, BY, (OVERTAKEN,))
            return Outcome(version, State.REJECTED, (OVERTAKEN,))
        with suppress(BundleError):  # the promotion is complete
            self._supersede(version)
        return Outcome(version, State.ACTIVE, reasons)

    def _waits(self, version: str) -> str | None:
        """Return why a candidate that passed waits; None if it is promoted at once.

        The bots decide about it after its time in the shadow, but not after a rollback.
        """
        hours = self.deployment.shadow_hours
        may_wait = self.request.hold_after_rollback or hours > 0
        if may_wait and went_back(self.store.versions.history(self.request.name)):
            return (
                f"A person went back to {self.active.version}, so it waits: `models promote "
                f"{version}` makes it active."
            )
        if hours:
            length = counted(hours, "hour")
            return f"It answers in the shadow for {length} before it is promoted."
        return None

    def _supersede(self, version: str) -> None:
        """Reject the other candidates: they were compared with a version that is to be replaced."""
        name = self.request.name
        for other, state in self.store.versions.states(name).items():
            if state is State.CANDIDATE and other != version:
                self.store.versions.reject(name, other, BY, (f"{version} {SUPERSEDED}",))

    def _from_bundle(self) -> _Judged:
        start = self.lineage.base if self.request.unlearns else self.active.version
        if not start:
            raise CannotRetrain(
                f"{self.active.version} was fitted on tables and corrections together: to unlearn "
                "some, the tables are needed (--data)"
            )
        self.say(f"{self.request.name}: starting from version {start}")
        point = load(self.store, self.request.name, start)
        fitted = from_bundle(point, self.corrections.trained, self.lineage)
        frozen = [
            frozen_data.songs(),
            frozen_data.fma(folders.tables_folder()),
            frozen_data.drawn(point.rehearsal.genres, point.rehearsal.of_genre),
        ]
        without = point.bundle if self.request.unlearns else None
        return _Judged(fitted, self._judge(fitted, frozen, without=without))

    def _from_tables(self) -> _Judged:
        assert self.request.data is not None  # noqa: S101 - for the type checker
        made = from_tables(
            self.request.data,
            self.request.name,
            self.corrections.trained,
            self.lineage,
            self.say,
        )
        frozen = [
            frozen_data.tables(made.rows, made.task),
            frozen_data.songs(),
            frozen_data.fma(self.request.data),
        ]
        fitted_anew = self.active.lineage is not None and not self.active.lineage.base
        reference = None if fitted_anew else made.reference
        without = made.reference if self.request.unlearns else None
        return _Judged(made.fitted, self._judge(made.fitted, frozen, reference, without))

    def _judge(
        self,
        fitted: Fitted,
        frozen: Sequence[FrozenData | None],
        reference: Bundle | None = None,
        without: Bundle | None = None,
    ) -> GateReport:
        self.say(f"{self.request.name} {fitted.metadata.version}: the gate compares it")
        active = self.store.versions.bundle(self.request.name, self.active.version)
        candidate = Bundle(fitted.metadata, fitted.files[MODEL], fitted.files.get(SUBGENRES))
        return judge(
            Contender(active),
            Contender(candidate),
            [data for data in frozen if data],
            self.corrections.trained,
            self.corrections.held_back,
            reference=Contender(reference) if reference else None,
            without=Contender(without) if without else None,
        )
