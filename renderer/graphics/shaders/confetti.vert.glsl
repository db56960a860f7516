// Falling, tumbling confetti; stateless: position and rotation are a function of instance id and age.
#include "frame.glsl"
in vec2 in_corner;
uniform float age;         // time since the shot [s]
uniform vec4 papers[5];
uniform vec3 key;          // irradiance of the front-of-house key light
uniform vec4 faces[8];     // xyz stage space [m]; w: 1 where the entry is used
out vec3 v_color;

const float HALF_LENGTH = 0.022, HALF_WIDTH = 0.013;   // [m]
const float CLEAR = 0.34;      // radius of the clear cone from the camera to a face, at the face [m]
const vec3 TO_KEY = normalize(vec3(-0.25, 0.6, 0.75));

vec4 hash(float n) { return fract(sin(n * vec4(12.9898, 78.233, 39.425, 54.53)) * 43758.5453); }

void main() {
    float n = float(gl_InstanceID);
    vec4 a = hash(n + 1.0), b = hash(n + 4711.0);
    // Launched from both sides, then falling, each piece at its own speed; height wraps around.
    float speed = 0.55 + 0.5 * a.w;
    float burst = 1.0 - exp(-2.2 * age);
    float y = mix(1.0, 7.2 - mod(6.5 * a.y + age * speed, 7.4), burst);
    vec3 at = vec3(mix(7.0 * sign(a.x - 0.5), 12.0 * (a.x - 0.5), burst), y, 11.0 * a.z - 4.0);
    at.xz += 0.35 * vec2(sin(age * (1.0 + b.x) + 6.28 * b.y), cos(age * (1.1 + b.z) + 6.28 * b.w));
    vec3 axis = normalize(b.xyz - 0.5 + vec3(1e-3));
    float turn = age * (3.0 + 5.0 * a.w) + 6.28 * b.w;
    vec3 e1 = normalize(cross(axis, vec3(0.31, 0.9, 0.17))), e2 = cross(axis, e1);
    e1 = e1 * cos(turn) + axis * sin(turn);
    vec3 normal = cross(e1, e2);
    vec3 point = at + e1 * in_corner.x * HALF_LENGTH + e2 * in_corner.y * HALF_WIDTH;
    vec3 light = ambient.rgb + key * abs(dot(normal, TO_KEY)) + 0.25 + 0.8 * pow(abs(normal.y), 8.0);
    v_color = papers[int(b.x * 4.999)].rgb * light;
    gl_Position = view_projection * vec4(point, 1.0);
    vec3 sight = at - camera.xyz;
    bool hidden = dot(sight, sight) < 2.25;
    for (int i = 0; i < 8; ++i) {
        vec3 line = faces[i].xyz - camera.xyz;
        float along = dot(sight, line) / max(dot(line, line), 1e-4);
        vec3 aside = sight - line * along;
        hidden = hidden || (faces[i].w > 0.5 && along > 0.0 && along < 1.02
            && dot(aside, aside) < CLEAR * CLEAR * along * along);
    }
    if (hidden) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
