"""Grey levels: look-up tables, windows, padding."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import apply_voi

from boneage.radiograph.grey import GreyPipeline, LookupTable, Window, lookup_table, stretch

RAMP = np.tile(np.arange(0, 1000, dtype=np.float32), (8, 1))


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(("centre", "width"), [(500.0, 400.0), (127.5, 1.5), (900.0, 700.0)])
def test_windows_agree_with_pydicom(function: str, centre: float, width: float) -> None:
    ds = Dataset()
    ds.PhotometricInterpretation, ds.BitsStored, ds.PixelRepresentation = "MONOCHROME2", 10, 0
    ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = centre, width, function
    expected = apply_voi_window(RAMP, ds)
    np.testing.assert_allclose(Window(centre, width, function)(RAMP), expected / 1023, atol=1e-5)


def apply_voi_window(levels: np.ndarray, ds: Dataset) -> np.ndarray:
    from pydicom.pixels import apply_windowing

    return apply_windowing(levels.astype(np.float64), ds)


def test_a_linear_window_of_width_one_is_a_threshold() -> None:
    grey = Window(500, 1)(RAMP)
    assert grey[0, 499] == 0
    assert grey[0, 500] == 1


@pytest.mark.parametrize(
    ("window", "valid"),
    [
        (Window(10, 0.5), False),
        (Window(10, 0.5, "LINEAR_EXACT"), True),
        (Window(10, 0, "SIGMOID"), False),
        (Window(10, -5, "LINEAR_EXACT"), False),
        (Window(float("nan"), 5), False),
        (Window(10, float("inf")), False),
        (Window(10, 1), True),
    ],
)
def test_which_windows_are_sound(window: Window, valid: bool) -> None:
    assert window.valid is valid


def test_a_table_agrees_with_pydicom() -> None:
    rng = np.random.default_rng(0)
    entries = np.sort(rng.integers(0, 4096, 300))
    ds, item = Dataset(), Dataset()
    item.LUTDescriptor, item.LUTData = [300, 200, 12], entries.tolist()
    item["LUTDescriptor"].VR = item["LUTData"].VR = "US"
    ds.VOILUTSequence = [item]
    ds.PixelRepresentation = 0
    expected = apply_voi(RAMP.astype(np.uint16), ds)
    table = lookup_table([300, 200, 12], entries.tolist(), signed=False)
    assert table is not None
    np.testing.assert_array_equal(table(RAMP), expected)


def test_table_data_as_bytes_of_either_order() -> None:
    entries = np.array([1, 500, 60000], dtype=np.uint16)
    for order in "<>":
        table = lookup_table([3, 0, 16], entries.astype(f"{order}u2").tobytes(), signed=False, order=order)
        assert table is not None
        assert table.values.tolist() == [1, 500, 60000]


def test_table_data_of_one_byte_an_entry() -> None:
    table = lookup_table([4, 0, 8], bytes([0, 10, 20, 255]), signed=False)
    assert table is not None
    assert table.values.tolist() == [0, 10, 20, 255]


def test_zero_entries_mean_65536_and_the_first_input_may_be_negative() -> None:
    table = lookup_table([0, 65536 - 100, 16], np.arange(65536, dtype=np.uint16).tobytes(), signed=True)
    assert table is not None
    assert table.first == -100
    assert table(np.array([-100.0, 0.0], dtype=np.float32)).tolist() == [0, 100]


@pytest.mark.parametrize("descriptor", [[10, 0], [], [11, 0, 16]])
def test_malformed_tables_are_none(descriptor: list[int]) -> None:
    assert lookup_table(descriptor, list(range(10)), signed=False) is None


def test_modality_comes_before_the_window() -> None:
    rescaled = GreyPipeline(slope=2.0, intercept=-1000.0, voi=Window(0, 1960, "LINEAR_EXACT"))
    grey, padding, notices = rescaled.apply(RAMP.astype(np.uint16))
    assert padding is None
    assert not notices
    np.testing.assert_allclose(grey[0, [0, 10, 500, 990, 999]], [0, 0, 0.5, 1, 1], atol=1e-6)


def test_a_modality_table_takes_the_place_of_rescaling() -> None:
    turn = LookupTable(0, np.arange(999, -1, -1, dtype=np.float32))
    grey, _, _ = GreyPipeline(modality=turn, slope=7.0, intercept=3.0).apply(RAMP.astype(np.uint16))
    assert grey[0, 0] == 1
    assert grey[0, 999] == 0


def test_a_window_that_leaves_nothing_is_left_out() -> None:
    grey, _, notices = GreyPipeline(voi=Window(90000, 10)).apply(RAMP.astype(np.uint16))
    assert [notice.code for notice in notices] == ["window_ignored"]
    assert grey.min() == 0
    assert grey.max() == 1


def test_padding_is_found_and_does_not_take_part_in_the_range() -> None:
    stored = RAMP.astype(np.int32)
    stored[0] = -2000
    grey, padding, _ = GreyPipeline(padding=(-2000.0, -1999.0)).apply(stored)
    assert padding is not None
    assert padding[0].all()
    assert not padding[1:].any()
    np.testing.assert_allclose(grey[1], np.linspace(0, 1, 1000), atol=1e-6)


def test_stretching_a_constant_gives_zeros() -> None:
    assert not stretch(np.full((4, 4), 7, dtype=np.float32)).any()
