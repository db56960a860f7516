"""Change sealed avatars, fan kits, takes, journals and evidence packs as an attacker would."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from renderer.bench.rights.documents import ADDRESS, HASH, NOW
from renderer.motion.takes.encryption import DecryptedSource, EncryptedSink, read_head
from renderer.rights.audit.chain import START, extend, split_lines
from renderer.rights.audit.evidence import make_evidence, read_evidence
from renderer.rights.audit.seal import Seal, check_seals, make_seal
from renderer.rights.credentials.keys import SigningKey, make_key
from renderer.rights.credentials.trust_list import Issuer, TrustList
from renderer.rights.kit.fan_licence import FanTerms, PartName
from renderer.rights.kit.limits import Limits
from renderer.rights.kit.package import open_kit, write_kit
from renderer.rights.licence import StatusEntry, new_urn
from renderer.rights.provenance.certificate import make_chain
from renderer.rights.sealed.key import make_receiving_key
from renderer.rights.sealed.package import open_package, seal_avatar

_LINES = 40
"""Lines of the journal."""
_BLOCK = 64
"""Bytes that are moved or repeated at once."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of protected file.

    Attributes:
        name: for people.
        data: an unchanged file.
        others: files of the same kind by other people, or of other content.
        believes: returns whether a reader would take a file for genuine although its content is
            another; raises RightsError if it is refused.
        accepts: returns whether a reader takes a file for genuine.
    """

    name: str
    data: bytes
    others: tuple[bytes, ...]
    believes: Callable[[bytes], bool]
    accepts: Callable[[bytes], bool]


def make_file_kinds(seed: int) -> list[FileKind]:
    """Return an unchanged file of each kind."""
    return [
        _package_kind(seed),
        _kit_kind(seed),
        _take_kind(seed),
        _journal_kind(),
        _evidence_kind(),
    ]


def tamper_file(kind: FileKind, chosen: random.Random) -> bytes:
    """Return a changed file, which differs from the unchanged one."""
    ways = (_flip, _flip, _cut, _insert, _repeat, _swap, _splice, _change_text)
    while True:
        changed = chosen.choice(ways)(kind, chosen)
        if changed != kind.data:
            return changed


def _package_kind(seed: int) -> FileKind:
    key, content = make_receiving_key(), random.Random(seed).randbytes(2000)
    sealed = seal_avatar(content, "Idol", [make_receiving_key().did, key.did])
    others = (
        seal_avatar(content[::-1], "Idol", [key.did]),
        seal_avatar(content, "Idol", [make_receiving_key().did]),
    )
    # Another package that its rights holder sealed for this key opens, as it should.
    genuine = {content, content[::-1]}
    return FileKind(
        "sealed avatar",
        sealed,
        others,
        lambda data: open_package(data, key, "it") not in genuine,
        lambda data: open_package(data, key, "it") == content,
    )


def _kit_kind(seed: int) -> FileKind:
    """A kit for one fan; the others are for another fan, of other content, and a stranger's."""
    label, stranger, fan = make_key(), make_key(), make_receiving_key()
    trust = TrustList([Issuer(label.did, "Label Ltd")])
    content = random.Random(seed).randbytes(400)
    parts: dict[PartName, bytes] = {
        "avatar": content,
        "licence": b"licence",
        "motion": b"motion",
        "set": b"set",
    }
    entry = StatusEntry("BitstringStatusListEntry", "revocation", "94567", ADDRESS)
    limits, until = Limits(("full",), 3, 10.0, 720), NOW + timedelta(days=30)
    terms = FanTerms("Summer", "Idol", HASH, fan.did, limits, NOW, until)

    def write(part: bytes, signer: SigningKey, for_whom: str) -> bytes:
        changed = msgspec.structs.replace(terms, fan=for_whom)
        return write_kit(
            changed, {**parts, "avatar": part}, signer, "Label Ltd", new_urn(), (entry,)
        )

    def read(data: bytes) -> bytes:
        return open_kit(data, fan, trust, "it").parts["avatar"]

    # Another kit that the label made for this fan opens, as it should.
    genuine = {content, content[::-1]}
    return FileKind(
        "fan kit",
        write(content, label, fan.did),
        (
            write(content[::-1], label, fan.did),
            write(content, label, make_receiving_key().did),
            write(content, stranger, fan.did),
        ),
        lambda data: read(data) not in genuine,
        lambda data: read(data) == content,
    )


def _take_kind(seed: int) -> FileKind:
    """An encrypted take; the other is of other content under a key of its own."""
    chosen = random.Random(seed)
    head = b'{"version":1,"recorded":"2026-12-01T20:00:00Z"}'
    contents = [chosen.randbytes(1200) for _ in range(2)]
    keys = {head: chosen.randbytes(32), head.replace(b"20:", b"21:"): chosen.randbytes(32)}

    def write(content: bytes, own: bytes) -> bytes:
        file = io.BytesIO()
        sink = EncryptedSink(file, own, keys[own])
        for start in range(0, len(content), 100):
            sink.write(content[start : start + 100])
            sink.flush()
        return file.getvalue()

    def read(data: bytes) -> bytes:
        """Return what is readable before the first damage."""
        file, parts = io.BytesIO(data), bytearray()
        try:
            own = read_head(file)
            if own not in keys:
                return b""
            source = DecryptedSource(file, own, keys[own])
            while part := source.read(50):
                parts += part
        except ValueError:
            pass
        return bytes(parts)

    data = [write(content, own) for content, own in zip(contents, keys, strict=True)]
    return FileKind(
        "take",
        data[0],
        (data[1],),
        lambda changed: not any(one.startswith(read(changed)) for one in contents),
        lambda unchanged: read(unchanged) == contents[0],
    )


def _journal(word: str) -> bytes:
    return b"".join(b"%08x event %s %d\n" % (k, word.encode(), k) for k in range(_LINES))


def _journal_kind() -> FileKind:
    """A journal and its seals in one text: the seals after an empty line."""
    crew = make_chain(NOW)

    def write(word: str, signer: object) -> bytes:
        lines = split_lines(_journal(word))
        seals: list[Seal] = []
        head = START
        for number, start in enumerate(range(0, _LINES, 10)):
            fresh = lines[start : start + 10]
            head = extend(head, fresh)
            at = NOW + timedelta(minutes=number)
            before = seals[-1] if seals else None
            seals.append(make_seal(before, head, fresh, signer, at))  # type: ignore[arg-type]
        return b"".join(lines) + b"\n" + msgspec.json.encode(seals)

    def covered(data: bytes) -> bytes:
        body, _, text = data.rpartition(b"\n\n")
        try:
            seals = msgspec.json.decode(text, type=list[Seal])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return b""
        lines = split_lines(body + b"\n")
        # What no seal covers, or what follows a damaged seal, is reported as unsealed.
        return b"".join(lines[: check_seals(lines, seals, crew.chain, "it").sealed])

    data = write("a", crew)
    whole = _journal("a")
    return FileKind(
        "journal",
        data,
        (write("b", make_chain(NOW)),),
        lambda changed: not whole.startswith(covered(changed)),
        lambda unchanged: covered(unchanged) == whole,
    )


def _evidence_kind() -> FileKind:
    crew, stranger = make_chain(NOW), make_chain(NOW)
    lines = split_lines(_journal("a"))
    packs = []
    for certificate, until in ((crew, NOW), (stranger, NOW)):
        seal = make_seal(None, extend(START, lines), lines, certificate, until)
        packs.append(make_evidence(b"".join(lines), [seal], None, certificate, NOW))
    own = read_evidence(packs[0], "it")

    def is_ours(data: bytes) -> bool:
        return read_evidence(data, "it").fingerprint == own.fingerprint

    def believes(data: bytes) -> bool:
        # JSON has more than one text of one content.
        return is_ours(data) and read_evidence(data, "it").pack != own.pack

    return FileKind("evidence", packs[0], (packs[1],), believes, is_ours)


def _flip(kind: FileKind, chosen: random.Random) -> bytes:
    data = bytearray(kind.data)
    data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
    return bytes(data)


def _cut(kind: FileKind, chosen: random.Random) -> bytes:
    place = chosen.randrange(len(kind.data))
    return kind.data[:place] if chosen.random() < 0.5 else kind.data[place:]


def _insert(kind: FileKind, chosen: random.Random) -> bytes:
    place = chosen.randrange(len(kind.data))
    return kind.data[:place] + chosen.randbytes(chosen.randrange(1, 9)) + kind.data[place:]


def _repeat(kind: FileKind, chosen: random.Random) -> bytes:
    place = chosen.randrange(len(kind.data))
    block = kind.data[place : place + _BLOCK]
    return kind.data[:place] + block + kind.data[place:]


def _swap(kind: FileKind, chosen: random.Random) -> bytes:
    a = chosen.randrange(len(kind.data) - 2 * _BLOCK)
    b, c = a + _BLOCK, a + 2 * _BLOCK
    return kind.data[:a] + kind.data[b:c] + kind.data[a:b] + kind.data[c:]


def _splice(kind: FileKind, chosen: random.Random) -> bytes:
    """Put the beginning of one file before the end of another."""
    other = chosen.choice(kind.others)
    place = chosen.randrange(min(len(kind.data), len(other)))
    pair = (kind.data, other) if chosen.random() < 0.5 else (other, kind.data)
    return pair[0][:place] + pair[1][place:]


def _change_text(kind: FileKind, chosen: random.Random) -> bytes:
    """Change a number in the readable part, or make it deep or huge."""
    digits = [k for k, byte in enumerate(kind.data[:4000]) if 48 <= byte <= 57]
    place = chosen.choice(digits)
    text = chosen.choice((b"9", b"-1", b"1e308", b"[" * 5000, b"null", b"9" * 5000, b'"'))
    return kind.data[:place] + text + kind.data[place + 1 :]
