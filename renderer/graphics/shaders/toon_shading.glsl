// MToon 1.0: VRMC_materials_mtoon-1.0, "Lighting", "Global Illumination", "Rim Lighting".
// The specification describes one light: light 0, the key light. The others only add light to surfaces
// that face them: if each added the shade colour, the picture would wash out.
// Requires frame.glsl, lights.glsl, shadow.glsl, material.glsl and environment.glsl.

#include "rim_limit.glsl"

#ifdef LIGHTS_AT_VERTICES
in vec4 v_added;   // vertex_lights.glsl
#endif

// A surface's colour without its emission. `position` and `normal` are in stage space.
vec3 toon_shading(vec3 base, vec3 position, vec3 normal, vec2 uv) {
    vec3 shade = material.shade.rgb;
#ifdef HAS_SHADE
    shade *= linear_color(texture(shade_map, slot_uv(SHADE, uv)).rgb);
#endif
    float shift = material.shade.w;
#ifdef HAS_SHIFT
    shift += texture(shift_map, slot_uv(SHIFT, uv)).r * material.widths.x;
#endif
    // linearstep(-1 + toony, 1 - toony, dot(normal, towards) + shift) with one division for all lights.
    float steep = 1.0 / max(2.0 - 2.0 * material.emissive.w, 1e-4);
    float ramp = (shift + 1.0 - material.emissive.w) * steep;
#define LIT_SHARE(towards) clamp(dot(normal, towards) * steep + ramp, 0.0, 1.0)

    vec3 gi = irradiance(normal, material.matcap.w);
    vec3 towards;
    vec3 key = arriving(lights[0], position, towards);
    key *= KEY_SHAPE(towards);
    float facing = LIT_SHARE(towards);
#ifdef FACE
    float fringe;
    facing *= face_shadow(lights[0], position, normal, towards, fringe);
    facing *= face_form(normal, towards, normalize(camera.xyz - position));
    vec3 color = key * mix(shade, base, facing) * fringe_tint(fringe);
#else
    facing *= shadowed(lights[0], position, normal, towards);
    vec3 color = key * mix(shade, base, facing);
#endif

    vec3 added = vec3(0.0);
    vec3 arrives;
    float limited = bright_share(base);
#define ADD_TOON(i) \
    arrives = arriving(lights[i], position, towards); \
    added += arrives * rim_limit(limited, towards) * LIT_SHARE(towards);
#define ADD_TOON_SHADOWED(i) \
    arrives = arriving(lights[i], position, towards); \
    added += arrives * shaped(lights[i], towards) * rim_limit(limited, towards) \
        * shadowed_besides_key(lights[i], position, normal, towards) * LIT_SHARE(towards);
#ifdef LIGHTS_AT_VERTICES
    added = v_added.rgb * (1.0 - limited * v_added.w);
#else
    FOR_UNROLLED_LIGHTS(ADD_TOON)
#endif
    FOR_LOOPED_LIGHTS(ADD_TOON_SHADOWED)
#ifdef LIMITS_TO_BASE
    // VRM 0.x: no light makes a surface brighter than its base colour.
    color = min(color, base) + min(added, 1.0) * base + gi * base;
#else
    color += (added + gi) * base;
#endif

#if defined(HAS_MATCAP) || defined(HAS_RIM_COLOR)
    vec3 viewer = normalize(camera.xyz - position);
    vec3 rim = vec3(0.0);
#ifdef HAS_MATCAP
    vec3 right = normalize(vec3(viewer.z, 0.0, -viewer.x));
    vec3 up = cross(viewer, right);
    vec2 ball = vec2(dot(right, normal), -dot(up, normal)) * 0.495 + 0.5;
    rim += material.matcap.rgb * linear_color(texture(matcap_map, ball).rgb);
#endif
#ifdef HAS_RIM_COLOR
    // A rim narrower than a pixel would break into dots: no pixel is nearer to the contour than half
    // of what the angle changes across it.
    float level = dot(normal, viewer);
#ifdef RIM_PER_PIXEL
    level = max(level, 0.5 * fwidth(level));
#endif
    float edge = clamp(1.0 - level + material.details.y, 0.0, 1.0);
    rim += material.rim.rgb * pow(edge, max(material.details.x, 1e-5));
#endif
#ifdef HAS_RIM
    rim *= linear_color(texture(rim_map, slot_uv(RIM, uv)).rgb);
#endif
    // A rim gets the key's full light even in shade: it represents light from behind.
    color += rim * mix(vec3(1.0), key + added + gi, material.rim.w);
#endif
    return color;
}
