#include "frame.glsl"
#ifdef LIGHTS_AT_VERTICES
#include "lights.glsl"
#include "material.glsl"
#include "vertex_lights.glsl"
#endif
// Bit-identical positions with the depth pre-pass.
invariant gl_Position;
in vec3 in_position;
in vec3 in_normal;
in vec2 in_uv;
#ifdef FACE
in vec4 in_face;
out vec4 v_face;
#endif

out vec3 v_position;
out vec3 v_normal;
out vec2 v_uv;
#ifdef SECOND_UV
in vec2 in_second_uv;
out vec2 v_second_uv;
#endif
#ifdef HAS_VERTEX_COLOR
in vec4 in_color;
out vec4 v_color;
#endif
#ifdef HAS_TANGENT
in vec4 in_tangent;
out vec4 v_tangent;
#endif

void main() {
    v_position = in_position;
    v_normal = in_normal;
    v_uv = in_uv;
#ifdef FACE
    v_face = in_face;
#endif
#ifdef SECOND_UV
    v_second_uv = in_second_uv;
#endif
#ifdef HAS_VERTEX_COLOR
    v_color = in_color;
#endif
#ifdef HAS_TANGENT
    v_tangent = in_tangent;
#endif
#ifdef LIGHTS_AT_VERTICES
    light_vertex(in_position, in_normal);
#endif
    gl_Position = view_projection * vec4(in_position, 1.0);
}
