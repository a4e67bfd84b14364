"""An evaluation on paper: Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from boneage.evaluation.calibration import LEVELS
from boneage.evaluation.evaluate import BETWEEN, REFUSED, Evaluation, certainty_group
from boneage.evaluation.groups import ALL
from boneage.evaluation.labelled import ROUTES
from boneage.evaluation.readers import READERS
from boneage.evaluation.refusal_curve import APART, STEPS, WIDTH, Ranked
from boneage.reference.rows import SEX_NAMES

HEADINGS: Final = {
    "mad": "MAD",
    "rmse": "RMSE",
    "bias": "bias",
    "within_6": "≤ 6 mo, %",
    "within_12": "≤ 12 mo, %",
    "within_24": "≤ 24 mo, %",
    "coverage": "in 95 % interval, %",
    "width": "its width",
}
NOTE: Final = (
    "Months with 95 % intervals: of means by bootstrap over films, of shares (%) after Wilson, of limits of agreement "
    "after Bland and Altman. Bias is answer minus label. What each figure means: `docs/evaluation.md`."
)


@dataclass(frozen=True)
class About:
    """What an evaluation comes from.

    Attributes
    ----------
    title:
        Of the section.
    command:
        The exact command.
    date:
        ISO date of the report.
    lines:
        Further lines, for instance what gave the answers.
    plots:
        What each plot shows to its path beside the report.
    """

    title: str
    command: str
    date: str
    lines: tuple[str, ...] = ()
    plots: Mapping[str, str] | None = None


def to_markdown(evaluation: Evaluation, about: About, rankings: Mapping[str, Ranked]) -> str:
    """Return the evaluation as Markdown.

    Parameters
    ----------
    evaluation:
        The figures.
    about:
        Where they come from.
    rankings:
        Of `boneage.evaluation.refusal_curve.rankings`, for the limits of certainty.
    """
    lines = [
        f"## {about.title}",
        "",
        f"`{about.command}`",
        "",
        *_counts(evaluation, about.date),
        *about.lines,
        "",
        NOTE,
    ]
    for route in ROUTES:
        lines += _section(route, _route_table(evaluation, route))
    lines += _section("Routes beside the answer", _beside_table(evaluation))
    lines += _section("Limits of agreement", _agreement_table(evaluation))
    lines += _section("Calibration of the intervals", _calibration_table(evaluation))
    lines += _section("Films without an answer", _refusal_table(evaluation))
    lines += _section("Refused films of which routes had an age", _refused_ages_table(evaluation))
    lines += _section("Error against refusal", _certainty_table(evaluation, rankings))
    lines += _section("Readers", _reader_table(evaluation))
    for words, path in (about.plots or {}).items():
        lines += ["", f"![{words}]({path})"]
    return "\n".join(lines) + "\n"


def _section(title: str, body: Iterable[str]) -> list[str]:
    lines = list(body)
    return ["", f"### {title}", "", *lines] if lines else []


def _counts(evaluation: Evaluation, date: str) -> Iterator[str]:
    share = 100.0 / max(evaluation.films, 1)
    counts = ", ".join(f"{number} {status} ({number * share:.1f} %)" for status, number in evaluation.statuses.items())
    yield f"{date}. {evaluation.films} films: {counts}."
    if evaluation.reasons:
        reasons = ", ".join(f"{code} {number}" for code, number in evaluation.reasons.items())
        yield f"Without an answer: {reasons}."
    if evaluation.two_answers:
        yield f"{evaluation.two_answers} films of unknown sex have two answers and take no part in the differences."


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, words: int = 1) -> list[str]:
    """Return a Markdown table, its first columns of words to the left; nothing without rows."""
    body = [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    if not body:
        return []
    return [f"| {' | '.join(headings)} |", f"|{'---|' * words}{'--:|' * (len(headings) - words)}", *body]


def _cell(evaluation: Evaluation, route: str, group: str, metric: str) -> str:
    row = evaluation.at(route, group, metric)
    return "–" if row is None else str(row.figure)


def _route_groups(evaluation: Evaluation, route: str) -> list[tuple[str, int]]:
    """Return the groups of people and quality of a route, with their answered films."""
    rows = ((group, evaluation.at(route, group, "within_6")) for group in evaluation.groups(route))
    return [(group, row.n) for group, row in rows if row is not None and group != REFUSED]


def _route_table(evaluation: Evaluation, route: str) -> list[str]:
    metrics = [name for name in HEADINGS if evaluation.at(route, ALL, name)]
    rows = [
        (group, n, *(_cell(evaluation, route, group, metric) for metric in metrics))
        for group, n in _route_groups(evaluation, route)
    ]
    return _table(["films", "n", *(HEADINGS[metric] for metric in metrics)], rows)


def _beside_table(evaluation: Evaluation) -> list[str]:
    routes = [route for route in ROUTES if route != "answer" and evaluation.at(route, ALL, "mad_beyond_answer")]
    if not routes:
        return []
    lines = ["MAD of each route minus MAD of the answer on the same films; above zero the answer is better.", ""]
    rows = [
        (group, *(_cell(evaluation, route, group, "mad_beyond_answer") for route in routes))
        for group, _ in _route_groups(evaluation, routes[0])
    ]
    lines += _table(["films", *routes], rows)
    apart, together = evaluation.at(BETWEEN, ALL, "mad"), evaluation.at(BETWEEN, ALL, "error_correlation")
    if apart and together:
        lines += [
            "",
            f"On {apart.n} films both routes lie {apart.figure} months apart on average; the correlation of their "
            f"errors is {together.figure.said(2)}.",
        ]
    return lines


def _agreement_table(evaluation: Evaluation) -> list[str]:
    rows = []
    for route in (*ROUTES, BETWEEN):
        for group in (ALL, *SEX_NAMES.values()):
            low = evaluation.at(route, group, "limit_of_agreement_low")
            if low is not None and low.n > 1:
                bias, high = (_cell(evaluation, route, group, m) for m in ("bias", "limit_of_agreement_high"))
                rows.append((route, group, low.n, bias, str(low.figure), high))
    return _table(["route", "films", "n", "bias", "lower limit", "upper limit"], rows, words=2)


def _calibration_table(evaluation: Evaluation) -> list[str]:
    routes = [route for route in ROUTES if evaluation.at(route, ALL, "coverage_of_95")]
    if not routes:
        return []
    rows = [(level, *(_cell(evaluation, route, ALL, f"coverage_of_{level}") for route in routes)) for level in LEVELS]
    return [
        "Labels inside the interval, %. Only the 95 % interval is reported by the program; the others are derived from",
        "it as if errors were spread normally.",
        "",
        *_table(["nominal, %", *routes], rows, words=0),
    ]


def _refusal_table(evaluation: Evaluation) -> list[str]:
    rows = []
    for group in evaluation.groups("answer"):
        refused = evaluation.at("answer", group, REFUSED)
        if refused is not None:
            rows.append((group, refused.n, refused.figure, _cell(evaluation, "answer", group, "error")))
    lines = _table(["films", "n", "refused, %", "not read, %"], rows)
    codes = [
        (f"`{code}`", evaluation.reasons[code], _cell(evaluation, "answer", ALL, f"no answer: {code}"))
        for code in evaluation.reasons
        if evaluation.at("answer", ALL, f"no answer: {code}")
    ]
    return [*lines, "", *_table(["reason", "films", "%"], codes)] if codes else lines


def _refused_ages_table(evaluation: Evaluation) -> list[str]:
    rows = []
    for route in ROUTES:
        mad = evaluation.at(route, REFUSED, "mad")
        if mad is not None:
            beyond = _cell(evaluation, route, REFUSED, "within_24")
            rows.append((route, mad.n, mad.figure, _cell(evaluation, route, REFUSED, "bias"), beyond))
    return _table(["route", "n", "MAD", "bias", "≤ 24 mo, %"], rows)


def _certainty_table(evaluation: Evaluation, rankings: Mapping[str, Ranked]) -> list[str]:
    signs = [sign for sign in (WIDTH, APART) if sign in rankings]
    if not signs:
        return []
    rows = []
    for percent in STEPS:
        cells: list[object] = [percent]
        for sign in signs:
            _, limit, kept = rankings[sign].at(percent)
            cells += [kept, _cell(evaluation, "answer", certainty_group(sign, percent), "mad"), f"{limit:.1f}"]
        rows.append(cells)
    headings = ["refused besides, %", *(cell for sign in signs for cell in ("n", f"MAD by {sign}", "up to, months"))]
    return [
        "MAD of what is still answered when, besides the films that the program refuses, the least certain ones were",
        "refused; up to: the largest uncertainty that is then still answered.",
        "",
        *_table(headings, rows, words=0),
    ]


def _reader_table(evaluation: Evaluation) -> list[str]:
    spread = evaluation.at(READERS, ALL, "sd")
    if spread is None:
        return []
    known = (*ROUTES, BETWEEN, READERS)
    readers = [row for row in evaluation.rows if row.route not in known and row.metric == "mad"]
    rows = [(row.route, row.n, row.figure, _cell(evaluation, row.route, ALL, "bias")) for row in readers]
    return [
        f"Standard deviation between readers of one film: {spread.figure} months ({spread.n} films).",
        "",
        *_table(["reader", "n", "MAD against the others' mean", "bias"], rows),
    ]
