"""How far one film has come on its way through the rooms, and what the user said about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from boneage.errors import Refusal
from boneage.options import SexWord
from boneage.result import Check, Estimates, PatternBone, ReaderCorrection, Reason

if TYPE_CHECKING:
    from boneage.measurement.measurements import Measurements
    from boneage.quality.checks import Finding
    from boneage.radiograph.radiograph import Radiograph, Sex
    from boneage.segmentation.bone_map import BoneMap, HandCheck


Stage = Literal["read", "segment", "measure", "lookup", "regress"]
"""What a film goes through; the seconds of a result are kept by these names."""

Listener = Callable[[Stage], None]
"""Told of every stage as it begins; one may come again."""


@dataclass(frozen=True)
class Known:
    """What the user says about a film; ``None`` where nothing was said and the file is asked."""

    sex: SexWord | None = None
    chronological_age_months: float | None = None
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
    remarks: list[Reason] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    own_age: float | None = None
    correction: ReaderCorrection | None = None
    speaking: Measurements | None = None
    listener: Listener | None = None

    def remark(self, *reasons: Reason) -> None:
        """Note remarks, each code once: two rooms may notice the same thing."""
        for reason in reasons:
            if reason.code not in {known.code for known in self.remarks}:
                self.remarks.append(reason)

    def note(self, *checks: HandCheck | Check) -> None:
        """Keep checks for the result, each name once: where it is made for both sexes, the one that failed."""
        for check in checks:
            new = Check(check.name, check.passed, check.value, check.limit, check.places)
            place = next((place for place, known in enumerate(self.checks) if known.name == new.name), None)
            if place is None:
                self.checks.append(new)
            elif self.checks[place].passed and not new.passed:
                self.checks[place] = new

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
