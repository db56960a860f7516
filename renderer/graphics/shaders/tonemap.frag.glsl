// Linear light to display-ready sRGB, turned so that the first row is the top one.
// The curve is Khronos' PBR Neutral without its Fresnel offset: up to 0.8 it changes nothing, so
// that a toon's painted colours arrive as painted; above, the brightest channel bends towards 1
// and the others keep their ratio to it, paling slightly where light is far too strong.
// Source: Khronos, "PBR Neutral Tone Mapper Specification", 2024.
uniform sampler2D scene;
out vec4 out_color;

const float START = 0.8;
const float DESATURATION = 0.15;

vec3 bent(vec3 color) {
    float peak = max(color.r, max(color.g, color.b));
    if (peak < START) return color;
    const float room = 1.0 - START;
    float bounded = 1.0 - room * room / (peak + room - START);
    float pale = 1.0 - 1.0 / (DESATURATION * (peak - bounded) + 1.0);
    return mix(color * (bounded / peak), vec3(bounded), pale);
}

vec3 encoded(vec3 linear) {
    return mix(1.055 * pow(linear, vec3(1.0 / 2.4)) - 0.055, linear * 12.92, lessThan(linear, vec3(0.0031308)));
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    at.y = textureSize(scene, 0).y - 1 - at.y;
    vec3 color = encoded(bent(max(texelFetch(scene, at, 0).rgb, 0.0)));
    // Half a step of noise hides the bands of dark gradients: Jimenez, "Next Generation Post
    // Processing in Call of Duty", 2014.
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    out_color = vec4(color + (noise - 0.5) / 255.0, 1.0);
}
