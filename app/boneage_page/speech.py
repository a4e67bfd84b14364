"""What the package says (see `boneage.report.speech`), in the language and for the place of the page."""

from __future__ import annotations

import re

from boneage.report.because import because
from boneage.report.correction_lines import automatic_prefix
from boneage.report.letter import letter
from boneage.report.method_speech import MethodSpeech
from boneage.report.speech import Speech
from boneage.result import Reason, Result, SexAnswer
from boneage_page.language import current, say, table


class PageSpeech(Speech):
    """A language as the package speaks it, and what only a page has to say."""

    @property
    def heights(self) -> MethodSpeech:
        """What the prediction of adult height says."""
        return MethodSpeech(self, "heights")

    @property
    def stages(self) -> MethodSpeech:
        """What the stages of Tanner and Whitehouse say."""
        return MethodSpeech(self, "stages")

    def remedy(self, reason: Reason) -> str:
        """Return what helps; in words of the page where the package's own speak of the command line."""
        return table("glance.remedies").get(reason.code) or super().remedy(reason)

    def because(self, given: SexAnswer) -> str:
        """Return why this age, in one sentence; empty where no route has answered."""
        return because(given, self)

    def paragraph(self, result: Result) -> str:
        """Return the result as a paragraph to paste into a letter."""
        return letter(result, self)

    def automatic(self, result: Result) -> str:
        """Return what stands before a sentence on the program's answer where a reader settled on another age."""
        return automatic_prefix(result, self)

    def corrections(self, result: Result) -> list[str]:
        """Return what a reader changed, in the language of the page; nothing where nobody did."""
        said = result.reader_correction
        if said is None:
            return []
        who = say("correction.by", reader=said.reader) if said.reader else ""
        lines = []
        if said.final_months is not None:
            lines.append(say("correction.final_age", age=self.age(said.final_months), who=who))
        names = [self.bone(moved.bone) for moved in said.moved]
        if names:
            lines.append(say("correction.moved_bones", names=say("correction.separator").join(names)))
        if said.excluded:
            names = [self.bone(part) for part in said.excluded]
            lines.append(say("correction.left_out", names=say("correction.separator").join(names)))
        if said.before:
            several = len(said.before) > 1
            ages = [
                say("correction.if_sex", sex=self.sex(value), age=self.answer(found)) if several else self.answer(found)
                for value, found in said.before.items()
            ]
            lines.append(say("correction.before", ages=say("correction.separator").join(ages)))
        if said.comment:
            lines.append(say("correction.comment_said", comment=said.comment))
        return lines


def speech() -> PageSpeech:
    """Return the language of the page as the package speaks it."""
    return PageSpeech(current())


def as_written(text: str) -> str:
    """Return somebody's own text so that no sign in it is taken for Markdown."""
    return re.sub(r"([\\`*_\[\]$~:<])", r"\\\1", text)
