"""Start a show as a process that outlives the desk, and tell what it says until it answers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, QTimer

from renderer.desk.widgets.formatting import remove_secrets
from renderer.desk.words import tr

_LOOK_MS: Final = 500
_MOST: Final = 600
"""Characters of a show's last words that are shown."""


class ShowStarter(QObject):
    """Starts shows. Until the desk is in contact, it reports a show's words: why it does not start.

    Args:
        parent: whose life it shares; shows are not affected.
        is_followed: returns whether the desk is in contact with a show.
        notify: shows a sentence.
    """

    def __init__(
        self, parent: QObject, is_followed: Callable[[], bool], notify: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self._is_followed, self._notify = is_followed, notify
        self._file: Path | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self, program: str, words: list[str], folder: Path) -> None:
        """Start a show in a folder."""
        self.forget()
        with tempfile.NamedTemporaryFile(prefix="encore-start-", delete=False) as file:
            self._file = Path(file.name)
        process = QProcess()
        process.setProgram(program)
        process.setArguments(words)
        process.setWorkingDirectory(str(folder))
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(str(self._file))
        # Qt's stubs declare a tuple; what is returned is whether it has started.
        has_started: object = process.startDetached()
        if not has_started:
            self.forget()
            text = tr("The show could not be started: {program} cannot be run.", program=program)
            self._notify(text)
            return
        self._timer.start()
        self._notify(tr("The show is starting; the desk follows it when it answers."))

    def forget(self) -> None:
        """Tell no more of what a show says; it goes on."""
        self._timer.stop()
        if self._file is not None:
            self._file.unlink(missing_ok=True)
        self._file = None

    def _look(self) -> None:
        if self._is_followed():
            self.forget()
        elif self._file is not None:
            said = self._file.read_text(encoding="utf-8", errors="replace").strip()
            if said:
                self._notify(remove_secrets(said[-_MOST:]))
