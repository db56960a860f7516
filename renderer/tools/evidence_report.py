"""Print an evidence pack as a PDF, with the pack attached.

Qt prints it, in a process of its own: neither a show nor the command line then loads Qt.
"""

from __future__ import annotations

import os
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Final

from renderer.errors import RightsError
from renderer.rights.audit.evidence import Evidence, load_evidence

_TIMEOUT_S: Final = 300
_SHOWN: Final = 20_000
"""Most lines of the journal in the PDF; all are in the attachment."""


def write_report(evidence: Path, place: Path) -> None:
    """Write a PDF of an evidence pack.

    Raises:
        RightsError: it could not be printed.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "renderer.tools.evidence_report", str(evidence), str(place)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )
    if done.returncode != 0 or not place.is_file():
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason was given"]
        raise RightsError(
            f"report {place}", f"could not be printed ({reason[0][:200]})", "choose another folder"
        )


def build_html(evidence: Evidence) -> str:
    """Return a verified evidence pack as HTML."""
    from renderer.show.journal.reader import format_records
    from renderer.show.journal.records import unpack

    records = [record for line in evidence.lines if (record := unpack(line)) is not None]
    shown = [line for line in format_records(records) if "  snapshot" not in line]
    rows = "".join(f"<div>{escape(line)}</div>" for line in shown[:_SHOWN])
    facts = "".join(f"<p>{escape(line.strip())}</p>" for line in evidence.describe())
    return (
        f"<h1>Evidence of a show</h1>{facts}"
        "<p>Nothing was changed since the holder of this certificate signed it. A certificate that "
        "Encore made does not say who the holder is; one from an authority does. The file attached "
        "to this PDF is the evidence itself: <b>encore verify</b> checks it.</p>"
        f"<h2>Journal</h2><div style='font-size:7pt; font-family:monospace'>{rows}</div>"
    )


def _print(source: Path, place: Path) -> None:
    from PySide6.QtGui import QGuiApplication, QPageSize, QPdfWriter, QTextDocument

    application = QGuiApplication([])
    writer = QPdfWriter(str(place))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setTitle("Evidence of a show")
    writer.addFileAttachment(source.name, source.read_bytes(), "application/json")
    document = QTextDocument()
    document.setHtml(build_html(load_evidence(source)))
    document.print_(writer)
    del document, writer, application


if __name__ == "__main__":
    _print(Path(sys.argv[1]), Path(sys.argv[2]))
