// A custom runtime and its function in one program: tells what an image shows in 64 bits that survive scaling,
// recompression and small changes (difference hash), and how far that is from another image's hash.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "json.h"
#include "runtime_api.h"

#define HASH_COLUMNS 8
#define HASH_ROWS 8
#define SIMILAR_BITS_MAX 10

// Decodes in place and returns the length, or -1. White space is skipped, as it comes from line-wrapping encoders.
static long decode_base64(char *text) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t *to = (uint8_t *)text;
    uint32_t bits = 0;
    int count = 0;
    for (const char *at = text; *at != 0 && *at != '='; at++) {
        if (strchr(" \t\r\n", *at) != NULL) continue;
        const char *letter = strchr(alphabet, *at);
        if (letter == NULL) return -1;
        bits = bits << 6 | (uint32_t)(letter - alphabet);
        if ((count += 6) >= 8) *to++ = (uint8_t)(bits >> (count -= 8));
    }
    return (char *)to - text;
}

// The mean grey of one cell of a grid of columns x HASH_ROWS laid over the image.
static double cell(const struct image *image, uint32_t column, uint32_t columns, uint32_t row) {
    uint32_t left = column * image->width / columns, right = (column + 1) * image->width / columns;
    uint32_t top = row * image->height / HASH_ROWS, bottom = (row + 1) * image->height / HASH_ROWS;
    if (right == left) right++;
    if (bottom == top) bottom++;
    uint64_t sum = 0;
    for (uint32_t y = top; y < bottom; y++) {
        for (uint32_t x = left; x < right; x++) sum += image->grey[(size_t)y * image->width + x];
    }
    return (double)sum / (double)((uint64_t)(right - left) * (bottom - top));
}

// One bit for each pair of neighbours in a 9 x 8 grid: whether it gets brighter to the right.
static uint64_t difference_hash(const struct image *image) {
    uint64_t hash = 0;
    for (uint32_t row = 0; row < HASH_ROWS; row++) {
        for (uint32_t column = 0; column < HASH_COLUMNS; column++) {
            double here = cell(image, column, HASH_COLUMNS + 1, row);
            double next = cell(image, column + 1, HASH_COLUMNS + 1, row);
            hash = hash << 1 | (here < next);
        }
    }
    return hash;
}

static void handle(const struct invocation *invocation) {
    struct image image;
    char *text = json_string(invocation->event, "image"), *other = json_string(invocation->event, "compareTo");
    long length = text == NULL ? -1 : decode_base64(text);
    const char *wrong = text == NULL ? "the event has no text in \"image\""
        : length < 0 ? "\"image\" is not base64" : image_read((uint8_t *)text, (size_t)length, &image);
    char *end = NULL;
    uint64_t other_hash = other == NULL ? 0 : strtoull(other, &end, 16);
    if (wrong == NULL && other != NULL && (strlen(other) != 16 || *end != 0)) {
        wrong = "\"compareTo\" is not a hash of 16 hexadecimal digits";
        free(image.grey);
    }

    if (wrong != NULL) {
        runtime_fail(invocation, "InvalidImage", wrong);
    } else {
        char json[256];
        uint64_t hash = difference_hash(&image);
        int distance = __builtin_popcountll(hash ^ other_hash);
        int size = snprintf(json, sizeof json, "{\"format\":\"%s\",\"width\":%u,\"height\":%u,\"hash\":\"%016llx\"",
                            image.format, image.width, image.height, (unsigned long long)hash);
        snprintf(json + size, sizeof json - (size_t)size, other == NULL ? "}" : ",\"distance\":%d,\"similar\":%s}",
                 distance, distance <= SIMILAR_BITS_MAX ? "true" : "false");
        printf("%s %ux%u %016llx\n", image.format, image.width, image.height, (unsigned long long)hash);
        free(image.grey);
        runtime_respond(invocation, json);
    }
    free(text);
    free(other);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (;;) {
        struct invocation invocation;
        runtime_next(&invocation);
        handle(&invocation);
        free(invocation.event);
    }
}
