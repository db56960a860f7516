"""List the passes of a frame."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Pass
from renderer.graphics.passes.beams import BeamPass
from renderer.graphics.passes.bloom import BloomPass
from renderer.graphics.passes.defocus import DefocusPass
from renderer.graphics.passes.depth import DepthPass
from renderer.graphics.passes.floor import FloorPass
from renderer.graphics.passes.full_picture import FullPicturePass
from renderer.graphics.passes.geometry import GeometryPass
from renderer.graphics.passes.grade import GradePass
from renderer.graphics.passes.jets import JetPass
from renderer.graphics.passes.matte import (
    COVERAGE,
    MATTE,
    CoverPass,
    CoverPhasePass,
    MattePass,
)
from renderer.graphics.passes.mirror import MirrorPass
from renderer.graphics.passes.motion_blur import MotionBlurPass
from renderer.graphics.passes.picture import (
    DISPLAY,
    PLANES,
    FilterPass,
    ReadbackPass,
    SmoothPass,
    YuvPass,
)
from renderer.graphics.passes.probe import ProbePass
from renderer.graphics.passes.reduced import REDUCED, ReducedPass
from renderer.graphics.passes.resolve import ResolvePass
from renderer.graphics.passes.shadow import ShadowPass
from renderer.graphics.passes.surfaces import OverlayPass, SurfacePass
from renderer.graphics.passes.titles import TitlePass
from renderer.graphics.quality import Quality
from renderer.graphics.scene import Scene
from renderer.protocol.pictures import PROGRAM


@dataclass(frozen=True, slots=True)
class PassOptions:
    """What selects the passes of a renderer.

    Attributes:
        samples: of multisampling; 0 for none.
        smooth: whether edges of the finished picture are anti-aliased.
        quality: of effects.
        is_keyed: whether the picture is drawn over transparency.
        converts_yuv: whether a pass fills the YUV planes; otherwise the finished picture is read
            back.
        on_processor: whether a software rasteriser draws, beside which a compiled loop is cheap.
    """

    samples: int
    smooth: bool
    quality: Quality
    is_keyed: bool
    converts_yuv: bool
    on_processor: bool

    @property
    def read_back(self) -> str:
        """Return the name of the target that is read back."""
        return PLANES if self.is_keyed or self.converts_yuv else DISPLAY.name


def build_passes(
    context: moderngl.Context, programs: Programs, scene: Scene, options: PassOptions
) -> tuple[list[Pass], TitlePass]:
    """Return the passes of a frame, and that of titles. Add a new effect with one line here."""
    samples, quality, is_keyed = options.samples, options.quality, options.is_keyed
    # With multisampling, effects work on the resolved picture.
    picture = "resolved" if samples else "scene"
    defocus = DefocusPass(context, programs, quality, source=picture)
    smooth = SmoothPass(
        context, programs, smooths=options.smooth, is_keyed=is_keyed,
        on_processor=options.on_processor,
    )  # fmt: skip
    full = [] if is_keyed else [FullPicturePass(context, programs, picture=DISPLAY.name)]
    titles = TitlePass(
        context, programs, picture=DISPLAY.name, feed=scene.feed, feeding_view=PROGRAM
    )
    matte = (MATTE if samples else COVERAGE) if is_keyed else None
    outline, blended = (
        # Outlines write depth; without it, later passes would treat them as background.
        OverlayPass("outline", Phase.OUTLINE, writes_depth=True),
        OverlayPass("blended", Phase.BLENDED),
    )
    probe = [ProbePass(context, scene.backdrop, scene.background)] if scene.has_probe else []
    reduced = [ReducedPass(phase, quality) for phase in scene.reduced]
    passes: list[Pass] = [
        GeometryPass(scene.pose),
        ShadowPass(context, programs, scene.shadow_texels),
        *probe,
        MirrorPass(context, programs, quality),
        *reduced,
        DepthPass(samples, scene.background),
        SurfacePass("toon", Phase.TOON),
        SurfacePass("set", Phase.SET, *(REDUCED[phase] for phase in scene.reduced)),
        SurfacePass("backdrop", Phase.BACKDROP),
    ]
    if is_keyed:
        cover = CoverPass(context, programs, samples)
        passes += [
            cover,
            outline, CoverPhasePass(cover, Phase.OUTLINE),
            blended, CoverPhasePass(cover, Phase.BLENDED),
        ]  # fmt: skip
    else:
        passes += [outline, blended]
    if samples:
        passes.append(ResolvePass(context, programs, samples, is_keyed=is_keyed))
        if is_keyed:
            passes.append(MattePass(context, programs, samples))
    passes.append(FloorPass(context, programs, source=picture))
    if quality.motion_blur and not is_keyed:
        passes.append(MotionBlurPass(context, programs, source=picture))
    passes += [
        BeamPass(context, programs, quality, source=picture),
        JetPass(context, programs, source=picture),
        BloomPass(context, programs, quality, source=picture),
        defocus,
        GradePass(
            context,
            programs,
            quality,
            source=picture,
            blurred=defocus.blurred,
            foreground=defocus.foreground,
            smooth=smooth,
            matte=matte,
        ),
        smooth,
        *full,
        titles,
    ]  # fmt: skip
    if is_keyed:
        passes.append(
            FilterPass(
                context, programs, name="straight", fragment="straight.frag.glsl",
                sampler="picture", source=DISPLAY.name,
                target=TargetSpec(PLANES, DISPLAY.color),
            )
        )  # fmt: skip
    elif options.converts_yuv:
        passes.append(YuvPass(context, programs, DISPLAY.name))
    return [*passes, ReadbackPass(options.read_back)], titles
