"""The scales of bone age that a prediction may be given, and what each is.

Bone ages of different scales are not interchangeable: the same hand may differ by more than a year between them.
"""

from __future__ import annotations

from typing import Final, Literal

from boneage.keyed_text import keyed

Scale = Literal["greulich_pyle", "automatic", "fels", "tw2_rus", "tw2_rus_japanese", "tw3_rus", "jp_rus", "rus_chn"]

SCALES: Final[dict[Scale, str]] = {
    "greulich_pyle": "Greulich-Pyle atlas, read by a person",
    "automatic": "this tool's automatic bone age (learned from clinical Greulich-Pyle readings)",
    "fels": "Fels method",
    "tw2_rus": "Tanner-Whitehouse 2 RUS, British standard",
    "tw2_rus_japanese": "Tanner-Whitehouse 2 RUS, Japanese standard",
    "tw3_rus": "Tanner-Whitehouse 3 RUS",
    "jp_rus": "Japanese RUS standard",
    "rus_chn": "RUS-CHN (China 05)",
}
"""Name of a scale to its words."""

AUTOMATIC_NOTE: Final = keyed(
    "automatic_bone_age",
    "The bone age is this tool's automatic one: it was learned from single clinical readings in the style of"
    " Greulich-Pyle, has an error of its own, and that error is not part of the one stated here.",
)
