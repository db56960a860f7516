// What LED walls show: CONTENT is 0 for bars, 1 for a sunburst, 2 for a veil. uv runs from 0 to 1, v up; everything is snapped to the wall's own pixels.
#include "frame.glsl"
in vec2 v_uv;
in vec3 v_position;
flat in float v_kind;
out vec4 out_color;
uniform sampler2D words;       // one line, white on black, repeating along u
uniform sampler2D program;     // the frame before, for the side screens
uniform float beat;
uniform float level;
uniform vec3 cool;
uniform vec3 warm;
uniform float dots;            // 0 where the wall is out of focus: its grid would come back as a pattern
uniform float word_span;       // widths of the text's texture along the wall; 0 for no text
uniform vec4 crops[4];         // of the program on each screen: left, top, width, height

const float BLOOM = 0.55;

float hash(float n) { return fract(sin(n * 12.9898) * 43758.5453); }

// The height of a level bar: a band's own rhythm on every beat, half beat or third of a beat.
float bar_height(float k) {
    float hit = exp(-3.0 * fract(beat * (1.0 + mod(k, 3.0))));
    return 0.25 + 0.7 * abs(sin(1.7 * k + beat * 1.3)) * (0.55 + 0.45 * hit) * (1.05 - 0.03 * k);
}

vec3 bars(float x, float y, float pulse) {
    float along = abs(x) * 16.0, k = floor(along);
    float tall = bar_height(k);
    float inside = step(abs(fract(along) - 0.5), 0.36);
    float rung = step(abs(fract(y * 26.0) - 0.5), 0.33);
    float lit = step(y, tall * 0.86) * inside * rung;
    float cap = step(abs(y - tall * 0.86 - 0.03), 0.012) * inside;
    vec3 tint = mix(cool * 0.22, cool, y / max(tall, 0.05));
    return tint * lit * (0.10 + 0.55 * y * y + 0.1 * pulse) + warm * cap * 1.3 + cool * 0.018 * (1.0 - y);
}

// Rays from behind the performers that turn with the song, and rings that leave on the beat.
vec3 sunburst(float x, float y, vec2 cell) {
    vec2 from = vec2(x * 1.25, y - 0.30);
    float r = length(from * vec2(1.0, 1.1)), a = atan(from.y, from.x);
    float ray = smoothstep(0.25, 0.75, 0.5 + 0.5 * sin(a * 18.0 + beat * 0.8));
    float ring = exp(-90.0 * pow(fract(r * 1.1 - beat * 0.5) - 0.5, 2.0));
    vec3 color = mix(warm, cool, smoothstep(0.15, 1.25, r)) * (0.05 + 0.32 * ray) * smoothstep(0.12, 0.75, r);
    color += mix(vec3(1.0, 0.9, 0.75), warm, 0.6) * ring * 0.55 * smoothstep(0.2, 0.5, r) * smoothstep(1.5, 0.6, r);
    float spark = hash(floor(cell.x / 3.0) * 7.1 + floor(cell.y / 3.0) * 113.0 + floor(beat * 2.0));
    return color + vec3(1.0, 0.85, 0.6) * step(0.985, spark) * 1.6 * step(0.45, r);
}

vec3 veil(float x, float y, vec2 uv, vec2 cell) {
    float drift = uv.x * 3.0 + 0.3 * sin(uv.x * 5.0 + beat * 0.3);
    float fold = 0.5 + 0.5 * sin(drift + 2.5 * y + beat * 0.25);
    vec3 color = mix(cool * 0.6, warm * 0.5, fold) * pow(y, 1.6) * 0.30;
    float star = step(0.992, hash(floor(cell.x / 2.0) + 311.0 * floor(cell.y / 2.0)));
    return color + vec3(0.8, 0.9, 1.0) * star * (0.4 + 0.6 * sin(beat + cell.x)) * 0.9;
}

void main() {
    vec2 grid = v_kind < 0.5 ? vec2(448.0, 192.0) : vec2(144.0, 216.0);
    vec2 cell = v_uv * grid;
    vec2 uv = (floor(cell) + 0.5) / grid;
    float footprint = max(fwidth(cell.x), fwidth(cell.y));
    // A pixel's round emitter, until it is smaller than a pixel of the picture: then its mean.
    float emitter = smoothstep(0.5, 0.25, length(fract(cell) - 0.5));
    float mask = mix(0.55, mix(emitter, 0.55, smoothstep(0.08, 0.28, footprint)), dots);
    if (footprint > 0.28 || dots < 0.5) uv = v_uv;
    vec3 color;
    if (v_kind > 0.5) {
        vec4 crop = crops[clamp(int(v_kind + 0.5) - 1, 0, 3)];
        vec3 shown = texture(program, crop.xy + crop.zw * vec2(uv.x, 1.0 - uv.y)).rgb;
        color = shown * shown * 0.85;
        vec2 rim = min(uv, 1.0 - uv) * vec2(2.0, 3.0);
        color += cool * smoothstep(0.03, 0.0, min(rim.x, rim.y) - 0.01) * 0.8;
    } else {
        float x = uv.x * 2.0 - 1.0, y = uv.y;
#if CONTENT == 0
        color = bars(x, y, exp(-4.0 * fract(beat)));
#elif CONTENT == 1
        color = sunburst(x, y, cell);
#else
        color = veil(x, y, uv, cell);
#endif
        vec2 band = vec2(uv.x * word_span + beat * 0.02 * word_span, (0.975 - uv.y) / 0.115);
        if (word_span > 0.0 && band.y > 0.0 && band.y < 1.0) {
            color = color * 0.15 + texture(words, band).r * mix(cool, vec3(1.0), 0.55) * 1.15;
        }
    }
    out_color = surface_output(color * (mask * level * 1.8), BLOOM, v_position.y);
}
