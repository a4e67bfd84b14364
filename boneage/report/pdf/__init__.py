"""The PDF report: one page to look at, then everything that was measured."""

from boneage.report.pdf.document import write_pdf

__all__ = ["write_pdf"]
