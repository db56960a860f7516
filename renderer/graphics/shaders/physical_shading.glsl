// Metallic-roughness BRDF (glTF 2.0, appendix B): GGX distribution, Smith visibility, Schlick Fresnel;
// environment BRDF by the fit of Karis, "Physically Based Shading on Mobile", 2014.
// Requires frame.glsl, lights.glsl, shadow.glsl, material.glsl and environment.glsl.

struct Physical {
    vec3 normal;
    vec3 viewer;
    vec3 diffuse;
    vec3 mirrored;   // F0, reflectance at normal incidence
    float squared;   // alpha squared: roughness to the fourth power
    float facing;    // cosine of the angle between normal and view direction
};

// Returns the radiance reflected to the viewer of light `arrives` from direction `towards`. Scaled by
// pi, so that a white diffuse surface facing the light has the light's colour.
vec3 reflect_light(Physical s, vec3 arrives, vec3 towards) {
    float lit = clamp(dot(s.normal, towards), 0.0, 1.0);
    vec3 between = normalize(towards + s.viewer);
    float along = clamp(dot(s.normal, between), 0.0, 1.0);
    float aside = clamp(dot(towards, between), 0.0, 1.0);
    float spread = along * along * (s.squared - 1.0) + 1.0;
    // The scale by pi cancels the distribution's 1 / pi.
    float distribution = s.squared / (spread * spread);
    float rest = 1.0 - s.squared;
    float visibility = 0.5 / max(lit * sqrt(s.squared + rest * s.facing * s.facing)
                               + s.facing * sqrt(s.squared + rest * lit * lit), 1e-5);
    float grazing = 1.0 - aside;
    float fresnel = grazing * grazing * grazing * grazing * grazing;
    vec3 mirrored = s.mirrored + (1.0 - s.mirrored) * fresnel;
    // Energy conservation: light reflected by a dielectric is not scattered.
    float scattered = 0.96 - 0.96 * fresnel;
    return arrives * lit * (s.diffuse * scattered + mirrored * (distribution * visibility));
}

// Returns a surface's colour without its emission. `position` and `normal` are in stage space;
// `unmapped` is the interpolated vertex normal.
vec3 physical_shading(vec3 base, vec3 position, vec3 normal, vec3 unmapped, vec2 uv) {
    float metallic = material.physical.x, roughness = material.physical.y, occlusion = 1.0;
#ifdef HAS_METALLIC_ROUGHNESS
    vec4 texel = texture(metallic_roughness_map, slot_uv(METALLIC_ROUGHNESS, uv));
    metallic *= texel.b;
    roughness *= texel.g;
#endif
#ifdef HAS_OCCLUSION
    float open = texture(occlusion_map, slot_uv(OCCLUSION, uv)).r;
    occlusion += material.physical.z * (open - 1.0);
#endif
    // Geometric specular anti-aliasing: where normals vary within a pixel, a narrow highlight would
    // flicker, so roughness is increased (Tokuyoshi and Kaplanyan, "Improved Geometric Specular
    // Antialiasing", 2019).
    vec3 turn = max(abs(dFdx(unmapped)), abs(dFdy(unmapped)));
    roughness = max(roughness, 0.0525) + min(max(turn.x, max(turn.y, turn.z)), 0.3);
    roughness = min(roughness, 1.0);
    vec3 viewer = normalize(camera.xyz - position);
    Physical s;
    s.normal = normal;
    s.viewer = viewer;
    s.diffuse = base * (1.0 - metallic);
    s.mirrored = mix(vec3(0.04), base, metallic);
    s.squared = roughness * roughness * roughness * roughness;
    s.facing = clamp(dot(normal, viewer), 1e-3, 1.0);

    vec4 r = roughness * vec4(-1.0, -0.0275, -0.572, 0.022) + vec4(1.0, 0.0425, 1.04, -0.04);
    float a004 = min(r.x * r.x, exp2(-9.28 * s.facing)) * r.x + r.y;
    vec2 fit = vec2(-1.04, 1.04) * a004 + r.zw;
    vec3 color = s.diffuse * (1.0 - 0.04 * fit.x - fit.y) * irradiance(normal, 0.0)
        + (s.mirrored * fit.x + fit.y) * radiance(reflect(-viewer, normal), roughness);
    color *= occlusion;

    vec3 towards;
    vec3 arrives;
#define ADD_PHYSICAL(i) \
    arrives = arriving(lights[i], position, towards); \
    color += reflect_light(s, arrives, towards);
#define ADD_PHYSICAL_SHADOWED(i) \
    arrives = arriving(lights[i], position, towards); \
    color += reflect_light(s, arrives * KEY_SHAPE(towards) * shadowed(lights[i], position, normal, towards), towards);
#define ADD_PHYSICAL_SHAPED(i) \
    arrives = arriving(lights[i], position, towards) * shaped(lights[i], towards); \
    color += reflect_light(s, arrives * shadowed_besides_key(lights[i], position, normal, towards), towards);
    ADD_PHYSICAL_SHADOWED(0)
    FOR_UNROLLED_LIGHTS(ADD_PHYSICAL)
    FOR_LOOPED_LIGHTS(ADD_PHYSICAL_SHAPED)
    return color;
}
