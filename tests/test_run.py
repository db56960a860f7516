"""Test the set-up script: its messages when it cannot continue, and that it repeats nothing."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

HERE = Path(__file__).resolve().parents[1]


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", HERE / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_the_standard_library_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(HERE / "run.py"), "help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "run.py demo" in done.stdout


def test_an_unknown_word_is_answered_with_the_known_ones(
    run: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["fly"]) == 2
    assert "run.py test" in capsys.readouterr().out


def test_without_root_it_prints_the_line_to_type(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.sys, "platform", "linux")
    monkeypatch.setattr(run, "missing_packages", lambda kind: [("libegl1",), ("xvfb",)])
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(run.SetupError, match=r"sudo apt-get install .*libegl1 xvfb"):
        run.install_system("run")


def test_without_apt_it_names_what_is_missing(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.sys, "platform", "linux")
    monkeypatch.setattr(run, "missing_packages", lambda kind: [("libegl1",)])
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(run.SetupError, match="libegl1"):
        run.install_system("run")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_it_reports_what_it_cannot_install(
    run: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    platform: str,
) -> None:
    monkeypatch.setattr(run.sys, "platform", platform)
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    run.install_system("test")
    assert "nginx" in capsys.readouterr().out


def test_a_missing_library_is_noticed(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LIBRARIES", {"libnowhere.so.7": ("libnowhere7",)})
    monkeypatch.setattr(run, "DRIVERS", ("nowhere*",))
    monkeypatch.setattr(run.sys, "platform", "linux")
    wanted = run.missing_packages("run")
    assert ("libnowhere7",) in wanted
    assert ("libgl1-mesa-dri",) in wanted


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 8, 0)])
def test_an_old_python_is_refused(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(run.sys, "version_info", version)
    with pytest.raises(run.SetupError, match=r"CPython 3\.11"):
        run.check_python()


def test_what_is_set_up_is_not_set_up_again(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stamp = tmp_path / "stamp"
    stamp.write_text(run.fingerprint("run") + "\n")
    monkeypatch.setattr(run, "STAMP", stamp)
    monkeypatch.setattr(run, "install_python", lambda kind: pytest.fail("it set up again"))
    run.set_up("run")


@pytest.mark.parametrize(
    ("kind", "name", "again"),
    [
        ("run", "requirements.lock", True),
        ("test", "requirements.lock", True),
        ("test", "requirements-dev.lock", True),
        ("run", "requirements-dev.lock", False),
    ],
)
def test_a_change_of_a_lock_that_is_used_sets_up_again(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, name: str,
    again: bool,
) -> None:  # fmt: skip
    for file in (*run.LOCKS["test"], *run.SETUP_FILES):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("as it was")
    monkeypatch.setattr(run, "HERE", tmp_path)
    before = run.fingerprint(kind)
    (tmp_path / name).write_text("changed")
    assert (run.fingerprint(kind) != before) is again


@pytest.mark.parametrize(
    ("kind", "locks"),
    [("run", ["requirements.lock"]), ("test", ["requirements.lock", "requirements-dev.lock"])],
)
def test_a_show_machine_installs_no_test_tools(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, kind: str, locks: list[str]
) -> None:
    steps: list[list[str]] = []
    monkeypatch.setattr(run, "quietly", steps.append)
    run.install_python(kind)
    installed = [step[k + 1] for step in steps for k, word in enumerate(step) if word == "-r"]
    assert installed == locks


def locked(name: str) -> dict[str, tuple[str, str]]:
    """Return package → version and requiring package, of a lock file."""
    lines = (HERE / name).read_text().splitlines()
    parts = [re.fullmatch(r"([a-z0-9-]+)==([^ ]+) +# via (.+)", line) for line in lines]
    assert all(parts), [line for line, part in zip(lines, parts, strict=True) if part is None]
    found = {part[1]: (part[2], part[3]) for part in parts if part is not None}
    assert len(found) == len(lines), "a package is locked twice"
    return found


def canonical(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[ ;<>=!~\[(]", requirement)[0]).lower()


def test_the_locks_hold_every_requirement_and_are_apart() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    runtime, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert not runtime.keys() & dev.keys()
    wanted = set(map(canonical, project["dependencies"]))
    for name, extra in extras.items():
        # Beat detection is installed on demand alone; the tests lock it. Virtual cameras, NDI and
        # Link come under licences that a user accepts by installing them, and are locked nowhere.
        if name not in ("dev", "beats", "vcam", "ndi", "link"):
            wanted |= set(map(canonical, extra))
    assert wanted <= runtime.keys(), wanted - runtime.keys()
    tools = set(map(canonical, [*extras["dev"], *extras["beats"]]))
    assert tools <= runtime.keys() | dev.keys()
    assert not any(name.startswith(("pytest", "mypy", "ruff", "hypothesis")) for name in runtime)
    assert runtime["torch"][0] == "2.13.0"
    assert runtime["pyside6-essentials"][0] < "6.12"


def test_the_locks_are_closed_and_say_who_asks_for_each_package() -> None:
    runtime, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    everything = {**runtime, **dev}
    asks: dict[str, set[str]] = {name: set() for name in everything}
    for name, (pinned, _) in everything.items():
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue  # An optional package that is absent on this machine.
        if installed.version.partition("+")[0] != pinned:
            continue
        for line in installed.requires or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed = canonical(requirement.name)
                assert needed in everything, f"{name} needs {needed}, which is not locked"
                assert name in dev or needed in runtime, f"{needed} is locked for tests alone"
                asks[needed].add(name)
    for name, (_, via) in everything.items():
        told = set(map(str.strip, via.split(",")))
        # The run-time lock does not contain the test tools' dependencies.
        askers = asks[name] - dev.keys() if name in runtime else asks[name]
        assert askers <= told, f"{name}: {askers - told} asks for it too"


@pytest.mark.parametrize(
    ("names", "codes", "code", "runs"),
    [
        ([], [0], 0, 1),
        (["b", "a"], [1, 0], 0, 2),
        (["a"], [1, 1], 1, 2),
        ([str(k) for k in range(6)], [1], 1, 1),
        (["a"], [2], 2, 1),
    ],
)
def test_a_few_failed_tests_are_run_once_more_by_themselves(
    run: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    names: list[str],
    codes: list[int],
    code: int,
    runs: int,
) -> None:
    commands: list[tuple[str, ...]] = []

    def answer(*command: str) -> int:
        commands.append(command)
        (tmp_path / "lastfailed").write_text(json.dumps(dict.fromkeys(names, True)))
        return codes[len(commands) - 1]

    (tmp_path / "lastfailed").write_text('{"failed in an earlier run": true}')
    monkeypatch.setattr(run, "LAST_FAILED", tmp_path / "lastfailed")
    monkeypatch.setattr(run, "run", answer)
    monkeypatch.setattr(run, "compile_modules", lambda: None)
    assert run.test_all() == code
    assert len(commands) == runs
    if runs == 2:
        assert commands[1][-len(names) :] == tuple(sorted(names))
    assert ("UNSTABLE" in capsys.readouterr().out) == (codes == [1, 0])


def test_modules_are_compiled_where_python_writes_no_bytecode(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    source = HERE / "avatars" / "errors.py"
    compiled = Path(importlib.util.cache_from_source(str(source)))
    compiled.unlink(missing_ok=True)
    monkeypatch.setattr(run, "PACKAGES", ("avatars/errors.py",))
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    run.compile_modules()
    assert compiled.is_file()


def test_a_damaged_list_of_failed_tests_is_none(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "LAST_FAILED", tmp_path / "lastfailed")
    assert run.read_failed() == []
    (tmp_path / "lastfailed").write_text("{")
    assert run.read_failed() == []
