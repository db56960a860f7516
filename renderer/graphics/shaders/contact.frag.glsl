// Contact shadow of one foot: a Gaussian of the distance to the segment from ankle to toes. Blending
// multiplies the floor's colour by alpha.
#include "frame.glsl"
#include "floor.glsl"
flat in vec4 v_foot;
flat in float v_strength;
in vec2 v_at;
out vec4 out_color;
uniform float strength;

const float NARROWNESS = 110.0;   // Gaussian exponent [1/m^2]: half strength 8 cm beside the segment

void main() {
    vec2 along = v_foot.zw - v_foot.xy, from = v_at - v_foot.xy;
    float share = clamp(dot(from, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
    vec2 off = from - along * share;
    float dark = strength * v_strength * exp(-NARROWNESS * dot(off, off)) * shows_floor(gl_FragCoord.xy);
    out_color = vec4(0.0, 0.0, 0.0, 1.0 - dark);
}
