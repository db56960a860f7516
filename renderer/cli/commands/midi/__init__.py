"""`encore midi`: what MIDI controllers call in the running show."""

GROUP = "bind MIDI controllers to commands of the running show"
