// Shadow mapping: fraction of a light that reaches a point past the avatars, 0 to 1. Requires
// lights.glsl.
uniform sampler2DShadow shadow_map;

// Factor on the blur radius: a floor is farther from its occluders than an avatar's surface.
#ifndef SHADOW_SPREAD
#define SHADOW_SPREAD 1.0
#endif

float shadow_texel(Light light, vec3 at) {
    // Clamped to the tile's texel centres, so that filtering never samples a neighbouring tile.
    vec2 inside = clamp(at.xy, vec2(0.5 * light.tile.w), vec2(1.0 - 0.5 * light.tile.w));
    return texture(shadow_map, vec3(light.tile.xy + inside * light.tile.z, at.z));
}

#ifdef SHADOW_TAPS
// Returns point i of n evenly distributed points in a unit disc. `turn`: cosine and sine of the angle by
// which the disc is turned; all other angles are constants.
vec2 vogel_disk(int i, int n, vec2 turn) {
    float radius = sqrt((float(i) + 0.5) / float(n)), angle = 2.3999632 * float(i);
    vec2 own = radius * vec2(cos(angle), sin(angle));
    return vec2(own.x * turn.x - own.y * turn.y, own.x * turn.y + own.y * turn.x);
}
#endif

#ifdef PENUMBRA
// Percentage-closer soft shadows (Fernando, 2005): a shadow is the softer the farther its occluder.
uniform sampler2D shadow_depth;   // the shadow map without comparison

const int SEARCH_TAPS = 7;
const float SOURCE_M = 0.16;      // radius of a fixture's light source, with its frost [m]
const float SUN_SLOPE = 0.02;     // the same for parallel light, as a fraction of the distance
const float WIDEST_M = 0.25;      // maximum radius of a penumbra [m]

// Returns the blur radius at a point as a fraction of the tile; 0 without an occluder. `at`: position in
// the tile; `away`: clip w, the distance along a spot's axis [m].
float penumbra(Light light, vec3 at, float away, vec2 turn) {
    mat4 m = light.shadow;
    vec3 right = vec3(m[0].x, m[1].x, m[2].x), deep = vec3(m[0].z, m[1].z, m[2].z), w = vec3(m[0].w, m[1].w, m[2].w);
    float scale = length(right) / away;   // fractions of the tile per metre
    bool is_spot = light.position.w != 0.0;
    float search = (is_spot ? SOURCE_M : WIDEST_M) * scale;
    float sum = 0.0, count = 0.0;
    for (int i = 0; i < SEARCH_TAPS; ++i) {
        vec2 tap = clamp(at.xy + search * vogel_disk(i, SEARCH_TAPS, turn), vec2(light.tile.w), vec2(1.0 - light.tile.w));
        float depth = textureLod(shadow_depth, light.tile.xy + tap * light.tile.z, 0.0).r;
        if (depth < at.z) { sum += depth; count += 1.0; }
    }
    if (count == 0.0) return 0.0;
    float mean = sum / count, radius;
    if (is_spot) {
        // Depth in the tile is a + b / w.
        float a = dot(deep, w) / dot(w, w), b = m[3].z - a * m[3].w;
        float occluder = b / min(mean - a, -1e-6);
        radius = SOURCE_M * (away - occluder) / max(occluder, 0.1);
    } else {
        radius = SUN_SLOPE * (at.z - mean) / length(deep);
    }
    return max(light.reach.w, min(radius, WIDEST_M) * scale);
}
#endif

// Returns the fraction of a light that reaches a point, without a bias against self-shadowing.
float light_reaching(Light light, vec3 point) {
    vec4 place = light.shadow * vec4(point, 1.0);
    vec3 at = place.xyz / place.w;
    // The map is fitted to the avatars: points outside it have no occluder.
    if (any(lessThan(at, vec3(0.0))) || any(greaterThan(at, vec3(1.0)))) return 1.0;
#ifdef SHADOW_TAPS
    // Vogel disk (Vogel, 1979), rotated per pixel by interleaved gradient noise (Jimenez, 2014).
    float angle = 6.2831853 * fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    vec2 turn = vec2(cos(angle), sin(angle));
#ifdef PENUMBRA
    float disc = penumbra(light, at, place.w, turn);
    if (disc == 0.0) return 1.0;
#else
    float disc = SHADOW_SPREAD * light.reach.w;
#endif
    float lit = 0.0;
    for (int i = 0; i < SHADOW_TAPS; ++i)
        lit += shadow_texel(light, at + vec3(disc * vogel_disk(i, SHADOW_TAPS, turn), 0.0));
    return lit / float(SHADOW_TAPS);
#else
    return shadow_texel(light, at);
#endif
}

// Returns the fraction of a light that reaches a surface. `towards`: unit vector to the light.
float shadowed(Light light, vec3 point, vec3 normal, vec3 towards) {
    if (light.reach.z == 0.0) return 1.0;
    // Normal offset bias, larger at grazing angles, against self-shadowing.
    float grazing = 1.0 - clamp(dot(normal, towards), 0.0, 1.0);
    return light_reaching(light, point + normal * (0.004 + 0.020 * grazing));
}

// The same for a light after the key. A software rasteriser runs both sides of a branch, and would
// pay for a shadow map that no such light has: KEY_SHADOW_ALONE.
float shadowed_besides_key(Light light, vec3 point, vec3 normal, vec3 towards) {
#ifdef KEY_SHADOW_ALONE
    return 1.0;
#else
    return shadowed(light, point, normal, towards);
#endif
}
