"""Show the start page: three columns, and what a process answers. Closing it ends no show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QProcess, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
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
from renderer.desk.start.parts import (
    ROW,
    draw_found,
    draw_show,
    make_button,
    make_field,
    make_line,
    make_panel,
)
from renderer.desk.start.starter import ShowStarter
from renderer.desk.translations.load import LANGUAGES
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.rows import RowsView
from renderer.desk.words import tr
from renderer.paths import FIRST_LIGHT


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
        self._starter = ShowStarter(
            self, lambda: desk.in_contact.value, lambda text: self.model.said.set(text)
        )
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
        self._starter.start(program, list(words), Path(file).parent)

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
            draw_show,
            lambda row: row.file,
            tr("No shows yet. Make one below."),
            lambda place: self.model.chosen.set(self.shows.rows[place].file),
            row=ROW,
        )
        self.start = make_button(tr("Rehearse, nothing goes out"), self.start_show)
        self.start.setObjectName("main")
        self.file = make_field(tr("Open a file: show.toml"))
        self.file.returnPressed.connect(self.open_file)
        self.name = make_field(tr("Name of a new show"))
        self.name.returnPressed.connect(self.new_show)
        self._said = QLabel()
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setProperty("role", "small")
        self._said.setWordWrap(True)
        acts = make_line(
            make_button(tr("Check"), self.check_show), make_button(tr("Edit"), self.edit_show)
        )
        new = make_line(self.name, make_button(tr("New show"), self.new_show))
        column = QVBoxLayout()
        column.setSpacing(tokens.GAP)
        column.addWidget(make_panel(tr("Shows"), self.shows), 1)
        column.addWidget(make_panel("", self.start, acts, self.file, new, self._said))
        return column

    def _devices(self) -> QVBoxLayout:
        self.devices = RowsView[FoundRow](
            draw_found,
            lambda row: "\n".join(filter(None, (row.name, row.text, row.remedy))),
            tr("Looking for cameras, microphones, graphics and encoders…"),
            row=32,
        )
        column = QVBoxLayout()
        again = make_button(tr("Look again"), self.examine)
        column.addWidget(make_panel(tr("Devices found"), self.devices, beside=again))
        return column

    def _machine(self) -> QVBoxLayout:
        self.checks = RowsView[FoundRow](
            draw_found,
            lambda row: "\n".join(filter(None, (row.name, row.text, row.remedy))),
            tr("The check begins when the devices are listed…"),
            row=ROW,
        )
        self.studio = make_field(tr("Name of the studio or performer"))
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
        operator = make_field(tr("Who sits at this desk"))
        operator.setText(self._desk.operator)
        operator.editingFinished.connect(lambda: self._desk.change_operator(operator.text()))
        language = self._choose_language()
        hint = theme.label("small", tr("Every idol's licence is held against this."))
        hint.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(tokens.GAP)
        column.addWidget(make_panel(tr("Check of this machine"), self.checks), 1)
        who = tr("Who performs, and for whose profit?")
        column.addWidget(make_panel(who, *choices, hint, make_line(operator, language)))
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
        self._starter.forget()
        for process in list(self._processes):
            process.finished.disconnect()
            process.kill()
            process.waitForFinished(2000)
        self._processes.clear()
