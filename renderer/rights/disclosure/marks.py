"""Check that an output can carry the marks that a disclosure requires."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from renderer.errors import RightsError
from renderer.rights.disclosure import Disclosure
from renderer.rights.disclosure.profile import Mark

_WORDS: Final = {Mark.WATERMARK: "watermark", Mark.CREDENTIALS: "C2PA content credentials"}


def require_marks(
    disclosure: Disclosure, thing: str, carried: Iterable[Mark], *, is_file: bool, is_keyed: bool
) -> None:
    """Check one output.

    Args:
        disclosure: of the show.
        thing: the output, for the sentence.
        carried: marks that it can carry.
        is_file: whether it stays as files: a recording, a playlist, images.
        is_keyed: whether its pictures are material over transparency, without label and marks.

    Raises:
        RightsError: it lacks a required mark, or may not be recorded as material.
    """
    rule = " and ".join(disclosure.profiles)
    if is_keyed:
        if disclosure.allows_keyed:
            return
        raise RightsError(
            thing,
            f"has pictures over transparency without label and marks, which the disclosure profile "
            f"{rule} forbids for the likeness of a real person",
            "leave out --alpha, or name who answers for it with --without-disclosure",
        )
    required = disclosure.marks | (disclosure.file_marks if is_file else frozenset())
    missing = sorted(required - set(carried), key=lambda mark: mark.value)
    if missing:
        words = " and ".join(_WORDS[mark] for mark in missing)
        raise RightsError(
            thing,
            f"cannot carry the {words} that the disclosure profile {rule} requires",
            "record a file ending in .mp4 or an HLS folder, or name who answers for it with "
            "--without-disclosure",
        )
