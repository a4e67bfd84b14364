"""One film through all rooms: read, segment, measure, look up, regress, combine.

The chronological age never reaches the rooms: it is held against the finished answer and is no input of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from boneage.combination import RouteAge, combine
from boneage.errors import BoneAgeError, ReadError, Refusal, UsageError
from boneage.furnish import furnish
from boneage.options import EstimateOptions, SexWord
from boneage.quality.widening import widening_of
from boneage.result import (
    AgeByRegression,
    BoneAge,
    Check,
    Chronological,
    Estimates,
    Input,
    Reading,
    Reason,
    RegionOfRegression,
    Result,
    SexAnswer,
    errored,
    input_of,
    result_reasons,
)
from boneage.result.routes import by_measurement, pattern_of, regions_on_film
from boneage.rooms import Film, InstalledRooms, Rooms
from boneage.walk import Known, Listener, Walk

if TYPE_CHECKING:
    from boneage.calibration.apply import Calibrator
    from boneage.correction.correction import Correction
    from boneage.measurement.measurements import Measurements
    from boneage.quality.checks import Finding
    from boneage.radiograph.radiograph import Radiograph, Sex
    from boneage.reference.posterior import AgePosterior
    from boneage.segmentation.bone_map import BoneMap

LOGGER = logging.getLogger(__name__)
BOTH_SEXES: tuple[Sex, ...] = ("M", "F")


class Estimator:
    """Reads bone ages from films.

    Parameters
    ----------
    options:
        Method and reference of every film.
    rooms:
        The rooms to walk through; those of the installed package by default.

    Notes
    -----
    Networks and tables load with the first film that needs them and stay for the next.
    """

    def __init__(self, options: EstimateOptions | None = None, *, rooms: Rooms | None = None) -> None:
        self.options = options or EstimateOptions()
        self._rooms = rooms or InstalledRooms(self.options)

    def check(self) -> None:
        """See that the reference table is there and sound, and that a calibration fits, before any film is opened.

        Raises
        ------
        TableError
            If the table is not.
        UsageError
            If the calibration was fitted with other networks, tables or options.
        """
        if self.options.method != "regression":
            self._rooms.open_reference()
        _ = self._calibrator

    @cached_property
    def _calibrator(self) -> Calibrator | None:
        """The site calibration that was asked for, once it is known to fit."""
        if self.options.calibration is None:
            return None
        from boneage.calibration.apply import open_calibrator

        return open_calibrator(self.options.calibration, self._rooms, self.options)

    def estimate(
        self,
        path: str | Path,
        *,
        sex: SexWord | None = None,
        chronological_age_months: float | None = None,
        pixel_spacing_mm: float | None = None,
    ) -> Reading:
        """Read the bone age from a file.

        Parameters
        ----------
        path:
            DICOM or raster file.
        sex:
            ``M``, ``F`` or ``unknown`` (both answers, whatever the file says); ``None`` asks the file.
        chronological_age_months:
            The child's own age, held against the answer; ``None`` asks the file.
        pixel_spacing_mm:
            Millimetres per pixel; outranks the file.

        Returns
        -------
        Reading
            Always: a film that was refused or could not be read has that as its status, with the reasons.
        """
        known = Known(sex, chronological_age_months, pixel_spacing_mm)
        return self._estimate(Path(path), str(path), known)

    def estimate_bytes(
        self,
        data: bytes,
        *,
        name: str = "upload",
        sex: SexWord | None = None,
        chronological_age_months: float | None = None,
        pixel_spacing_mm: float | None = None,
        listener: Listener | None = None,
    ) -> Reading:
        """Read the bone age from the bytes of a file; ``name`` stands for its path, ``listener`` is told of every stage
        as it begins. Otherwise as `estimate`.
        """
        return self._estimate(data, name, Known(sex, chronological_age_months, pixel_spacing_mm), listener)

    def revise(self, reading: Reading, correction: Correction) -> Reading:
        """Look the age of a hand up again with a reader's corrections; nothing is segmented anew.

        Parameters
        ----------
        reading:
            As this estimator gave it, or revised: corrections do not add up, each stands for itself.
        correction:
            Moved bones, parts left out, the reader's own age.

        Raises
        ------
        UsageError
            With code ``nothing_to_correct`` where no bones were found.
        """
        if reading.radiograph is None or reading.bone_map is None:
            msg = "no bones were found on this film, so there is nothing to correct"
            raise UsageError("nothing_to_correct", msg, remedy="use a film on which the hand is found")
        own = reading.result.chronological
        known = Known(chronological_age_months=own.months if own else None)
        return self._walked(Walk(reading.result.input.path), known, lambda walk: self._again(walk, reading, correction))

    def _again(self, walk: Walk, reading: Reading, correction: Correction) -> None:
        from boneage.correction.apply import corrected
        from boneage.correction.record import record_of

        assert reading.radiograph is not None
        assert reading.bone_map is not None
        walk.radiograph, walk.bone_map = reading.radiograph, reading.bone_map
        self._note(walk)
        with walk.stage("measure"):
            found = self._rooms.measure(walk.bone_map)
            walk.correction = record_of(correction, found, reading)
            hand = corrected(found, walk.bone_map.frame, correction)
            walk.measurements, walk.speaking = hand.shown, hand.speaking
            walk.values = _all_values(hand.speaking, walk.bone_map, walk.radiograph)

    def _estimate(self, film: Film, name: str, known: Known, listener: Listener | None = None) -> Reading:
        def find(walk: Walk) -> None:
            self._read(walk, film, known)
            self._find_bones(walk)

        return self._walked(Walk(name, listener=listener), known, find)

    def _walked(self, walk: Walk, known: Known, find: Callable[[Walk], None]) -> Reading:
        """Go through the rooms: ``find`` fills the walk up to the measurements, the age follows."""
        try:
            find(walk)
            result = self._find_age(walk, known)
        except BoneAgeError as error:
            walk.note(*getattr(error, "checks", ()))
            result = self._stopped(walk, error)
        except MemoryError:
            msg = "there is not enough memory for this film"
            result = self._stopped(
                walk, ReadError("out_of_memory", msg, remedy="close other programs, or shrink the film")
            )
        except Exception as error:  # One film must not end a batch, nor show its tags in a traceback to the user.
            LOGGER.debug("unexpected error", exc_info=True)
            msg = f"an unexpected {type(error).__name__} stopped the reading of this film"
            remedy = "please report it with the version that boneage info prints"
            result = self._stopped(walk, BoneAgeError("unexpected_error", msg, remedy=remedy))
        return Reading(result, walk.radiograph, walk.bone_map)

    def _read(self, walk: Walk, film: Film, known: Known) -> None:
        with walk.stage("read"):
            walk.radiograph = self._rooms.read(film, pixel_spacing_mm=known.pixel_spacing_mm, sex=known.sex)
        self._note(walk)

    def _find_bones(self, walk: Walk) -> None:
        assert walk.radiograph is not None
        with walk.stage("segment"):
            walk.bone_map = self._rooms.segment(walk.radiograph)
        self._note(walk)
        with walk.stage("measure"):
            walk.measurements = self._rooms.measure(walk.bone_map)
            walk.values = _all_values(walk.measurements, walk.bone_map, walk.radiograph)

    def _note(self, walk: Walk) -> None:
        """Take over what the rooms so far have noticed and checked, and look at the film with the quality gate."""
        if walk.radiograph is not None:
            walk.remark(*result_reasons(walk.radiograph.notices))
        if walk.bone_map is not None:
            walk.remark(*result_reasons(walk.bone_map.notices))
            walk.note(*walk.bone_map.checks)
        if walk.radiograph is not None and walk.bone_map is not None:
            with walk.stage("segment"):
                findings = self._rooms.inspect(walk.radiograph, walk.bone_map)
            walk.judge(findings)

    def _find_age(self, walk: Walk, known: Known) -> Result:
        assert walk.radiograph is not None
        age = known.chronological_age_months
        age = walk.radiograph.age_months if age is None else age
        walk.own_age = age
        if walk.radiograph.sex is not None:
            answer = self._answer(walk, walk.radiograph.sex, age)
            return self._result(walk, answer, by_sex=None, chronological_age_months=age)
        return self._both_answers(walk, age)

    def _both_answers(self, walk: Walk, age: float | None) -> Result:
        answers: dict[str, SexAnswer] = {}
        refusals: list[Refusal] = []
        for sex in BOTH_SEXES:
            try:
                answers[sex] = self._answer(walk, sex, age)
            except Refusal as refusal:
                answers[sex] = SexAnswer(None, walk.estimates.get(sex, Estimates()), _beside(age))
                refusals.append(refusal)
        if len(refusals) == len(BOTH_SEXES):
            raise refusals[0]
        walk.remark(*(Reason(refusal.code, refusal.message, refusal.remedy, "warning") for refusal in refusals))
        msg = "the sex of the child is not known, so both answers are given and neither is chosen"
        walk.remark(Reason("sex_unknown", msg, "give it with --sex M or --sex F", "warning"))
        stamp = self._calibrator.stamp() if self._calibrator is not None else None
        return self._result(walk, SexAnswer(None, chronological=_beside(age), calibration=stamp), answers, age)

    def _answer(self, walk: Walk, sex: Sex, age: float | None) -> SexAnswer:
        estimates = self._estimates(walk, sex)
        bone_age = self._bone_age(walk, estimates, sex)
        answer = SexAnswer(bone_age, estimates, pattern_profile=walk.patterns.get(sex))
        answer = self._bounded(walk, answer, sex)
        if self._calibrator is not None:
            answer = self._calibrator.calibrate(answer, sex)
            walk.remark(*self._calibrator.remarks(answer, sex))
        if age is None or answer.bone_age is None:
            return answer
        return replace(answer, chronological=self._hold_against(walk, answer.bone_age, age, sex))

    def _bounded(self, walk: Walk, answer: SexAnswer, sex: Sex) -> SexAnswer:
        """Say of a grown hand that its age is at or above a bound, and no more."""
        from boneage.quality.mature import check_grown

        if answer.bone_age is None:
            return answer
        age, finding = check_grown(answer.bone_age, sex)
        walk.judge([finding])
        return replace(answer, bone_age=age)

    def _estimates(self, walk: Walk, sex: Sex) -> Estimates:
        """Take the routes that the method asks for."""
        assert walk.bone_map is not None
        walk.estimates[sex] = Estimates()
        if self.options.method != "regression":
            with walk.stage("lookup"):
                posterior = self._rooms.look_up(walk.values, sex)
            self._check_agreement(walk, posterior.out_of_step)
            walk.judge(_distance_of(posterior))
            walk.estimates[sex] = Estimates(measurement=by_measurement(posterior))
            if posterior.pattern:
                walk.patterns[sex] = pattern_of(posterior)
        if self._regresses(walk):
            with walk.stage("regress"):
                direct = self._rooms.regress(walk.bone_map, sex)
            by_regression = AgeByRegression(direct.months, direct.interval_95, self._regions(walk.bone_map, sex))
            walk.estimates[sex] = replace(walk.estimates[sex], regression=by_regression)
        return walk.estimates[sex]

    def _regions(self, bone_map: BoneMap, sex: Sex) -> tuple[RegionOfRegression, ...] | None:
        """Return what the regression rests on, on the film; ``None`` where that was not asked for."""
        if not self.options.explain:
            return None
        return regions_on_film(self._rooms.region_effects(bone_map, sex), bone_map.frame)

    def _check_agreement(self, walk: Walk, out_of_step: float) -> None:
        """Refuse a hand most of whose bones are out of step with the age (injury, bent fingers, wrong outlines)."""
        from boneage.reference.posterior import MOST_OUT_OF_STEP

        check = Check("bones_out_of_step", out_of_step <= MOST_OUT_OF_STEP, out_of_step, MOST_OUT_OF_STEP)
        walk.note(check)
        if not check.passed:
            msg = f"{100 * out_of_step:.0f} % of the bones contradict the age that all of them together give"
            remedy = "look at the outlines on the overlay: an injury, bent fingers or something over the hand"
            raise Refusal("bones_contradict", msg, remedy=remedy)

    def _regresses(self, walk: Walk) -> bool:
        if self.options.method == "auto" and not self._rooms.has_regression:
            walk.remark(
                Reason("no_regression", "no regression network is installed: the bones alone answer", "", "info")
            )
            return False
        return self.options.method != "measurement"

    def _bone_age(self, walk: Walk, estimates: Estimates, sex: Sex) -> BoneAge:
        measured, direct = estimates.measurement, estimates.regression
        if measured and direct:
            routes = RouteAge(measured.months, measured.interval_95), RouteAge(direct.months, direct.interval_95)
            model = self._rooms.combination
            difference, limit = abs(measured.months - direct.months), model.disagreement_limit_months
            walk.note(Check("routes_difference_months", difference <= limit, difference, limit))
            both = combine(*routes, model, sex=sex, widening=widening_of(walk.checks))
            return BoneAge(both.months, both.interval_95, "combined")
        if measured:
            return BoneAge(measured.months, measured.interval_95, "measurement")
        assert direct is not None
        return BoneAge(direct.months, direct.interval_95, "regression")

    def _hold_against(self, walk: Walk, bone_age: BoneAge, age: float, sex: Sex) -> Chronological:
        """Hold the bone age against the child's own: of a grown hand, by its bound."""
        months = bone_age.months if bone_age.bound_months is None else bone_age.bound_months
        if bone_age.bound is not None and months <= age:
            return Chronological(age, at_least=True)
        score = self._rooms.score(months, age, sex)
        if score.sds is None and score.reason:
            walk.remark(Reason("no_sd_score", f"no SD score: {score.reason}", "", "info"))
        return Chronological(age, months - age, score.sds, score.reference, at_least=bone_age.bound is not None)

    def _result(
        self,
        walk: Walk,
        answer: SexAnswer,
        by_sex: dict[str, SexAnswer] | None,
        chronological_age_months: float | None,
    ) -> Result:
        assert walk.radiograph is not None
        found = Result(
            "ok",
            input_of(walk.name, walk.radiograph),
            tuple(walk.remarks),
            bone_age=answer.bone_age,
            by_sex=by_sex,
            estimates=answer.estimates,
            chronological=answer.chronological,
            pattern_profile=answer.pattern_profile,
            calibration=answer.calibration,
            reader_correction=walk.correction,
        )
        return furnish(walk, found, table_versions=self._rooms.table_versions)

    def _stopped(self, walk: Walk, error: BoneAgeError) -> Result:
        """Return the result of a film that an error stopped, with whatever was found before."""
        source = Input(walk.name) if walk.radiograph is None else input_of(walk.name, walk.radiograph)
        result = errored(source, error, warnings=tuple(walk.remarks))
        result = replace(result, chronological=_beside(walk.own_age), reader_correction=walk.correction)
        known = list(walk.estimates.values())
        return furnish(
            walk,
            replace(result, estimates=known[0] if len(known) == 1 else Estimates()),
            table_versions=self._rooms.table_versions,
        )


def _distance_of(posterior: AgePosterior) -> tuple[Finding, ...]:
    """Return how far the measurements lie from those of the training films."""
    from boneage.quality.distance import check_distance

    return check_distance({part.measurement: part.z for part in posterior.contributions}, posterior.reference)


def _all_values(measurements: Measurements, bone_map: BoneMap, radiograph: Radiograph) -> dict[str, float]:
    """Return what a table may be looked up with: scale-free values, and millimetres where they can be relied on."""
    from boneage.measurement.millimetres import millimetre_values

    return {**measurements.values, **millimetre_values(measurements, bone_map.frame.scale, radiograph.spacing)}


def _beside(age: float | None) -> Chronological | None:
    """Return the child's own age where there is no single bone age to hold it against."""
    return None if age is None else Chronological(age)
