"""Test that a monitor shows the same picture on a surface of OpenGL and painted by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

COMPARE = """
import sys
import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow
from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.shell.app import application
from renderer.desk.widgets import surface
from renderer.desk.widgets.monitor import Monitor, Tally
from renderer.desk.widgets.surface import GpuSurface, has_gpu

app = application()
if not has_gpu():
    print("no OpenGL")
    sys.exit(0)


def turn(milliseconds=50):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def fill(monitor, shade):
    high, wide = monitor.picture_size[1], monitor.picture_size[0]
    pixels = np.zeros((high, wide, 3), np.uint8)
    pixels[:, :, 0] = np.linspace(0, 255, wide)[None]
    pixels[:, :, 1] = shade
    pixels[::2, :, 2] = 200
    monitor.set_pixels(pixels)
    monitor.set_state(Tally.AIR, "PROGRAM", "2 Ren CU")
    monitor.set_landmarks(Landmarks(left=(((0.2, 0.2), (0.6, 0.7)),)))


def read(window):
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].astype(np.int16)


def show(monitor):
    window = QMainWindow()
    window.setCentralWidget(monitor)
    window.resize(640, 360)
    window.show()
    turn()
    return window


def compare(one, other):
    for _ in range(200):
        turn()
        found = np.abs(read(one) - read(other))
        if found.mean() < 2.0:
            return found.mean()
    return found.mean()


drawn = Monitor("none")
assert drawn.findChild(GpuSurface) is not None
surface.has_gpu = lambda: False
painted = Monitor("none")
assert painted.findChild(GpuSurface) is None
windows = [show(drawn), show(painted)]
for shade in (40, 180):
    for monitor in (drawn, painted):
        fill(monitor, shade)
    print("difference", compare(*windows))
assert read(windows[0]).std() > 20, "a picture, not a plain ground"
# Another window has another context: the one before is lost with all that was on it.
drawn.setParent(None)
windows[0].close()
windows[0] = show(drawn)
print("difference", compare(*windows))
for shade in range(40, 100):
    fill(drawn, shade)
    turn(1)
fill(painted, 99)
print("difference", compare(*windows))
for window in windows:
    window.close()
print("done")
"""


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="needs Xvfb")
def test_a_surface_shows_what_the_painter_shows() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "ENCORE_MONITORS": "gpu"}
    done = subprocess.run(
        ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", sys.executable, "-c", COMPARE],
        env=environment, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    if done.stdout.strip() == "no OpenGL":
        pytest.skip("Xvfb has no OpenGL here")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "done", done.stdout + done.stderr
    differences = [float(line.split()[1]) for line in lines if line.startswith("difference")]
    assert len(differences) == 4
    # Edges of lines and letters are smoothed a little differently.
    assert max(differences) < 2.0, "mean of 255 steps"
