"""How ages, sexes, methods and bones are put into words; shared by the overlay, the terminal, the CSV and the page."""

from __future__ import annotations

import re
from typing import Final

from boneage.anatomy import BONES, JOINTS, ray_of
from boneage.result import BoneAge, Check, Chronological, Estimates, Result, SexAnswer
from boneage.result.ages import SDS_LIMIT, Doubt

RESEARCH_USE: Final = "For research use only. Not a medical device; every reading needs a clinician's eye."

UNUSUAL_Z: Final = 3.0
"""A bone this many standard deviations from its expected length is pointed out."""

SEX_WORDS: Final = {"M": "boy", "F": "girl", None: "sex unknown"}

METHOD_WORDS: Final = {
    "combined": "measurement and regression combined",
    "measurement": "measurement of the bones",
    "regression": "direct regression",
}

STATUS_WORDS: Final = {"ok": "Bone age", "refused": "Refused", "error": "Not readable"}

FINGERS: Final = {1: "thumb", 2: "index", 3: "middle", 4: "ring", 5: "little"}

_NAME: Final = re.compile(r"\b[a-z_]+_[1-5]\b")
"""What looks like the name of a bone or of a joint."""

ENGLISH_MINUS: Final = "\u2212"


def age_parts(months: float) -> tuple[int, int]:
    """Return an age as whole years and months, rounded to the month.

    Examples
    --------
    >>> age_parts(124.4)
    (10, 4)
    """
    years, rest = divmod(round(max(months, 0.0)), 12)
    return years, rest


def age_words(months: float) -> str:
    """Return an age in years and whole months, for instance ``10 y 4 mo``.

    Examples
    --------
    >>> age_words(124.4)
    '10 y 4 mo'
    >>> age_words(11.7)
    '1 y 0 mo'
    """
    years, rest = age_parts(months)
    return f"{years} y {rest} mo"


def interval_words(interval: tuple[float, float]) -> str:
    """Return an interval of ages, for instance ``9 y 5 mo to 11 y 3 mo``."""
    return f"{age_words(interval[0])} to {age_words(interval[1])}"


def answer_words(age: BoneAge) -> str:
    """Return the answer in years and months, or the bound that is all that can be said of a grown hand.

    Examples
    --------
    >>> answer_words(BoneAge(124.4, (110.0, 140.0), "combined"))
    '10 y 4 mo'
    >>> answer_words(BoneAge(201.0, (180.0, 240.0), "combined", "at_or_above", 186.0))
    'at or above 15 y 6 mo'
    """
    return age_words(age.months) if age.bound_months is None else f"at or above {age_words(age.bound_months)}"


def tenths(value: float | None) -> str:
    """Return a number to one decimal place, or nothing for none."""
    return "" if value is None else f"{value:.1f}"


def signed(value: float, digits: int = 1) -> str:
    """Return a number with its sign and a real minus; no sign on what rounds to zero.

    Examples
    --------
    >>> signed(1.25), signed(-0.04)
    ('+1.2', '0.0')
    """
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return ("+" if value > 0 else ENGLISH_MINUS) + text


def bone_words(bone: str) -> str:
    """Return a bone's name for people, for instance ``Metacarpal 3 (middle)``."""
    ray = ray_of(bone)
    if ray is None:
        return bone.capitalize()
    part = bone.rsplit("_", 1)[0].replace("_", " ").capitalize()
    return f"{part} {ray} ({FINGERS[ray]})"


def check_words(check: Check) -> str:
    """Return the name of a quality check, and of one that holds for one sex alone for which."""
    name = check.name.replace("_", " ")
    return name if check.if_sex is None else f"{name} (if a {SEX_WORDS[check.if_sex]})"


def label_words(label: str) -> str:
    """Return a label's name for people, for instance ``Metacarpal 3 (middle): epiphysis`` or ``Capitate``."""
    bone = label.removesuffix("_epiphysis")
    name = bone_words(bone) if ray_of(bone) else bone.replace("_", " ").capitalize()
    return name if bone == label else f"{name}: epiphysis"


def joint_words(joint: str) -> str:
    """Return a joint's name for people, for instance ``PIP 3 (middle)``, ``Tip 1 (thumb)`` or ``Wrist``."""
    ray = ray_of(joint)
    if ray is None:
        return joint.capitalize()
    part = joint.rsplit("_", 1)[0]
    return f"{'Tip' if part == 'tip' else part.upper()} {ray} ({FINGERS[ray]})"


def message_words(message: str) -> str:
    """Return a message with the names of bones and joints in words.

    Examples
    --------
    >>> message_words("the film cuts the hand off at: tip_3 (bones: distal_phalanx_3)")
    'the film cuts the hand off at: tip 3 (middle) (bones: distal phalanx 3 (middle))'
    """

    def words(found: re.Match[str]) -> str:
        name = found[0]
        if name in BONES:
            return _lowered(bone_words(name))
        return _lowered(joint_words(name)) if name in JOINTS else name

    return _NAME.sub(words, message)


def measurement_words(measurement: str) -> str:
    """Return a measurement's name for people, for instance ``Metacarpal 3 (middle): length ratio``."""
    bone, dot, quantity = measurement.partition(".")
    if not dot:
        return measurement.replace("_", " ").capitalize()
    name = bone_words(bone) if bone.rsplit("_", 1)[-1].isdigit() else bone.replace("_", " ").capitalize()
    words = quantity.replace("_", " ").replace(".", " ")
    return f"{name}: {words.removesuffix(' mm')} (mm)" if words.endswith(" mm") else f"{name}: {words}"


def difference_words(months: float) -> str:
    """Return the difference of bone age and chronological age in words."""
    whole = round(abs(months))
    if whole == 0:
        return "same as chronological age"
    size = f"{whole} mo" if whole < 24 else age_words(whole)
    return f"{size} {'ahead of' if months > 0 else 'behind'} chronological age"


def verdict(chronological: Chronological) -> str:
    """Return one word on bone age against chronological age by its SD score.

    Returns
    -------
    str
        ``delayed``, ``usual`` or ``advanced``; ``not scored`` without an SD score; ``open`` where the score carries no
        verdict (``Chronological.doubt``).
    """
    sds = chronological.sds
    if sds is None or (chronological.at_least and sds <= SDS_LIMIT):
        return "not scored"
    if chronological.doubt is not None:
        return "open"
    if abs(sds) <= SDS_LIMIT:
        return "usual"
    return "advanced" if sds > 0 else "delayed"


WITHOUT_VERDICT: Final = frozenset({"not scored", "open"})
"""What `verdict` returns where bone age and chronological age are told without one."""

_OPEN: Final[dict[Doubt | None, str]] = {
    "interval": (
        f"No verdict: beyond {SDS_LIMIT:g} SD of the reference, but the reading may be out by as much: its 95 % "
        "interval holds the chronological age."
    ),
    "whole_years": "No verdict: it hangs on the months of the chronological age, which is known in whole years alone.",
}


def verdict_words(chronological: Chronological) -> str:
    """Return the verdict as a sentence."""
    limit = f"{SDS_LIMIT:g} SD"
    if chronological.at_least and verdict(chronological) == "not scored":
        return "No verdict: of a grown hand it is known only how old it is at least."
    if verdict(chronological) == "open":
        return _OPEN[chronological.doubt]
    return {
        "delayed": f"Delayed: more than {limit} behind chronological age.",
        "usual": f"Usual: within {limit} of chronological age.",
        "advanced": f"Advanced: more than {limit} ahead of chronological age.",
        "not scored": "Not scored: the reference has no standard deviation for this age.",
    }[verdict(chronological)]


def verdict_line(chronological: Chronological) -> str:
    """Return verdict and difference as one line that says against what but once.

    Examples
    --------
    >>> verdict_line(Chronological(138.0, 7.0, 0.7, "Brush Foundation"))
    'Usual: 7 mo ahead of chronological age, within 2 SD.'
    """
    months = chronological.difference_months
    if months is None:
        return verdict_words(chronological)
    said, key = difference_words(months), verdict(chronological)
    least = "at least " if chronological.at_least else ""
    text = f"{least}{said}"
    if key in WITHOUT_VERDICT:
        return f"{text[:1].upper()}{text[1:]}. {verdict_words(chronological)}"
    reach = "within" if key == "usual" else "more than"
    return f"{key.capitalize()}: {text}, {reach} {SDS_LIMIT:g} SD."


def headline(result: Result) -> str:
    """Return the answer, or why there is none, in one line; the age that a reader settled on goes first."""
    said, automatic = result.settled, _automatic_headline(result)
    if said is None or said.final_months is None:
        return automatic
    by = f" ({said.reader})" if said.reader else ""
    return f"Reader's final bone age {age_words(said.final_months)}{by}; automatic: {_lowered(automatic)}"


def _automatic_headline(result: Result) -> str:
    answers = result.answers()
    if not answers:
        problem = "; ".join(message_words(reason.message) for reason in result.problems) or "no bone age"
        return f"{STATUS_WORDS.get(result.status, 'No answer')}: {problem}"
    parts = []
    for sex, answer in answers.items():
        age = answer.bone_age
        text = "none" if age is None else f"{answer_words(age)} (95 %: {interval_words(age.interval_95)})"
        parts.append(f"if {SEX_WORDS[sex]}: {text}" if result.by_sex else text)
    return "Bone age " + "; ".join(parts)


def paragraph(result: Result) -> str:
    """Return the result as a paragraph to paste into a report; the age that a reader settled on goes first."""
    from boneage.report.correction_lines import (  # It needs the words of this module.
        automatic_prefix,
        change_lines,
        settled_lines,
    )

    sentences = [f"{headline(result)}.", *settled_lines(result), *change_lines(result)]
    if not result.answers():
        sentences += [f"What helps: {problem.remedy}" for problem in result.problems if problem.remedy]
    for sex, answer in result.answers().items():
        prefix = automatic_prefix(result) + (f"If {SEX_WORDS[sex]}: " if result.by_sex else "")
        basis = [_basis(answer.bone_age, answer.estimates)]
        if answer.chronological is not None:
            basis.append(chronological_words(answer.chronological))
        basis.append(calibration_words(answer))
        sentences += [f"{prefix}{_lowered(text) if prefix else text}" for text in basis if text]
    notes = [warning.message for warning in result.warnings if warning.severity == "warning"]
    sentences += [f"Note: {message_words(note)}." for note in notes]
    sentences.append(f"Computed by boneage {result.software.version}. {RESEARCH_USE}")
    return " ".join(_stopped(sentence) for sentence in sentences if sentence)


def chronological_words(chronological: Chronological) -> str:
    """Return chronological age, difference and SD score as one sentence."""
    text = f"Chronological age {age_words(chronological.months)}"
    if chronological.difference_months is not None:
        least = "at least " if chronological.at_least else ""
        text += f", bone age {least}{difference_words(chronological.difference_months)}"
    if chronological.sds is not None:
        source = f" ({chronological.reference})" if chronological.reference else ""
        least = "at least " if chronological.at_least else ""
        text += f", SD score {least}{signed(chronological.sds)}{source}"
    return f"{text}."


def calibration_words(answer: SexAnswer) -> str:
    """Return the site calibration that was applied to an answer, and the age before it; empty where none was."""
    stamp = answer.calibration
    if stamp is None or stamp.uncalibrated is None:
        return ""
    films = f"site calibration {stamp.name}, {stamp.fitted_on_n} local films of this sex"
    if stamp.correction == "few_films":
        return f"Not corrected ({films}: too few)."
    if stamp.correction == "none":
        return f"Age left as it was read ({films}: no shift)."
    return f"Corrected ({films}); as it was read: {answer_words(stamp.uncalibrated.bone_age)}."


def _basis(age: BoneAge | None, estimates: Estimates) -> str:
    if age is None:
        return ""
    parts = [f"Method: {METHOD_WORDS[age.method]}"]
    if (lookup := estimates.measurement) is not None:
        parts.append(f"measured bones {age_words(lookup.months)} by reference {lookup.reference}")
    if estimates.regression is not None:
        parts.append(f"direct regression {age_words(estimates.regression.months)}")
    return "; ".join(parts) + "."


def _lowered(text: str) -> str:
    """Return a sentence as it stands within another; an abbreviation at its head stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _stopped(sentence: str) -> str:
    tidy = sentence.strip()
    while tidy.endswith(".."):
        tidy = tidy[:-1]
    return tidy if tidy.endswith((".", "!", "?")) else f"{tidy}."
