// The inverted hull: every vertex pushed out along its normal, lit here because it is a thin line.
// From afar a line is thinner than a pixel, and would come out as a row of dots: it is drawn a pixel
// wide then, and covers as much of it as it should.
#include "frame.glsl"
#include "lights.glsl"
#include "material.glsl"
in vec3 in_position;
in vec3 in_normal;
in vec2 in_uv;

out vec3 v_light;
out vec2 v_uv;
out float v_cover;

void main() {
    v_uv = animated(in_uv);
    float width = material.widths.y;
#ifdef HAS_OUTLINE
    width *= textureLod(outline_map, slot_uv(OUTLINE, v_uv), 0.0).g;
#endif
    gl_Position = view_projection * vec4(in_position, 1.0);
    // The y row of a projection times a rotation is as long as the projection's own scale.
    vec3 row = vec3(view_projection[0].y, view_projection[1].y, view_projection[2].y);
    float pixels_per_metre = 0.5 * view.y * length(row) / max(gl_Position.w, 1e-6);
    // A width on the screen is a fraction of the picture's height.
    float pixels = width * (material.widths.z == 0.0 ? pixels_per_metre : view.y);
    v_cover = min(pixels, 1.0);
    pixels = max(pixels, 1.0);
    if (material.widths.z == 0.0) {
        vec3 pushed = in_position + in_normal * (pixels / pixels_per_metre);
        gl_Position = view_projection * vec4(pushed, 1.0);
    } else {
        vec2 across = (view_projection * vec4(in_normal, 0.0)).xy * view.xy;
        float size = length(across);
        // The picture is two clip units wide and high.
        if (size > 0.0) gl_Position.xy += across / size * (2.0 * pixels * gl_Position.w) / view.xy;
    }
    v_light = ambient.rgb;
    vec3 towards;
#define ADD(i) { \
    vec3 arrives = arriving(lights[i], in_position, towards); \
    v_light += arrives * clamp(0.5 + 0.5 * dot(in_normal, towards), 0.0, 1.0); }
    ADD(0)
    FOR_UNROLLED_LIGHTS(ADD)
    FOR_LOOPED_LIGHTS(ADD)
}
