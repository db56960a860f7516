"""Collect the actions of every part of the desk."""

from __future__ import annotations

from renderer.desk.actions import (
    avatar_actions,
    camera_actions,
    capture_actions,
    cue_actions,
    desk_actions,
    output_actions,
    role_actions,
    show_actions,
    song_actions,
    sound_actions,
    stage_actions,
)
from renderer.desk.actions.action import Action


def all_actions() -> tuple[Action, ...]:
    """Return every action, those that save a show first."""
    parts = (
        show_actions,
        output_actions,
        cue_actions,
        camera_actions,
        song_actions,
        sound_actions,
        capture_actions,
        avatar_actions,
        stage_actions,
        role_actions,
        desk_actions,
    )
    return tuple(action for part in parts for action in part.ACTIONS)
