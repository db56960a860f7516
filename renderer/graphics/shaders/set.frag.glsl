// The set: Lambert and a GGX highlight without a power (Karis, "Physically Based Shading on Mobile",
// 2014, after Jimenez), with the backdrop for all that a smooth floor mirrors.
#include "frame.glsl"
#include "lights.glsl"
#include "shadow.glsl"

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
    float squared;   // roughness to the fourth
    float damping;   // of the highlight
};

vec3 reflected(Light light, Surface s, out vec3 towards) {
    vec3 arrives = arriving(light, v_position, towards) * max(dot(s.normal, towards), 0.0);
    vec3 between = normalize(towards + s.viewer);
    float along = dot(s.normal, between), aside = dot(towards, between);
    float spread = along * along * (s.squared - 1.0) + 1.0;
    float highlight = s.squared / (spread * spread * max(aside * aside, 0.1) * s.damping);
    return arrives * (s.diffuse + s.mirrored * highlight);
}

void main() {
    vec3 normal = normalize(v_normal);
    vec3 viewer = normalize(camera.xyz - v_position);
    if (dot(normal, viewer) < 0.0) normal = -normal;
    float metallic = v_emissive.a;
    vec3 diffuse = v_color.rgb * (1.0 - metallic);
    vec3 mirrored = mix(vec3(0.04), v_color.rgb, metallic);
    float squared = max(v_color.a * v_color.a * v_color.a * v_color.a, 0.002);
    float grazing = 1.0 - max(dot(normal, viewer), 0.0);
    float fresnel = grazing * grazing * grazing * grazing * grazing;
    vec3 sheen = (mirrored + (1.0 - mirrored) * fresnel * (1.0 - v_color.a)) * backdrop(reflect(-viewer, normal));
    vec3 color = v_emissive.rgb + ambient.rgb * (0.7 + 0.3 * normal.y) * diffuse + sheen;
    Surface surface = Surface(normal, viewer, diffuse, mirrored, squared, 4.0 * v_color.a + 2.0);
    vec3 towards;
#define ADD(i) color += reflected(lights[i], surface, towards);
#define ADD_SHADOWED(i) { \
    vec3 brought = reflected(lights[i], surface, towards); \
    color += shadowed(lights[i], v_position, normal, towards) * brought; }
    ADD_SHADOWED(0)
    FOR_UNROLLED_LIGHTS(ADD)
    FOR_LOOPED_LIGHTS(ADD_SHADOWED)
    out_color = surface_output(color, clamp(dot(v_emissive.rgb, vec3(0.5)), 0.0, 1.0), v_position.y);
}
