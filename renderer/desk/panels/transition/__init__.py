"""The transition bar: cut, dissolve, T-bar, auto-director."""
