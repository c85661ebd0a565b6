#include "inflate.h"

#include <string.h>

#define BITS_MAX 15
#define LITERALS_MAX 288
#define DISTANCES_MAX 30
#define BROKEN "the compressed data is damaged"

struct input {
    const uint8_t *data;
    size_t length, at;
    uint32_t bits;
    int count;
    int ended; // Set when more was asked for than there is; every result after that is meaningless.
};

struct output {
    uint8_t *data;
    size_t length, at;
};

// A canonical Huffman code: how many codes there are of each length, and the symbols in the order of their codes.
struct code {
    uint16_t count[BITS_MAX + 1];
    uint16_t symbol[LITERALS_MAX];
};

static uint32_t take(struct input *in, int count) {
    while (in->count < count) {
        if (in->at == in->length) {
            in->ended = 1;
            return 0;
        }
        in->bits |= (uint32_t)in->data[in->at++] << in->count;
        in->count += 8;
    }
    uint32_t value = in->bits & ((1u << count) - 1);
    in->bits >>= count;
    in->count -= count;
    return value;
}

// Returns 0 when the lengths are no code: more codes of a length than there is room for.
static int build(struct code *code, const uint8_t *lengths, int symbols) {
    memset(code, 0, sizeof *code);
    for (int symbol = 0; symbol < symbols; symbol++) code->count[lengths[symbol]]++;
    code->count[0] = 0;
    uint16_t next[BITS_MAX + 2] = { 0 };
    int room = 1;
    for (int bits = 1; bits <= BITS_MAX; bits++) {
        room = (room << 1) - code->count[bits];
        if (room < 0) return 0;
        next[bits + 1] = (uint16_t)(next[bits] + code->count[bits]);
    }
    for (int symbol = 0; symbol < symbols; symbol++) {
        if (lengths[symbol] != 0) code->symbol[next[lengths[symbol]]++] = (uint16_t)symbol;
    }
    return 1;
}

// The next symbol, or -1.
static int decode(struct input *in, const struct code *code) {
    int value = 0, first = 0, index = 0;
    for (int bits = 1; bits <= BITS_MAX && !in->ended; bits++) {
        value |= (int)take(in, 1);
        int count = code->count[bits];
        if (value - count < first) return in->ended ? -1 : code->symbol[index + (value - first)];
        index += count;
        first = (first + count) << 1;
        value <<= 1;
    }
    return -1;
}

static const char *stored(struct input *in, struct output *out) {
    in->bits = 0;
    in->count = 0;
    if (in->length - in->at < 4) return BROKEN;
    const uint8_t *head = in->data + in->at;
    size_t length = (size_t)(head[0] | head[1] << 8);
    if ((length ^ (size_t)(head[2] | head[3] << 8)) != 0xffff) return BROKEN;
    in->at += 4;
    if (length > in->length - in->at || length > out->length - out->at) return BROKEN;
    memcpy(out->data + out->at, in->data + in->at, length);
    in->at += length;
    out->at += length;
    return NULL;
}

static const char *compressed(struct input *in, struct output *out, const struct code *literals,
                              const struct code *distances) {
    static const uint16_t length_base[] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27,
                                            31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
    static const uint8_t length_bits[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                           2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
    static const uint16_t distance_base[] = { 1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513,
                                              769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };
    for (;;) {
        int symbol = decode(in, literals);
        if (symbol < 0) return BROKEN;
        if (symbol == 256) return NULL;
        if (symbol < 256) {
            if (out->at == out->length) return BROKEN;
            out->data[out->at++] = (uint8_t)symbol;
            continue;
        }
        if (symbol > 285) return BROKEN;
        size_t length = length_base[symbol - 257] + take(in, length_bits[symbol - 257]);
        int far = decode(in, distances);
        if (far < 0 || far >= DISTANCES_MAX) return BROKEN;
        size_t distance = distance_base[far] + take(in, far < 4 ? 0 : far / 2 - 1);
        if (in->ended || distance > out->at || length > out->length - out->at) return BROKEN;
        // Byte by byte: source and destination may overlap, and then repeat.
        for (; length > 0; length--, out->at++) out->data[out->at] = out->data[out->at - distance];
    }
}

static const char *fixed(struct input *in, struct output *out) {
    uint8_t lengths[LITERALS_MAX];
    struct code literals, distances;
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    build(&literals, lengths, LITERALS_MAX);
    memset(lengths, 5, DISTANCES_MAX);
    build(&distances, lengths, DISTANCES_MAX);
    return compressed(in, out, &literals, &distances);
}

static const char *dynamic(struct input *in, struct output *out) {
    static const uint8_t order[19] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
    uint8_t lengths[LITERALS_MAX + 32] = { 0 };
    struct code literals, distances;
    int literal_count = (int)take(in, 5) + 257, distance_count = (int)take(in, 5) + 1;
    int order_count = (int)take(in, 4) + 4;
    if (literal_count > 286 || distance_count > DISTANCES_MAX) return BROKEN;
    for (int index = 0; index < order_count; index++) lengths[order[index]] = (uint8_t)take(in, 3);
    if (in->ended || !build(&literals, lengths, 19)) return BROKEN;

    for (int index = 0; index < literal_count + distance_count;) {
        int symbol = decode(in, &literals), repeat = 1;
        uint8_t length = (uint8_t)symbol;
        if (symbol < 0) return BROKEN;
        if (symbol >= 16) {
            if (symbol == 16 && index == 0) return BROKEN;
            length = symbol == 16 ? lengths[index - 1] : 0;
            repeat = symbol == 16 ? 3 + (int)take(in, 2) : symbol == 17 ? 3 + (int)take(in, 3) : 11 + (int)take(in, 7);
        }
        if (index + repeat > literal_count + distance_count) return BROKEN;
        memset(lengths + index, length, (size_t)repeat);
        index += repeat;
    }
    if (in->ended || lengths[256] == 0) return BROKEN;
    if (!build(&literals, lengths, literal_count)) return BROKEN;
    if (!build(&distances, lengths + literal_count, distance_count)) return BROKEN;
    return compressed(in, out, &literals, &distances);
}

static uint32_t adler32(const uint8_t *data, size_t length) {
    uint32_t low = 1, high = 0;
    for (size_t index = 0; index < length; index++) {
        low = (low + data[index]) % 65521;
        high = (high + low) % 65521;
    }
    return high << 16 | low;
}

const char *inflate_zlib(const uint8_t *from, size_t from_length, uint8_t *to, size_t to_length) {
    if (from_length < 6 || (from[0] & 15) != 8 || (from[0] << 8 | from[1]) % 31 != 0 || (from[1] & 32) != 0) {
        return BROKEN;
    }
    struct input in = { .data = from, .length = from_length - 4, .at = 2 };
    struct output out = { .data = to, .length = to_length };
    for (int last = 0; !last;) {
        last = (int)take(&in, 1);
        uint32_t kind = take(&in, 2);
        const char *wrong = in.ended || kind == 3 ? BROKEN
            : kind == 0 ? stored(&in, &out) : kind == 1 ? fixed(&in, &out) : dynamic(&in, &out);
        if (wrong != NULL) return wrong;
    }
    const uint8_t *check = from + from_length - 4;
    uint32_t expected = (uint32_t)check[0] << 24 | (uint32_t)check[1] << 16 | (uint32_t)check[2] << 8 | check[3];
    return out.at == to_length && adler32(to, to_length) == expected ? NULL : BROKEN;
}
