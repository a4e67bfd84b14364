"""What the package says, in a language: names, ages, verdicts, and what stopped or marked a reading, by its code.

English is what `boneage.report.wording` and the messages themselves say; the other languages have their words in
`boneage.texts`. Longer texts are templates there in every language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from boneage.anatomy import ray_of
from boneage.errors import UsageError
from boneage.report import wording
from boneage.report.identifiers import Patient
from boneage.result import BoneAge, Check, Chronological, HandLengths, PixelSpacing, Reason, SexAnswer
from boneage.result.ages import SDS_LIMIT
from boneage.texts import DEFAULT, TEXTS
from boneage.walk import IF_SEX

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_BRACKET_AT_END: Final = re.compile(r" \([^()]*\)$")
_OF_ONE_SEX: Final = re.compile(rf"(?:^|; )({'|'.join(IF_SEX.values())}): ")
_SEX_OF: Final = {words: sex for sex, words in IF_SEX.items()}


@dataclass(frozen=True)
class Speech:
    """A language, ``en`` or another of `TEXTS`."""

    language: str = DEFAULT

    @property
    def is_english(self) -> bool:
        """Whether it is the language of the package itself."""
        return self.language == DEFAULT

    def say(self, key: str, **values: object) -> str:
        """Return a text of the catalogue (see `Catalogue.say`)."""
        return TEXTS.say(self.language, key, **values)

    def table(self, key: str) -> Mapping[str, Any]:
        """Return a table of texts of the catalogue."""
        return TEXTS.table(self.language, key)

    def age(self, months: float) -> str:
        """Return an age in years and months."""
        if self.is_english:
            return wording.age_words(months)
        years, rest = wording.age_parts(months)
        return self.say("package.age", years=years, months=rest)

    def answer(self, found: BoneAge) -> str:
        """Return the answer in years and months, or the bound that is all that can be said of a grown hand."""
        if found.bound_months is None:
            return self.age(found.months)
        return self.say("lines.at_or_above", age=self.age(found.bound_months))

    def answer_months(self, found: BoneAge) -> str:
        """Return the answer in months, or its bound."""
        if found.bound_months is None:
            return self.say("lines.months", months=found.months)
        return self.say("lines.months_at_or_above", months=found.bound_months)

    def interval(self, bounds: tuple[float, float]) -> str:
        """Return an interval of ages."""
        if self.is_english:
            return wording.interval_words(bounds)
        return self.say("package.interval", low=self.age(bounds[0]), high=self.age(bounds[1]))

    def sex(self, value: str | None) -> str:
        """Return a sex, or that it is not known."""
        return str(self.table("package.sexes").get(value or "none", wording.SEX_WORDS[value]))

    def if_sex(self, value: str | None) -> str:
        """Return what stands before that which holds for one sex alone."""
        return self.say("lines.if_sex", sex=self.sex(value))

    def method(self, name: str) -> str:
        """Return the name of a method."""
        return str(self.table("package.methods").get(name, wording.METHOD_WORDS[name]))

    def verdict(self, own: Chronological) -> str:
        """Return what the SD score means."""
        key = wording.verdict(own)
        if key == "open":
            key = f"open {own.doubt}"
        text = self.table("package.verdicts").get("grown" if own.at_least and key == "not scored" else key)
        return wording.verdict_words(own) if text is None else str(text).format(limit=f"{SDS_LIMIT:g}")

    def verdict_line(self, own: Chronological) -> str:
        """Return verdict and difference as one line that says against what but once."""
        if self.is_english:
            return wording.verdict_line(own)
        if own.difference_months is None:
            return self.verdict(own)
        said, key = self.say("package.paragraph_difference", difference=self.difference_of(own)), wording.verdict(own)
        if key in wording.WITHOUT_VERDICT:
            return said + self.say("package.stop") + self.verdict(own)
        limit = f"{SDS_LIMIT:g}"
        return str(self.table("package.verdict_lines")[key]).format(difference=said, limit=limit)

    def least(self, number: str, own: Chronological) -> str:
        """Return a number, marked where it is the least that it can be."""
        return f"\u2265 {number}" if own.at_least else number

    def difference_of(self, own: Chronological) -> str:
        """Return the difference, and that it is the least that it can be where it is."""
        text = self.difference(own.difference_months or 0.0)
        if not own.at_least:
            return text
        return f"at least {text}" if self.is_english else self.say("package.at_least", text=text)

    def difference(self, months: float) -> str:
        """Return the difference of bone age and chronological age."""
        if self.is_english:
            return wording.difference_words(months)
        whole = round(abs(months))
        if whole == 0:
            return self.say("package.same_age")
        size = self.say("package.months", count=whole) if whole < 24 else self.age(whole)
        return self.say("package.ahead", size=size) if months > 0 else self.say("package.behind", size=size)

    def own_age(self, own: Chronological) -> str:
        """Return chronological age, difference and SD score as one sentence."""
        if self.is_english:
            return wording.chronological_words(own)
        said = [self.say("package.paragraph_own", age=self.age(own.months))]
        if own.difference_months is not None:
            said.append(self.say("package.paragraph_difference", difference=self.difference_of(own)))
        if own.sds is not None:
            sds = self.least(wording.signed(own.sds), own)
            source = self.say("package.in_brackets", text=own.reference) if own.reference else ""
            said.append(self.say("package.paragraph_sds", sds=sds, source=source))
        return self.say("package.comma").join(said) + self.say("package.stop")

    def bone(self, name: str) -> str:
        """Return the name of a bone, of a carpal, or of the carpals together."""
        return wording.bone_words(name) if self.is_english else self._part(name)

    def label(self, name: str) -> str:
        """Return the name of a label."""
        return wording.label_words(name) if self.is_english else self._part(name)

    def joint(self, name: str) -> str:
        """Return the name of a joint."""
        return wording.joint_words(name) if self.is_english else self._part(name)

    def measurement(self, name: str) -> str:
        """Return the name of a measurement."""
        if self.is_english:
            return wording.measurement_words(name)
        part, _, quantity = name.partition(".")
        words = self.table("package.quantities").get(quantity, quantity.replace("_", " "))
        return self.say("package.part_of_bone", part=self._part(part), quantity=words) if quantity else self._part(part)

    def spacing(self, found: PixelSpacing) -> str:
        """Return what is known of the scale."""
        return self._by_code(self.table("package.spacing").get(found.source), found.message)

    def length_remark(self, lengths: HandLengths) -> str:
        """Return why there is no score of the lengths, or what the scores rest on."""
        known = self.table("package.length_remarks")

        def words(part: str) -> str:
            return str(next((text for english, text in known.items() if part.startswith(english)), part))

        return self.say("lines.clause").join(words(part) for part in lengths.message.split("; "))

    def check(self, found: Check) -> str:
        """Return the name of a quality check, and of one that holds for one sex alone for which."""
        if self.is_english:
            return wording.check_words(found)
        name = str(self.table("package.checks").get(found.name, found.name.replace("_", " ")))
        return name if found.if_sex is None else self.say("package.check_if", name=name, sex=self.sex(found.if_sex))

    def message(self, reason: Reason) -> str:
        """Return why there is no answer, or a remark on one; what holds for one sex alone says for which."""
        text = self.table("package.codes").get(reason.code, {}).get("message")
        if text is None:
            return wording.message_words(reason.message) if self.is_english else reason.message
        _, *parts = _OF_ONE_SEX.split(reason.message)
        if not parts:
            return self._by_code(text, reason.message)
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return self.say("lines.clause").join(
            self.if_sex(_SEX_OF[words]) + self._by_code(text, english) for words, english in pairs
        )

    def remedy(self, reason: Reason) -> str:
        """Return what helps."""
        return str(self.table("package.codes").get(reason.code, {}).get("remedy", reason.remedy))

    def calibration(self, answer: SexAnswer) -> str:
        """Return what a site calibration did to an answer; empty where there was none."""
        if self.is_english:
            return wording.calibration_words(answer)
        stamp = answer.calibration
        if stamp is None or stamp.uncalibrated is None:
            return ""
        before = self.answer(stamp.uncalibrated.bone_age)
        text = self.table("package.calibrated")[stamp.correction or "none"]
        return str(text).format(name=stamp.name, films=stamp.fitted_on_n, age=before)

    def research_use(self) -> str:
        """Return the notice that every surface carries."""
        return wording.RESEARCH_USE if self.is_english else self.say("package.research_use")

    def patient(self, patient: Patient) -> str:
        """Return whose film it is, in one line."""
        if self.is_english:
            return patient.words
        number = self.say("package.patient_number", number=patient.number) if patient.number else ""
        born = self.say("package.patient_born", date=patient.birth_date) if patient.birth_date else ""
        film = self.say("package.patient_film", date=patient.film_date) if patient.film_date else ""
        return self.say("package.comma").join(part for part in (patient.name, number, born, film) if part)

    def _part(self, name: str) -> str:
        """Return a part of the hand in words of the language, or its English name where there are none."""
        whole = self.table("package.parts").get(name)
        if whole is not None:
            return str(whole)
        bone = name.removesuffix("_epiphysis")
        ray = ray_of(bone)
        words = self.table("package.ray_parts").get(bone.rsplit("_", 1)[0])
        if ray is None or words is None:
            return wording.label_words(name)
        finger = self.table("package.fingers")[str(ray)]
        if bone != name:
            return self.say("package.epiphyses_of_ray", ray=ray, part=words, finger=finger)
        return self.say("package.ray", ray=ray, part=words, finger=finger)

    def _by_code(self, text: str | None, english: str) -> str:
        """Fill the numbers and names of the English into words of the language; where they do not fit, keep English."""
        if text is None:
            return english
        names = _BRACKET_AT_END.sub("", english).rsplit(": ", 1)[-1].split(", ")
        try:
            return text.format(
                *_NUMBER.findall(english), list=self.say("package.separator").join(map(self._part, names))
            )
        except (IndexError, KeyError):
            return english


ENGLISH: Final = Speech()


def speech_in(language: str) -> Speech:
    """Return a language by its name.

    Raises
    ------
    UsageError
        ``unknown_language``.
    """
    if language not in TEXTS.languages:
        msg = f"there are no reports in the language {language!r}"
        raise UsageError("unknown_language", msg, remedy=f"use one of: {', '.join(TEXTS.languages)}")
    return Speech(language)
