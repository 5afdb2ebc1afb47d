#!/usr/bin/env bash
# Goal: the same programs packed in another folder, later, in another time zone, and with notices and umask of other modes are the same debs and rpms, byte for byte
# System: none
# CI: yes
# Note: ./dev reproducible builds the programs once more, too
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

# The commit's time, whichever second this runs in, is the only one that may be in them.
sleep 1.1
(
  cd "$REPOSITORY"
  bash -euo pipefail -c 'source tools/package.sh; source tools/reproducible.sh; CopyElsewhere "$0"' "$WORK/elsewhere"
  mkdir -p "$WORK/elsewhere/build/package"
  cp -R "$PROGRAMS" "$PACKAGE/materials.tsv" "$WORK/elsewhere/build/package/"
  if [ -d "$PACKAGE/notices" ]; then
    cp -R "$PACKAGE/notices" "$WORK/elsewhere/build/package/"
    chmod -R go-rwx "$WORK/elsewhere/build/package/notices"
  fi
  bash -euo pipefail -c 'source tools/package.sh; source tools/reproducible.sh
    Elsewhere "$0" bash -euo pipefail -c "source tools/package.sh; PackageMake deb; PackageMake rpm"' "$WORK/elsewhere"
) >"$WORK/packing.log" 2>&1 || Fail "packing elsewhere failed"
count=0
for file in "$PACKAGE"/deb/*.deb "$PACKAGE"/rpm/RPMS/*/*.rpm; do
  cmp "$file" "$WORK/elsewhere/build/package/${file#"$PACKAGE"/}" >"$WORK/cmp.log" 2>&1 || Fail "$file differs"
  count=$((count + 1))
done
[ "$count" -ge 5 ] || Fail "only $count packages were compared"
Finish
