"""Define VRM's preset expressions as weighted ARKit shapes, and the library's licence metadata."""

from __future__ import annotations

from avatars.model import Meta


def _both(**amounts: float) -> dict[str, float]:
    return {name + side: amount for name, amount in amounts.items() for side in ("Left", "Right")}


PRESET_SHAPES: dict[str, dict[str, float]] = {
    "happy": _both(mouthSmile=0.9, cheekSquint=0.5, eyeSquint=0.4) | {"jawOpen": 0.15},
    "angry": _both(browDown=1.0, mouthFrown=0.6, noseSneer=0.4, eyeSquint=0.3),
    "sad": _both(mouthFrown=0.8, eyeBlink=0.25) | {"browInnerUp": 1.0, "mouthShrugLower": 0.3},
    "relaxed": _both(mouthSmile=0.45, eyeBlink=0.3),
    "surprised": _both(eyeWide=1.0, browOuterUp=0.8) | {"browInnerUp": 0.7, "jawOpen": 0.4},
    "aa": {"jawOpen": 0.75},
    "ih": _both(mouthStretch=0.6, mouthSmile=0.2) | {"jawOpen": 0.2},
    "ou": {"mouthPucker": 0.8, "jawOpen": 0.12},
    "ee": _both(mouthSmile=0.4, mouthUpperUp=0.2) | {"jawOpen": 0.35},
    "oh": {"jawOpen": 0.5, "mouthFunnel": 0.7},
    "blink": _both(eyeBlink=1.0),
    "blinkLeft": {"eyeBlinkLeft": 1.0},
    "blinkRight": {"eyeBlinkRight": 1.0},
    # The eyes are rotated by their bones; these shapes move the lids to match.
    "lookUp": _both(eyeLookUp=1.0),
    "lookDown": _both(eyeLookDown=1.0),
    "lookLeft": {"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0},
    "lookRight": {"eyeLookInLeft": 1.0, "eyeLookOutRight": 1.0},
    "neutral": {},
}


def library_meta(name: str) -> Meta:
    """Return the VRM metadata of a library figure, with the permissions that CC0 grants."""
    return Meta(
        name=name,
        authors=("Encore",),
        vrm_version="1.0",
        version="1.0",
        copyright=(
            "CC0 1.0. Made from MakeHuman's base mesh hm08 and targets (MPFB2, CC0 1.0) "
            "and the Face Units by Mika Suominen (CC0 1.0)."
        ),
        licence_url="https://vrm.dev/licenses/1.0/",
        avatar_permission="everyone",
        commercial_usage="corporation",
        credit="unnecessary",
        redistribution=True,
        modification="allowModificationRedistribution",
        other_licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
    )
