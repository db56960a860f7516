"""Mixing of tracking sources and overrides, limb by limb."""
