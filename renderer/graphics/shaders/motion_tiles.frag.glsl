// The longest path of avatars in each tile of the picture (McGuire et al., "A Reconstruction Filter
// for Plausible Motion Blur", 2012).
uniform sampler2D paths;
uniform vec2 tiles;          // number of tiles across and up
out vec4 out_path;

void main() {
    ivec2 size = textureSize(paths, 0);
    vec2 side = vec2(size) / tiles;
    ivec2 low = ivec2(floor((gl_FragCoord.xy - 0.5) * side));
    ivec2 high = min(ivec2(ceil((gl_FragCoord.xy + 0.5) * side)), size);
    vec2 longest = vec2(0.0);
    for (int y = low.y; y < high.y; ++y) {
        for (int x = low.x; x < high.x; ++x) {
            vec2 path = texelFetch(paths, ivec2(x, y), 0).xy;
            if (dot(path, path) > dot(longest, longest)) longest = path;
        }
    }
    out_path = vec4(longest, 0.0, 0.0);
}
