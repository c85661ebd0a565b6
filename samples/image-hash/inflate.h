// Decompression of the zlib format (RFC 1950, RFC 1951).
#ifndef INFLATE_H
#define INFLATE_H

#include <stddef.h>
#include <stdint.h>

// Fills exactly `to_length` bytes. Returns NULL, or what is wrong with the data.
const char *inflate_zlib(const uint8_t *from, size_t from_length, uint8_t *to, size_t to_length);

#endif
