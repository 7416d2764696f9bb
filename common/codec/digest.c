#include "codec/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct digest {
	EVP_MD_CTX *context;
};

/* Looked up once: libcrypto's own look-up costs more than a short hash. */
static const EVP_MD *
sha256(void)
{
	static const EVP_MD *fetched;
	const EVP_MD *known = __atomic_load_n(&fetched, __ATOMIC_ACQUIRE);

	if (known)
		return known;
	known = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!known)
		known = EVP_sha256();
	__atomic_store_n(&fetched, known, __ATOMIC_RELEASE);
	return known;
}

struct digest *
digest_open(void)
{
	struct digest *digest = xcalloc(1, sizeof(*digest));

	digest->context = EVP_MD_CTX_new();
	if (!digest->context)
		mem_exhausted();
	digest_reset(digest);
	return digest;
}

void
digest_close(struct digest *digest)
{
	if (!digest)
		return;
	EVP_MD_CTX_free(digest->context);
	free(digest);
}

void
digest_reset(struct digest *digest)
{
	if (!EVP_DigestInit_ex(digest->context, sha256(), NULL))
		mem_exhausted();
}

void
digest_put(struct digest *digest, const void *p, size_t n)
{
	EVP_DigestUpdate(digest->context, p, n);
}

void
digest_get(struct digest *digest, unsigned char sum[DIGEST_SIZE])
{
	EVP_DigestFinal_ex(digest->context, sum, NULL);
}

uint64_t
digest_hash(struct slice bytes)
{
	unsigned char sum[DIGEST_SIZE];
	uint64_t hash = 0;

	if (!EVP_Digest(bytes.p, bytes.n, sum, NULL, sha256(), NULL))
		mem_exhausted();
	for (int i = 0; i < 8; i++)
		hash = hash << 8 | sum[i];
	return hash;
}

void
digest_put_hex(struct buf *to, const unsigned char *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		buf_putc(to, digits[p[i] >> 4]);
		buf_putc(to, digits[p[i] & 15]);
	}
}
