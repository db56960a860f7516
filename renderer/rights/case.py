"""Collect the documents about a show's avatars and performers, and judge them again and again."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.errors import RendererError, RightsError
from renderer.paths import HOUSE_ISSUERS, config_folder
from renderer.rights.clause import Verdict
from renderer.rights.clock_guard import ClockGuard
from renderer.rights.credentials.trust_list import TrustList, load_trust_list
from renderer.rights.decision import AvatarFile, Evidence, ShowFacts, decide
from renderer.rights.declaration import Declaration, OutputKind
from renderer.rights.folders import clock_guard, load_trust, status_store
from renderer.rights.footage.consent import require_picture_shown
from renderer.rights.licence import SUFFIX, Licence, load_text, read_licence
from renderer.rights.policy import FILE_NAME, StudioPolicy, load_policy
from renderer.rights.protected import find_copied, load_protected
from renderer.rights.sealed.package import is_sealed
from renderer.rights.status.store import StatusStore
from renderer.rights.takes.consents import load_consents

if TYPE_CHECKING:  # Importing it loads numpy.
    from avatars.model import Avatar


@dataclass(frozen=True, slots=True)
class Pair:
    """An avatar with its performer.

    Attributes:
        place: the avatar's file.
        performer: name; empty if unnamed.
    """

    avatar: AvatarFile
    place: Path
    performer: str


@dataclass(frozen=True, slots=True)
class _Judged:
    """Verdicts, and for what they hold.

    Attributes:
        revision: of the status lists.
        since, until: times between which the clock alone changes nothing; `until` is not one.
    """

    evidence: tuple[Evidence, ...]
    facts: ShowFacts
    revision: int
    since: datetime
    until: datetime
    verdicts: tuple[Verdict, ...]


class RightsCase:
    """The pairs of a show with all documents about them.

    `refresh` reads documents and may use the network; `judge` takes microseconds a pair, waits for
    no disk, and decides again only after something has changed. Both may be called from different
    threads.
    """

    def __init__(
        self,
        pairs: Sequence[Pair],
        facts: ShowFacts,
        *,
        licences: Sequence[Path] = (),
        consents: Sequence[Path] = (),
        trust: TrustList,
        policy: StudioPolicy,
        store: StatusStore,
        clock: ClockGuard,
        searched: Iterable[str] = (),
    ) -> None:
        """Store the parts; nothing is read before `refresh`.

        Args:
            pairs: what is shown.
            facts: what the show does.
            licences: files named by the crew, besides those found next to the avatars.
            consents: likewise, besides those in the user's data.
            trust: issuers that are accepted.
            policy: the studio's requirements.
            store: of status lists.
            clock: the latest time seen.
            searched: issuers whose avatars are searched for photographed faces when they are made.
        """
        self.pairs = tuple(pairs)
        self.policy = policy
        self._facts = facts
        self._named, self._consents = tuple(licences), tuple(consents)
        self._trust, self._store, self._clock = trust, store, clock
        self._evidence: tuple[Evidence, ...] = tuple(Evidence() for _ in pairs)
        self._faces: dict[str, tuple[str, ...]] = {}
        self._searched = frozenset(searched)
        self._judged: _Judged | None = None
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Read licences, consents, withdrawals and status lists again.

        Raises:
            RightsError: a licence that the crew named is unusable, or for no avatar of this show.
        """
        named = [self._read(path) for path in self._named]
        known = {pair.avatar.sha256 for pair in self.pairs}
        for licence in named:
            if licence.terms.sha256 not in known:
                raise RightsError(
                    f"licence {licence.place}",
                    f"is for {licence.terms.avatar}, of which this show has no file",
                    "name the licences of this show's avatars",
                )
        consents, broken = load_consents(self._consents)
        protected, _ = load_protected(self._trust)
        evidence = []
        for pair in self.pairs:
            found, unusable = self._find_beside(pair)
            licences = (*named, *found)
            faces, unsearched = self._find_faces(pair.avatar, licences)
            evidence.append(
                Evidence(
                    licences,
                    consents=tuple(consents),
                    unusable_licences=tuple(unusable),
                    unusable_consents=tuple(broken),
                    faces=faces,
                    unsearched=unsearched,
                    copied=self._find_copied(pair.avatar, (*protected, *licences)),
                )
            )
        for licence in {one.id: one for each in evidence for one in each.licences}.values():
            self._store.load(licence, self._trust)
            self._store.refresh(licence, self._trust)
        self._clock.keep()
        with self._lock:
            self._evidence = tuple(evidence)

    @property
    def licences(self) -> tuple[Licence, ...]:
        """Return the licences for the show's avatars, as of the last `refresh`."""
        known = {pair.avatar.sha256 for pair in self.pairs}
        with self._lock:
            found = [one for each in self._evidence for one in each.licences]
        return tuple({one.id: one for one in found if one.terms.sha256 in known}.values())

    def judge(
        self, now: datetime | None = None, outputs: Iterable[OutputKind] = ()
    ) -> tuple[Verdict, ...]:
        """Return the verdict about each pair.

        Args:
            now: UTC; the clock's if None.
            outputs: that are about to be added to those of the show.
        """
        now = now or datetime.now(UTC)
        seen = self._clock.check(now)
        stated, revision = self._facts, self._store.revision
        facts = replace(stated, outputs=stated.outputs | frozenset(outputs))
        with self._lock:
            evidence = self._evidence
        kept = self._judged
        if (
            kept is not None
            and seen is None
            and kept.evidence is evidence
            and (kept.facts, kept.revision) == (facts, revision)
            and kept.since <= now < kept.until
        ):
            return kept.verdicts
        found = []
        for pair, documents in zip(self.pairs, evidence, strict=True):
            statuses = {one.id: self._store.check(one, now) for one in documents.licences}
            full = replace(documents, statuses=statuses, clock_seen=seen)
            found.append(decide(pair.avatar, pair.performer, facts, full, self.policy, now))
        verdicts = tuple(found)
        if seen is None:
            until = self._find_next_change(evidence, now)
            self._judged = _Judged(evidence, facts, revision, now, until, verdicts)
        return verdicts

    def require_allowed(
        self, now: datetime | None = None, outputs: Iterable[OutputKind] = ()
    ) -> tuple[Verdict, ...]:
        """Return the verdicts if all allow it.

        Args:
            now: as for `judge`.
            outputs: as for `judge`.

        Raises:
            RightsError: one does not; names every clause that decided, with its remedy.
        """
        verdicts = self.judge(now, outputs)
        self._clock.keep()
        for verdict in verdicts:
            if not verdict.is_allowed:
                raise build_refusal(verdict)
        return verdicts

    def require_picture_shown(self, performers: Iterable[str], now: datetime | None = None) -> None:
        """Check that the camera's own picture of performers may be shown, as of `refresh`.

        Raises:
            RightsError: one of them has not agreed to it.
        """
        now = now or datetime.now(UTC)
        with self._lock:
            consents = {one.id: one for each in self._evidence for one in each.consents}
        for performer in performers:
            require_picture_shown(consents.values(), performer, self._facts.declaration.show, now)

    def check_outputs(self, outputs: Iterable[OutputKind], now: datetime | None = None) -> None:
        """Check outputs that are about to be opened, and count them as the show's from then on.

        Raises:
            RightsError: an avatar may not be shown there.
        """
        kinds = set(outputs)
        self.require_allowed(now, kinds)
        self._facts = replace(self._facts, outputs=self._facts.outputs | kinds)

    def declare(self, declaration: Declaration) -> None:
        """Judge by another declaration from now on."""
        self._facts = replace(self._facts, declaration=declaration)

    def _find_next_change(self, evidence: Sequence[Evidence], now: datetime) -> datetime:
        """Return the first time after now at which a document begins, ends or is withdrawn."""
        times: list[datetime | None] = []
        for each in evidence:
            for licence in each.licences:
                times += [licence.terms.since, licence.terms.until, *self._store.times(licence)]
            for consent in each.consents:
                times += [consent.terms.since, consent.terms.until, consent.withdrawn]
        coming = (time for time in times if time is not None and time > now)
        return min(coming, default=datetime.max.replace(tzinfo=UTC))

    def _find_faces(
        self, avatar: AvatarFile, licences: Sequence[Licence]
    ) -> tuple[tuple[str, ...], RendererError | None]:
        """Return the photographed faces of an avatar, or why it could not be searched for them.

        One whose licences all say whom it depicts is not searched; nor is an idol that comes with
        the program, which is searched when it is built.
        """
        own = [one for one in licences if one.terms.sha256 == avatar.sha256]
        is_stated = bool(own) and all(
            one.terms.depicts or one.issuer in self._searched for one in own
        )
        if avatar.find_faces is None or is_stated:
            return (), None
        if avatar.sha256 not in self._faces:
            try:
                self._faces[avatar.sha256] = avatar.find_faces()
            except RendererError as fault:
                return (), fault
        return self._faces[avatar.sha256], None

    @staticmethod
    def _find_copied(avatar: AvatarFile, licences: Sequence[Licence]) -> tuple[Licence, ...]:
        if avatar.shape is None:
            return ()
        return find_copied(avatar.shape, avatar.sha256, licences)

    def _read(self, path: Path) -> Licence:
        return read_licence(load_text(path, "licence"), str(path), self._trust)

    def _find_beside(self, pair: Pair) -> tuple[list[Licence], list[RightsError]]:
        """Return the licence beside an avatar's file, or why it cannot be used."""
        path = pair.place.with_suffix(SUFFIX)
        if not path.exists():
            return [], []
        try:
            licence = self._read(path)
        except RightsError as fault:
            return [], [fault]
        if licence.terms.sha256 == pair.avatar.sha256:
            return [licence], []
        return [], [
            RightsError(
                f"licence {path}",
                "is for another file than the avatar beside it",
                f"ask {licence.issuer_name} for a licence for this file, or restore the file that "
                "was licensed",
            )
        ]


def build_refusal(verdict: Verdict) -> RightsError:
    """Return a verdict that denies as an error."""
    texts = [clause.text() for clause in verdict.deciding()]
    return RightsError(
        f"Avatar {verdict.avatar or 'without a name'}",
        ", and ".join(dict.fromkeys(fault for fault, _ in texts)),
        "; ".join(dict.fromkeys(remedy for _, remedy in texts if remedy)),
    )


def describe_file(avatar: Avatar) -> AvatarFile:
    """Return a loaded avatar as the decision knows it."""
    from renderer.rights.shape.fingerprint import describe_shape

    return AvatarFile(
        avatar.meta.name,
        avatar.sha256,
        avatar.meta,
        describe_shape(avatar),
        is_sealed(avatar.path),
        partial(_find_faces, avatar),
    )


def _find_faces(avatar: Avatar) -> tuple[str, ...]:
    # Loading OpenCV takes a while, and not every avatar is searched.
    from renderer.rights.real_faces import find_real_faces

    return find_real_faces(avatar)


def open_case(
    avatars: Sequence[tuple[Path, AvatarFile]],
    performers: Sequence[str],
    facts: ShowFacts,
    licences: Sequence[Path] = (),
    consents: Sequence[Path] = (),
    wardrobe: Sequence[tuple[str, Path, AvatarFile]] = (),
) -> RightsCase:
    """Return the case of a show with this machine's trust list, settings and status lists.

    Args:
        avatars: files with their places, assigned to the performers in order, cyclically.
        performers: names in order; empty for those without.
        facts: what the show does.
        licences: files named by the crew.
        consents: likewise.
        wardrobe: further avatars with their performers' names, after the performers' own.

    Raises:
        RightsError: a file, trust list or setting cannot be read, or a licence is unusable.
    """
    count = max(len(avatars), len(performers))
    names = [*performers, *[""] * count][:count]
    own = zip(names, itertools.cycle(avatars), strict=False)
    pairs = [Pair(file, path, name) for name, (path, file) in own]
    pairs += [Pair(file, path, name) for name, path, file in wardrobe]
    case = RightsCase(
        pairs,
        facts,
        licences=licences,
        consents=consents,
        trust=load_trust(),
        policy=load_policy(config_folder() / FILE_NAME),
        store=status_store(),
        clock=clock_guard(),
        searched=(one.did for one in load_trust_list(HOUSE_ISSUERS).issuers),
    )
    case.refresh()
    return case
