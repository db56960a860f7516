#include "frame.glsl"
in vec2 v_clip;
out vec4 out_color;

void main() {
    vec4 far = inverse_view_projection * vec4(v_clip, 1.0, 1.0);
    out_color = vec4(backdrop(normalize(far.xyz / far.w - camera.xyz)), 0.0);
}
