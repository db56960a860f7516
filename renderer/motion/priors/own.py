"""The learned models of one performer, in place of the shipped ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.errors import MotionError
from renderer.motion.priors.expressions import PERSONAL, PersonalFace
from renderer.motion.priors.limb_prior import LimbPrior
from renderer.motion.priors.naturalness import Naturalness
from renderer.motion.priors.weights import read_card


@dataclass(frozen=True, slots=True)
class OwnModels:
    """What was trained for one performer. One solver uses it: the models follow its movement.

    Attributes:
        prior: continues limbs that are not seen; None for the shipped one.
        judge: drives the limbs' confidence; None for none.
        face: completes what a camera does not see of the face; None for landmarks alone.
        files: that they were loaded from.
    """

    prior: LimbPrior | None = None
    judge: Naturalness | None = None
    face: PersonalFace | None = None
    files: tuple[Path, ...] = ()

    def describe(self) -> str:
        """Return which model is used for what, for people."""
        by_kind = {read_card(path).model: path.name for path in self.files}
        return ", ".join(
            (
                f"unseen limbs by {by_kind.get('prior', 'the shipped prior')}",
                f"faults of limbs judged by {by_kind.get('naturalness', 'the solver alone')}",
                f"unseen face shapes by {by_kind.get(PERSONAL, 'landmarks alone')}",
            )
        )


SHIPPED_ONLY: Final = OwnModels()
"""No model of one's own."""


def load_own_models(
    files: Sequence[Path], unseal: Callable[[bytes], bytes] | None = None
) -> OwnModels:
    """Load the models of one performer.

    Args:
        files: weights (.npz), at most one of a kind, each with its card.
        unseal: decrypts them; without it, encrypted ones are refused.

    Raises:
        MotionError: a file cannot be used, is of another version than this program's, is no model
            of a performer, or is a second one of its kind.
        RendererError: one cannot be decrypted.
    """
    prior, judge, face = None, None, None
    kinds: dict[str, Path] = {}
    for path in files:
        kind = read_card(path).model
        if kind in kinds:
            raise MotionError(
                f"Model {path}", f"is a second {kind} beside {kinds[kind].name}", "keep one of them"
            )
        kinds[kind] = path
        if kind == "prior":
            prior = LimbPrior(path, unseal)
        elif kind == "naturalness":
            judge = Naturalness(path, unseal)
        elif kind == PERSONAL:
            face = PersonalFace.load(path, unseal)
        elif kind == "expressions":
            raise MotionError(
                f"Model {path}",
                "is the latent that all performers share, which moves no face alone",
                "train one of the performer: encore train expressions --performer NAME",
            )
        else:
            raise MotionError(
                f"Model {path}",
                f"is of the unknown kind {kind[:40]!r}",
                "name one that encore train made",
            )
    return OwnModels(prior, judge, face, tuple(files))
