"""Compare materials with three-vrm: each sweep is drawn by both with the key light alone.

FLIP (Andersson et al., "FLIP: A Difference Evaluator for Alternating Images", 2020) measures the
difference that is visible when alternating two pictures. The contact sheet
`out/threevrm_pairs.png` contains our picture, theirs and the FLIP map of each pair.
docs/rendering.md lists the deviations.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import io
import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import flip_evaluator
import numpy as np
import numpy.typing as npt
import pytest
from browser import Browser, find_chromium
from material_sweeps import Sweep, all_sweeps, build
from PIL import Image, ImageDraw

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from avatars.write import write_vrm
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import Backdrop, StageSet

SIZE = 128
BOUND = 0.06
SHEET = Path(__file__).parents[2] / "out" / "threevrm_pairs.png"
BLACK = Backdrop((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
FOV = math.radians(24.0)
LIGHT = (0.75, 0.75, 0.75)
SWEEPS = {sweep.name: sweep for sweep in all_sweeps()}
BOUNDS = {name: sweep.within for name, sweep in SWEEPS.items()}
DOCUMENT = Path(__file__).parents[2] / "docs" / "rendering.md"
FEATURE = "pictures: mean FLIP"
DEVIATING = "pictures that deviate: mean FLIP"
FILES = {
    "VRMC_materials_mtoon_UV_Animation_Test.vrm": 1.25,
    "EmissionMigration_v0.107.0.vrm": 0.0,
    "Godette_vrm_v4.vrm": 0.0,
    "sweeps/mtoon_default.vrm": 0.0,
    "sweeps/mtoon_rimLightingMix_0p5.vrm": 0.0,
    "sweeps/mtoon_shadingShift_neg1.vrm": 0.0,
    "sweeps/mtoon_shadingToony_1.vrm": 0.0,
}
"""Shared avatars, and the time at which they are drawn, seconds."""

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Subject:
    """An avatar to draw, the sphere that the camera frames, and the file that three-vrm reads."""

    name: str
    avatar: Avatar
    file: Path
    center: tuple[float, float, float]
    radius: float
    seconds: float

    @property
    def camera(self) -> Camera:
        x, y, z = self.center
        away = 1.15 * self.radius / math.sin(FOV / 2.0)
        return Camera((x, y, z + away), self.center, FOV, 0.1 * away, 4.0 * away)

    @property
    def light(self) -> Light:
        x, y, z = self.center
        return Light((x + 2.0, y + 1.5, z + 2.5), self.center, LIGHT)


class Peer:
    """three-vrm in a browser."""

    def __init__(self, folder: Path, profile: Path) -> None:
        self._folder = folder
        handler = functools.partial(_Quiet, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        flags = "--use-gl=angle", "--use-angle=gl-egl", "--ignore-gpu-blocklist"
        url = f"http://127.0.0.1:{self._server.server_port}/draw.html"
        self._browser = Browser(profile, url, flags)

    def wait_until_loaded(self) -> None:
        deadline = time.monotonic() + 60.0
        while True:
            # While the page loads, its context may be destroyed during an evaluation.
            with contextlib.suppress(AssertionError):
                if self._browser.evaluate("!!window.draw"):
                    return
            assert time.monotonic() < deadline, "the page of three-vrm does not load"
            time.sleep(0.1)

    def draw(self, subject: Subject, *, mended: bool = False) -> Picture:
        copy = self._folder / "subject.vrm"
        copy.write_bytes(subject.file.read_bytes())
        camera, light = subject.camera, subject.light
        job = {
            "file": "subject.vrm",
            "size": SIZE,
            "seconds": subject.seconds,
            "camera": {
                "position": camera.position,
                "target": camera.target,
                "fovDegrees": math.degrees(camera.fov_y),
                "near": camera.near,
                "far": camera.far,
            },
            "light": {"position": light.position, "target": light.target, "color": light.color},
            "mended": mended,
        }
        url = self._browser.evaluate(f"window.draw({json.dumps(job)})")
        with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as image:
            return np.asarray(image.convert("RGB"))

    def close(self) -> None:
        self._browser.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}  # noqa: RUF012

    def log_message(self, *args: object) -> None:
        """Write nothing."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


@pytest.fixture(scope="module")
def peer(reference: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    find_chromium()
    peer = Peer(reference.folder, tmp_path_factory.mktemp("browser"))
    try:
        peer.wait_until_loaded()
        yield peer
    finally:
        peer.close()


def write_sweep(sweep: Sweep, folder: Path) -> Subject:
    avatar = build(sweep)
    file = folder / f"{sweep.name}.vrm"
    file.write_bytes(write_vrm(avatar))
    # Draw the avatar as read back from the file, so that writing is tested, too.
    avatar = load_avatar(file)
    center = AvatarInstance(avatar).world[0, :3, 3]
    x, y, z = (float(value) for value in center)
    return Subject(sweep.name, avatar, file, (x, y, z), 0.55, sweep.seconds)


def load_shared(path: Path, seconds: float) -> Subject:
    avatar = load_avatar(path)
    with_bounds = _world_points(avatar)
    low, high = with_bounds.min(axis=0), with_bounds.max(axis=0)
    x, y, z = (float(value) for value in (low + high) / 2.0)
    return Subject(path.stem, avatar, path, (x, y, z), float(max(high - low)) / 2.0, seconds)


def _world_points(avatar: Avatar) -> npt.NDArray[np.float64]:
    world = AvatarInstance(avatar).world
    points = []
    for instance in avatar.instances:
        for part in avatar.meshes[instance.mesh].primitives:
            at = np.concatenate((part.position, np.ones((len(part.position), 1))), axis=1)
            if instance.skin is None:
                points.append((at @ world[instance.node].T)[:, :3])
            else:
                skin = avatar.skins[instance.skin]
                palette = world[skin.joints] @ skin.inverse_bind
                moved = np.einsum("nkij,nj->nki", palette[part.joints], at)
                points.append((moved * part.weights[..., None]).sum(axis=1)[:, :3])
    return np.concatenate(points).astype(np.float64)


def draw_ours(subjects: Sequence[Subject]) -> list[Picture]:
    pictures = []
    avatars = [subject.avatar for subject in subjects]
    with StageRenderer(SIZE, SIZE, StageSet("black", (), BLACK), avatars, samples=0) as drawing:
        for number, subject in enumerate(subjects):
            posed = (PosedAvatar.of(number, AvatarInstance(subject.avatar)),)
            t_ns = int(subject.seconds * 1e9)
            faults = drawing.draw(
                StageState(number, t_ns, 0, posed, (subject.light,), (0.0,) * 3, subject.camera)
            )
            assert not faults
            drawing.collect()
            pictures.append(drawing.picture().copy())
    return pictures


def flip(theirs: Picture, ours: Picture) -> tuple[Picture, float]:
    """Return the error map as a picture, and its mean."""
    as_floats = (np.float32(picture) / np.float32(255.0) for picture in (theirs, ours))
    map_, mean, _ = flip_evaluator.evaluate(*as_floats, "LDR")
    return np.uint8(np.clip(map_ * 255.0, 0, 255)), float(mean)


def draw_sheet(rows: Sequence[tuple[str, Picture, Picture, Picture, float]], path: Path) -> None:
    across, label = 4, 14
    height, width = SIZE + label, 3 * SIZE + 8
    lines = math.ceil(len(rows) / across)
    sheet = Image.new("RGB", (across * width, lines * height), (40, 40, 40))
    pen = ImageDraw.Draw(sheet)
    for number, (name, ours, theirs, error, mean) in enumerate(rows):
        x, y = number % across * width, number // across * height
        pen.text((x, y), f"{name}  FLIP {mean:.3f}", fill=(255, 255, 255))
        for place, picture in enumerate((ours, theirs, error)):
            sheet.paste(Image.fromarray(picture), (x + place * SIZE, y + label))
    path.parent.mkdir(exist_ok=True)
    sheet.save(path)


@pytest.mark.timeout(900)
def test_materials_look_as_in_the_reference(
    peer: Peer, tmp_path: Path, difference: Callable[..., None]
) -> None:
    subjects = [write_sweep(sweep, tmp_path) for sweep in SWEEPS.values()]
    compare(subjects, peer, SHEET, difference, BOUNDS)


def test_only_stated_deviations_have_larger_bounds() -> None:
    stated = DOCUMENT.read_text(encoding="utf-8")
    for name, bound in BOUNDS.items():
        assert bound == BOUND or f"| {name} | {bound:g} |" in stated, name


@pytest.mark.timeout(600)
def test_shared_avatars_look_as_in_the_reference(
    peer: Peer, shared_data: Path, difference: Callable[..., None]
) -> None:
    subjects = [
        load_shared(shared_data / "avatars" / name, seconds) for name, seconds in FILES.items()
    ]
    compare(subjects, peer, SHEET.with_stem("threevrm_shared_pairs"), difference, {})


def compare(
    subjects: Sequence[Subject],
    peer: Peer,
    sheet: Path,
    difference: Callable[..., None],
    bounds: dict[str, float],
) -> None:
    """Compare pictures with the peer's, and those that deviate also with the peer mended.

    Args:
        sheet: file to which the pairs are drawn.
        difference: records and asserts a figure.
        bounds: FLIP within which each picture is; BOUND for those that are not named.
    """
    rows, mended = [], []
    for subject, ours in zip(subjects, draw_ours(subjects), strict=True):
        theirs = peer.draw(subject)
        rows.append((subject.name, ours, theirs, *flip(theirs, ours)))
        if bounds.get(subject.name, BOUND) > BOUND:
            theirs = peer.draw(subject, mended=True)
            mended.append((f"{subject.name}, mended", ours, theirs, *flip(theirs, ours)))
    draw_sheet([*rows, *mended], sheet)
    assert all(theirs.max() > 40 for _, _, theirs, _, _ in rows), f"black: see {sheet}"
    for name, _, _, _, mean in mended:
        difference(DEVIATING, name, mean, "", BOUND, mended=True)
    worst = sorted(rows, key=lambda row: bounds.get(row[0], BOUND) - row[4])
    for name, _, _, _, mean in reversed(worst):
        bound = bounds.get(name, BOUND)
        difference(FEATURE if bound == BOUND else DEVIATING, name, mean, "", bound)
