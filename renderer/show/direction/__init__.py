"""Direction of a concert by cues: looks, cameras, switcher, auto-director and commands."""
