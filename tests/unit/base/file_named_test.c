/* The tests of file.h where there are no files without a name. */
#include <fcntl.h>
#undef O_TMPFILE

#include "base/file.c"
#include "file_test.c"
