// In-scattered radiance of one light beam: a Gaussian cross section, integrated along the view ray in
// closed form. With h the minimum distance between view ray and beam axis, R the beam radius at that
// point and phi the angle between ray and axis, the integral of exp(-r^2 / R^2) along the ray is
// sqrt(pi) R / sin(phi) exp(-h^2 / R^2). Constant flux through every cross section divides it by R^2.
// Derived from the common perpendicular of two lines and the Gaussian integral.
// A gobo (GOBO) is sampled at three points of the ray inside the beam; beams without one have a variant of
// their own, because a software rasteriser runs both sides of a branch.
#include "frame.glsl"
in vec3 v_point;
flat in vec4 v_apex;
flat in vec4 v_axis;
flat in vec4 v_tint;
flat in vec4 v_gobo;
out vec4 out_color;
uniform sampler2D depth;       // scene depth buffer
uniform sampler2D smoke;       // tileable noise, mean 0.5
uniform sampler2DArray gobo_map;   // transmission, one layer per gobo
uniform vec2 size;             // render target size [pixels]
uniform float haze;

const float LENS_M = 0.05;
const float SHARPNESS = 1.6;        // Gaussian exponent: exp(-1.6) times the peak at radius R
const float FORWARD = 0.55;         // g, asymmetry of the phase function: haze is forward scattering

#ifdef GOBO
// Transmission of the gobo at a point inside the beam, 0 to 1.
float gobo_seen(vec3 at, vec3 axis) {
    vec3 from = at - v_apex.xyz;
    float along = max(dot(from, axis), 0.01);
    vec3 level = vec3(-axis.z, 0.0, axis.x);
    vec3 right = dot(level, level) > 2e-4 ? normalize(level) : vec3(1.0, 0.0, 0.0);
    vec3 up = cross(right, axis);
    vec2 across = vec2(dot(from, right), dot(from, up)) / (1.5 * (LENS_M + along * v_apex.w));
    float c = cos(v_gobo.y), s = sin(v_gobo.y);
    vec2 turned = vec2(c * across.x + s * across.y, c * across.y - s * across.x);
    return texture(gobo_map, vec3(turned * vec2(0.5, -0.5) + 0.5, v_gobo.x)).r;
}
#endif

void main() {
    vec3 ray = normalize(v_point - camera.xyz), axis = v_axis.xyz, from = camera.xyz - v_apex.xyz;
    float cosine = dot(ray, axis), on_ray = dot(ray, from), on_axis = dot(axis, from);
    float sine2 = max(1.0 - cosine * cosine, 0.05);
    float sine = sqrt(sine2);
    // Closest points of the two lines: `far` along the view ray, `along` along the beam axis.
    float along = clamp((on_axis - cosine * on_ray) / sine2, 0.0, v_axis.w);
    float far = max((cosine * on_axis - on_ray) / sine2, 0.0);
    vec3 gap = from + ray * far - axis * along;
    float radius = LENS_M + along * v_apex.w;
    float across = exp(-SHARPNESS * dot(gap, gap) / (radius * radius));
    float strength = 1.77 / (sine * (radius + 0.10));
    // Share of the Gaussian in front of the scene depth (soft intersection, no hard edge).
    float solid = distance_of(texture(depth, gl_FragCoord.xy / size).r) / max(dot(ray, forward.xyz), 0.05);
    float before = smoothstep(0.0, 1.0, (solid - far) * sine / radius * 0.5 + 0.5);
    // Phase function: Henyey and Greenstein, "Diffuse radiation in the Galaxy", 1941.
    float toward = 1.0 + FORWARD * FORWARD + 2.0 * FORWARD * cosine;
    float phase = (1.0 - FORWARD * FORWARD) / (toward * sqrt(toward));
    vec3 at = v_apex.xyz + axis * along;
    float smoky = texture(smoke, at.xy * 0.11 + vec2(0.013, -0.02) * camera.w + at.z * 0.07).r;
    // Fade where the quad's edge would show (beam seen end-on) and near the camera, where the beam
    // would fill the frame.
    float ends = smoothstep(0.0, 0.25 + 5.0 * (1.0 - sine), along) * smoothstep(1.0, 6.0, far)
               * (1.0 - smoothstep(0.55, 1.0, along / v_axis.w));
    // Dither amplitude is limited: the target has a lower resolution than the frame, and upsampling
    // would make stronger noise visible.
    float dithered = 0.985 + 0.03 * fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    float all = across * strength * before * phase * ends * haze * v_tint.w * (0.45 + 1.1 * smoky);
#ifdef GOBO
    vec3 middle = camera.xyz + ray * far, step_ = ray * (0.6 * radius / sine);
    float open = gobo_seen(middle - step_, axis) + gobo_seen(middle, axis) + gobo_seen(middle + step_, axis);
    all *= 0.15 + 0.62 * open;
#endif
    out_color = vec4(v_tint.rgb * (all * dithered), 1.0);
}
