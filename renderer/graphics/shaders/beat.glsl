// Pulses of light on the beat.
const float ATTACK = 0.16;   // duration of a pulse's rise [beats], as in stage/beat.py

// Returns a level that rises before each beat, is 1 on it, and decays after it at a rate per beat.
float pulse_at(float beat, float decay) {
    return max(exp(-decay * fract(beat)), 1.0 - fract(-beat) / ATTACK);
}
