"""A rating as plain lines, for a terminal or a letter."""

from __future__ import annotations

from boneage.reference.age_words import exact_age_words
from boneage.tanner_whitehouse.rate import Rating


def rating_lines(rating: Rating) -> list[str]:
    """Return a rating line by line: score and age first, then the points, the cells, the remarks and the source."""
    lines = [f"{rating.title}: {headline(rating)}"]
    if rating.missing:
        lines.append(f"  Not rated: {', '.join(rating.missing)}")
    lines.append(f"  Points by {rating.score_table}:")
    lines += [f"    {bone.bone} {bone.stage}: {bone.points}" for bone in rating.bones]
    if rating.cells:
        lines.append("  From:")
        lines += [f"    {cell.words}" for cell in rating.cells]
    lines += [f"  Note: {note}" for note in rating.notes]
    lines.append(f"  Source: {rating.reference} ({rating.population}).")
    return lines


def headline(rating: Rating) -> str:
    """Return the answer in one line, for instance ``score 385, bone age 11 y 4.4 mo``."""
    if rating.score is None:
        return f"no score: {len(rating.missing)} of {len(rating.missing) + len(rating.bones)} bones are not rated"
    if rating.bone_age_months is not None:
        return f"score {rating.score}, bone age {exact_age_words(rating.bone_age_months)}"
    if rating.bound is not None and rating.bound_months is not None:
        where = {"below": "below", "at_or_above": "at or above"}[rating.bound]
        return f"score {rating.score}, bone age {where} {exact_age_words(rating.bound_months)}"
    return f"score {rating.score}, no bone age"
