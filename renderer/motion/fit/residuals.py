"""What a pose of the skeleton is asked to agree with, as weighted residuals and their Jacobian.

Each row is (found − asked) / σ, so that the sum of squares is a negative log likelihood:

    picture     where a bone's ends are seen, through a pinhole: w = d·(x, y) / −z, metres at the
                hips. Bones, not joints: a shoulder that is off then does not bend the forearm
    depth       how much nearer to the camera a bone's far end is than its near one, metres
    balance     how far the centre of mass is before or behind the feet that bear it, metres
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from renderer.motion.fit.chain import ANKLES, POINTS, Placed

BONE_STARTS: Final = torch.tensor([0, 1, 2, 3, 6, 7, 8, 9, 1, 7])
BONE_ENDS: Final = torch.tensor([2, 3, 4, 5, 8, 9, 10, 11, 0, 6])
"""Upper arms, forearms, thighs, shins, left and right in turn; then across shoulders and hips."""

SPINE: Final = 10
DEPTHS: Final = 11
"""How many bones are seen: those above, and from the hips' middle to the shoulders'."""


def _differences() -> Tensor:
    """(11, 12) that takes points to the bones' vectors."""
    out = torch.zeros(DEPTHS, POINTS, dtype=torch.float64)
    rows = torch.arange(len(BONE_STARTS))
    out[rows, BONE_ENDS], out[rows, BONE_STARTS] = 1.0, -1.0
    out[SPINE, [0, 1]], out[SPINE, [6, 7]] = 0.5, -0.5
    return out


_DIFFERENCES: Final = _differences()
SIGHTS: Final = torch.cat((_DIFFERENCES, torch.zeros(1, POINTS, dtype=torch.float64)))
"""(12, 12) that takes points to the bones' vectors, and last to the middle of the hips."""
SIGHTS[DEPTHS, [6, 7]] = 0.5


def _masses() -> Tensor:
    """(12,) the share of the body's mass that each point carries.

    Masses and centres of Dempster's segments (Winter 2009, table 4.1): trunk .497, head .081, upper
    arm .028, forearm and hand .022, thigh .1, shank and foot .061. The head is carried on by the
    line from hips to shoulders.
    """
    head, trunk = 0.081, 0.497
    pairs = torch.tensor(
        [
            0.25 * trunk + 0.5 * 1.45 * head + 0.564 * 0.028,
            0.436 * 0.028 + 0.43 * 0.022,
            0.57 * 0.022,
            0.25 * trunk - 0.5 * 0.45 * head + 0.567 * 0.1,
            0.433 * 0.1 + 0.45 * 0.061,
            0.55 * 0.061,
        ],
        dtype=torch.float64,
    )
    return pairs.repeat_interleave(2)


MASSES: Final = _masses()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a camera sees of b performers.

    Attributes:
        picture: (b, 12, 2) the bones in the picture, x right and y up, metres at the hips'
            distance, and last the middle of the hips from the picture's middle.
        distance: (b,) metres from the camera to the hips as `picture` takes it.
        sure: (b, 12) 1 / σ of `picture`, per metre; 0 where a bone is not seen.
        depths: (b, 11) metres by which the bones' far ends are nearer to the camera.
        depths_sure: (b, 11) 1 / σ of `depths`, per metre.
        bearing: (b, 2) the share of the weight that each foot bears.
        soles: (b, 2) metres by which the middles of the feet are nearer than the ankles.
        balance_sure: (b,) 1 / σ of the balance, per metre.
    """

    picture: Tensor
    distance: Tensor
    sure: Tensor
    depths: Tensor
    depths_sure: Tensor
    bearing: Tensor
    soles: Tensor
    balance_sure: Tensor


def picture_rows(seen: Seen, placed: Placed, jacobian: Tensor) -> tuple[Tensor, Tensor]:
    """Residuals (b, 24) and their Jacobian (b, 24, 25) in the picture.

    With w = D·p_xy / −p_z: ∂w/∂p = D / −p_z · (1, 0, x / −p_z; 0, 1, y / −p_z).
    """
    shrink = (seen.distance[:, None] / -placed.points[..., 2])[..., None]
    shown = placed.points[..., :2] * shrink
    slope = shown / seen.distance[:, None, None]
    change = jacobian[..., :2] + slope[:, :, None] * jacobian[..., 2:]
    weight = seen.sure[..., None]
    rows = ((SIGHTS @ shown - seen.picture) * weight).flatten(1)
    change = (SIGHTS @ (change * shrink[..., None]).flatten(2)).unflatten(2, change.shape[2:])
    change = change * weight[..., None]
    return rows, change.transpose(2, 3).flatten(1, 2)


def depth_rows(seen: Seen, placed: Placed, jacobian: Tensor) -> tuple[Tensor, Tensor]:
    """Residuals (b, 11) and their Jacobian (b, 11, 25) in depth."""
    found = placed.points[..., 2] @ _DIFFERENCES.T
    rows = (found - seen.depths) * seen.depths_sure
    return rows, (_DIFFERENCES @ jacobian[..., 2]) * seen.depths_sure[..., None]


def balance_rows(seen: Seen, placed: Placed, jacobian: Tensor) -> tuple[Tensor, Tensor]:
    """Residuals (b, 1) and their Jacobian (b, 1, 25) of the body's balance over its feet."""
    carried = MASSES.repeat(len(seen.bearing), 1)
    carried[:, ANKLES] -= seen.bearing
    ahead = (carried * placed.points[..., 2]).sum(1) - (seen.bearing * seen.soles).sum(1)
    change = carried[:, None] @ jacobian[..., 2]
    return (ahead * seen.balance_sure)[:, None], change * seen.balance_sure[:, None, None]
