#include "frame.glsl"
#include "material.glsl"
in vec3 v_light;
in vec2 v_uv;
out vec4 out_color;

void main() {
    vec4 base = base_at(v_uv);
#ifdef CUTOUT
    if (base.a < material.details.z) discard;
#endif
    out_color = vec4(material.outline.rgb * mix(vec3(1.0), base.rgb * v_light, material.outline.w), 1.0);
}
