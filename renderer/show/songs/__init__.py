"""Songs: their beat grid, and how it is found from taps, a MIDI tempo map or the sound."""
