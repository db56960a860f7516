// Vertices of a stage set.
#include "frame.glsl"
// Bit-identical positions with the depth pre-pass.
invariant gl_Position;
in vec3 in_position;
in vec3 in_normal;
in vec4 in_color;      // rgb: reflectance; a: roughness
in vec4 in_emissive;   // rgb; a: metallic
in vec3 in_uv;         // texture coordinates, v down; opacity

out vec3 v_position;
out vec3 v_normal;
out vec4 v_color;
out vec4 v_emissive;
out vec3 v_uv;

void main() {
    v_position = in_position;
    v_normal = in_normal;
    v_color = in_color;
    v_emissive = in_emissive;
#ifdef HAS_UV
    v_uv = in_uv;
#endif
    gl_Position = view_projection * vec4(in_position, 1.0);
}
