// A client of the Lambda Runtime API: HTTP/1.1 over one kept TCP connection, nothing but sockets.
#ifndef RUNTIME_API_H
#define RUNTIME_API_H

#include <stddef.h>

struct invocation {
    char request_id[128];
    char *event; // Ends with a zero byte that is not counted.
    size_t event_length;
};

// Waits for the next call. The event belongs to the caller, who frees it. Ends the process when the API is gone.
void runtime_next(struct invocation *invocation);

// Answers the call with JSON.
void runtime_respond(const struct invocation *invocation, const char *json);

// Answers the call with an error. Both texts are plain; they are escaped here.
void runtime_fail(const struct invocation *invocation, const char *type, const char *message);

#endif
