#!/usr/bin/env bash
# usage: tests/payload/check_objects.sh BUILD
#
# How our own code in BUILD was compiled, read from its objects, since a linked program no longer says
# it: with branch protection (the linker drops the mark where one library lacks it), with the stack
# protector and with fortified calls. One line a finding; status 1 with any, 2 when there are no objects.
set -euo pipefail
export LC_ALL=C

findings=0

# Finding FILE WORDS
Finding() {
  echo "$1: $2"
  findings=$((findings + 1))
}

[ $# = 1 ] || { sed -n '2s/^# //p' "$0" >&2 && exit 64; }
mapfile -t objects < <(find "$1/src" -name '*.o' ! -path '*/CompilerId*' 2>/dev/null | sort)
[ ${#objects[@]} -gt 0 ] || { echo "$1: no objects below src/: it was not built" >&2 && exit 2; }

# The mark of a whole object, and the instruction that the program's first function begins with.
case $(readelf -hW "${objects[0]}" | sed -nE 's/^ +Machine: +//p') in
  *X86-64*) mark='x86 feature: IBT, SHSTK' first=endbr64 ;;
  AArch64) mark='AArch64 feature: BTI, PAC' first='paciasp|bti' ;;
  *) echo "${objects[0]}: no rule for this machine" >&2 && exit 2 ;;
esac
for object in "${objects[@]}"; do
  grep -qF "$mark" <<<"$(readelf -nW "$object")" || Finding "$object" "was compiled without branch protection"
done
for program in "$1"/bin/eic-authorized-keys "$1"/bin/ec2-instance-connect "$1"/bin/eic-chain; do
  [ -e "$program" ] || continue
  main=$(objdump -d --no-show-raw-insn --disassemble=main "$program" | grep -A 1 '<main>:' | tail -n 1)
  [[ $main =~ $first ]] || Finding "$program" "main does not begin with a mark of branch protection"
done
symbols=$(nm -u "${objects[@]}" | sort -u)
grep -qw __stack_chk_fail <<<"$symbols" || Finding "$1" "our code has no stack protector"
grep -qE '__[a-z]+_chk$' <<<"$symbols" || Finding "$1" "our code has no fortified call"
[ "$findings" = 0 ] || exit 1
echo "branch protection, stack protector, fortified calls: ${#objects[@]} objects"
