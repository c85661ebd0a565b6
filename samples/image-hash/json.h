// Reads strings out of a JSON object.
#ifndef JSON_H
#define JSON_H

#include <stddef.h>

// The decoded value of a string member of the object that `json` is; the caller frees it.
// NULL when `json` is no object, has no such member, or the member is no string.
char *json_string(const char *json, const char *name);

#endif
