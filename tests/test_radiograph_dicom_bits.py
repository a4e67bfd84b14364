"""Bits stored, their place in the word and their sign: what contradicts the header is refused, never wrapped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from make_dicom import dicom_bytes, dicom_dataset, hand, stripes, to_bytes
from pydicom.uid import ExplicitVRBigEndian, JPEG2000Lossless, JPEGLSLossless, RLELossless

from boneage.errors import ReadError
from boneage.radiograph.dicom import read_dicom

HAND = hand(high=4000)
SMOOTH = (2000 + 1900 * np.sin(np.arange(96) / 15)[None, :] * np.cos(np.arange(96) / 19)[:, None]).astype(np.uint16)


def pixels(picture: np.ndarray, **tags: Any) -> np.ndarray:
    return read_dicom(dicom_bytes(picture, **tags)).pixels


def refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_dicom(data)
    assert caught.value.code == "dicom_damaged"


PLAIN = pixels(SMOOTH, BitsStored=12, HighBit=11)


@pytest.mark.parametrize("bits", [9, 10, 11])
def test_values_beyond_the_bits_stored_are_refused(bits: int) -> None:
    refused(dicom_bytes(SMOOTH, BitsStored=bits, HighBit=bits - 1))


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
def test_so_are_compressed_ones(syntax: Any) -> None:
    ds = dicom_dataset(SMOOTH, BitsStored=12, HighBit=11)
    ds.compress(syntax)
    np.testing.assert_allclose(read_dicom(to_bytes(ds)).pixels, PLAIN, atol=1e-6)
    if syntax == RLELossless:
        ds.BitsStored, ds.HighBit = 11, 10
    else:
        ds = dicom_dataset(SMOOTH * np.uint16(16))
        ds.compress(syntax)
        ds.BitsStored, ds.HighBit = 12, 11
    refused(to_bytes(ds))


def test_a_single_faulty_pixel_is_no_contradiction() -> None:
    picture = SMOOTH.copy()
    picture[5, 5] |= 0x8000
    np.testing.assert_allclose(pixels(picture, BitsStored=12, HighBit=11), PLAIN, atol=1e-6)


@pytest.mark.parametrize("shift", [1, 3, 4])
def test_words_filled_from_the_top(shift: int) -> None:
    film = pixels(SMOOTH << np.uint16(shift), BitsStored=12, HighBit=11 + shift)
    np.testing.assert_allclose(film, PLAIN, atol=1e-6)


def test_signed_words_filled_from_the_top() -> None:
    picture = (SMOOTH.astype(np.int16) - 2048) << np.int16(4)
    np.testing.assert_allclose(pixels(picture, BitsStored=12, HighBit=15), PLAIN, atol=1e-6)


def test_a_window_meets_shifted_values() -> None:
    window = {"WindowCenter": 2000, "WindowWidth": 4000}
    film = pixels(SMOOTH << np.uint16(4), BitsStored=12, HighBit=15, **window)
    np.testing.assert_allclose(film, pixels(SMOOTH, BitsStored=12, HighBit=11, **window), atol=1e-6)


def test_a_wrong_high_bit_of_words_filled_from_below() -> None:
    np.testing.assert_allclose(pixels(SMOOTH, BitsStored=12, HighBit=15), PLAIN, atol=1e-6)


def test_words_that_fit_neither_end() -> None:
    refused(dicom_bytes(SMOOTH * np.uint16(7), BitsStored=12, HighBit=15))


@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("syntax", [None, ExplicitVRBigEndian])
def test_a_sign_may_go_on_through_the_spare_bits(syntax: Any, extended: bool) -> None:
    picture = SMOOTH.astype(np.int16) - 2048
    words = picture if extended else (picture.view(np.uint16) & 0xFFF).view(np.int16)
    ds = dicom_dataset(words, BitsStored=12, HighBit=11)
    if syntax:
        ds.file_meta.TransferSyntaxUID = syntax
        ds.PixelData = words.astype(">i2").tobytes()
    np.testing.assert_allclose(read_dicom(to_bytes(ds)).pixels, PLAIN, atol=1e-6)


def test_padding_beyond_the_bits_stored_stays_padding() -> None:
    picture = SMOOTH.copy()
    picture[:20] = 65535
    film = pixels(picture, BitsStored=12, HighBit=11, PixelPaddingValue=65535)
    assert not film[:20].any()
    assert film[20:].max() == 1


@pytest.mark.parametrize("depth", [8, 12, 16])
def test_unsigned_values_tagged_as_signed(depth: int) -> None:
    picture = SMOOTH << np.uint16(4) if depth == 16 else SMOOTH >> np.uint16(12 - depth)
    if depth == 8:
        picture = picture.astype(np.uint8)
    refused(dicom_bytes(picture, BitsStored=depth, HighBit=depth - 1, PixelRepresentation=1))


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEG2000Lossless])
def test_an_unsigned_stream_tagged_as_signed(syntax: Any) -> None:
    ds = dicom_dataset(SMOOTH, BitsStored=12, HighBit=11)
    ds.compress(syntax)
    ds.PixelRepresentation = 1
    refused(to_bytes(ds))


def test_signed_values_with_padding_far_below() -> None:
    picture = SMOOTH.astype(np.int16)
    picture[:, :20] = picture[:10] = -32768
    film = pixels(picture, PixelPaddingValue=-32768)
    assert not film[:10].any()


def test_missing_tags_about_bits() -> None:
    np.testing.assert_allclose(pixels(SMOOTH, BitsStored=None, HighBit=None), pixels(SMOOTH), atol=1e-6)
    np.testing.assert_allclose(pixels(SMOOTH, PixelRepresentation=None), pixels(SMOOTH), atol=1e-6)


def test_signed_values_without_their_tag() -> None:
    refused(dicom_bytes(SMOOTH.astype(np.int16) - 2048, PixelRepresentation=None))


@pytest.mark.parametrize("bits", [0, 20])
def test_senseless_bits(bits: int) -> None:
    refused(dicom_bytes(SMOOTH, BitsStored=bits, HighBit=max(bits - 1, 0)))


def test_a_sound_film_of_the_full_range() -> None:
    picture = stripes(np.int16, low=-32768, high=32767)
    np.testing.assert_allclose(pixels(picture), (picture.astype(float) + 32768) / 65535, atol=1e-4)
    assert pixels(HAND).max() == pytest.approx(1, abs=0.05)
