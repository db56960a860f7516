// A quad through a beam's axis that faces the camera; the beam's shape is found a fragment.
#include "frame.glsl"
in vec2 in_corner;      // along 0 to 1, across -1 to 1
in vec4 in_apex;        // xyz stage; w: tangent of the half angle
in vec4 in_axis;        // xyz unit; w: length [m]
in vec4 in_tint;        // rgb linear; w: share that the haze shows
out vec3 v_point;
flat out vec4 v_apex;
flat out vec4 v_axis;
flat out vec4 v_tint;

const float LENS_M = 0.05;      // radius that a beam begins with
const float MARGIN = 2.1;       // radii from the axis at which nothing of a beam is left

void main() {
    v_apex = in_apex;
    v_axis = in_axis;
    v_tint = in_tint;
    float along = in_corner.x * in_axis.w;
    vec3 on = in_apex.xyz + in_axis.xyz * along;
    vec3 side = cross(in_axis.xyz, camera.xyz - on);
    side *= inversesqrt(max(dot(side, side), 1e-6));
    v_point = on + side * (in_corner.y * (LENS_M + along * in_apex.w) * MARGIN);
    gl_Position = view_projection * vec4(v_point, 1.0);
}
