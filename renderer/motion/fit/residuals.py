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

from renderer.motion.fit.chain import POINTS, Placed

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


DIFFERENCES: Final = _differences()
SIGHTS: Final = torch.cat((DIFFERENCES, torch.zeros(1, POINTS, dtype=torch.float64)))
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
    """What a camera sees of b performers, weighted: 1 / σ of each row is in `sums` and `asked`.

    Attributes:
        distance: (b, 1, 1) metres from the camera to the hips as the picture is taken at.
        sums: (b, 3, 12, 12) takes what is shown of the points to what is asked of them: twice
            SIGHTS, along x and y in the picture; of depth DIFFERENCES, and last the balance.
        asked: (b, 3, 12, 1) what that has to be.
    """

    distance: Tensor
    sums: Tensor
    asked: Tensor


PICTURE, DEPTH, BALANCE = slice(0, 24), slice(24, 35), slice(35, 36)
"""The rows of the residuals."""


def residuals(seen: Seen, placed: Placed, jacobian: Tensor) -> tuple[Tensor, Tensor]:
    """Residuals (b, 36, 1) and their Jacobian (b, 36, 25), given that of the points (b, 3, 12, 25).

    With w = D·p_xy / −p_z: ∂w/∂p = D / −p_z · (1, 0, x / −p_z; 0, 1, y / −p_z).
    """
    points = placed.points.transpose(1, 2)
    flat, depth = points[:, :2], points[:, 2:]
    away = -depth
    slope = flat / away
    shown = torch.cat((slope * seen.distance, depth), 1)[..., None]
    deep = jacobian[:, 2:]
    shrink = (seen.distance / away)[..., None]
    change = torch.addcmul(jacobian[:, :2], slope[..., None], deep) * shrink
    rows = seen.sums @ shown - seen.asked
    return rows.flatten(1, 2), (seen.sums @ torch.cat((change, deep), 1)).flatten(1, 2)
