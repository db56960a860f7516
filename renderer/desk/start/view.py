"""Show the start page: three columns, and what a process answers. Closing it ends no show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QProcess, QRectF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPainter
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.start.model import (
    USAGES,
    FoundRow,
    ShowRow,
    StartModel,
    command,
    new_file,
    start_words,
)
from renderer.desk.translations.load import LANGUAGES
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.shapes import draw_shape
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr
from renderer.paths import FIRST_LIGHT

_ROW: Final = 46


class StartPage(QWidget):
    """Which show; what is there; what is missing; who are we."""

    def __init__(self, desk: DeskModel, folder: Path) -> None:
        """Show recent shows; devices and check are looked for when the page is first shown.

        Args:
            desk: of the window.
            folder: for new shows.
        """
        super().__init__()
        self._desk, self._folder = desk, folder
        self.model = StartModel(desk)
        self._processes: list[QProcess] = []
        self._has_looked = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GAP)
        row.addLayout(self._shows(), 30)
        row.addLayout(self._devices(), 34)
        row.addLayout(self._machine(), 32)
        self.model.shows.watch(self._show_shows)
        self.model.chosen.watch(lambda _: self._show_shows(self.model.shows.value))
        self.model.devices.watch(self.devices.set_rows)
        self.model.checks.watch(self.checks.set_rows)
        self.model.said.watch(self._said.setText)

    def look(self) -> None:
        """Look for shows, devices and faults; once by itself, then when asked."""
        self.model.look()
        if not self._has_looked:
            self._has_looked = True
            self.examine()

    def examine(self) -> None:
        """Look for devices, then check the machine: both open cameras, one after the other."""
        self._run(("devices", "--json"), self._take_devices)

    def start_show(self) -> None:
        """Start the chosen show off air, as a process that outlives the desk."""
        file = self.model.chosen.value
        if not file:
            return
        program, words = command(*start_words(file))
        is_started, _ = QProcess.startDetached(program, words, str(Path(file).parent))
        self.model.said.set(
            tr("The show is starting; the desk follows it when it answers.")
            if is_started
            else tr("The show could not be started: {program} cannot be run.", program=program)
        )

    def start_first_light(self) -> None:
        """Start the show to learn from."""
        self.model.chosen.set(str(FIRST_LIGHT))
        self.start_show()

    def check_show(self) -> None:
        """Open everything of the chosen show and send nothing."""
        self.model.said.set(tr("Checking…"))
        self._run(("show", self.model.chosen.value, "--check"), self._take_words)

    def edit_show(self) -> None:
        """Open the chosen show's document in the system's editor."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.model.chosen.value))

    def new_show(self) -> None:
        """Write a new show from the template, with this studio's use."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            self.model.said.set(f"{self._folder}: {fault.strerror}")
            return
        file = new_file(self._folder, self.name.text())
        self._run(("show", "--new", str(file)), partial(self._take_new, file))

    def open_file(self) -> None:
        """Add the typed file to the shows."""
        path = Path(self.file.text().strip()).expanduser()
        if path.is_file():
            self.model.add(path)
            self.file.clear()
        else:
            self.model.said.set(tr("{file} is no file.", file=path))

    def _shows(self) -> QVBoxLayout:
        self.shows = RowsView[ShowRow](
            _draw_show,
            lambda row: row.file,
            tr("No shows yet. Make one below."),
            lambda place: self.model.chosen.set(self.shows.rows[place].file),
            row=_ROW,
        )
        self.start = _button(tr("Rehearse, nothing goes out"), self.start_show)
        self.start.setObjectName("main")
        self.file = _field(tr("Open a file: show.toml"))
        self.file.returnPressed.connect(self.open_file)
        self.name = _field(tr("Name of a new show"))
        self.name.returnPressed.connect(self.new_show)
        self._said = QLabel()
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setProperty("role", "small")
        self._said.setWordWrap(True)
        acts = _line(_button(tr("Check"), self.check_show), _button(tr("Edit"), self.edit_show))
        new = _line(self.name, _button(tr("New show"), self.new_show))
        column = QVBoxLayout()
        column.setSpacing(tokens.GAP)
        column.addWidget(_panel(tr("Shows"), self.shows), 1)
        column.addWidget(_panel("", self.start, acts, self.file, new, self._said))
        return column

    def _devices(self) -> QVBoxLayout:
        self.devices = RowsView[FoundRow](
            _draw_found,
            lambda row: "\n".join(filter(None, (row.name, row.text, row.remedy))),
            tr("Looking for cameras, microphones, graphics and encoders…"),
            row=32,
        )
        column = QVBoxLayout()
        again = _button(tr("Look again"), self.examine)
        column.addWidget(_panel(tr("Devices found"), self.devices, beside=again))
        return column

    def _machine(self) -> QVBoxLayout:
        self.checks = RowsView[FoundRow](
            _draw_found,
            lambda row: "\n".join(filter(None, (row.name, row.text, row.remedy))),
            tr("The check begins when the devices are listed…"),
            row=_ROW,
        )
        self.studio = _field(tr("Name of the studio or performer"))
        self.studio.setText(self.model.studio)
        self.studio.editingFinished.connect(self._keep)
        self._usages = QButtonGroup(self)
        choices: list[QWidget] = [self.studio]
        for number, (usage, title, detail) in enumerate(USAGES):
            choice = QRadioButton(f"{tr(title)}: {tr(detail)}")
            choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            choice.setChecked(usage == self.model.usage)
            self._usages.addButton(choice, number)
            choices.append(choice)
        self._usages.idClicked.connect(lambda _: self._keep())
        operator = _field(tr("Who sits at this desk"))
        operator.setText(self._desk.operator)
        operator.editingFinished.connect(lambda: self._desk.change_operator(operator.text()))
        language = self._choose_language()
        hint = theme.label("small", tr("Every idol's licence is held against this."))
        hint.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(tokens.GAP)
        column.addWidget(_panel(tr("Check of this machine"), self.checks), 1)
        who = tr("Who performs, and for whose profit?")
        column.addWidget(_panel(who, *choices, hint, _line(operator, language)))
        return column

    def _choose_language(self) -> QComboBox:
        """Return the choice of the desk's language; each is named in its own words."""
        choice = QComboBox()
        choice.setAccessibleName(tr("Language"))
        choice.addItem(tr("The system's language"), "")
        for code, name in LANGUAGES.items():
            choice.addItem(name, code)
        choice.setCurrentIndex(max(choice.findData(self._desk.settings.language), 0))
        choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        choice.activated.connect(
            lambda place: self._desk.change_language(str(choice.itemData(place)))
        )
        return choice

    def _keep(self) -> None:
        number = self._usages.checkedId()
        usage = USAGES[number][0] if number >= 0 else ""
        self.model.keep_studio(self.studio.text().strip(), usage)

    def _show_shows(self, rows: tuple[ShowRow, ...]) -> None:
        self.shows.set_rows(rows)
        files = [row.file for row in rows]
        chosen = self.model.chosen.value
        self.shows.set_chosen(files.index(chosen) if chosen in files else -1)

    def _take_devices(self, _status: int, output: bytes, _errors: str) -> None:
        self.model.read_devices(output)
        self._run(("doctor", "--json"), lambda _s, checks, _e: self.model.read_checks(checks))

    def _take_words(self, status: int, output: bytes, errors: str) -> None:
        words = errors or output.decode(errors="replace")
        self.model.said.set(words.strip()[-600:] or (tr("Good.") if not status else "?"))

    def _take_new(self, file: Path, status: int, output: bytes, errors: str) -> None:
        if status:
            self._take_words(status, output, errors)
            return
        try:
            self.model.declare(file)
        except OSError as fault:
            self.model.said.set(f"{file}: {fault.strerror}")
        self.model.add(file)
        self.model.said.set(tr("{file} is ready: edit it, check it, rehearse it.", file=file))

    def _run(self, words: tuple[str, ...], take: Callable[[int, bytes, str], None]) -> None:
        """Run a command of `encore` beside the desk."""
        process = QProcess(self)
        self._processes.append(process)

        def finish(status: int, *_: object) -> None:
            self._processes.remove(process)
            output = bytes(process.readAllStandardOutput().data())
            errors = bytes(process.readAllStandardError().data()).decode(errors="replace")
            process.deleteLater()
            take(status, output, errors)

        process.finished.connect(finish)
        process.start(*command(*words))

    def close_processes(self) -> None:
        """End what still looks for devices; shows are not affected."""
        for process in list(self._processes):
            process.finished.disconnect()
            process.kill()
            process.waitForFinished(2000)
        self._processes.clear()


def _panel(title: str, *content: QWidget, beside: QWidget | None = None) -> QFrame:
    frame = QFrame()
    frame.setObjectName("panel")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(10, 8, 10, 10)
    layout.setSpacing(8)
    if title:
        head = QHBoxLayout()
        head.addWidget(ElidedLabel("title", title), 1)
        if beside is not None:
            head.addWidget(beside)
        layout.addLayout(head)
    for widget in content:
        layout.addWidget(widget)
    return frame


def _line(*content: QWidget) -> QWidget:
    line = QWidget()
    line.setObjectName("inner")
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in content:
        row.addWidget(widget, 1)
    return line


def _button(text: str, press: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setMinimumHeight(34)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _: press())
    return button


def _field(words: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    return field


def _draw_show(painter: QPainter, box: QRectF, row: ShowRow, _is_chosen: bool) -> None:
    half = box.height() / 2
    wide = box.width() - 24
    draw_text(painter, QRectF(12, box.y() + 3, wide, half - 2), row.title, theme.HI, weight=600)
    detail = QRectF(12, box.y() + half - 1, wide, half - 2)
    draw_text(painter, detail, row.detail, theme.DIM, size=tokens.SMALL)


def _draw_found(painter: QPainter, box: QRectF, row: FoundRow, _is_chosen: bool) -> None:
    wide, high, top = box.width(), box.height(), box.y()
    if row.is_heading:
        draw_text(painter, QRectF(12, top, wide, high), row.name, theme.DIM, size=tokens.SMALL)
        return
    is_tall = high >= _ROW - 4
    chip = chip_of(row.level, row.word or ("" if row.level is Level.IDLE else " "))
    left = 12.0
    if is_tall:
        mark = QRectF(left, top + high / 2 - 8, 16, 16)
        draw_shape(painter, chip.shape, mark, chip.color)
        left = 40
        half = high / 2
        room = QRectF(left, top + 2, wide - left - 10, half)
        draw_text(painter, room, f"{row.name}: {row.text}" if row.text else row.name, theme.HI)
        foot = QRectF(left, top + half - 1, wide - left - 10, half - 2)
        draw_text(painter, foot, row.remedy, theme.DIM, size=tokens.SMALL)
        return
    side = chip.width() if chip.word else 0
    if not row.word:
        draw_text(painter, QRectF(left, top, wide - 24, high), row.name, theme.DIM)
        return
    draw_text(painter, QRectF(left, top, wide * 0.5, high), row.name)
    option = QRectF(wide * 0.52, top, wide * 0.48 - side - 18, high)
    draw_text(painter, option, row.remedy or row.text, theme.DIM, size=tokens.SMALL)
    if side:
        chip.draw(painter, QRectF(wide - side - 10, top, side, high))
