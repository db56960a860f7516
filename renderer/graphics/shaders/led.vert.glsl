// Vertices of a set's LED screens.
#include "frame.glsl"
invariant gl_Position;
in vec3 in_position;
in vec2 in_uv;
in vec3 in_screen;     // x: 0 generated content, n crop n - 1 of the program; yz: emitters along u, v
centroid out vec2 v_uv;
out vec3 v_position;
flat out vec3 v_screen;

void main() {
    v_uv = in_uv;
    v_screen = in_screen;
    v_position = in_position;
    gl_Position = view_projection * vec4(in_position, 1.0);
}
