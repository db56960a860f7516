// Tone curve and transfer function: scene-linear light to display-referred sRGB.
// Khronos PBR Neutral without its Fresnel offset: the identity up to 0.8, which preserves the painted
// colours of toon materials; above, the peak channel is compressed towards 1, the channel ratios are
// kept, and strong overexposure desaturates slightly.
// Source: Khronos, "PBR Neutral Tone Mapper Specification", 2024.
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
#ifdef SQUARE_ROOTS
    // Approximates the three powers by square roots: error below 0.001 above a linear value of
    // 0.002, up to 0.011 below.
    vec3 a = sqrt(linear), b = sqrt(a), c = sqrt(b);
    return max(0.662002687 * a + 0.684122060 * b - 0.323583601 * c - 0.0225411470 * linear, 0.0);
#else
    return mix(1.055 * pow(linear, vec3(1.0 / 2.4)) - 0.055, linear * 12.92, lessThan(linear, vec3(0.0031308)));
#endif
}

// Returns dither noise of half an 8-bit step against banding: interleaved gradient noise, Jimenez,
// "Next Generation Post Processing in Call of Duty", 2014.
float dither(vec2 at) {
    return (fract(52.9829189 * fract(dot(at, vec2(0.06711056, 0.00583715)))) - 0.5) / 255.0;
}
