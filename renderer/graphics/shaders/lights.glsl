// Uniform block of the lights that reach an object, key light first; written by gpu/light_lists.py, in
// this order.
//
// UNROLLED_LIGHTS is the number of lights after the key whose code is unrolled; LOOPED_LIGHTS adds a
// loop over the rest. A software rasteriser is three times faster with constant indices, so it uses
// one variant per number of lights; a GPU loops over all.
#ifndef MAX_LIGHTS
#define MAX_LIGHTS (1 + UNROLLED_LIGHTS)
#endif

struct Light {
    vec4 position;   // xyz stage space [m]; w: 1 spot or point, 0 directional
    vec4 direction;  // xyz unit, towards the target; w: cosine of the outer half angle
    vec4 color;      // rgb linear, at the target; w: 1 / (cos inner - cos outer)
    vec4 reach;      // x: intensity at 1 m; y: offset that makes it 0 at the range; z: 1 if it casts
                     // shadows; w: radius of the shadow's blur, as a fraction of the tile
    mat4 shadow;     // stage space to the light's tile of the shadow map, in [0, 1]
    vec4 tile;       // xy: the tile's corner in the map; z: side length; w: 1 / side length in texels
    vec4 across;     // xyz unit, right as seen from the fixture; w: 1 / tangent of the outer half angle
    vec4 gobo;       // layer, -1 for none; angles of gobo and blades [rad]; w: 1 if it has either
    vec4 shutter;    // insertion of the top, right, bottom, left blade, 0 to 2 beam radii
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

// KEY_SHAPE: transmission of the key light's gobo and blades, which only the variants with a loop have.
#ifdef LOOPED_LIGHTS
#define KEY_SHAPE(towards) shaped(lights[0], towards)
#define FOR_LOOPED_LIGHTS(DO) for (int i = 1 + UNROLLED_LIGHTS; i < light_count.x; ++i) { DO(i) }
#else
#define KEY_SHAPE(towards) 1.0
#define FOR_LOOPED_LIGHTS(DO)
#endif

// Returns the light that arrives at a point, without the cosine of the surface's normal; `towards`: unit
// vector to the light. A spot's attenuation is 1 / distance^2 - 1 / range^2, scaled so that the light's
// colour arrives at its target.
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
