// Converts an sRGB image to YUV (BT.709, limited range): one byte per fragment, in memory order.
// CHROMA fills the chroma planes: U, then V (I420), or with INTERLEAVED both in turn (NV12).
// Y' = 16 + 219 (0.2126 R + 0.7152 G + 0.0722 B); Cb, Cr = 128 + 224 (B - Y) / 1.8556, (R - Y) / 1.5748,
// for R'G'B' in [0, 1]: ITU-R BT.709-6, 3.2 to 3.5. Chroma is the mean of a 2x2 block.
uniform sampler2D picture;   // row 0 is the top row
out float out_byte;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
#ifdef CHROMA
    ivec2 size = textureSize(picture, 0);
    at.y -= size.y;
#ifdef INTERLEAVED
    bool is_red = (at.x & 1) == 1;
    ivec2 corner = ivec2(at.x & ~1, 2 * at.y);
#else
    ivec2 quarter = size / 2;
    int plane = quarter.x * quarter.y;
    int address = at.y * size.x + at.x;
    bool is_red = address >= plane;
    address -= is_red ? plane : 0;
    ivec2 corner = 2 * ivec2(address % quarter.x, address / quarter.x);
#endif
    vec3 rgb = 0.25 * (texelFetch(picture, corner, 0).rgb + texelFetch(picture, corner + ivec2(1, 0), 0).rgb
                     + texelFetch(picture, corner + ivec2(0, 1), 0).rgb + texelFetch(picture, corner + ivec2(1, 1), 0).rgb);
    float luma = dot(rgb, LUMA);
    float difference = is_red ? (rgb.r - luma) / 1.5748 : (rgb.b - luma) / 1.8556;
    out_byte = (128.0 + 224.0 * difference) / 255.0;
#else
    out_byte = (16.0 + 219.0 * dot(texelFetch(picture, at, 0).rgb, LUMA)) / 255.0;
#endif
}
