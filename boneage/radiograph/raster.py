"""PNG, JPEG, TIFF, WebP and BMP files to grey levels with bone bright.

Rasters carry no polarity and no scale: polarity is judged from the picture, and scale is never taken from a
resolution tag, which holds the printer's dots and not the detector's.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from boneage.errors import ReadError
from boneage.radiograph import jpeg_damage, tiff_directory
from boneage.radiograph.checks import check_not_blank, check_size
from boneage.radiograph.outliers import without_outliers
from boneage.radiograph.polarity import INVERTED_BELOW, bone_bright_score
from boneage.radiograph.radiograph import Notice

FORMATS: Final = {
    "PNG": "PNG",
    "JPEG": "JPEG",
    "MPO": "JPEG",
    "TIFF": "TIFF",
    "WEBP": "WEBP",
    "BMP": "BMP",
    "DIB": "BMP",
}
"""Pillow's name of a format to the contract's."""
_ORIENTATION: Final = 0x0112
_TURNED: Final = range(2, 9)
_REDUCED_PAGE: Final = 254
_SAME_SHAPE: Final = 0.02
"""Share by which the two scales of a reduced copy may differ."""
_COMPRESSION: Final = 259
_UNCOMPRESSED: Final = 1
_BITS, _SAMPLE_FORMAT, _UNSIGNED = 258, 339, 1
_HEAD: Final = 32
_PNG_DEPTH: Final = 24
"""Where a PNG says how many bits a sample has."""
_FEWEST_LEVELS: Final = 64
"""Of 256 levels, that a picture of deeper colours must span after it has been reduced to 8 bits."""
_COLOURED: Final = 0.15
"""Mean difference of the strongest and weakest colour channel above which a picture is called coloured."""
_DAMAGED_REMEDY: Final = "export or copy the film again from its source"


@dataclass(frozen=True, eq=False)
class RasterFilm:
    """Grey levels 0..1 with bone bright, the format, whether they had to be inverted, and remarks."""

    pixels: NDArray[np.float32]
    format: str
    inverted: bool
    notices: tuple[Notice, ...]


def read_raster(data: bytes) -> RasterFilm:
    """Read a picture file.

    Parameters
    ----------
    data:
        The bytes of the file.

    Returns
    -------
    RasterFilm
        Turned as its EXIF orientation says.

    Raises
    ------
    ReadError
        ``image_damaged``, ``tiff_unsupported``, ``image_too_large`` or ``image_multi_page``.
    Refusal
        ``image_too_small`` or ``image_blank``.
    """
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # Pillow warns about large pictures and odd tags, both of which are checked here
        try:
            with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "TIFF", "WEBP", "BMP"]) as image:
                film = _film(image, data[:_HEAD])
                if film.format == "JPEG" and jpeg_damage.is_damaged(data):
                    raise _damaged()
                return film
        except Image.DecompressionBombError:
            msg = "the picture claims more than 100 megapixels"
            remedy = "export the film at its native size or reduce it"
            raise ReadError("image_too_large", msg, remedy=remedy) from None
        except UnidentifiedImageError:
            raise (_unsupported() if tiff_directory.is_whole(data) else _damaged()) from None
        except (OSError, ValueError, TypeError, SyntaxError, LookupError, EOFError):
            # What Pillow's readers raise on damaged files; its texts may quote the file.
            raise _damaged() from None


def _damaged() -> ReadError:
    msg = "the picture file is damaged, cut short or compressed in an unknown way"
    return ReadError("image_damaged", msg, remedy=_DAMAGED_REMEDY)


def _unsupported() -> ReadError:
    msg = "the TIFF file is whole, but its depth, its number format or its compression is none that is read here"
    remedy = "export the film as grey with 8 or 16 bits: as PNG, or as TIFF without compression"
    return ReadError("tiff_unsupported", msg, remedy=remedy)


def _film(image: Image.Image, head: bytes) -> RasterFilm:
    """Decode an opened picture."""
    if _loses_its_byte_order(image):
        raise _unsupported()
    check_size(image.height, image.width)
    _check_single_page(image)
    notices: list[Notice] = []
    name = FORMATS[image.format or ""]
    unsigned, deep = _is_unsigned(image), _has_deep_colours(image, head)
    if image.getexif().get(_ORIENTATION, 1) in _TURNED:
        image = ImageOps.exif_transpose(image)
        notices.append(Notice("turned_by_exif", "the picture was turned as its EXIF tag says", severity="info"))
    grey, alpha = _grey_and_alpha(image, notices, unsigned=unsigned)
    if deep and float(np.ptp(grey)) < _FEWEST_LEVELS / 255:
        msg = "the picture has more than 8 bits a colour but uses the darkest alone, which are lost on reading"
        raise ReadError("image_damaged", msg, remedy="export the film with 8 bits, or as grey with 16 bits")
    check_not_blank(grey if alpha is None else grey * alpha)
    inverted = bone_bright_score(_opaque_part(grey, alpha)) < INVERTED_BELOW
    if inverted:
        grey = np.float32(1) - grey
        text = "bone was dark in the picture: its grey levels were inverted"
        notices.append(Notice("inverted_film", text, "look at the overlay picture"))
    if alpha is not None:
        grey = grey * alpha  # what shines through is background, and background is dark
    return RasterFilm(np.ascontiguousarray(grey, dtype=np.float32), name, inverted, tuple(notices))


def _check_single_page(image: Image.Image) -> None:
    """Refuse stacks and animations; a phone's extra preview (MPO) and reduced TIFF pages are not films of their own."""
    pages = getattr(image, "n_frames", 1)
    if pages == 1 or image.format == "MPO":
        return
    if image.format == "TIFF":
        size, own = image.size, 1
        for page in range(1, pages):
            image.seek(page)
            tag = image.tag_v2.get(_REDUCED_PAGE, 0)  # type: ignore[attr-defined]
            own += not (tag & 1 or _is_reduced(image.size, size))
        image.seek(0)
        if own == 1:
            return
    msg = "the file holds several pictures, not one film"
    raise ReadError("image_multi_page", msg, remedy="export the one picture that shows the left hand")


def _loses_its_byte_order(image: Image.Image) -> bool:
    """Tell whether Pillow would take the bytes of each level in the wrong order: big-endian, compressed, not plain."""
    tags = getattr(image, "tag_v2", None)
    if tags is None or image.mode not in {"I", "F"}:
        return False
    return bool(tags.prefix == b"MM" and tags.get(_COMPRESSION, _UNCOMPRESSED) != _UNCOMPRESSED)


def _is_unsigned(image: Image.Image) -> bool:
    """Tell whether 32-bit levels, which Pillow holds as signed, are unsigned."""
    tags = getattr(image, "tag_v2", {})
    return image.mode == "I" and tags.get(_BITS, (0,))[0] == 32 and tags.get(_SAMPLE_FORMAT, (1,))[0] == _UNSIGNED


def _has_deep_colours(image: Image.Image, head: bytes) -> bool:
    """Tell whether Pillow reduces the samples of a picture of several channels to 8 bits."""
    if len(image.getbands()) == 1:
        return False
    if image.format == "PNG":
        return head[_PNG_DEPTH : _PNG_DEPTH + 1] == b"\x10"
    return max(getattr(image, "tag_v2", {}).get(_BITS, (8,))) > 8


def _is_reduced(size: tuple[int, int], whole: tuple[int, int]) -> bool:
    """Tell whether a page may be a smaller copy of the first: at most half as large, and of its shape."""
    width, height = size[0] / whole[0], size[1] / whole[1]
    return max(width, height) <= 0.5 and abs(width / height - 1) <= _SAME_SHAPE


def _grey_and_alpha(
    image: Image.Image, notices: list[Notice], *, unsigned: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Return grey 0..1 and opacity 0..1 (``None`` where everything is opaque)."""
    if image.mode in {"L", "1"} and "transparency" not in image.info:
        return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255), None
    if image.mode.startswith("I") or image.mode == "F":
        levels = np.asarray(image)
        return _deep_grey(levels.view(np.uint32) if unsigned else levels), None
    transparent = "transparency" in image.info or image.mode in {"LA", "La", "PA", "RGBA", "RGBa"}
    alpha = None
    if transparent:
        image = image.convert("RGBA")
        alpha = np.asarray(image.getchannel("A"), dtype=np.float32) / np.float32(255)
        alpha = None if bool((alpha > 0.999).all()) else alpha
    image = image.convert("RGB")
    if _colourfulness(image) > _COLOURED:
        text = "the picture is coloured, which a radiograph is not"
        notices.append(Notice("coloured_picture", text, "check the film"))
    return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255), alpha


def _colourfulness(image: Image.Image) -> float:
    """Return the mean difference of the strongest and the weakest colour channel, 0..1."""
    small = np.asarray(image.resize((64, 64), Image.Resampling.BOX), dtype=np.float32) / np.float32(255)
    return float((small.max(axis=2) - small.min(axis=2)).mean())


def _deep_grey(levels: NDArray[np.generic]) -> NDArray[np.float32]:
    """Scale 16-bit, 32-bit or floating grey to 0..1.

    Files of 16 bits mostly hold 10 to 14: unsigned levels are divided by the largest value of the fewest bits that hold
    them, so that black stays black and depth does not darken a film. Negative or floating levels are stretched.
    """
    values = levels.astype(np.float64)
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(values.shape, dtype=np.float32)
    values = np.where(finite, values, values[finite].min())
    low, high = float(values.min()), float(values.max())
    if low >= 0 and levels.dtype.kind in "ui":
        top = float(2 ** max(8, int(high).bit_length()) - 1)
        grey = (values / top).astype(np.float32)
    else:
        grey = ((values - low) / max(high - low, 1e-12)).astype(np.float32)
    return without_outliers(values, grey)


def _opaque_part(grey: NDArray[np.float32], alpha: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Return the box round what is opaque, holes filled with its median: polarity is judged on the film alone."""
    if alpha is None:
        return grey
    solid = alpha > 0.5
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    if not len(rows):
        return grey
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.where(solid[box], grey[box], np.median(grey[solid])).astype(np.float32)
