"""Landmark trackers and performer identification in camera frames."""
