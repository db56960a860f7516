// How much of light 0 reaches a point: 1 all, 0 none. Needs frame.glsl.
uniform sampler2DShadow shadow_map;

float lit_by_key(vec3 point, vec3 normal, vec3 towards) {
    if (view.z == 0.0) return 1.0;
    // A step along the normal where light grazes keeps a surface from shading itself.
    float grazing = 1.0 - clamp(dot(normal, towards), 0.0, 1.0);
    vec4 place = shadow_matrix * vec4(point + normal * (0.006 + 0.024 * grazing), 1.0);
    vec3 at = place.xyz / place.w;
    if (any(lessThan(at, vec3(0.0))) || any(greaterThan(at, vec3(1.0)))) return 1.0;
#ifdef SOFT_SHADOW
    float texel = view.w;
    return 0.25 * (texture(shadow_map, at + vec3(-0.75, -0.25, 0.0) * texel)
                 + texture(shadow_map, at + vec3(0.25, -0.75, 0.0) * texel)
                 + texture(shadow_map, at + vec3(0.75, 0.25, 0.0) * texel)
                 + texture(shadow_map, at + vec3(-0.25, 0.75, 0.0) * texel));
#else
    return texture(shadow_map, at);
#endif
}
