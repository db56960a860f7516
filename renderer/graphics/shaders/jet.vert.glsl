// Particles of CO2 jets, one quad each: emitted once while the jet blows, decelerating and widening
// as they rise. Stateless: position and size are a function of instance id and age.
#include "frame.glsl"
in vec2 in_corner;           // -1 to 1
uniform float age;           // time since the jets were opened [s]
uniform float blow;          // duration of emission [s]
uniform float height;        // height of a column [m]
uniform vec4 places[8];      // xyz nozzle positions, stage space [m]
uniform vec4 lit[8];         // rgb linear, light that arrives at each column
uniform int jets;
out vec2 v_at;
flat out vec4 v_color;       // a: density
flat out vec2 v_puff;        // radius [m], offset in the smoke texture
out float v_far;             // view-space depth [m]

const float LIFE_S = 1.5;

vec4 hash(float n) { return fract(sin(n * vec4(12.9898, 78.233, 39.425, 54.53)) * 43758.5453); }

void main() {
    int jet = gl_InstanceID % jets, number = gl_InstanceID / jets;
    vec4 a = hash(float(number) + 37.0 * float(jet) + 5.0);
    float t = age - (float(number) + a.x) / float(PUFFS) * blow;
    float share = clamp(t / LIFE_S, 0.0, 1.0);
    float rise = height * (0.72 + 0.28 * a.y) * (1.0 - exp(-4.5 * t)) - 0.5 * t * t * 0.5;
    float radius = 0.10 + 0.55 * (1.0 - exp(-2.0 * t)) * (0.7 + 0.6 * a.z);
    vec2 aside = (a.zw - 0.5) * radius * 1.1;
    vec3 middle = places[jet].xyz + vec3(aside.x, rise, aside.y);
    vec3 right = normalize(vec3(forward.z, 0.0, -forward.x) + vec3(1e-5));
    vec3 up = cross(forward.xyz, right);
    v_at = in_corner;
    v_puff = vec2(radius, a.w);
    // Density falls as the particle widens, because its amount of fog is constant.
    v_color = vec4(lit[jet].rgb, 0.20 * (1.0 - share) * (1.0 - share) * smoothstep(0.0, 0.04, t) / (0.25 + radius));
    // Near the nozzle, the distance between two particles exceeds their size: stretch them.
    float stretch = 0.6 * height * 4.5 * exp(-4.5 * t) * blow / float(PUFFS);
    vec3 point = middle + right * (in_corner.x * radius) + up * (in_corner.y * (radius + stretch));
    v_far = dot(middle - camera.xyz, forward.xyz);
    gl_Position = view_projection * vec4(point, 1.0);
    if (t <= 0.0 || share >= 1.0 || v_far < 0.6) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
