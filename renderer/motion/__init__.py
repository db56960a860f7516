"""Performer motion: from observations to the pose, face and gaze of an avatar."""
