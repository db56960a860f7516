// Bright pass of the bloom: linear colour times its bloom weight (alpha: 1 lamps, 0 skin and cloth)
// above a threshold with a soft knee. The four bilinear taps are weighted by 1 / (1 + peak), which
// keeps single bright pixels (fireflies) from flickering.
// Sources: Karis, "Tone Mapping", 2013; Jimenez, "Next Generation Post Processing in Call of Duty",
// 2014.
uniform sampler2D scene;
in vec2 v_clip;
out vec4 out_color;

const float THRESHOLD = 0.45;
const float KNEE = 0.35;
const float BRIGHTEST = 8.0;

vec4 weighted(vec2 at) {
    vec4 texel = texture(scene, at);
    // A single NaN pixel would spread over the whole mip pyramid.
    if (any(isnan(texel))) texel = vec4(0.0);
    vec3 color = clamp(texel.rgb, 0.0, BRIGHTEST) * texel.a;
    float peak = max(color.r, max(color.g, color.b));
    float soft = clamp(peak - THRESHOLD + KNEE, 0.0, 2.0 * KNEE);
    color *= max(soft * soft / (4.0 * KNEE), peak - THRESHOLD) / max(peak, 1e-4);
    return vec4(color, 1.0) / (1.0 + max(color.r, max(color.g, color.b)));
}

void main() {
    vec2 uv = v_clip * 0.5 + 0.5, px = 1.0 / vec2(textureSize(scene, 0));
    vec4 sum = weighted(uv - px) + weighted(uv + px * vec2(1, -1)) + weighted(uv + px * vec2(-1, 1)) + weighted(uv + px);
    out_color = vec4(sum.rgb / sum.a, 1.0);
}
