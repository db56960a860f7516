// MToon 1.0: VRMC_materials_mtoon-1.0, "Lighting", "Global Illumination", "Rim Lighting".
// The specification speaks of one light. Here light 0, the key, is that light; the others only
// add to what faces them, or their shade colours would wash out the drawing.
#include "frame.glsl"
#include "lights.glsl"
#include "shadow.glsl"
#include "material.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec2 v_uv;
out vec4 out_color;

float linearstep(float a, float b, float t) {
    return clamp((t - a) / max(b - a, 1e-4), 0.0, 1.0);
}

// Of a solid surface only what it gives off glows, so that skin and cloth stay as they are painted.
vec4 toon_output(vec3 color, float alpha, vec3 emitted) {
#ifdef BLENDED
    return vec4(color, alpha);
#else
    return surface_output(color, clamp(dot(emitted, vec3(0.5)), 0.0, 1.0), v_position.y);
#endif
}

#ifdef HAS_NORMAL
// Tangents from screen derivatives: Schüler, "Followup: Normal Mapping Without Precomputed
// Tangents", 2013.
vec3 bent(vec3 normal, vec3 along, vec2 uv) {
    vec3 dp1 = dFdx(along), dp2 = dFdy(along);
    vec2 duv1 = dFdx(uv), duv2 = dFdy(uv);
    vec3 a = cross(dp2, normal), b = cross(normal, dp1);
    vec3 tangent = a * duv1.x + b * duv2.x;
    vec3 bitangent = a * duv1.y + b * duv2.y;
    float scale = inversesqrt(max(max(dot(tangent, tangent), dot(bitangent, bitangent)), 1e-20));
    vec3 texel = texture(normal_map, uv).xyz * 2.0 - 1.0;
    texel.xy *= material.details.w;
    // v grows downwards in glTF, and its normal maps' green points up.
    return normalize(tangent * (texel.x * scale) - bitangent * (texel.y * scale) + normal * texel.z);
}
#endif

void main() {
    vec2 uv = animated(v_uv);
    vec4 base = base_at(uv);
#ifdef CUTOUT
    if (base.a < material.details.z) discard;
#endif
    vec3 emitted = material.emissive.rgb;
#ifdef HAS_EMISSIVE
    emitted *= texture(emissive_map, slot_uv(EMISSIVE, uv)).rgb;
#endif
#ifdef UNLIT
    out_color = toon_output(base.rgb + emitted, base.a, emitted);
#else
    vec3 normal = normalize(v_normal);
#ifdef DOUBLE_SIDED
    if (!gl_FrontFacing) normal = -normal;
#endif
#ifdef HAS_NORMAL
    normal = bent(normal, v_position, slot_uv(NORMAL, uv));
#endif
    vec3 shade = material.shade.rgb;
#ifdef HAS_SHADE
    shade *= texture(shade_map, slot_uv(SHADE, uv)).rgb;
#endif
    float shift = material.shade.w;
#ifdef HAS_SHIFT
    shift += texture(shift_map, slot_uv(SHIFT, uv)).r * material.widths.x;
#endif
    float toony = material.emissive.w;

    // Global illumination: brighter from above, evened out as the material asks.
    vec3 gi = ambient.rgb * mix(1.0 + 0.3 * normal.y, 1.0, material.matcap.w);
    vec3 color = gi * base.rgb;
    vec3 lighting = gi;
    vec3 towards;
    vec3 arrives = arriving(lights[0], v_position, towards);
    float facing = linearstep(-1.0 + toony, 1.0 - toony, dot(normal, towards) + shift);
    facing *= shadowed(lights[0], v_position, normal, towards);
    color += arrives * mix(shade, base.rgb, facing);
    lighting += arrives * mix(0.5, 1.0, facing);

    vec3 added = vec3(0.0);
#define ADD(i) \
    arrives = arriving(lights[i], v_position, towards); \
    added += arrives * linearstep(-1.0 + toony, 1.0 - toony, dot(normal, towards) + shift);
#define ADD_SHADOWED(i) \
    arrives = arriving(lights[i], v_position, towards); \
    added += arrives * shadowed(lights[i], v_position, normal, towards) \
        * linearstep(-1.0 + toony, 1.0 - toony, dot(normal, towards) + shift);
    FOR_UNROLLED_LIGHTS(ADD)
    FOR_LOOPED_LIGHTS(ADD_SHADOWED)
    color += added * base.rgb;
    lighting += added;
#if defined(HAS_MATCAP) || defined(HAS_RIM_COLOR)
    vec3 viewer = normalize(camera.xyz - v_position);
    vec3 rim = vec3(0.0);
#ifdef HAS_MATCAP
    vec3 right = normalize(vec3(viewer.z, 0.0, -viewer.x));
    vec3 up = cross(viewer, right);
    vec2 ball = vec2(dot(right, normal), -dot(up, normal)) * 0.495 + 0.5;
    rim += material.matcap.rgb * texture(matcap_map, ball).rgb;
#endif
#ifdef HAS_RIM_COLOR
    float edge = clamp(1.0 - dot(normal, viewer) + material.details.y, 0.0, 1.0);
    rim += material.rim.rgb * pow(edge, max(material.details.x, 1e-5));
#endif
#ifdef HAS_RIM
    rim *= texture(rim_map, slot_uv(RIM, uv)).rgb;
#endif
    color += rim * mix(vec3(1.0), lighting, material.rim.w);
#endif
    out_color = toon_output(color + emitted, base.a, emitted);
#endif
}
