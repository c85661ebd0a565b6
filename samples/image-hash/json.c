#include "json.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64

static const char *skip_space(const char *at) {
    return at + strspn(at, " \t\r\n");
}

// From the opening quote to after the closing one; NULL when there is none.
static const char *skip_string(const char *at) {
    for (at++; *at != '"'; at++) {
        if (*at == '\\' && at[1] != 0) at++;
        else if (*at == 0 || (unsigned char)*at < ' ') return NULL;
    }
    return at + 1;
}

// To after the value that begins here; NULL when it does not end.
static const char *skip_value(const char *at, int depth) {
    at = skip_space(at);
    if (*at == '"') return skip_string(at);
    if (*at != '{' && *at != '[') {
        size_t length = strcspn(at, ",]} \t\r\n");
        return length == 0 ? NULL : at + length;
    }
    if (depth == DEPTH_MAX) return NULL;
    char close = *at == '{' ? '}' : ']';
    at = skip_space(at + 1);
    if (*at == close) return at + 1;
    for (;;) {
        if (close == '}') {
            if (*at != '"' || (at = skip_string(at)) == NULL || *(at = skip_space(at)) != ':') return NULL;
            at++;
        }
        if ((at = skip_value(at, depth + 1)) == NULL) return NULL;
        at = skip_space(at);
        if (*at == close) return at + 1;
        if (*at != ',') return NULL;
        at = skip_space(at + 1);
    }
}

// Decodes the escapes of a string without its quotes. What is not ASCII is no concern here: a \u escape above it
// becomes a question mark.
static char *decode(const char *from, size_t length) {
    char *text = malloc(length + 1), *to = text;
    if (text == NULL) return NULL;
    for (const char *end = from + length; from < end; from++) {
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        from++;
        const char *known = strchr("\"\"\\\\//b\bf\fn\nr\rt\t", *from);
        if (*from == 'u' && end - from > 4) {
            char digits[5] = { from[1], from[2], from[3], from[4], 0 };
            long code = strtol(digits, NULL, 16);
            *to++ = code > 0 && code < 128 ? (char)code : '?';
            from += 4;
        } else if (known != NULL && *from != 0) {
            *to++ = known[1];
        }
    }
    *to = 0;
    return text;
}

char *json_string(const char *json, const char *name) {
    const char *at = skip_space(json), *end = skip_value(json, 0);
    if (*at != '{' || end == NULL || *skip_space(end) != 0) return NULL;
    size_t name_length = strlen(name);
    for (at = skip_space(at + 1); *at == '"'; at = skip_space(at + 1)) {
        const char *key = at + 1, *key_end = skip_string(at) - 1;
        const char *value = skip_space(strchr(key_end, ':') + 1);
        const char *value_end = skip_value(value, 0);
        if ((size_t)(key_end - key) == name_length && memcmp(key, name, name_length) == 0) {
            return *value == '"' ? decode(value + 1, (size_t)(value_end - value) - 2) : NULL;
        }
        at = skip_space(value_end);
        if (*at != ',') break;
    }
    return NULL;
}
