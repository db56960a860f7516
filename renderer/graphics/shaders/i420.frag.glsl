// sRGB picture to I420 in BT.709, limited range: one byte a fragment, in plain memory order.
// Y' = 16 + 219 (0.2126 R + 0.7152 G + 0.0722 B); Cb, Cr = 128 + 224 (B - Y) / 1.8556, (R - Y) / 1.5748,
// over R'G'B' in [0, 1]: ITU-R BT.709-6, 3.2 to 3.5. Chroma is the mean of its four pixels.
uniform sampler2D picture;   // first row on top
out float out_byte;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
#ifdef CHROMA
    ivec2 size = textureSize(picture, 0);
    ivec2 quarter = size / 2;
    int plane = quarter.x * quarter.y;
    int address = (at.y - size.y) * size.x + at.x;
    bool red = address >= plane;
    address -= red ? plane : 0;
    ivec2 corner = 2 * ivec2(address % quarter.x, address / quarter.x);
    vec3 rgb = 0.25 * (texelFetch(picture, corner, 0).rgb + texelFetch(picture, corner + ivec2(1, 0), 0).rgb
                     + texelFetch(picture, corner + ivec2(0, 1), 0).rgb + texelFetch(picture, corner + ivec2(1, 1), 0).rgb);
    float luma = dot(rgb, LUMA);
    float difference = red ? (rgb.r - luma) / 1.5748 : (rgb.b - luma) / 1.8556;
    out_byte = (128.0 + 224.0 * difference) / 255.0;
#else
    out_byte = (16.0 + 219.0 * dot(texelFetch(picture, at, 0).rgb, LUMA)) / 255.0;
#endif
}
