"""Find the faults of a show's plan before anything slow is loaded or opened.

The show repeats these checks when it opens the plan's files and ports, because those change, and a
plan need not come from the command line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from renderer.capture.network.allow import AllowList
from renderer.capture.sources.address import (
    ANIMATION_SUFFIXES,
    LOOP_PREFIX,
    MACHINE_PREFIX,
    TAKE_SUFFIX,
    check_address,
    has_picture,
    is_guest,
    is_live,
    is_looped,
    is_machine,
    is_network,
    is_take,
    split_cameras,
    without_password,
)
from renderer.errors import RendererError, ShowError, UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable
from renderer.protocol.machines import MachinePart
from renderer.show.performers.option_binding import AuxiliaryPlan, bind_options, names_of
from renderer.show.plan import ShowPlan, require_new
from renderer.spelling import nearest
from renderer.stage.sets.checks import check_set
from renderer.transport.machines.store import PairingStore

MOST_CAMERAS = 4
"""Maximum number of cameras on one performer."""

MOST_IN_A_TAKE = 4
"""Maximum number of performers in a take; equals `renderer.motion.takes.layout.PERFORMERS`, which
is slow to import."""


def find_plan_faults(plan: ShowPlan) -> list[RendererError]:
    """Return all faults that can be found from the plan alone."""
    faults = FaultCollector()
    for word in plan.inputs:
        for camera in split_cameras(word):
            faults.attempt(require_input, camera)
    cameras = [camera for word in plan.inputs for camera in split_cameras(word)]
    cameras += [word.rpartition("=")[2] for word in plan.companions.closeups]
    for machine in {one for one in cameras if is_machine(one) and cameras.count(one) > 1}:
        faults.add(UsageError(f"Input {machine}", "is named twice", "pair it under two names"))
    faults.add(*camera_faults(plan))
    faults.add(*guest_faults(plan))
    for number, word in enumerate(plan.inputs):
        path = plan.calibration(number)
        if path is not None:
            faults.attempt(partial(_require_calibration, words=split_cameras(word)), path)
    for avatar in plan.avatars:
        faults.attempt(partial(require_file, what="avatar", remedy="name a VRM file"), avatar)
    faults.attempt(partial(require_file, what="song", remedy="name a sound file"), plan.song)
    faults.attempt(check_set, plan.set)
    faults.add(*lens_faults(plan))
    faults.add(*_output_faults(plan))
    if plan.machines is not None and not plan.live:
        faults.add(UsageError("--machines", "is for live shows", "add --live, or leave it out"))
    if plan.standby_machine:
        faults.attempt(_require_standby, plan.standby_machine)
    count = performer_count(plan)
    if count is None:
        # Only the take contains the number; the maximum still allows finding other faults.
        count = max(len(plan.inputs) * MOST_IN_A_TAKE, 1)
    else:
        faults.add(*count_faults(count, len(plan.avatars), plan.companions.take))
    names = faults.attempt(lambda declared: names_of(declared, count), plan.declaration.performer)
    for one in bind_options(plan.companions, names or [""] * count, faults):
        _check_companions(plan, one, faults)
    if names is not None:
        faults.add(*_model_faults(plan, names))
    return faults.faults


def require_input(word: str) -> None:
    """Check an input: the form of an address, or that a file or folder exists.

    Raises:
        RendererError: the input cannot be used.
    """
    if is_network(word):
        check_address(word)
    elif is_machine(word):
        _require_capture(word.removeprefix(MACHINE_PREFIX))
    elif not is_live(word):
        path = Path(word.removeprefix(LOOP_PREFIX) if is_looped(word) else word)
        if is_looped(word) and path.suffix.lower() in (TAKE_SUFFIX, *ANIMATION_SUFFIXES):
            raise UsageError(
                f"Input {word}", "cannot be repeated", "repeat a video or images by loop:"
            )
        if not (path.is_dir() or ("%" in path.name and path.parent.is_dir())):
            require_file(
                path, "input", "name a video, a take, an animation, or camera:0 for a camera"
            )


def _require_capture(name: str) -> None:
    """Check that a machine is paired as a capture.

    Raises:
        UsageError: it is not.
    """
    word = f"{MACHINE_PREFIX}{name}"
    _require_machine("Input", word, MachinePart.CAPTURE, "without --as")


def _require_standby(name: str) -> None:
    """Check that a machine is paired as a standby.

    Raises:
        UsageError: it is not.
    """
    _require_machine("--standby-machine", name, MachinePart.STANDBY, "with --as standby")


def _require_machine(what: str, word: str, part: MachinePart, how: str) -> None:
    """Check that a machine is paired for a part.

    Args:
        what: names it.
        word: that names it, its name or an input.
        part: that it has to have.
        how: it is paired for that part, a clause.

    Raises:
        UsageError: it is not.
    """
    paired = PairingStore().machines()
    name = word.removeprefix(MACHINE_PREFIX)
    prefix = word.removesuffix(name)
    machine = paired.get(name)
    if machine is None:
        meant = nearest(name, paired)
        raise UsageError(
            f"{what} {prefix}{name[:40]}",
            "is no machine that is paired with this one",
            f"did you mean {prefix}{meant}?" if meant else f"run encore pair new {name[:40]}",
        )
    if machine.part is not part:
        raise UsageError(
            f"{what} {word}",
            f"is paired as a {machine.part.value}",
            f"run encore pair new {name} again, {how}",
        )


def require_voice(word: str) -> None:
    """Check a voice: `mic`, `mic:NAME`, `input`, an address, or a file that exists.

    Raises:
        UsageError: the file cannot be read.
    """
    if word not in ("mic", "input") and not word.startswith("mic:") and not is_network(word):
        require_file(
            Path(word), "voice", "name a sound file, input for the input's own sound, or mic"
        )


def performer_count(plan: ShowPlan) -> int | None:
    """Return the number of performers in a show; None if a take must be opened to find it."""
    if not plan.inputs or any(map(is_take, plan.inputs)):
        return None
    return sum(plan.performers if has_picture(word) else 1 for word in plan.inputs)


def guest_faults(plan: ShowPlan) -> Iterator[ShowError]:
    """Yield a fault for each guest who is an input twice."""
    guests = [word for word in plan.inputs if is_guest(word)]
    for word in sorted({one for one in guests if guests.count(one) > 1}):
        yield ShowError(f"Input {word}", "is there twice", "give every guest an input")


def lens_faults(plan: ShowPlan) -> Iterator[ShowError]:
    """Yield faults for lenses in excess of the inputs, and for inputs that have no lens."""
    yield from excess_lens_faults(len(plan.lenses), len(plan.inputs))
    for word, _ in zip(plan.inputs, plan.lenses, strict=False):
        if len(split_cameras(word)) > 1:
            yield ShowError(
                f"The lens of {word}",
                "is in the calibration of its cameras",
                "name such inputs after the single cameras, and a lens for these alone",
            )
        elif not has_picture(word):
            yield ShowError(
                f"The lens of {word}",
                "cannot be changed: what it holds was seen, or made, before",
                "name takes, animations and guests after the cameras, and a lens for these alone",
            )


def excess_lens_faults(lenses: int, inputs: int) -> Iterator[ShowError]:
    """Yield a fault if there are more lenses than inputs."""
    if lenses > inputs:
        yield ShowError(
            f"The {lenses} lenses",
            f"are more than the inputs, {inputs}",
            "give one --lens for each --input, in their order",
        )


def camera_faults(plan: ShowPlan) -> Iterator[ShowError]:
    """Yield faults of inputs with several cameras on one performer, and of their calibrations."""
    several = [word for word in plan.inputs if len(split_cameras(word)) > 1]
    for word in several:
        words = split_cameras(word)
        if len(words) > MOST_CAMERAS:
            yield ShowError(
                f"Input {word}",
                f"names {len(words)} cameras on one performer",
                f"name at most {MOST_CAMERAS}",
            )
        for one in words:
            if not has_picture(one):
                yield ShowError(
                    f"Input {one}", "is no camera beside others", "name it as an input of its own"
                )
        if any(map(is_live, words)) and not all(map(is_live, words)):
            yield ShowError(
                f"Input {word}", "is partly live and partly a file", "name cameras, or files"
            )
    if several and plan.performers > 1:
        yield ShowError(
            f"--performers {plan.performers}",
            "cannot be followed by several cameras together",
            "give each performer cameras of their own, or leave --performers out",
        )
    if len(several) > len(plan.cameras):
        yield ShowError(
            f"Input {several[len(plan.cameras)]}",
            "has several cameras and no calibration",
            "make one with encore calibrate cameras, and add --cameras FILE.json",
        )
    if len(several) < len(plan.cameras):
        yield ShowError(
            f"--cameras {plan.cameras[len(several)]}",
            "is of no input with several cameras",
            "join the cameras on one performer by +, such as --input camera:0+camera:2",
        )


def _require_calibration(path: Path, words: Sequence[str]) -> None:
    """Check that a calibration file is one of the input's cameras.

    Raises:
        RendererError: it is not.
    """
    # Imported here because it loads numpy.
    from renderer.show.inputs.calibration import load_calibration

    require_file(path, "calibration", "make one with encore calibrate cameras")
    load_calibration(path, words)


def _model_faults(plan: ShowPlan, names: Sequence[str]) -> Iterator[RendererError]:
    """Yield the faults of the performers' own models."""
    if not any(plan.models):
        return
    if len(plan.models) > len(names):
        yield ShowError(
            f"The models of performer {len(plan.models)}",
            f"are of nobody: the show has {len(names)} performers",
            "leave them out",
        )
        return
    # Imported here because it loads numpy.
    from renderer.show.performers.own_models import find_model_faults

    yield from find_model_faults(plan.models, names, plan.consents)


def closeup_faults(plan: ShowPlan, word: str) -> Iterator[ShowError]:
    """Yield the reasons why an input cannot be a close-up of one performer's face."""
    if not has_picture(word):
        yield ShowError(
            f"Close-up {word}", "is no picture of a face", "name a camera, a video or images"
        )
    if is_live(word) and not plan.live:
        yield ShowError(
            f"Close-up {without_password(word)}",
            "is live, and the show's inputs are not",
            "add --live, or name a file of the same performance",
        )


def count_faults(performers: int, avatars: int, take: Path | None) -> Iterator[ShowError]:
    """Yield a fault if the number of performers does not fit the avatars or the take."""
    if avatars > performers:
        yield ShowError(
            f"{avatars} avatars",
            f"are more than the {performers} performers of this show",
            "say how many performers each camera shows by --performers, or name fewer avatars",
        )
    if take is not None and performers > MOST_IN_A_TAKE:
        yield ShowError(
            f"Take {take}",
            f"cannot keep {performers} performers",
            f"keep at most {MOST_IN_A_TAKE}, or leave --take out",
        )


def _output_faults(plan: ShowPlan) -> Iterator[RendererError]:
    """Yield the faults of the plan's outputs."""
    targets = [*plan.streams, *plan.recordings]
    places = [(target.kind, target.address) for target in targets]
    for number, target in enumerate(targets):
        if places[number] in places[:number]:
            yield ShowError(
                f"Output {target.shown}", "is asked for twice", "give every output a target"
            )
    for target in targets:
        try:
            target.check_alpha(is_keyed=plan.is_keyed)
        except RendererError as fault:
            yield fault
    if not plan.overwrite:
        for recording in plan.recordings:
            if recording.is_images:
                continue
            try:
                require_new(recording, "choose another name, or add --overwrite")
            except RendererError as fault:
                yield fault
    for target in targets:
        # Never overwritten: thousands of files cannot be told from what else the folder may hold.
        if target.is_images:
            try:
                require_new(target, "name another folder, or empty it")
            except RendererError as fault:
                yield fault
    for recording in plan.recordings:
        if recording.is_recording:
            try:
                path, second = Path(recording.address), recording.options.fallback
                require_writable(path, "recording")
                if second:
                    require_writable(Path(second) / path.name, "recording")
            except RendererError as fault:
                yield fault
    take = plan.companions.take
    if take is None:
        return
    if take.exists():
        yield ShowError(
            f"Take {take}", "is there already", "name a new file, so that no take is lost"
        )
    try:
        require_writable(take, "take")
    except RendererError as fault:
        yield fault


def _check_companions(plan: ShowPlan, one: AuxiliaryPlan, faults: FaultCollector) -> None:
    """Record the faults of one performer's additional sources."""
    if one.closeup:
        faults.add(*closeup_faults(plan, one.closeup))
        faults.attempt(require_input, one.closeup)
    if one.voice:
        faults.attempt(require_voice, one.voice)
    faults.attempt(AllowList, one.allowed)
