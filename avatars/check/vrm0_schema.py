"""Define the schema of VRM 0.x in terms of check.schema.

Source: VRM 0.x schemas vrm.meta, vrm.humanoid, vrm.firstperson, vrm.blendshape,
vrm.secondaryanimation, vrm.material. Many editors add their own members, so these objects accept
unknown ones.
"""

from __future__ import annotations

from typing import Final

from avatars.check.schema import (
    Anything,
    Flag,
    Index,
    Kind,
    Members,
    Named,
    Number,
    Several,
    Text,
)
from avatars.names import HUMAN_BONES

# 0.x named the thumb's joints like those of the other fingers.
BONES: Final = tuple(
    {
        name.replace("ThumbProximal", "ThumbIntermediate").replace(
            "ThumbMetacarpal", "ThumbProximal"
        ): None
        for name in HUMAN_BONES
    }
)
_ALLOWED: Final = Text(("Disallow", "Allow"))
_PRESETS: Final = (
    "unknown", "neutral", "a", "i", "u", "e", "o", "blink", "joy", "angry", "sorrow", "fun",
    "lookup", "lookdown", "lookleft", "lookright", "blink_l", "blink_r",
)  # fmt: skip
_LICENCES: Final = (
    "Redistribution_Prohibited", "CC0", "CC_BY", "CC_BY_NC", "CC_BY_SA", "CC_BY_NC_SA", "CC_BY_ND",
    "CC_BY_NC_ND", "Other",
)  # fmt: skip


def _open(known: dict[str, Kind], *required: str) -> Members:
    return Members(known, required, open=True)


def _list(of: Kind) -> Several:
    """Return the kind of a list that may be empty, as 0.x writes them."""
    return Several(of, least=0)


_XYZ: Final = _open({axis: Number() for axis in "xyz"})
_CURVE: Final = _open({"curve": _list(Number()), "xRange": Number(0), "yRange": Number()})
_META: Final = _open(
    {
        "title": Text(),
        "version": Text(),
        "author": Text(),
        "contactInformation": Text(),
        "reference": Text(),
        "texture": Index("textures", or_none=True),
        "allowedUserName": Text(("OnlyAuthor", "ExplicitlyLicensedPerson", "Everyone")),
        "violentUssageName": _ALLOWED,
        "sexualUssageName": _ALLOWED,
        "commercialUssageName": _ALLOWED,
        "otherPermissionUrl": Text(),
        "licenseName": Text(_LICENCES),
        "otherLicenseUrl": Text(),
    }
)
_EXPRESSION: Final = _open(
    {
        "name": Text(),
        "presetName": Text(_PRESETS),
        "binds": _list(
            _open(
                {
                    "mesh": Index("meshes"),
                    "index": Number(whole=True),
                    "weight": Number(0, 100),
                },
                "mesh",
                "index",
            )
        ),
        "materialValues": _list(
            _open(
                {
                    "materialName": Text(),
                    "propertyName": Text(),
                    "targetValue": Several(Number(), 0, 4),
                }
            )
        ),
        "isBinary": Flag(),
    }
)
_SPRING: Final = _open(
    {
        "comment": Text(),
        "stiffiness": Number(0),
        "gravityPower": Number(),
        "gravityDir": _XYZ,
        "dragForce": Number(0, 1),
        "center": Index("nodes", or_none=True),
        "hitRadius": Number(0),
        "bones": _list(Index("nodes")),
        "colliderGroups": _list(Index("collider groups")),
    }
)
VRM0: Final = _open(
    {
        "exporterVersion": Text(),
        "specVersion": Text(),
        "meta": _META,
        "humanoid": _open(
            {
                "humanBones": _list(
                    _open({"bone": Text(BONES), "node": Index("nodes")}, "bone", "node")
                )
            },
            "humanBones",
        ),
        "firstPerson": _open(
            {
                "firstPersonBone": Index("nodes", or_none=True),
                "firstPersonBoneOffset": _XYZ,
                "meshAnnotations": _list(
                    _open(
                        {
                            "mesh": Index("meshes"),
                            "firstPersonFlag": Text(
                                ("", "Auto", "Both", "ThirdPersonOnly", "FirstPersonOnly")
                            ),
                        }
                    )
                ),
                "lookAtTypeName": Text(("None", "Bone", "BlendShape")),
                "lookAtHorizontalInner": _CURVE,
                "lookAtHorizontalOuter": _CURVE,
                "lookAtVerticalDown": _CURVE,
                "lookAtVerticalUp": _CURVE,
            }
        ),
        "blendShapeMaster": _open({"blendShapeGroups": _list(_EXPRESSION)}),
        "secondaryAnimation": _open(
            {
                "boneGroups": _list(_SPRING),
                "colliderGroups": _list(
                    _open(
                        {
                            "node": Index("nodes"),
                            "colliders": _list(_open({"offset": _XYZ, "radius": Number(0)})),
                        },
                        "node",
                    )
                ),
            }
        ),
        "materialProperties": _list(
            _open(
                {
                    "name": Text(),
                    "shader": Text(),
                    "renderQueue": Number(-1, whole=True),
                    "floatProperties": Named(Number()),
                    "vectorProperties": Named(_list(Number())),
                    "textureProperties": Named(Index("textures", or_none=True)),
                    "keywordMap": Anything(),
                    "tagMap": Anything(),
                }
            )
        ),
    },
    "meta",
    "humanoid",
)
