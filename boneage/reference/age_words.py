"""Ages in words for tables and their limits, to a tenth of a month (reports round: `boneage.report.wording`)."""

from __future__ import annotations


def exact_age_words(months: float) -> str:
    """Return an age as years and months.

    Examples
    --------
    >>> exact_age_words(126), exact_age_words(126.5), exact_age_words(144)
    ('10 y 6 mo', '10 y 6.5 mo', '12 y 0 mo')
    """
    months = round(months, 1)
    return f"{int(months // 12)} y {round(months % 12, 1):g} mo"


def row_words(months: float) -> str:
    """Return an age as the tables of height prediction name their rows, ``10-6``."""
    whole = round(months)
    return f"{whole // 12}-{whole % 12}"
