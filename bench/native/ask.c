/* HTTP requests over several connections that are kept alive: how many are answered a second, and how soon.
 *
 *   ask PORT CONNECTIONS CORE FILE SECONDS GAP
 *
 * FILE has the requests, each after a line with its length in bytes. SECONDS 0: each is sent once; else they are sent in
 * turn, again and again, for so long. Each connection waits for its answer, and GAP milliseconds, before it sends the next.
 * One JSON line on stdout. Answers have a Content-Length, or no body. CORE -1: any. Linux (epoll).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 8192, EVENTS = 256, CHUNK = 1 << 18, STATUSES = 600 };

struct request {
    char *text;
    size_t size;
};

struct connection {
    int descriptor;
    uint64_t began, resume;   /* when the request was begun; when the next may be */
    int waiting;              /* for an answer */
    int gathered;             /* bytes of the answer's head */
    long left;                /* bytes of the body to come; -1 as long as the head is not whole */
    char head[HEAD + 1];
};

static struct request *requests;
static long request_count, next_request, answered, answer_most;
static double *milliseconds;
static long statuses[STATUSES];
static uint64_t bytes, deadline, last_begun;
static int poller, endless;
static double gap;
static char chunk[CHUNK];

static void die(const char *why)
{
    fprintf(stderr, "ask: %s (%s)\n", why, strerror(errno));
    exit(2);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void read_requests(const char *name)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        die("the file of requests cannot be read");
    size_t size;
    while (fscanf(file, "%zu", &size) == 1) {
        fgetc(file); /* the end of that line */
        requests = realloc(requests, (size_t)(request_count + 1) * sizeof *requests);
        requests[request_count] = (struct request){ malloc(size), size };
        if (fread(requests[request_count].text, 1, size, file) != size)
            die("a request is shorter than it says");
        request_count++;
    }
    fclose(file);
    if (!request_count)
        die("no requests");
}

/* Whether there was one to begin. */
static int begin(struct connection *connection)
{
    if (endless ? now() >= deadline : next_request >= request_count)
        return 0;
    struct request *request = &requests[next_request++ % request_count];
    connection->gathered = 0;
    connection->left = -1;
    connection->waiting = 1;
    connection->began = last_begun = now();
    if (send(connection->descriptor, request->text, request->size, MSG_NOSIGNAL) != (ssize_t)request->size)
        die("the server hung up");
    return 1;
}

static void finish(struct connection *connection)
{
    if (answered == answer_most) {
        answer_most = 2 * answer_most + 4096;
        milliseconds = realloc(milliseconds, (size_t)answer_most * sizeof *milliseconds);
    }
    uint64_t time = now();
    milliseconds[answered++] = (double)(time - connection->began) / 1e6;
    connection->waiting = 0;
    connection->resume = time + (uint64_t)(gap * 1e6);
    if (gap == 0)
        begin(connection);
}

static void read_head(struct connection *connection)
{
    int status = atoi(connection->head + 9);
    char *length = strcasestr(connection->head, "\r\ncontent-length:");
    if (status < 100 || status >= STATUSES || strcasestr(connection->head, "\r\ntransfer-encoding:"))
        die("an answer that is not understood");
    statuses[status]++;
    connection->left = length && status != 304 ? atol(length + 17) : 0;
}

static void take(struct connection *connection, const char *data, size_t size)
{
    bytes += size;
    while (size) {
        if (!connection->waiting)
            die("an answer that nobody asked for");
        if (connection->left < 0) {
            if (connection->gathered == HEAD)
                die("an answer's head is too long");
            connection->head[connection->gathered++] = *data++;
            size--;
            connection->head[connection->gathered] = 0;
            if (connection->gathered < 4 || memcmp(connection->head + connection->gathered - 4, "\r\n\r\n", 4))
                continue;
            read_head(connection);
        } else {
            size_t used = size < (size_t)connection->left ? size : (size_t)connection->left;
            connection->left -= (long)used;
            data += used;
            size -= used;
        }
        if (!connection->left)
            finish(connection);
    }
}

static void hear(struct connection *connection)
{
    ssize_t size = recv(connection->descriptor, chunk, sizeof chunk, 0);
    if (size <= 0)
        die("the server hung up");
    take(connection, chunk, (size_t)size);
}

static void open_connection(struct connection *connection, int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1;
    connection->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address))
        die("no connection");
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
    epoll_ctl(poller, EPOLL_CTL_ADD, connection->descriptor, &event);
}

/* Begins what may be begun; how many connections wait, for an answer or for their gap to pass. */
static int begin_all(struct connection *connections, int count)
{
    int busy = 0;
    for (int index = 0; index < count; index++) {
        struct connection *connection = &connections[index];
        if (!connection->waiting && now() >= connection->resume && !begin(connection))
            continue;
        busy++;
    }
    return busy;
}

static int by_size(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;
    return difference < 0 ? -1 : difference > 0;
}

static void report(uint64_t began, double seconds)
{
    qsort(milliseconds, (size_t)answered, sizeof *milliseconds, by_size);
    printf("{\"answers\":%ld,\"seconds\":%.4f,\"per_second\":%.1f,\"bytes\":%llu,\"statuses\":{", answered, seconds,
        (double)answered / seconds, (unsigned long long)bytes);
    const char *comma = "";
    for (int status = 0; status < STATUSES; status++)
        if (statuses[status]) {
            printf("%s\"%d\":%ld", comma, status, statuses[status]);
            comma = ",";
        }
    printf("},\"began\":%.6f,\"last\":%.6f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"worst_ms\":%.3f}\n",
        (double)began / 1e9, (double)last_begun / 1e9, milliseconds[answered / 2],
        milliseconds[answered * 99 / 100], milliseconds[answered - 1]);
}

int main(int argc, char **argv)
{
    if (argc != 7)
        die("ask PORT CONNECTIONS CORE FILE SECONDS GAP");
    int count = atoi(argv[2]), core = atoi(argv[3]);
    double seconds = atof(argv[5]);
    gap = atof(argv[6]);
    if (core >= 0) {
        cpu_set_t cores;
        CPU_ZERO(&cores);
        CPU_SET(core, &cores);
        sched_setaffinity(0, sizeof cores, &cores);
    }
    read_requests(argv[4]);
    poller = epoll_create1(0);
    struct connection *connections = calloc((size_t)count, sizeof *connections);
    for (int index = 0; index < count; index++)
        open_connection(&connections[index], atoi(argv[1]));
    uint64_t began = now();
    endless = seconds > 0;
    deadline = began + (uint64_t)(seconds * 1e9);
    struct epoll_event events[EVENTS];
    while (begin_all(connections, count)) {
        int ready = epoll_wait(poller, events, EVENTS, gap > 0 ? 1 : 100);
        for (int index = 0; index < ready; index++)
            hear(events[index].data.ptr);
    }
    report(began, (double)(now() - began) / 1e9);
    return 0;
}
