#!/bin/bash
# Runs /machine/user-data.sh as a new machine would: as root, in a root file system of its own that lies over this machine's and is gone with
# this process. Run by `unshare --mount --pid --fork`, with the folder that is to be /machine. Then it waits for its input to end.
set -euo pipefail
shared=$1
mkdir -p "$shared/disk"
mount -t tmpfs tmpfs "$shared/disk"
mkdir "$shared"/disk/{upper,work,root}
root=$shared/disk/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$shared/disk/upper,workdir=$shared/disk/work" "$root"
mkdir -p "$root/machine" "$root/opt/aws/bin"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$shared" "$root/machine"
for stub in dnf aws systemctl journalctl; do install -m 755 "$shared/stubs/$stub.sh" "$root/usr/local/bin/$stub"; done
install -m 755 "$shared/stubs/cfn-signal.sh" "$root/opt/aws/bin/cfn-signal"
# shellcheck disable=SC2016
exec chroot "$root" /usr/bin/env --ignore-environment PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin /bin/bash -c '
  set -a; . /machine/environment; set +a
  code=0
  bash /machine/user-data.sh >/machine/output 2>&1 </dev/null || code=$?
  for process in /proc/[0-9]*; do
    printf "%s %s\n" "$(stat --format %U "$process")" "$(tr "\0" " " <"$process/cmdline")"
  done >/machine/processes 2>/dev/null
  find /opt/caching-workshop /etc/caching-workshop "(" ! -user root -o -perm /022 ")" >/machine/changeable 2>/dev/null
  printf "ended %s\n" "$code"
  read -r _
'
