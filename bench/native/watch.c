/* Many websocket watchers in one process: when has the first, the half and the last of them got each message?
 *
 *   watch PORT WATCHERS CORE PATH [PATH...]     the paths are shared out in turn; CORE -1: any
 *
 * One JSON line on stdout once all are connected, and one for each command on stdin:
 *
 *   publish PORT PATH SIZE COUNT GAP   posts COUNT messages of SIZE bytes, one by one, GAP milliseconds apart
 *   reach SEQ SECONDS                  waits until every watcher has been told of SEQ
 *   report                             what they have got so far
 *
 * A message is JSON that begins {"seq":N, and a watcher has got N when it has got all of a message of N or more. Beats
 * are counted and tell nothing. Times are CLOCK_MONOTONIC; a message's time begins just before its post is written.
 * Payloads are not kept but for their first bytes, so that ten thousand watchers cost little. Linux (epoll).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 192, AT_ONCE = 128, EVENTS = 512, CHUNK = 1 << 18, PATIENCE_MS = 30000 };
enum state { CONNECTING, SHAKING_HANDS, OPEN, CLOSED };
enum opcode { TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };

struct watcher {
    int descriptor;
    enum state state;
    int newlines;             /* of the empty line that ends the handshake: bytes of it seen so far */
    int gathered;             /* bytes in head: the frame's header, then the beginning of its payload */
    uint64_t left;            /* bytes of the payload still to come, once the header is whole */
    long seq;                 /* the last message that it has got */
    long updates, beats;
    unsigned char head[HEAD];
};

struct message {              /* who has got it, and when (nanoseconds) */
    int reached;
    uint64_t published, first, half, last, answered;
};

static struct watcher *watchers;
static int wanted, started, open_now, failed, lost;
static struct message *messages;
static long known;            /* length of messages */
static int poller, publisher = -1;
static long answers, refused;
static unsigned char chunk[CHUNK];

static void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(2);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int connect_to(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
    if (descriptor < 0)
        die("no socket: %s; ulimit -n may be too low", strerror(errno));
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
        die("no connection: %s", strerror(errno));
    return descriptor;
}

static void poll_for(int descriptor, uint32_t events, void *owner, int operation)
{
    struct epoll_event event = { .events = events, .data.ptr = owner };
    if (epoll_ctl(poller, operation, descriptor, &event))
        die("epoll: %s", strerror(errno));
}

static void drop(struct watcher *watcher)
{
    if (watcher->state == OPEN) {
        open_now--;
        lost++;
    } else {
        failed++;
    }
    watcher->state = CLOSED;
    close(watcher->descriptor);
}

/* Messages are numbered from 1; those that were skipped because they went out as one have been got too. */
static void told(struct watcher *watcher, long seq, uint64_t at)
{
    if (seq >= known) {
        long more = 2 * seq + 1024;
        messages = realloc(messages, (size_t)more * sizeof *messages);
        memset(messages + known, 0, (size_t)(more - known) * sizeof *messages);
        known = more;
    }
    while (watcher->seq < seq) {
        struct message *message = &messages[++watcher->seq];
        message->reached++;
        message->last = at;
        if (message->reached == 1)
            message->first = at;
        if (message->reached == (wanted + 1) / 2)
            message->half = at;
    }
}

static void pong(struct watcher *watcher, const unsigned char *payload, int size)
{
    unsigned char frame[6 + 125] = { 0x80 | PONG, (unsigned char)(0x80 | size) }; /* a mask of zeros changes nothing */
    memcpy(frame + 6, payload, (size_t)size);
    (void)!send(watcher->descriptor, frame, (size_t)(6 + size), MSG_NOSIGNAL);
}

static void take_frame(struct watcher *watcher, int header, uint64_t at)
{
    int size = watcher->gathered - header;
    char text[HEAD + 1] = { 0 };
    memcpy(text, watcher->head + header, (size_t)size);
    switch (watcher->head[0]) {
    case 0x80 | PING:
        pong(watcher, watcher->head + header, size);
        break;
    case 0x80 | CLOSE:
        drop(watcher);
        break;
    case 0x80 | TEXT:
        if (strncmp(text, "{\"seq\":", 7) || strstr(text, "\"kind\":\"beat\"")) {
            watcher->beats++;
        } else {
            watcher->updates += strstr(text, "\"kind\":\"update\"") != NULL;
            told(watcher, atol(text + 7), at);
        }
        break;
    default:
        die("a frame that begins %02x", watcher->head[0]);
    }
}

/* The length of a frame's header, as far as its first two bytes say. */
static int header_length(const struct watcher *watcher)
{
    if (watcher->gathered < 2)
        return 2;
    int size = watcher->head[1] & 0x7f;
    return size == 127 ? 10 : size == 126 ? 4 : 2;
}

static uint64_t payload_length(const struct watcher *watcher)
{
    int header = header_length(watcher);
    uint64_t length = header == 2 ? watcher->head[1] & 0x7f : 0;
    for (int at = 2; at < header; at++)
        length = length << 8 | watcher->head[at];
    return length;
}

static void take_bytes(struct watcher *watcher, const unsigned char *bytes, size_t size, uint64_t at)
{
    while (size && watcher->state == OPEN) {
        int header = header_length(watcher);
        size_t used;
        if (watcher->gathered < header) {
            used = 1;
            watcher->head[watcher->gathered++] = *bytes;
            header = header_length(watcher);
            watcher->left = payload_length(watcher); /* for good once the header is whole */
        } else {
            used = size < watcher->left ? size : watcher->left;
            size_t room = (size_t)(HEAD - watcher->gathered), kept = used < room ? used : room;
            memcpy(watcher->head + watcher->gathered, bytes, kept);
            watcher->gathered += (int)kept;
            watcher->left -= used;
        }
        bytes += used;
        size -= used;
        if (watcher->gathered >= header && !watcher->left) {
            take_frame(watcher, header, at);
            watcher->gathered = 0;
        }
    }
}

/* The number of bytes that belong to the handshake; 0 with the state OPEN once that is through. */
static size_t take_handshake(struct watcher *watcher, const unsigned char *bytes, size_t size)
{
    for (size_t at = 0; at < size; at++) {
        if (watcher->gathered < HEAD)
            watcher->head[watcher->gathered++] = bytes[at];
        watcher->newlines = bytes[at] == "\r\n\r\n"[watcher->newlines] ? watcher->newlines + 1 : bytes[at] == '\r';
        if (watcher->newlines == 4) {
            if (watcher->gathered < 12 || memcmp(watcher->head + 8, " 101", 4)) {
                if (!failed)
                    fprintf(stderr, "refused: %.*s\n", watcher->gathered, (char *)watcher->head);
                drop(watcher);
            } else {
                watcher->state = OPEN;
                open_now++;
            }
            watcher->gathered = 0;
            return at + 1;
        }
    }
    return size;
}

static void shake_hands(struct watcher *watcher, int port, const char *path)
{
    char request[1024];
    int length = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", path, port);
    if (send(watcher->descriptor, request, (size_t)length, MSG_NOSIGNAL) != length) {
        drop(watcher);
        return;
    }
    watcher->state = SHAKING_HANDS;
    poll_for(watcher->descriptor, EPOLLIN, watcher, EPOLL_CTL_MOD);
}

static void read_from(struct watcher *watcher)
{
    ssize_t size = recv(watcher->descriptor, chunk, sizeof chunk, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        drop(watcher);
        return;
    }
    uint64_t at = now();
    size_t used = watcher->state == SHAKING_HANDS ? take_handshake(watcher, chunk, (size_t)size) : 0;
    take_bytes(watcher, chunk + used, (size_t)size - used, at);
}

static void read_answer(void)
{
    ssize_t size = recv(publisher, chunk, sizeof chunk, 0);
    if (size <= 0)
        die("the server hung up on the publisher");
    if (size > 12 && !memcmp(chunk, "HTTP/1.1 ", 9)) { /* what does not begin so is the rest of an answer */
        answers++;
        refused += chunk[9] != '2';
    }
}

static int server_port;
static char **paths;
static int path_count;

/* Handles what there is within so many milliseconds; whether stdin has something. */
static int turn(int milliseconds)
{
    static struct epoll_event events[EVENTS];
    int count = epoll_wait(poller, events, EVENTS, milliseconds), spoken_to = 0;
    for (int index = 0; index < count; index++) {
        struct watcher *watcher = events[index].data.ptr;
        if (!watcher)
            spoken_to = 1;
        else if ((void *)watcher == (void *)&publisher)
            read_answer();
        else if (watcher->state == CONNECTING)
            shake_hands(watcher, server_port, paths[(watcher - watchers) % path_count]);
        else if (watcher->state != CLOSED)
            read_from(watcher);
    }
    return spoken_to;
}

static void connect_all(void)
{
    while (open_now + lost + failed < wanted) {
        while (started < wanted && started - open_now - lost - failed < AT_ONCE) {
            struct watcher *watcher = &watchers[started++];
            watcher->descriptor = connect_to(server_port);
            poll_for(watcher->descriptor, EPOLLOUT, watcher, EPOLL_CTL_ADD);
        }
        turn(100);
    }
}

static void wait_milliseconds(double milliseconds)
{
    uint64_t until = now() + (uint64_t)(milliseconds * 1e6);
    for (uint64_t time = now(); time < until; time = now())
        turn((int)((until - time) / 1000000));
}

static int reached_by_all(long seq)
{
    return seq < known && messages[seq].reached >= open_now;
}

static void post(long seq, int port, const char *path, int size)
{
    static char *request;
    request = realloc(request, (size_t)size + 1024);
    int head = sprintf(request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", path,
        port, size);
    int begun = head + sprintf(request + head, "{\"seq\":%ld,\"epoch\":\"bench\",\"kind\":\"update\",\"content\":\"", seq);
    memset(request + begun, 'x', (size_t)(head + size - begun));
    memcpy(request + head + size - 2, "\"}", 2);
    told(&(struct watcher){ .seq = seq }, seq, 0); /* makes room for it */
    messages[seq].published = now();
    if (send(publisher, request, (size_t)(head + size), MSG_NOSIGNAL) != head + size)
        die("the server does not read the posts");
}

static void publish(int port, const char *path, int size, int count, double gap)
{
    static long seq;
    if (publisher < 0) {
        publisher = connect_to(port);
        poll_for(publisher, EPOLLIN, &publisher, EPOLL_CTL_ADD);
        wait_milliseconds(100);
    }
    printf("{\"milliseconds\":[");
    int missing = 0;
    for (int number = 0; number < count; number++) {
        long before = answers;
        post(++seq, port, path, size);
        uint64_t patience = now() + PATIENCE_MS * 1000000ull;
        while ((!reached_by_all(seq) || answers == before) && now() < patience)
            turn(0); /* never asleep: to be woken up would cost the server, which sends from within the same kernel */
        struct message *message = &messages[seq];
        missing += open_now - message->reached;
        printf("%s{\"first\":%.3f,\"half\":%.3f,\"last\":%.3f}", number ? "," : "",
            (double)(message->first - message->published) / 1e6, (double)(message->half - message->published) / 1e6,
            (double)(message->last - message->published) / 1e6);
        wait_milliseconds(gap);
    }
    printf("],\"missing\":%d,\"refused\":%ld}\n", missing, refused);
}

static void reach(long seq, double seconds)
{
    uint64_t patience = now() + (uint64_t)(seconds * 1e9);
    while (!reached_by_all(seq) && now() < patience)
        turn(5);
    int reached = seq < known ? messages[seq].reached : 0;
    printf("{\"reached\":%d,\"watchers\":%d,\"at\":%.6f}\n", reached, open_now,
        reached ? (double)messages[seq].last / 1e9 : 0.0);
}

static int by_size(const void *left, const void *right)
{
    long difference = *(const long *)left - *(const long *)right;
    return difference < 0 ? -1 : difference > 0;
}

static void report(void)
{
    long *updates = calloc((size_t)wanted, sizeof *updates), beats = 0;
    for (int index = 0; index < wanted; index++) {
        updates[index] = watchers[index].updates;
        beats += watchers[index].beats;
    }
    qsort(updates, (size_t)wanted, sizeof *updates, by_size);
    printf("{\"watchers\":%d,\"lost\":%d,\"beats\":%ld,\"updates\":{\"least\":%ld,\"median\":%ld,\"most\":%ld}}\n",
        open_now, lost, beats, updates[0], updates[wanted / 2], updates[wanted - 1]);
    free(updates);
}

static void obey(char *line)
{
    char path[512];
    int port, size, count;
    long seq;
    double amount;
    if (sscanf(line, "publish %d %511s %d %d %lf", &port, path, &size, &count, &amount) == 5)
        publish(port, path, size, count, amount);
    else if (sscanf(line, "reach %ld %lf", &seq, &amount) == 2)
        reach(seq, amount);
    else if (!strncmp(line, "report", 6))
        report();
    else
        die("what is %s", line);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc < 5)
        die("watch PORT WATCHERS CORE PATH [PATH...]");
    server_port = atoi(argv[1]);
    wanted = atoi(argv[2]);
    paths = argv + 4;
    path_count = argc - 4;
    if (atoi(argv[3]) >= 0) {
        cpu_set_t cores;
        CPU_ZERO(&cores);
        CPU_SET(atoi(argv[3]), &cores);
        sched_setaffinity(0, sizeof cores, &cores);
    }
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    watchers = calloc((size_t)wanted, sizeof *watchers);
    poller = epoll_create1(0);
    uint64_t began = now();
    connect_all();
    printf("{\"connected\":%d,\"failed\":%d,\"seconds\":%.3f}\n", open_now, failed, (double)(now() - began) / 1e9);
    fflush(stdout);
    poll_for(STDIN_FILENO, EPOLLIN, NULL, EPOLL_CTL_ADD);
    char line[1024];
    setvbuf(stdin, NULL, _IONBF, 0);
    for (;;)
        if (turn(1000)) {
            if (!fgets(line, sizeof line, stdin))
                break;
            obey(line);
        }
    struct linger at_once = { 1, 0 }; /* reset: ten thousand connections in TIME_WAIT would be in the next run's way */
    for (int index = 0; index < wanted; index++)
        if (watchers[index].state != CLOSED)
            setsockopt(watchers[index].descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return 0;
}
