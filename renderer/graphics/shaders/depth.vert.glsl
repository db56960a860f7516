// Depth-only pass: the camera's depth pre-pass (FROM_CAMERA) or a light's shadow map.
#include "frame.glsl"
#ifdef FROM_CAMERA
invariant gl_Position;
#else
uniform mat4 light_projection;
#endif
in vec3 in_position;
#ifdef CUTOUT
in vec2 in_uv;
out vec2 v_uv;
#ifdef HAS_VERTEX_COLOR
in vec4 in_color;
out vec4 v_color;
#endif
#endif

void main() {
#ifdef FROM_CAMERA
    gl_Position = view_projection * vec4(in_position, 1.0);
#else
    gl_Position = light_projection * vec4(in_position, 1.0);
#endif
#ifdef CUTOUT
    v_uv = in_uv;
#ifdef HAS_VERTEX_COLOR
    v_color = in_color;
#endif
#endif
}
