#!/bin/bash
# As much of systemd as the setup asks for: a unit's program is started as its user, with its variables and those that stand for this machine's own.
case "$*" in
  daemon-reload) ;;
  'enable --now caching-workshop.service')
    unit=/etc/systemd/system/caching-workshop.service
    setting() { sed --quiet "s/^$1=//p" "$unit"; }
    mapfile -t variables < <(cat "$(setting EnvironmentFile)" /machine/environment)
    cd "$(setting WorkingDirectory)" || exit
    read -ra command < <(setting ExecStart)
    env --ignore-environment "${variables[@]}" setsid \
      /usr/sbin/runuser --user "$(setting User)" -- "${command[@]}" >>/machine/journal 2>&1 </dev/null &
    ;;
  poweroff) : >/machine/powered-off ;;
  *)
    printf 'systemctl: not expected: %s\n' "$*" >&2
    exit 1
    ;;
esac
