// Motion of avatars: this frame's skinned vertices, and where they were at the opening of the shutter.
#include "frame.glsl"
// Bit-identical positions with the depth pre-pass.
invariant gl_Position;
in vec3 in_position;
in vec3 in_before;           // in the previous frame
uniform float exposure;      // of the frame's interval, before its end; at 0 there is no path
uniform mat4 opened;         // stage to clip space at the opening of the shutter

out vec4 v_now;
out vec4 v_opened;

void main() {
    v_now = v_opened = view_projection * vec4(in_position, 1.0);
    if (exposure > 0.0) v_opened = opened * vec4(mix(in_position, in_before, exposure), 1.0);
    gl_Position = view_projection * vec4(in_position, 1.0);
}
