# segtools: small programs over one library. GNU make; one file.
#
#   make            build the programs into build/
#   make deps       install what the build needs (Debian)
#   make deps-dev   install what the tests, lint and benchmarks need, too
#   make judges     the Python packages that the tests hold our output to
#   make torch      readers that need torch, after deps-torch: heavy
#   make engines    engines that check-cluster runs the recipes on
#   make demo       make training data of the small release in tests/demo
#   make check      run the tests
#   make check-cluster  the recipes of seg-cluster(7), after deps-cluster
#   make check-clang  once more, built by clang, with the plain kernels
#   make check-ports    without ISA-L, without AVX, for aarch64, after deps-ports
#   make sanitize   once more under ASan and UBSan; tsan: the threads under TSan
#   make check-slow more of them: hostile input, kills, what is large
#   make torture    each call of every program fails once
#   make coverage   what the tests reach of the code, and where they do not
#   make fuzz       each parser on random bytes, FUZZ_SECONDS each
#   make lint bench install uninstall dist deb man-html clean
#
# A new program is a new file cmd/seg-NAME.c; a new module is x.c with x.h in a
# folder of common/; a new test is tests/x.t or tests/unit/FOLDER/x_test.c. None
# needs an edit here.

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
CFLAGS = -std=c11 $(OPTIMIZE) $(HARDEN) $(WARN) $(WARN_C) $(EXTRA) \
	$(TRACE)
CXXFLAGS = -std=c++11 -fno-exceptions -fno-rtti $(OPTIMIZE) $(HARDEN) $(WARN) \
	$(EXTRA) $(TRACE)
LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(EXTRA)
LDLIBS = -ljson-c -llodepng -ljpeg -lcurl -lcrypto $(ISAL) -lz -lm -pthread

# ISA-L where its header is; `make ISAL=` builds with zlib alone.
ISAL := $(shell printf '\043include <isa-l/igzip_lib.h>\n' | \
	$(CC) -E -x c - >/dev/null 2>&1 && echo -lisal)
CPPFLAGS += $(if $(ISAL),,-DWITHOUT_ISAL)

# GCC 12 for aarch64 makes the address of a store from that of a load and then
# takes the store for none: a caller of prefix_code_assign has nothing of it.
MACHINE := $(shell $(CC) -dumpmachine)
ifneq ($(filter aarch64-%,$(MACHINE)),)
FIX := $(shell $(CC) -Werror -fno-ivopts -fsyntax-only -x c /dev/null \
	2>/dev/null && echo -fno-ivopts)
CFLAGS += $(FIX)
CXXFLAGS += $(FIX)
endif

LIBRARY = $(BUILD)/libseg.a
LIB_SOURCES = $(wildcard common/*/*.c common/*/*/*.c common/*/*.cc)
LIB_OBJECTS = $(patsubst %,$(BUILD)/%.o,$(LIB_SOURCES))
PROGRAMS = $(patsubst cmd/%.c,$(BUILD)/%,$(wildcard cmd/seg-*.c))
UNIT_TESTS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*/*_test.c))
# The torture knows the system calls of x86-64 alone.
TEST_TOOLS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tools/*.c)) \
	$(if $(filter x86_64-%,$(MACHINE)),$(addprefix $(BUILD)/tests/torture/, \
		shim.so careless))
FUZZERS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*_fuzz.c))
BENCHES = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*_bench.c))
TESTS = $(wildcard tests/*.t)
CLUSTER_TESTS = $(wildcard tests/cluster/*.t)
SOURCES = $(LIB_SOURCES) $(wildcard cmd/*.c common/*/*.h common/*/*/*.h \
	tests/*/*.[ch] tests/unit/*/*.c)
SCRIPTS = $(TESTS) $(wildcard tests/slow/*.t) $(CLUSTER_TESTS) $(wildcard tests/*.sh tests/cluster/*.sh \
	tests/bench/*.*sh tests/demo/generate .ci/run completions/*.bash)
PAGES = $(wildcard man/*.[157])

# Debian's names of what the build needs, what the tests do, and what lint does.
DEPS_BUILD = gcc g++ make libjson-c-dev liblodepng-dev libjpeg-dev \
	libcurl4-openssl-dev libisal-dev zlib1g-dev libssl-dev
DEPS_CHECK = perl jq mandoc nginx-light openssl zsh fish bash-completion \
	strace bsdutils python3-venv dpkg-dev lintian \
	tidy libxml2-utils chromium
DEPS_LINT = cppcheck clang libclang-rt-14-dev clang-format clang-tidy shellcheck
DEPS_BENCH = libdeflate-dev aria2 curl libnginx-mod-http-echo
DEPS_CLUSTER = parallel openssh-client openssh-server munge slurmctld slurmd \
	slurm-client default-jre-headless maven python3-venv
DEPS_TORCH = python3-torch python3-torchvision python3-venv
DEPS_PORTS = gcc-aarch64-linux-gnu g++-aarch64-linux-gnu qemu-user-static
DEPS_DEV = $(DEPS_BUILD) $(DEPS_CHECK) $(DEPS_LINT) $(DEPS_BENCH)

all: $(PROGRAMS)

# What is done in short; make V=1 shows the commands.
Q = $(if $(V),,@)

$(BUILD)/%.c.o: %.c Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CC   $<')
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -pthread -MMD -MP -c -o $@ $<

$(BUILD)/%.cc.o: %.cc Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CXX  $<')
	$(Q)$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(LIBRARY): $(LIB_OBJECTS)
	$(if $(V),,@echo '  AR   $@')
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/seg-%: $(BUILD)/cmd/seg-%.c.o $(LIBRARY)
	$(if $(V),,@echo '  LD   $@')
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/%: CPPFLAGS += -Itests/unit
$(BUILD)/tests/unit/% $(BUILD)/tests/tools/%: LDLIBS += -lm
$(BUILD)/tests/bench/%: LDLIBS += -ldeflate
# Preloaded by tests into programs, whatever these are built with.
$(BUILD)/tests/tools/%.so: tests/tools/%.so.c
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CC   $<')
	$(Q)$(CC) $(CPPFLAGS) -std=c11 -O2 $(WARN) $(WARN_C) -fPIC -shared -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.c.o $(LIBRARY)
	$(if $(V),,@echo '  LD   $@')
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Preloaded into programs, to make their calls fail.
$(BUILD)/tests/torture/shim.so: $(wildcard tests/torture/shim*.[ch]) Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD   $@')
	$(Q)$(CC) $(CPPFLAGS) -std=c11 $(OPTIMIZE) $(WARN) -fPIC -shared -o $@ \
		$(filter %.c,$^)

-include $(shell find $(BUILD) -name '*.c*.d' -type f 2>/dev/null)

tests: $(PROGRAMS) $(UNIT_TESTS) $(TEST_TOOLS)

# Some wait for the network or a clock, so there are more than processors. What
# takes longest begins first; what is of the sources alone is not run again.
JOBS := $(shell echo $$((2 * $$(nproc))))
PROVE = @MAKEFLAGS= SEGTOOLS_BIN=$(abspath $(BUILD)) prove -j$(JOBS)
FIRST = $(wildcard $(patsubst %,tests/%.t,hostile wrong-input completions \
	seg-fetch-runs progress seg-view-browser seg-samples rle_coco torture))
ONCE = $(patsubst %,tests/%.t,completions layers lib make)
AGAIN = $(filter-out $(ONCE),$(TESTS))

check: tests
	$(PROVE) $(filter $(FIRST),$(TESTS)) $(filter-out $(FIRST),$(TESTS)) \
		$(UNIT_TESTS)

# They use the processors, and limit the time of each run.
check-slow: JOBS = $(shell nproc)

# The recipes of seg-cluster(7), on the engines that are there: one at a time, as
# each takes all processors.
check-cluster: JOBS = 1
check-cluster: tests
	$(PROVE) $(CLUSTER_TESTS)

# What takes minutes.
check-slow: tests
	$(PROVE) $(wildcard tests/slow/*.t)

# As the other compiler builds it, with the plain kernels.
check-clang:
	SEG_KERNEL=plain $(MAKE) BUILD=$(BUILD)/clang CC=clang CXX=clang++ \
		TESTS='$(AGAIN)' check

# The whole suite once more, under AddressSanitizer and UBSan.
sanitize:
	SEGTOOLS_SANITIZED=1 UBSAN_OPTIONS=print_stacktrace=1 \
	$(MAKE) BUILD=$(BUILD)/sanitize HARDEN= EXTRA='-fsanitize=address,undefined -fno-sanitize-recover=all' \
		TESTS='$(AGAIN)' check

# See tests/README.md; TORTURE='--only RE' and the like for a part of it.
torture: tests
	perl tests/torture/run.pl $(BUILD) $(TORTURE)

# Lines and branches that the suite and the torture reach. The sandbox would
# keep programs from leaving their counts; a test that fails for the counting
# is no matter here. COVERAGE_LINES=FILE,... prints what is not reached of these.
coverage:
	find $(BUILD)/coverage -name '*.gcda' -delete 2>/dev/null || true
	-SEG_NO_SANDBOX=1 SEGTOOLS_SANITIZED=1 \
	GCOV_ERROR_FILE=$(abspath $(BUILD))/coverage/errors \
	$(MAKE) BUILD=$(BUILD)/coverage OPTIMIZE='-O0 -g' HARDEN= \
		EXTRA="--coverage -fprofile-update=atomic -DINLINE='static inline'" \
		-k check torture
	tests/coverage.pl $(BUILD)/coverage

# Other machines: built with zlib in ISA-L's place, run on a processor that has
# neither AVX nor BMI, and built and run for aarch64, the last two by qemu.
# Without the tests that need what an emulator has not, or that take hours there:
# the programs' own, and all unit tests. Some four minutes of processor time.
PORT_TESTS = $(addprefix tests/seg-,samples.t filter.t frames.t decode.t \
	coco.t yolo.t mask.t stat.t diff.t) tests/demo.t
.PHONY: check-ports check-zlib check-old check-arm64
check-ports: check-zlib check-old check-arm64

check-zlib:
	$(MAKE) BUILD=$(BUILD)/zlib ISAL= TESTS='$(PORT_TESTS)' check

check-old: tests
	tests/emulate.sh $(BUILD) 'qemu-x86_64-static -cpu Nehalem' \
		$(PORT_TESTS)

ARM64 = $(BUILD)/arm64
ARM64_ROOT = $(abspath $(BUILD))/arm64-root
check-arm64: $(ARM64_ROOT)/done
	$(MAKE) BUILD=$(ARM64) AR=aarch64-linux-gnu-ar \
		CC='$(CCACHE) aarch64-linux-gnu-gcc --sysroot=$(ARM64_ROOT)' \
		CXX='$(CCACHE) aarch64-linux-gnu-g++ --sysroot=$(ARM64_ROOT)' tests
	tests/emulate.sh $(ARM64) 'qemu-aarch64-static -L $(ARM64_ROOT)' \
		$(PORT_TESTS)

$(ARM64_ROOT)/done: tests/arm64.sh
	rm -rf $(ARM64_ROOT)
	tests/arm64.sh $(ARM64_ROOT) $(filter lib% zlib%,$(DEPS_BUILD)) > /dev/null
	touch $@

# Each target of tests/fuzz for FUZZ_SECONDS, by clang's libFuzzer. Releases and
# COCO files are read through a window that their parts do not fit into.
FUZZ_SECONDS = 60
SANITIZERS = address,undefined
FUZZED = -fsanitize=$(SANITIZERS) -fno-sanitize-recover=all -DSOURCE_WINDOW=256
fuzz:
	$(MAKE) BUILD=$(BUILD)/fuzz CC=clang CXX=clang++ HARDEN= \
		EXTRA='$(FUZZED)' \
		TRACE=-fsanitize=fuzzer-no-link fuzzers
	FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run.sh $(BUILD)/fuzz/tests/fuzz

# TRACE tells the fuzzer where it has been: in the library alone, and where
# pixels are compared not of each comparison, which costs thirty times as much.
fuzzers: $(FUZZERS)
$(BUILD)/tests/fuzz/%: LDFLAGS += -fsanitize=fuzzer
$(BUILD)/tests/fuzz/%.c.o: override TRACE =
ifneq ($(TRACE),)
PIXELS = $(wildcard $(patsubst %,common/%*.c,codec/inflate codec/huffman \
	codec/deflate image/bitmap image/trace image/rasterize image/simplify))
$(PIXELS:%=$(BUILD)/%.o): override TRACE += -fno-sanitize-coverage=trace-cmp
endif

# What runs in threads, under ThreadSanitizer.
THREADED = tests/seg-decode.t tests/seg-coco.t tests/seg-fetch.t \
	tests/seg-eval.t tests/seg-view.t
THREADED_UNITS = tests/unit/flow/*_test.c tests/unit/base/crew_test.c \
	tests/unit/report/coco_input_test.c
tsan:
	SEGTOOLS_SANITIZED=1 TSAN_OPTIONS=halt_on_error=1 \
	$(MAKE) BUILD=$(BUILD)/tsan HARDEN= EXTRA=-fsanitize=thread \
		UNIT_TESTS='$$(patsubst %.c,$$(BUILD)/%,$$(wildcard $(THREADED_UNITS)))' \
		TESTS='$(wildcard $(THREADED))' check

# The judges of our output, in a Python of their own. panopticapi-lite asks for
# an old numpy that it does not need; ultralytics for torch, which its readers
# of labels do not need.
JUDGES = $(BUILD)/judges
judges: $(JUDGES)/done

$(JUDGES)/done: tests/judges.txt tests/judges-alone.txt
	rm -rf $(JUDGES)
	python3 -m venv $(JUDGES)
	$(JUDGES)/bin/pip install -q -r tests/judges.txt
	$(JUDGES)/bin/pip install -q --no-deps -r tests/judges-alone.txt
	touch $@

# Readers that need torch, which is the system's; for tests/torch.t. detectron2
# is not on PyPI: PYTHONPATH may have a checkout, whose needs are here.
TORCH = $(BUILD)/torch
torch: $(TORCH)/done

$(TORCH)/done: tests/torch.txt
	rm -rf $(TORCH)
	/usr/bin/python3 -m venv --system-site-packages $(TORCH)
	$(TORCH)/bin/pip install -q -r tests/torch.txt
	touch $@

# Engines from PyPI and Maven. Hadoop Streaming is not in what pyspark brings
# of Hadoop; it is the newest that there is.
ENGINES = $(BUILD)/engines
HADOOP_STREAMING = org.apache.hadoop:hadoop-streaming:3.4.2
engines: $(ENGINES)/done

$(ENGINES)/done: tests/engines.txt
	rm -rf $(ENGINES)
	python3 -m venv $(ENGINES)
	$(ENGINES)/bin/pip install -q -r tests/engines.txt
	cd $(ENGINES) && mvn -B -q dependency:copy \
		-Dartifact=$(HADOOP_STREAMING) -DoutputDirectory=$(abspath $(ENGINES))
	touch $@

# clang-tidy, a file each, as .clang-tidy says.
TIDIED = $(filter %.c,$(LIB_SOURCES)) $(wildcard cmd/*.c)
tidy: $(TIDIED:%=$(BUILD)/tidy/%.done)

$(BUILD)/tidy/%.done: % $(wildcard common/*/*.h common/*/*/*.h)
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- $(CPPFLAGS) -std=c11
	@touch $@

# What gcc and cppcheck find by following paths; clang's analyzer, that of
# scan-build, is among the checks of clang-tidy.
# gcc's does not end on vectors of intrinsics, takes those of inflate_fast and
# bitmap_turn for unset, and a malloc for a leak. cppcheck takes NULL at the end
# of a list of words for an int, one ?: for none, and macros of constants for
# slips.
ANALYZED = $(filter-out common/base/mem.c common/codec/inflate_fast.c \
	common/image/bitmap_turn.c common/json/kernel/avx%, \
	$(filter %.c,$(LIB_SOURCES)) $(wildcard cmd/*.c))
analyze: cppcheck $(ANALYZED:%=$(BUILD)/analyze/%.done)

cppcheck:
	cppcheck --quiet --std=c11 --error-exitcode=1 -j$(shell nproc) \
		--enable=warning,performance,portability \
		--suppress=varFuncNullUB --suppress=internalAstError \
		--suppress=duplicateExpression \
		'-D_Noreturn=__attribute__((noreturn))' $(CPPFLAGS) common cmd

$(BUILD)/analyze/%.done: % $(wildcard common/*/*.h common/*/*/*.h)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  ANALYZE $<')
	$(Q)gcc $(CPPFLAGS) -std=c11 -fanalyzer -Werror -S -o /dev/null $<
	@touch $@

# Format, warnings of both compilers as errors, clang-tidy, what is found by
# following paths, scripts, pages. All but the compilers: lint-sources.
lint:
	$(MAKE) -j$(shell nproc) lint-sources
	$(MAKE) -j$(shell nproc) BUILD=$(BUILD)/lint-gcc EXTRA=-Werror tests
	$(MAKE) -j$(shell nproc) BUILD=$(BUILD)/lint-clang CC=clang CXX=clang++ \
		EXTRA=-Werror tests

lint-sources: analyze tidy
	@clang-format --dry-run -Werror $(SOURCES)
	@shellcheck $(SCRIPTS)
	mandoc -T lint -W warning $(PAGES)

bench: all $(BENCHES) $(TEST_TOOLS)
	SEGTOOLS_BIN=$(abspath $(BUILD)) tests/bench/run.sh

# The makefile of seg(7) on a copy of tests/demo, where the files of the release
# are in segments/, as seg-fetch leaves them: nothing is asked of the network.
DEMO = $(BUILD)/demo
demo: all
	@mkdir -p $(DEMO)
	@cp -Rp tests/demo/release.json tests/demo/segments tests/demo/Makefile \
		$(DEMO)
	@PATH="$(abspath $(BUILD)):$$PATH" $(MAKE) -C $(DEMO)
	@head -n 4 $(DEMO)/train.json | cut -c 1-120
	@echo 'It is in $(DEMO)/train.json; masks, pages and more stand beside.'

# Debian and its kin; elsewhere the list is what to look for.
deps: PACKAGES = $(DEPS_BUILD)
deps-dev: PACKAGES = $(DEPS_DEV)
deps-cluster: PACKAGES = $(DEPS_CLUSTER)
deps-ports: PACKAGES = $(DEPS_PORTS)
deps-torch: PACKAGES = $(DEPS_TORCH)
deps deps-dev deps-cluster deps-ports deps-torch:
	@missing=; for p in $(PACKAGES); do \
		dpkg-query -W -f '$${Status}' $$p 2>/dev/null | \
			grep -q 'ok installed' || missing="$$missing $$p"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	if ! command -v apt-get >/dev/null; then \
		echo "install what your system calls these:$$missing" >&2; \
		exit 1; \
	fi; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo apt-get update -q && \
	$$sudo env DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends $$missing

# Where a directory is to be, as a word of the shell: with spaces as well, and ~
# where the shell leaves it.
at = '$(DESTDIR)$(if $(filter ~/%,$(firstword $(1))),$(HOME)$(patsubst ~%,%,$(1)),$(1))'
empty =
NO_QUOTE = $(if $(findstring ',$(DESTDIR)$(PREFIX)$(INSTALL_DIRS)), \
	$(error a directory whose name has a quote is not for make: $(DESTDIR)$(PREFIX)))

# Directories that are made are listed, the innermost first, for uninstall; what
# is built for a package (DESTDIR) needs no list.
SECTIONS = $(sort $(subst .,,$(suffix $(PAGES))))
MADE = $(PREFIX)/share/segtools/made
INSTALL_DIRS = $(BINDIR) $(BASHDIR) $(ZSHDIR) $(FISHDIR) $(MANDIR)

install: all
	$(NO_QUOTE)set -e; made=; \
	end=$$(printf '\nx'); end=$${end%x}; \
	for dir in $(if $(DESTDIR),,$(call at,$(PREFIX)/share/segtools)) \
		$(call at,$(BINDIR)) $(call at,$(BASHDIR)) \
		$(call at,$(ZSHDIR)) $(call at,$(FISHDIR)) \
		$(foreach n,$(SECTIONS),$(call at,$(MANDIR)/man$n)); do \
		new=; up=$${dir%/}; \
		while [ -n "$$up" ] && [ ! -d "$$up" ]; do \
			new="$$new$$up$$end"; \
			case $$up in */*) up=$${up%/*} ;; *) up= ;; esac; \
		done; \
		install -d "$$dir"; made="$$new$$made"; \
	done; [ -z '$(DESTDIR)' ] || exit 0; list=$(call at,$(MADE)); \
	touch "$$list"; \
	{ printf '%s' "$$made"; cat "$$list"; } > "$$list.new"; \
	mv "$$list.new" "$$list"
	install -m 755 $(PROGRAMS) $(call at,$(BINDIR))
	set -e; for page in $(PAGES); do \
		install -m 644 $$page $(call at,$(MANDIR))/man$${page##*.}; \
	done
	ln -sf seg.7 $(call at,$(MANDIR)/man7/segtools.7)
	install -m 644 completions/_segtools $(call at,$(ZSHDIR))
	set -e; for program in $(notdir $(PROGRAMS)); do \
		install -m 644 completions/segtools.bash \
			$(call at,$(BASHDIR))/$$program; \
		install -m 644 completions/segtools.fish \
			$(call at,$(FISHDIR))/$$program.fish; \
	done
	@[ -n '$(DESTDIR)' ] || ! command -v zsh > /dev/null || \
		zsh -c 'print -l $$fpath' | grep -qxF $(call at,$(ZSHDIR)) || \
		echo 'zsh completes when ~/.zshrc has, before compinit:' \
			'fpath=($(subst $(empty) $(empty),\ ,$(ZSHDIR)) $$fpath)'

uninstall:
	$(NO_QUOTE)cd $(call at,$(BINDIR)) && rm -f $(notdir $(PROGRAMS))
	cd $(call at,$(BASHDIR)) && rm -f $(notdir $(PROGRAMS))
	cd $(call at,$(FISHDIR)) && rm -f $(addsuffix .fish,$(notdir $(PROGRAMS)))
	rm -f $(call at,$(ZSHDIR))/_segtools
	for page in $(PAGES) man/segtools.7; do \
		rm -f $(call at,$(MANDIR))/man$${page##*.}/$${page##*/}; \
	done
	@[ -z '$(DESTDIR)' ] || exit 0; list=$(call at,$(MADE)); \
		made=$$(cat "$$list" 2> /dev/null); rm -f "$$list"; \
		printf '%s\n' "$$made" | while IFS= read -r dir; do \
			rmdir "$$dir" 2> /dev/null || :; \
		done

# The same bytes from the same commit, whoever makes it.
dist:
	@git rev-parse --git-dir >/dev/null 2>&1 || \
		{ echo 'make dist is for a checkout: here is no git' >&2; exit 1; }
	@mkdir -p $(BUILD)
	git -c tar.umask=0022 -c core.autocrlf=false archive --format=tar \
		--prefix=segtools-$(VERSION)/ HEAD | \
		gzip -9n > $(BUILD)/segtools-$(VERSION).tar.gz

.PHONY: deb man-html deps-ports deps-torch
# A package for Debian and its kin, of the programs as they are built. Its
# tools want a folder called debian.
DEB = $(abspath $(BUILD))/deb
deb: all
	rm -rf $(DEB) $(BUILD)/*.deb
	$(MAKE) -s install DESTDIR=$(DEB) PREFIX=/usr \
		ZSHDIR=/usr/share/zsh/vendor-completions > /dev/null
	strip --remove-section=.comment --remove-section=.note \
		$(addprefix $(DEB)/usr/bin/,$(notdir $(PROGRAMS)))
	gzip -9n $$(find $(DEB)/usr/share/man -type f)
	ln -sf seg.7.gz $(DEB)/usr/share/man/man7/segtools.7.gz
	rm $(DEB)/usr/share/man/man7/segtools.7
	install -d $(DEB)/DEBIAN $(DEB)/usr/share/doc/segtools
	install -m 644 .debian/copyright $(DEB)/usr/share/doc/segtools
	gzip -9nc .debian/changelog \
		> $(DEB)/usr/share/doc/segtools/changelog.Debian.gz
	rm -rf $(DEB)-tools && mkdir -p $(DEB)-tools
	ln -s $(CURDIR)/.debian $(DEB)-tools/debian
	cd $(DEB)-tools && dpkg-shlibdeps -O $(DEB)/usr/bin/* > substvars
	cd $(DEB)-tools && dpkg-gencontrol -psegtools -P$(DEB) -Tsubstvars \
		-ffiles
	SOURCE_DATE_EPOCH=$$(dpkg-parsechangelog -l.debian/changelog \
		-S Timestamp) dpkg-deb --root-owner-group -Zxz -b $(DEB) $(BUILD)

# Pages for a browser, linked to each other.
man-html: $(patsubst man/%,$(BUILD)/html/%.html,$(PAGES))

$(BUILD)/html/%.html: man/%
	@mkdir -p $(@D)
	cd man && mandoc -T html -W error \
		-O 'toc,man=%N.%S.html;https://manpages.debian.org/%N.%S' \
		$* > $(abspath $@)

clean:
	rm -rf $(BUILD)

.PHONY: all tests check check-slow check-clang check-cluster sanitize tsan coverage \
	analyze tidy torture fuzz fuzzers judges torch engines lint \
	lint-sources cppcheck bench demo deps deps-dev \
	deps-cluster install uninstall dist clean
.SECONDARY:
.DELETE_ON_ERROR:
