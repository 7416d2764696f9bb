#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "net/address.h"
#include "tap.h"

/* Refused always, refused with public_only, or never. */
enum { ALWAYS, PRIVATE, NEVER };

static const struct {
	const char *address;
	int when;
} rows[] = {
	{"169.254.169.254", ALWAYS},
	{"169.254.0.1", ALWAYS},
	{"169.253.255.255", NEVER},
	{"169.255.0.0", NEVER},
	{"100.100.100.200", ALWAYS},
	{"192.0.0.192", ALWAYS},
	{"fe80::1", ALWAYS},
	{"febf::1", ALWAYS},
	{"fd00:ec2::254", ALWAYS},
	{"fd20:ce::254", ALWAYS},
	{"::ffff:169.254.169.254", ALWAYS},
	{"::169.254.169.254", ALWAYS},
	{"64:ff9b::169.254.169.254", ALWAYS},
	{"2002:a9fe:a9fe::1", ALWAYS},
	{"127.0.0.1", PRIVATE},
	{"127.255.255.254", PRIVATE},
	{"0.0.0.0", PRIVATE},
	{"0.1.2.3", PRIVATE},
	{"10.0.0.1", PRIVATE},
	{"10.255.255.255", PRIVATE},
	{"100.64.0.1", PRIVATE},
	{"100.127.255.255", PRIVATE},
	{"172.16.0.1", PRIVATE},
	{"172.31.255.255", PRIVATE},
	{"192.168.1.1", PRIVATE},
	{"192.0.2.1", PRIVATE},
	{"198.19.255.255", PRIVATE},
	{"224.0.0.1", PRIVATE},
	{"255.255.255.255", PRIVATE},
	{"::", PRIVATE},
	{"::1", PRIVATE},
	{"::ffff:127.0.0.1", PRIVATE},
	{"::ffff:10.1.2.3", PRIVATE},
	{"64:ff9b::10.0.0.1", PRIVATE},
	{"2002:7f00:1::", PRIVATE},
	{"fc00::1", PRIVATE},
	{"fdff::1", PRIVATE},
	{"ff02::1", PRIVATE},
	{"2001:db8::1", PRIVATE},
	{"fec0::1", PRIVATE},
	{"1.1.1.1", NEVER},
	{"9.255.255.255", NEVER},
	{"11.0.0.0", NEVER},
	{"100.63.255.255", NEVER},
	{"100.128.0.0", NEVER},
	{"126.255.255.255", NEVER},
	{"128.0.0.0", NEVER},
	{"172.15.255.255", NEVER},
	{"172.32.0.0", NEVER},
	{"192.167.255.255", NEVER},
	{"223.255.255.255", NEVER},
	{"2606:4700::1111", NEVER},
	{"::ffff:8.8.8.8", NEVER},
	{"64:ff9b::8.8.8.8", NEVER},
	{"fbff::1", NEVER},
};

static bool
refused(const char *text, bool public_only)
{
	struct sockaddr_in in4 = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr_storage any = {0};

	if (inet_pton(AF_INET, text, &in4.sin_addr) == 1)
		memcpy(&any, &in4, sizeof(in4));
	else if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
		memcpy(&any, &in6, sizeof(in6));
	return address_refuse((struct sockaddr *)&any, public_only) != NULL;
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ok(refused(rows[i].address, false) == (rows[i].when == ALWAYS),
		   "%s", rows[i].address);
		ok(refused(rows[i].address, true) == (rows[i].when != NEVER),
		   "%s, public addresses only", rows[i].address);
	}
	return done_testing();
}
