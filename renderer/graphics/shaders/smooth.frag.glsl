// Jagged edges softened where there are no samples to join: the picture is blurred along every
// edge and nowhere else. Source: Lottes, "FXAA", NVIDIA white paper, 2009: edges are found by
// the lightness of the four diagonal neighbours, and followed at right angles to its gradient.
uniform sampler2D picture;
out vec4 out_color;

const float LEAST = 0.06;     // contrast below which nothing is an edge
const float SHARE = 0.16;     // and as a share of the brightest neighbour
const float REACH = 6.0;      // pixels that an edge is followed
const vec3 LIGHTNESS = vec3(0.299, 0.587, 0.114);

float lightness(vec2 at) { return dot(textureLod(picture, at, 0.0).rgb, LIGHTNESS); }

void main() {
    vec2 texel = 1.0 / vec2(textureSize(picture, 0));
    vec2 at = gl_FragCoord.xy * texel;
    vec3 own = textureLod(picture, at, 0.0).rgb;
    float middle = dot(own, LIGHTNESS);
    // Half a pixel off each corner, so that bilinear lookups take in both neighbours.
    float nw = lightness(at + texel * vec2(-0.5, -0.5)), ne = lightness(at + texel * vec2(0.5, -0.5));
    float sw = lightness(at + texel * vec2(-0.5, 0.5)), se = lightness(at + texel * vec2(0.5, 0.5));
    float darkest = min(middle, min(min(nw, ne), min(sw, se)));
    float brightest = max(middle, max(max(nw, ne), max(sw, se)));
    if (brightest - darkest < max(LEAST, SHARE * brightest)) {
        out_color = vec4(own, 1.0);
        return;
    }
    vec2 along = vec2((sw + se) - (nw + ne), (nw + sw) - (ne + se));
    float flat_share = max(0.03125 * (nw + ne + sw + se), 1.0 / 128.0);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + flat_share), -REACH, REACH) * texel;
    vec3 near = 0.5 * (textureLod(picture, at - along / 6.0, 0.0).rgb + textureLod(picture, at + along / 6.0, 0.0).rgb);
    vec3 far = 0.5 * near + 0.25 * (textureLod(picture, at - 0.5 * along, 0.0).rgb + textureLod(picture, at + 0.5 * along, 0.0).rgb);
    float found = dot(far, LIGHTNESS);
    // Beyond the neighbours' range the far lookups have left this edge for another.
    out_color = vec4(found < darkest || found > brightest ? near : far, 1.0);
}
