#include "runtime_api.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define API "/2018-06-01/runtime/invocation"
#define HEAD_MAX 65536
#define BODY_MAX (8u << 20)

static int connection = -1;

struct reply {
    int status;
    char *body;
    size_t length;
    char request_id[128];
};

static void die(const char *what) {
    fprintf(stderr, "runtime API: %s: %s\n", what, errno ? strerror(errno) : "unexpected answer");
    exit(1);
}

static void disconnect(void) {
    if (connection >= 0) close(connection);
    connection = -1;
}

// The platform gives a numeric address or localhost; looking up other names would need the machine's libraries.
static void reconnect(const char *host_and_port) {
    char host[64];
    const char *colon = strrchr(host_and_port, ':');
    struct sockaddr_in address = { .sin_family = AF_INET };
    if (colon == NULL || (size_t)(colon - host_and_port) >= sizeof host) die("AWS_LAMBDA_RUNTIME_API is not HOST:PORT");
    memcpy(host, host_and_port, (size_t)(colon - host_and_port));
    host[colon - host_and_port] = 0;
    address.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &address.sin_addr) != 1) {
        die("AWS_LAMBDA_RUNTIME_API is not a numeric address");
    }
    connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0) die("connect");
    // Head and body are two writes; without this the second waits for the first one's acknowledgement, some 40 ms.
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
}

static int send_all(const char *data, size_t length) {
    while (length > 0) {
        ssize_t sent = send(connection, data, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return 0;
        data += sent;
        length -= (size_t)sent;
    }
    return 1;
}

// Buffered reading: what was read past the head is the beginning of the body.
static char buffer[HEAD_MAX];
static size_t buffer_start, buffer_end;

static int fill(void) {
    if (buffer_start == buffer_end) buffer_start = buffer_end = 0;
    if (buffer_end == sizeof buffer) return 0;
    for (;;) {
        ssize_t received = recv(connection, buffer + buffer_end, sizeof buffer - buffer_end, 0);
        if (received < 0 && errno == EINTR) continue;
        if (received <= 0) return 0;
        buffer_end += (size_t)received;
        return 1;
    }
}

// The next line without its CRLF, or NULL. Stays valid until the next call.
static char *read_line(void) {
    size_t scanned = 0;
    for (;;) {
        char *start = buffer + buffer_start;
        char *newline = memchr(start + scanned, '\n', buffer_end - buffer_start - scanned);
        if (newline != NULL) {
            buffer_start = (size_t)(newline - buffer) + 1;
            if (newline > start && newline[-1] == '\r') newline--;
            *newline = 0;
            return start;
        }
        scanned = buffer_end - buffer_start;
        if (buffer_start > 0) {
            memmove(buffer, start, scanned);
            buffer_start = 0;
            buffer_end = scanned;
        }
        if (!fill()) return NULL;
    }
}

static int read_bytes(char *destination, size_t length) {
    while (length > 0) {
        if (buffer_start == buffer_end && !fill()) return 0;
        size_t part = buffer_end - buffer_start < length ? buffer_end - buffer_start : length;
        memcpy(destination, buffer + buffer_start, part);
        buffer_start += part;
        destination += part;
        length -= part;
    }
    return 1;
}

static int append(struct reply *reply, size_t length) {
    if (length > BODY_MAX - reply->length) return 0;
    char *larger = realloc(reply->body, reply->length + length + 1);
    if (larger == NULL) return 0;
    reply->body = larger;
    if (!read_bytes(reply->body + reply->length, length)) return 0;
    reply->length += length;
    reply->body[reply->length] = 0;
    return 1;
}

static int read_chunks(struct reply *reply) {
    for (;;) {
        char *line = read_line(), *end;
        if (line == NULL || !isxdigit((unsigned char)*line)) return 0;
        unsigned long length = strtoul(line, &end, 16);
        if (length == 0) break;
        if (!append(reply, length) || (line = read_line()) == NULL || *line != 0) return 0;
    }
    for (char *trailer; (trailer = read_line()) != NULL;) {
        if (*trailer == 0) return 1;
    }
    return 0;
}

static int read_reply(struct reply *reply) {
    char *line = read_line();
    if (line == NULL || sscanf(line, "HTTP/1.%*1[01] %d", &reply->status) != 1) return 0;
    unsigned long length = 0;
    int chunked = 0, last = 0;
    while ((line = read_line()) != NULL && *line != 0) {
        char *value = strchr(line, ':');
        if (value == NULL) return 0;
        *value++ = 0;
        value += strspn(value, " \t");
        if (strcasecmp(line, "content-length") == 0) {
            length = strtoul(value, NULL, 10);
        } else if (strcasecmp(line, "transfer-encoding") == 0) {
            chunked = strcasecmp(value, "chunked") == 0;
        } else if (strcasecmp(line, "connection") == 0) {
            last = strcasecmp(value, "close") == 0;
        } else if (strcasecmp(line, "lambda-runtime-aws-request-id") == 0) {
            snprintf(reply->request_id, sizeof reply->request_id, "%s", value);
        }
    }
    if (line == NULL || !(chunked ? read_chunks(reply) : append(reply, length))) return 0;
    if (last) disconnect();
    return 1;
}

// One request and its reply. A kept connection may have been closed meanwhile: then it is tried once more on a new one.
static void exchange(const char *method, const char *path, const char *headers, const char *body, struct reply *reply) {
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    if (api == NULL) die("AWS_LAMBDA_RUNTIME_API is not set");
    char head[1024];
    size_t length = body == NULL ? 0 : strlen(body);
    int size = snprintf(head, sizeof head, "%s " API "%s HTTP/1.1\r\nHost: %s\r\nContent-Length: %zu\r\n%s\r\n",
                        method, path, api, length, headers);
    if (size < 0 || (size_t)size >= sizeof head) die("the request is too long");

    for (int attempt = connection < 0 ? 1 : 0; attempt < 2; attempt++) {
        if (connection < 0) {
            buffer_start = buffer_end = 0;
            reconnect(api);
        }
        memset(reply, 0, sizeof *reply);
        errno = 0;
        if (send_all(head, (size_t)size) && send_all(body, length) && read_reply(reply)) return;
        free(reply->body);
        disconnect();
    }
    die(path);
}

void runtime_next(struct invocation *invocation) {
    struct reply reply;
    exchange("GET", "/next", "", NULL, &reply);
    if (reply.status != 200 || reply.request_id[0] == 0) die("next");
    memcpy(invocation->request_id, reply.request_id, sizeof invocation->request_id);
    invocation->event = reply.body;
    invocation->event_length = reply.length;
}

static void answer(const struct invocation *invocation, const char *kind, const char *headers, const char *json) {
    char path[192];
    struct reply reply;
    snprintf(path, sizeof path, "/%s/%s", invocation->request_id, kind);
    exchange("POST", path, headers, json, &reply);
    free(reply.body);
    // 4xx: the platform has given up on this call, for example after a timeout. The next one may be fine.
    if (reply.status >= 500) die(kind);
}

void runtime_respond(const struct invocation *invocation, const char *json) {
    answer(invocation, "response", "Content-Type: application/json\r\n", json);
}

void runtime_fail(const struct invocation *invocation, const char *type, const char *message) {
    char json[1024], headers[256];
    size_t at = (size_t)snprintf(json, sizeof json, "{\"errorType\":\"%s\",\"errorMessage\":\"", type);
    for (; *message != 0 && at < sizeof json - 32; message++) {
        unsigned char letter = (unsigned char)*message;
        if (letter == '"' || letter == '\\') json[at++] = '\\';
        json[at++] = letter < ' ' ? ' ' : (char)letter;
    }
    snprintf(json + at, sizeof json - at, "\",\"stackTrace\":[]}");
    snprintf(headers, sizeof headers,
             "Content-Type: application/json\r\nLambda-Runtime-Function-Error-Type: %s\r\n", type);
    answer(invocation, "error", headers, json);
}
