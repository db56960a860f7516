// What every pass of a frame knows; written once a frame by frame_block.py, in this order.
#define MAX_LIGHTS 8
// Written out, not looped: a software rasteriser is three times faster with constant indices, and
// one draws no slower for the black lights that fill a short list.
#define FOR_OTHER_LIGHTS(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)

struct Light {
    vec4 position;   // xyz stage; w: 1 spot, 0 directional
    vec4 direction;  // xyz unit, towards the target; w: cosine of the outer half angle
    vec4 color;      // rgb linear, at the target; w: 1 / (cos inner - cos outer)
    vec4 reach;      // x: squared distance to the target
};

layout(std140) uniform Frame {
    mat4 view_projection;
    mat4 inverse_view_projection;
    mat4 shadow_matrix;     // stage to shadow map, all in [0, 1]
    vec4 camera;            // xyz stage; w: show time [s]
    vec4 ambient;           // rgb linear
    vec4 view;              // x, y: size in pixels; z: 1 where light 0 casts a shadow; w: texel of the map
    vec4 backdrop_top;
    vec4 backdrop_horizon;
    vec4 backdrop_bottom;
    Light lights[MAX_LIGHTS];
};

// The colour behind everything, in a unit direction.
vec3 backdrop(vec3 direction) {
    vec3 end = direction.y > 0.0 ? backdrop_top.rgb : backdrop_bottom.rgb;
    return mix(backdrop_horizon.rgb, end, smoothstep(0.0, 0.45, abs(direction.y)));
}

// What a light brings to a point, before any surface turns from it; `towards` points to the light.
// A spot falls off with the square of distance, scaled so that its colour arrives at its target.
vec3 arriving(Light light, vec3 point, out vec3 towards) {
    if (light.position.w == 0.0) {
        towards = -light.direction.xyz;
        return light.color.rgb;
    }
    vec3 offset = light.position.xyz - point;
    float nearness = inversesqrt(max(dot(offset, offset), 0.01));
    towards = offset * nearness;
    float cone = clamp((dot(-towards, light.direction.xyz) - light.direction.w) * light.color.w, 0.0, 1.0);
    return light.color.rgb * (cone * cone * (3.0 - 2.0 * cone) * min(light.reach.x * nearness * nearness, 4.0));
}
