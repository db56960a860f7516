"""The cue list with GO."""
