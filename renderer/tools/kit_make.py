"""Make kits from which fans render clips: a motion, the avatar, a set and a song's excerpt."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from avatars import load_avatar
from avatars.model import Avatar
from avatars.vrma import Animation, write_vrma
from renderer.errors import RightsError
from renderer.motion.exchange.animations import read_animation
from renderer.motion.exchange.sequence import animation_from_motions, motions_from_animation
from renderer.motion.takes.read import open_take
from renderer.motion.takes.replay import solve_performance
from renderer.paths import HALL
from renderer.rights.consent_file import load_consent
from renderer.rights.credentials.keys import load_key
from renderer.rights.credentials.trust_list import Issuer
from renderer.rights.erasure import started_at
from renderer.rights.files import replace_file
from renderer.rights.folders import load_trust
from renderer.rights.kit.check import check_avatar
from renderer.rights.kit.fan_licence import FanLicence, FanTerms, PartName
from renderer.rights.kit.limits import Limits
from renderer.rights.kit.package import read_kit_licence, write_kit
from renderer.rights.kit.record import make_kit_record
from renderer.rights.licence import SUFFIX, Licence, load_text, new_urn, read_licence
from renderer.rights.real_faces import find_real_faces
from renderer.rights.sealed.opener import AvatarOpener
from renderer.rights.sealed.package import is_sealed
from renderer.rights.show_records import keep_record
from renderer.rights.status.registry import add_entries, keep_registry, load_registry
from renderer.rights.takes.encryption import unlock_take
from renderer.rights.takes.use import TakeUse, find_consent, require_use
from renderer.show.performers.own_models import load_kept_models
from renderer.stage.sets.checks import check_set
from renderer.tools.dancer import FPS, FRAMES, Dancer
from renderer.tools.duet import cut_song

SET_SUFFIX: Final = ".glb"
"""Kind of set that a kit can contain: one file."""
TAKE_SUFFIX: Final = ".mcap"
_MOTION_RATE: Final = 60.0
"""Motions a second of a take in a kit."""


@dataclass(frozen=True, slots=True)
class KitPlan:
    """What a kit is made of.

    Attributes:
        avatar: the idol; its licence is beside it, or `licence`.
        name: of the kit.
        limits: of one clip.
        days: for which clips may be rendered.
        key: place of the maker's signing key.
        issuer: the maker's name.
        registry: the maker's record of licences, with which the kit can be revoked.
        output: file to write.
        fan: did:key of the fan; empty for everybody.
        motion: a take (.mcap), .vrma or .bvh; None for a rehearsal of the demo's dance.
        number: of the performer in the take, from 0.
        consents: of the performer of the take.
        set: a stage set in one file.
        song: whose excerpt goes with the motion; None for silence.
        start, seconds: excerpt of motion and song.
        address: folder on the web of the registry's lists.
    """

    avatar: Path
    name: str
    limits: Limits
    days: int
    key: str
    issuer: str
    registry: Path
    output: Path
    fan: str = ""
    licence: Path | None = None
    motion: Path | None = None
    number: int = 0
    consents: Sequence[Path] = ()
    set: Path = HALL
    song: Path | None = None
    start: float = 0.0
    seconds: float = 20.0
    bpm: float = 120.0
    credit: str = ""
    label: str = ""
    address: str = ""


def make_kit(plan: KitPlan, notify: Callable[[str], None]) -> FanLicence:
    """Write a kit, and return its licence.

    Raises:
        RendererError: the avatar's licence or the performer's consent does not allow it, or a file
            cannot be read or written.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    key = load_key(plan.key)
    trust = load_trust()
    trust.add(Issuer(key.did, plan.issuer))
    content = AvatarOpener().read(plan.avatar)
    avatar = load_avatar(plan.avatar, lambda _: content)
    if not content.startswith(b"glTF"):
        raise RightsError(f"avatar {plan.avatar}", "is in several files", "export it as .vrm")
    if not plan.fan and (is_sealed(plan.avatar) or not avatar.meta.redistribution):
        raise RightsError(
            f"avatar {plan.avatar}",
            "may not be passed on (allowRedistribution)",
            "make the kit for one fan: --for IDENTIFIER, which `encore avatar key` prints there",
        )
    licence_path = plan.licence or plan.avatar.with_suffix(SUFFIX)
    licence_text = load_text(licence_path, "licence")
    grant = read_licence(licence_text, str(licence_path), trust)
    _require_grant(grant, avatar)
    motion, consent = _read_motion(plan, avatar, now, notify)
    check_set(plan.set)
    parts: dict[PartName, bytes] = {
        "avatar": content,
        "licence": licence_text.encode("ascii"),
        "motion": write_vrma(_cut(motion, plan.start, plan.seconds)),
        "set": plan.set.read_bytes(),
    }
    if plan.song is not None:
        with tempfile.TemporaryDirectory() as folder:
            end = plan.start + plan.seconds
            excerpt = cut_song(plan.song, Path(folder) / "song.wav", plan.start, end)
            parts["song"] = excerpt.read_bytes()
    terms = FanTerms(
        plan.name,
        avatar.meta.name or plan.avatar.stem,
        avatar.sha256,
        plan.fan,
        plan.limits,
        now,
        now + timedelta(days=plan.days),
        bpm=plan.bpm,
        credit=plan.credit,
        label=plan.label,
        consent=consent,
    )
    urn = new_urn()
    registry = load_registry(plan.registry, plan.address)
    entries = add_entries(registry, plan.registry, urn)
    data = write_kit(terms, parts, key, plan.issuer, urn, entries)
    made = read_kit_licence(data, trust, str(plan.output))
    check_avatar(made, grant, avatar, trust, find_real_faces)
    # The registry first: a kit that is not in it could never be revoked.
    for path in keep_registry(registry, plan.registry, key, now):
        notify(
            f"publish    {path}" + (f" at {plan.address}" if plan.address else " beside the kit")
        )
    replace_file(plan.output, data, f"kit {plan.output}")
    keep_record(make_kit_record(made))
    return made


def _require_grant(grant: Licence, avatar: Avatar) -> None:
    """Check that a licence is for this avatar, and allows clips.

    Raises:
        RightsError: it does not.
    """
    what = f"licence {grant.place}"
    if grant.terms.sha256 != avatar.sha256:
        raise RightsError(what, "is for another avatar", "name this avatar's with --licence")
    if not grant.terms.fan_clips:
        raise RightsError(
            what,
            "prohibits clips by fans (prohibition clip)",
            f"ask {grant.issuer_name} for a licence with fan_clips = true",
        )


def _read_motion(
    plan: KitPlan, avatar: Avatar, now: datetime, notify: Callable[[str], None]
) -> tuple[Animation, str]:
    """Return the whole motion, and the SHA-256 of the consent for it; empty without a take."""
    if plan.motion is None:
        # The rehearsal is solved for the avatar's own skeleton.
        dancer = Dancer(avatar, 0, (0.0, 0.0), mirror=False)
        steps = (dancer.motion_at(frame) for frame in range(FRAMES))
        stamped = (
            replace(motion, t_seen_ns=round(frame * 1e9 / FPS))
            for frame, motion in enumerate(steps)
        )
        return animation_from_motions(stamped, "rehearsal"), ""
    if plan.motion.suffix.lower() != TAKE_SUFFIX:
        return read_animation(plan.motion), ""
    what = f"take {plan.motion}"
    take = open_take(plan.motion, unlock_take)
    name = take.name_of(plan.number)
    consent = find_consent(map(load_consent, plan.consents), name, what)
    require_use(consent, TakeUse.REUSE, started_at(plan.motion, take.about), now, what)
    models, fault = load_kept_models(name, plan.consents)
    if fault:
        notify(f"Warning    {fault}")
    motions = solve_performance(take, _MOTION_RATE, plan.number, models=models)
    return animation_from_motions(motions, plan.motion.stem), consent.sha256


def _cut(animation: Animation, start: float, seconds: float) -> Animation:
    """Return an excerpt of an animation, from its own time 0.

    Raises:
        RightsError: there is nothing of it in that time.
    """
    kept = [
        motion
        for motion in motions_from_animation(animation)
        if start * 1e9 <= motion.t_seen_ns <= (start + seconds) * 1e9
    ]
    if len(kept) < 2:
        raise RightsError(
            f"motion of {animation.duration:.1f} s",
            f"has nothing from second {start:g} on",
            "choose an earlier --start",
        )
    return animation_from_motions(kept, animation.name)
