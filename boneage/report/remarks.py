"""The reasons and remarks of a result in words, as the reports for systems carry them."""

from __future__ import annotations

from boneage.report.wording import message_words
from boneage.result import Result


def remark_lines(result: Result) -> list[str]:
    """Return a line for each reason and remark, what stopped the answer first: message, code and what helps."""
    lines = []
    for reason in (*result.problems, *result.warnings):
        helps = f" What helps: {reason.remedy}." if reason.remedy else ""
        lines.append(f"{message_words(reason.message)} [{reason.code}].{helps}")
    return lines
