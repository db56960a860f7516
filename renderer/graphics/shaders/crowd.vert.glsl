// Audience in one instanced draw: a camera-facing body, two arms and a light stick per person. All
// motion is a function of the beat and the person's seed.
#include "frame.glsl"
in vec3 in_corner;      // body: xy offset from the top of the head [m], z position around the
                        // contour, -1 to 1; arms, stick: x along, y across; stick: z seats to the
                        // right of this one
in float in_part;
in vec4 in_place;       // xyz top of the head, stage space [m]; w: seed in [0, 1)
in vec3 in_block;       // of the seat block: x seed in [0, 1), as most of a block shares a stick
                        // colour; its place in the hall, 0 to 1: y across, z from the stage back
uniform float beat;
uniform float energy;
uniform vec3 wave;              // x front, y axis (0 across, 1 back), z height, 0 for none
uniform vec3 stage_light;
uniform float stick_gain;
uniform vec4 stick_colors[3];   // rgb linear; w: cumulative probability
centroid out vec3 v_color;
centroid out vec3 v_shape;       // sticks: x across, y along; z: 1 stick, 0 person
centroid out float v_fade;

const float BODY = 0.0, HEAD = 1.0, UPPER_ARM = 2.0, FOREARM = 3.0, FIST = 4.0, STICK = 5.0;
const float OTHER_UPPER_ARM = 6.0, OTHER_FOREARM = 7.0, OTHER_FIST = 8.0;
const float ARM = 0.27;        // length of the upper arm, and of the forearm with fist [m]
const float STICK_LENGTH = 0.25, STICK_HALF = 0.0135;
const float GRIP = 0.035;      // dark part of a stick between the middle of the fist and the tube [m]
// Tiers beyond this distance [m] merge into a carpet of light: thicker, longer, brighter sticks, whose
// light also falls on the people around them.
const float CARPET_FROM = 14.0, CARPET_FULL = 40.0;
const float CARPET_WIDER = 2.5, CARPET_LONGER = 1.5, CARPET_BRIGHTER = 1.9;
const float SEAT = 0.46;       // metres between neighbours
const float LONG_HAIR = 0.17;  // metres by which long hair hangs lower than short hair
const float LAYER = 0.014;     // metres between the layers of a flat figure, or they would flicker
const float WAVE_WIDTH = 0.11;  // of a wave's front, as a fraction of the hall
const float PI = 3.14159265;

float pick(float seed, float salt) { return fract(seed * salt); }

vec3 stick_color(float seed) {
    float which = pick(seed, 13.7) < 0.72 ? in_block.x : pick(seed, 29.3);
    vec3 color = which < stick_colors[0].w ? stick_colors[0].rgb
        : which < stick_colors[1].w ? stick_colors[1].rgb : stick_colors[2].rgb;
    return color * (0.6 + 0.65 * pick(seed, 41.9));
}

// Two-bone IK with equal bone lengths: elbow position, bent towards `out_`.
vec3 elbow_of(vec3 shoulder, vec3 hand, vec3 out_) {
    vec3 along = hand - shoulder;
    float reach = length(along);
    float bend = sqrt(max(ARM * ARM - 0.25 * reach * reach, 0.0));
    vec3 unit = along / max(reach, 1e-3);
    vec3 side = out_ - unit * dot(out_, unit);
    return 0.5 * (shoulder + hand) + side * (bend * inversesqrt(max(dot(side, side), 1e-4)));
}

void main() {
    float seed = in_place.w;
    vec3 top = in_place.xyz;
    vec3 from_top = camera.xyz - top;
    vec2 to = from_top.xz * inversesqrt(max(dot(from_top.xz, from_top.xz), 1e-4));
    vec3 right = vec3(to.y, 0.0, -to.x);
    if (in_part == STICK) {
        // Sticks of the neighbours whose bodies are left out.
        top += right * (SEAT * in_corner.z);
        seed = fract(seed + 0.381 * in_corner.z);
    }
    float far = length(from_top);
    float carpet = smoothstep(CARPET_FROM, CARPET_FULL, far);
    // Phase: the beat plus a random offset per person and a delay per row; half speed at low energy.
    float calm = smoothstep(0.45, 0.1, energy);
    float late = (pick(seed, 7.31) - 0.5) * mix(0.10, 0.22, calm) + 0.012 * top.z;
    float swing = mix(sin(PI * (beat + late)), sin(0.5 * PI * (beat + late)), calm);
    float leaps = step(0.35, pick(seed, 3.7)) * smoothstep(0.6, 1.0, energy);
    top.y += leaps * 0.13 * abs(sin(PI * (beat + late))) + 0.05 * (pick(seed, 91.7) - 0.5);
    // A wave: the people of a block rise together, none at quite the same time.
    float behind = mix(in_block.y, in_block.z, wave.y) + 0.02 * (pick(seed, 37.7) - 0.5) - wave.x;
    float rise = wave.z * exp(-behind * behind / (WAVE_WIDTH * WAVE_WIDTH));
    top.y += 0.25 * rise;
    swing *= 1.0 - 0.7 * rise;
    float lean = swing * mix(0.12, 0.42, energy) + 0.35 * (pick(seed, 17.0) - 0.5);
    bool holds = pick(seed, 57.3) > 0.20;
    float raised = mix(0.0, 0.30, pick(seed, 5.3)) + 0.12 * energy - 0.16 * calm + 0.30 * rise;
    vec3 shoulder = top + right * 0.185 + vec3(0.0, -0.31, 0.0);
    vec3 hand = top + right * (0.24 + 0.17 * lean) + vec3(0.0, raised, 0.0);
    if (!holds) hand = shoulder + right * 0.07 - vec3(0.0, 0.44, 0.0);
    vec3 span = hand - shoulder;
    hand = shoulder + span * min(1.0, 1.9 * ARM / length(span));
    vec3 other_shoulder = top - right * 0.185 + vec3(0.0, -0.31, 0.0);
    bool cheers = (leaps > 0.5 && pick(seed, 67.1) > 0.55) || rise > 0.35;
    vec3 other_hand = cheers ? top - right * (0.27 - 0.14 * lean) + vec3(0.0, 0.10 + 0.2 * pick(seed, 11.3), 0.0)
        : other_shoulder - right * 0.06 - vec3(0.0, 0.45, 0.0);
    vec3 point = top;
    vec3 reflectance = vec3(0.20) * (0.25 + pick(seed, 23.0));
    float round_ = 0.0;     // position around the limb's contour, -1 to 1
    float height = 0.0;     // relative to the top of the head [m]
    v_fade = 1.0;
    v_shape = vec3(0.0);
    if (in_part < HEAD + 0.5) {
        point = top + right * (in_corner.x + 0.03 * swing * energy * (1.0 + in_corner.y)) + vec3(0.0, in_corner.y, 0.0);
        round_ = in_corner.z;
        height = in_corner.y;
        // Front view: hair above, skin below. Back view: hair only.
        bool is_front = dot(to, -top.xz) > 0.0;
        if (in_part > BODY + 0.5) {
            reflectance = is_front && in_corner.y < -0.09
                ? vec3(0.62, 0.44, 0.36) : vec3(0.10, 0.085, 0.08) * (0.5 + 1.5 * pick(seed, 31.0));
            if (!is_front && in_corner.y < -0.15 && pick(seed, 73.9) < 0.45)
                point += right * (0.25 * in_corner.x) - vec3(0.0, LONG_HAIR, 0.0);
        }
    }
    else if (in_part < STICK - 0.5 || in_part > STICK + 0.5) {
        bool other = in_part > STICK;
        vec3 from = other ? other_shoulder : shoulder, hold = other ? other_hand : hand;
        vec3 elbow = elbow_of(from, hold, other ? -right : right);
        bool upper = in_part == UPPER_ARM || in_part == OTHER_UPPER_ARM;
        vec3 a = upper ? from : elbow, b = upper ? elbow : hold;
        vec3 along = normalize(b - a + vec3(0.0, 1e-4, 0.0));
        vec3 side = normalize(cross(along, vec3(to.x, 0.0, to.y)) + vec3(1e-4));
        // Half width [m]: a forearm is fullest below the elbow and narrow at the wrist.
        float width = upper ? mix(0.044, 0.034, in_corner.x)
            : mix(0.034, 0.020, in_corner.x) + 0.042 * in_corner.x * (1.0 - in_corner.x) * (1.0 - in_corner.x);
        if (in_part == FIST || in_part == OTHER_FIST) point = hold + along * (in_corner.y * 0.042) + side * (in_corner.x * 0.031);
        else point = mix(a, b, in_corner.x) + side * in_corner.y * width;
        round_ = in_corner.y;
        height = point.y - top.y;
        if (!upper) reflectance = vec3(0.56, 0.40, 0.33);
    }
    else {
        float tilt = lean + 0.25;
        vec3 up_stick = right * sin(tilt) + vec3(0.0, cos(tilt), 0.0);
        vec3 across_stick = right * cos(tilt) - vec3(0.0, sin(tilt), 0.0);
        // Minimum width 1.2 pixels, dimmed by the ratio: thinner sticks would alias.
        vec4 at = view_projection * vec4(hand, 1.0);
        vec3 row = vec3(view_projection[0].y, view_projection[1].y, view_projection[2].y);
        float pixel = max(at.w, 0.1) / (0.5 * view.y * length(row));
        float half_ = STICK_HALF * mix(1.0, CARPET_WIDER, carpet);
        float width = max(half_, 0.6 * pixel);
        v_fade = half_ / width;
        float long_ = STICK_LENGTH * mix(1.0, CARPET_LONGER, carpet);
        point = hand + up_stick * (GRIP + in_corner.x * long_) + across_stick * in_corner.y * width;
        v_shape = vec3(in_corner.y, in_corner.x, 1.0);
    }
    if (in_part == STICK) {
        // A brightness wave runs through the hall; distant sticks, thinner than a pixel, are
        // brightened, so that they merge into a carpet of light.
        float ripple = 0.62 + 0.38 * sin(0.5 * PI * beat - 0.22 * length(top.xz) + 1.3 * sin(atan(top.x, top.z) * 3.0));
        v_color = stick_color(seed) * (stick_gain * (ripple * (1.0 - 0.55 * (wave.z - rise)) + 2.4 * rise) * mix(1.0, CARPET_BRIGHTER, carpet));
    } else {
        // Lit from the stage: full front light seen from the stage, rim light seen from behind.
        vec3 to_stage = normalize(vec3(0.0, 2.0, 0.0) - top);
        float front = 0.5 + 0.5 * dot(vec3(to.x, 0.0, to.y), vec3(to_stage.x, 0.0, to_stage.z));
        float edge = round_ * round_;
        float light = front * (1.0 - 0.45 * edge) * 1.2 + (1.0 - front) * (0.10 + 1.6 * edge * edge);
        light *= smoothstep(-1.15, -0.05, height) * 45.0 / (45.0 + dot(top.xz, top.xz) * 0.10);
        v_color = stage_light * 1.7 * reflectance * light;
        if (holds) v_color += stick_color(seed) * reflectance * (mix(0.05, 0.20, carpet) * stick_gain * smoothstep(-0.45, 0.1, height) * max(step(0.0, in_corner.x), carpet));
    }
    float layer = in_part == STICK ? 4.0 : in_part == FIST || in_part == OTHER_FIST ? 3.0 : in_part > HEAD ? 2.0 : in_part;
    point += vec3(to.x, 0.0, to.y) * (LAYER * layer);
    gl_Position = view_projection * vec4(point, 1.0);
    if (far < 3.0 || (in_part == STICK && !holds)) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
