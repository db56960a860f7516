"""Check a show by a dry run: open all its parts except the outputs, and close them again."""

from __future__ import annotations

from pathlib import Path

from renderer.protocol.alarms import Alarms
from renderer.protocol.readiness import Finding
from renderer.show.document.sound import find_device_faults
from renderer.show.host.local import LocalHost
from renderer.show.plan import ShowPlan
from renderer.show.progress import Progress
from renderer.show.show import Show


class _Silent:
    """Listens to nothing: a dry run has no progress."""

    def on_start(self, alarms: Alarms, folder: Path) -> None:
        """Do nothing."""

    def on_progress(self, progress: Progress) -> None:
        """Do nothing."""


def check_show(plan: ShowPlan) -> tuple[list[str], list[Finding]]:
    """Return what was opened and what is worth a warning, a line each, and the findings.

    Avatars, their licences, song, set, screens, inputs, trackers, the renderer and the encoder are
    opened as for a show, and so is every sound device; nothing is recorded or sent.

    Raises:
        RendererError: a part cannot be opened.
    """
    if plan.sound is not None:
        for fault in find_device_faults(plan.sound):
            raise fault
    return Show(plan, _Silent(), LocalHost(plan.machines)).check()
