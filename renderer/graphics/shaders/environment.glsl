// Ambient light, from the values that gpu/frame_block.py computes. Requires frame.glsl.

// Returns the irradiance over pi on a surface with this normal: ambient light plus the floor's bounce
// light. `equalisation` is MToon's giEqualizationFactor: 1 gives the mean of the light from above and
// from below.
vec3 irradiance(vec3 normal, float equalisation) {
    return ambient.rgb + bounce.rgb * mix(0.5 - 0.5 * normal.y, 0.5, equalisation);
}

#ifdef PROBE
uniform samplerCube probe_map;      // surroundings of the stage; mipmaps are their blur
const float PROBE_LEVELS = 5.0;     // level of a face's mipmaps at roughness 1

// Returns the radiance of the set, its screens and the backdrop from a direction.
vec3 surroundings(vec3 direction, float roughness) {
    return textureLod(probe_map, direction, PROBE_LEVELS * roughness).rgb;
}
#else
vec3 surroundings(vec3 direction, float roughness) {
    return backdrop(direction);
}
#endif

// Returns the radiance from a direction, blurred according to a roughness in [0, 1].
vec3 radiance(vec3 direction, float roughness) {
    float blur = 0.1 + 0.9 * roughness;
    float up = smoothstep(-blur, blur, direction.y);
#ifdef PROBE
    // Ambient light stands for what the probe does not hold.
    return max(ambient.rgb + bounce.rgb * (1.0 - up), surroundings(direction, roughness));
#else
    return ambient.rgb + bounce.rgb * (1.0 - up) + backdrop(direction);
#endif
}
