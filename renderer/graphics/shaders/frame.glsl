// What every pass of a view knows; written once a view by gpu/frame_block.py, in this order.
layout(std140) uniform Frame {
    mat4 view_projection;
    mat4 inverse_view_projection;
    vec4 camera;            // xyz stage; w: show time [s]
    vec4 ambient;           // rgb linear
    vec4 view;              // x, y: size in pixels
    vec4 backdrop_top;
    vec4 backdrop_horizon;
    vec4 backdrop_bottom;
};

// The colour of the backdrop in a unit direction.
vec3 backdrop(vec3 direction) {
    vec3 end = direction.y > 0.0 ? backdrop_top.rgb : backdrop_bottom.rgb;
    return mix(backdrop_horizon.rgb, end, smoothstep(0.0, 0.45, abs(direction.y)));
}
