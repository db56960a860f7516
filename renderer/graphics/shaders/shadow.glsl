// How much of a light reaches a point past the avatars: 1 all, 0 none. Needs lights.glsl.
uniform sampler2DShadow shadow_map;

float shadow_texel(Light light, vec3 at) {
    // Within the tile's own texels, so that filtering never takes in a neighbour's.
    vec2 inside = clamp(at.xy, vec2(0.5 * light.tile.w), vec2(1.0 - 0.5 * light.tile.w));
    return texture(shadow_map, vec3(light.tile.xy + inside * light.tile.z, at.z));
}

float shadowed(Light light, vec3 point, vec3 normal, vec3 towards) {
    if (light.reach.z == 0.0) return 1.0;
    // A step along the normal where light grazes keeps a surface from shading itself.
    float grazing = 1.0 - clamp(dot(normal, towards), 0.0, 1.0);
    vec4 place = light.shadow * vec4(point + normal * (0.006 + 0.024 * grazing), 1.0);
    vec3 at = place.xyz / place.w;
    if (any(lessThan(at, vec3(0.0))) || any(greaterThan(at, vec3(1.0)))) return 1.0;
#ifdef SOFT_SHADOW
    float texel = light.tile.w;
    return 0.25 * (shadow_texel(light, at + vec3(-0.75, -0.25, 0.0) * texel)
                 + shadow_texel(light, at + vec3(0.25, -0.75, 0.0) * texel)
                 + shadow_texel(light, at + vec3(0.75, 0.25, 0.0) * texel)
                 + shadow_texel(light, at + vec3(-0.25, 0.75, 0.0) * texel));
#else
    return shadow_texel(light, at);
#endif
}
