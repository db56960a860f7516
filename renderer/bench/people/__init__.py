"""Measure avatars on clips of real people: `encore bench people`."""
