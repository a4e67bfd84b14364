"""`boneage report` from end to end, with stand-ins behind it."""

from __future__ import annotations

import csv
import io
import json
import logging
from pathlib import Path

import pytest
from cli_runs import Runner
from pydicom import dcmread
from report_material import pdf_text, secret_film
from stand_ins import RealReaderRooms, StandInRooms

from boneage.errors import Refusal
from boneage.report.formats import FORMAT_NAMES, FORMATS
from boneage.result import Result

SECRETS = ("zyxwvut", "20140531", "2014-05-31", "20251117", "2025-11-17")
WITHOUT_DICOM = [entry.name for entry in FORMATS if not entry.needs_dicom]
WITHOUT_FILM = [entry.name for entry in FORMATS if not entry.needs_film]


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> StandInRooms:
    """Films are really read; stand-ins are behind the reader."""
    stand_ins = RealReaderRooms()
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: stand_ins)
    return stand_ins


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A DICOM film whose tags, name and folder name a child."""
    folder = tmp_path / "Zyxwvut"
    folder.mkdir()
    path = folder / "Zyxwvut_Child.dcm"
    path.write_bytes(secret_film())
    return path


def formats(*names: str) -> list[str]:
    return [word for name in names for word in ("--format", name)]


def written(folder: Path) -> dict[str, bytes]:
    return {path.name.removeprefix("Zyxwvut_Child"): path.read_bytes() for path in folder.iterdir()}


def test_the_formats_agree_with_the_result(run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = run("report", film, *formats(*WITHOUT_DICOM), "--output", out, "--chronological-age", "100m")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    files = written(out)
    assert set(files) == {entry.ending for entry in FORMATS if not entry.needs_dicom}
    result = json.loads(files["_report.json"])
    months, (low, high) = result["bone_age"]["months"], result["bone_age"]["interval_95"]
    (row,) = csv.DictReader(io.StringIO(files["_report.csv"].decode()))
    assert [float(row[name]) for name in ("bone_age_months", "lower_95_months", "upper_95_months", "sds")] == (
        pytest.approx([months, low, high, result["chronological"]["sds"]], abs=0.005)
    )
    resources = [entry["resource"] for entry in json.loads(files["_fhir.json"])["entry"]]
    (observation,) = [resource for resource in resources if resource["resourceType"] == "Observation"]
    assert observation["valueQuantity"]["value"] == pytest.approx(months, abs=0.005)
    growth = json.loads(files["_growth.json"])
    assert growth["bone_age"] * 12 == pytest.approx(months, abs=0.006)
    assert growth["bone_age_sds"] == pytest.approx(result["chronological"]["sds"], abs=0.005)
    said = f"{months:.1f} months"
    assert said in pdf_text(files["_report.pdf"])
    assert said in files["_report.txt"].decode()


@pytest.mark.parametrize("refused", [False, True])
def test_nothing_that_names_the_child_is_in_any_export_or_log(
    run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, refused: bool
) -> None:
    if refused:
        rooms.errors["segment"] = Refusal("not_a_hand", "no hand is seen", remedy="film the hand")
    out = tmp_path / "out"
    with caplog.at_level(logging.DEBUG):
        ran = run("--verbose", "report", film, *formats(*WITHOUT_DICOM), "--output", out)
    assert ran.code == (3 if refused else 0)
    files = written(out)
    assert len(files) == len(WITHOUT_DICOM) - (1 if refused else 0)
    texts = {name: content.decode("latin-1") for name, content in files.items()}
    texts["_report.pdf"] += pdf_text(files["_report.pdf"])
    texts |= {"standard error": ran.err, "standard output": ran.out, "log": caplog.text}
    leaks = [(name, secret) for name, text in texts.items() for secret in SECRETS if secret in text.lower()]
    assert leaks == []


def test_in_a_folder_reports_go_by_the_file_name_that_the_user_gave_and_elsewhere_by_the_one_asked_for(
    run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run("report", film, *formats("fhir", "json"), "--output", out)
    assert {path.name for path in out.iterdir()} == {"Zyxwvut_Child_fhir.json", "Zyxwvut_Child_report.json"}
    assert not [path.name for path in out.iterdir() if b"Zyxwvut" in path.read_bytes()]
    single = tmp_path / "7.json"
    run("report", film, "--format", "fhir", "--output", single)
    assert single.is_file()
    assert b"Zyxwvut" not in single.read_bytes()


@pytest.mark.parametrize("words", [(), ("--with-identifiers",)])
def test_dicom_reports_always_carry_the_patient_of_the_study(
    run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    run("report", film, *formats("dicom-sr", "dicom-sc", "dicom-pdf"), "--output", out, *words)
    paths = sorted(out.glob("*.dcm"))
    assert len(paths) == 3
    for path in paths:
        written = dcmread(path)
        assert (written.PatientID, written.PatientBirthDate) == ("Zyxwvut", "20140531")


def test_identifiers_are_there_when_asked_for(run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("report", film, *formats("pdf", "fhir", "csv", "json", "text"), "--output", out, "--with-identifiers")
    files = written(out)
    for name in ("_fhir.json", "_report.csv", "_report.json", "_report.txt"):
        assert b"Zyxwvut" in files[name], name
    assert "Zyxwvut, Child" in pdf_text(files["_report.pdf"])
    assert json.loads(files["_report.json"])["patient"]["birth_date"] == "2014-05-31"


def test_what_is_for_people_is_in_the_language_asked_for(
    run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ran = run("report", film, *formats("pdf", "dicom-pdf", "text", "json"), "--output", out, "--language", "zh")
    assert (ran.code, ran.err) == (0, "")
    files = written(out)
    assert "骨龄报告" in pdf_text(files["_report.pdf"])
    assert "骨龄报告" in pdf_text(dcmread(io.BytesIO(files["_pdf.dcm"])).EncapsulatedDocument)
    assert "95% 区间" in files["_report.txt"].decode()
    earlier = tmp_path / "earlier.json"
    earlier.write_bytes(files["_report.json"])
    again = run("report", earlier, "--format", "text", "--language", "zh")
    assert "方法：" in again.out


def test_standard_output_is_the_default(run: Runner, rooms: StandInRooms, film: Path) -> None:
    ran = run("report", film, "--format", "json")
    assert ran.code == 0
    assert Result.from_dict(ran.json).status == "ok"


def test_binary_goes_to_standard_output_as_it_is(
    rooms: StandInRooms, film: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    from boneage.cli import main

    with pytest.raises(SystemExit) as stop:
        main(["report", str(film), "--format", "pdf"])
    assert stop.value.code == 0
    assert "Bone age report" in pdf_text(capfdbinary.readouterr().out)


def test_the_options_of_predict_reach_the_estimate(run: Runner, rooms: StandInRooms, film: Path) -> None:
    words = ("--sex", "F", "--chronological-age", "8y", "--pixel-spacing", "0.25", "--method", "regression")
    data = run("report", film, "--format", "json", *words).json
    assert data["input"]["sex"] == {"value": "F", "source": "user"}
    assert data["input"]["pixel_spacing"]["mm"] == 0.25
    assert data["chronological"]["months"] == 96
    assert data["bone_age"]["method"] == "regression"


def test_an_earlier_result_is_reported_without_its_film(
    run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path
) -> None:
    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps(run("predict", film, "--json", "--chronological-age", "100m").json))
    rooms.errors["read"] = AssertionError("the film was read again")
    out = tmp_path / "out"
    assert run("report", earlier, *formats(*WITHOUT_FILM), "--output", out).code == 0
    files = {path.name.removeprefix("earlier"): path.read_bytes() for path in out.iterdir()}
    assert set(files) == {entry.ending for entry in FORMATS if not entry.needs_film}
    assert not [name for name, content in files.items() if b"zyxwvut" in content.lower()]
    assert json.loads(files["_report.json"])["bone_age"] == json.loads(earlier.read_text())["bone_age"]


def test_an_earlier_refusal_keeps_its_exit_code(run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path) -> None:
    rooms.errors["segment"] = Refusal("not_a_hand", "no hand is seen", remedy="film the hand")
    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps(run("predict", film, "--json").json))
    ran = run("report", earlier, "--format", "text")
    assert ran.code == 3
    assert "no hand is seen" in ran.out


def test_a_refused_film_has_no_report_of_an_answer(
    run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path
) -> None:
    rooms.errors["segment"] = Refusal("not_a_hand", "no hand is seen", remedy="film the hand")
    stale = tmp_path / "out.json"
    stale.write_text("an earlier age")
    ran = run("report", film, "--format", "growth-api", "--output", stale)
    assert (ran.code, ran.out) == (3, "")
    assert "no hand is seen [not_a_hand]" in ran.err
    assert not stale.exists()
    words = run("report", film, *formats(*FORMAT_NAMES), "--output", tmp_path / "all").err
    silent = [entry for entry in FORMATS if entry.needs_answer or entry.needs_age]
    assert words.count("because there is no bone age") == len(silent)


def test_a_format_that_cannot_hold_the_answer_keeps_none_of_the_others_back(
    run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run("report", film, "--format", "growth-api", "--output", f"{out}/", "--sex", "M")
    (stale,) = out.iterdir()
    ran = run("report", film, *formats("growth-api", "json", "csv"), "--output", out, "--sex", "unknown")
    assert (ran.code, ran.out, ran.err.count("\n")) == (0, "", 1)
    assert "no growth-api report" in ran.err
    assert "[report_needs_sex]" in ran.err
    assert not stale.exists()
    assert set(written(out)) == {"_report.json", "_report.csv"}
    stale.write_text("an earlier age")
    assert run("report", film, "--format", "growth-api", "--output", stale, "--sex", "unknown").code == 2
    assert not stale.exists()


def test_a_file_that_is_no_film_is_exit_code_1(run: Runner, rooms: StandInRooms, tmp_path: Path) -> None:
    for name, content in (("a.png", b"no film"), ("b.json", b'{"schema_version": "9.0"}'), ("c.json", b"{broken")):
        (tmp_path / name).write_bytes(content)
        assert run("report", tmp_path / name, "--format", "text").code == 1, name
    assert run("report", tmp_path / "missing.dcm", "--format", "text").code == 1


def test_wrong_usage(run: Runner, rooms: StandInRooms, film: Path, tmp_path: Path) -> None:
    earlier, picture, file = tmp_path / "earlier.json", tmp_path / "film.png", tmp_path / "file"
    earlier.write_text(json.dumps(run("predict", film, "--json").json))
    picture.write_bytes((Path(__file__).parent.parent / "examples" / "films" / "rsna_2136.webp").read_bytes())
    file.write_text("")
    wrong = {
        "unknown_report_format": (film, "--format", "word"),
        "several_formats": (film, *formats("text", "json")),
        "report_needs_dicom": (picture, "--format", "dicom-sr"),
        "report_needs_film": (earlier, "--format", "pdf"),
        "options_need_film": (earlier, "--format", "text", "--sex", "F"),
        "output_is_an_input": (earlier, "--format", "json", "--output", earlier),
        "report_needs_sex": (film, "--format", "growth-api", "--sex", "unknown"),
        "unknown_language": (film, "--format", "text", "--language", "xx"),
        "bad_age": (film, "--format", "text", "--chronological-age", "soon"),
    }
    for code, words in wrong.items():
        ran = run("report", *words)
        assert (ran.code, ran.out) == (2, ""), words
        assert f"[{code}]" in ran.err, words
    assert run("report", film, *formats("text", "json"), "--output", file).code == 2
    assert run("report", film).code == 2
    assert json.loads(earlier.read_text())["status"] == "ok"


def test_a_binary_report_is_not_shown_on_a_terminal(
    run: Runner, rooms: StandInRooms, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boneage.cli.report._on_terminal", lambda: True)
    ran = run("report", film, "--format", "pdf")
    assert (ran.code, ran.out) == (2, "")
    assert "[binary_on_terminal]" in ran.err
    assert run("report", film, "--format", "text").code == 0


def test_help_lists_the_formats(run: Runner) -> None:
    ran = run("report", "--help")
    assert ran.code == 0
    said = "".join(ran.out.replace("│", "").split())
    assert [name for name in FORMAT_NAMES if name not in said] == []
