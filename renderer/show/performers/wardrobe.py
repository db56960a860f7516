"""Change the avatars of performers, to others that were loaded before the show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from avatars.contact.records import NO_CONTACTS
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.errors import ShowError
from renderer.show.cues.kept import Kept
from renderer.show.document.cues import ActionEntry, AvatarAction, PaletteAction
from renderer.show.performers.performer import PerformerPipeline
from renderer.show.plan import WardrobePiece

_Worn = tuple[int, str, str]
"""Index of a performer, name of the avatar and of its palette; empty for their own."""


class Wardrobe:
    """The avatars among which performers change. Belongs to the tick's thread.

    An avatar that changes stands as its performer does from the next frame on; hair and cloth begin
    at rest.

    Args:
        performers: of the show.
        own: names of the performers' own avatars; empty for those without.
        pieces: further avatars, with the loaded file of each.
    """

    def __init__(
        self,
        performers: Sequence[PerformerPipeline],
        own: Sequence[str],
        pieces: Sequence[tuple[WardrobePiece, Avatar]],
    ) -> None:
        self._performers = tuple(performers)
        self._own = [*own, *[""] * len(performers)]
        self._known: dict[_Worn, tuple[int, AvatarInstance]] = {
            (number, "", ""): (number, one.instance) for number, one in enumerate(performers)
        }
        for row, (piece, avatar) in enumerate(pieces, len(performers)):
            instance = AvatarInstance(avatar)
            # Measured now, so that no frame waits for it.
            instance.touch(NO_CONTACTS)
            self._known[piece.performer, self._name(piece), piece.palette] = row, instance
        self._kept: Kept | None = None

    @property
    def rows(self) -> tuple[int, ...]:
        """Return the number among the renderer's avatars of the one that each performer has."""
        return tuple(one.row for one in self._performers)

    def apply(self, kept: Kept) -> None:
        """Change the avatars that are not as the tracked state says."""
        if kept is self._kept:
            return
        self._kept = kept
        for number, one in enumerate(self._performers):
            avatar, palette = kept.get(f"avatar/{number + 1}"), kept.get(f"palette/{number + 1}")
            name = avatar.avatar if isinstance(avatar, AvatarAction) else ""
            colors = palette.palette if isinstance(palette, PaletteAction) else ""
            name = "" if name == self._own[number] else name
            # A palette that an avatar does not have leaves its own colours.
            known = self._known.get((number, name, colors)) or self._known.get((number, name, ""))
            if known is not None and known[0] != one.row:
                one.wear(known[1], known[0])

    def check(self, action: ActionEntry) -> None:
        """Check that an avatar or a palette was loaded before the show.

        Raises:
            ShowError: no cue names it for this performer.
        """
        match action:
            case AvatarAction(performer=who, avatar=name) if name:
                own = self._own[int(who) - 1] if int(who) <= len(self._performers) else ""
                known = name == own or (int(who) - 1, name, "") in self._known
            case PaletteAction(performer=who, palette=name) if name:
                known = any(key[0] == int(who) - 1 and key[2] == name for key in self._known)
            case _:
                return
        if not known:
            raise ShowError(f"{name[:40]}", _NOT_LOADED, _REMEDY)

    def _name(self, piece: WardrobePiece) -> str:
        return "" if piece.avatar == self._own[piece.performer] else piece.avatar


_NOT_LOADED: Final = "was not loaded before the show for this performer"
_REMEDY: Final = "name it in a cue of the document, and start the show again"
