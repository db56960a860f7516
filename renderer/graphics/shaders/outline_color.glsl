// The colour of an outline: OUTLINE_LIT where the material mixes in the colour of the shaded surface.
// Requires frame.glsl.
#ifdef OUTLINE_LIT
#include "lights.glsl"
#include "shadow.glsl"
#ifdef LOOPED_LIGHTS
#include "gobo.glsl"
#endif
#include "material.glsl"
#include "environment.glsl"
#include "toon_shading.glsl"
#else
#include "material.glsl"
#endif

// `uv` is the vertex's own; with SECOND_UV, second_uv is too.
vec3 outline_color(vec3 position, vec3 normal, vec2 uv) {
    vec3 color = material.outline.rgb;
#ifdef OUTLINE_LIT
    uv = animated(uv);
#ifdef SECOND_UV
    second_uv = animated(second_uv);
#endif
    vec3 base = base_at(uv).rgb;
#ifdef UNLIT
    vec3 shaded = base;
#else
    vec3 shaded = toon_shading(base, position, normal, uv);
#endif
    color *= mix(vec3(1.0), shaded + emission_at(uv), material.outline.w);
#endif
    return color;
}
