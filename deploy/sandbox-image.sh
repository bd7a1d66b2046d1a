#!/usr/bin/env bash
# Makes the image that the container engine runs repositories' code in, without a registry: a Debian of your own by
# debootstrap, imported under a tag. Needs root, debootstrap, and docker or podman. About a minute or two.
#
#   sudo deploy/sandbox-image.sh                        # tag pullwright-sandbox, for docker
#   sudo deploy/sandbox-image.sh --engine podman --include "$(deploy/sandbox-image.sh --packages),golang-go"
#   sudo deploy/sandbox-image.sh --tar image.tar        # only the archive: docker import image.tar pullwright-sandbox
set -euo pipefail
engine=docker tag=pullwright-sandbox suite=bookworm mirror=http://deb.debian.org/debian archive=""
packages=bash,ca-certificates,coreutils,curl,git,procps,python3,python3-pytest,python3-venv,ripgrep,util-linux
include="$packages,build-essential,nodejs,npm"
while [ $# -gt 0 ]; do
  case "$1" in
    --engine) engine=$2; shift 2 ;;
    --tag) tag=$2; shift 2 ;;
    --suite) suite=$2; shift 2 ;;
    --mirror) mirror=$2; shift 2 ;;
    --include) include=$2; shift 2 ;;
    --tar) archive=$2; shift 2 ;;
    --packages) echo "$include"; exit 0 ;;
    *) echo "unknown option $1; see the head of $0" >&2; exit 2 ;;
  esac
done
[ "$(id -u)" = 0 ] || { echo "debootstrap needs root" >&2; exit 1; }
place=$(mktemp -d "${TMPDIR:-/var/tmp}/sandbox-image.XXXXXX")
trap 'rm -rf --one-file-system "$place"' EXIT
root=$place/root
debootstrap --variant=minbase --include="$include" "$suite" "$root" "$mirror" >"$place/log" 2>&1 ||
  { tail -n 20 "$place/log" "$root/debootstrap/debootstrap.log" >&2 || true; exit 1; }
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/usr/share/doc/* \
  "$root"/usr/share/man/* "$root"/usr/share/locale/*
# Nothing in a sandbox may gain rights; no-new-privileges says so to the kernel, this says it to everyone.
find "$root" -xdev -type f -perm /6000 -exec chmod a-s {} +
# What is bind-mounted over must exist in an image whose root is read-only.
mkdir -p "$root/workspace" "$root/home/agent" "$root/out" "$root/egress" "$root/toolchains"
: >"$root/etc/hosts"; : >"$root/etc/resolv.conf"; : >"$root/etc/hostname"
if [ -n "$archive" ]; then
  tar -C "$root" --numeric-owner --one-file-system -cf "$archive.part" . && mv "$archive.part" "$archive"
  echo "$archive"
else
  tar -C "$root" --numeric-owner --one-file-system -c . | "$engine" import - "$tag" >/dev/null
  echo "SANDBOX_IMAGE=$tag"
fi
