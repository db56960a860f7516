"""The song: waveform, sections, lyrics."""
