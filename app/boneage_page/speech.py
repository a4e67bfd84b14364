"""What the package says, in the language of the page: by code where the page has its own words, else the package's."""

from __future__ import annotations

import re
from typing import Final

from boneage.anatomy import ray_of
from boneage.report import wording
from boneage.result import BoneAge, Check, Chronological, PixelSpacing, Reason, Result, SexAnswer
from boneage_page.language import DEFAULT, current, entry, say, table

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


def speaks_as_the_package() -> bool:
    """Tell whether the page is in the language of the package."""
    return current() == DEFAULT


def age(months: float) -> str:
    """Return an age in years and months."""
    if speaks_as_the_package():
        return wording.age_words(months)
    years, rest = wording.age_parts(months)
    return say("package.age", years=years, months=rest)


def answer(found: BoneAge) -> str:
    """Return the answer in years and months, or the bound that is all that can be said of a grown hand."""
    if found.bound_months is None:
        return age(found.months)
    return say("glance.at_least", age=age(found.bound_months))


def interval(bounds: tuple[float, float]) -> str:
    """Return an interval of ages."""
    if speaks_as_the_package():
        return wording.interval_words(bounds)
    return say("package.interval", low=age(bounds[0]), high=age(bounds[1]))


def sex(value: str | None) -> str:
    """Return a sex, or that it is not known."""
    return table("package.sexes").get(value or "none", wording.SEX_WORDS[value])


def method(name: str) -> str:
    """Return the name of a method."""
    return table("package.methods").get(name, wording.METHOD_WORDS[name])


def verdict(own: Chronological) -> str:
    """Return what the SD score means."""
    key = wording.verdict(own)
    text = table("package.verdicts").get("grown" if own.at_least and key == "not scored" else key)
    return wording.verdict_words(own) if text is None else text.format(limit=f"{wording.SDS_LIMIT:g}")


def least(number: str, own: Chronological) -> str:
    """Return a number, marked where it is the least that it can be."""
    return f"\u2265 {number}" if own.at_least else number


def difference_of(own: Chronological) -> str:
    """Return the difference, and that it is the least that it can be where it is."""
    text = difference(own.difference_months or 0.0)
    if not own.at_least:
        return text
    return f"at least {text}" if speaks_as_the_package() else say("package.at_least", text=text)


def difference(months: float) -> str:
    """Return the difference of bone age and chronological age."""
    if speaks_as_the_package():
        return wording.difference_words(months)
    whole = round(abs(months))
    if whole == 0:
        return say("package.same_age")
    size = say("package.months", count=whole) if whole < 24 else age(whole)
    return say("package.ahead", size=size) if months > 0 else say("package.behind", size=size)


def bone(name: str) -> str:
    """Return the name of a bone, of a carpal, or of the carpals together."""
    return wording.bone_words(name) if speaks_as_the_package() else _part(name)


def label(name: str) -> str:
    """Return the name of a label."""
    return wording.label_words(name) if speaks_as_the_package() else _part(name)


def joint(name: str) -> str:
    """Return the name of a joint."""
    return wording.joint_words(name) if speaks_as_the_package() else _part(name)


def measurement(name: str) -> str:
    """Return the name of a measurement."""
    if speaks_as_the_package():
        return wording.measurement_words(name)
    part, _, quantity = name.partition(".")
    words = table("package.quantities").get(quantity, quantity.replace("_", " "))
    return say("package.part_of_bone", part=_part(part), quantity=words) if quantity else _part(part)


def spacing(found: PixelSpacing) -> str:
    """Return what is known of the scale."""
    return _by_code(table("package.spacing").get(found.source), found.message)


def check(found: Check) -> str:
    """Return the name of a quality check, and of one that holds for one sex alone for which."""
    name = table("package.checks").get(found.name, found.name.replace("_", " "))
    return name if found.if_sex is None else f"{name} ({table('child.sexes')[found.if_sex]})"


def message(reason: Reason) -> str:
    """Return why there is no answer, or a remark on one."""
    return _by_code(entry("package.codes", reason.code).get("message"), reason.message)


def remedy(reason: Reason) -> str:
    """Return what helps; in words of the page where the package's own speak of the command line."""
    own = table("glance.remedies").get(reason.code)
    return own or entry("package.codes", reason.code).get("remedy", reason.remedy)


def as_written(text: str) -> str:
    """Return somebody's own text so that no sign in it is taken for Markdown."""
    return re.sub(r"([\\`*_\[\]$~:<])", r"\\\1", text)


def calibration(answer: SexAnswer) -> str:
    """Return what a site calibration did to an answer; empty where there was none."""
    if speaks_as_the_package():
        return wording.calibration_words(answer)
    stamp = answer.calibration
    if stamp is None or stamp.uncalibrated is None:
        return ""
    before = age(stamp.uncalibrated.bone_age.months)
    text = table("package.calibrated")[stamp.correction or "none"]
    return text.format(name=stamp.name, films=stamp.fitted_on_n, age=before)


def research_use() -> str:
    """Return the notice that every surface carries."""
    return wording.RESEARCH_USE if speaks_as_the_package() else say("page.research_use")


def paragraph(result: Result) -> str:
    """Return the result as a paragraph to paste into a letter."""
    if speaks_as_the_package():
        return wording.paragraph(result)
    answers = result.answers()
    parts = [say("package.paragraph_correction", text=line) for line in corrections(result)]
    for problem in () if answers else result.problems:
        parts.append(say("package.paragraph_refused", message=message(problem)))
        parts += [say("package.paragraph_remedy", remedy=remedy(problem))] if remedy(problem) else []
    for value, answer in answers.items():
        parts.append((say("package.paragraph_if", sex=sex(value)) if result.by_sex else "") + _answer(answer))
    parts += [
        say("package.paragraph_note", message=message(warning))
        for warning in result.warnings
        if warning.severity == "warning"
    ]
    parts.append(say("package.paragraph_end", version=result.software.version, research_use=say("page.research_use")))
    return "".join(parts)


def corrections(result: Result) -> list[str]:
    """Return what a reader changed, in the language of the page; nothing where nobody did."""
    said = result.reader_correction
    if said is None:
        return []
    who = say("correction.by", reader=said.reader) if said.reader else ""
    lines = []
    if said.final_months is not None:
        lines.append(say("correction.final_age", age=age(said.final_months), who=who))
    names = [bone(moved.bone) for moved in said.moved]
    if names:
        lines.append(say("correction.moved_bones", names=say("correction.separator").join(names)))
    if said.excluded:
        names = [bone(part) for part in said.excluded]
        lines.append(say("correction.left_out", names=say("correction.separator").join(names)))
    if said.before:
        several = len(said.before) > 1
        ages = [
            say("correction.if_sex", sex=sex(value), age=answer(found)) if several else answer(found)
            for value, found in said.before.items()
        ]
        lines.append(say("correction.before", ages=say("correction.separator").join(ages)))
    if said.comment:
        lines.append(say("correction.comment_said", comment=said.comment))
    return lines


def _answer(given: SexAnswer) -> str:
    if given.bone_age is None:
        return say("package.paragraph_none")
    found = say("package.paragraph_answer", age=answer(given.bone_age), interval=interval(given.bone_age.interval_95))
    basis = [say("package.paragraph_method", method=method(given.bone_age.method))]
    if (lookup := given.estimates.measurement) is not None:
        basis.append(say("package.paragraph_measured", age=age(lookup.months), reference=lookup.reference))
    if (direct := given.estimates.regression) is not None:
        basis.append(say("package.paragraph_direct", age=age(direct.months)))
    texts = [found, say("package.clause").join(basis) + say("package.stop")]
    if (own := given.chronological) is not None:
        said = [say("package.paragraph_own", age=age(own.months))]
        if own.difference_months is not None:
            said.append(say("package.paragraph_difference", difference=difference_of(own)))
        if own.sds is not None:
            sds = least(wording.signed(own.sds), own)
            said.append(say("package.paragraph_sds", sds=sds, reference=own.reference or ""))
        texts.append(say("package.comma").join(said) + say("package.stop"))
    return "".join([*texts, calibration(given)])


def _part(name: str) -> str:
    """Return a part of the hand in the page's own words, or its name where there are none."""
    whole = table("package.parts").get(name)
    if whole is not None:
        return whole
    bone_name = name.removesuffix("_epiphysis")
    ray = ray_of(bone_name)
    words = table("package.ray_parts").get(bone_name.rsplit("_", 1)[0])
    if ray is None or words is None:
        return wording.label_words(name)
    finger = table("package.fingers")[str(ray)]
    if bone_name != name:
        return say("package.epiphyses_of_ray", ray=ray, part=words, finger=finger)
    return say("package.ray", ray=ray, part=words, finger=finger)


def _by_code(text: str | None, english: str) -> str:
    """Fill the numbers and names of the English words into the page's own; where they do not fit, keep the English."""
    if text is None:
        return english
    names = english.rsplit(": ", 1)[-1].split(", ")
    try:
        return text.format(*_NUMBER.findall(english), list=say("package.separator").join(map(_part, names)))
    except (IndexError, KeyError):
        return english
