// Content that LED panels in a floor generate on the beat. It runs from the performers (v = 1) to the
// audience (v = 0) and is darkest at their feet. PATTERN is 0 for a verse, 1 for a chorus, 2 for a ballad.
// Needs led_content.glsl.
uniform int pattern;

const float BRIGHTEST = 0.42;  // linear, of a channel at full level: shoes in the key light stay brighter

// `reach` is the panel's length over half its width.
vec3 floor_content(vec2 uv, float reach, float beat, vec3 cool, vec3 warm) {
    float away = 1.0 - uv.y;
    vec2 p = vec2(uv.x * 2.0 - 1.0, away * reach);
    float pulse = pulse_at(beat, 3.5);
    float rim = smoothstep(0.90, 0.96, abs(p.x)) * (0.35 + 0.65 * pulse);
    vec3 color;
    if (pattern == 2) {
        // Rings of water, from where the performers stand, with stars in them.
        float r = length(p + vec2(0.0, 0.8));
        float swell = 0.5 + 0.5 * wave(5.0 * r - 0.9 * beat + 1.5707963);
        color = mix(cool, warm, 0.35) * (0.10 + 0.55 * swell * swell * swell) * exp(-0.16 * r);
        vec2 star = sparkle(p * 0.5, 7.0, 420.0, 0.30, 0.0, 3.0);
        color += mix(warm, vec3(1.0), 0.5) * star.x * (0.5 + 0.5 * wave(beat + 40.0 * star.y)) * 0.5;
        rim *= 0.3;
    } else {
        // Chevrons that run out, half a step a beat: thin in a verse, broad and bright in a chorus.
        float turn = 0.62 * (p.y + 0.55 * abs(p.x)) - 0.5 * beat;
        float line = fract(turn) - 0.5;
        float is_even = step(0.5, fract(0.5 * floor(turn) + 0.25));
        vec3 tint = mix(warm, cool, is_even);
        color = pattern == 1
            ? tint * (exp(-45.0 * line * line) * (0.65 + 0.45 * pulse) + 0.16 * pulse)
            : mix(cool, tint, 0.25) * exp(-260.0 * line * line) * 0.75;
        vec2 net = abs(fract(p * 2.0) - 0.5);
        color += cool * 0.07 * smoothstep(0.46, 0.5, max(net.x, net.y));
    }
    color += mix(cool, vec3(1.0), 0.2) * rim * 0.6;
    return min(color * smoothstep(-0.05, 0.16, away), BRIGHTEST);
}
