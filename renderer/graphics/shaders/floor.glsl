// Returns 1 where the visible surface is the floor, 0 where it is in front of or below the floor. By
// similar triangles the surface's height above the floor is the camera's height times
// (1 - surface distance / floor distance). Requires frame.glsl.
uniform sampler2D depth;       // scene depth buffer

float shows_floor(vec2 at) {
    float seen = distance_of(texelFetch(depth, ivec2(at), 0).r);
    float above = (camera.y - lens.z) * (1.0 - seen * gl_FragCoord.w);
    return 1.0 - smoothstep(0.008, 0.025, abs(above));
}
