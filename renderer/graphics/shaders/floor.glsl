// Whether the pixel shows the floor itself, 1, or something before or below it, 0. By similar
// triangles what is seen lies camera height times (1 - its distance / the floor's) above the floor.
// Needs frame.glsl.
uniform sampler2D depth;       // of the picture

float shows_floor(vec2 at) {
    float seen = distance_of(texelFetch(depth, ivec2(at), 0).r);
    float above = (camera.y - lens.z) * (1.0 - seen * gl_FragCoord.w);
    return 1.0 - smoothstep(0.008, 0.025, abs(above));
}
