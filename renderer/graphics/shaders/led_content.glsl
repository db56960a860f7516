#include "beat.glsl"
// Procedural content of LED walls, synchronised to the beat. x runs from -1 to 1, y from 0 (bottom)
// to 1. Every content is darkest at the bottom centre, where the performers stand.
// WIDE: aspect ratio of the wall that the content was designed for; p = (x * WIDE / 2, y) is isotropic.
const float WIDE = 2.35;

// Returns a sine within 0.0011, in fewer steps than a software rasteriser's own.
float wave(float x) {
    float turn = fract(0.15915494 * x + 0.5) - 0.5;
    float arch = turn * (8.0 - 16.0 * abs(turn));
    return arch * (0.775 + 0.225 * abs(arch));
}

float hash(float n) { return fract(sin(n * 12.9898) * 43758.5453); }
float hash(vec2 cell) { return hash(cell.x + 311.0 * cell.y); }

// Returns 0 behind the performers, 1 elsewhere.
float clear_of_stage(vec2 p) {
    return smoothstep(0.16, 0.62, length((p - vec2(0.0, 0.12)) * vec2(1.0, 0.9)));
}

// Returns (brightness, random number of the cell) of a grid with at most one point of light per cell.
// sharpness: falloff of a point, in cell units; share: fraction of cells with a point;
// spikes: 0 round, 1 cross-shaped.
vec2 sparkle(vec2 p, float cells, float sharpness, float share, float spikes, float seed) {
    vec2 at = p * cells, cell = floor(at);
    float own = hash(cell + seed);
    vec2 middle = 0.5 + 0.44 * (fract(own * vec2(173.3, 917.7)) - 0.5);
    vec2 offset = abs(at - cell - middle);
    float inside = max(0.0, 1.0 - 2.4 * max(offset.x, offset.y));
    float core = 1.0 / (1.0 + sharpness * dot(offset, offset));
    float ray = spikes / (1.0 + 9.0 * sharpness * offset.x * offset.y);
    return vec2(step(1.0 - share, own) * inside * (core * core + ray * inside * inside), own);
}

// Returns the brightness of a line of light along x that oscillates around a height.
float ribbon(vec2 p, float height, float swing, float phase, float width) {
    float bend = wave(p.x * 2.6 + phase) + 0.5 * wave(p.x * 5.3 - 1.7 * phase);
    float away = abs(p.y - height - swing * bend);
    return width / (away + width) * smoothstep(0.16, 0.0, away);
}

// Returns the height of level bar k, triggered every beat, half beat or third of a beat.
float bar_height(float k, float beat) {
    float hit = pulse_at(beat * (1.0 + mod(k, 3.0)), 3.0);
    return 0.22 + 0.66 * abs(wave(1.7 * k + beat * 1.3)) * (0.55 + 0.45 * hit) * (1.05 - 0.03 * k);
}

// Verse: level bars, ribbons of light above them, a diagonal grid behind.
vec3 bars(float x, float y, float beat, vec3 cool, vec3 warm) {
    vec2 p = vec2(0.5 * WIDE * x, y);
    float pulse = pulse_at(beat, 4.0);
    float along = abs(x) * 18.0, k = floor(along);
    float tall = 0.86 * bar_height(k, beat);
    float inside = smoothstep(0.42, 0.36, abs(fract(along) - 0.5));
    float rung = smoothstep(0.40, 0.32, abs(fract(y * 28.0) - 0.5));
    float lit = step(y, tall) * inside * rung;
    float share = y / max(tall, 0.05);
    vec3 tint = mix(cool * 0.30, mix(cool, warm, smoothstep(0.72, 1.0, share)), share);
    vec3 color = tint * lit * (0.07 + 0.62 * share * share + 0.10 * pulse);
    color += warm * smoothstep(0.020, 0.008, abs(y - tall - 0.032)) * inside * 1.2;
    // Glow around the caps of the bars.
    color += warm * 0.10 * smoothstep(0.12, 0.0, abs(y - tall - 0.032)) * (0.4 + 0.6 * pulse);
    float drift = beat * 0.45;
    float veil = ribbon(p, 0.63, 0.050, drift, 0.007) + 0.7 * ribbon(p, 0.70, 0.065, 1.3 * drift + 2.0, 0.005);
    color += mix(cool, vec3(1.0), 0.25) * veil * (0.46 + 0.30 * pulse);
    color += warm * ribbon(p, 0.56, 0.075, 2.1 - 0.8 * drift, 0.005) * 0.34;
    vec2 net = abs(fract(vec2(p.x + p.y * 0.577, p.x - p.y * 0.577) * 7.0 + vec2(0.05, -0.05) * beat) - 0.5);
    color += cool * 0.16 * smoothstep(0.47, 0.5, max(net.x, net.y)) * smoothstep(0.1, 0.9, y);
    vec2 spark = sparkle(p + vec2(0.0, -0.04 * beat), 9.0, 500.0, 0.20, 0.0, 1.0);
    color += mix(warm, vec3(1.0), 0.4) * spark.x * (0.5 + 0.5 * wave(6.3 * spark.y + 2.0 * beat)) * 0.8;
    return color * mix(0.45, 1.0, clear_of_stage(p)) + cool * 0.014 * (1.0 - y);
}

// Chorus: two layers of rays, star-shaped rings that expand on the beat, radial streaks, glints.
vec3 sunburst(float x, float y, float beat, vec3 cool, vec3 warm) {
    vec2 from = vec2(0.5 * WIDE * x, y - 0.26);
    float r = length(from), a = atan(from.y, from.x);
    float pulse = pulse_at(beat, 3.5);
    float broad = smoothstep(0.20, 0.80, 0.5 + 0.5 * wave(a * 12.0 + beat * 0.5));
    float fine = smoothstep(0.55, 1.0, 0.5 + 0.5 * wave(a * 34.0 - beat * 0.9));
    vec3 gold = mix(warm, vec3(1.0, 0.92, 0.75), 0.35);
    vec3 color = mix(warm, cool, smoothstep(0.15, 1.05, r));
    color *= 0.05 + 0.24 * broad + 0.16 * fine * broad + 0.05 * pulse;
    // Five-pointed star, one point up: its outline is a level set of the stretched radius.
    float corner = abs(fract((a - 1.5708) / 1.25664 + 0.5) - 0.5);
    float star = r * (0.62 + 1.52 * corner);
    float turn = star * 1.25 - beat * 0.5;
    float ring = fract(turn) - 0.5;
    float line = exp(-420.0 * ring * ring) + 0.35 * exp(-50.0 * ring * ring);
    float is_even = step(0.5, fract(0.5 * floor(turn) + 0.25));
    color += mix(gold, mix(cool, vec3(1.0), 0.25), is_even) * line * 0.62 * smoothstep(1.35, 0.5, r);
    float way = a * 26.0, lane = floor(way);
    float head = fract(beat * (0.35 + 0.3 * hash(lane)) + hash(lane + 5.0)) * 1.6;
    float tail = smoothstep(head - 0.28, head, r) * step(r, head);
    color += gold * tail * smoothstep(0.34, 0.0, abs(fract(way) - 0.5)) * step(0.45, hash(lane + 9.0)) * 0.75;
    vec2 glint = sparkle(from + vec2(0.0, 0.02 * beat), 7.0, 260.0, 0.42, 0.35, floor(beat));
    color += vec3(1.0, 0.93, 0.80) * glint.x * (0.35 + 0.9 * pulse);
    return color * smoothstep(0.10, 0.62, r);
}

// Ballad: northern lights, a moon with a halo, stars, ground mist.
vec3 veil(float x, float y, float beat, vec3 cool, vec3 warm) {
    vec2 p = vec2(0.5 * WIDE * x, y);
    vec3 night = mix(cool * 0.10, cool * 0.025, y) + warm * 0.03 * smoothstep(0.5, 0.0, y);
    vec3 color = night;
    for (int i = 0; i < 2; ++i) {
        float n = float(i);
        float along = p.x * (1.5 + 0.7 * n) + 0.35 * wave(p.x * 3.1 + beat * 0.17 + 2.0 * n) + 0.11 * beat;
        float hem = 0.46 + 0.14 * n + 0.09 * wave(along * 1.9 + n) + 0.05 * wave(along * 4.3 - 0.2 * beat);
        float above = y - hem;
        float curtain = smoothstep(0.0, 0.035, above) * exp(-4.2 * max(above, 0.0));
        float folds = 0.55 + 0.45 * wave(along * 15.0 + 2.5 * wave(along * 3.7));
        vec3 tint = mix(mix(warm, vec3(0.30, 0.85, 0.85), 0.22), mix(cool, vec3(0.45, 0.25, 1.0), 0.30),
                        smoothstep(0.0, 0.30, above));
        color += tint * curtain * folds * (0.55 - 0.18 * n);
    }
    vec2 fine = sparkle(p, 15.0, 900.0, 0.45, 0.0, 2.0);
    vec2 large = sparkle(p, 5.5, 420.0, 0.42, 0.22, 4.0);
    float high = smoothstep(0.08, 0.5, y);
    color += vec3(0.80, 0.90, 1.0) * high * fine.x * (0.55 + 0.45 * wave(beat * 1.1 + 40.0 * fine.y)) * 0.8;
    color += vec3(0.92, 0.96, 1.0) * high * large.x * (0.60 + 0.40 * wave(beat * 0.8 + 40.0 * large.y)) * 2.0;
    vec2 to_moon = p - vec2(-0.52, 0.70);
    float away = length(to_moon);
    float disc = smoothstep(0.118, 0.112, away);
    float seas = 0.88 + 0.12 * wave(27.0 * to_moon.x + 3.0) * wave(31.0 * to_moon.y + 1.0 + 20.0 * to_moon.x);
    // Crescent: the lower left is in shade.
    float lit = smoothstep(0.085, 0.125, length(to_moon - vec2(-0.062, -0.048)));
    color = mix(color, vec3(0.98, 0.98, 1.0) * seas * mix(0.05, 1.25, lit), disc * mix(0.55, 1.0, lit));
    float halo = max(away - 0.112, 0.0);
    color += mix(cool, vec3(0.8, 0.9, 1.0), 0.5) * (0.30 * exp(-16.0 * halo) + 0.10 * exp(-4.0 * halo)) * (1.0 - disc);
    float mist = 0.5 + 0.5 * wave(p.x * 2.3 + beat * 0.13);
    color += mix(cool, warm, 0.5) * 0.11 * mist * smoothstep(0.34, 0.02, y);
    return color * mix(0.55, 1.0, clear_of_stage(p));
}
