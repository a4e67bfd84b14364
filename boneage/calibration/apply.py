"""Applying a site's calibration to an answer, with the answer as it was kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from boneage.calibration.origin import check_origin, origin_of
from boneage.calibration.site import RouteCalibration, SiteCalibration
from boneage.combination import OLDEST_MONTHS
from boneage.errors import UsageError
from boneage.reference.rows import SEX_NAMES
from boneage.result import (
    AgeByMeasurement,
    AgeByRegression,
    AgeCurve,
    AgeOfBone,
    BoneAge,
    Calibration,
    Estimates,
    Reason,
    SexAnswer,
    UncalibratedAnswer,
)

if TYPE_CHECKING:
    from boneage.options import EstimateOptions, Method
    from boneage.radiograph.radiograph import Sex
    from boneage.rooms import Rooms

_NEEDED: Final[dict[Method, tuple[str, ...]]] = {
    "auto": ("combined", "measurement", "regression"),
    "measurement": ("measurement",),
    "regression": ("regression",),
}
"""Method asked for to the routes whose ages are shown."""


@dataclass(frozen=True)
class Calibrator:
    """A calibration that fits the networks, tables and options in use.

    Attributes
    ----------
    site:
        What is applied.
    notes:
        Remarks that go with every answer.
    """

    site: SiteCalibration
    notes: tuple[Reason, ...] = ()

    def calibrate(self, answer: SexAnswer, sex: Sex) -> SexAnswer:
        """Return an answer with every age corrected and the stamp of this calibration.

        Contributions and pattern profile stay as they are: they say what the bones were compared with.

        Raises
        ------
        UsageError
            With code ``already_calibrated`` where the answer carries such a stamp.
        """
        if answer.calibration is not None:
            msg = f"this answer has already been corrected by the calibration {answer.calibration.name}"
            raise UsageError("already_calibrated", msg, remedy="give the answer as it was read, without a calibration")
        if answer.bone_age is None:
            return answer
        before = UncalibratedAnswer(answer.bone_age, _without_contributions(answer.estimates))
        correction = self.site.routes[answer.bone_age.method].by_sex[sex]
        stamp = replace(self.stamp(), fitted_on_n=correction.films, correction=correction.kept, uncalibrated=before)
        if correction.kept == "few_films":
            return replace(answer, calibration=stamp)
        return replace(
            answer,
            bone_age=_bone_age(self.site.routes[answer.bone_age.method], sex, answer.bone_age),
            estimates=self._estimates(answer.estimates, sex),
            calibration=stamp,
        )

    def stamp(self) -> Calibration:
        """Return the stamp of a result whose sex is not known: nothing is corrected but in the answers by sex."""
        films = max(
            sum(correction.films for correction in route.by_sex.values()) for route in self.site.routes.values()
        )
        return Calibration(self.site.name, self.site.sha256, self.site.created, films)

    def remarks(self, answer: SexAnswer, sex: Sex) -> tuple[Reason, ...]:
        """Return what must be said about an answer that was calibrated."""
        if answer.calibration is None or answer.calibration.uncalibrated is None:
            return ()
        before = answer.calibration.uncalibrated.bone_age
        correction = self.site.routes[before.method].by_sex[sex]
        if correction.kept == "few_films":
            msg = (
                f"the calibration {self.site.name} rests on only {correction.films} films of {SEX_NAMES[sex]}: "
                "this answer is not corrected"
            )
            remedy = "fit it on more films of this sex"
            return (*self.notes, Reason(f"calibration_few_{SEX_NAMES[sex]}", msg, remedy, "warning"))
        if not correction.holds(before.said_months):
            low, high = correction.range_months
            msg = (
                f"the calibration {self.site.name} was fitted on {SEX_NAMES[sex]} of {low:.0f} to {high:.0f} months; "
                f"this answer ({before.said_months:.0f} months before it) lies outside and is moved as that end is"
            )
            remedy = "trust the correction less here, or fit it on films of this age too"
            return (*self.notes, Reason(f"outside_calibration_{SEX_NAMES[sex]}", msg, remedy, "warning"))
        return self.notes

    def _estimates(self, estimates: Estimates, sex: Sex) -> Estimates:
        measured, direct = estimates.measurement, estimates.regression
        return Estimates(
            measured and _measurement(self.site.routes["measurement"], sex, measured),
            direct and _regression(self.site.routes["regression"], sex, direct),
        )


def open_calibrator(site: SiteCalibration, rooms: Rooms, options: EstimateOptions) -> Calibrator:
    """Return a calibration ready to be applied.

    Raises
    ------
    UsageError
        If it was fitted with other networks, tables or options than those in use, or lacks a route that they need.
    """
    needed = _NEEDED[options.method] if rooms.has_regression else ("measurement",)
    missing = [route for route in needed if route not in site.routes]
    if missing:
        msg = f"the calibration {site.name} has no correction for: {', '.join(missing)}"
        raise UsageError("calibration_lacks_route", msg, remedy="fit it on films read with the same --method")
    return Calibrator(site, check_origin(site, origin_of(rooms, options), options))


def uncalibrated(answer: SexAnswer) -> SexAnswer:
    """Return the answer as it was before its calibration, but for the comparison with the child's own age."""
    stamp = answer.calibration
    if stamp is None or stamp.uncalibrated is None:
        return answer
    estimates, now = stamp.uncalibrated.estimates, answer.estimates.measurement
    if estimates.measurement is not None and now is not None:
        whole = replace(estimates.measurement, contributions=now.contributions)
        estimates = replace(estimates, measurement=whole)
    own = answer.chronological
    if own is not None:
        difference = stamp.uncalibrated.bone_age.said_months - own.months
        own = replace(own, difference_months=difference, sds=None, reference=None, doubt=None)
    return replace(
        answer, bone_age=stamp.uncalibrated.bone_age, estimates=estimates, chronological=own, calibration=None
    )


def _without_contributions(estimates: Estimates) -> Estimates:
    if estimates.measurement is None:
        return estimates
    return replace(estimates, measurement=replace(estimates.measurement, contributions=()))


def _bone_age(route: RouteCalibration, sex: Sex, age: BoneAge) -> BoneAge:
    """Correct the answer; of a grown hand the bound too, and its interval keeps having no upper end of its own."""
    months, interval = route.correct(sex, age.months, age.interval_95)
    if age.bound_months is None:
        return replace(age, months=months, interval_95=interval)
    bound, _ = route.correct(sex, age.bound_months, (age.bound_months, age.bound_months))
    return replace(age, months=months, interval_95=(min(interval[0], bound), OLDEST_MONTHS), bound_months=bound)


def _regression(route: RouteCalibration, sex: Sex, direct: AgeByRegression) -> AgeByRegression:
    months, interval = route.correct(sex, direct.months, direct.interval_95)
    return replace(direct, months=months, interval_95=interval)


def _measurement(route: RouteCalibration, sex: Sex, age: AgeByMeasurement) -> AgeByMeasurement:
    """Correct the measured age, the ages of its single bones and its curve."""
    months, interval = route.correct(sex, age.months, age.interval_95)
    return replace(
        age,
        months=months,
        interval_95=interval,
        bone_ages=tuple(
            AgeOfBone(part.bone, *route.correct(sex, part.months, part.interval_95)) for part in age.bone_ages
        ),
        curve=age.curve and _curve(route, sex, age.curve, age.months),
    )


def _curve(route: RouteCalibration, sex: Sex, curve: AgeCurve, middle: float) -> AgeCurve:
    """Move a curve by the shift of its middle and stretch it about that, as the interval is; its area stays."""
    stretch = route.stretch(sex)
    moved = middle + route.by_sex[sex].shift(middle)
    return AgeCurve(_stretched(curve.ages, middle, moved, stretch), tuple(part / stretch for part in curve.density))


def _stretched(ages: Sequence[float], middle: float, moved: float, stretch: float) -> tuple[float, ...]:
    return tuple(moved + (age - middle) * stretch for age in ages)
