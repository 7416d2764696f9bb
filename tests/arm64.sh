#!/usr/bin/env bash
# tests/arm64.sh ROOT PACKAGE ...: Debian's libraries for aarch64 in ROOT, from
# where this system has its packages, to build and to run with; nothing is
# installed, so nothing of the system changes and no one need be root.
set -eu

root=$1
shift
mkdir -p "$root/apt/lists/partial" "$root/apt/archives/partial"
root=$(cd "$root" && pwd)
: > "$root/apt/status"
options=(-q -y -o APT::Architecture=arm64 -o APT::Architectures=arm64
	-o APT::Install-Recommends=false -o APT::Sandbox::User=root
	-o Dir::State="$root/apt" -o Dir::State::lists="$root/apt/lists"
	-o Dir::State::status="$root/apt/status" -o Dir::Cache="$root/apt"
	-o Dir::Cache::archives="$root/apt/archives")
apt-get "${options[@]}" update
apt-get "${options[@]}" install --download-only "$@"
for package in "$root"/apt/archives/*.deb; do
	dpkg-deb -x "$package" "$root"
done
rm -r "$root/apt"
