#include "frame.glsl"
#include "material.glsl"
in vec3 v_light;
in vec2 v_uv;
in float v_cover;
out vec4 out_color;

void main() {
    vec4 base = base_at(v_uv);
#ifdef CUTOUT
    if (base.a < material.details.z) discard;
#endif
    vec3 color = material.outline.rgb * mix(vec3(1.0), base.rgb * v_light, material.outline.w);
    out_color = vec4(color, v_cover);
}
