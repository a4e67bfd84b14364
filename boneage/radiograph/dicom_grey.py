"""The grey-level tags of a DICOM data set as a `GreyPipeline`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from boneage.errors import ReadError
from boneage.radiograph.grey import GreyPipeline, LookupTable, Window, lookup_table
from boneage.radiograph.radiograph import Notice
from boneage.radiograph.tags import integer, numbers, raw, text

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_FUNCTIONS: Final = frozenset({"LINEAR", "LINEAR_EXACT", "SIGMOID"})
_LOOK: Final = "look at the overlay picture"


def grey_pipeline(ds: Dataset) -> tuple[GreyPipeline, list[Notice]]:
    """Read modality LUT or rescaling, VOI LUT or window, and padding.

    Parameters
    ----------
    ds:
        The parsed data set.

    Returns
    -------
    tuple
        The pipeline and remarks on tags that had to be left out.

    Raises
    ------
    ReadError
        ``dicom_damaged`` where a lookup table is no data set at all.
    """
    notices: list[Notice] = []
    signed = integer(ds, "PixelRepresentation", 0) == 1
    modality = _table(ds, "ModalityLUTSequence", signed, notices)
    slope, intercept = _rescale(ds, notices)
    voi_signed = modality is None and (signed or intercept < 0 or slope < 0)
    voi: LookupTable | Window | None = _table(ds, "VOILUTSequence", voi_signed, notices)
    if voi is None:
        voi = _window(ds, notices)
    return GreyPipeline(modality, slope, intercept, voi, _padding(ds), is_inverted(ds)), notices


def is_inverted(ds: Dataset) -> bool:
    """Tell whether the tags ask for an inversion; both at once ask for one."""
    return text(ds, "PhotometricInterpretation") == "MONOCHROME1" or text(ds, "PresentationLUTShape") == "INVERSE"


def _table(ds: Dataset, keyword: str, signed: bool, notices: list[Notice]) -> LookupTable | None:
    """Return the first table of a LUT sequence, ``None`` where there is none that is sound."""
    sequence = raw(ds, keyword)
    if not sequence:
        return None
    if not hasattr(sequence[0], "get_item"):
        msg = "the DICOM file is damaged: its lookup table is none"
        raise ReadError("dicom_damaged", msg, remedy="export or copy the film again from its source")
    descriptor = [int(value) for value in numbers(sequence[0], "LUTDescriptor") if math.isfinite(value)]
    data = raw(sequence[0], "LUTData")
    table = None
    if data is not None:
        order = "<" if ds.original_encoding[1] is not False else ">"
        entries = data if isinstance(data, bytes) else [int(value) for value in numbers(sequence[0], "LUTData")]
        table = lookup_table(descriptor, entries, signed=signed, order=order)
    if table is None:
        notices.append(Notice("lut_ignored", "a lookup table of the film is malformed and is left out", _LOOK))
    return table


def _rescale(ds: Dataset, notices: list[Notice]) -> tuple[float, float]:
    slope, intercept = numbers(ds, "RescaleSlope"), numbers(ds, "RescaleIntercept")
    first, second = (slope or (1.0,))[0], (intercept or (0.0,))[0]
    if math.isfinite(first) and math.isfinite(second) and first != 0:
        return first, second
    notices.append(Notice("rescale_ignored", "the rescaling of the film is malformed and is left out", _LOOK))
    return 1.0, 0.0


def _window(ds: Dataset, notices: list[Notice]) -> Window | None:
    """Return the first of the film's windows, ``None`` where there is none that is sound."""
    centre, width = numbers(ds, "WindowCenter"), numbers(ds, "WindowWidth")
    if not centre or not width:
        return None
    function = text(ds, "VOILUTFunction") or "LINEAR"
    window = Window(centre[0], width[0], function if function in _FUNCTIONS else "LINEAR")
    if window.valid and function in _FUNCTIONS:
        return window
    notices.append(Notice("window_ignored", "the window of the film is malformed and is left out", _LOOK))
    return None


def _padding(ds: Dataset) -> tuple[float, float] | None:
    value, limit = numbers(ds, "PixelPaddingValue"), numbers(ds, "PixelPaddingRangeLimit")
    if not value or not math.isfinite(value[0]):
        return None
    other = limit[0] if limit and math.isfinite(limit[0]) else value[0]
    return min(value[0], other), max(value[0], other)
