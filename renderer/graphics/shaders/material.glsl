// One material in MToon 1.0's terms; written by materials.py, in this order. Needs frame.glsl.
#define BASE 0
#define SHADE 1
#define SHIFT 2
#define NORMAL 3
#define EMISSIVE 4
#define RIM 5
#define OUTLINE 6
#define UV_MASK 7

struct MToon {
    vec4 base;       // rgba factor
    vec4 shade;      // rgb factor; w: shading shift
    vec4 emissive;   // rgb factor; w: shading toony
    vec4 matcap;     // rgb factor; w: GI equalisation
    vec4 rim;        // rgb parametric; w: lighting mix
    vec4 outline;    // rgb; w: lighting mix
    vec4 details;    // rim power, rim lift, alpha cutoff, normal scale
    vec4 widths;     // shift texture's scale, outline width, 1 where it is of the screen, unused
    vec4 animation;  // uv scroll a second, uv rotation a second [rad], unused
    vec4 uv_rows[16];  // a slot's texture transform: two rows of a 2x3 matrix
};
layout(std140) uniform Material { MToon material; };

uniform sampler2D base_map;
uniform sampler2D shade_map;
uniform sampler2D shift_map;
uniform sampler2D normal_map;
uniform sampler2D emissive_map;
uniform sampler2D matcap_map;
uniform sampler2D rim_map;
uniform sampler2D outline_map;
uniform sampler2D uv_mask_map;

vec2 slot_uv(int slot, vec2 uv) {
#ifdef UV_TRANSFORM
    vec3 from = vec3(uv, 1.0);
    return vec2(dot(material.uv_rows[2 * slot].xyz, from), dot(material.uv_rows[2 * slot + 1].xyz, from));
#else
    return uv;
#endif
}

// MToon's own movement comes before any slot's transform.
vec2 animated(vec2 uv) {
#ifdef UV_ANIMATION
    float seconds = camera.w;
#ifdef HAS_UV_MASK
    seconds *= texture(uv_mask_map, slot_uv(UV_MASK, uv)).b;
#endif
    float angle = material.animation.z * seconds;
    float c = cos(angle), s = sin(angle);
    vec2 from = uv - 0.5;
    return vec2(c * from.x + s * from.y, c * from.y - s * from.x) + 0.5 + material.animation.xy * seconds;
#else
    return uv;
#endif
}

vec4 base_at(vec2 uv) {
#ifdef HAS_BASE
    return material.base * texture(base_map, slot_uv(BASE, uv));
#else
    return material.base;
#endif
}
