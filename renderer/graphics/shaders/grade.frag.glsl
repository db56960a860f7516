// Final composite and grade. In linear light: depth of field, fog, beams, bloom, vignette, exposure,
// tone curve. On display-referred values: black point, S-curve, saturation, split toning, ASC CDL,
// 3D LUT, film grain. Flipped so that row 0 is the top row.
// Compile-time variants, because a software rasteriser runs both sides of every branch: AIR for fog,
// beams and bloom, DEFOCUS for depth of field, FOREGROUND for that of the foreground, LOOK for the
// crew's CDL, LUT and grain. KEYED outputs premultiplied alpha.
#include "frame.glsl"
#include "tone_curve.glsl"
#include "focus.glsl"

// Uniform block written by gpu/grade_block.py, in this order.
layout(std140) uniform Grade {
    vec4 tone;         // exposure, black point, contrast, saturation
    vec4 amounts;      // vignette, grain; frame number (seed of the grain)
    vec4 uses;         // x: 1 where a LUT is loaded
    vec4 fog;          // rgb linear; w: density [1/m]
    vec4 shadow_tint;
    vec4 light_tint;
    vec4 slope;
    vec4 offset;
    vec4 power;        // w: saturation
    vec4 lut_low;      // rgb domain minimum; w: LUT size, points per axis
    vec4 lut_range;    // rgb domain maximum minus minimum
    vec4 focus;        // start, range, front [m], as in focus.glsl
};

uniform sampler2D scene;
uniform sampler2D depth;
uniform sampler2D beams;       // light of beams, jets and bloom
uniform sampler2D blurred;
uniform sampler2D foreground;
uniform sampler3D table;
#ifdef KEYED
uniform sampler2D matte;
#endif
out vec4 out_color;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);
const float CLEAR_M = 3.0;   // fog-free distance in front of the camera [m]

#ifdef DEFOCUS
vec3 defocused(vec3 color, vec2 uv, float far) {
    float share = smoothstep(0.0, 0.35, behind_focus(far, focus.xyz));
#ifdef DISCS
    // Four bilinear taps fill the gaps between the taps of the disc blur.
    vec2 px = 0.75 / vec2(textureSize(blurred, 0));
    vec4 soft = texture(blurred, uv - px) + texture(blurred, uv + px * vec2(1, -1))
              + texture(blurred, uv + px * vec2(-1, 1)) + texture(blurred, uv + px);
#else
    vec4 soft = texture(blurred, uv);
#endif
    color = mix(color, soft.rgb / max(soft.a, 1e-3), share);
#ifdef FOREGROUND
    // At its edge, half of the foreground's disc covers a pixel: twice the coverage hides the sharp
    // edge.
    vec4 near = texture(foreground, uv);
    color = mix(color, near.rgb / max(near.a, 1e-3), clamp(2.0 * near.a, 0.0, 1.0));
#endif
    return color;
}
#endif

#ifdef LOOK
vec3 at_point(ivec3 point) { return texelFetch(table, point, 0).rgb; }

// 3D LUT lookup with tetrahedral interpolation, which keeps neutrals neutral.
// Source: Sakamoto and Itooka, US patent 4275413, expired.
vec3 looked_up(vec3 color) {
    float last = lut_low.w - 1.0;
    vec3 place = clamp((color - lut_low.rgb) / lut_range.rgb, 0.0, 1.0) * last;
    ivec3 low = ivec3(min(floor(place), last - 1.0));
    vec3 f = place - vec3(low);
    float largest = max(f.r, max(f.g, f.b)), least = min(f.r, min(f.g, f.b));
    // Tetrahedron vertices: one step along the largest fraction, then along the two largest.
    ivec3 first = f.r == largest ? ivec3(1, 0, 0) : f.g == largest ? ivec3(0, 1, 0) : ivec3(0, 0, 1);
    ivec3 second = f.b == least ? ivec3(1, 1, 0) : f.g == least ? ivec3(1, 0, 1) : ivec3(0, 1, 1);
    float middle = f.r + f.g + f.b - largest - least;
    return at_point(low) * (1.0 - largest) + at_point(low + first) * (largest - middle)
         + at_point(low + second) * (middle - least) + at_point(low + ivec3(1)) * least;
}

// Returns white noise in [-1, 1] with a triangular distribution, reseeded every frame.
float grained(uvec2 at, uint number) {
    uint h = at.x * 1597334677u ^ at.y * 3812015801u ^ number * 2654435769u;
    h = (h ^ (h >> 15)) * 2246822519u;
    h ^= h >> 13;
    return (float(h & 65535u) + float(h >> 16)) / 65535.0 - 1.0;
}

vec3 looking(vec3 color) {
    color = pow(clamp(color * slope.rgb + offset.rgb, 0.0, 1.0), power.rgb);
    color = clamp(mix(vec3(dot(color, LUMA)), color, power.w), 0.0, 1.0);
    if (uses.x > 0.0) color = looked_up(color);
    // Film grain is strongest in the midtones.
    float middle = 1.0 - 0.8 * abs(2.0 * clamp(dot(color, LUMA), 0.0, 1.0) - 1.0);
    return color + amounts.y * middle * grained(uvec2(gl_FragCoord.xy), uint(amounts.z));
}
#endif

vec3 graded(vec3 color) {
    color = encoded(bent(max(color * tone.x, 0.0)));
    color = max((color - tone.y) / (1.0 - tone.y), 0.0);
    color = mix(color, color * color * (3.0 - 2.0 * color), tone.z);
    float luma = dot(color, LUMA);
    color = max(mix(vec3(luma), color, tone.w), 0.0);
    return color * mix(shadow_tint.rgb, light_tint.rgb, smoothstep(0.0, 0.7, luma));
}

vec3 developed(vec3 color) {
    color = graded(color);
#ifdef LOOK
    color = looking(color);
#endif
    return color;
}

#ifdef KEYED
// Returns premultiplied display-referred RGBA. A surface keeps its straight colour. Bloom outside
// surfaces gets its peak channel as alpha, so that straight alpha can represent it, too.
vec4 keyed(vec3 color, float alpha, vec3 glow, vec2 at) {
    vec3 front = clamp(developed(color / max(alpha, 1e-3) + glow) + dither(at), 0.0, 1.0);
    vec3 beside = clamp(developed(glow) - developed(vec3(0.0)), 0.0, 1.0);
    float shine = max(beside.r, max(beside.g, beside.b));
    return vec4(front * alpha + beside * (1.0 - alpha), alpha + shine * (1.0 - alpha));
}
#endif

void main() {
    ivec2 size = textureSize(scene, 0), at = ivec2(gl_FragCoord.xy);
    at.y = size.y - 1 - at.y;
    vec2 uv = (vec2(at) + 0.5) / vec2(size);
    vec3 color = texelFetch(scene, at, 0).rgb;
#ifdef KEYED
    vec3 glow = vec3(0.0);
#ifdef AIR
    glow = texture(beams, uv).rgb;
#endif
    out_color = keyed(color, texelFetch(matte, at, 0).a, glow, gl_FragCoord.xy);
#else
#if defined(AIR) || defined(DEFOCUS)
    float far = distance_of(texelFetch(depth, at, 0).r);
#endif
#ifdef DEFOCUS
    color = defocused(color, uv, far);
#endif
#ifdef AIR
    color += fog.rgb * (1.0 - exp(-fog.w * max(far - CLEAR_M, 0.0)));
    color += texture(beams, uv).rgb;
#endif
    // Vignette centred slightly below the middle of the frame, where the stage is.
    vec2 from = (uv - vec2(0.5, 0.48)) * vec2(1.0, 0.85);
    color *= 1.0 - amounts.x * smoothstep(0.10, 0.42, dot(from, from));
    out_color = vec4(developed(color) + dither(gl_FragCoord.xy), 1.0);
#endif
}
