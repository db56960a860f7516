// The inverted hull: every vertex pushed out along its normal, lit here because it is a thin line.
#include "frame.glsl"
#include "material.glsl"
in vec3 in_position;
in vec3 in_normal;
in vec2 in_uv;

out vec3 v_light;
out vec2 v_uv;

void main() {
    v_uv = animated(in_uv);
    float width = material.widths.y;
#ifdef HAS_OUTLINE
    width *= textureLod(outline_map, slot_uv(OUTLINE, v_uv), 0.0).g;
#endif
    if (material.widths.z == 0.0) {
        gl_Position = view_projection * vec4(in_position + in_normal * width, 1.0);
    } else {
        gl_Position = view_projection * vec4(in_position, 1.0);
        vec2 across = (view_projection * vec4(in_normal, 0.0)).xy * view.xy;
        float size = length(across);
        // Width is a fraction of the picture's height; the picture is two clip units high.
        if (size > 0.0) gl_Position.xy += across / size * (2.0 * width * gl_Position.w) * vec2(view.y / view.x, 1.0);
    }
    v_light = ambient.rgb;
    vec3 towards;
#define ADD(i) { \
    vec3 arrives = arriving(lights[i], in_position, towards); \
    v_light += arrives * clamp(0.5 + 0.5 * dot(in_normal, towards), 0.0, 1.0); }
    ADD(0)
    FOR_OTHER_LIGHTS(ADD)
}
