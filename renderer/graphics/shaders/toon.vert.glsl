#include "frame.glsl"
// The same points as the depth pre-pass finds, to the last bit.
invariant gl_Position;
in vec3 in_position;
in vec3 in_normal;
in vec2 in_uv;

out vec3 v_position;
out vec3 v_normal;
out vec2 v_uv;

void main() {
    v_position = in_position;
    v_normal = in_normal;
    v_uv = in_uv;
    gl_Position = view_projection * vec4(in_position, 1.0);
}
