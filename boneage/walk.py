"""How far one film has come on its way through the rooms, and what the user said about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from boneage.errors import Refusal
from boneage.options import OwnAge, SexWord
from boneage.result import Check, Estimates, PatternBone, ReaderCorrection, Reason

if TYPE_CHECKING:
    from boneage.measurement.measurements import Measurements
    from boneage.quality.checks import Finding
    from boneage.radiograph.radiograph import Radiograph, Sex
    from boneage.segmentation.bone_map import BoneMap, HandCheck


IF_SEX: Final[Mapping[Sex, str]] = {"M": "if a boy", "F": "if a girl"}
"""What a remark begins with that holds for one sex alone."""

Stage = Literal["read", "segment", "measure", "lookup", "regress"]
"""What a film goes through; the seconds of a result are kept by these names."""

Listener = Callable[[Stage], None]
"""Told of every stage as it begins; one may come again."""


@dataclass(frozen=True)
class Known:
    """What the user says about a film; ``None`` where nothing was said and the file is asked."""

    sex: SexWord | None = None
    chronological_age_months: OwnAge | None = None
    pixel_spacing_mm: float | None = None


@dataclass
class Walk:
    """How far one film has come; whatever was found is kept when a later room refuses."""

    name: str
    started: float = field(default_factory=time.perf_counter)
    seconds: dict[str, float] = field(default_factory=dict)
    radiograph: Radiograph | None = None
    bone_map: BoneMap | None = None
    measurements: Measurements | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    estimates: dict[Sex, Estimates] = field(default_factory=dict)
    patterns: dict[Sex, tuple[PatternBone, ...]] = field(default_factory=dict)
    own_age: float | None = None
    own_in_whole_years: bool = False
    correction: ReaderCorrection | None = None
    speaking: Measurements | None = None
    left_out: frozenset[str] = frozenset()
    listener: Listener | None = None
    _remarks: dict[tuple[str, Sex | None], Reason] = field(default_factory=dict)
    _checks: dict[tuple[str, Sex | None], Check] = field(default_factory=dict)
    _assumed: Sex | None = None

    @contextmanager
    def assuming(self, sex: Sex) -> Iterator[None]:
        """Keep what is remarked and noted inside as what holds if the child is of that sex."""
        self._assumed = sex
        try:
            yield
        finally:
            self._assumed = None

    def remark(self, *reasons: Reason) -> None:
        """Note remarks, each code once for either sex: two rooms may notice the same thing."""
        for reason in reasons:
            self._remarks.setdefault((reason.code, self._assumed), reason)

    def reasons(self) -> tuple[Reason, ...]:
        """Return the remarks, each code once; what does not hold for both sexes alike says for which it does."""
        codes = dict.fromkeys(code for code, _ in self._remarks)
        return tuple(self._reason(code) for code in codes)

    def _reason(self, code: str) -> Reason:
        said = {sex: reason for (name, sex), reason in self._remarks.items() if name == code}
        first = next(iter(said.values()))
        if None in said:
            return said[None]
        if len(said) == len(IF_SEX) and len({reason.message for reason in said.values()}) == 1:
            return first
        return replace(
            first, message="; ".join(f"{IF_SEX[sex]}: {reason.message}" for sex, reason in said.items() if sex)
        )

    def note(self, *checks: HandCheck | Check) -> None:
        """Keep checks for the result; of one that is made twice for the same sex, the one that failed."""
        for check in checks:
            new = Check(check.name, check.passed, check.value, check.limit, check.places, self._assumed)
            known = self._checks.get((new.name, self._assumed))
            if known is None or (known.passed and not new.passed):
                self._checks[new.name, self._assumed] = new

    def checks(self) -> tuple[Check, ...]:
        """Return the checks, each name once: of one that was made for both sexes the worse, which says for which."""
        shown: dict[str, Check] = {}
        for check in self._checks.values():
            known = shown.get(check.name)
            shown[check.name] = check if known is None else max(known, check, key=_badness)
        return tuple(shown.values())

    def checks_for(self, sex: Sex) -> tuple[Check, ...]:
        """Return the checks that hold for a child of one sex."""
        return tuple(check for (_, assumed), check in self._checks.items() if assumed in (None, sex))

    def judge(self, findings: Iterable[Finding]) -> None:
        """Keep what checks of the quality gate found, and remark on what a reader should know.

        Raises
        ------
        Refusal
            With the code of the first check beyond its last limit, once all are kept.
        """
        refusals = []
        for finding in findings:
            check, passed = finding.check, finding.verdict == "passed"
            self.note(Check(check.name, passed, finding.value, check.limit, finding.places))
            if finding.verdict == "warning":
                self.remark(Reason(check.code, finding.message, check.remedy, "warning"))
            if finding.verdict == "refused":
                refusals.append(Refusal(check.code, finding.message, remedy=check.remedy))
        if refusals:
            raise refusals[0]

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        """Tell that a stage begins, and add the time spent inside to it."""
        if self.listener is not None:
            self.listener(name)
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def _badness(check: Check) -> tuple[bool, float]:
    """Return what is larger for the worse of two: the checks that depend on the sex all have an upper limit."""
    return not check.passed, float(check.value) if isinstance(check.value, (int, float)) else 0.0
