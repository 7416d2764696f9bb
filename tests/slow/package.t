#!/usr/bin/env bash
# The package for Debian that make deb makes.

. "${0%/*}/../lib.sh"
need make gcc dpkg-deb dpkg-shlibdeps
unset MAKEFLAGS MAKELEVEL

cp -R "$BIN" build && rm -rf build/tests build/common build/cmd
package()
{
	rm -rf build/deb
	make -s -C "$ROOT" BUILD="$PWD/build" -o all deb > said 2>&1 &&
		mv build/segtools_*.deb "$1"
}
ok 'a Debian package is made' package one.deb
ok 'twice the same bytes' eval 'package two.deb && cmp one.deb two.deb'
dpkg-deb -x one.deb package
ok 'it has what install has, where Debian has it' diff \
	<(make -s -C "$ROOT" BUILD="$BIN" -o all DESTDIR="$PWD/root" \
		PREFIX=/usr install > /dev/null &&
	cd root && find usr ! -type d | sed -e 's,zsh/site-functions,zsh/vendor-completions,' \
		-e 's,^\(usr/share/man/.*\),\1.gz,' | sort) \
	<(cd package && find usr ! -type d ! -path '*/doc/*' | sort)
check 'its programs run' -o 'seg-coco (segtools) 0.1.0' \
	package/usr/bin/seg-coco --version
check 'the link of the page leads to one' gunzip -t \
	package/usr/share/man/man7/segtools.7.gz
if command -v lintian > /dev/null; then
	check 'lintian has no error' \
		'lintian --allow-root --fail-on error one.deb > said'
else
	skip 'lintian has no error' 'lintian is not installed'
fi

done_testing
