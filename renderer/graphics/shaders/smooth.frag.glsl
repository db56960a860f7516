// FXAA: anti-aliasing for frames without MSAA, by a blur along luma edges. Edges are detected from
// the luma of the four diagonal neighbours; the blur runs perpendicular to the luma gradient.
// Source: Lottes, "FXAA", NVIDIA white paper, 2009. KEYED filters premultiplied RGBA and also detects
// edges of alpha, even where both sides are dark.
uniform sampler2D picture;
out vec4 out_color;

const float LEAST = 0.06;     // minimum contrast of an edge, absolute
const float SHARE = 0.16;     // minimum contrast, relative to the brightest neighbour
const float REACH = 6.0;      // maximum blur span along the edge [pixels]
const vec3 LIGHTNESS = vec3(0.299, 0.587, 0.114);

#ifdef KEYED
#define OUTPUT(color) color
float lightness_of(vec4 color) { return 0.5 * (dot(color.rgb, LIGHTNESS) + color.a); }
#else
#define OUTPUT(color) vec4((color).rgb, 1.0)
float lightness_of(vec4 color) { return dot(color.rgb, LIGHTNESS); }
#endif

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy), last = textureSize(picture, 0) - 1;
    vec4 own = texelFetch(picture, here, 0);
    // On a software rasteriser, texel fetches cost a fraction of filtered samples.
#define AT(x, y) lightness_of(texelFetch(picture, clamp(here + ivec2(x, y), ivec2(0), last), 0))
    float middle = lightness_of(own);
    float n = AT(0, -1), s = AT(0, 1), w = AT(-1, 0), e = AT(1, 0);
    // Mean luma of the four pixels around each corner.
    float nw = 0.25 * (middle + n + w + AT(-1, -1)), ne = 0.25 * (middle + n + e + AT(1, -1));
    float sw = 0.25 * (middle + s + w + AT(-1, 1)), se = 0.25 * (middle + s + e + AT(1, 1));
    float darkest = min(middle, min(min(nw, ne), min(sw, se)));
    float brightest = max(middle, max(max(nw, ne), max(sw, se)));
    if (brightest - darkest < max(LEAST, SHARE * brightest)) {
        out_color = OUTPUT(own);
        return;
    }
    vec2 texel = 1.0 / vec2(last + 1), at = gl_FragCoord.xy * texel;
    vec2 along = vec2((sw + se) - (nw + ne), (nw + sw) - (ne + se));
    float flat_share = max(0.03125 * (nw + ne + sw + se), 1.0 / 128.0);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + flat_share), -REACH, REACH) * texel;
    vec4 near = 0.5 * (textureLod(picture, at - along / 6.0, 0.0) + textureLod(picture, at + along / 6.0, 0.0));
    vec4 far = 0.5 * near + 0.25 * (textureLod(picture, at - 0.5 * along, 0.0) + textureLod(picture, at + 0.5 * along, 0.0));
    float found = lightness_of(far);
    // Luma outside the local range: the wide taps have crossed another edge, so use the narrow ones.
    vec4 color = found < darkest || found > brightest ? near : far;
    out_color = OUTPUT(color);
}
