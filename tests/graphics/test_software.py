"""Test that a process can be made to draw in software, and when a lost GPU is given up."""

from __future__ import annotations

import pytest

from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.context_loss import ContextLoss
from renderer.graphics.software import VARIABLE, find_software_device


def test_the_device_that_draws_on_the_processor_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    if find_software_device() is None:
        pytest.skip("EGL lists no software device here")
    monkeypatch.setenv(VARIABLE, "1")
    context, adapter = open_context()
    context.release()
    assert adapter.is_software


def test_a_gpu_that_comes_back_in_time_is_kept() -> None:
    loss = ContextLoss()
    assert not loss.is_final(0.0)
    loss.note_loss(10.0)
    assert not loss.is_final(11.0)
    loss.note_frame()
    assert not loss.is_final(100.0)


def test_a_gpu_that_does_not_come_back_or_is_lost_again_and_again_is_given_up() -> None:
    gone = ContextLoss()
    gone.note_loss(10.0)
    assert gone.is_final(13.0)
    shaky = ContextLoss()
    for now_s in (10.0, 20.0, 30.0):
        shaky.note_loss(now_s)
        shaky.note_frame()
    assert shaky.is_final(30.5)
    rare = ContextLoss()
    for now_s in (10.0, 100.0, 200.0):
        rare.note_loss(now_s)
        rare.note_frame()
    assert not rare.is_final(200.5)
