// Cells of strobes, blinders and pixel bars: boxes with an emissive front.
#include "frame.glsl"
in vec3 in_corner;      // xy -1 to 1; z 0 at the back, 1 at the front
in vec3 in_position;
in vec3 in_direction;
in vec2 in_size;
in vec3 in_color;
out vec4 v_color;       // a: bloom weight

const float DEPTH_M = 0.08;
const vec3 HOUSING = vec3(0.006);

void main() {
    vec3 level = vec3(in_direction.z, 0.0, -in_direction.x);
    vec3 right = dot(level, level) > 1e-6 ? normalize(level) : vec3(1.0, 0.0, 0.0);
    vec3 up = cross(in_direction, right);
    vec2 half_size = 0.5 * in_size * (in_corner.z > 0.5 ? 0.86 : 1.0);
    vec3 at = in_position + right * (in_corner.x * half_size.x) + up * (in_corner.y * half_size.y)
            - in_direction * (DEPTH_M * (1.0 - in_corner.z));
    bool shines = in_corner.z > 0.5 && dot(camera.xyz - in_position, in_direction) > 0.0;
    v_color = shines ? vec4(in_color + 0.01, 1.0) : vec4(HOUSING + 0.1 * ambient.rgb, 0.0);
    gl_Position = view_projection * vec4(at, 1.0);
}
