// Uniform block shared by every pass of a view; written once per view by gpu/frame_block.py, in this
// order.
layout(std140) uniform Frame {
    mat4 view_projection;
    mat4 inverse_view_projection;
    vec4 camera;            // xyz position, stage space [m]; w: show time [s]
    vec4 ambient;           // rgb linear, irradiance over pi from everywhere
    vec4 bounce;            // rgb linear, irradiance over pi that the floor adds from below
    vec4 view;              // x, y: viewport size [pixels]
    vec4 forward;           // xyz unit view direction; w: 1 in the reflection pass
    vec4 lens;              // near, far [m]; height of the reflective floor [m]; its mirror's strength
    vec4 backdrop_top;
    vec4 backdrop_horizon;
    vec4 backdrop_bottom;
};

// Returns the linear view-space depth [m] of a depth buffer value in [0, 1].
float distance_of(float depth) {
    return lens.x * lens.y / (lens.y - depth * (lens.y - lens.x));
}

// Returns the output of an opaque surface: colour and, in alpha, its bloom weight (0 to 1).
// In the reflection pass the colour fades with height, and alpha holds that height for the blur.
vec4 surface_output(vec3 color, float glow, float y) {
    if (forward.w == 0.0) return vec4(color, glow);
    float above = max(y - lens.z, 0.0);
    return vec4(color * exp(-0.9 * above), above);
}

// Returns the backdrop's colour in a unit direction.
vec3 backdrop(vec3 direction) {
    vec3 end = direction.y > 0.0 ? backdrop_top.rgb : backdrop_bottom.rgb;
    return mix(backdrop_horizon.rgb, end, smoothstep(0.0, 0.45, abs(direction.y)));
}
