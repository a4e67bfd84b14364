"""Single DICOM attributes, malformed ones included."""

from __future__ import annotations

import logging
import math
import warnings

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from boneage.radiograph.tags import integer, numbers, quiet_pydicom, raw, text


def with_raw(keyword: str, tag: int, representation: str, value: bytes) -> Dataset:
    """Return a data set with one value as it stands in a file."""
    ds = Dataset()
    ds._dict[Tag(tag)] = RawDataElement(Tag(tag), representation, len(value), value, 0, False, True)
    assert keyword in ds
    return ds


def test_numbers() -> None:
    ds = Dataset()
    ds.PixelSpacing, ds.Rows, ds.WindowCenter = [0.1, 0.2], 5, ""
    assert numbers(ds, "PixelSpacing") == (0.1, 0.2)
    assert numbers(ds, "Rows") == (5.0,)
    assert numbers(ds, "WindowCenter") == ()
    assert numbers(ds, "WindowWidth") == ()


def test_a_malformed_number_is_nan_and_silent() -> None:
    ds = with_raw("RescaleSlope", 0x00281053, "DS", b"steep ")
    with warnings.catch_warnings(record=True) as caught, quiet_pydicom():
        found = numbers(ds, "RescaleSlope")
    assert len(found) == 1
    assert math.isnan(found[0])
    assert not caught


def test_pydicom_and_its_parts_are_quiet_inside_and_not_after(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    loggers = [logging.getLogger(name) for name in ("pydicom", "pydicom.pixels.decoders.base")]
    caplog.set_level(logging.WARNING, logger="pydicom")  # the command line, in this process before, may have raised it
    with quiet_pydicom():
        for logger in loggers:
            logger.error("what must not be heard")
        warnings.warn("what must not be heard", UserWarning, stacklevel=1)
    for logger in loggers:
        logger.error("after")
    assert caplog.text.count("after") == 2
    assert "must not be heard" not in caplog.text + "".join(capfd.readouterr())


def test_integers_fall_back() -> None:
    with quiet_pydicom():
        assert integer(with_raw("NumberOfFrames", 0x00280008, "IS", b"many"), "NumberOfFrames", 1) == 1
    assert integer(Dataset(), "Rows", 7) == 7


def test_text_is_stripped_and_upper_case() -> None:
    ds = Dataset()
    ds.ImageComments = " m "
    assert text(ds, "ImageComments") == "M"
    assert text(ds, "Laterality") == ""


def test_a_missing_attribute_is_none() -> None:
    assert raw(Dataset(), "PixelSpacing") is None
