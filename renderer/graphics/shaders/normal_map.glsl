// Normal mapping. Requires material.glsl; HAS_TANGENT where the file has tangents.
#ifdef HAS_TANGENT
in vec4 v_tangent;  // xyz along +u; w: sign of the bitangent
#endif

#ifdef HAS_NORMAL
vec3 mapped_normal(vec3 normal, vec3 position, vec2 uv) {
    vec3 texel = texture(normal_map, uv).xyz * 2.0 - 1.0;
    texel.xy *= material.details.w;
#ifdef HAS_TANGENT
    // After skinning and interpolation the tangent is neither unit length nor perpendicular.
    vec3 tangent = v_tangent.xyz - normal * dot(normal, v_tangent.xyz);
    tangent *= inversesqrt(max(dot(tangent, tangent), 1e-20));
    vec3 bitangent = cross(normal, tangent) * v_tangent.w;
    return normalize(tangent * texel.x + bitangent * texel.y + normal * texel.z);
#else
    // Tangents from screen derivatives: Schueler, "Followup: Normal Mapping Without Precomputed
    // Tangents", 2013.
    vec3 dp1 = dFdx(position), dp2 = dFdy(position);
    vec2 duv1 = dFdx(uv), duv2 = dFdy(uv);
    vec3 a = cross(dp2, normal), b = cross(normal, dp1);
    vec3 tangent = a * duv1.x + b * duv2.x;
    vec3 bitangent = a * duv1.y + b * duv2.y;
    float scale = inversesqrt(max(max(dot(tangent, tangent), dot(bitangent, bitangent)), 1e-20));
    // In glTF v increases downwards, but the green channel of a normal map points up.
    return normalize(tangent * (texel.x * scale) - bitangent * (texel.y * scale) + normal * texel.z);
#endif
}
#endif
