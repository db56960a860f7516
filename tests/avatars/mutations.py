"""Mutate a file: its bytes, its JSON's values and structure, its numbers, its container."""

from __future__ import annotations

import copy
import io
import random
import struct
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image
from tiny import join_glb, split_glb

Json = dict[str, Any]

NASTY: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2, 3, 255, 65536, 2**31 - 1, 2**31, 2**63, 10**400, -0.5, 0.5, 1e-300,
    1e6, 1e20, 1e308, -1e308, "", "1.0", "../../etc/passwd", "/etc/passwd", "file:///etc/passwd",
    "data:,", "data:application/octet-stream;base64,AAAA", "\0", "\ud800", "x" * 5000, "none",
    [], [0], [0, 0], [0.0] * 16, [1e300] * 3, [[]], {}, {"a": {}}, {"node": 0}, {"index": 0},
)  # fmt: skip
REFERENCES = frozenset(
    {
        "bufferView", "buffer", "camera", "center", "firstPersonBone", "index", "indices", "input",
        "inverseBindMatrices", "material", "mesh", "node", "output", "sampler", "scene", "skeleton",
        "skin", "source", "texture", "thumbnailImage", "_MainTex", "_ShadeTexture", "POSITION",
        "NORMAL", "TEXCOORD_0", "JOINTS_0", "WEIGHTS_0",
    }
)  # fmt: skip
REFERENCE_LISTS = frozenset({"bones", "children", "colliderGroups", "colliders", "joints", "nodes"})
"""Members that contain indices of other elements of the file, or lists of indices."""
NOWHERE: tuple[Any, ...] = (-1, -2, 9999, 2**31 - 1, 2**31, 10**400, 1.5, "0", None, True)
COUNTS = (0, 1, 2**16, 2**22, 2**24, 2**31 - 1, 2**32, -1)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one to four mutations."""
    if chance.random() < 0.15:
        return _bent_bytes(data, chance)
    root, rest = split_glb(data)
    root = copy.deepcopy(root)
    body = bytearray(rest)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        chance.choice((_value, _value, _graft, _count, _dangle, _dangle, _link, _repeat))(
            root, chance
        )
        if chance.random() < 0.1:
            _bent_body(body, chance)
        if chance.random() < 0.1:
            _bent_numbers(body, chance)
        if not root:
            break
    try:
        whole = join_glb(root, bytes(body))
    except (ValueError, RecursionError):
        return data
    return _bent_shell(whole, chance) if chance.random() < 0.03 else whole


def _places(root: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container and key of a JSON value."""
    queue = [root]
    while queue:
        here = queue.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here))
        for key in keys:
            yield here, key
            if isinstance(here[key], (dict, list)):
                queue.append(here[key])


def _pick(root: Json, chance: random.Random) -> tuple[Any, Any] | None:
    """Return a place by a random walk, so that the few members near the root are as likely as the
    many far from it."""
    here: Any = root
    while True:
        keys = list(here) if isinstance(here, dict) else range(len(here))
        if not keys:
            return None
        key = chance.choice(keys)
        inner = here[key]
        if not isinstance(inner, (dict, list)) or not inner or chance.random() < 0.1:
            return here, key
        here = inner


def _value(root: Json, chance: random.Random) -> None:
    place = _pick(root, chance)
    if place is not None:
        holder, key = place
        if chance.random() < 0.15:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(NASTY))


def _graft(root: Json, chance: random.Random) -> None:
    """Replace one part of the file by another."""
    one, other = _pick(root, chance), _pick(root, chance)
    if one is not None and other is not None:
        one[0][one[1]] = copy.deepcopy(other[0][other[1]])


def _count(root: Json, chance: random.Random) -> None:
    """Change a length, an offset or a count."""
    keys = ("count", "byteLength", "byteOffset", "byteStride", "componentType", "node", "mesh",
            "index", "bufferView", "buffer", "skin", "source", "material", "POSITION")  # fmt: skip
    found = [place for place in _places(root) if place[1] in keys]
    if found:
        holder, key = chance.choice(found)
        old = holder[key] if isinstance(holder[key], int) else 0
        near = (old + 1, old - 1, old * 2, old * 1000, -old, old + 4)
        holder[key] = chance.choice((*COUNTS, *near))


def references(root: Json) -> list[tuple[Any, Any]]:
    """Return every container and key of a reference."""
    found: list[tuple[Any, Any]] = []
    for holder, key in _places(root):
        value = holder[key]
        if key in REFERENCES and isinstance(value, int):
            found.append((holder, key))
        elif key in REFERENCE_LISTS and isinstance(value, list):
            found += [(value, i) for i, entry in enumerate(value) if isinstance(entry, int)]
    return found


def _dangle(root: Json, chance: random.Random) -> None:
    """Make references dangle."""
    found = references(root)
    for _ in range(chance.choice((1, 1, 2, 5))):
        if found:
            holder, key = chance.choice(found)
            holder[key] = chance.choice(NOWHERE)


def _all_dangle(root: Json, value: Any) -> None:
    """Make every reference of the file's extensions and materials dangle, except those of bones."""
    extensions = copy.deepcopy(root["extensions"])
    for holder, key in references({**root["extensions"], "x": root["materials"]}):
        holder[key] = value
    for name, own in root["extensions"].items():
        if "humanoid" in own:
            own["humanoid"] = extensions[name]["humanoid"]


def _link(root: Json, chance: random.Random) -> None:
    """Link nodes into cycles, or to several parents."""
    nodes = root.get("nodes")
    if isinstance(nodes, list) and nodes:
        node = chance.choice(nodes)
        if isinstance(node, dict):
            children = [chance.randrange(len(nodes)) for _ in range(chance.randint(1, 3))]
            node["children"] = children


def _repeat(root: Json, chance: random.Random) -> None:
    """Repeat a list's elements many times."""
    lists = [root[key] for key in root if isinstance(root[key], list) and root[key]]
    if lists:
        chosen = chance.choice(lists)
        chosen.extend(chance.choice(chosen) for _ in range(chance.choice((1, 10, 300))))


def _bent_numbers(body: bytearray, chance: random.Random) -> None:
    """Insert floats that are infinite, NaN or out of bounds."""
    for _ in range(chance.randint(1, 20)):
        if len(body) > 16:
            place = chance.randrange(2, len(body) // 4) * 4
            value = chance.choice((float("nan"), float("inf"), -1e38, 1e30, 1e-40, 0.0))
            body[place : place + 4] = struct.pack("<f", value)


def _bent_body(body: bytearray, chance: random.Random) -> None:
    """Change single bytes of the binary chunk, which corrupts packed data."""
    for _ in range(chance.randint(1, 6)):
        if len(body) > 8:
            body[chance.randrange(8, len(body))] = chance.randrange(256)


def _bent_bytes(data: bytes, chance: random.Random) -> bytes:
    bent = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        bent[chance.randrange(len(bent))] = chance.randrange(256)
    return bytes(bent[: chance.randint(0, len(bent))] if chance.random() < 0.3 else bent)


def _bent_shell(data: bytes, chance: random.Random) -> bytes:
    """Change lengths in the GLB's header and chunks."""
    bent = bytearray(data)
    place = chance.choice((4, 8, 12, 16, 20 + struct.unpack_from("<I", data, 12)[0]))
    value = chance.choice((0, 1, len(data), len(data) - 1, len(data) // 2, 2**31, 2**32 - 1))
    if place + 4 <= len(bent):
        struct.pack_into("<I", bent, place, value)
    return bytes(bent)


def named_seeds(seeds: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield named attacks, each on the minimal avatar."""
    tiny = seeds["tiny.vrm"]

    def edited(change: Callable[[Json], Any], seed: bytes = tiny) -> bytes:
        root, rest = split_glb(seed)
        change(root)
        return join_glb(root, rest)

    for name, text in _json_bombs().items():
        yield f"{name}.vrm", text
    cases: dict[str, Callable[[Json], Any]] = {
        "absurd count": lambda r: r["accessors"][0].update(count=2**31 - 1),
        "endless zeros": lambda r: r.update(
            accessors=[{"componentType": 5126, "count": 1 << 22, "type": "MAT4"}] * 4096
        ),
        "zeros that fit": lambda r: r["accessors"].append(
            {"componentType": 5126, "count": (1 << 22) - 1, "type": "MAT4"}
        ),
        "cyclic nodes": lambda r: r["nodes"][5].update(children=[0]),
        "own child": lambda r: r["nodes"][0].update(children=[0]),
        "many nodes": lambda r: r["nodes"].extend([{}] * 200_000),
        "deep nodes": lambda r: r["nodes"].extend({"children": [60 + i]} for i in range(5000)),
        "undefined matrix": lambda r: r["nodes"][0].update(matrix=[float("nan")] * 16),
        "huge matrix": lambda r: r["nodes"][0].update(matrix=[1e300] * 16),
        "flat matrix": lambda r: r["nodes"][0].update(matrix=[0.0] * 16),
        "negative length": lambda r: r["bufferViews"][0].update(byteLength=-4),
        "negative offset": lambda r: r["bufferViews"][0].update(byteOffset=-4),
        "overlapping views": lambda r: [v.update(byteOffset=0) for v in r["bufferViews"]],
        "many views": lambda r: r["bufferViews"].extend(r["bufferViews"][:1] * 300_000),
        "many images": lambda r: r.update(
            images=r["images"] * 9000, textures=[{"source": i} for i in range(9000)],
            materials=[{"normalTexture": {"index": i}} for i in range(9000)],
        ),
        "outside path": lambda r: r["buffers"][0].update(uri="../../../etc/passwd"),
        "absolute path": lambda r: r["buffers"][0].update(uri="/etc/passwd"),
        "escaped path": lambda r: r["buffers"][0].update(uri="%2e%2e/%2e%2e/etc/passwd"),
        "device": lambda r: r["images"][0].update(uri="/dev/zero", bufferView=None),
        "many shapes": lambda r: r["meshes"][0]["primitives"][0].update(
            targets=[{"POSITION": 0}] * 100_000
        ),
        "many primitives": lambda r: r["meshes"][0].update(
            primitives=r["meshes"][0]["primitives"] * 20_000
        ),
        "all at -1": lambda r: _all_dangle(r, -1),
        "all past the end": lambda r: _all_dangle(r, 9999),
        "endless warnings": lambda r: r["extensions"]["VRMC_springBone"].update(
            colliders=[{"node": -1}] * 50_000
        ),
        "deep skins": _deep_skins,
        "deep springs": lambda r: _deep_springs(r, 16),
        "too many springs": lambda r: _deep_springs(r, 140),
        "long constraints": lambda r: r["nodes"].extend(_constraints(60, 10_000)),
        "many instances": lambda r: [n.update(mesh=0, skin=0) for n in r["nodes"]],
    }  # fmt: skip
    for name, change in cases.items():
        yield f"{name}.vrm", edited(change)
    yield "too many old springs.vrm", edited(_deep_old_springs, seeds["tiny_0.vrm"])
    yield "large picture.vrm", _with_picture(tiny, 8192)
    yield "too large picture.vrm", _with_picture(tiny, 30_000)
    yield from _shells(tiny)


def _deep(root: Json) -> None:
    """Append a chain of a thousand nodes."""
    root["nodes"] += [{"children": [61 + i]} for i in range(999)] + [{}]


def _deep_skins(root: Json) -> None:
    _deep(root)
    skin = {"joints": [*range(1000, 1060), 60], "skeleton": 60}
    root["skins"] += [skin] * 4_000
    for node in root["nodes"][60:]:
        node.update(mesh=0, skin=7)


def _deep_springs(root: Json, chains: int) -> None:
    """Append chains of a thousand joints each."""
    _deep(root)
    joints = [{"node": 60 + i} for i in range(1000)]
    root["extensions"]["VRMC_springBone"]["springs"] = [{"joints": joints}] * chains


def _deep_old_springs(root: Json) -> None:
    """Name the root of a chain of a thousand nodes many times in a VRM 0.x file."""
    _deep(root)
    groups = root["extensions"]["VRM"]["secondaryAnimation"]["boneGroups"]
    groups[0]["bones"] = [60] * 10_000


def _constraints(first: int, count: int) -> list[Json]:
    """Return nodes each constrained by the next; the last one is not constrained."""
    return [
        {
            "extensions": {
                "VRMC_node_constraint": {
                    "specVersion": "1.0", "constraint": {"rotation": {"source": first + i + 1}},
                }
            }
        }
        for i in range(count)
    ] + [{}]  # fmt: skip


def _json_bombs() -> dict[str, bytes]:
    head = b'{"asset":{"version":"2.0"},"x":'
    nested = 100_000
    return {
        "nested lists": head + b"[" * nested + b"]" * nested + b"}",
        "nested objects": head + b'{"a":' * nested + b"1" + b"}" * nested + b"}",
        "many lists": head + b"[" + b"[]," * 5_000_000 + b"[]]}",
        "many objects": head + b"[" + b'{"a":1},' * 600_000 + b"{}]}",
        "long number": head + b"9" * 1_000_000 + b"}",
        "large exponent": head + b"1e999999999}",
        "not a number": head + b"NaN}",
        "one name": head + b"{" + b'"a":1,' * 1_000_000 + b'"a":1}}',
    }


def _with_picture(data: bytes, side: int) -> bytes:
    """Return the file with a picture of one colour: a small file, large when decoded."""
    root, rest = split_glb(data)
    picture = io.BytesIO()
    if side <= 8192:
        Image.new("RGB", (side, side)).save(picture, "PNG")
    else:
        Image.fromarray(np.zeros((8, 8), np.uint8)).save(picture, "PNG")
        lie = bytearray(picture.getvalue())
        lie[16:24] = struct.pack(">II", side, side)
        picture = io.BytesIO(bytes(lie))
    image = picture.getvalue()
    image += b"\0" * (-len(image) % 4)
    start = root["buffers"][0]["byteLength"]
    start += -start % 4
    binary = rest[8:].ljust(start, b"\0")[:start] + image
    root["bufferViews"].append({"buffer": 0, "byteOffset": start, "byteLength": len(image)})
    root["buffers"][0]["byteLength"] = len(binary)
    root["images"][0]["bufferView"] = len(root["bufferViews"]) - 1
    return join_glb(root, struct.pack("<I4s", len(binary), b"BIN\0") + binary)


def _shells(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield files whose chunks overlap, occur twice or end early."""
    (size,) = struct.unpack_from("<I", data, 12)
    for name, place, value in (
        ("overlapping chunks", 12, size // 2 // 4 * 4),
        ("chunk past the end", 12, 2**32 - 1),
        ("chunk of nothing", 12, 0),
        ("binary past the end", 20 + size, 2**31),
        ("length past the end", 8, 2**32 - 1),
        ("length of nothing", 8, 0),
    ):
        bent = bytearray(data)
        struct.pack_into("<I", bent, place, value)
        yield f"{name}.vrm", bytes(bent)
    twice = data[12 : 20 + size]
    whole = data[:12] + twice + data[12:]
    yield "two JSON chunks.vrm", whole[:8] + struct.pack("<I", len(whole)) + whole[12:]
    yield "empty chunks.vrm", b"glTF" + struct.pack("<II", 2, 12 + 800_000) + bytes(800_000)
