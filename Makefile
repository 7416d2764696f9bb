# segtools: small programs over one library. GNU make; one file.
#
#   make            build the programs into build/
#   make deps       install what the build, the tests and lint need (Debian)
#   make check      run the tests
#
# A new program is a new file cmd/seg-NAME.c; a new module is common/x.c with
# x.h; a new test is tests/x.t or tests/unit/x_test.c. None needs an edit here.

VERSION = 0.1.0

PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
BASHDIR = $(PREFIX)/share/bash-completion/completions
ZSHDIR = $(PREFIX)/share/zsh/site-functions
FISHDIR = $(PREFIX)/share/fish/vendor_completions.d

BUILD = build
CC = gcc
CXX = g++
AR = ar

OPTIMIZE = -O2 -g
HARDEN = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wwrite-strings -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wundef \
	-Wvla
WARN_C = -Wstrict-prototypes -Wmissing-prototypes
CPPFLAGS = -D_GNU_SOURCE -DSEGTOOLS_VERSION='"$(VERSION)"' -Icommon
CFLAGS = -std=c11 $(OPTIMIZE) $(HARDEN) $(WARN) $(WARN_C) $(EXTRA)
CXXFLAGS = -std=c++11 -fno-exceptions -fno-rtti $(OPTIMIZE) $(HARDEN) $(WARN) \
	$(EXTRA)
LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(EXTRA)
LDLIBS = -ljson-c -llodepng -lcurl -lcrypto -lisal -lz -lm -pthread

LIBRARY = $(BUILD)/libseg.a
LIB_OBJECTS = $(patsubst %,$(BUILD)/%.o,$(wildcard common/*.c common/*.cc))
PROGRAMS = $(patsubst cmd/%.c,$(BUILD)/%,$(wildcard cmd/seg-*.c))
UNIT_TESTS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*_test.c))
TESTS = $(wildcard tests/*.t)

all: $(PROGRAMS)

$(BUILD)/%.c.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -pthread -MMD -MP -c -o $@ $<

$(BUILD)/%.cc.o: %.cc Makefile
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(LIBRARY): $(LIB_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/seg-%: $(BUILD)/cmd/seg-%.c.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.c.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

unit: $(UNIT_TESTS)

clean:
	rm -rf $(BUILD)

.PHONY: all unit clean
.SECONDARY:
