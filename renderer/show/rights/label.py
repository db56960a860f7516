"""Bring a show's disclosure into its titles, and check that its outputs carry the marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from renderer.output.spec import OutputSpec
from renderer.rights.disclosure import Disclosure
from renderer.rights.disclosure.marks import require_marks
from renderer.rights.disclosure.profile import Mark
from renderer.stage.text.label import LabelPlace, LabelStyle
from renderer.stage.text.titles import TitlePlan

SIGNED: Final = frozenset({"mp4", "hls"})
"""Kinds of outputs that get content credentials."""


def disclose(titles: TitlePlan, disclosure: Disclosure) -> TitlePlan:
    """Return titles with the label of a disclosure, in its form."""
    return replace(titles, disclosure=disclosure.label, label=style_of(disclosure))


def style_of(disclosure: Disclosure) -> LabelStyle:
    """Return the form of a disclosure's label."""
    place = LabelPlace(disclosure.place.value)
    return LabelStyle(place, disclosure.height, disclosure.seconds)


def require_marked_outputs(
    disclosure: Disclosure, outputs: Iterable[OutputSpec], *, is_keyed: bool
) -> None:
    """Check that outputs can carry the marks that a disclosure requires.

    Args:
        disclosure: of the show.
        outputs: that are about to be opened.
        is_keyed: whether the show draws over transparency.

    Raises:
        RightsError: one cannot; names the mark and what would do.
    """
    for output in outputs:
        # The encoders, and what hands on pictures as they are, mark every picture.
        carried = {Mark.WATERMARK} | ({Mark.CREDENTIALS} if output.kind in SIGNED else set())
        is_file = output.is_recording or output.is_images or output.kind == "hls"
        require_marks(
            disclosure, f"the output {output.shown}", carried, is_file=is_file, is_keyed=is_keyed
        )
