"""The cache of training films, and the maps between samplings of one film."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_films import films_of, record, stored, write_training_data
from hypothesis import given
from hypothesis import strategies as st

from boneage.errors import UsageError
from boneage.training.films import STORED, data_root, load_films, read_records, stretch_matrix

SIZES = st.tuples(st.integers(1, 3000), st.integers(1, 3000))


def carried(matrix: np.ndarray, x: float, y: float) -> np.ndarray:
    return matrix[:, :2] @ [x, y] + matrix[:, 2]


@given(source=SIZES, target=SIZES)
def test_edges_of_the_picture_stay_edges(source: tuple[int, int], target: tuple[int, int]) -> None:
    matrix = stretch_matrix(source, target)
    np.testing.assert_allclose(carried(matrix, -0.5, -0.5), [-0.5, -0.5], atol=1e-9)
    found = carried(matrix, source[1] - 0.5, source[0] - 0.5)
    np.testing.assert_allclose(found, [target[1] - 0.5, target[0] - 0.5], atol=1e-6)


@given(one=SIZES, two=SIZES, three=SIZES)
def test_samplings_compose(one: tuple[int, int], two: tuple[int, int], three: tuple[int, int]) -> None:
    def square(source: tuple[int, int], target: tuple[int, int]) -> np.ndarray:
        return np.vstack([stretch_matrix(source, target), [0, 0, 1]])

    np.testing.assert_allclose(square(two, three) @ square(one, two), square(one, three), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(square(two, one) @ square(one, two), np.eye(3), atol=1e-6)


def test_the_map_of_a_film_agrees_with_how_it_was_stretched() -> None:
    y, x = np.indices((600, 400)).astype(np.float32)
    films = films_of([x / 400, y / 600], [record("1", height=600, width=400), record("2", height=600, width=400)])
    matrix = films.matrix("1")
    for native in ((100.0, 100.0), (320.0, 450.0)):
        column, row = carried(matrix, *native)
        assert films.pixels[0, round(row), round(column)] / 255 * 400 == pytest.approx(native[0], abs=2)
        assert films.pixels[1, round(row), round(column)] / 255 * 600 == pytest.approx(native[1], abs=2.5)


def test_the_films_are_decoded_once_and_kept_in_the_order_of_the_labels(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    pictures = [random.random((50, 40)).astype(np.float32) for _ in range(5)]
    records = [
        record(str(n), split=split, sex="MF"[n % 2], bone_age_months=10.5 * n)
        for n, split in enumerate(("train", "tune", "train", "devtest", "train"))
    ]
    write_training_data(tmp_path / "data", pictures, records)
    films = load_films(tmp_path / "cache", tmp_path / "data")
    assert films.records == records
    assert films.pixels.shape == (5, STORED, STORED)
    for number, picture in enumerate(pictures):
        np.testing.assert_array_equal(films.pixels[number], stored(picture))
    for shard in (tmp_path / "data" / "rsna" / "images").glob("*.zip"):
        shard.unlink()
    again = load_films(tmp_path / "cache", tmp_path / "data")
    np.testing.assert_array_equal(again.pixels, films.pixels)
    assert isinstance(again.pixels, np.memmap)


def test_an_interrupted_decoding_leaves_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record("1"), record("2")]
    write_training_data(tmp_path / "data", [np.ones((9, 9), np.float32)] * 2, records)
    broken = tmp_path / "data" / "rsna" / "images" / "shard-1.zip"
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Exception, match="zip"):
        load_films(tmp_path / "cache", tmp_path / "data")
    assert not (tmp_path / "cache" / "films.npy").exists()
    broken.write_bytes(whole)
    assert load_films(tmp_path / "cache", tmp_path / "data").pixels.min() > 250


def test_films_of_unknown_size_belong_to_no_split(tmp_path: Path) -> None:
    records = [record("1"), record("2", height=0, width=0), record("3", split="tune")]
    write_training_data(tmp_path, [np.zeros((9, 9), np.float32)] * 3, records)
    assert read_records(tmp_path) == records
    films = load_films(tmp_path / "cache", tmp_path)
    assert [one.id for one in films.of_split("train")] == ["1"]
    assert [one.id for one in films.of_split("tune")] == ["3"]


def test_missing_training_data_are_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONEAGE_DATA", str(tmp_path))
    with pytest.raises(UsageError) as caught:
        data_root()
    assert caught.value.code == "no_training_data"
    assert "BONEAGE_DATA" in caught.value.remedy
    assert str(tmp_path) not in caught.value.message
    write_training_data(tmp_path, [np.zeros((9, 9), np.float32)], [record("1")])
    assert data_root() == tmp_path
