"""Raster films: formats, depths, colour, transparency, orientation, and what is refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from make_dicom import hand, stripes
from PIL import Image

from boneage.errors import BoneAgeError, ReadError, Refusal
from boneage.radiograph.raster import RasterFilm, read_raster

FILMS = Path(__file__).resolve().parent.parent / "examples" / "films"
RAMP8 = stripes(np.uint8, high=255)
HAND8 = hand(np.uint8, high=255)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=kind, **options)
    return buffer.getvalue()


def read(image: Image.Image, kind: str = "PNG", **options: Any) -> RasterFilm:
    return read_raster(encoded(image, kind, **options))


def codes(film: RasterFilm) -> list[str]:
    return [notice.code for notice in film.notices]


def failure(data: bytes) -> BoneAgeError:
    with pytest.raises(BoneAgeError) as caught:
        read_raster(data)
    assert caught.value.message
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("TIFF", {"compression": "tiff_adobe_deflate"}, 0),
        ("WEBP", {"lossless": True}, 0.005),
        ("JPEG", {"quality": 95}, 0.03),
    ],
)
def test_every_format(kind: str, options: dict[str, Any], tolerance: float) -> None:
    film = read(Image.fromarray(RAMP8), kind, **options)
    assert film.format == kind
    assert film.pixels.dtype == np.float32
    assert film.pixels.flags.c_contiguous
    np.testing.assert_allclose(film.pixels, RAMP8 / 255, atol=tolerance + 1e-6)
    assert not film.inverted
    assert codes(film) == []


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("high", [1023, 4095, 65535])
def test_sixteen_bits_of_any_used_depth(kind: str, high: int) -> None:
    picture = stripes(high=high)
    film = read(Image.fromarray(picture), kind)
    np.testing.assert_allclose(film.pixels, picture / high, atol=1e-6)


def test_big_endian_tiff() -> None:
    film = read(Image.frombytes("I;16B", RAMP8.shape[::-1], stripes().astype(">u2").tobytes()), "TIFF")
    np.testing.assert_allclose(film.pixels, stripes() / 4095, atol=1e-6)


def test_floating_tiff_with_holes() -> None:
    picture = stripes(np.float32, low=-3, high=7)
    picture[5, 5] = np.nan
    film = read(Image.fromarray(picture), "TIFF")
    assert film.pixels[5, 5] == 0
    assert film.pixels[0, -1] == 1
    assert np.isfinite(film.pixels).all()


def test_one_bit() -> None:
    film = read(Image.fromarray(HAND8 > 80))
    assert set(np.unique(film.pixels)) == {0, 1}


def test_palette() -> None:
    image = Image.fromarray(RAMP8).convert("P")
    np.testing.assert_allclose(read(image).pixels, RAMP8 / 255, atol=0.005)


def test_grey_in_three_channels_is_no_colour() -> None:
    film = read(Image.fromarray(RAMP8).convert("RGB"))
    np.testing.assert_allclose(film.pixels, RAMP8 / 255, atol=0.005)
    assert codes(film) == []


def test_a_photograph_in_colour_becomes_grey() -> None:
    tinted = np.stack([RAMP8 * 0.75, RAMP8 * 0.85, RAMP8 * 1.0], axis=2).astype(np.uint8)
    film = read(Image.fromarray(tinted))
    expected = (0.299 * tinted[..., 0] + 0.587 * tinted[..., 1] + 0.114 * tinted[..., 2]) / 255
    np.testing.assert_allclose(film.pixels, expected, atol=0.005)
    assert codes(film) == []


def test_a_coloured_picture_is_remarked() -> None:
    garish = np.stack([RAMP8, 255 - RAMP8, RAMP8 // 3], axis=2)
    assert codes(read(Image.fromarray(garish))) == ["coloured_picture"]


def test_cmyk_jpeg() -> None:
    film = read(Image.fromarray(RAMP8).convert("RGB").convert("CMYK"), "JPEG", quality=95)
    np.testing.assert_allclose(film.pixels, RAMP8 / 255, atol=0.03)


@pytest.mark.parametrize("hidden", [0, 255])
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_what_is_transparent_is_dark_background(mode: str, hidden: int) -> None:
    grey = np.pad(HAND8, 40, constant_values=hidden)
    alpha = np.pad(np.full_like(HAND8, 255), 40)
    image = Image.merge("LA", (Image.fromarray(grey), Image.fromarray(alpha))).convert(mode)
    film = read(image)
    assert not film.pixels[:40].any()
    np.testing.assert_allclose(film.pixels[40:-40, 40:-40], HAND8 / 255, atol=0.005)
    assert not film.inverted


def test_a_transparent_frame_round_an_inverted_film() -> None:
    grey = np.pad(255 - HAND8, 40)
    alpha = np.pad(np.full_like(HAND8, 255), 40)
    film = read(Image.merge("LA", (Image.fromarray(grey), Image.fromarray(alpha))))
    assert film.inverted
    assert not film.pixels[:40].any()
    np.testing.assert_allclose(film.pixels[40:-40, 40:-40], HAND8 / 255, atol=0.005)


def test_an_opaque_alpha_channel_changes_nothing() -> None:
    np.testing.assert_allclose(read(Image.fromarray(RAMP8).convert("LA")).pixels, RAMP8 / 255, atol=0.005)


def test_a_fully_transparent_picture_is_blank() -> None:
    image = Image.merge("LA", (Image.fromarray(HAND8), Image.fromarray(np.zeros_like(HAND8))))
    assert failure(encoded(image)).code == "image_blank"


@pytest.mark.parametrize(
    ("orientation", "restore"),
    [(3, lambda a: np.rot90(a, 2)), (6, lambda a: np.rot90(a, -1)), (8, lambda a: np.rot90(a)), (2, np.fliplr)],
)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_exif_orientation(kind: str, orientation: int, restore: Any) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = HAND8[:150]
    film = read(Image.fromarray(picture), kind, exif=exif)
    np.testing.assert_allclose(film.pixels, restore(picture) / 255, atol=1e-6)
    assert codes(film) == ["turned_by_exif"]
    assert film.notices[0].severity == "info"


@pytest.mark.parametrize("orientation", [0, 1, 9])
def test_an_orientation_that_is_none_turns_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    film = read(Image.fromarray(HAND8), exif=exif)
    np.testing.assert_allclose(film.pixels, HAND8 / 255, atol=1e-6)
    assert codes(film) == []


DEFLATED = 8


def tiff(samples: np.ndarray, *, sample_format: int = 1, order: str = "<", compression: int = 1) -> bytes:
    """Return a TIFF of (rows, columns) or (rows, columns, channels): deflated, or whatever it claims uncompressed."""
    rows, columns = samples.shape[:2]
    channels = samples.shape[2] if samples.ndim == 3 else 1
    body = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
    if compression == DEFLATED:
        body = zlib.compress(body)
    bits, extra = samples.dtype.itemsize * 8, 8 + 2 + 12 * 10 + 4
    listed = struct.pack(f"{order}{channels}H", *[bits] * channels) + struct.pack(
        f"{order}{channels}H", *[sample_format] * channels
    )

    def shorts(tag: int, value: int, at: int) -> bytes:
        short = struct.pack(order + "HHIHH", tag, 3, 1, value, 0)
        return short if channels == 1 else struct.pack(order + "HHII", tag, 3, channels, at)

    def number(tag: int, value: int) -> bytes:
        return struct.pack(order + "HHII", tag, 4, 1, value)

    entries = [number(256, columns), number(257, rows), shorts(258, bits, extra), number(259, compression)]
    entries += [number(262, 2 if channels == 3 else 1), number(273, extra + len(listed)), number(277, channels)]
    entries += [number(278, rows), number(279, len(body)), shorts(339, sample_format, extra + 2 * channels)]
    head = struct.pack(order + "2sHIH", b"II" if order == "<" else b"MM", 42, 8, 10)
    return head + b"".join(entries) + bytes(4) + listed + body


def test_unsigned_levels_of_32_bits_do_not_wrap() -> None:
    levels = HAND8.astype(np.uint32) * 16_843_009
    np.testing.assert_allclose(read_raster(tiff(levels)).pixels, HAND8 / 255, atol=1e-6)
    signed = HAND8.astype(np.int32) - 100
    film = read_raster(tiff(signed, sample_format=2))
    np.testing.assert_allclose(film.pixels, (HAND8 - float(HAND8.min())) / np.ptp(HAND8), atol=1e-6)


def test_colours_of_16_bits() -> None:
    grey = np.repeat(HAND8[..., None], 3, axis=2).astype(np.uint16)
    np.testing.assert_allclose(read_raster(tiff(grey * np.uint16(257))).pixels, HAND8 / 255, atol=0.005)
    error = failure(tiff(grey * np.uint16(16)))
    assert error.code == "image_damaged"
    assert "8 bits" in error.message


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_stray_pixel_does_not_blank_a_film(kind: str) -> None:
    picture = HAND8.astype(np.uint16)
    picture[3, 3] = 65535
    film = read(Image.fromarray(picture), kind)
    assert codes(film) == []
    np.testing.assert_allclose(film.pixels[4:], HAND8[4:] / HAND8.max(), atol=0.01)


def test_a_stray_number_does_not_blank_a_floating_film() -> None:
    picture = HAND8.astype(np.float32)
    picture[3, 3] = 1e30
    film = read(Image.fromarray(picture), "TIFF")
    np.testing.assert_allclose(film.pixels[4:], HAND8[4:] / HAND8.max(), atol=0.01)


def test_a_blank_film_with_a_stray_pixel_is_blank() -> None:
    picture = np.random.default_rng(0).integers(0, 4, (300, 300)).astype(np.uint16)
    picture[3, 3] = 65535
    assert failure(encoded(Image.fromarray(picture))).code == "image_blank"


@pytest.mark.parametrize("name", ["rsna_4621", "rsna_1414", "rsna_2982"])
def test_an_inverted_film_is_turned_back_with_a_notice(name: str) -> None:
    with Image.open(FILMS / f"{name}.webp") as image:
        picture = np.asarray(image.convert("L"))
    plain, inverted = read(Image.fromarray(picture)), read(Image.fromarray(255 - picture))
    assert not plain.inverted
    assert codes(plain) == []
    assert inverted.inverted
    assert codes(inverted) == ["inverted_film"]
    np.testing.assert_allclose(plain.pixels, inverted.pixels, atol=1e-5)


# ---------------------------------------------------------------------------------------------------------- refusals


def png_header(columns: int, rows: int) -> bytes:
    """Return a PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [10_001, 20_000, 60_000])
def test_a_bomb_is_refused_from_its_header(side: int) -> None:
    error = failure(png_header(side, side))
    assert isinstance(error, ReadError)
    assert error.code == "image_too_large"


def test_too_small() -> None:
    error = failure(encoded(Image.new("L", (1, 1))))
    assert isinstance(error, Refusal)
    assert error.code == "image_too_small"


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_blank(grey: int) -> None:
    error = failure(encoded(Image.new("L", (300, 300), grey)))
    assert isinstance(error, Refusal)
    assert error.code == "image_blank"


def test_a_nearly_flat_film_is_not_blank() -> None:
    faint = (HAND8 // 16 + 100).astype(np.uint8)
    assert read(Image.fromarray(faint)).pixels.max() < 0.5


@pytest.mark.parametrize(("kind", "part"), [("PNG", 0.5), ("JPEG", 0.5), ("WEBP", 0.5), ("TIFF", 0.5), ("BMP", 0.5)])
def test_cut_short(kind: str, part: float) -> None:
    data = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 200)).astype(np.uint8)), kind)
    assert failure(data[: int(len(data) * part)]).code == "image_damaged"


@pytest.mark.parametrize(
    ("samples", "sample_format", "order"),
    [
        (np.float64, 3, "<"),
        (np.float64, 3, ">"),
        (np.float16, 3, "<"),
        (np.float16, 3, ">"),
        (np.uint64, 1, "<"),
        (np.uint32, 1, ">"),
    ],
)
def test_a_whole_tiff_of_another_depth_is_not_called_damaged(samples: type, sample_format: int, order: str) -> None:
    data = tiff(HAND8.astype(samples), sample_format=sample_format, order=order)
    error = failure(data)
    assert isinstance(error, ReadError)
    assert error.code == "tiff_unsupported"
    assert "8 or 16 bits" in error.remedy
    for length in (6, 60, 130, len(data) // 2, len(data) - 1):
        assert failure(data[:length]).code == "image_damaged"


def test_a_tiff_of_an_unknown_compression_is_not_called_damaged() -> None:
    assert failure(tiff(HAND8, compression=34712)).code == "tiff_unsupported"  # JPEG 2000
    np.testing.assert_allclose(read_raster(tiff(HAND8, order=">")).pixels, HAND8 / 255, atol=1e-6)


@pytest.mark.parametrize(("samples", "sample_format"), [(np.int16, 2), (np.int32, 2), (np.float32, 3)])
def test_levels_whose_bytes_would_be_taken_in_the_wrong_order_are_not_read(samples: type, sample_format: int) -> None:
    levels = HAND8.astype(samples)
    assert (
        failure(tiff(levels, sample_format=sample_format, order=">", compression=DEFLATED)).code == "tiff_unsupported"
    )
    for order, compression in (("<", DEFLATED), (">", 1)):
        film = read_raster(tiff(levels, sample_format=sample_format, order=order, compression=compression))
        assert np.corrcoef(film.pixels.ravel(), HAND8.ravel())[0, 1] > 0.999
    plain = read_raster(tiff(HAND8.astype(np.uint16) * 257, order=">", compression=DEFLATED))
    np.testing.assert_allclose(plain.pixels, HAND8 / 255, atol=1e-4)


def test_a_signature_and_nothing_else() -> None:
    assert failure(b"\x89PNG\r\n\x1a\n").code == "image_damaged"


@pytest.mark.parametrize("kind", ["TIFF", "PNG", "WEBP"])
def test_several_pictures(kind: str) -> None:
    frames = [Image.fromarray(RAMP8), Image.fromarray(np.ascontiguousarray(RAMP8[:, ::-1]))]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert failure(data).code == "image_multi_page"


def test_a_tiff_with_its_thumbnail_is_one_film() -> None:
    film = Image.fromarray(HAND8)
    data = encoded(film, "TIFF", save_all=True, append_images=[film.resize((64, 64))])
    np.testing.assert_allclose(read_raster(data).pixels, HAND8 / 255, atol=1e-6)


@pytest.mark.parametrize("size", [(191, 500), (100, 192), (64, 100), (192, 64), (97, 97), (300, 300)])
def test_a_second_page_of_another_size_is_a_film_of_its_own(size: tuple[int, int]) -> None:
    film = Image.fromarray(HAND8)
    data = encoded(film, "TIFF", save_all=True, append_images=[film.resize(size)])
    assert failure(data).code == "image_multi_page"


def test_a_page_tagged_as_reduced_is_no_film_of_its_own() -> None:
    film, copy = Image.fromarray(HAND8), Image.fromarray(HAND8[:150])
    copy.encoderinfo = {"tiffinfo": {254: 1}}
    data = encoded(film, "TIFF", save_all=True, append_images=[copy])
    np.testing.assert_allclose(read_raster(data).pixels, HAND8 / 255, atol=1e-6)


# ------------------------------------------------------------------------------------------------------ damaged JPEG


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("quality", [40, 75, 95])
@pytest.mark.parametrize("name", ["rsna_4621", "rsna_1414", "rsna_2982"])
def test_a_film_saved_as_jpeg_is_sound(name: str, quality: int, progressive: bool) -> None:
    with Image.open(FILMS / f"{name}.webp") as image:
        film = read(image.convert("L"), "JPEG", quality=quality, progressive=progressive)
    assert codes(film) == []


def test_a_damaged_jpeg_that_still_decodes_is_refused() -> None:
    with Image.open(FILMS / "rsna_4621.webp") as image:
        whole = encoded(image.convert("L"), "JPEG", quality=90)
    sound = read_raster(whole).pixels
    silent = refused = 0
    for part in range(20, 80, 3):
        damaged = bytearray(whole)
        at = len(whole) * part // 100
        damaged[at : at + 6] = bytes(value ^ 0x5A for value in damaged[at : at + 6])
        try:
            with Image.open(io.BytesIO(damaged)) as image:
                changed = np.abs(np.asarray(image, dtype=np.float32) / 255 - sound) > 0.012
        except OSError:
            continue
        if changed.mean() < 0.02:
            continue  # a few blocks
        silent += 1  # Pillow had nothing to say
        try:
            read_raster(bytes(damaged))
        except ReadError as error:
            assert error.code == "image_damaged"
            refused += 1
    assert silent >= 6
    assert refused >= 0.9 * silent
