/* A custom runtime in C: the Lambda Runtime API over a plain socket. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 8 * 1024 * 1024 };

static char buffer[BUFFER_BYTES];
static char id[128];

static int open_connection(void)
{
    char address[128];
    snprintf(address, sizeof address, "%s", getenv("AWS_LAMBDA_RUNTIME_API"));
    char *colon = strrchr(address, ':');
    *colon = 0;
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(colon + 1))};
    inet_pton(AF_INET, strcmp(address, "localhost") ? address : "127.0.0.1", &target.sin_addr);
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection, (struct sockaddr *)&target, sizeof target) != 0) {
        perror("connect");
        exit(1);
    }
    return connection;
}

/* Sends one request, reads the whole answer and returns its body. */
static const char *request(const char *method, const char *path, const char *body)
{
    int connection = open_connection();
    dprintf(connection, "%s /2018-06-01/runtime/%s HTTP/1.1\r\nHost: runtime\r\nConnection: close\r\n"
        "Content-Length: %zu\r\n\r\n%s", method, path, strlen(body), body);
    size_t length = 0;
    ssize_t got;
    while ((got = read(connection, buffer + length, sizeof buffer - 1 - length)) > 0)
        length += (size_t)got;
    close(connection);
    buffer[length] = 0;
    const char name[] = "lambda-runtime-aws-request-id:";
    for (char *line = strstr(buffer, "\r\n"); line && strncmp(line, "\r\n\r\n", 4); line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, sizeof name - 1) == 0)
            sscanf(line + 2 + sizeof name - 1, " %127[^\r]", id);
    char *end = strstr(buffer, "\r\n\r\n");
    return end ? end + 4 : "";
}

int main(void)
{
    const char *handler = getenv("_HANDLER");
    for (int calls = 1;; calls++) {
        static char event[BUFFER_BYTES], answer[BUFFER_BYTES + 256], path[256];
        snprintf(event, sizeof event, "%s", request("GET", "invocation/next", ""));
        if (strcmp(handler, "crashes") == 0)
            raise(SIGSEGV);
        if (strcmp(handler, "hangs") == 0)
            pause();
        snprintf(path, sizeof path, "invocation/%s/response", id);
        snprintf(answer, sizeof answer, "{\"calls\":%d,\"event\":%s}", calls, event);
        request("POST", path, answer);
    }
}
