/* The least that a fan-out can cost: a frame made once, and send(2) to every websocket in turn.
 *
 *   loop PORT        GET opens a websocket, POST sends its body to all of them
 *
 * It knows one client, which sends every request in one piece and always the key of RFC 6455's example. Linux (epoll).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MOST = 1 << 17, EVENTS = 512, LARGEST = 1 << 20 };

static int watching[MOST], place[MOST]; /* the descriptors of the watchers, and where each stands among them */
static int watcher_count, poller;
static char request[LARGEST + 1], frame[LARGEST + 16];

static void answer(int descriptor, const char *text)
{
    (void)!send(descriptor, text, strlen(text), MSG_NOSIGNAL);
}

static void forget(int descriptor)
{
    int at = place[descriptor];
    if (at < watcher_count && watching[at] == descriptor) {
        watching[at] = watching[--watcher_count];
        place[watching[at]] = at;
    }
    close(descriptor);
}

static void open_watcher(int descriptor)
{
    answer(descriptor, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    place[descriptor] = watcher_count;
    watching[watcher_count++] = descriptor;
}

static void send_to_all(const char *body, size_t size)
{
    size_t header = size < 126 ? 2 : size < 65536 ? 4 : 10;
    frame[0] = (char)0x81;
    frame[1] = (char)(header == 2 ? size : header == 4 ? 126 : 127);
    for (size_t at = header; at > 2; at--)
        frame[at - 1] = (char)((uint64_t)size >> 8 * (header - at));
    memcpy(frame + header, body, size);
    for (int at = 0; at < watcher_count; at++)
        if (send(watching[at], frame, header + size, MSG_NOSIGNAL) < 0)
            perror("send");
}

static void hear(int descriptor)
{
    ssize_t size = recv(descriptor, request, LARGEST, 0);
    if (size <= 0) {
        forget(descriptor);
        return;
    }
    request[size] = 0;
    if (!strncmp(request, "GET ", 4)) {
        open_watcher(descriptor);
    } else if (!strncmp(request, "POST ", 5)) {
        char *body = strstr(request, "\r\n\r\n");
        if (body)
            send_to_all(body + 4, (size_t)(request + size - body - 4));
        answer(descriptor, "HTTP/1.1 204 No Content\r\n\r\n");
    } /* else it is a watcher's frame, such as a pong */
}

int main(int argc, char **argv)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 0)) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("listen");
        return 1;
    }
    poller = epoll_create1(0);
    struct epoll_event event = { .events = EPOLLIN, .data.fd = listener }, events[EVENTS];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS, -1);
        for (int index = 0; index < count; index++) {
            if (events[index].data.fd != listener) {
                hear(events[index].data.fd);
                continue;
            }
            int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
            if (descriptor < 0 || descriptor >= MOST)
                continue;
            setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            event.data.fd = descriptor;
            epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
        }
    }
}
