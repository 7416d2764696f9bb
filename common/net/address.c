#include "net/address.h"
#include "base/word.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct range4 {
	uint32_t first;
	unsigned bits;
	const char *what;
};

struct range6 {
	unsigned char first[16];
	unsigned bits;
	const char *what;
};

/* Refused always. */
static const struct range4 closed4[] = {
	{0xa9fe0000, 16, "link-local"},     /* 169.254.0.0 */
	{0x646464c8, 32, "cloud metadata"}, /* 100.100.100.200, Alibaba */
	{0xc00000c0, 32, "cloud metadata"}, /* 192.0.0.192, Oracle */
};

static const struct range6 closed6[] = {
	{{0xfe, 0x80}, 10, "link-local"},
	/* fd00:ec2::254, Amazon; fd20:ce::254, Google */
	{{0xfd, 0, 0x0e, 0xc2, [14] = 2, 0x54}, 128, "cloud metadata"},
	{{0xfd, 0x20, 0, 0xce, [14] = 2, 0x54}, 128, "cloud metadata"},
};

/* IANA's registries of special-purpose addresses: not reachable globally. */
static const struct range4 private4[] = {
	{0x00000000, 8, "unspecified"},    /* 0.0.0.0 */
	{0x0a000000, 8, "private"},        /* 10.0.0.0 */
	{0x64400000, 10, "private"},       /* 100.64.0.0, shared */
	{0x7f000000, 8, "loopback"},       /* 127.0.0.0 */
	{0xac100000, 12, "private"},       /* 172.16.0.0 */
	{0xc0000000, 24, "reserved"},      /* 192.0.0.0 */
	{0xc0000200, 24, "documentation"}, /* 192.0.2.0 */
	{0xc0a80000, 16, "private"},       /* 192.168.0.0 */
	{0xc6120000, 15, "benchmarking"},  /* 198.18.0.0 */
	{0xc6336400, 24, "documentation"}, /* 198.51.100.0 */
	{0xcb007100, 24, "documentation"}, /* 203.0.113.0 */
	{0xe0000000, 4, "multicast"},      /* 224.0.0.0 */
	{0xf0000000, 4, "reserved"},       /* 240.0.0.0 and broadcast */
};

static const struct range6 private6[] = {
	{{[15] = 0}, 128, "unspecified"},
	{{[15] = 1}, 128, "loopback"},
	{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, "private"}, /* local NAT64 */
	{{0x01, 0x00}, 64, "reserved"},                        /* discard */
	{{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"},
	{{0xfc, 0x00}, 7, "private"},  /* unique local */
	{{0xfe, 0xc0}, 10, "private"}, /* site-local */
	{{0xff, 0x00}, 8, "multicast"},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *
find4(const struct range4 *ranges, size_t n, uint32_t address)
{
	for (size_t i = 0; i < n; i++)
		if ((address ^ ranges[i].first) >> (32 - ranges[i].bits) == 0)
			return ranges[i].what;
	return NULL;
}

static bool
in_range6(const unsigned char *address, const struct range6 *range)
{
	unsigned bits = range->bits, i;

	for (i = 0; bits >= 8; i++, bits -= 8)
		if (address[i] != range->first[i])
			return false;
	return bits == 0 || (address[i] ^ range->first[i]) >> (8 - bits) == 0;
}

static const char *
find6(const struct range6 *ranges, size_t n, const unsigned char *address)
{
	for (size_t i = 0; i < n; i++)
		if (in_range6(address, &ranges[i]))
			return ranges[i].what;
	return NULL;
}

/*
 * The IPv4 address that an IPv6 one leads to: mapped (::ffff:0:0/96),
 * compatible (::/96), NAT64 (64:ff9b::/96) or 6to4 (2002::/16).
 */
static bool
embedded4(const unsigned char *p, uint32_t *address)
{
	static const unsigned char zero[12];
	static const unsigned char mapped[12] = {[10] = 0xff, 0xff};
	static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};

	if (p[0] == 0x20 && p[1] == 0x02) {
		*address = word_be32(p + 2);
		return true;
	}
	*address = word_be32(p + 12);
	if (memcmp(p, mapped, 12) == 0 || memcmp(p, nat64, 12) == 0)
		return true;
	return memcmp(p, zero, 12) == 0 && *address > 1;
}

static const char *
refuse4(uint32_t address, bool public_only)
{
	const char *what = find4(closed4, COUNT(closed4), address);

	if (!what && public_only)
		what = find4(private4, COUNT(private4), address);
	return what;
}

static const char *
refuse6(const unsigned char *address, bool public_only)
{
	const char *what;
	uint32_t inner;

	if (embedded4(address, &inner))
		return refuse4(inner, public_only);
	what = find6(closed6, COUNT(closed6), address);
	if (!what && public_only)
		what = find6(private6, COUNT(private6), address);
	return what;
}

const char *
address_refuse(const struct sockaddr *address, bool public_only)
{
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&in4, address, sizeof(in4));
		return refuse4(ntohl(in4.sin_addr.s_addr), public_only);
	case AF_INET6:
		memcpy(&in6, address, sizeof(in6));
		return refuse6(in6.sin6_addr.s6_addr, public_only);
	default:
		return "unknown";
	}
}
