// Sparks: fountains, or a falling curtain. Each spark is a streak along its path. Stateless: the
// position is a function of instance id and age.
#include "frame.glsl"
in vec2 in_corner;           // x along the streak, 0 to 1; y across, -1 to 1
uniform float age;           // time since the effect started [s]
uniform float lasts;         // duration of emission [s]
uniform float height;        // height of a fountain [m]
uniform vec4 places[8];      // xyz fountain positions, stage space [m]
uniform int fountains;       // number of entries in use
uniform vec4 curtain;        // left, right, z, top [m]; used without fountains
uniform vec3 color;
out vec4 v_color;            // a: bloom weight

const float GRAVITY = 9.81;
const float LIFE_S = 1.1;            // life of a fountain's spark
const float FALL_S = 2.6;            // life of the curtain's sparks
const float FALL_M_S = 2.4;
const float SHUTTER_S = 0.030;       // exposure time: length of a streak
const float HALF_WIDTH_M = 0.006;
const float THINNEST = 0.65;         // minimum half width [pixels]; thinner streaks would alias

vec4 hash(float n) { return fract(sin(n * vec4(12.9898, 78.233, 39.425, 54.53)) * 43758.5453); }

vec3 fountain_at(vec3 from, vec3 start, float t) {
    // Linear drag with a time constant of half a second.
    float slowed = 0.5 * (1.0 - exp(-2.0 * t));
    return from + start * slowed + vec3(0.0, -0.5 * GRAVITY * t * t * 0.55, 0.0);
}

void main() {
    float n = float(gl_InstanceID);
    float life = fountains > 0 ? LIFE_S : FALL_S;
    float phase = hash(n + 17.0).x * life;
    // Each spark is emitted again every `life` seconds; the cycle number seeds its path.
    float round_ = floor((age + phase) / life);
    float t = age + phase - round_ * life;
    float born = age - t;
    vec4 a = hash(n * 1.37 + round_ * 91.7 + 3.0), b = hash(n * 2.11 + round_ * 57.3 + 29.0);
    vec3 head, tail;
    float heat;
    if (fountains > 0) {
        vec3 from = places[gl_InstanceID % fountains].xyz;
        float angle = 6.2831853 * a.x, aside = 0.20 * sqrt(a.y);
        vec3 start = vec3(cos(angle) * aside, 1.0, sin(angle) * aside) * (2.0 * sqrt(2.0 * GRAVITY * height * 0.5) * (0.6 + 0.45 * a.z));
        head = fountain_at(from, start, t);
        tail = fountain_at(from, start, max(t - SHUTTER_S, 0.0));
        float cooled = t / (LIFE_S * (0.45 + 0.55 * b.x));
        heat = max(1.0 - cooled, 0.0);
        // Extinguish sparks at the floor.
        heat *= smoothstep(-0.02, 0.10, head.y - from.y + 0.02);
    } else {
        vec3 from = vec3(mix(curtain.x, curtain.y, a.x), curtain.w, curtain.z + 0.5 * (a.y - 0.5));
        float speed = FALL_M_S * (0.75 + 0.5 * a.z);
        float sway = 0.10 * sin(3.0 * t + 6.2831853 * a.w);
        head = from + vec3(sway, -speed * t, 0.0);
        tail = head + vec3(0.0, speed * 2.0 * SHUTTER_S, 0.0);
        heat = (1.0 - smoothstep(0.55, 1.0, t / FALL_S)) * smoothstep(0.0, 0.06, t) * smoothstep(0.0, 0.25, head.y);
    }
    // Glitter: brightness flickers.
    float burn = 0.55 + 0.45 * sin(40.0 * age * (0.6 + b.y) + 6.2831853 * b.z);
    bool is_out = heat <= 0.0 || born < 0.0 || born > lasts;
    vec3 point = mix(tail, head, in_corner.x);
    vec4 at = view_projection * vec4(point, 1.0);
    vec4 from_ = view_projection * vec4(tail, 1.0), to = view_projection * vec4(head, 1.0);
    vec2 along = (to.xy / max(to.w, 0.05) - from_.xy / max(from_.w, 0.05)) * view.xy;
    vec2 side = dot(along, along) > 1e-6 ? normalize(vec2(-along.y, along.x)) : vec2(1.0, 0.0);
    vec3 row = vec3(view_projection[0].y, view_projection[1].y, view_projection[2].y);
    float pixels = HALF_WIDTH_M * 0.5 * view.y * length(row) / max(at.w, 0.05);
    float half_width = max(pixels, THINNEST);
    at.xy += side * (in_corner.y * half_width * 2.0 * at.w) / view.xy;
    // Hot sparks are white-gold, cooling ones red; streaks widened to the minimum are dimmed.
    vec3 cooling = mix(vec3(1.0, 0.28, 0.06), vec3(1.0), heat);
    v_color = vec4(color * cooling * (heat * burn * mix(1.0, pixels / half_width, 0.6)), 1.0);
    gl_Position = is_out || at.w < 0.4 ? vec4(2.0, 2.0, 2.0, 1.0) : at;
}
