// Limit of back light on bright surfaces: a rim light strong enough for black cloth would overexpose
// skin and white cloth. The limit depends on the luminance of the base colour; light from the camera's
// side is not limited. Requires frame.glsl.

// Returns the fraction of back light that a surface of this reflectance loses.
float bright_share(vec3 reflectance) {
    float luminance = dot(reflectance, vec3(0.2126, 0.7152, 0.0722));
    return 0.68 * smoothstep(0.15, 0.80, luminance);
}

// Returns the factor on a light: 1 - share for light from behind, 1 for light from the camera's side.
float rim_limit(float share, vec3 towards) {
    return 1.0 - share * clamp(2.0 * dot(towards, forward.xyz), 0.0, 1.0);
}
