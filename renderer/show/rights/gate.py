"""Open the rights case of a show's plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from avatars.model import Avatar
from renderer.capture.sources.address import is_take
from renderer.errors import RendererError
from renderer.output.sound.settings import GUEST_DEVICE
from renderer.output.spec import OutputSpec
from renderer.rights.case import RightsCase, describe_file, open_case
from renderer.rights.decision import ShowFacts
from renderer.rights.declaration import Capture, OutputKind
from renderer.rights.disclosure import Disclosure, decide_disclosure
from renderer.rights.footage.check import FootageCheck
from renderer.rights.provenance.certificate import load_certificate
from renderer.show.document.plan import resolve
from renderer.show.performers.option_binding import names_of
from renderer.show.plan import ShowPlan
from renderer.show.rights.label import SIGNED, require_marked_outputs
from renderer.show.rights.takes import require_reuse
from renderer.stage.sets.screen_sources import screen_files


def open_rights(
    plan: ShowPlan,
    avatars: Sequence[Avatar],
    performers: int = 0,
    wardrobe: Sequence[Avatar] = (),
) -> RightsCase:
    """Return the case of a show with its documents read.

    Args:
        plan: of the show.
        avatars: loaded, in the order of the plan.
        performers: number of performers; 0 if it is not known yet, for a first check.
        wardrobe: loaded, in the order of the plan; their verdicts come after the performers'.

    Raises:
        RendererError: a document is unusable, more performers are named than there are, or a take
            may not be shown again.
    """
    for word in plan.inputs:
        if is_take(word):
            require_reuse(Path(word), plan.consents)
    declared = plan.declaration.performer
    count = performers or max(len(avatars), declared.count(",") + 1)
    captures = {Capture.FACE, Capture.BODY} | ({Capture.VOICE} if plan.companions.voices else set())
    facts = ShowFacts(
        plan.declaration,
        frozenset(kinds_of((*plan.streams, *plan.recordings))),
        frozenset(captures),
        find_voices(plan),
    )
    names = names_of(declared, count)
    return open_case(
        [(path, describe_file(one)) for path, one in zip(plan.avatars, avatars, strict=True)],
        names,
        facts,
        plan.licences,
        plan.consents,
        [
            (dict(enumerate(names)).get(piece.performer, ""), piece.file, describe_file(one))
            for piece, one in zip(plan.wardrobe, wardrobe, strict=False)
        ],
    )


def require_footage(plan: ShowPlan, footage: FootageCheck) -> None:
    """Check that the people whom screens, transitions and the slate show have agreed.

    Every file is checked, so that each that is refused is known.

    Raises:
        RendererError: one has not, or a file cannot be searched.
    """
    files = screen_files((*plan.screens, *plan.cue_screens))
    if plan.document is not None:
        entries = plan.document.show.stingers
        files += [resolve(plan.document.folder, one.file) for one in entries]
    faults = []
    for path in dict.fromkeys([*files, *([plan.slate] if plan.slate else ())]):
        try:
            footage.require(path)
        except RendererError as fault:
            faults.append(fault)
    if faults:
        raise faults[0]


def refuses_slate(plan: ShowPlan, footage: FootageCheck) -> bool:
    """Return whether the crew's slate must not be seen now, so that the house's is shown."""
    return plan.slate is not None and footage.is_refused(plan.slate)


def find_voices(plan: ShowPlan) -> frozenset[str]:
    """Return the names of the performers and guests whose voices a show's mix contains.

    Only a live show opens microphones.
    """
    if plan.sound is None or not plan.live:
        return frozenset()
    microphones = plan.sound.microphones
    guests = {
        one.device.removeprefix(GUEST_DEVICE)
        for one in microphones
        if one.device.startswith(GUEST_DEVICE)
    }
    return frozenset({one.performer for one in microphones} | guests)


def find_disclosure(plan: ShowPlan, case: RightsCase) -> Disclosure:
    """Return how a show is disclosed: its label and the marks of its outputs.

    Args:
        plan: of the show, with the crew's own label.
        case: whose licences may require one, or say that an avatar depicts a real person.

    Raises:
        RightsError: the label was taken off by nobody.
    """
    terms = [licence.terms for licence in case.licences]
    return decide_disclosure(
        plan.declaration.territories,
        [one.depicts for one in terms],
        [*(one.label for one in terms), plan.titles.disclosure],
        plan.declaration.without_disclosure,
    )


def require_disclosed(plan: ShowPlan, case: RightsCase) -> Disclosure:
    """Return how a show is disclosed, if all outputs of its plan can carry the marks.

    Raises:
        RightsError: one cannot, or the label was taken off by nobody.
    """
    disclosure = find_disclosure(plan, case)
    outputs = (*plan.streams, *plan.recordings)
    require_marked_outputs(disclosure, outputs, is_keyed=plan.is_keyed)
    return disclosure


def check_outputs(plan: ShowPlan, case: RightsCase, outputs: Sequence[OutputSpec]) -> None:
    """Check outputs that are about to be added to a running show.

    Raises:
        RightsError: an avatar may not be shown there, or they cannot carry the required marks.
    """
    disclosure = find_disclosure(plan, case)
    require_marked_outputs(disclosure, outputs, is_keyed=plan.is_keyed)
    case.check_outputs(kinds_of(outputs))


def kinds_of(outputs: Sequence[OutputSpec]) -> set[OutputKind]:
    """Return the kinds of outputs, as licences name them."""
    return {
        OutputKind.RECORDING if output.is_recording or output.is_images else OutputKind.STREAM
        for output in outputs
    }


def require_certificate(plan: ShowPlan) -> None:
    """Check that what a show records can be signed, so that nobody learns at its end that it can't.

    Raises:
        RightsError: the crew's certificate has ended, is damaged, or cannot be made.
    """
    if any(one.kind in SIGNED for one in (*plan.streams, *plan.recordings)):
        load_certificate()
