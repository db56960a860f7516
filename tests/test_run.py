"""The set-up file: what it says where it cannot go on, and that it does nothing twice."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

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
def test_elsewhere_it_says_what_it_cannot_install(
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
    monkeypatch.setattr(run, "install_python", lambda: pytest.fail("it set up again"))
    run.set_up("run")


def test_a_change_of_the_lock_sets_up_again(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = run.fingerprint("run")
    for name in run.SETUP_FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("changed")
    monkeypatch.setattr(run, "HERE", tmp_path)
    assert run.fingerprint("run") != before


def test_the_lock_names_every_requirement_once_and_torch_as_promised() -> None:
    import tomllib

    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    lines = (HERE / "requirements.lock").read_text().splitlines()
    locked = [line.split("==")[0].strip() for line in lines if "==" in line]
    assert len(set(locked)) == len(locked)
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {need.split(";")[0].split(">")[0].split("=")[0].strip() for need in wanted}
    assert names <= set(locked), names - set(locked)
    assert any(line.split("#")[0].strip() == "torch==2.13.0" for line in lines)
