"""The answer for a film under one sex: both routes, the one age made of them, and the child's own age beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from boneage.combination import RouteAge, combine
from boneage.errors import Refusal
from boneage.held_against import held_against
from boneage.options import EstimateOptions
from boneage.quality.widening import widened, widening_of
from boneage.result import (
    AgeByRegression,
    BoneAge,
    Check,
    Chronological,
    Estimates,
    Reason,
    RegionOfRegression,
    SexAnswer,
)
from boneage.result.routes import by_measurement, pattern_of, regions_on_film
from boneage.rooms import Rooms
from boneage.walk import Walk

if TYPE_CHECKING:
    from boneage.calibration.apply import Calibrator
    from boneage.quality.checks import Finding
    from boneage.radiograph.radiograph import Sex
    from boneage.reference.posterior import AgePosterior
    from boneage.segmentation.bone_map import BoneMap


class AnswerFinder:
    """Finds the answer for a film whose bones are known.

    Parameters
    ----------
    options:
        Method, table, prior and calibration of every film.
    rooms:
        Asked for the lookup, the regression and the SD score.
    """

    def __init__(self, options: EstimateOptions, rooms: Rooms) -> None:
        self._options = options
        self._rooms = rooms

    @cached_property
    def calibrator(self) -> Calibrator | None:
        """The site calibration that was asked for, once it is known to fit."""
        if self._options.calibration is None:
            return None
        from boneage.calibration.apply import open_calibrator

        return open_calibrator(self._options.calibration, self._rooms, self._options)

    def answer(self, walk: Walk, sex: Sex, age: float | None) -> SexAnswer:
        """Return the answer under the assumption of one sex.

        Parameters
        ----------
        walk:
            With the bones found and measured; takes what is noticed on the way.
        sex:
            Known or assumed.
        age:
            The child's own age in months, held against the finished answer alone.

        Raises
        ------
        Refusal
            Where the bones or the routes contradict each other, or a check of the gate lies beyond its last limit.
        """
        estimates = self._estimates(walk, sex)
        answer = SexAnswer(self._bone_age(walk, estimates, sex), estimates, pattern_profile=walk.patterns.get(sex))
        answer = self._bounded(walk, answer, sex)
        if self.calibrator is not None:
            answer = self.calibrator.calibrate(answer, sex)
            walk.remark(*self.calibrator.remarks(answer, sex))
        if age is None or answer.bone_age is None:
            return answer
        return replace(answer, chronological=self.hold_against(walk, answer.bone_age, age, sex))

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
        if self._options.method != "regression":
            with walk.stage("lookup"):
                posterior = self._rooms.look_up(walk.values, sex, unseen=walk.left_out)
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
        if not self._options.explain:
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
        if self._options.method == "auto" and not self._rooms.has_regression:
            walk.remark(
                Reason("no_regression", "no regression network is installed: the bones alone answer", "", "info")
            )
            return False
        return self._options.method != "measurement"

    def _bone_age(self, walk: Walk, estimates: Estimates, sex: Sex) -> BoneAge:
        measured, direct = estimates.measurement, estimates.regression
        if measured and direct:
            routes = RouteAge(measured.months, measured.interval_95), RouteAge(direct.months, direct.interval_95)
            model = self._rooms.combination
            difference, limit = abs(measured.months - direct.months), model.disagreement_limit_months
            walk.note(Check("routes_difference_months", difference <= limit, difference, limit))
            both = combine(*routes, model, sex=sex, widening=widening_of(walk.checks_for(sex)))
            return BoneAge(both.months, both.interval_95, "combined")
        alone = measured or direct
        assert alone is not None
        interval = widened(alone.interval_95, alone.months, widening_of(walk.checks_for(sex)))
        return BoneAge(alone.months, interval, "measurement" if measured else "regression")

    def hold_against(self, walk: Walk, bone_age: BoneAge | float, age: float, sex: Sex) -> Chronological:
        """Hold a bone age against the child's own, and remark on it where there is no SD score.

        Parameters
        ----------
        walk:
            Takes the remark.
        bone_age:
            The answer, or the age in months that a reader set.
        age:
            Chronological age in months.
        sex:
            Known or assumed.
        """
        held = held_against(
            bone_age,
            age,
            lambda months, own: self._rooms.score(months, own, sex),
            in_whole_years=walk.own_in_whole_years,
        )
        if held.reason:
            walk.remark(Reason("no_sd_score", f"no SD score: {held.reason}", "", "info"))
        return held.chronological


def _distance_of(posterior: AgePosterior) -> tuple[Finding, ...]:
    """Return how far the measurements lie from those of the training films, or beyond the ends of another table."""
    from boneage.quality.distance import check_distance
    from boneage.quality.outside import check_outside

    z = {part.measurement: part.z for part in posterior.contributions}
    return (*check_distance(z, posterior.reference), *check_outside(posterior))
