"""Keep an avatar's hands on the surface that the performer's hands touch."""
