"""Make the landmarks of a person who stands before a camera, and the pictures in which they are."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

F64 = npt.NDArray[np.float64]
U8 = npt.NDArray[np.uint8]

POSE, FACE, HAND = 33, 478, 21
"""Number of landmarks of a body, a face and a hand."""
_ASPECT: Final = 16 / 9
_HEAD_AT: Final = (0.5, 0.2)
"""Middle of the face, as fractions of the picture."""
_BODY: Final = (
    (0, -0.01), (1, -0.02), (2, -0.02), (2.5, -0.02), (-1, -0.02), (-2, -0.02), (-2.5, -0.02),
    (4, -0.01), (-4, -0.01), (1.2, 0.025), (-1.2, 0.025),
    (9, 0.12), (-9, 0.12), (16, 0.2), (-14, 0.25), (12, 0.08), (-17, 0.36),
    (11, 0.05), (-18, 0.39), (12, 0.04), (-17, 0.4), (13, 0.06), (-16, 0.38),
    (5, 0.36), (-5, 0.36), (6, 0.54), (-6, 0.54), (7, 0.72), (-7, 0.72),
    (6, 0.74), (-6, 0.74), (9, 0.75), (-9, 0.75),
)  # fmt: skip
"""MediaPipe's 33 points, from the middle of the face: hundredths of the height across, and heights
down. Left ones, the performer's own, are at the right."""
_FINGERS: Final = ((-2.2, 0.8), (-1.0, 2.2), (0.0, 2.5), (0.9, 2.3), (1.8, 1.8))
"""Tips of the five fingers from the wrist, hundredths of the height."""
_BONES: Final = ((11, 13), (13, 15), (12, 14), (14, 16), (23, 25), (25, 27), (24, 26), (26, 28))


def make_landmarks(place: int) -> F64:
    """Return the landmarks of one of several performers, who stand differently.

    Returns:
        (POSE + FACE + 2 HAND, 2) of x, y in [0, 1] of a picture of 16 to 9.
    """
    body = np.array(_BODY) * (0.01, 1.0)
    if place % 2:
        body[:, 0] *= -1.0
        body[[13, 14, 15, 16, 17, 18, 19, 20, 21, 22], 1] += 0.03 * place
        for left in (1, 4, 7, 9, *range(11, POSE, 2)):
            step = 3 if left in (1, 4) else 1
            if left in (1, 4):
                continue
            body[[left, left + step]] = body[[left + step, left]]
    turn = np.linspace(0.0, 2 * np.pi, FACE, endpoint=False) * 13
    radius = np.linspace(0.2, 1.0, FACE)
    face = np.stack((0.034 * radius * np.cos(turn), 0.05 * radius * np.sin(turn)), axis=1)
    hands = []
    for wrist, elbow, sign in ((15, 13, 1.0), (16, 14, -1.0)):
        along = body[wrist] - body[elbow]
        along = along / np.linalg.norm(along)
        across = np.array((-along[1], along[0])) * sign
        points = [body[wrist]]
        for right, far in _FINGERS:
            tip = body[wrist] + 0.01 * (right * across + far * along)
            points += [body[wrist] + share * (tip - body[wrist]) for share in (0.4, 0.65, 0.85, 1)]
        hands.append(np.array(points))
    found = np.concatenate((body, face, *hands))
    return found * (1 / _ASPECT, 1.0) + _HEAD_AT


def draw_studio(width: int, height: int, landmarks: F64) -> U8:
    """Return a picture of a studio in which the person of these landmarks stands."""
    picture = Image.new("RGB", (width, height), (126, 130, 134))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, round(0.86 * height), width, height), fill=(92, 76, 64))
    at = landmarks * (width, height)
    thick = max(round(0.06 * height), 2)

    def limb(first: int, second: int, color: tuple[int, int, int]) -> None:
        ends = [tuple(at[first]), tuple(at[second])]
        draw.line(ends, fill=color, width=thick)
        for x, y in ends:
            half = thick / 2
            draw.ellipse((x - half, y - half, x + half, y + half), fill=color)

    for first, second in _BONES:
        limb(first, second, (44, 46, 54) if first > 22 else (46, 82, 150))
    draw.polygon([tuple(at[k]) for k in (11, 12, 24, 23)], fill=(46, 82, 150))
    x, y = at[:11].mean(axis=0)
    wide, high = 0.042 * height, 0.062 * height
    draw.ellipse((x - wide, y - high, x + wide, y + high), fill=(206, 164, 140))
    draw.pieslice((x - wide, y - high, x + wide, y + high), 180, 360, fill=(52, 40, 36))
    return np.asarray(picture)


def draw_stage(width: int, height: int) -> U8:
    """Return a stage with beams, an arch and two idols, whose ends fit each other."""
    picture = Image.new("RGB", (width, height), (24, 14, 44))
    draw = ImageDraw.Draw(picture, "RGBA")
    for share, color in ((0.15, (90, 60, 220)), (0.5, (200, 80, 200)), (0.85, (60, 140, 230))):
        x = share * width
        beam = [(x, 0), (x - 0.12 * width, 0.8 * height), (x + 0.12 * width, 0.8 * height)]
        draw.polygon(beam, fill=(*color, 70))
    arch = (0.2 * width, 0.1 * height, 0.8 * width, 1.5 * height)
    for inset, color in ((0.0, (80, 210, 240)), (0.02 * width, (250, 90, 170))):
        box = (arch[0] + inset, arch[1] + inset, arch[2] - inset, arch[3] - inset)
        draw.arc(box, 180, 360, fill=color, width=max(height // 50, 1))
    draw.rectangle((0, 0.8 * height, width, height), fill=(38, 24, 62))
    for share, hair, dress in (
        (0.38, (90, 130, 240), (236, 96, 120)),
        (0.62, (190, 46, 60), (60, 62, 80)),
    ):
        x, unit = share * width, height / 10
        draw.ellipse((x - 0.8 * unit, 2.2 * unit, x + 0.8 * unit, 4.4 * unit), fill=hair)
        draw.ellipse((x - 0.5 * unit, 2.7 * unit, x + 0.5 * unit, 4.0 * unit), fill=(250, 220, 200))
        draw.polygon(
            [(x - 0.5 * unit, 4.1 * unit), (x + 0.5 * unit, 4.1 * unit),
             (x + 1.1 * unit, 6.4 * unit), (x - 1.1 * unit, 6.4 * unit)],
            fill=dress,
        )  # fmt: skip
        for side in (-0.4, 0.4):
            left = x + side * unit - 0.15 * unit
            draw.rectangle((left, 6.4 * unit, left + 0.3 * unit, 8.6 * unit), fill=(240, 236, 240))
    return np.asarray(picture)
