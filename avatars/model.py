"""Define the avatar's data records: the file's content in VRM 1.0's terms.

Arrays are read-only. Coordinates are right-handed, in metres, +Y up; the avatar faces +Z. Rotations
are unit quaternions in xyzw order; colours are linear.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from avatars.springs.records import Springs

if TYPE_CHECKING:  # The constraints package imports this module.
    from avatars.constraints.records import Constraint

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]
I32 = npt.NDArray[np.int32]
U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The node tree, sorted so that parents precede their children.

    Attributes:
        names: one per node; may repeat or be empty.
        parents: (n,) int32, index of the parent; -1 at a root.
        translation: (n, 3) rest pose, local, metres.
        rotation: (n, 4) rest pose, local, xyzw.
        scale: (n, 3) rest pose, local.
    """

    names: tuple[str, ...]
    parents: I32
    translation: F32
    rotation: F32
    scale: F32


@dataclass(frozen=True, slots=True)
class Texture:
    """A decoded image and its sampler settings.

    Attributes:
        pixels: (h, w, 4) uint8 RGBA, row 0 at v = 0 (glTF: the top).
        wrap: wrap modes for s and t.
        nearest: whether the sampler filters by the nearest texel.
    """

    name: str
    pixels: U8
    wrap: tuple[Literal["repeat", "mirror", "clamp"], Literal["repeat", "mirror", "clamp"]]
    nearest: bool = False


@dataclass(frozen=True, slots=True)
class TextureUse:
    """A texture in a material's slot; uv' = rotate(uv * scale) + offset (KHR_texture_transform).

    `uv_set` is 0 where the slot is placed by Primitive.uv, and 1 where by Primitive.second_uv.
    """

    texture: int
    offset: tuple[float, float] = (0.0, 0.0)
    scale: tuple[float, float] = (1.0, 1.0)
    rotation: float = 0.0
    uv_set: int = 0


class AlphaMode(Enum):
    """How a material's alpha is interpreted."""

    OPAQUE = "OPAQUE"
    MASK = "MASK"
    BLEND = "BLEND"


class OutlineMode(Enum):
    """The unit of an outline's width."""

    NONE = "none"
    WORLD = "worldCoordinates"
    SCREEN = "screenCoordinates"


@dataclass(frozen=True, slots=True)
class Material:
    """A material: MToon unless `unlit` or `physically_based` says otherwise.

    `unlit` draws the base colour only. `physically_based` shades by glTF's metallic-roughness model
    with the fields from `metallic` on, and ignores MToon's. `limits_to_base` keeps each light from
    making the material brighter than its base colour, as MToon of VRM 0.x does. Names and defaults
    of the other fields are those of VRMC_materials_mtoon-1.0.
    """

    name: str
    base_color: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    base_texture: TextureUse | None = None
    alpha_mode: AlphaMode = AlphaMode.OPAQUE
    alpha_cutoff: float = 0.5
    double_sided: bool = False
    unlit: bool = False
    physically_based: bool = False
    limits_to_base: bool = False
    transparent_with_z_write: bool = False
    render_queue_offset: int = 0
    normal_texture: TextureUse | None = None
    normal_scale: float = 1.0
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    emissive_texture: TextureUse | None = None
    shade_color: tuple[float, float, float] = (0.0, 0.0, 0.0)
    shade_texture: TextureUse | None = None
    shading_shift: float = 0.0
    shading_shift_texture: TextureUse | None = None
    shading_shift_texture_scale: float = 1.0
    shading_toony: float = 0.9
    gi_equalization: float = 0.9
    matcap_color: tuple[float, float, float] = (1.0, 1.0, 1.0)
    matcap_texture: TextureUse | None = None
    rim_color: tuple[float, float, float] = (0.0, 0.0, 0.0)
    rim_texture: TextureUse | None = None
    rim_lighting_mix: float = 1.0
    rim_fresnel_power: float = 5.0
    rim_lift: float = 0.0
    outline_mode: OutlineMode = OutlineMode.NONE
    outline_width: float = 0.0
    outline_width_texture: TextureUse | None = None
    outline_color: tuple[float, float, float] = (0.0, 0.0, 0.0)
    outline_lighting_mix: float = 1.0
    uv_scroll: tuple[float, float] = (0.0, 0.0)
    uv_rotation: float = 0.0
    uv_mask_texture: TextureUse | None = None
    metallic: float = 1.0
    roughness: float = 1.0
    metallic_roughness_texture: TextureUse | None = None
    occlusion_texture: TextureUse | None = None
    occlusion_strength: float = 1.0


@dataclass(frozen=True, slots=True)
class MorphTarget:
    """The sparse vertex deltas of one morph target of a primitive.

    Attributes:
        indices: (k,) uint32, the vertices that move.
        position: (k, 3) position deltas, metres.
        normal: (k, 3) normal deltas, or None where the file has none.
        tangent: (k, 3) tangent deltas, or None where the file has none.
    """

    indices: U32
    position: F32
    normal: F32 | None
    tangent: F32 | None = None


@dataclass(frozen=True, slots=True)
class Primitive:
    """The triangles of a mesh that share a material.

    Attributes:
        position: (n, 3) metres, in mesh space.
        normal: (n, 3) unit.
        uv: (n, 2).
        color: (n, 4), ones where the file has none.
        joints: (n, 4) uint32, indices into the skin's joints; zeros without a skin.
        weights: (n, 4), each row sums to 1; zeros without a skin.
        triangles: (m, 3) uint32, counter-clockwise front faces.
        material: index of the material.
        targets: one per morph target of the mesh, in order.
        tangent: (n, 4) unit tangent along +u, then the bitangent's sign, 1 or -1; None where the
            file has none.
        second_uv: (n, 2) UV set of the textures whose `uv_set` is 1; None where there are none.
    """

    position: F32
    normal: F32
    uv: npt.NDArray[np.float32]
    color: F32
    joints: U32
    weights: F32
    triangles: U32
    material: int
    targets: tuple[MorphTarget, ...] = ()
    tangent: F32 | None = None
    second_uv: F32 | None = None


@dataclass(frozen=True, slots=True)
class Mesh:
    """Primitives that share morph targets.

    Attributes:
        first_channel: index of this mesh's first morph weight in the avatar's weight vector.
        target_names: one per morph target; may be empty strings.
        default_weights: (t,) the file's default weights.
    """

    name: str
    primitives: tuple[Primitive, ...]
    first_channel: int
    target_names: tuple[str, ...]
    default_weights: F32


@dataclass(frozen=True, slots=True)
class Skin:
    """The joints of a skinned mesh.

    Attributes:
        joints: (j,) int32 node indices.
        inverse_bind: (j, 4, 4) matrices from mesh space to joint space, for column vectors.
    """

    joints: I32
    inverse_bind: F32


FirstPerson = Literal["auto", "both", "thirdPersonOnly", "firstPersonOnly"]
"""Which cameras draw a mesh: those in the avatar's own eyes, all others, or both.

With `auto`, first-person cameras skip vertices bound to the head or its descendants.
"""


@dataclass(frozen=True, slots=True)
class MeshInstance:
    """A mesh on a node. With a skin, the node's own transform is ignored (glTF 2.0, 3.7.3.3)."""

    node: int
    mesh: int
    skin: int | None
    first_person: FirstPerson = "auto"


Override = Literal["none", "block", "blend"]

ColorSlot = Literal[
    "base_color", "emissive", "shade_color", "matcap_color", "rim_color", "outline_color"
]
"""The colours of a Material that an expression may change."""


@dataclass(frozen=True, slots=True)
class ColorBind:
    """A colour that a material has when an expression is at 1.

    Attributes:
        material: index of the material.
        slot: the field of Material.
        value: linear RGB and alpha; the alpha applies to the base colour only.
    """

    material: int
    slot: ColorSlot
    value: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class UvBind:
    """The UV transform of a material's textures, except the matcap, when an expression is at 1.

    Attributes:
        material: index of the material.
        offset, scale: as in TextureUse; None keeps each texture's own value.
    """

    material: int
    offset: tuple[float | None, float | None] = (0.0, 0.0)
    scale: tuple[float | None, float | None] = (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Expression:
    """A facial expression of the avatar.

    Attributes:
        name: a VRM preset, an ARKit name, or the author's own.
        channels: (k,) int32, indices into the avatar's morph weight vector.
        weights: (k,) the weight of each channel when the expression is at 1.
        color_binds, uv_binds: its changes to materials.
    """

    name: str
    preset: bool
    channels: I32
    weights: F32
    is_binary: bool = False
    override_blink: Override = "none"
    override_look_at: Override = "none"
    override_mouth: Override = "none"
    color_binds: tuple[ColorBind, ...] = ()
    uv_binds: tuple[UvBind, ...] = ()


@dataclass(frozen=True, slots=True)
class LookAt:
    """How the eyes follow a gaze.

    Attributes:
        kind: whether the gaze turns eye bones or sets the look… expressions.
        offset: from the head bone to the midpoint of the eyes, metres.
        ranges: (input_max [rad], output [rad, or weight for expressions]) for horizontal inner,
            horizontal outer, vertical down, vertical up.
    """

    kind: Literal["bone", "expression"]
    offset: tuple[float, float, float]
    ranges: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Meta:
    """The file's metadata and licence, in VRM 1.0's terms.

    Absent fields have the specification's defaults, which all deny permission. `licence_terms` has
    the file's original value of each field that the rights check uses.
    """

    name: str
    authors: tuple[str, ...]
    vrm_version: Literal["0.x", "1.0"]
    version: str = ""
    copyright: str = ""
    contact: str = ""
    licence_url: str = ""
    third_party_licences: str = ""
    avatar_permission: str = "onlyAuthor"
    commercial_usage: str = "personalNonProfit"
    violent_usage: bool = False
    sexual_usage: bool = False
    political_or_religious_usage: bool = False
    antisocial_or_hate_usage: bool = False
    credit: str = "required"
    redistribution: bool = False
    modification: str = "prohibited"
    other_licence_url: str = ""
    licence_terms: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Avatar:
    """The content of a VRM file.

    Attributes:
        bones: node index by human bone name; only bones that the file has.
        channel_count: length of the morph weight vector.
        thumbnail: the file's thumbnail, PNG or JPEG bytes; empty where there is none.
        warnings: tolerated faults, one sentence each.
        sha256: hash of the file's bytes, hexadecimal.
    """

    path: Path
    sha256: str
    meta: Meta
    nodes: Nodes
    meshes: tuple[Mesh, ...]
    instances: tuple[MeshInstance, ...]
    skins: tuple[Skin, ...]
    materials: tuple[Material, ...]
    textures: tuple[Texture, ...]
    bones: dict[str, int]
    expressions: tuple[Expression, ...]
    look_at: LookAt | None
    channel_count: int
    springs: Springs = field(default_factory=Springs)
    constraints: tuple[Constraint, ...] = ()
    thumbnail: bytes = b""
    warnings: tuple[str, ...] = ()
