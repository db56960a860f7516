"""Fixtures: a performance with a camera, a phone, a suit and a voice, and its take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars.contact.records import NO_CONTACTS, ContactPart, HandContacts, freeze_contacts
from avatars.maths.quaternions import from_axis_angle
from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.records import Observation
from renderer.motion.core.sources import Entry, Event, Posed, Source
from renderer.motion.takes.write import TakeWriter

FRAME = 33_333_333
START = 987_654_321_000


def face(t_ns: int, jaw: float) -> TrackedFace:
    shapes = np.full(52, jaw, np.float32)
    head = from_axis_angle(np.array([0.0, 1.0, 0.0]), jaw).astype(np.float32)
    return TrackedFace(t_ns, shapes, None if jaw > 0.9 else head, np.zeros(2, np.float32))


def body(t_ns: int, bow: float) -> TrackedBody:
    rotations = np.tile((0.0, 0.0, 0.0, 1.0), (55, 1)).astype(np.float32)
    rotations[1] = from_axis_angle(np.array([1.0, 0.0, 0.0]), bow)
    known = np.arange(55) < 30
    root = np.array([0.1, 1.0, 0.2], np.float32)
    return TrackedBody(t_ns, rotations, known, root, 0.95, contacts(bow))


def contacts(share: float) -> HandContacts:
    """Return no contact below a half, and then the left hand at the hip."""
    if share < 0.5:
        return NO_CONTACTS
    return freeze_contacts(
        np.array((ContactPart.HIP, 0), np.int8),
        np.zeros(2, np.int8),
        np.array(((share, 0.0), (0.0, 0.0)), np.float32),
        np.array((0.5, 0.0), np.float32),
    )


def voice(t_ns: int, share: float) -> VowelFrame:
    vowels = np.array([share, 1.0 - share, 0.0, 0.0, 0.0]) / 3.0 + 2.0 / 15.0
    return VowelFrame(t_ns, share, vowels, -20.0 - share, 220.0 / (1.0 + share), 0.5 * share)


@pytest.fixture
def performance(performer: Any) -> list[Entry]:
    """Return two seconds; the performer is out of view for half a second."""
    rng = np.random.default_rng(4)
    out = [Entry(Source.SHOW, 0, Event(START, "source", "camera 0", {"rate": "30"}))]
    for k in range(60):
        t_ns = START + k * FRAME
        pose = performer.standing(leftUpperArm=(2, -1.3 + 0.02 * k))
        seen = performer.observe(pose, k, noise=(0.01, 0.01, 0.05), rng=rng)
        if 25 <= k < 40:
            seen = Observation(t_ns, k, (1, 1))
        out.append(Entry(Source.CAMERA, 0, seen if 25 <= k < 40 else _at(seen, t_ns)))
        if k > 20:
            out.append(Entry(Source.PHONE, 0, face(t_ns + 5_000_000, k / 60)))
        if k > 30:
            out.append(Entry(Source.SUIT, 0, body(t_ns + 7_000_000, 0.01 * k)))
        out += [Entry(Source.VOICE, 0, voice(t_ns + n * 10_000_000, k / 60)) for n in range(3)]
        out.append(Entry(Source.POSED, 0, Posed(t_ns + 30_000_000)))
    return out


def _at(seen: Observation, t_ns: int) -> Observation:
    from dataclasses import replace

    return replace(seen, t_seen_ns=t_ns)


@pytest.fixture
def record(tmp_path: Path) -> Callable[[list[Entry]], Path]:
    """Return a function that writes a take of these entries."""

    def write(entries: list[Entry]) -> Path:
        path = tmp_path / f"take-{len(list(tmp_path.iterdir()))}.mcap"
        with TakeWriter(path, {"performer": "Ada", "song": "demo"}) as writer:
            for entry in entries:
                writer.put(entry.source, entry.record, entry.performer)
        return path

    return write
