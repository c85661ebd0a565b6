#include "image.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "inflate.h"

#define SIDE_MAX 20000u
#define PIXELS_MAX (16u << 20)
#define BYTES_MAX (64u << 20)

static uint8_t grey_of(unsigned red, unsigned green, unsigned blue) {
    return (uint8_t)((red * 299 + green * 587 + blue * 114 + 500) / 1000);
}

static const char *check_size(const struct image *image) {
    if (image->width == 0 || image->height == 0) return "the image is empty";
    if (image->width > SIDE_MAX || image->height > SIDE_MAX || image->width * image->height > PIXELS_MAX) {
        return "the image has more than 16 million pixels or a side above 20000";
    }
    return NULL;
}

// ---- PPM and PGM

static int read_number(const uint8_t **at, const uint8_t *end, uint32_t *number) {
    for (; *at < end && (isspace(**at) || **at == '#'); (*at)++) {
        if (**at == '#') while (*at < end && **at != '\n') (*at)++;
        if (*at == end) return 0;
    }
    if (*at == end || !isdigit(**at)) return 0;
    for (*number = 0; *at < end && isdigit(**at) && *number < 100000; (*at)++) *number = *number * 10 + (**at - '0');
    return 1;
}

static const char *read_ppm(const uint8_t *data, size_t length, struct image *image) {
    const uint8_t *at = data + 2, *end = data + length;
    uint32_t brightest;
    size_t samples = data[1] == '6' ? 3 : 1;
    image->format = data[1] == '6' ? "ppm" : "pgm";
    if (!read_number(&at, end, &image->width) || !read_number(&at, end, &image->height) ||
        !read_number(&at, end, &brightest) || at == end || !isspace(*at)) {
        return "the head of the PPM cannot be read";
    }
    at++;
    const char *wrong = check_size(image);
    if (wrong != NULL) return wrong;
    if (brightest == 0 || brightest > 255) return "only PPM with one byte for a sample is read";
    size_t pixels = (size_t)image->width * image->height;
    if ((size_t)(end - at) < pixels * samples) return "the PPM ends before its last pixel";
    if ((image->grey = malloc(pixels)) == NULL) return "out of memory";
    for (size_t pixel = 0; pixel < pixels; pixel++, at += samples) {
        unsigned grey = samples == 3 ? grey_of(at[0], at[1], at[2]) : at[0];
        image->grey[pixel] = (uint8_t)(grey * 255 / brightest > 255 ? 255 : grey * 255 / brightest);
    }
    return NULL;
}

// ---- PNG

struct png {
    uint8_t depth, color;
    size_t samples, pixel_bytes, row_bytes;
    uint8_t palette[256]; // The entries' greys.
    uint8_t *packed; // All IDAT chunks, one after the other.
    size_t packed_length;
};

static uint32_t big_endian(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static const char *read_header(const uint8_t *data, uint32_t length, struct png *png, struct image *image) {
    static const uint8_t samples[] = { 1, 0, 3, 1, 2, 0, 4 };
    if (length != 13 || data[9] > 6 || samples[data[9]] == 0 || data[10] != 0 || data[11] != 0) {
        return "the head of the PNG cannot be read";
    }
    image->width = big_endian(data);
    image->height = big_endian(data + 4);
    png->depth = data[8];
    png->color = data[9];
    png->samples = samples[png->color];
    int depth_is_byte = png->depth == 8 || (png->depth == 16 && png->color != 3);
    int depth_is_bits = (png->depth == 1 || png->depth == 2 || png->depth == 4) && (png->color == 0 || png->color == 3);
    if (!depth_is_byte && !depth_is_bits) return "the PNG has a depth that its colour type does not allow";
    if (data[12] != 0) return "interlaced PNG is not read";
    const char *wrong = check_size(image);
    if (wrong != NULL) return wrong;
    png->row_bytes = ((size_t)image->width * png->samples * png->depth + 7) / 8;
    png->pixel_bytes = png->samples * png->depth < 8 ? 1 : png->samples * png->depth / 8;
    return (png->row_bytes + 1) * image->height > BYTES_MAX ? "the image is larger than 64 MiB unpacked" : NULL;
}

static const char *read_chunks(const uint8_t *data, size_t length, struct png *png, struct image *image) {
    int seen_header = 0;
    for (size_t at = 8; length - at >= 12;) {
        uint32_t size = big_endian(data + at);
        const uint8_t *kind = data + at + 4, *content = data + at + 8;
        if (size > length - at - 12) break;
        if (!seen_header && memcmp(kind, "IHDR", 4) != 0) return "the PNG does not begin with its head";
        if (!seen_header) {
            const char *wrong = read_header(content, size, png, image);
            if (wrong != NULL) return wrong;
            seen_header = 1;
        } else if (memcmp(kind, "PLTE", 4) == 0 && size <= 768) {
            for (uint32_t entry = 0; entry < size / 3; entry++) {
                png->palette[entry] = grey_of(content[entry * 3], content[entry * 3 + 1], content[entry * 3 + 2]);
            }
        } else if (memcmp(kind, "IDAT", 4) == 0) {
            memcpy(png->packed + png->packed_length, content, size);
            png->packed_length += size;
        } else if (memcmp(kind, "IEND", 4) == 0) {
            return NULL;
        }
        at += 12 + (size_t)size;
    }
    return "the PNG ends before its last chunk";
}

static int paeth(int left, int up, int corner) {
    int guess = left + up - corner;
    int to_left = abs(guess - left), to_up = abs(guess - up), to_corner = abs(guess - corner);
    return to_left <= to_up && to_left <= to_corner ? left : to_up <= to_corner ? up : corner;
}

static const char *unfilter(uint8_t filter, uint8_t *row, const uint8_t *above, const struct png *png) {
    if (filter > 4) return "the PNG has an unknown filter";
    for (size_t at = 0; at < png->row_bytes; at++) {
        int left = at < png->pixel_bytes ? 0 : row[at - png->pixel_bytes];
        int up = above == NULL ? 0 : above[at];
        int corner = above == NULL || at < png->pixel_bytes ? 0 : above[at - png->pixel_bytes];
        int guess = filter == 0 ? 0 : filter == 1 ? left : filter == 2 ? up
            : filter == 3 ? (left + up) / 2 : paeth(left, up, corner);
        row[at] = (uint8_t)(row[at] + guess);
    }
    return NULL;
}

// The grey of one pixel. Transparency is not looked at; of 16-bit samples the upper byte is.
static uint8_t pixel_of(const uint8_t *row, uint32_t column, const struct png *png) {
    if (png->depth < 8) {
        unsigned bit = column * png->depth, mask = (1u << png->depth) - 1;
        unsigned value = row[bit / 8] >> (8 - png->depth - bit % 8) & mask;
        return png->color == 3 ? png->palette[value] : (uint8_t)(value * 255 / mask);
    }
    const uint8_t *at = row + column * png->pixel_bytes;
    if (png->color == 3) return png->palette[*at];
    size_t step = png->depth / 8;
    return png->samples < 3 ? *at : grey_of(at[0], at[step], at[2 * step]);
}

static const char *read_pixels(const struct png *png, struct image *image) {
    size_t stride = png->row_bytes + 1;
    uint8_t *raw = malloc(stride * image->height);
    image->grey = malloc((size_t)image->width * image->height);
    const char *wrong = raw == NULL || image->grey == NULL ? "out of memory"
        : inflate_zlib(png->packed, png->packed_length, raw, stride * image->height);
    for (uint32_t line = 0; line < image->height && wrong == NULL; line++) {
        uint8_t *row = raw + line * stride + 1;
        wrong = unfilter(row[-1], row, line == 0 ? NULL : row - stride, png);
        for (uint32_t column = 0; column < image->width && wrong == NULL; column++) {
            image->grey[(size_t)line * image->width + column] = pixel_of(row, column, png);
        }
    }
    free(raw);
    if (wrong != NULL) free(image->grey);
    return wrong;
}

static const char *read_png(const uint8_t *data, size_t length, struct image *image) {
    struct png png = { .packed = malloc(length) };
    image->format = "png";
    const char *wrong = png.packed == NULL ? "out of memory" : read_chunks(data, length, &png, image);
    if (wrong == NULL) wrong = read_pixels(&png, image);
    free(png.packed);
    return wrong;
}

const char *image_read(const uint8_t *data, size_t length, struct image *image) {
    if (length >= 8 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0) return read_png(data, length, image);
    if (length >= 3 && data[0] == 'P' && (data[1] == '6' || data[1] == '5')) return read_ppm(data, length, image);
    return "the image is neither PNG nor binary PPM or PGM";
}
