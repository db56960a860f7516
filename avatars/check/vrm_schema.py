"""Define the schema of VRM 1.0 and its related extensions in terms of check.schema.

Sources: VRMC_vrm-1.0, VRMC_materials_mtoon-1.0, VRMC_springBone-1.0,
VRMC_springBone_extended_collider-1.0, VRMC_springBone_limit-1.0, VRMC_node_constraint-1.0,
VRMC_materials_hdr_emissiveMultiplier-1.0.
"""

from __future__ import annotations

from typing import Final

from avatars.check.gltf_schema import texture_info
from avatars.check.schema import Flag, Index, Members, Named, Number, Several, Text, numbers
from avatars.names import HUMAN_BONES, PRESETS, REQUIRED_BONES

LICENCE_URL: Final = "https://vrm.dev/licenses/1.0/"
VERSIONS: Final = ("1.0", "1.0-beta")

_UNIT: Final = Number(0, 1)
_NAMES: Final = Several(Text())
_OVERRIDE: Final = Text(("none", "block", "blend"))

_META: Final = Members(
    {
        "name": Text(),
        "version": Text(),
        "authors": _NAMES,
        "copyrightInformation": Text(),
        "contactInformation": Text(),
        "references": _NAMES,
        "thirdPartyLicenses": Text(),
        "thumbnailImage": Index("images"),
        "licenseUrl": Text((LICENCE_URL,)),
        "avatarPermission": Text(("onlyAuthor", "onlySeparatelyLicensedPerson", "everyone")),
        "allowExcessivelyViolentUsage": Flag(),
        "allowExcessivelySexualUsage": Flag(),
        "commercialUsage": Text(("personalNonProfit", "personalProfit", "corporation")),
        "allowPoliticalOrReligiousUsage": Flag(),
        "allowAntisocialOrHateUsage": Flag(),
        "creditNotation": Text(("required", "unnecessary")),
        "allowRedistribution": Flag(),
        "modification": Text(
            ("prohibited", "allowModification", "allowModificationRedistribution")
        ),
        "otherLicenseUrl": Text(),
    },
    ("name", "authors", "licenseUrl"),
)
_EXPRESSION: Final = Members(
    {
        "morphTargetBinds": Several(
            Members(
                {"node": Index("nodes"), "index": Number(whole=True), "weight": Number(0, 1)},
                ("node", "index", "weight"),
            )
        ),
        "materialColorBinds": Several(
            Members(
                {
                    "material": Index("materials"),
                    "type": Text(
                        (
                            "color",
                            "emissionColor",
                            "shadeColor",
                            "matcapColor",
                            "rimColor",
                            "outlineColor",
                        )
                    ),
                    "targetValue": numbers(4),
                },
                ("material", "type", "targetValue"),
            )
        ),
        "textureTransformBinds": Several(
            Members(
                {"material": Index("materials"), "scale": numbers(2), "offset": numbers(2)},
                ("material",),
            )
        ),
        "isBinary": Flag(),
        "overrideBlink": _OVERRIDE,
        "overrideLookAt": _OVERRIDE,
        "overrideMouth": _OVERRIDE,
    }
)
_RANGE: Final = Members({"inputMaxValue": Number(0, 180), "outputScale": Number()})
VRM: Final = Members(
    {
        "specVersion": Text(VERSIONS),
        "meta": _META,
        "humanoid": Members(
            {
                "humanBones": Named(
                    Members({"node": Index("nodes")}, ("node",)),
                    HUMAN_BONES,
                    dict.fromkeys(
                        REQUIRED_BONES, Members({"node": Index("nodes", required=True)}, ("node",))
                    ),
                ),
            },
            ("humanBones",),
        ),
        "firstPerson": Members(
            {
                "meshAnnotations": Several(
                    Members(
                        {
                            "node": Index("nodes"),
                            "type": Text(("auto", "both", "thirdPersonOnly", "firstPersonOnly")),
                        },
                        ("node", "type"),
                    )
                )
            }
        ),
        "expressions": Members(
            {"preset": Named(_EXPRESSION, PRESETS), "custom": Named(_EXPRESSION)}
        ),
        "lookAt": Members(
            {
                "type": Text(("bone", "expression")),
                "offsetFromHeadBone": numbers(3),
                "rangeMapHorizontalInner": _RANGE,
                "rangeMapHorizontalOuter": _RANGE,
                "rangeMapVerticalDown": _RANGE,
                "rangeMapVerticalUp": _RANGE,
            }
        ),
    },
    ("specVersion", "meta", "humanoid"),
)

_COLOR: Final = numbers(3, 0, 1)
MTOON: Final = Members(
    {
        "specVersion": Text(VERSIONS),
        "transparentWithZWrite": Flag(),
        "renderQueueOffsetNumber": Number(-9, 9, whole=True),
        "shadeColorFactor": _COLOR,
        "shadeMultiplyTexture": texture_info(),
        "shadingShiftFactor": Number(),
        "shadingShiftTexture": texture_info(scale=Number()),
        "shadingToonyFactor": _UNIT,
        "giEqualizationFactor": _UNIT,
        "matcapFactor": _COLOR,
        "matcapTexture": texture_info(),
        "parametricRimColorFactor": _COLOR,
        "rimMultiplyTexture": texture_info(),
        "rimLightingMixFactor": _UNIT,
        "parametricRimFresnelPowerFactor": Number(0),
        "parametricRimLiftFactor": Number(),
        "outlineWidthMode": Text(("none", "worldCoordinates", "screenCoordinates")),
        "outlineWidthFactor": Number(0),
        "outlineWidthMultiplyTexture": texture_info(),
        "outlineColorFactor": _COLOR,
        "outlineLightingMixFactor": _UNIT,
        "uvAnimationMaskTexture": texture_info(),
        "uvAnimationScrollXSpeedFactor": Number(),
        "uvAnimationScrollYSpeedFactor": Number(),
        "uvAnimationRotationSpeedFactor": Number(),
    },
    ("specVersion",),
)
EMISSION: Final = Members({"emissiveMultiplier": Number(0)}, ("emissiveMultiplier",))

_SPHERE: Final = {"offset": numbers(3), "radius": Number(0)}
_CAPSULE: Final = {**_SPHERE, "tail": numbers(3)}
_INSIDE: Final = {"inside": Flag()}
_EXTENDED: Final = Members(
    {
        "specVersion": Text(VERSIONS),
        "shape": Members(
            {
                "sphere": Members({**_SPHERE, **_INSIDE}),
                "capsule": Members({**_CAPSULE, **_INSIDE}),
                "plane": Members({"offset": numbers(3), "normal": numbers(3)}),
            }
        ),
    },
    ("specVersion", "shape"),
)
_ANGLE: Final = Number(0)
_TURN: Final = numbers(4, -1, 1)
_LIMIT: Final = Members(
    {
        "specVersion": Text(("1.0", "1.0-draft")),
        "limit": Members(
            {
                "cone": Members({"angle": _ANGLE, "rotation": _TURN}, ("angle",)),
                "hinge": Members({"angle": _ANGLE, "rotation": _TURN}, ("angle",)),
                "spherical": Members(
                    {"pitch": _ANGLE, "yaw": _ANGLE, "rotation": _TURN}, ("pitch", "yaw")
                ),
            }
        ),
    },
    ("specVersion", "limit"),
)
SPRINGS: Final = Members(
    {
        "specVersion": Text(VERSIONS),
        "colliders": Several(
            Members(
                {
                    "node": Index("nodes"),
                    "shape": Members({"sphere": Members(_SPHERE), "capsule": Members(_CAPSULE)}),
                },
                ("node", "shape"),
                {"VRMC_springBone_extended_collider": _EXTENDED},
            )
        ),
        "colliderGroups": Several(
            Members(
                {"name": Text(), "colliders": Several(Index("colliders"), unique=True)},
                ("colliders",),
            )
        ),
        "springs": Several(
            Members(
                {
                    "name": Text(),
                    "joints": Several(
                        Members(
                            {
                                "node": Index("nodes"),
                                "hitRadius": Number(0),
                                "stiffness": Number(0),
                                "gravityPower": Number(),
                                "gravityDir": numbers(3),
                                "dragForce": _UNIT,
                            },
                            ("node",),
                            {"VRMC_springBone_limit": _LIMIT},
                        )
                    ),
                    "colliderGroups": Several(Index("collider groups"), unique=True),
                    "center": Index("nodes"),
                },
                ("joints",),
            )
        ),
    },
    ("specVersion",),
)

_SOURCE: Final = {"source": Index("nodes"), "weight": _UNIT}
_AIMS: Final = tuple(f"{sign}{axis}" for sign in ("Positive", "Negative") for axis in "XYZ")
CONSTRAINT: Final = Members(
    {
        "specVersion": Text(VERSIONS),
        "constraint": Members(
            {
                "roll": Members(
                    {**_SOURCE, "rollAxis": Text(("X", "Y", "Z"))}, ("source", "rollAxis")
                ),
                "aim": Members({**_SOURCE, "aimAxis": Text(_AIMS)}, ("source", "aimAxis")),
                "rotation": Members(_SOURCE, ("source",)),
            }
        ),
    },
    ("specVersion", "constraint"),
)
