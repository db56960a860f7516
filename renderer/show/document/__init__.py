"""The show document: one TOML file that describes a whole show, and the edits made to it."""
