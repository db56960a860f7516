from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import moderngl
import numpy as np
import pytest

from avatars.model import AlphaMode, Avatar, Material, OutlineMode, Texture, TextureUse
from renderer.errors import GraphicsError
from renderer.graphics.gpu.context import Adapter, open_context
from renderer.graphics.gpu.shaders import FOLDER, Programs, source
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

NO_DRIVER = """
from renderer.errors import GraphicsError
from renderer.graphics.gpu.context import open_context
try:
    open_context()
except GraphicsError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("name", "software"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", True),
        ("softpipe", True),
        ("Google SwiftShader", True),
        ("NVIDIA H200/PCIe/SSE2", False),
        ("Apple M2", False),
    ],
)
def test_software_is_known_by_its_name(name: str, software: bool) -> None:
    assert Adapter(name, "4.1").is_software is software


def test_no_driver_is_one_sentence_and_no_traceback() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("drivers are hidden through EGL's vendor list")
    environment = {**os.environ, "__EGL_VENDOR_LIBRARY_FILENAMES": "/nowhere.json"}
    done = subprocess.run(
        [sys.executable, "-c", NO_DRIVER], env=environment, capture_output=True, text=True,
        cwd=Path(__file__).parents[2], timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("OpenGL 4.1: no context could be opened")
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_a_refused_shader_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.vert.glsl").write_text("void main() { nonsense }")
    monkeypatch.setattr("renderer.graphics.gpu.shaders.FOLDER", tmp_path)
    context, _ = open_context()
    try:
        with pytest.raises(GraphicsError, match=r"broken\.vert\.glsl") as caught:
            Programs(context).get("broken.vert.glsl", None)
    finally:
        context.release()
    assert "\n" not in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


def test_sources_say_their_version_first_and_include_nothing_twice() -> None:
    for path in FOLDER.glob("*.*.glsl"):
        text = source(path.name, ("CUTOUT", "HAS_BASE"))
        assert text.startswith("#version 410 core\n#define CUTOUT 1\n")
        assert "#include" not in text
        assert text.count("uniform Frame") <= 1


@pytest.mark.parametrize(
    ("mode", "software"), list(product(AlphaMode, (True, False))), ids=lambda value: str(value)
)
def test_materials_with_everything_at_once_compile_and_draw(
    card: Callable[..., Avatar], stage: Callable[..., StageSet], state: Callable[..., StageState],
    standing: PosedAvatar, monkeypatch: pytest.MonkeyPatch, mode: AlphaMode, software: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(Adapter, "is_software", property(lambda self: software))
    use = TextureUse(0, (0.1, 0.2), (2.0, 1.5), 0.3)
    everything = Material(
        "everything", base_texture=use, alpha_mode=mode, double_sided=True,
        transparent_with_z_write=True, normal_texture=use, emissive=(0.1, 0.1, 0.1),
        emissive_texture=use, shade_texture=use, shading_shift_texture=use, matcap_texture=use,
        rim_color=(1.0, 1.0, 1.0), rim_texture=use, outline_mode=OutlineMode.SCREEN,
        outline_width=0.01, outline_width_texture=use, uv_scroll=(0.1, 0.1), uv_rotation=0.1,
        uv_mask_texture=use,
    )  # fmt: skip
    pixels = Texture("grey", np.full((5, 3, 4), 200, np.uint8), ("mirror", "clamp"))
    with StageRenderer(32, 32, stage(), [card(everything, pixels)]) as drawing:
        drawing.draw(state(standing, ambient=(0.5, 0.5, 0.5), seconds=1.5))
        assert drawing.picture()[16, 16].min() > 20
    bare = replace(everything, base_texture=None, normal_texture=None, matcap_texture=None)
    with StageRenderer(32, 32, stage(), [card(bare, pixels)]) as drawing:
        drawing.draw(state(standing, ambient=(0.5, 0.5, 0.5)))
        assert drawing.picture()[16, 16].min() > 20


def test_two_contexts_live_side_by_side() -> None:
    first, _ = open_context()
    second, _ = open_context()
    second.release()
    with first:
        assert isinstance(first.buffer(b"1234"), moderngl.Buffer)
    first.release()
