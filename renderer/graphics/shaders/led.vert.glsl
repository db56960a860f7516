#include "frame.glsl"
invariant gl_Position;
in vec3 in_position;
in vec2 in_uv;
in float in_kind;      // 0 generated content, from 1 on the program screens
out vec2 v_uv;
out vec3 v_position;
flat out float v_kind;

void main() {
    v_uv = in_uv;
    v_kind = in_kind;
    v_position = in_position;
    gl_Position = view_projection * vec4(in_position, 1.0);
}
