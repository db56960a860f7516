// Outlines as an inverted hull: vertices are displaced along their normals. A line narrower than a
// pixel would alias into dots; it is widened to one pixel, with its coverage as alpha. For the same
// reason the hull lies a little behind the surface: where it only just emerges from another surface,
// as on folds and between locks of hair, it would show as dots.
//
// OUTLINES_AT_VERTICES computes the colour here: the hull covers an avatar twice, and a multisampling
// software rasteriser shades its hidden pixels too.
#include "frame.glsl"
#ifdef OUTLINES_AT_VERTICES
#include "outline_color.glsl"
#else
#include "material.glsl"
#endif
in vec3 in_position;
in vec3 in_normal;
in vec2 in_uv;

out vec3 v_position;
out vec3 v_normal;
out vec2 v_uv;
#ifdef SECOND_UV
in vec2 in_second_uv;
out vec2 v_second_uv;
#endif
out float v_cover;
#ifdef OUTLINES_AT_VERTICES
out vec3 v_outline;
#endif

const float BEHIND_PIXELS = 2.0;   // distance of the hull behind the surface, in pixels of its depth
const float LEAST_SIDEWAYS = 0.5;  // least sideways share of a normal that is compensated

void main() {
    v_position = in_position;
    v_normal = in_normal;
    v_uv = in_uv;
#ifdef SECOND_UV
    v_second_uv = in_second_uv;
    second_uv = in_second_uv;
#endif
#ifdef OUTLINES_AT_VERTICES
    v_outline = outline_color(in_position, normalize(in_normal), in_uv);
#ifdef SECOND_UV
    second_uv = in_second_uv;
#endif
#endif
    float width = material.widths.y;
#ifdef HAS_OUTLINE
    width *= textureLod(outline_map, slot_uv(OUTLINE, in_uv), 0.0).g;
#endif
    gl_Position = view_projection * vec4(in_position, 1.0);
    // The length of the view-projection's y row is the projection's y scale: rotations keep it.
    vec3 row = vec3(view_projection[0].y, view_projection[1].y, view_projection[2].y);
    float pixels_per_metre = 0.5 * view.y * length(row) / max(gl_Position.w, 1e-6);
    // A width in screen coordinates is a fraction of the picture's height.
    float pixels = width * (material.widths.z == 0.0 ? pixels_per_metre : view.y);
    v_cover = min(pixels, 1.0);
    vec3 away = normalize(in_position - camera.xyz);
    if (material.widths.z == 0.0) {
        // The normals of a coarse silhouette are not perpendicular to the view, which would make a
        // line of one pixel narrower.
        float along = dot(in_normal, away);
        pixels = max(pixels, inversesqrt(max(1.0 - along * along, LEAST_SIDEWAYS * LEAST_SIDEWAYS)));
        vec3 pushed = in_position + in_normal * (pixels / pixels_per_metre);
        gl_Position = view_projection * vec4(pushed, 1.0);
    } else {
        pixels = max(pixels, 1.0);
        vec2 across = (view_projection * vec4(in_normal, 0.0)).xy * view.xy;
        float size = length(across);
        // Clip space spans two units across the picture.
        if (size > 0.0) gl_Position.xy += across / size * (2.0 * pixels * gl_Position.w) / view.xy;
    }
    vec4 behind = view_projection * vec4(in_position + away * (BEHIND_PIXELS / pixels_per_metre), 1.0);
    vec4 level = view_projection * vec4(in_position, 1.0);
    gl_Position.z += (behind.z / behind.w - level.z / level.w) * gl_Position.w;
}
