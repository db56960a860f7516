"""Join a Link session behind a protocol of tempo and beat."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from renderer.errors import SetupError


class LinkSession(Protocol):
    """The tempo and the beat that all programs of a session share."""

    @property
    def peers(self) -> int:
        """Return the number of other programs."""
        ...

    @property
    def tempo(self) -> float:
        """Return the beats per minute."""
        ...

    @property
    def beat(self) -> float:
        """Return the beat of now, from any origin."""
        ...

    def set_tempo(self, bpm: float) -> None:
        """Change the tempo, 20 to 999 beats per minute."""
        ...

    def force_beat(self, beat: float) -> None:
        """Make this the beat of now for everybody."""
        ...

    def close(self) -> None:
        """Leave the session. Idempotent."""
        ...


class SystemLink:
    """A session on this machine's networks, by aalink.

    The package is GPL-3: it neither comes with the program nor is an extra of it. It is used where
    a user has installed it.

    Args:
        beats_per_bar: of the session's phase.

    Raises:
        SetupError: the package is not installed.
    """

    def __init__(self, beats_per_bar: int) -> None:
        try:
            import aalink
        except ImportError as fault:
            raise SetupError(
                "Ableton Link",
                "needs the package aalink, which is GPL-3 and does not come with the program",
                "pip install aalink",
            ) from fault

        async def make() -> Any:
            return aalink.Link(120.0)

        # The package asks for an event loop, in which one could wait for beats; nobody does here.
        self._link: Any = asyncio.run(make())
        self._link.quantum = float(beats_per_bar)
        self._link.enabled = True

    @property
    def peers(self) -> int:
        """See LinkSession."""
        return int(self._link.num_peers)

    @property
    def tempo(self) -> float:
        """See LinkSession."""
        return float(self._link.tempo)

    @property
    def beat(self) -> float:
        """See LinkSession."""
        return float(self._link.beat)

    def set_tempo(self, bpm: float) -> None:
        """See LinkSession."""
        self._link.tempo = bpm

    def force_beat(self, beat: float) -> None:
        """See LinkSession."""
        self._link.force_beat(beat)

    def close(self) -> None:
        """See LinkSession."""
        self._link.enabled = False
