// Uniform block and textures of one material; written by materials.py, in this order. Requires
// frame.glsl.
//
// Defines: HAS_... for each texture, CUTOUT for alpha tests, UV_TRANSFORM, UV_ANIMATION, SECOND_UV for
// the bit mask of the slots that use the second UV set, HAS_VERTEX_COLOR, COLORS_AS_ROOTS.
#define BASE 0
#define SHADE 1
#define SHIFT 2
#define NORMAL 3
#define EMISSIVE 4
#define RIM 5
#define OUTLINE 6
#define UV_MASK 7
#define METALLIC_ROUGHNESS 8
#define OCCLUSION 9

struct MaterialValues {
    vec4 base;       // rgba factor
    vec4 shade;      // rgb factor; w: shading shift
    vec4 emissive;   // rgb factor; w: shading toony
    vec4 matcap;     // rgb factor; w: GI equalisation
    vec4 rim;        // rgb parametric; w: lighting mix
    vec4 outline;    // rgb; w: lighting mix
    vec4 details;    // rim Fresnel power, rim lift, alpha cutoff, normal scale
    vec4 widths;     // shift texture's scale; outline width; 1 if it is in screen coordinates; unused
    vec4 animation;  // uv scroll per second, uv rotation per second [rad], unused
    vec4 physical;   // metallic, roughness, occlusion strength, unused
    vec4 uv_rows[20];  // texture transform per slot: the two rows of a 2x3 matrix
};
layout(std140) uniform Material { MaterialValues material; };

uniform sampler2D base_map;
uniform sampler2D shade_map;
uniform sampler2D shift_map;
uniform sampler2D normal_map;
uniform sampler2D emissive_map;
uniform sampler2D matcap_map;
uniform sampler2D rim_map;
uniform sampler2D outline_map;
uniform sampler2D uv_mask_map;
uniform sampler2D metallic_roughness_map;
uniform sampler2D occlusion_map;

#ifdef SECOND_UV
vec2 second_uv;  // animated like the first; set by main()
#endif

vec2 slot_uv(int slot, vec2 uv) {
#ifdef SECOND_UV
    if ((SECOND_UV >> slot & 1) == 1) uv = second_uv;
#endif
#ifdef UV_TRANSFORM
    vec3 from = vec3(uv, 1.0);
    return vec2(dot(material.uv_rows[2 * slot].xyz, from), dot(material.uv_rows[2 * slot + 1].xyz, from));
#else
    return uv;
#endif
}

// Returns texture coordinates with MToon's UV animation, which precedes the slots' transforms.
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

#ifdef HAS_VERTEX_COLOR
in vec4 v_color;
#endif

// Returns the linear colour of a sample of a colour texture.
vec3 linear_color(vec3 texel) {
#ifdef COLORS_AS_ROOTS
    return texel * texel;
#else
    return texel;
#endif
}

vec4 base_at(vec2 uv) {
    vec4 base = material.base;
#ifdef HAS_BASE
    vec4 texel = texture(base_map, slot_uv(BASE, uv));
    base *= vec4(linear_color(texel.rgb), texel.a);
#endif
#ifdef HAS_VERTEX_COLOR
    base *= v_color;
#endif
    return base;
}

vec3 emission_at(vec2 uv) {
#ifdef HAS_EMISSIVE
    return material.emissive.rgb * linear_color(texture(emissive_map, slot_uv(EMISSIVE, uv)).rgb);
#else
    return material.emissive.rgb;
#endif
}
