"""Parsing up to the picture, in bounded time and memory."""

from __future__ import annotations

import time
import tracemalloc
import zlib

import numpy as np
import pytest
from make_dicom import dicom_bytes, dicom_dataset, stripes, to_bytes
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEG2000Lossless

from boneage.errors import ReadError
from boneage.radiograph.dicom import read_dicom
from boneage.radiograph.dicom_parse import MAX_UNPACKED

RAMP = stripes()


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("tail", [bytes(16 << 20), b"garbage" * 100_000, b"\xfc\xff\xfc\xffOB\0\0\x04\0\0\0abcd"])
def test_what_follows_the_picture_is_left_unread(tail: bytes, compress: bool) -> None:
    ds = dicom_dataset(RAMP)
    if compress:
        ds.compress(JPEG2000Lossless)
    data = to_bytes(ds) + tail
    start = time.process_time()
    np.testing.assert_allclose(read_dicom(data).pixels, RAMP / 4095, atol=1e-5)
    assert time.process_time() - start < 1


def test_zeros_in_the_place_of_elements() -> None:
    ds = Dataset()
    full = dicom_dataset(RAMP)
    ds.file_meta, ds.Modality, ds.SOPInstanceUID = full.file_meta, "CR", full.SOPInstanceUID
    ds.SOPClassUID = full.SOPClassUID
    start = time.process_time()
    with pytest.raises(ReadError) as caught:
        read_dicom(to_bytes(ds) + bytes(16 << 20))
    assert caught.value.code == "dicom_without_pixels"
    assert time.process_time() - start < 1


def test_a_deflated_bomb() -> None:
    head = dicom_bytes(RAMP, syntax=DeflatedExplicitVRLittleEndian)
    head = head[: 144 + int.from_bytes(head[140:144], "little")]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(1 << 20)
    body = b"".join(packer.compress(zeros) for _ in range((MAX_UNPACKED >> 20) + 2)) + packer.flush()
    tracemalloc.start()
    with pytest.raises(ReadError) as caught:
        read_dicom(head + body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == "image_too_large"
    assert peak < 32 << 20


def test_a_broken_deflated_file() -> None:
    data = dicom_bytes(RAMP, syntax=DeflatedExplicitVRLittleEndian)
    with pytest.raises(ReadError) as caught:
        read_dicom(data[:-200] + b"\xff" * 200)
    assert caught.value.code in {"dicom_damaged", "dicom_truncated"}
