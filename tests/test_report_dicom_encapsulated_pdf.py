"""The PDF within a DICOM object."""

from __future__ import annotations

import pytest
from dicom_films import film_of, read_again, run_tool, small_reading

from boneage.errors import UsageError
from boneage.report.dicom import encapsulated_pdf


@pytest.mark.parametrize("pdf", [b"%PDF-1.4 even", b"%PDF-1.4 even."])
def test_the_document_comes_out_as_it_went_in(pdf):
    reading = small_reading()
    source = film_of(reading)
    document = read_again(encapsulated_pdf(reading, source, pdf))
    assert document.SOPClassUID == "1.2.840.10008.5.1.4.1.1.104.1"
    assert document.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert len(document.EncapsulatedDocument) % 2 == 0
    assert document.EncapsulatedDocument[: document.EncapsulatedDocumentLength] == pdf
    assert document.SourceInstanceSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert document.VerificationFlag == "UNVERIFIED"
    assert document.ConceptNameCodeSequence[0].CodeValue == "37362-1"


def test_what_is_no_pdf_is_usage():
    reading = small_reading()
    with pytest.raises(UsageError) as caught:
        encapsulated_pdf(reading, film_of(reading), b"<html>")
    assert caught.value.code == "report_not_pdf"


def test_dciodvfy_finds_no_error(tmp_path):
    reading = small_reading()
    text = run_tool("dciodvfy", encapsulated_pdf(reading, film_of(reading), b"%PDF-1.4"), tmp_path)
    assert "EncapsulatedPDF" in text
    assert not [line for line in text.splitlines() if line.startswith("Error")]
