"""Messages about control from outside: keys, MIDI, OSC, DMX, timecode."""
