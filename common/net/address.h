/*
 * Which network addresses may be asked. A release names hosts, and a host's
 * name may lead anywhere: to the services that hand out a cloud machine's
 * credentials, or into the network that the machine stands in.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/*
 * What kind of address it is that may not be asked, such as "link-local";
 * static, or NULL where it may. Link-local and cloud metadata addresses never
 * may; with `public_only` no address of a private range, either.
 */
const char *address_refuse(const struct sockaddr *address, bool public_only);

#endif
