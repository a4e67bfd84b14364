"""Small DICOM objects for tests, built tag by tag."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ComputedRadiographyImageStorage, ExplicitVRLittleEndian, generate_uid

SECRET = "Zyxwvut"
"""Stands in every patient tag, so that a leak can be searched for."""


def dicom_dataset(pixels: np.ndarray, *, syntax: UID = ExplicitVRLittleEndian, **tags: Any) -> Dataset:
    """Wrap stored values (``uint8``, ``uint16`` or ``int16``) as a CR image; ``tags`` come last, ``None`` deletes."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = generate_uid()
    ds.SOPClassUID = ComputedRadiographyImageStorage
    ds.Modality = "CR"
    ds.PatientName, ds.PatientID = f"{SECRET}^Child", SECRET
    ds.Rows, ds.Columns = pixels.shape[:2]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    bits = pixels.dtype.itemsize * 8
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = bits, bits, bits - 1
    ds.PixelRepresentation = int(pixels.dtype.kind == "i")
    ds.PixelData = np.ascontiguousarray(pixels).tobytes()
    for keyword, value in tags.items():
        if value is None:
            delattr(ds, keyword)
        else:
            setattr(ds, keyword, value)
    return ds


def dicom_bytes(pixels: np.ndarray, *, syntax: UID = ExplicitVRLittleEndian, **tags: Any) -> bytes:
    """Return the file of `dicom_dataset`."""
    return to_bytes(dicom_dataset(pixels, syntax=syntax, **tags))


def to_bytes(ds: Dataset) -> bytes:
    """Return a data set as the bytes of a file."""
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def stripes(dtype: type = np.uint16, *, low: int = 0, high: int = 4095, size: int = 96) -> np.ndarray:
    """Return a picture that tells nothing about polarity: a ramp from left to right."""
    return np.tile(np.linspace(low, high, size).round().astype(dtype), (size, 1))


def hand(dtype: type = np.uint16, *, high: int = 4000, size: int = 192) -> np.ndarray:
    """Return a drawn hand, bone bright on dark: enough for the polarity measures."""
    y, x = np.mgrid[0:size, 0:size] / size
    picture = 0.35 * (((x - 0.5) / 0.2) ** 2 + ((y - 0.68) / 0.2) ** 2 < 1)
    for finger, reach in zip((0.3, 0.4, 0.5, 0.6, 0.7), (0.35, 0.15, 0.1, 0.15, 0.3), strict=True):
        picture = np.maximum(picture, 0.35 * ((abs(x - finger) < 0.04) & (y > reach) & (y < 0.75)))
        picture = np.maximum(
            picture, 1.0 * ((abs(x - finger) < 0.02) & (y > reach + 0.02) & (y < 0.7) & (y % 0.12 > 0.02))
        )
    return (picture * high).astype(dtype)
