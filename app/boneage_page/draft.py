"""What a reader is about to correct on a film, before it is applied."""

from __future__ import annotations

from dataclasses import dataclass, field

from boneage.correction.correction import Correction, Ends
from boneage.radiograph.ages import parse_age


@dataclass
class Draft:
    """The fields of the panel; they outlive its tab being closed."""

    moved: dict[str, Ends] = field(default_factory=dict)
    excluded: list[str] = field(default_factory=list)
    final: str = ""
    comment: str = ""
    reader: str = ""

    def correction(self) -> Correction:
        """Return what is to be applied.

        Raises
        ------
        UsageError
            Where the age, or an end, cannot be meant.
        """
        final = parse_age(self.final) if self.final.strip() else None
        return Correction(dict(self.moved), tuple(self.excluded), final, self.comment.strip(), self.reader.strip())
