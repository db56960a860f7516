// Bounding rectangle of the reflective floor.
#include "frame.glsl"
in vec2 in_corner;          // quad corner, -1 to 1
uniform vec4 rectangle;     // centre x, z; half extent x, z [m]
out vec3 v_position;

void main() {
    vec2 at = rectangle.xy + in_corner * rectangle.zw;
    v_position = vec3(at.x, lens.z, at.y);
    gl_Position = view_projection * vec4(v_position, 1.0);
}
