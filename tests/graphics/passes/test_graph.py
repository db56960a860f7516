"""Test that passes run in the order of their targets, and share memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import moderngl
import pytest

from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.targets import Depth, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.passes.graph import FrameGraph
from renderer.graphics.passes.order import order_passes

COLOR = (4, "f1")


@dataclass
class Step:
    name: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    targets: tuple[TargetSpec, ...] = ()
    scope: Scope = Scope.VIEW
    ran: list[str] = field(default_factory=list)

    def run(self, frame: Frame, targets: Targets) -> None:
        self.ran.append(self.name)


@pytest.fixture
def context() -> Iterator[moderngl.Context]:
    opened, _ = open_context()
    yield opened
    opened.release()


def names(*steps: Step) -> list[str]:
    return [step.name for step in order_passes(steps)]


def test_a_reader_runs_after_the_writers_wherever_it_stands_in_the_list() -> None:
    tone = Step("tone", reads=("scene", "bloom"), writes=("display",))
    scene = Step("scene", writes=("scene",))
    bloom = Step("bloom", reads=("scene",), writes=("bloom",))
    assert names(tone, scene, bloom) == ["scene", "bloom", "tone"]


def test_writers_of_one_target_keep_their_order_and_a_reader_between_them_its_place() -> None:
    solid, glass = Step("solid", writes=("scene",)), Step("glass", writes=("scene",))
    behind = Step("behind", reads=("scene",), writes=("copy",))
    assert names(solid, behind, glass) == ["solid", "behind", "glass"]
    assert names(glass, solid) == ["glass", "solid"]


def test_passes_of_the_frame_run_before_those_of_views() -> None:
    scene = Step("scene", reads=("shadow",), writes=("scene",))
    shadow = Step("shadow", writes=("shadow",), scope=Scope.FRAME)
    assert names(scene, shadow) == ["shadow", "scene"]


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ((Step("tone", reads=("scene",)),), "no pass writes"),
        (
            (Step("a", reads=("y",), writes=("x",)), Step("b", reads=("x",), writes=("y",))),
            "wait for each other",
        ),
        (
            (Step("a", writes=("x",)), Step("b", reads=("x",), writes=("y",), scope=Scope.FRAME)),
            "once a frame",
        ),
        (
            (
                Step("a", writes=("x",), targets=(TargetSpec("x", COLOR),)),
                Step("b", writes=("x",), targets=(TargetSpec("x", COLOR),)),
            ),
            "described 2 times",
        ),
    ],
)
def test_what_fits_no_order_is_refused(steps: tuple[Step, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        order_passes(steps)


def chain(*names_: str) -> list[Step]:
    """Each pass reads the target of the previous one."""
    return [
        Step(
            name,
            reads=names_[number - 1 : number],
            writes=(name,),
            targets=(TargetSpec(name, COLOR),),
        )
        for number, name in enumerate(names_)
    ]


def test_targets_whose_uses_do_not_overlap_share_memory(context: moderngl.Context) -> None:
    graph = FrameGraph(context, chain("a", "b", "c", "d"), kept=("d",))
    targets = graph.open_view("program", (32, 16))
    assert targets["a"] is targets["c"]
    assert targets["a"] is not targets["b"]
    assert len({id(targets[name]) for name in "bcd"}) == 3


def test_views_of_one_size_share_all_but_what_is_kept(context: moderngl.Context) -> None:
    graph = FrameGraph(context, chain("a", "b"), kept=("b",))
    first, second = graph.open_view("first", (32, 16)), graph.open_view("second", (32, 16))
    other = graph.open_view("other", (16, 16))
    assert first["a"] is second["a"]
    assert first["b"] is not second["b"]
    assert other["a"].size == (16, 16)
    graph.close_view("first")
    second["a"].framebuffer.use()
    graph.close_view("second")
    graph.close_view("other")


def test_a_target_has_the_size_and_depth_that_its_pass_asked_for(
    context: moderngl.Context,
) -> None:
    half = TargetSpec("half", (4, "f2"), Depth.TESTED, scale=(0.5, 0.5))
    graph = FrameGraph(context, [Step("half", writes=("half",), targets=(half,))], kept=())
    target = graph.open_view("program", (33, 17))["half"]
    assert target.size == (16, 8)
    assert target.texture is not None
    assert target.texture.dtype == "f2"
    assert target.framebuffer.depth_attachment is not None
