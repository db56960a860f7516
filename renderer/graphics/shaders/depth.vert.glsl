// Depth alone: as the camera sees it, before anything is lit, or as a light that casts a shadow.
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
#endif

void main() {
#ifdef FROM_CAMERA
    gl_Position = view_projection * vec4(in_position, 1.0);
#else
    gl_Position = light_projection * vec4(in_position, 1.0);
#endif
#ifdef CUTOUT
    v_uv = in_uv;
#endif
}
