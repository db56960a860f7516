"""Have avatars' cards printed by a process of its own: loading and drawing take seconds."""

from __future__ import annotations

from PySide6.QtCore import QObject, QProcess

from renderer.desk.panels.avatars.model import AvatarsModel
from renderer.desk.start.model import command
from renderer.desk.words import language


class CardReader(QObject):
    """Reads the cards that a model asks for, one command at a time.

    Verdicts and checks come first; the faces that are in no cache are drawn by a second command,
    since that takes much longer without a GPU.

    Args:
        model: that takes them in.
        draws: whether faces are drawn.
    """

    def __init__(self, model: AvatarsModel, parent: QObject, *, draws: bool = True) -> None:
        super().__init__(parent)
        self._model, self._draws = model, draws
        self._process: QProcess | None = None
        self._read: tuple[str, ...] = ()

    @property
    def is_busy(self) -> bool:
        """Return whether cards are being read, or are to be."""
        return self._process is not None or self._model.asked.value != self._read

    def refresh(self) -> None:
        """Start reading if what the model asks for has changed."""
        if self._process is None and self._model.asked.value != self._read:
            self._read = self._model.asked.value
            self.start(self._read)

    def start(self, words: tuple[str, ...], *, draws: bool = False) -> None:
        """Run the command.

        Args:
            words: what it is about.
            draws: whether it draws the faces that are in no cache.
        """
        process = QProcess(self)
        output = bytearray()

        def read() -> None:
            output.extend(process.readAllStandardOutput().data())
            self._model.read(bytes(output))

        def finish(*_: object) -> None:
            read()
            self._process = None
            process.deleteLater()
            is_next = self._draws and not draws and self._model.asked.value == words
            if is_next and self._model.lacks_pictures():
                self.start(words, draws=True)

        process.readyReadStandardOutput.connect(read)
        process.finished.connect(finish)
        self._process = process
        options = ("--json",) if draws else ("--json", "--no-picture")
        spoken = ("--language", language())
        process.start(*command("avatar", "card", *words, *options, *spoken))

    def close(self) -> None:
        """End the command that still reads."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect()
            process.readyReadStandardOutput.disconnect()
            process.kill()
            process.waitForFinished(2000)
