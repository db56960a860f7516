"""Who is who: performers keep their places while they cross, hide behind each other, leave, return.

A camera's performers are a fixed number of places. At the start they are given, from left to right,
to the most prominent people in the picture; whoever else is there is a bystander and is ignored.
From then on what is found in a frame is given to the places by what makes sense as a whole: each
pair of a place and a sighting costs

    |found − predicted| / reach  +  2 · (difference of clothing)  +  (found by another's tracker)

and a place left empty costs _NOBODY, so that a place rather stays empty than takes a stranger.
Lengths are in body scales (crops.body_scale). The reach grows while a performer is out of sight,
and the prediction's speed fades: one may come back elsewhere, but not in other clothes. Of two
sightings of one body only one can be given away, which is what happens when somebody passes in
front of another: the hidden one's tracker jumps to the nearer body, and is not believed.

Clothes may change their colours, when the light does. So a performer who vanished amid the picture,
as nobody can, is taken to be whoever stands in their place a while later.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from renderer.capture.records import F32
from renderer.capture.trackers.appearance import Appearance, blend, distance

_NOBODY: Final = 1.9
"""What an empty place costs. A stranger's clothes alone, at a distance of .6 or more, cost 1.2."""
_UNKNOWN_CLOTHES: Final = 0.3
"""The difference that is taken for clothes nobody could see."""
_ALIKE: Final = 0.4
"""Performers whose clothes differ by less wear one costume: what still differs is noise."""
_OTHER_EYES: Final = 0.25
"""What it costs to take a sighting from another performer's tracker: where two are in one place and
look alike, whoever was followed is followed."""
_STRANGER: Final = 0.52
"""Clothes this different are another person's: performers differ from themselves by up to .43."""
_REACH: Final = 0.9
"""Body scales that a prediction may be wrong by, at a cost of 1, while the performer is seen."""
_REACH_A_SECOND: Final = 6.0
_REACH_MOST: Final = 12.0
_FADE_S: Final = 0.4
_SPEED_GAIN: Final = 0.35
_LEARN_S: Final = 3.0
"""Time in which the remembered clothes follow those that are seen."""
_SAME_BODY: Final = 0.4
_SAME_SIZE: Final = 0.7
"""Sightings nearer than this, in body scales, and more alike in size than this are one body."""
_RELIT_S: Final = 1.5
_RELIT_REACH: Final = 0.7
"""So long after a performer vanished, whoever is so near to their place, in scales, is them."""
_DOOR: Final = 1.5
"""Within so many body scales of the picture's left and right edges, performers come and go."""
_ALONE: Final = 1.6
"""Farther than this from the others, in body scales, a performer's colours are their own."""
_PROMINENT: Final = 0.55
"""Whoever is smaller than this share of the largest performer is a bystander."""
_CROUCHED: Final = 0.3
"""As small, of what it was, a body may get from one frame to the next, bent towards the camera."""
_SETTLE_S: Final = 0.5
"""Time in which the first places wait for all performers, so that left and right decide."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A body in a frame.

    Attributes:
        centre: (2,) the trunk's middle, pixels.
        scale: of the body, pixels.
        worn: its appearance.
        edge: from the centre to the nearer of the picture's left and right edges, pixels.
        finder: the place whose tracker found it; None if the scout did.
    """

    centre: F32
    scale: float
    worn: Appearance
    edge: float
    finder: int | None = None


@dataclass(slots=True)
class _Place:
    """What is known of one performer."""

    centre: F32
    scale: float
    worn: Appearance
    edge: float
    seen_s: float
    speed: F32 = field(default_factory=lambda: np.zeros(2, np.float32))
    present: bool = True


class IdentityTracker:
    """Gives the people in a frame to so many performers' places.

    Attributes:
        places: how many performers there are.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._known: list[_Place | None] = [None] * places
        self._first_seen_s: float | None = None

    @property
    def missing(self) -> bool:
        """Whether some performer was not seen in the last frame."""
        return not all(place is not None and place.present for place in self._known)

    def is_present(self, place: int) -> bool:
        """Whether this performer was seen in the last frame."""
        known = self._known[place]
        return known is not None and known.present

    def assign(self, sightings: Sequence[Sighting], t_s: float) -> list[int | None]:
        """Give a frame's sightings to the places.

        Args:
            sightings: of one frame; the same body may be there more than once.
            t_s: the frame's time in seconds; it must not fall.

        Returns:
            For each place the number of its sighting, or None if it is not in sight.
        """
        given = self._cheapest(sightings, t_s)
        free = [n for n in range(len(sightings)) if not _is_taken(n, given, sightings)]
        self._settle(sightings, free, given, t_s)
        chosen = [sightings[n] for n in given if n is not None]
        for place, number in enumerate(given):
            known = self._known[place]
            if known is None:
                continue
            if number is None:
                known.present = False
            else:
                self._see(known, sightings[number], chosen, t_s)
        return given

    def _cheapest(self, sightings: Sequence[Sighting], t_s: float) -> list[int | None]:
        """The cheapest way to give sightings to those who have a place."""
        costs = [
            [self._cost(place, seen, t_s) for seen in sightings] for place in range(self.places)
        ]
        best: tuple[float, list[int | None]] = (math.inf, [None] * self.places)

        def search(place: int, spent: float, given: list[int | None]) -> None:
            nonlocal best
            if spent >= best[0]:
                return
            if place == self.places:
                best = (spent, list(given))
                return
            for number, cost in sorted(enumerate(costs[place]), key=lambda pair: pair[1]):
                if cost < _NOBODY and not _is_taken(number, given, sightings):
                    search(place + 1, spent + cost, [*given, number])
            search(place + 1, spent + _NOBODY, [*given, None])

        search(0, 0.0, [])
        return best[1] + [None] * (self.places - len(best[1]))

    def _cost(self, place: int, seen: Sighting, t_s: float) -> float:
        """What it costs to take a sighting for a performer; infinite if it cannot be them."""
        known = self._known[place]
        if known is None:
            return math.inf
        passed = t_s - known.seen_s
        smallest = _CROUCHED if seen.finder is not None else _PROMINENT
        if seen.scale < smallest * known.scale:
            return math.inf
        difference = self._difference(known, seen)
        carried = _FADE_S * (1.0 - math.exp(-passed / _FADE_S))
        strayed = seen.centre - known.centre - known.speed * carried
        stray = float(np.linalg.norm(strayed)) / known.scale
        if difference > _STRANGER:
            vanished = passed > _RELIT_S and known.edge > _DOOR * known.scale
            if not vanished or stray > _RELIT_REACH:
                return math.inf
            difference = _STRANGER
        reach = min(_REACH + _REACH_A_SECOND * passed, _REACH_MOST)
        loyal = seen.finder is None or seen.finder == place
        return stray / reach + 2.0 * difference + (0.0 if loyal else _OTHER_EYES)

    def _difference(self, known: _Place, seen: Sighting) -> float:
        """Of a sighting's clothes from a performer's, the same for all who wear their costume."""
        worn = distance(known.worn, seen.worn)
        if worn is None:
            return _UNKNOWN_CLOTHES
        for other in self._known:
            if other is None or other is known:
                continue
            between = distance(known.worn, other.worn)
            theirs = distance(other.worn, seen.worn)
            if between is not None and theirs is not None and between < _ALIKE:
                worn = min(worn, theirs)
        return worn

    def _settle(
        self,
        sightings: Sequence[Sighting],
        free: list[int],
        given: list[int | None],
        t_s: float,
    ) -> None:
        """Give empty places to the most prominent of those who have none, from left to right."""
        empty = [place for place, known in enumerate(self._known) if known is None]
        if not empty or not free:
            return
        present = [sightings[n].scale for n in [*free, *(n for n in given if n is not None)]]
        known = [one.scale for one in self._known if one is not None]
        largest = max(present + known)
        newcomers: list[int] = []
        for number in sorted(free, key=lambda n: -sightings[n].scale):
            twice = any(_is_same(sightings[number], sightings[other]) for other in newcomers)
            if sightings[number].scale >= _PROMINENT * largest and not twice:
                newcomers.append(number)
        if self._first_seen_s is None:
            self._first_seen_s = t_s
        settling = len(empty) == self.places and t_s - self._first_seen_s < _SETTLE_S
        if settling and len(newcomers) < self.places:
            return
        chosen = sorted(newcomers[: len(empty)], key=lambda n: float(sightings[n].centre[0]))
        for place, number in zip(empty, chosen, strict=False):
            seen = sightings[number]
            self._known[place] = _Place(seen.centre, seen.scale, seen.worn, seen.edge, t_s)
            given[place] = number

    def _see(self, known: _Place, seen: Sighting, all_seen: list[Sighting], t_s: float) -> None:
        passed = t_s - known.seen_s
        if known.present and passed > 0.0:
            found = (seen.centre - known.centre) / passed
            known.speed = known.speed + np.float32(_SPEED_GAIN) * (found - known.speed)
        else:
            known.speed = np.zeros(2, np.float32)
        others = (other for other in all_seen if other is not seen)
        if all(_apart(seen, other) > _ALONE for other in others):
            share = 1.0 - math.exp(-min(passed, 0.2) / _LEARN_S)
            known.worn = blend(known.worn, seen.worn, share)
        worn = distance(known.worn, seen.worn)
        if worn is not None and worn > _STRANGER:
            known.worn = seen.worn
        known.centre, known.scale, known.edge = seen.centre, seen.scale, seen.edge
        known.seen_s, known.present = t_s, True


def _is_taken(number: int, given: list[int | None], sightings: Sequence[Sighting]) -> bool:
    return any(
        other is not None and (other == number or _is_same(sightings[number], sightings[other]))
        for other in given
    )


def _is_same(first: Sighting, second: Sighting) -> bool:
    sizes = sorted((first.scale, second.scale))
    return _apart(first, second) < _SAME_BODY and sizes[0] > _SAME_SIZE * sizes[1]


def _apart(first: Sighting, second: Sighting) -> float:
    """In scales of the larger body."""
    gap = float(np.linalg.norm(first.centre - second.centre))
    return gap / max(first.scale, second.scale)
