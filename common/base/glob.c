#include "base/glob.h"

#include <fnmatch.h>
#include <locale.h>

void
glob_prepare(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
}

bool
glob_matches(const char *pattern, const char *text)
{
	return fnmatch(pattern, text, 0) == 0;
}
