// Images as shades of grey.
#ifndef IMAGE_H
#define IMAGE_H

#include <stddef.h>
#include <stdint.h>

struct image {
    const char *format;
    uint32_t width, height;
    uint8_t *grey; // width * height bytes; freed by the caller.
};

// Reads a PNG (every colour type and depth, not interlaced) or a binary PPM or PGM.
// Returns NULL, or what is wrong; then nothing is to be freed.
const char *image_read(const uint8_t *data, size_t length, struct image *image);

#endif
