"""Many films: one row each, in input order, whatever becomes of them."""

from __future__ import annotations

import io
import json
import os
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from batch_runs import folder_of_films, names, options, rows
from stand_ins import deadly_estimator

from boneage.batch import run as batch_run
from boneage.batch import workers as batch_workers
from boneage.batch.inputs import find_films
from boneage.batch.journal import Journal, file_hash
from boneage.batch.run import BatchSummary, run_batch
from boneage.errors import OutputError, UsageError
from boneage.options import EstimateOptions
from boneage.report.csv_row import COLUMNS


@pytest.fixture
def films(tmp_path: Path) -> Path:
    return folder_of_films(tmp_path)


def test_every_input_has_its_row_in_input_order(films: Path, tmp_path: Path) -> None:
    inputs = [films / "b.png", films / "missing.png", films / "a.png", films / "c.dcm"]
    summary = run_batch(inputs, options(tmp_path))
    table = rows(tmp_path)
    assert tuple(table[0]) == COLUMNS
    assert names(table) == ["b.png", "missing.png", "a.png", "c.dcm"]
    assert [row["status"] for row in table] == ["ok", "error", "ok", "error"]
    assert [row["reason_code"] for row in table] == ["", "not_found", "", "not_an_image"]
    assert summary == BatchSummary({"ok": 2, "error": 2}, kept=0)
    assert summary.films == 4


def test_a_folder_is_searched_deep_and_sorted(films: Path, tmp_path: Path) -> None:
    (films / "deep").mkdir()
    for name in ("deep/z.TIF", ".hidden.png", "notes.txt", "DICOMDIR", "1.2.840"):
        (films / name).write_bytes(b"x")
    found = [request.path.relative_to(films).as_posix() for request in find_films([films])]
    assert found == ["1.2.840", "IM1", "a.png", "b.png", "c.dcm", "deep/z.TIF"]


def test_a_folder_that_cannot_be_listed_has_a_row(films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b_closed", ".closed"):
        (films / name).mkdir()
        (films / name / "x.png").write_bytes(b"never seen")
    listed = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    run_batch([films], options(tmp_path))
    assert names(rows(tmp_path)) == ["IM1", "a.png", "b.png", "b_closed", "c.dcm"]
    assert rows(tmp_path)[3]["reason_code"] == "folder_unreadable"


def test_outputs_inside_the_input_folder_are_no_inputs(films: Path, tmp_path: Path) -> None:
    inside = replace(options(tmp_path), output=films / "report.csv", output_dir=films / "pictures")
    assert run_batch([films], inside).films == 4
    assert run_batch([films], inside).films == 4


def test_a_film_under_two_names_has_two_rows(films: Path, tmp_path: Path) -> None:
    (films / "twin.png").write_bytes((films / "a.png").read_bytes())
    run_batch([films / "a.png", films / "twin.png", films / "a.png"], options(tmp_path))
    first, second, third = rows(tmp_path)
    assert (first.pop("path"), second.pop("path")) == (str(films / "a.png"), str(films / "twin.png"))
    assert first == second
    assert third["sha256"] == first["sha256"]


def test_no_film_at_all(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_films([tmp_path])
    assert caught.value.code == "no_films"


def test_films_of_one_name_keep_their_own_files(films: Path, tmp_path: Path) -> None:
    (films / "deep").mkdir()
    (films / "deep" / "a.png").write_bytes(b"other")
    (films / "A.dcm").write_bytes(b"other")
    out = tmp_path / "pictures"
    inputs = [films / "a.png", films / "deep" / "a.png", films / "A.dcm", films / "b.png", films / "a.png"]
    run_batch(inputs, options(tmp_path, output_dir=out))
    sources = sorted(json.loads(path.read_text())["input"]["path"] for path in out.glob("*.json"))
    assert sources == sorted(str(path) for path in inputs)
    assert len({path.name.casefold() for path in out.iterdir()}) == 3 * len(inputs)
    assert (out / "b.json").is_file()


def test_files_of_each_film(films: Path, tmp_path: Path) -> None:
    run_batch([films / "a.png", films / "c.dcm"], options(tmp_path, output_dir=tmp_path / "pictures"))
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == [
        "a.json",
        "a_labels.png",
        "a_overlay.png",
        "c.json",
    ]


@pytest.mark.slow
def test_several_processes_give_the_same_report(films: Path, tmp_path: Path) -> None:
    inputs = [films / "b.png", films / "c.dcm", films / "IM1", films / "a.png", films / "missing"]
    run_batch(inputs, options(tmp_path))
    alone = rows(tmp_path)
    run_batch(inputs, options(tmp_path, workers=2))
    assert rows(tmp_path) == alone


@pytest.mark.slow
def test_a_film_that_kills_its_process_has_its_row(films: Path, tmp_path: Path) -> None:
    (films / "b.png").write_bytes(b"kill")
    summary = run_batch([films], options(tmp_path, workers=2, factory=deadly_estimator))
    by_name = {Path(row["path"]).name: row for row in rows(tmp_path)}
    assert by_name["b.png"]["reason_code"] == "worker_died"
    assert summary.counts == {"ok": 2, "error": 2}


class Interrupting:
    """A progress that interrupts after so many films."""

    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, done: int, total: int) -> None:
        if done == self.after:
            raise KeyboardInterrupt


def work_done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the films that are really worked on."""
    seen: list[str] = []
    original = batch_run.work_here

    def noting(tasks, work):  # type: ignore[no-untyped-def]
        for index, request in tasks:
            seen.append(request.path.name)
            yield from original([(index, request)], work)

    monkeypatch.setattr(batch_run, "work_here", noting)
    return seen


def test_resume_after_an_interruption(films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_batch([films], options(tmp_path), progress=Interrupting(2))
    assert not (tmp_path / "out" / "report.csv").exists(), "no half report"
    seen = work_done(monkeypatch)
    summary = run_batch([films], options(tmp_path, resume=True))
    assert seen == ["b.png", "c.dcm"]
    assert (summary.kept, summary.films) == (2, 4)
    assert names(rows(tmp_path)) == ["IM1", "a.png", "b.png", "c.dcm"]


class _Pool(ProcessPoolExecutor):
    """A pool that finishes the first film at once and the others never."""

    def __init__(self) -> None:
        self.given_up = False
        self.films = 0

    def submit(self, *call: object) -> Future[dict[str, str]]:  # type: ignore[override]
        future: Future[dict[str, str]] = Future()
        if not self.films:
            future.set_result({"status": "ok"})
        self.films += 1
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.given_up = self.given_up or cancel_futures


def test_an_interrupted_batch_begins_no_more_films(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = _Pool()
    monkeypatch.setattr(batch_workers, "_pool", lambda work, workers: pool)
    tasks = list(enumerate(find_films([films])))
    rows = batch_workers.work_in_processes(tasks, batch_workers.Work(EstimateOptions()), workers=2)
    assert next(iter(rows)) == (0, {"status": "ok"})
    assert not pool.given_up
    rows.close()  # type: ignore[attr-defined]
    assert pool.given_up


def test_a_full_disk_is_an_output_error(tmp_path: Path) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    journal = Journal(tmp_path / "done.jsonl")
    journal._file = Full()
    with pytest.raises(OutputError) as caught:
        journal.add("key", {"status": "ok"})
    assert caught.value.code == "output_not_writable"


def test_resume_survives_a_journal_that_was_cut_off(films: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_batch([films], options(tmp_path), progress=Interrupting(2))
    journal = options(tmp_path).journal
    journal.write_text(journal.read_text()[:-20])
    assert run_batch([films], options(tmp_path, resume=True)).kept == 1
    assert run_batch([films], options(tmp_path, resume=True)).kept == 3, "all but the one that failed"


def test_resume_reads_again_what_has_changed(films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_batch([films], options(tmp_path))
    (films / "a.png").write_bytes(b"another film")
    seen = work_done(monkeypatch)
    run_batch([films], options(tmp_path, resume=True))
    assert seen == ["a.png", "c.dcm"]


def test_resume_with_other_options_reads_all(films: Path, tmp_path: Path) -> None:
    run_batch([films], options(tmp_path))
    other = options(tmp_path, resume=True, estimate=EstimateOptions(method="measurement"))
    assert run_batch([films], other).kept == 0


def test_a_name_that_is_not_utf_8_has_its_row_and_is_resumed(films: Path, tmp_path: Path) -> None:
    odd = films / os.fsdecode(b"bad\xff.webp")
    odd.write_bytes(b"four")
    out = tmp_path / "pictures"
    run_batch([films], options(tmp_path, output_dir=out))
    assert names(rows(tmp_path)) == ["IM1", "a.png", "b.png", "bad\\udcff.webp", "c.dcm"]
    assert rows(tmp_path)[3]["status"] == "ok"
    assert run_batch([films], options(tmp_path, output_dir=out, resume=True)).kept == 4
    assert names(rows(tmp_path))[3] == "bad\\udcff.webp"


def test_two_names_that_are_not_utf_8_keep_their_own_files(films: Path, tmp_path: Path) -> None:
    odd = [films / os.fsdecode(b"bad\xff" + ending) for ending in (b".webp", b".png")]
    for path in odd:
        path.write_bytes(b"four")
    out = tmp_path / "pictures"
    run_batch(odd, options(tmp_path, output_dir=out))
    assert len(list(out.glob("*.json"))) == 2


def test_resume_does_not_wait_for_a_pipe(films: Path, tmp_path: Path) -> None:
    pipe = films / "pipe.png"
    os.mkfifo(pipe)
    assert file_hash(pipe) is None
    assert file_hash(films) is None
    assert file_hash(Path("/dev/zero")) is None


def test_what_is_too_large_for_a_film_is_not_hashed(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_hash(films / "a.png") is not None
    monkeypatch.setattr("boneage.batch.journal.MAX_FILE_BYTES", 2)
    assert file_hash(films / "a.png") is None


def test_resume_wants_the_files_too(films: Path, tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    run_batch([films], options(tmp_path, output_dir=out))
    (out / "a.json").unlink()
    assert run_batch([films], options(tmp_path, output_dir=out, resume=True)).kept == 2
    assert (out / "a.json").is_file()


def test_without_resume_all_is_read_again(films: Path, tmp_path: Path) -> None:
    run_batch([films], options(tmp_path))
    assert run_batch([films], options(tmp_path)).kept == 0


def test_an_unwritable_report_is_found_out_first(films: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        run_batch([films], options(tmp_path, output=tmp_path / "file" / "report.csv"))


def test_wrong_options(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        options(tmp_path, workers=0)
    assert caught.value.code == "bad_workers"
    with pytest.raises(UsageError) as caught:
        options(tmp_path, output=tmp_path)
    assert caught.value.code == "output_is_a_folder"


@pytest.mark.parametrize("name", ["combination.json", "quality.json"])
def test_a_newly_fitted_combination_or_gate_is_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from boneage.batch.journal import run_digest

    monkeypatch.setattr("boneage.software.WEIGHTS_FOLDER", tmp_path)
    (tmp_path / name).write_text("1")
    before = run_digest(EstimateOptions())
    assert run_digest(EstimateOptions()) == before
    (tmp_path / name).write_text("2")
    assert run_digest(EstimateOptions()) != before


@pytest.mark.parametrize("name", ["a.png", "list.csv"])
def test_no_input_is_written_over_by_the_report(films: Path, tmp_path: Path, name: str) -> None:
    (films / "list.csv").write_text("path\na.png\n")
    before = (films / name).read_bytes()
    with pytest.raises(UsageError) as caught:
        run_batch([films / name], options(tmp_path, output=films / "." / name))
    assert caught.value.code == "output_is_an_input"
    assert (films / name).read_bytes() == before


def test_a_film_of_a_folder_is_not_written_over_by_the_report(films: Path, tmp_path: Path) -> None:
    before = (films / "a.png").read_bytes()
    with pytest.raises(UsageError) as caught:
        run_batch([films], options(tmp_path, output=films / "a.png"))
    assert caught.value.code == "output_is_an_input"
    assert (films / "a.png").read_bytes() == before


def test_no_film_is_written_over_by_the_files_of_another(films: Path, tmp_path: Path) -> None:
    (films / "a_overlay.png").write_bytes(b"a film too")
    with pytest.raises(UsageError) as caught:
        run_batch([films / "a.png", films / "a_overlay.png"], options(tmp_path, output_dir=films))
    assert caught.value.code == "output_is_an_input"
    assert (films / "a_overlay.png").read_bytes() == b"a film too"
    run_batch([films / "a.png"], options(tmp_path, output_dir=tmp_path / "pictures"))


def test_the_folder_of_films_is_not_that_of_the_outputs(films: Path, tmp_path: Path) -> None:
    for folder in (films, tmp_path):
        with pytest.raises(UsageError) as caught:
            run_batch([films], options(tmp_path, output_dir=folder))
        assert caught.value.code == "output_is_an_input"
