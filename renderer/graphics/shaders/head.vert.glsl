// Moving heads: the yoke pans and the head tilts in it, both oriented by the beam's direction.
#include "frame.glsl"
in vec3 in_position;
in vec3 in_normal;
in float in_part;       // 0 yoke, 1 head, 2 lens
in vec3 in_apex;
in vec3 in_direction;
in vec3 in_color;
out vec4 v_color;       // a: bloom weight

const float LENS = 0.17;   // distance from the pivot to the lens, along the beam [m]
const vec3 REFLECTANCE = vec3(0.035);

void main() {
    vec3 pivot = in_apex - in_direction * LENS;
    // The head's z axis points along the beam; the tilt axis x stays horizontal.
    vec3 level = vec3(in_direction.z, 0.0, -in_direction.x);
    vec3 x = dot(level, level) > 1e-6 ? normalize(level) : vec3(1.0, 0.0, 0.0);
    vec3 z = in_part > 0.5 ? in_direction : normalize(cross(x, vec3(0.0, 1.0, 0.0)));
    vec3 y = cross(z, x);
    vec3 normal = x * in_normal.x + y * in_normal.y + z * in_normal.z;
    vec3 at = pivot + x * in_position.x + y * in_position.y + z * in_position.z;
    // Ambient light plus a weak bounce from the deck below.
    v_color = vec4(REFLECTANCE * (ambient.rgb * 2.0 + 0.02 + 0.05 * max(-normal.y, 0.0)), 0.0);
    if (in_part > 1.5) v_color = vec4(in_color * 1.6, 1.0);
    gl_Position = view_projection * vec4(at, 1.0);
}
