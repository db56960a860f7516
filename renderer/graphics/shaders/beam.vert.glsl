// Camera-facing quad along a beam's axis; the fragment shader evaluates the beam's profile.
#include "frame.glsl"
in vec2 in_corner;      // x along the axis, 0 to 1; y across, -1 to 1
in vec4 in_apex;        // xyz stage space [m]; w: tangent of the half angle
in vec4 in_axis;        // xyz unit direction; w: length [m]
in vec4 in_tint;        // rgb linear; w: scattering factor in haze
in vec4 in_gobo;        // gobo layer, -1 for none; rotation [rad]
out vec3 v_point;
flat out vec4 v_apex;
flat out vec4 v_axis;
flat out vec4 v_tint;
flat out vec4 v_gobo;

const float LENS_M = 0.05;      // beam radius at the lens [m]
const float MARGIN = 2.1;       // half width of the quad in beam radii; negligible beyond

void main() {
    v_apex = in_apex;
    v_axis = in_axis;
    v_tint = in_tint;
    v_gobo = in_gobo;
    float along = in_corner.x * in_axis.w;
    vec3 on = in_apex.xyz + in_axis.xyz * along;
    vec3 side = cross(in_axis.xyz, camera.xyz - on);
    side *= inversesqrt(max(dot(side, side), 1e-6));
    v_point = on + side * (in_corner.y * (LENS_M + along * in_apex.w) * MARGIN);
    gl_Position = view_projection * vec4(v_point, 1.0);
}
