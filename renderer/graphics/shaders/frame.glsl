// What every pass of a view knows; written once a view by gpu/frame_block.py, in this order.
layout(std140) uniform Frame {
    mat4 view_projection;
    mat4 inverse_view_projection;
    vec4 camera;            // xyz stage; w: show time [s]
    vec4 ambient;           // rgb linear
    vec4 view;              // x, y: size in pixels
    vec4 forward;           // xyz unit, along the camera's axis; w: 1 in the floor's mirror
    vec4 lens;              // near, far [m]; height of the floor that mirrors [m], unused
    vec4 backdrop_top;
    vec4 backdrop_horizon;
    vec4 backdrop_bottom;
};

// Metres along the camera's axis to what a depth buffer holds, 0 to 1.
float distance_of(float depth) {
    return lens.x * lens.y / (lens.y - depth * (lens.y - lens.x));
}

// What a solid surface writes: its colour, and beside it how much of it glows in the bloom (0 to 1).
// In the floor's mirror it fades with height instead, and leaves its height for the floor to blur by.
vec4 surface_output(vec3 color, float glow, float y) {
    if (forward.w == 0.0) return vec4(color, glow);
    float above = max(y - lens.z, 0.0);
    return vec4(color * exp(-0.9 * above), above);
}

// The colour of the backdrop in a unit direction.
vec3 backdrop(vec3 direction) {
    vec3 end = direction.y > 0.0 ? backdrop_top.rgb : backdrop_bottom.rgb;
    return mix(backdrop_horizon.rgb, end, smoothstep(0.0, 0.45, abs(direction.y)));
}
