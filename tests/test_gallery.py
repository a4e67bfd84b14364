"""Which films a gallery shows, and the command."""

from __future__ import annotations

import zipfile
from dataclasses import astuple
from pathlib import Path

import pytest
from cli_runs import Runner
from PIL import Image
from stand_ins import StandInRooms

from boneage.batch.inputs import FilmRequest
from boneage.errors import UsageError
from boneage.estimate import Estimator
from boneage.evaluation.gallery_films import choose, read_gallery, some_of_each_year
from boneage.evaluation.labels import Label
from boneage.evaluation.native import read_native_splits, write_native_films
from boneage.report.overlay import Layers, marked_film
from boneage.result import Reading

LABELS = [
    Label(f"{sex}{months}", float(months), sex) for months in (3, 7, 11, 12, 13, 30, 31, 32, 33) for sex in ("M", "F")
]


def test_every_year_has_its_films_of_both_sexes() -> None:
    drawn = some_of_each_year(LABELS, per_year=2)
    assert [int(label.months // 12) for label in drawn] == [0, 0, 1, 1, 2, 2]
    assert [{label.sex for label in drawn[at : at + 2]} for at in (0, 2, 4)] == [{"M", "F"}] * 3
    assert some_of_each_year(list(reversed(LABELS)), per_year=2) == drawn
    assert some_of_each_year(LABELS, per_year=2, seed=1) != drawn


def test_a_year_with_few_films_shows_those() -> None:
    assert len(some_of_each_year(LABELS, per_year=5)) == 5 + 4 + 5
    boys = [label for label in LABELS if label.sex == "M"]
    assert len(some_of_each_year(boys, per_year=3)) == 3 + 2 + 3


def test_labelled_films_come_by_age_and_the_others_after_them() -> None:
    requests = [FilmRequest(Path(name), name) for name in ("x.png", "M30.png", "F3.png")]
    requests.append(FilmRequest(Path("other.png"), "other.png", id="M12"))
    films = choose(requests, {label.id: label for label in LABELS})
    assert [film.id for film in films] == ["F3", "M12", "M30", "x"]
    assert films[-1].label is None


def test_the_sex_of_the_label_is_handed_on(tmp_path: Path) -> None:
    rooms = StandInRooms()
    for name in ("F3.png", "x.png"):
        (tmp_path / name).write_bytes(b"film")
    requests = [FilmRequest(tmp_path / name, name) for name in ("F3.png", "x.png")]
    problem = UsageError("bad_row", "a bad row")
    requests.append(FilmRequest(tmp_path / "y.png", "y.png", problem=problem))
    shown = list(read_gallery(choose(requests, {"F3": LABELS[1]}), Estimator(rooms=rooms)))
    assert [call[3] for call in rooms.calls if call[0] == "read"] == ["F", None]
    assert (shown[0].sex, shown[0].label_months) == ("F", 3.0)
    assert shown[2].reading.result.problems[0].code == "bad_row"


def test_the_command_draws_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: StandInRooms())
    films = tmp_path / "films"
    films.mkdir()
    for name in ("1", "2", "3"):
        (films / f"{name}.png").write_bytes(name.encode())
    labels = tmp_path / "labels.csv"
    labels.write_text("id,bone_age_months,sex\n3,20,M\n1,40,F\n2,60,F\n")
    output = tmp_path / "sheet.png"
    words = ("gallery", films, "--output", output, "--columns", 2, "--rows", 1, "--side", 120, "--by-age", labels)
    ran = Runner(capsys)(*words, "--labels")
    assert (ran.code, ran.out) == (0, "")
    assert Image.open(tmp_path / "sheet_1.png").width > Image.open(tmp_path / "sheet_2.png").width == 120


def test_no_film_and_no_list_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither named itself, nor found in a folder or a manifest; a page of several counts by its own name."""
    rooms = StandInRooms()
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: rooms)
    film, manifest, labels = tmp_path / "s_1.png", tmp_path / "m.csv", tmp_path / "labels.csv"
    film.write_bytes(b"1")
    (tmp_path / "2.png").write_bytes(b"2")
    manifest.write_text("path\ns_1.png\n")
    labels.write_text("id,bone_age_months,sex\n2,40,F\n")
    before = {path: path.read_bytes() for path in (film, manifest, labels)}
    for words in (
        (film, "--output", film),
        (tmp_path, "--output", film),
        (tmp_path, "--output", tmp_path / "s.png", "--columns", 1, "--rows", 1),
        (manifest, "--output", film),
        (manifest, "--output", manifest),
        (film, "--by-age", labels, "--output", labels),
    ):
        ran = Runner(capsys)("gallery", *words)
        assert (ran.code, ran.out) == (2, "")
        assert "output_is_an_input" in ran.err
    assert {path: path.read_bytes() for path in before} == before
    assert rooms.calls == []


def test_bare_films_have_nothing_drawn_on_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: StandInRooms())
    drawn: list[Layers] = []

    def marked(reading: Reading, scale: float, *, layers: Layers) -> Image.Image:
        drawn.append(layers)
        return marked_film(reading, scale, layers=layers)

    monkeypatch.setattr("boneage.report.tiles.marked_film", marked)
    (tmp_path / "1.png").write_bytes(b"1")
    ran = Runner(capsys)("gallery", tmp_path / "1.png", "--output", tmp_path / "s.png", "--side", 64, "--bare")
    assert ran.code == 0
    assert [any(astuple(layers)) for layers in drawn] == [False]


@pytest.mark.parametrize("words", [(), ("film.png", "--rsna", "tune")])
def test_films_come_from_one_place(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    ran = Runner(capsys)("gallery", *words)
    assert (ran.code, ran.out) == (2, "")
    assert "which_films" in ran.err


@pytest.fixture
def native_root(tmp_path: Path) -> Path:
    """Three films of which two are there at native resolution."""
    images = tmp_path / "data" / "rsna" / "images"
    images.mkdir(parents=True)
    rows = ["id,bone_age_months,sex,native_height,native_width,split"]
    rows += ["1,20,M,300,200,tune", "2,30,F,300,200,train", "3,40,F,300,200,tune"]
    (images.parent / "labels.csv").write_text("\n".join(rows) + "\n")
    with zipfile.ZipFile(images / "native.zip", "w") as archive:
        archive.writestr("1.webp", b"one")
        archive.writestr("2.webp", b"two")
    return tmp_path / "data"


def test_native_films_are_unpacked_as_they_are(native_root: Path, tmp_path: Path) -> None:
    films = read_native_splits(native_root, ["train", "tune"])
    assert [film.id for film in films] == ["2", "1"]
    manifest = write_native_films(native_root, films, tmp_path / "out")
    assert manifest.read_text() == "path,sex,id\n2.webp,F,2\n1.webp,M,1\n"
    assert (tmp_path / "out" / "2.webp").read_bytes() == b"two"


def test_no_native_films(native_root: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_native_splits(tmp_path, ["tune"])
    assert caught.value.code == "no_native_films"
    labels = native_root / "rsna" / "labels.csv"
    labels.write_text(labels.read_text() + "9,40,F,300,200,devtest\n")
    with pytest.raises(UsageError) as caught:
        read_native_splits(native_root, ["devtest"])
    assert caught.value.code == "no_native_films"


@pytest.mark.shared
def test_the_command_draws_rsna_films(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rooms = StandInRooms()
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: rooms)
    monkeypatch.setenv("BONEAGE_DATA", str(shared_data))
    run, words = Runner(capsys), ("--side", 64, "--columns", 30)
    assert run("gallery", "--rsna", "tune", *words, "--output", tmp_path / "year.png").code == 0
    assert 18 <= len(list((tmp_path / "year_films").glob("*.png"))) <= 20
    native = run("gallery", "--rsna", "tune", "--native", "--ids", "13954", *words, "--output", tmp_path / "n.png")
    assert native.code == 0
    assert [path.name for path in (tmp_path / "n_films").iterdir() if path.suffix != ".csv"] == ["13954.webp"]
    assert run("gallery", "--rsna", "tune", "--ids", "0", "--output", tmp_path / "x.png").code == 2
