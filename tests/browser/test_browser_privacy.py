"""Whose film it is stays on the page: the server says nothing of it and writes nothing of it to disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from made_films import dicom_film
from make_dicom import SECRET
from page_driver import Page, example, texts
from served import Served

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

EXPORT = texts("export")


def test_nothing_of_a_child_is_in_the_log_or_on_the_disk_of_the_server(
    start_browser: Callable[[str], Page], tmp_path: Path
) -> None:
    film, broken = tmp_path / f"{SECRET}_Child.dcm", tmp_path / f"{SECRET}_broken.dcm"
    film.write_bytes(dicom_film(PatientBirthDate="20140531", StudyDate="20251117"))
    broken.write_bytes(film.read_bytes()[:50_000])
    with Served() as served:
        page = start_browser(served.address).open()
        page.upload(film)
        shown = page.wait(lambda state: state.metrics and not state.busy, "the answer")
        assert f"{SECRET}, Child" in shown.text
        assert film.name in shown.text
        assert served.left_behind() == []
        titles = {title: name for name, title in texts("page")["panels"].items()}
        for title in page.panels():
            page.open_panel(titles[title])
        page.open_panel("export")
        for label in ("pdf", "json", "dicom-sr"):
            assert page.download(EXPORT["formats"][label], tmp_path / label).name.startswith("film-")
        page.upload(broken, example("rsna_1744.webp"))
        page.wait(lambda state: "3 films are read" in state.text and not state.busy, "all films are read")
        assert "The page is at" in served.said()
        for secret in (SECRET, "Child", "20140531", "2014-05-31", "20251117", "rsna_1744"):
            assert secret not in served.said()
            assert served.files_with([secret]) == []
        assert served.left_behind() == []
