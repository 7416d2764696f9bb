#!/usr/bin/env bash
# What make installs, where it is told to, and takes away again.

. "${0%/*}/lib.sh"
need make gcc
unset MAKEFLAGS MAKELEVEL

programs=$(cd "$ROOT/cmd" && printf '%s\n' seg-*.c | sed 's/\.c$//')
pages=$(cd "$ROOT/man" && ls)

# make with the programs as they are built.
run_make()
{
	make -s -C "$ROOT" BUILD="$BIN" -o all DESTDIR="$PWD/root" "$@"
}

# The files an installation below $1 has, with directories by their defaults.
installed_files()
{
	local program page
	for program in $programs; do
		echo "$1/bin/$program"
		echo "$1/share/bash-completion/completions/$program"
		echo "$1/share/fish/vendor_completions.d/$program.fish"
	done
	for page in $pages; do
		echo "$1/share/man/man${page##*.}/$page"
	done
	echo "$1/share/man/man7/segtools.7"
	echo "$1/share/zsh/site-functions/_segtools"
}

mkdir root
ok 'it installs' run_make install
mapfile -t files < <(installed_files usr/local)
leaves 'programs, pages and completions' root "${files[@]}"
check 'segtools(7) is seg(7)' -o seg.7 \
	readlink root/usr/local/share/man/man7/segtools.7
ok 'it uninstalls' run_make uninstall
leaves 'and leaves nothing' root

# Where it is installed for good, directories are kept in mind.
rm -rf root
mkdir -p root/bin root/share/man/man1
touch root/share/man/man1/other.1
find root | sort > before
here=("DESTDIR=" "PREFIX=$PWD/root")
if command -v zsh > /dev/null; then
	check 'it tells what zsh needs' \
		-o "zsh completes when ~/.zshrc has, before compinit: fpath=($PWD/root/share/zsh/site-functions \$fpath)" \
		run_make install "${here[@]}"
else
	skip 'it tells what zsh needs' 'zsh is not installed'
fi
ok 'it installs over what is there' run_make install "${here[@]}"
ok 'it uninstalls among others' run_make uninstall "${here[@]}"
check 'and leaves what was there before, no more' -O before 'find root | sort'
rm -rf root
ok 'where nothing was' run_make install "${here[@]}"
ok 'it is taken away' run_make uninstall "${here[@]}"
ok 'with all directories that it made' test ! -e root

# Names of directories that a shell takes apart.
rm -rf root
ok 'into directories with spaces' run_make install DESTDIR= \
	"PREFIX=$PWD/root/a  b/c;d"
mapfile -t files < <(installed_files "a  b/c;d")
leaves 'all of it' root "${files[@]}" "a  b/c;d/share/segtools/made"
ok 'it is taken away from there' run_make uninstall DESTDIR= \
	"PREFIX=$PWD/root/a  b/c;d"
ok 'with the directories' test ! -e root
check 'a quote is refused' -s 2 \
	-E "*a directory whose name has a quote is not for make: $PWD/it's*" \
	run_make install DESTDIR= "PREFIX=$PWD/it's"
ok 'into the home directory' env HOME="$PWD/root" \
	make -s -C "$ROOT" BUILD="$BIN" -o all install 'PREFIX=~/.local'
ok 'it is there' test -x root/.local/bin/seg-coco
rm -rf root
ok 'a DESTDIR that is relative and not there yet' bounded 60 \
	make -s -C "$ROOT" BUILD="$BIN" -o all install \
	DESTDIR="$(realpath --relative-to="$ROOT" .)/new"
ok 'is made' test -x new/usr/local/bin/seg-coco
ok 'under another prefix' run_make install PREFIX=/opt/seg
mapfile -t files < <(installed_files opt/seg)
leaves 'all of it' root "${files[@]}"
check 'what is installed runs' -o 'seg-filter (segtools) 0.1.0' \
	root/opt/seg/bin/seg-filter --version
run_make uninstall PREFIX=/opt/seg

ok 'directories can be named' run_make install BINDIR=/b MANDIR=/m \
	BASHDIR=/c/bash ZSHDIR=/c/zsh FISHDIR=/c/fish
ok 'each of them' test -x root/b/seg-coco -a -e root/c/zsh/_segtools \
	-a -e root/c/bash/seg-coco -a -e root/c/fish/seg-coco.fish

# The archive of the sources, where there is git to make it.
if git -C "$ROOT" rev-parse -q --git-dir > /dev/null 2>&1; then
	archive()
	{
		mkdir -p dist &&
			make -s -C "$ROOT" BUILD="$PWD/dist" dist &&
			mv dist/segtools-*.tar.gz "$1"
	}
	ok 'an archive is made' archive one.tar.gz
	ok 'twice the same bytes, also for others' eval 'umask 077
		TZ=Asia/Tokyo archive two.tar.gz && cmp one.tar.gz two.tar.gz'
	tar -xzf one.tar.gz
	ok 'it has the files that are committed' diff \
		<(cd segtools-* && find . ! -type d | sed 's,^./,,' | sort) \
		<(git -C "$ROOT" ls-tree -r --name-only HEAD | sort)
	check 'it cannot make itself' -s 2 \
		-E '*make dist is for a checkout: here is no git*' \
		'GIT_CEILING_DIRECTORIES=$PWD make -s -C segtools-* dist'
fi

# Pages for a browser.
if command -v mandoc > /dev/null; then
	ok 'pages are made for a browser' make -s -C "$ROOT" BUILD="$PWD/www" \
		man-html
	check 'all of them' -O <(printf '%s.html\n' $pages | sort) \
		'ls www/html | sort'
	check 'each of their links leads to one' \
		"grep -ho 'href=\"[^\":]*\"' www/html/*.html | grep -v '\"#' |
		sed 's/href=\"//; s/[\"#].*//' | sort -u | while read -r page; do
			[ -e www/html/\$page ] || echo \$page
		done"
	ok 'and there are some' grep -q 'href="seg-record.5.html"' \
		www/html/seg.7.html
else
	skip 'pages are made for a browser' 'mandoc is not installed'
fi

# Nothing is added to the top level but files that begin with a dot.
if git -C "$ROOT" rev-parse --git-dir > told 2>&1; then
	check 'the top level is as it was' -o 'LICENSE
Makefile
README.md
cmd
common
completions
man
tests' "git -C '$ROOT' ls-files | sed 's,/.*,,' | grep -v '^[.]' | sort -u"
fi

done_testing
