// Motion blur in two layers. The set is averaged along each pixel's path, reprojected from its depth
// with the view-projection at the opening of the shutter. Avatars are averaged along the longest path
// of their surfaces nearby, over what is behind them (McGuire et al., "A Reconstruction Filter for
// Plausible Motion Blur", 2012).
#include "frame.glsl"
uniform sampler2D scene;
uniform sampler2D depth;
uniform sampler2D figures;   // depth buffer of avatars and outlines alone
uniform sampler2D paths;     // motion.frag.glsl
uniform sampler2D tiles;     // motion_tiles.frag.glsl
uniform mat4 opened;         // stage to clip space at the opening of the shutter
out vec4 out_color;

const int TAPS = 12;
const float LONGEST = 0.06;  // maximum length of a path, as a fraction of the picture
const float SAME = 2e-5;     // maximum difference of two depth values of the same surface
const float LEAST = 0.75;    // minimum length of a path that is visible, pixels
const float LAYER = 0.04;    // minimum distance of a surface behind another one, metres
const int BESIDE = 3;        // from a line, which has no path, to the surface that it outlines, pixels

bool is_figure(ivec2 at, float there) {
    float figure = texelFetch(figures, at, 0).r;
    return figure < 1.0 && figure <= there + SAME;
}

vec2 limited(vec2 path) { return path * min(1.0, LONGEST / max(length(path), 1e-6)); }

// Returns an avatar's path at a pixel; a line has that of the surface beside it.
vec2 figure_path(ivec2 at) {
    vec4 own = texelFetch(paths, at, 0);
    ivec2 last = textureSize(paths, 0) - 1;
    for (int i = 0; i < 4 && own.z == 0.0; ++i) {
        ivec2 step = BESIDE * (i < 2 ? ivec2(2 * i - 1, 0) : ivec2(0, 2 * i - 5));
        own = texelFetch(paths, clamp(at + step, ivec2(0), last), 0);
    }
    return limited(own.xy);
}

// Returns the longest path of avatars in the tiles around a pixel.
vec2 longest_path(vec2 uv) {
    ivec2 count = textureSize(tiles, 0), tile = ivec2(uv * vec2(count));
    vec2 longest = vec2(0.0);
    for (int y = -1; y <= 1; ++y) {
        for (int x = -1; x <= 1; ++x) {
            vec2 path = texelFetch(tiles, clamp(tile + ivec2(x, y), ivec2(0), count - 1), 0).xy;
            if (dot(path, path) > dot(longest, longest)) longest = path;
        }
    }
    return limited(longest);
}

// Returns the set's colour along a pixel's path; avatars are not sampled.
vec4 blurred_set(vec4 own, vec2 uv, float there, float start, vec2 size) {
    vec4 place = inverse_view_projection * vec4(vec3(uv, there) * 2.0 - 1.0, 1.0);
    vec4 before = opened * vec4(place.xyz / place.w, 1.0);
    if (before.w <= 0.0) return own;
    vec2 path = limited(uv - (before.xy / before.w * 0.5 + 0.5));
    if (length(path * size) < LEAST) return own;
    vec4 sum = own;
    float count = 1.0;
    for (int i = 0; i < TAPS; ++i) {
        vec2 tap = uv + path * ((float(i) + start) / float(TAPS) - 0.5);
        ivec2 pixel = clamp(ivec2(tap * size), ivec2(0), ivec2(size) - 1);
        if (is_figure(pixel, texelFetch(depth, pixel, 0).r)) continue;
        sum += texelFetch(scene, pixel, 0);
        count += 1.0;
    }
    return sum / count;
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec2 size = vec2(textureSize(scene, 0)), uv = gl_FragCoord.xy / size;
    vec4 own = texelFetch(scene, at, 0);
    float there = texelFetch(depth, at, 0).r;
    // Jitter the first tap within a step, which turns banding into fine noise.
    float start = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    bool in_figure = is_figure(at, there);
    vec4 under = in_figure ? own : blurred_set(own, uv, there, start, size);
    out_color = under;
    vec2 along = longest_path(uv);
    float long_pixels = length(along * size);
    if (long_pixels < LEAST) return;
    float away = distance_of(there);
    vec4 moving = vec4(0.0), rest = vec4(0.0);
    float covered = 0.0;
    for (int i = 0; i < TAPS; ++i) {
        float place = (float(i) + start) / float(TAPS) - 0.5;
        ivec2 pixel = clamp(ivec2((uv + along * place) * size), ivec2(0), ivec2(size) - 1);
        float sample_depth = texelFetch(depth, pixel, 0).r;
        vec4 color = texelFetch(scene, pixel, 0);
        float weight = 0.0;
        if (is_figure(pixel, sample_depth) && distance_of(sample_depth) < away + LAYER) {
            // Whether the surface passes this pixel during the exposure.
            float reach = 0.5 * length(figure_path(pixel) * size);
            weight = clamp(reach - abs(place) * long_pixels + 0.5, 0.0, 1.0);
        }
        moving += weight * color;
        rest += (1.0 - weight) * color;
        covered += weight;
    }
    if (covered == 0.0) return;
    // A moving surface uncovers what is beside it.
    float moves = in_figure ? smoothstep(0.5, 1.5, length(figure_path(at) * size)) : 0.0;
    float left = float(TAPS) - covered;
    if (left > 1e-3) under = mix(under, rest / left, moves);
    out_color = mix(under, moving / covered, covered / float(TAPS));
}
