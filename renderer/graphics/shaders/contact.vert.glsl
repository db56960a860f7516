// Floor quad around one foot, for its contact shadow.
#include "frame.glsl"
in vec2 in_corner;          // quad corner, -1 to 1
in vec4 in_foot;            // xz of the ankle, xz of the toes [m]
in float in_lift;           // height of the foot above the floor [m]
flat out vec4 v_foot;
flat out float v_strength;
out vec2 v_at;

const float REACH_M = 0.30;

void main() {
    vec2 middle = 0.5 * (in_foot.xy + in_foot.zw);
    v_at = middle + in_corner * (0.5 * length(in_foot.zw - in_foot.xy) + REACH_M);
    v_foot = in_foot;
    v_strength = exp(-in_lift * in_lift * 60.0);
    gl_Position = view_projection * vec4(v_at.x, lens.z, v_at.y, 1.0);
}
