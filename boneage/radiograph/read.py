"""One file to one `Radiograph`, whatever its format."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from boneage.errors import ReadError
from boneage.radiograph.radiograph import NO_SPACING, Notice, Radiograph, Sex, Spacing
from boneage.radiograph.raster import read_raster
from boneage.radiograph.sexes import parse_sex
from boneage.radiograph.source import SUPPORTED, load_bytes, sniff
from boneage.radiograph.spacing import user_spacing

LOGGER = logging.getLogger(__name__)
_SPACING_TOLERANCE = 0.02


def read_radiograph(
    path: str | os.PathLike[str], *, pixel_spacing_mm: float | None = None, sex: str | None = None
) -> Radiograph:
    """Read a film from DICOM, PNG, JPEG, TIFF, WebP or BMP; the content decides, not the name.

    Parameters
    ----------
    path:
        The file.
    pixel_spacing_mm:
        Size of a pixel in millimetres, if the user knows it; it wins over what the file says.
    sex:
        A word for the child's sex as the user gave it (see `boneage.radiograph.sexes.parse_sex`); it wins over the
        file.
        ``None`` or an empty word: not given. ``unknown``: the user says that it is not known, whatever the file says.

    Returns
    -------
    Radiograph
        Grey levels 0..1 with bone bright, and what the file states.

    Raises
    ------
    ReadError
        The file cannot be read as one grey film; see `load_bytes`, `read_dicom` and `read_raster` for the codes, and
        ``unknown_format`` where the content is none of the formats.
    Refusal
        ``image_too_small`` or ``image_blank``.
    UsageError
        ``bad_pixel_spacing`` or ``unknown_sex_word``.

    Examples
    --------
    >>> read_radiograph("examples/films/rsna_4621.webp").pixels.shape
    (1160, 953)
    """
    return read_radiograph_bytes(lambda: load_bytes(Path(path)), pixel_spacing_mm=pixel_spacing_mm, sex=sex)


def read_radiograph_bytes(
    content: bytes | Callable[[], bytes], *, pixel_spacing_mm: float | None = None, sex: str | None = None
) -> Radiograph:
    """Read a film from the bytes of its file, or from what yields them once the options are known to be sound.

    Everything else is as in `read_radiograph`.
    """
    given_spacing = None if pixel_spacing_mm is None else user_spacing(pixel_spacing_mm)
    sex_given = sex is not None and bool(sex.strip())
    given_sex = parse_sex(sex) if sex is not None and sex_given else None
    data = content if isinstance(content, bytes) else content()
    if not data:
        msg = "the file is empty"
        raise ReadError("file_empty", msg, remedy="export or copy the film again")
    kind = sniff(data)
    if kind is None:
        msg = f"the content of the file is none of {SUPPORTED}"
        raise ReadError("unknown_format", msg, remedy="export the film in one of these formats")
    film = _read(data, kind)
    notices = list(film.notices)
    spacing = _choose_spacing(film.spacing, given_spacing, notices)
    chosen, source = _choose_sex(film.sex, given_sex, sex_given, notices)
    if film.laterality == "R":
        text = "the file says that this is a right hand; standards are of left hands"
        notices.append(Notice("right_hand", text, "use the left hand where there is a choice", severity="info"))
    LOGGER.debug("read %s film of %d x %d pixels", film.format, film.columns, film.rows)
    return Radiograph(
        pixels=film.pixels,
        format=film.format,
        sha256=film.sha256,
        spacing=spacing,
        sex=chosen,
        sex_source=source,
        age_months=film.age_months,
        age_in_whole_years=film.age_in_whole_years,
        laterality=film.laterality,
        inverted=film.inverted,
        notices=tuple(notices),
    )


def _read(data: bytes, kind: str) -> Radiograph:
    """Read the film as the file states it."""
    digest = hashlib.sha256(data).hexdigest()
    if kind == "raster":
        raster = read_raster(data)
        return Radiograph(
            raster.pixels, raster.format, digest, NO_SPACING, inverted=raster.inverted, notices=raster.notices
        )
    from boneage.radiograph.dicom import read_dicom

    film = read_dicom(data)
    return Radiograph(
        pixels=film.pixels,
        format="DICOM",
        sha256=digest,
        spacing=film.spacing,
        sex=film.sex,
        age_months=film.age_months,
        age_in_whole_years=film.age_in_whole_years,
        laterality=film.laterality,
        inverted=film.inverted,
        notices=film.notices,
    )


def _choose_spacing(stated: Spacing, given: Spacing | None, notices: list[Notice]) -> Spacing:
    """Let the user's spacing win, with a remark where the film's reliable one differs by more than 2 %."""
    if given is None or given.mm is None:
        return stated
    if stated.mm is not None and stated.reliable and abs(given.mm / stated.mm - 1) > _SPACING_TOLERANCE:
        text = "the pixel spacing given differs from that of the file: the one given is used"
        notices.append(Notice("spacing_conflict", text, "leave it out unless you measured it yourself"))
    return given


def _choose_sex(
    stated: Sex | None, given: Sex | None, was_given: bool, notices: list[Notice]
) -> tuple[Sex | None, str]:
    """Let the user's word win, with a remark where the file says otherwise."""
    if not was_given:
        return stated, "dicom" if stated is not None else "none"
    if stated is not None and given is not None and stated != given:
        text = "the sex given differs from that of the file: the one given is used"
        notices.append(Notice("sex_conflict", text, "make sure that film and child belong together"))
    return given, "user"
