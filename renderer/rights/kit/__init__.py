"""Packages from which fans render limited clips of an idol."""
