"""Generate the demo's dance, its song and the facial animation of singing."""
