"""Change what is on stage by cues and by hand: rigs, screens, and the waves of the audience."""
