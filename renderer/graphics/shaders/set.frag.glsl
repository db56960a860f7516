// Surface of a stage set: Lambert diffuse and an approximated GGX specular term (Karis, "Physically
// Based Shading on Mobile", 2014, after Jimenez); smooth surfaces reflect the surroundings.
#include "frame.glsl"
#include "lights.glsl"
#define SHADOW_SPREAD 2.5
#include "shadow.glsl"
#ifdef LOOPED_LIGHTS
#include "gobo.glsl"
#endif
#include "environment.glsl"
#ifdef HAS_UV
#include "set_maps.glsl"
#endif

in vec3 v_position;
in vec3 v_normal;
in vec4 v_color;
in vec4 v_emissive;
out vec4 out_color;

struct Surface {
    vec3 normal;
    vec3 viewer;
    vec3 diffuse;
    vec3 mirrored;
    float squared;   // alpha squared: roughness to the fourth power
    float damping;   // divisor of the highlight: 4 * roughness + 2
};

vec3 reflected(Light light, Surface s, out vec3 towards) {
    vec3 arrives = arriving(light, v_position, towards) * max(dot(s.normal, towards), 0.0);
    vec3 between = normalize(towards + s.viewer);
    float along = dot(s.normal, between), aside = dot(towards, between);
    float spread = along * along * (s.squared - 1.0) + 1.0;
    float highlight = s.squared / (spread * spread * max(aside * aside, 0.1) * s.damping);
    return arrives * (s.diffuse + s.mirrored * highlight);
}

#ifdef HAS_NORMAL
// Returns the mapped normal; tangents from screen-space derivatives (Schüler, "Normal Mapping Without
// Precomputed Tangents", ShaderX 5). v points down, the map's green channel up.
vec3 mapped_normal(vec3 normal) {
    vec3 along_x = dFdx(v_position), along_y = dFdy(v_position);
    vec2 uv_x = dFdx(v_uv.xy), uv_y = dFdy(v_uv.xy);
    vec3 a = cross(along_y, normal), b = cross(normal, along_x);
    vec3 tangent = a * uv_x.x + b * uv_y.x;
    vec3 bitangent = a * uv_x.y + b * uv_y.y;
    float scale = inversesqrt(max(max(dot(tangent, tangent), dot(bitangent, bitangent)), 1e-20));
    vec3 texel = texture(normal_map, v_uv.xy).xyz * 2.0 - 1.0;
    return normalize(tangent * (texel.x * scale) - bitangent * (texel.y * scale) + normal * texel.z);
}
#endif

void main() {
    vec3 normal = normalize(v_normal);
    vec3 viewer = normalize(camera.xyz - v_position);
    if (dot(normal, viewer) < 0.0) normal = -normal;
    vec3 base = v_color.rgb;
    vec3 emissive = v_emissive.rgb;
    float roughness = v_color.a, metallic = v_emissive.a, occlusion = 1.0, opacity = 1.0;
#ifdef HAS_UV
    vec4 sampled = base_color(v_color);
    base = sampled.rgb;
    opacity = sampled.a;
#endif
#ifdef CUTOUT
    if (opacity < alpha_cutoff) discard;
#endif
#ifdef HAS_EMISSIVE
    emissive *= texture(emissive_map, v_uv.xy).rgb;
#endif
#ifdef HAS_ROUGHNESS
    vec2 shares = texture(roughness_map, v_uv.xy).gb;
    roughness *= shares.x;
    metallic *= shares.y;
#endif
#ifdef HAS_OCCLUSION
    occlusion = texture(occlusion_map, v_uv.xy).r;
#endif
#ifdef HAS_NORMAL
    normal = mapped_normal(normal);
#endif
    vec3 diffuse = base * (1.0 - metallic);
    vec3 mirrored = mix(vec3(0.04), base, metallic);
    float squared = max(roughness * roughness * roughness * roughness, 0.002);
    float grazing = 1.0 - max(dot(normal, viewer), 0.0);
    float fresnel = grazing * grazing * grazing * grazing * grazing;
    // The floor's own reflection is added by the floor pass.
    bool is_mirror = lens.w > 0.0 && normal.y > 0.9 && abs(v_position.y - lens.z) < 0.02;
    vec3 mirror = reflect(-viewer, normal);
    vec3 around = is_mirror ? backdrop(mirror) : surroundings(mirror, roughness);
    vec3 sheen = (mirrored + (1.0 - mirrored) * fresnel * (1.0 - roughness)) * around;
    vec3 color = emissive + occlusion * (ambient.rgb * (0.7 + 0.3 * normal.y) * diffuse + sheen);
    Surface surface = Surface(normal, viewer, diffuse, mirrored, squared, 4.0 * roughness + 2.0);
    vec3 towards;
#define ADD(i) color += reflected(lights[i], surface, towards);
#define ADD_SHADOWED(i) { \
    vec3 brought = reflected(lights[i], surface, towards); \
    color += KEY_SHAPE(towards) * shadowed(lights[i], v_position, normal, towards) * brought; }
#define ADD_SHAPED(i) { \
    vec3 brought = reflected(lights[i], surface, towards); \
    color += shadowed_besides_key(lights[i], v_position, normal, towards) * shaped(lights[i], towards) * brought; }
    ADD_SHADOWED(0)
    FOR_UNROLLED_LIGHTS(ADD)
    FOR_LOOPED_LIGHTS(ADD_SHAPED)
#ifdef BLENDED
    out_color = vec4(color, opacity);
#elif defined(COVERAGE)
    out_color = vec4(color, 1.0);
#else
    out_color = surface_output(color, clamp(dot(emissive, vec3(0.5)), 0.0, 1.0), v_position.y);
#endif
}
