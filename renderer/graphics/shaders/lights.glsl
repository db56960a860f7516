// The lights that reach what is drawn, key first; written by gpu/light_lists.py, in this order.
//
// UNROLLED_LIGHTS lights after the key stand in the code one by one, LOOPED_LIGHTS adds a loop over
// the rest. A software rasteriser is three times faster with constant indices, so it gets variants
// by number; a GPU loops over all.
#ifndef MAX_LIGHTS
#define MAX_LIGHTS (1 + UNROLLED_LIGHTS)
#endif

struct Light {
    vec4 position;   // xyz stage; w: 1 spot or point, 0 directional
    vec4 direction;  // xyz unit, towards the target; w: cosine of the outer half angle
    vec4 color;      // rgb linear, at the target; w: 1 / (cos inner - cos outer)
    vec4 reach;      // x: strength at 1 m; y: what of it is lost at the range; z: 1 where it casts a shadow
    mat4 shadow;     // stage to the light's tile of the shadow map, all in [0, 1]
    vec4 tile;       // x, y: the tile's corner in the map; z: its side; w: one over its size in texels
};

layout(std140) uniform Lights {
    ivec4 light_count;   // x: lights in the list
    Light lights[MAX_LIGHTS];
};

#if UNROLLED_LIGHTS == 0
#define FOR_UNROLLED_LIGHTS(DO)
#elif UNROLLED_LIGHTS == 3
#define FOR_UNROLLED_LIGHTS(DO) DO(1) DO(2) DO(3)
#elif UNROLLED_LIGHTS == 5
#define FOR_UNROLLED_LIGHTS(DO) DO(1) DO(2) DO(3) DO(4) DO(5)
#elif UNROLLED_LIGHTS == 7
#define FOR_UNROLLED_LIGHTS(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#endif

#ifdef LOOPED_LIGHTS
#define FOR_LOOPED_LIGHTS(DO) for (int i = 1 + UNROLLED_LIGHTS; i < light_count.x; ++i) { DO(i) }
#else
#define FOR_LOOPED_LIGHTS(DO)
#endif

// The light that arrives at a point, before the surface's own angle; `towards` points to the light.
// A spot falls off as 1 / distance^2 - 1 / range^2, scaled so that its colour arrives at its target.
vec3 arriving(Light light, vec3 point, out vec3 towards) {
    if (light.position.w == 0.0) {
        towards = -light.direction.xyz;
        return light.color.rgb;
    }
    vec3 offset = light.position.xyz - point;
    float nearness = inversesqrt(max(dot(offset, offset), 0.01));
    towards = offset * nearness;
    float cone = clamp((dot(-towards, light.direction.xyz) - light.direction.w) * light.color.w, 0.0, 1.0);
    float falloff = clamp(light.reach.x * nearness * nearness - light.reach.y, 0.0, 4.0);
    return light.color.rgb * (cone * cone * (3.0 - 2.0 * cone) * falloff);
}
