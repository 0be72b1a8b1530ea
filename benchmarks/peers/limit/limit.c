/* The least that one thread can do for the same work: the newest position of each vehicle, one message a region each 250 ms.
 * Positions come by POST or over a WebSocket, one JSON object each, which begins with region and vehicle; a dispatcher's path is
 * /ws/REGION/. Nothing is parsed, stored or checked, and no proof of the handshake is made, for which the load does not ask.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 250, MOST_SOCKETS = 16384, MOST_REGIONS = 16, SLOTS = 1 << 16, BODY_BYTES = 256, READ_BYTES = 16384, EVENTS = 512 };

typedef struct {
    int is_socket, region; /* region: which it watches, -1 none */
    size_t size;
    char data[READ_BYTES];
} Peer;

typedef struct {
    char body[BODY_BYTES];
    size_t key_size, size;
    int is_new;
} Vehicle;

typedef struct {
    char name[64];
    int watchers[MOST_SOCKETS], watching, moved[SLOTS], moves;
} Region;

static Peer *peers[MOST_SOCKETS];
static Vehicle vehicles[SLOTS];
static Region regions[MOST_REGIONS];
static char told[SLOTS * 64];

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int region_of(const char *name, size_t size) {
    for (int i = 0; i < MOST_REGIONS && size < sizeof regions->name; i++) {
        if (!*regions[i].name) memcpy(regions[i].name, name, size);
        if (strlen(regions[i].name) == size && !memcmp(regions[i].name, name, size)) return i;
    }
    fprintf(stderr, "too many regions, or too long a name\n");
    exit(1);
}

/* The key is all that stands before the time: region and vehicle. */
static void publish(const char *body, size_t size) {
    static const char before_region[] = "{\"region\":\"";
    size_t at = sizeof before_region - 1;
    const char *end = size > at ? memmem(body, size, "\",\"fix_time\"", 12) : NULL;
    const char *region_end = end ? memchr(body + at, '"', size - at) : NULL;
    if (!region_end || size > BODY_BYTES) {
        fprintf(stderr, "not a position: %.*s\n", (int)size, body);
        exit(1);
    }
    size_t key_size = end - body;
    uint32_t slot = 2166136261u;
    for (size_t i = at; i < key_size; i++) slot = (slot ^ (uint8_t)body[i]) * 16777619u;
    Vehicle *vehicle;
    for (slot %= SLOTS;; slot = (slot + 1) % SLOTS) {
        vehicle = &vehicles[slot];
        if (!vehicle->size || (vehicle->key_size == key_size && !memcmp(vehicle->body, body, key_size))) break;
    }
    memcpy(vehicle->body, body, size);
    vehicle->size = size;
    vehicle->key_size = key_size;
    if (vehicle->is_new) return;
    vehicle->is_new = 1;
    Region *region = &regions[region_of(body + at, region_end - body - at)];
    region->moved[region->moves++] = slot;
}

static void drop(int fd) {
    Peer *peer = peers[fd];
    if (peer->region >= 0) {
        Region *region = &regions[peer->region];
        for (int i = 0; i < region->watching; i++)
            if (region->watchers[i] == fd) region->watchers[i--] = region->watchers[--region->watching];
    }
    close(fd);
    free(peer);
    peers[fd] = NULL;
}

static void tell(Region *region) {
    char *at = told + 10, *start = at;
    for (int i = 0; i < region->moves; i++) {
        Vehicle *vehicle = &vehicles[region->moved[i]];
        *at++ = i ? ',' : '[';
        memcpy(at, vehicle->body, vehicle->size);
        at += vehicle->size;
        vehicle->is_new = 0;
    }
    *at++ = ']';
    region->moves = 0;
    size_t size = at - start;
    uint64_t wide = htobe64(size);
    uint16_t narrow = htobe16(size);
    if (size >= 65536) memcpy(start -= 8, &wide, 8), *--start = 127;
    else if (size >= 126) memcpy(start -= 2, &narrow, 2), *--start = 126;
    else *--start = (char)size;
    *--start = (char)0x81;
    for (int i = 0; i < region->watching; i++)
        if (send(region->watchers[i], start, at - start, MSG_NOSIGNAL) != at - start) fprintf(stderr, "a message was cut\n");
}

/* How many bytes were used of a request that is whole, else 0. */
static size_t take_request(int fd, char *data, size_t size) {
    static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"stored\":0}";
    static const char welcome[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    char *head_end = memmem(data, size, "\r\n\r\n", 4);
    if (!head_end) return 0;
    size_t head = head_end + 4 - data;
    if (*data == 'P') {
        char *length = memmem(data, head, "Content-Length: ", 16);
        size_t body = length ? strtoul(length + 16, NULL, 10) : 0;
        if (size < head + body) return 0;
        publish(data + head, body);
        send(fd, ok, sizeof ok - 1, MSG_NOSIGNAL);
        return head + body;
    }
    Peer *peer = peers[fd];
    peer->is_socket = 1;
    if (!memcmp(data, "GET /ws/", 8)) {
        char *name = data + 8, *end = memchr(name, '/', head_end - name);
        peer->region = region_of(name, end - name);
        Region *region = &regions[peer->region];
        region->watchers[region->watching++] = fd;
    }
    send(fd, welcome, sizeof welcome - 1, MSG_NOSIGNAL);
    return head;
}

/* How many bytes were used of a frame that is whole, else 0; all are masked and none is longer than 64 KiB. */
static size_t take_frame(uint8_t *data, size_t size) {
    if (size < 6) return 0;
    size_t length = data[1] & 0x7f, start = 6;
    if (length == 126) length = data[2] << 8 | data[3], start = 8;
    if (size < start + length) return 0;
    uint8_t *payload = data + start, *mask = payload - 4;
    for (size_t i = 0; i < length; i++) payload[i] ^= mask[i & 3];
    if ((data[0] & 0x0f) == 1) publish((char *)payload, length);
    return start + length;
}

static void receive(int fd) {
    Peer *peer = peers[fd];
    ssize_t got = recv(fd, peer->data + peer->size, READ_BYTES - peer->size, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) drop(fd);
        return;
    }
    peer->size += got;
    size_t used = 0, more;
    do {
        char *data = peer->data + used;
        size_t left = peer->size - used;
        more = peer->is_socket ? take_frame((uint8_t *)data, left) : take_request(fd, data, left);
        used += more;
    } while (more);
    memmove(peer->data, peer->data + used, peer->size -= used);
}

static void welcome_all(int listener, int epoll) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= MOST_SOCKETS) exit(1);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        peers[fd] = calloc(1, sizeof(Peer));
        peers[fd]->region = -1;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

int main(int count, char **arguments) {
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1, epoll = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(count > 1 ? atoi(arguments[1]) : 0), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) fail("listen");
    struct epoll_event events[EVENTS], event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (int64_t next_ms = now_ms() + TICK_MS;;) {
        int64_t left_ms = next_ms - now_ms();
        int ready = epoll_wait(epoll, events, EVENTS, left_ms > 0 ? left_ms : 0);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) welcome_all(listener, epoll);
            else receive(events[i].data.fd);
        }
        if (now_ms() < next_ms) continue;
        for (int i = 0; i < MOST_REGIONS; i++)
            if (regions[i].moves) tell(&regions[i]);
        next_ms += TICK_MS;
    }
}
