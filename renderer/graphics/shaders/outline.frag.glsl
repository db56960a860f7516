// An outline, with the holes of alpha-tested materials.
#include "frame.glsl"
#ifdef OUTLINES_AT_VERTICES
#include "material.glsl"
in vec3 v_outline;
#else
#include "outline_color.glsl"
in vec3 v_position;
in vec3 v_normal;
#endif

in vec2 v_uv;
#ifdef SECOND_UV
in vec2 v_second_uv;
#endif
in float v_cover;
out vec4 out_color;

void main() {
#ifdef SECOND_UV
    second_uv = v_second_uv;
#endif
#ifdef OUTLINES_AT_VERTICES
    vec3 color = v_outline;
#else
    vec3 color = outline_color(v_position, normalize(v_normal), v_uv);
#endif
#ifdef CUTOUT
#ifdef SECOND_UV
    second_uv = animated(v_second_uv);
#endif
    if (base_at(animated(v_uv)).a < material.details.z) discard;
#endif
    out_color = vec4(color, v_cover);
}
