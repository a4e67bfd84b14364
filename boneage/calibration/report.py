"""A calibration in words: what was fitted, what it changes, and plainly whether it helps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from boneage.calibration.calibrate import FAR_OFF_MONTHS, Calibrated
from boneage.calibration.fit import FEWEST_FILMS
from boneage.calibration.site import Correction, RouteCalibration
from boneage.calibration.validate import FOLDS, BeforeAfter
from boneage.evaluation.metrics import Figure
from boneage.reference.rows import SEX_NAMES, SEXES

GROUPS: Final = {"all": "all", **SEX_NAMES}
ROUTE_WORDS: Final = {
    "combined": "Both routes combined",
    "measurement": "Measured bones",
    "regression": "Direct regression",
}
FEW_FILMS: Final = 50
"""Films below which little can be fitted, or shown."""
_MUCH_WIDER: Final = 1.5


def to_markdown(calibrated: Calibrated) -> str:
    """Return what a person should know before using a calibration."""
    site = calibrated.site
    lines = [f"## Calibration {site.name}", "", *_films(calibrated), "", *_verdict(calibrated), ""]
    for route, fitted in site.routes.items():
        lines += [f"### {ROUTE_WORDS[route]}", ""]
        lines += [f"- {GROUPS[sex]}: {correction_words(fitted, sex)}" for sex in fitted.by_sex]
        lines += [f"- {_interval_words(fitted)}", ""]
        lines += [*_table([figure for figure in calibrated.figures if figure.route == route]), ""]
    lines += [
        "Before and after in months with 95 % bootstrap intervals over films; difference is answer minus reading.",
        f"After is cross-validated ({FOLDS} folds, {calibrated.repeats} times): each film by a fit that never saw it.",
    ]
    return "\n".join(lines) + "\n"


def _films(calibrated: Calibrated) -> Iterator[str]:
    counts: dict[str, int] = dict.fromkeys(SEXES, 0)
    for route in calibrated.site.routes.values():
        counts = {sex: max(counts[sex], correction.films) for sex, correction in route.by_sex.items()}
    yield f"{sum(counts.values())} films with an answer and a reading: {counts['M']} of boys, {counts['F']} of girls."
    if calibrated.left_out:
        reasons = ", ".join(f"{reason} {number}" for reason, number in sorted(calibrated.left_out.items()))
        yield f"Left out: {reasons}."
    if calibrated.site.origin.references and not calibrated.site.origin.prior:
        yield "The report does not say which prior over age it was made with; every corrected result will say so."
    if sum(counts.values()) < FEW_FILMS:
        yield f"These are fewer than the {FEW_FILMS} films that a calibration should rest on."
    if calibrated.far_off:
        yield (
            f"Reading and answer lie {FAR_OFF_MONTHS:.0f} months or more apart on: {', '.join(calibrated.far_off)}. "
            "Look at these films and readings again."
        )


def _verdict(calibrated: Calibrated) -> Iterator[str]:
    """Say whether the first route, the one that users are told, gets better."""
    first = next(iter(calibrated.site.routes))
    fitted = calibrated.site.routes[first]
    if all(correction.kept in {"few_films", "none"} for correction in fitted.by_sex.values()):
        yield (
            "**There is nothing to correct:** these readings give no reason to move the answers. "
            "The calibration leaves the ages as they are; there is no need to use it."
        )
        return
    for figure in calibrated.figures:
        if figure.route == first:
            yield f"- {_verdict_words(figure, fitted)}"


def _verdict_words(figure: BeforeAfter, fitted: RouteCalibration) -> str:
    who = GROUPS[figure.group].capitalize()
    if figure.group in fitted.by_sex and fitted.by_sex[figure.group].kept in {"few_films", "none"}:
        return f"{who}: ages are left as they are."
    change = f"mean absolute difference {_change(figure.mad_change)} months"
    return {
        "helps": f"**{who}: calibration helps**, {change}.",
        "harms": f"**{who}: calibration does harm**, {change}. Do not use it.",
        "not_shown": f"**{who}: calibration is not shown to help**, {change}: the interval holds 0.",
    }[figure.verdict]


def correction_words(fitted: RouteCalibration, sex: str) -> str:
    """Return what is done to the ages of one sex, in words."""
    correction = fitted.by_sex[sex]
    if correction.kept == "few_films":
        return f"{correction.films} films, fewer than {FEWEST_FILMS}: not corrected"
    low, high = correction.range_months
    told = f"{correction.films} films, answers from {low:.0f} to {high:.0f} months: "
    if correction.kept == "none":
        return told + "no shift, and so no correction"
    return told + _formula(correction)


def _formula(correction: Correction) -> str:
    if correction.kept == "offset":
        return f"corrected = answer {_plus(correction.offset_months)}"
    return (
        f"corrected = answer {_plus(correction.offset_months)} {_plus(correction.slope - 1, 3)} × "
        f"(answer - {correction.centre_months:.0f})"
    )


def _plus(number: float, digits: int = 1) -> str:
    return f"{'-' if number < 0 else '+'} {abs(number):.{digits}f}"


def _interval_words(fitted: RouteCalibration) -> str:
    if fitted.interval_scale == 1:
        return "95 % intervals: as wide as before"
    more = ": far wider, so look for wrong readings" if fitted.interval_scale > _MUCH_WIDER else ""
    return f"95 % intervals: {fitted.interval_scale:.2f} times as wide as before, to hold the local readings{more}"


def _table(figures: list[BeforeAfter]) -> list[str]:
    known = any(figure.coverage[0].value == figure.coverage[0].value for figure in figures)
    heads = ["MAD", "RMSE", "difference", *(["in 95 % interval, %"] if known else [])]
    lines = [
        f"| films | n | {' | '.join(f'{head} before | after' for head in heads)} | MAD after - before |",
        f"|---|--:|{'--:|--:|' * len(heads)}--:|",
    ]
    for figure in figures:
        pairs = [figure.mad, figure.rmse, figure.bias, *([figure.coverage] if known else [])]
        cells = " | ".join(str(part) for pair in pairs for part in pair)
        lines.append(f"| {GROUPS[figure.group]} | {figure.films} | {cells} | {_change(figure.mad_change)} |")
    return lines


def _change(figure: Figure) -> str:
    return f"{figure.value:+.2f} ({figure.low:+.2f} to {figure.high:+.2f})"
