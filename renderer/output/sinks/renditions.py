"""Hold the encoders of the renditions that outputs ask for, one for all that ask for the same."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, MutableSet

import numpy as np
import numpy.typing as npt

from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import EncodedPacket
from renderer.output.encode.rendition import Rendition
from renderer.output.encode.rendition_encoder import RenditionEncoder
from renderer.transport.pixel_layout import PixelLayout


class Renditions:
    """The encoders beside the program's own. An encoder ends with the last output that uses it.

    Args:
        program: format of the program.
        avoided: names of hardware encoders that have failed in this show; one that fails is added.
        deliver: receives a rendition's packets, in its encoder's thread.
        fail: receives the reason for which a rendition's outputs must end.
        measure_fullness: returns how full the fullest queue of a rendition's streams is, 0 to 1.
    """

    def __init__(
        self,
        program: ProgramFormat,
        avoided: MutableSet[str],
        deliver: Callable[[Rendition, list[EncodedPacket]], None],
        fail: Callable[[Rendition, str], None],
        measure_fullness: Callable[[Rendition], float],
    ) -> None:
        self._program, self._avoided = program, avoided
        self._deliver, self._fail, self._measure_fullness = deliver, fail, measure_fullness
        self._encoders: dict[Rendition, RenditionEncoder] = {}
        self._ending: list[tuple[Rendition, RenditionEncoder]] = []
        self._lost: Counter[Rendition] = Counter()
        self._reserved: Counter[Rendition] = Counter()
        self._lock = threading.Lock()

    def reserve(self, rendition: Rendition) -> bytes:
        """Open a rendition's encoder, or use the open one; it stays open until `release`.

        Returns:
            The description of its streams.

        Raises:
            OutputError: the program cannot be encoded so.
            EncoderError: no encoder opens.
        """
        with self._lock:
            self._reserved[rendition] += 1
            found = self._encoders.get(rendition)
        if found is not None:
            return found.header
        try:
            made = RenditionEncoder(
                self._program,
                rendition,
                self._avoided,
                lambda packets: self._deliver(rendition, packets),
                lambda why: self._fail(rendition, why),
                lambda: self._measure_fullness(rendition),
            )
        except BaseException:
            self.release(rendition)
            raise
        with self._lock:
            self._encoders[rendition] = made
        return made.header

    def release(self, rendition: Rendition) -> None:
        """End a reservation: from now on the encoder is open as long as outputs use it."""
        with self._lock:
            self._reserved[rendition] -= 1

    def put_picture(
        self,
        planes: npt.NDArray[np.uint8],
        layout: PixelLayout,
        t_program_ns: int,
        t_seen_ns: int,
        join: bool,
    ) -> None:
        """Pass a picture to every encoder."""
        for encoder in self._open:
            encoder.put_picture(planes, layout, t_program_ns, t_seen_ns, join)

    def put_sound(self, packets: list[EncodedPacket]) -> None:
        """Pass the program's sound to every encoder, for the right order with its pictures."""
        for encoder in self._open:
            encoder.put_sound(packets)

    def retire(self, used: Collection[Rendition]) -> None:
        """End the encoders that no output uses."""
        with self._lock:
            for rendition in set(self._encoders) - set(used):
                if not self._reserved[rendition]:
                    encoder = self._encoders.pop(rendition)
                    encoder.close()
                    self._ending.append((rendition, encoder))
            ended = [one for one in self._ending if one[1].join(0.0)]
            for one in ended:
                self._ending.remove(one)
                self._lost[one[0]] += one[1].lost

    def finish(self, rendition: Rendition, then: Callable[[], None]) -> None:
        """End a rendition's encoder, and call `then` after its last packets."""
        with self._lock:
            encoder = None if self._reserved[rendition] else self._encoders.pop(rendition, None)
            if encoder is not None:
                self._ending.append((rendition, encoder))
        if encoder is None:
            then()
        else:
            encoder.close(then)

    def end(self, timeout: float) -> None:
        """End all encoders, and wait for their last packets, seconds at most."""
        with self._lock:
            encoders = [*self._encoders.values(), *(encoder for _, encoder in self._ending)]
        for encoder in encoders:
            encoder.close()
        deadline = time.monotonic() + timeout
        for encoder in encoders:
            encoder.join(max(0.1, deadline - time.monotonic()))

    def bits(self, rendition: Rendition) -> int:
        """Return a rendition's current bit rate, bits per second; 0 if it has none."""
        with self._lock:
            encoder = self._encoders.get(rendition)
        return encoder.bits if encoder is not None else 0

    def lost(self, rendition: Rendition) -> int:
        """Return how many pictures a rendition's encoders were too slow for, or have refused."""
        with self._lock:
            encoder = self._encoders.get(rendition)
            ending = sum(one.lost for other, one in self._ending if other == rendition)
            return self._lost[rendition] + ending + (encoder.lost if encoder is not None else 0)

    @property
    def lowered(self) -> dict[str, int]:
        """Return the bit rates that are below their targets, bits per second, by rendition."""
        with self._lock:
            return {
                rendition.shown: encoder.bits
                for rendition, encoder in self._encoders.items()
                if encoder.is_lowered
            }

    @property
    def notes(self) -> dict[str, str]:
        """Return a sentence about each replaced encoder, by rendition."""
        with self._lock:
            return {
                rendition.shown: encoder.note
                for rendition, encoder in self._encoders.items()
                if encoder.note
            }

    @property
    def is_empty(self) -> bool:
        """Return whether no encoder is open."""
        return not self._encoders

    @property
    def _open(self) -> list[RenditionEncoder]:
        with self._lock:
            return list(self._encoders.values())
