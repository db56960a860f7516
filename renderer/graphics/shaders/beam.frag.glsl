// Light that one beam scatters towards the camera: a Gaussian across the beam, integrated along the
// pixel's ray in closed form. With h the least distance of ray and axis, R the beam's radius there
// and phi the angle between them, the integral of exp(-r^2 / R^2) along the ray is
// sqrt(pi) R / sin(phi) exp(-h^2 / R^2); the same light through every cross section divides it by R^2.
// It goes back to the common normal of two lines and the Gaussian integral.
#include "frame.glsl"
in vec3 v_point;
flat in vec4 v_apex;
flat in vec4 v_axis;
flat in vec4 v_tint;
out vec4 out_color;
uniform sampler2D depth;       // of the picture
uniform sampler2D smoke;       // tiles; mean 0.5
uniform vec2 size;             // of the target, pixels
uniform float haze;

const float LENS_M = 0.05;
const float SHARPNESS = 1.6;        // of the Gaussian: R is where exp(-1.6) of the middle is left
const float FORWARD = 0.55;         // g of the phase function: haze scatters mostly onwards

void main() {
    vec3 ray = normalize(v_point - camera.xyz), axis = v_axis.xyz, from = camera.xyz - v_apex.xyz;
    float cosine = dot(ray, axis), on_ray = dot(ray, from), on_axis = dot(axis, from);
    float sine2 = max(1.0 - cosine * cosine, 0.05);
    float sine = sqrt(sine2);
    // Nearest points: `far` along the ray, `along` along the axis.
    float along = clamp((on_axis - cosine * on_ray) / sine2, 0.0, v_axis.w);
    float far = max((cosine * on_axis - on_ray) / sine2, 0.0);
    vec3 gap = from + ray * far - axis * along;
    float radius = LENS_M + along * v_apex.w;
    float across = exp(-SHARPNESS * dot(gap, gap) / (radius * radius));
    float strength = 1.77 / (sine * (radius + 0.10));
    // What of the Gaussian lies before the first solid thing; a depth test would cut hard steps.
    float solid = distance_of(texture(depth, gl_FragCoord.xy / size).r) / max(dot(ray, forward.xyz), 0.05);
    float before = smoothstep(0.0, 1.0, (solid - far) * sine / radius * 0.5 + 0.5);
    // Henyey and Greenstein, "Diffuse radiation in the Galaxy", 1941.
    float toward = 1.0 + FORWARD * FORWARD + 2.0 * FORWARD * cosine;
    float phase = (1.0 - FORWARD * FORWARD) / (toward * sqrt(toward));
    vec3 at = v_apex.xyz + axis * along;
    float smoky = texture(smoke, at.xy * 0.11 + vec2(0.013, -0.02) * camera.w + at.z * 0.07).r;
    // Seen end on, the quad's edge would show; close to the camera it would fill the picture.
    float ends = smoothstep(0.0, 0.25 + 5.0 * (1.0 - sine), along) * smoothstep(1.0, 6.0, far)
               * (1.0 - smoothstep(0.55, 1.0, along / v_axis.w));
    // Stronger, the noise would be seen as a pattern: the target is smaller than the picture.
    float dithered = 0.985 + 0.03 * fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    float all = across * strength * before * phase * ends * haze * v_tint.w * (0.45 + 1.1 * smoky);
    out_color = vec4(v_tint.rgb * (all * dithered), 1.0);
}
