// Textures of a set's surface. Each is multiplied by the vertex value.
in vec3 v_uv;          // texture coordinates, v down; opacity
uniform sampler2D base_map;
uniform sampler2D emissive_map;
uniform sampler2D normal_map;
uniform sampler2D roughness_map;   // green: roughness; blue: metallic
uniform sampler2D occlusion_map;   // red: fraction of ambient light that arrives
uniform float alpha_cutoff;

vec4 base_color(vec4 color) {
#ifdef HAS_BASE
    return texture(base_map, v_uv.xy) * vec4(color.rgb, v_uv.z);
#else
    return vec4(color.rgb, v_uv.z);
#endif
}
