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
	echo "$1/share/zsh/site-functions/_segtools"
}

mkdir root
ok 'it installs' run_make install
mapfile -t files < <(installed_files usr/local)
leaves 'programs, pages and completions' root "${files[@]}"
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

done_testing
