// Depth alone, as the shadow-casting light sees it.
#include "frame.glsl"
in vec3 in_position;
#ifdef CUTOUT
in vec2 in_uv;
out vec2 v_uv;
#endif
uniform mat4 light_projection;

void main() {
    gl_Position = light_projection * vec4(in_position, 1.0);
#ifdef CUTOUT
    v_uv = in_uv;
#endif
}
