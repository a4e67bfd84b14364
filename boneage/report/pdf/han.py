"""The font of Chinese characters: one that is installed on this computer, else one that the reader of the file has.

No such font comes with Python. A TrueType font of the system is embedded, so that the report looks the same everywhere.
Where there is none, STSong-Light is named instead: one of the fonts that PDF knows by their collection of characters
(Adobe-GB1) without having them in the file, and that readers with support for Chinese bring along.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

EMBEDDED: Final = "BoneageHan"
NAMED: Final = "STSong-Light"
_CODEC: Final = "gbk"
"""The characters of the collection that `NAMED` stands for."""

FILES: Final = (
    "msyh",  # Windows: Microsoft YaHei
    "simhei",
    "notosanssc-regular",
    "notosanssc[wght]",
    "wqy-microhei",  # Debian: fonts-wqy-microhei
    "wqy-zenhei",
    "droidsansfallbackfull",  # Debian: fonts-droid-fallback
    "droidsansfallback",
    "stheiti light",  # macOS
    "arial unicode",
    "simsun",
    "uming",
)
"""Names of the files that are looked for, without ending, in lower case; the first that is there is taken."""

_SAMPLE: Final = "骨龄岁个月，。（）"
"""What a font must have to be taken."""


@dataclass(frozen=True)
class HanFont:
    """A font by its name in the PDF library, and which characters it has."""

    name: str
    covers: Callable[[str], bool]


@cache
def han_font() -> HanFont:
    """Return the font of Chinese characters, which the PDF library then knows."""
    for path in _found():
        try:
            font = TTFont(EMBEDDED, str(path))
        except (TTFError, OSError):  # The outlines may be of a kind that the PDF library cannot embed.
            continue
        if all(_has(font, sign) for sign in _SAMPLE):
            return _known(font, EMBEDDED, partial(_has, font))
    return _known(UnicodeCIDFont(NAMED), NAMED, _in_collection)


def _known(font: TTFont | UnicodeCIDFont, name: str, covers: Callable[[str], bool]) -> HanFont:
    pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(name, normal=name, bold=name, italic=name, boldItalic=name)
    return HanFont(name, covers)


def _found() -> list[Path]:
    """Return the files of `FILES` that are installed, in its order."""
    places = {path.stem.lower(): path for path in sorted(map(Path, installed()), reverse=True)}
    return [places[name] for name in FILES if name in places]


def installed() -> list[str]:
    """Return the font files of this computer."""
    from matplotlib.font_manager import findSystemFonts

    return list(findSystemFonts())


def _has(font: TTFont, sign: str) -> bool:
    return ord(sign) in font.face.charToGlyph


def _in_collection(sign: str) -> bool:
    try:
        sign.encode(_CODEC)
    except UnicodeEncodeError:
        return False
    return True
