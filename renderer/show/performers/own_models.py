"""Load the learned models that a show's performers have of their own, where they may be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from renderer.errors import MotionError, RendererError
from renderer.faults import FaultCollector
from renderer.motion.priors.own import SHIPPED_ONLY, OwnModels, load_own_models
from renderer.motion.priors.weights import card_path, read_card
from renderer.motion.takes.own_models import find_own_models
from renderer.path_checks import require_file
from renderer.rights.consent import Consent
from renderer.rights.takes.consents import load_consents
from renderer.rights.takes.keys import current_consent, find_take_key, load_keyed_consents
from renderer.rights.takes.models import require_model
from renderer.rights.takes.personal_files import open_personal


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The models that one performer is to be shown with.

    Attributes:
        performer: name; empty without one.
        files: weights, at most one of a kind.
        is_named: whether the crew named them; otherwise they were found by the performer's name.
    """

    performer: str
    files: tuple[Path, ...]
    is_named: bool


def choose_models(named: Sequence[Sequence[Path]], names: Sequence[str]) -> list[ModelChoice]:
    """Return each performer's models: those named, or what is kept under the performer's name.

    Args:
        named: files by performer; may be shorter.
        names: of the performers in order; empty for those without.
    """
    out = []
    for number, name in enumerate(names):
        files = tuple(named[number]) if number < len(named) else ()
        if files:
            out.append(ModelChoice(name, files, is_named=True))
            continue
        try:
            found = find_own_models(name) if name else ()
        except MotionError:  # Nothing can be kept under such a name.
            found = ()
        out.append(ModelChoice(name, found, is_named=False))
    return out


def gather_consents(named: Sequence[Path]) -> list[Consent]:
    """Return the usable consents of this machine, and those that the crew named.

    Raises:
        RightsError: a record of a consent's key is damaged, or a withdrawal was changed.
    """
    keyed = [
        current_consent(record, one.sha256)
        for one in load_keyed_consents()
        if (record := find_take_key(one.sha256)) is not None
    ]
    return [*load_consents(named)[0], *keyed]


def require_models(choice: ModelChoice, consents: Sequence[Consent]) -> None:
    """Check that the files exist and that the performer may be shown with them today.

    Raises:
        RendererError: a file or its card is missing or damaged, or the rights forbid it.
    """
    for path in choice.files:
        require_file(path, "model", "name one that encore train made")
        require_file(card_path(path), "model card", "copy it from beside the weights")
        require_model(read_card(path), path, choice.performer, consents, datetime.now(UTC))


def load_models(choice: ModelChoice, consents: Sequence[Consent]) -> OwnModels:
    """Load a performer's models.

    Raises:
        RendererError: one cannot or must not be used.
    """
    if not choice.files:
        return SHIPPED_ONLY
    require_models(choice, consents)
    return load_own_models(choice.files, open_personal)


def load_kept_models(performer: str, consents: Sequence[Path] = ()) -> tuple[OwnModels, str]:
    """Load the models that are kept under a performer's name, for work off air.

    Args:
        performer: name; may be empty.
        consents: that the crew named.

    Returns:
        The models, and why the shipped ones are used instead; empty if they are not.
    """
    (choice,) = choose_models((), (performer,))
    if not choice.files:
        return SHIPPED_ONLY, ""
    try:
        return load_models(choice, gather_consents(consents)), ""
    except RendererError as fault:
        return SHIPPED_ONLY, f"{fault}; {performer} has the shipped ones"


def find_model_faults(
    named: Sequence[Sequence[Path]], names: Sequence[str], consents: Sequence[Path]
) -> list[RendererError]:
    """Return the faults of the models that the crew named.

    Args:
        named: files by performer.
        names: of the performers in order.
        consents: that the crew named.
    """
    faults = FaultCollector()
    known = faults.attempt(gather_consents, consents) or []
    for choice in choose_models(named, names):
        if choice.is_named:
            faults.attempt(lambda one: load_models(one, known), choice)
    return faults.faults
