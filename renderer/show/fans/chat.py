"""Count a chat's words for colours. No name and no text is kept, shown or logged."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Final

from renderer.show.fans.records import GESTURES, FanColor, Gesture, OutsideSummary

_PRESENT_NS: Final = 60_000_000_000
"""Nanoseconds for which somebody who wrote counts as present."""
_MOVING_NS: Final = 3_000_000_000
"""Nanoseconds for which a word counts as a cheer, as a connected fan's gesture does."""
MOST_PEOPLE: Final = 50_000
"""Largest number of people who are counted within that minute."""


class ChatCounter:
    """What the people of one chat do.

    Args:
        source: name of the chat.
        colors: with their words.
    """

    def __init__(self, source: str, colors: Sequence[FanColor]) -> None:
        self._source, self._count = source, len(colors)
        self._words = {
            word.casefold(): number for number, color in enumerate(colors) for word in color.words
        }
        # A person is a hash under a salt that no one keeps: two of their words count as one vote.
        self._salt = secrets.token_bytes(16)
        self._people: dict[bytes, tuple[int, int]] = {}

    def hear(self, who: str, text: str, now_ns: int) -> bool:
        """Count a message; return whether it contains a colour's word.

        Args:
            who: identifies the writer within the chat.
            text: of the message; only whole words count.
        """
        found = [
            number
            for word in text.casefold().split()
            if (number := self._words.get(word)) is not None
        ]
        if not found or len(self._people) >= MOST_PEOPLE:
            return False
        person = hashlib.blake2b(who.encode(), key=self._salt, digest_size=8).digest()
        self._people[person] = found[-1], now_ns
        return True

    def summarise(self, now_ns: int) -> OutsideSummary:
        """Return what the chat's people do now."""
        self._people = {
            person: one for person, one in self._people.items() if now_ns - one[1] < _PRESENT_NS
        }
        colors = [0] * self._count
        moving = 0
        for color, at_ns in self._people.values():
            colors[color] += 1
            moving += now_ns - at_ns < _MOVING_NS
        gestures = [0] * len(GESTURES)
        gestures[GESTURES.index(Gesture.CHEER)] = moving
        return OutsideSummary(self._source, len(self._people), tuple(colors), tuple(gestures))
