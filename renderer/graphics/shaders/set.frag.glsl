// The set: Lambert and a normalised Blinn-Phong highlight (Akenine-Möller et al., "Real-Time
// Rendering", 4th ed., 9.8), with the backdrop for all that a smooth floor mirrors.
#include "frame.glsl"
#include "shadow.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec4 v_color;
in vec4 v_emissive;
out vec4 out_color;

void main() {
    vec3 normal = normalize(v_normal);
    vec3 viewer = normalize(camera.xyz - v_position);
    if (dot(normal, viewer) < 0.0) normal = -normal;
    float metallic = v_emissive.a;
    vec3 diffuse = v_color.rgb * (1.0 - metallic);
    vec3 mirrored = mix(vec3(0.04), v_color.rgb, metallic);
    float rough = max(v_color.a * v_color.a, 0.02);
    float power = 2.0 / (rough * rough) - 2.0;
    float strength = (power + 8.0) * 0.125;

    float grazing = 1.0 - max(dot(normal, viewer), 0.0);
    float fresnel = grazing * grazing * grazing * grazing * grazing;
    vec3 sheen = (mirrored + (1.0 - mirrored) * fresnel * (1.0 - v_color.a)) * backdrop(reflect(-viewer, normal));
    vec3 color = v_emissive.rgb + ambient.rgb * (0.7 + 0.3 * normal.y) * diffuse + sheen;
    int count = int(ambient.w);
    for (int i = 0; i < count; ++i) {
        vec3 towards;
        vec3 arrives = arriving(lights[i], v_position, towards);
        float facing = dot(normal, towards);
        if (facing <= 0.0) continue;
        if (i == 0) arrives *= lit_by_key(v_position, normal, towards);
        float half_way = max(dot(normal, normalize(towards + viewer)), 0.0);
        color += arrives * facing * (diffuse + mirrored * (strength * pow(half_way, power)));
    }
    out_color = vec4(color, 1.0);
}
