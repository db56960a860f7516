// Camera motion blur: averages the set along each pixel's screen-space velocity, reprojected from its
// depth with the view-projection at the opening of the shutter. Avatars are copied and not sampled.
#include "frame.glsl"
uniform sampler2D scene;
uniform sampler2D depth;
uniform sampler2D figures;   // depth buffer of avatars and outlines alone
uniform mat4 opened;         // stage to clip space at the opening of the shutter
out vec4 out_color;

const int TAPS = 12;
const float LONGEST = 0.06;  // maximum length of a path, as a fraction of the picture
const float SAME = 2e-5;     // maximum difference of two depth values of the same surface

bool is_figure(ivec2 at, float there) {
    float figure = texelFetch(figures, at, 0).r;
    return figure < 1.0 && figure <= there + SAME;
}

void main() {
    ivec2 size = textureSize(scene, 0), at = ivec2(gl_FragCoord.xy);
    vec4 own = texelFetch(scene, at, 0);
    float there = texelFetch(depth, at, 0).r;
    out_color = own;
    if (is_figure(at, there)) return;
    vec2 uv = gl_FragCoord.xy / vec2(size);
    vec4 place = inverse_view_projection * vec4(vec3(uv, there) * 2.0 - 1.0, 1.0);
    vec4 before = opened * vec4(place.xyz / place.w, 1.0);
    if (before.w <= 0.0) return;
    vec2 path = uv - (before.xy / before.w * 0.5 + 0.5);
    path *= min(1.0, LONGEST / max(length(path), 1e-6));
    // Jitter the first tap within a step, which turns banding into fine noise.
    float start = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    vec4 sum = own;
    float count = 1.0;
    for (int i = 0; i < TAPS; ++i) {
        vec2 tap = uv + path * ((float(i) + start) / float(TAPS) - 0.5);
        ivec2 pixel = clamp(ivec2(tap * vec2(size)), ivec2(0), size - 1);
        if (is_figure(pixel, texelFetch(depth, pixel, 0).r)) continue;
        sum += texelFetch(scene, pixel, 0);
        count += 1.0;
    }
    out_color = sum / count;
}
