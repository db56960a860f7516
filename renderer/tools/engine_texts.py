"""Collect the forms of the sentences that a show tells its crew, for translation at the desk."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

MODULES: Final = (
    "renderer.motion.face.calibration",
    "renderer.output.answers",
    "renderer.output.encode.fallback_encoder",
    "renderer.output.sinks.local_sink",
    "renderer.output.sinks.recording",
    "renderer.output.sinks.relay",
    "renderer.output.sinks.rtmp_transport",
    "renderer.output.sinks.sink",
    "renderer.output.sinks.stream",
    "renderer.rights.footage.check",
    "renderer.rights.footage.consent",
    "renderer.rights.takes.models",
    "renderer.rights.vrm_terms",
    "renderer.show.containment",
    "renderer.show.control.camera_trial",
    "renderer.show.control.direct",
    "renderer.show.control.expressiveness",
    "renderer.show.control.permissions",
    "renderer.show.control.switch_inputs",
    "renderer.show.direction.commands",
    "renderer.show.direction.deaf_cues",
    "renderer.show.direction.document_commands",
    "renderer.show.direction.key_commands",
    "renderer.show.direction.new_sources",
    "renderer.show.direction.song_commands",
    "renderer.show.direction.staging.commands",
    "renderer.show.direction.transition_bar",
    "renderer.show.document.editor",
    "renderer.show.drop_monitor",
    "renderer.show.fans.commands",
    "renderer.show.frame_rate",
    "renderer.show.governor.control",
    "renderer.show.health.readiness",
    "renderer.show.input_alarms",
    "renderer.show.lights.commands",
    "renderer.show.monitors",
    "renderer.show.output_alarms",
    "renderer.show.performers.model_watch",
    "renderer.show.performers.own_models",
    "renderer.show.performers.wardrobe",
    "renderer.show.program.sound",
    "renderer.show.receivers.learnable",
    "renderer.show.receivers.learning",
    "renderer.show.rights.live_label",
    "renderer.show.rights.open",
    "renderer.show.rights.watch",
    "renderer.show.supervision.machine_keeper",
    "renderer.show.supervision.media_keeper",
    "renderer.show.supervision.software_fallback",
    "renderer.show.supervision.supervisor",
    "renderer.tools.devices.cameras",
    "renderer.tools.devices.graphics",
    "renderer.tools.devices.midi",
    "renderer.tools.devices.network",
    "renderer.tools.devices.sound",
    "renderer.tools.doctor.devices",
    "renderer.tools.doctor.examine",
    "renderer.tools.doctor.machine",
    "renderer.tools.doctor.parts",
    "renderer.tools.doctor.storage",
    "renderer.transport.machines.admission",
    "renderer.transport.machines.switchboard",
)
"""Modules whose sentences reach the desk: answers, alarms, findings, the log."""
_SINGLE_WORDS: Final = (
    "Alarm", "No-go", "Rights", "ended", "failed", "heard", "lost", "opening", "running", "seeing",
    "silent", "waiting",
)  # fmt: skip
"""Words of findings and refusals that stand alone."""


AVATAR_MODULES: Final = tuple(
    f"avatars.check.{one}"
    for one in (
        "avatar", "buffers", "constraints", "container", "document", "findings", "geometry",
        "gltf_schema", "humanoid", "nodes", "pictures", "schema", "show", "springs", "vrm",
        "vrm0_schema", "vrm_schema",
    )
)  # fmt: skip
"""Modules whose findings reach the desk on an avatar's card."""
_AVATAR_WORDS: Final = ("above", "below", "left", "right")
_NO_FINDINGS: Final = ("nothing to say against it", "the file", "{0} to {1}", "is {0}")
"""Texts of those modules that no card has, or that are figures alone."""


def collect_forms() -> list[str]:
    """Return every form, sorted, without repetition: a text of two words and more."""
    return sorted({*_SINGLE_WORDS, *_collect(MODULES)})


def collect_findings() -> list[str]:
    """Return the forms of the check of avatars, sorted, without repetition."""
    return sorted({*_AVATAR_WORDS, *_collect(AVATAR_MODULES)}.difference(_NO_FINDINGS))


def _collect(modules: Iterable[str]) -> Iterator[str]:
    for module in modules:
        spec = find_spec(module)
        if spec is not None and spec.origin is not None:
            yield from _read(Path(spec.origin))


def write_forms(path: Path, forms: Mapping[str, str]) -> None:
    """Write a language's catalogue."""
    text = json.dumps(dict(sorted(forms.items())), ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")


def _read(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # Docstrings, and the texts within another text.
    left_out = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    } | {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
        for part in node.values
    }  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        form = _form(node)
        if " " in form.strip() and any(one.isalpha() for one in form):
            yield form


def _form(node: ast.AST) -> str:
    """Return a text with numbered places for its values; empty if the node is none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    form, places = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            form += str(part.value)
        else:
            form += f"{{{places}}}"
            places += 1
    # A text that is formatted later has one more value.
    return form.replace("{}", f"{{{places}}}", 1)
