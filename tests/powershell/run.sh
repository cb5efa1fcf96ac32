#!/usr/bin/env bash
# What a real PowerShell engine says of our scripts. Everything is built and written below WORK, an absolute path.
#
#   run.sh EXM EMIT WORK                quoting, then the script of every example that has a plan, and of the plans in this folder
#   run.sh EXM EMIT WORK EXAMPLE.exm…   of these files alone
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
exm=$1
emit=$2
work=$3
shift 3
skipped=77

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_TieredPGO=1
skip() {
  echo "SKIPPED: the PowerShell scripts were NOT tested against an engine: $*" >&2
  exit $skipped
}
command -v dotnet >/dev/null || skip "there is no dotnet on this machine. Install the .NET 10 SDK (dotnet-install.sh from https://dot.net, or the packages of packages.microsoft.com; Debian has none)."
[ "$(dotnet --version | cut -d. -f1)" -ge 10 ] || skip "the .NET SDK is $(dotnet --version), 10 is needed."

mkdir -p "$work/source"
changed=false
for file in "$here"/engine/*; do
  copy=$work/source/$(basename "$file")
  if ! cmp -s "$file" "$copy"; then cp "$file" "$copy"; changed=true; fi
done
for copy in "$work"/source/*.cs; do
  if [ ! -f "$here/engine/$(basename "$copy")" ]; then rm "$copy"; changed=true; fi
done
cd "$work/source"
if $changed || [ ! -f "$work/built" ]; then
  rm -f "$work/built"
  if ! dotnet restore -v q >"$work/restore.log" 2>&1; then
    cat "$work/restore.log" >&2
    skip "NuGet gave no System.Management.Automation 7.6."
  fi
  dotnet build --no-restore -v q -o "$work/bin" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
  touch "$work/built"
fi
engine() { dotnet "$work/bin/scripttest.dll" "$@"; }

# One example: its plan, its facts, its script; then the scenarios of every plan, and those of its own.
example() {
  local source=$1 name=$2 out=$work/$2
  mkdir -p "$out"
  (
    cd "$root"
    "$exm" plan "$source" --format json >"$out/plan.json"
    "$exm" plan "$source" --stop-after=check >"$out/facts.txt"
  )
  "$emit" script "$out/plan.json" >"$out/$name.ps1"
  engine check "$here/documented" "$out/$name.ps1"
  rm -rf "$out/journals"
  engine run "$here" "$here/scenarios/every-plan.ps1" "$out/plan.json" "$out/facts.txt" "$out/$name.ps1" "$out/journals"
  if [ -f "$here/scenarios/$name.ps1" ]; then
    engine run "$here" "$here/scenarios/$name.ps1" "$out/plan.json" "$out/facts.txt" "$out/$name.ps1" "$out/journals"
  fi
}

# A plan of its own, without an environment.
alone() {
  local plan=$1 name out
  name=$(basename "$plan" .json)
  out=$work/$name
  mkdir -p "$out"
  "$emit" script "$plan" >"$out/$name.ps1"
  : >"$out/facts.txt"
  engine check "$here/plans" "$out/$name.ps1"
  rm -rf "$out/journals"
  engine run "$here" "$here/scenarios/$name.ps1" "$plan" "$out/facts.txt" "$out/$name.ps1" "$out/journals"
}

if [ $# -gt 0 ]; then
  for source in "$@"; do example "$source" "$(basename "$(dirname "$source")")"; done
  exit
fi

"$emit" literals >"$work/literals.txt"
engine quote "$work/literals.txt"
jobs=()
for folder in "$root"/examples/*/; do
  [ -f "$folder/plan.txt" ] || [ -f "$folder/plan.json" ] || continue
  for source in "$folder"*.exm; do jobs+=("$source"); done
done

# two at a time, each with an output of its own, shown when it has ended
run_one() {
  local source=$1 name=$2 began=$SECONDS
  if (set -e; if [ "${source##*.}" = json ]; then alone "$source"; else example "$source" "$name"; fi) >"$work/$name.log" 2>&1; then
    echo "ok $((SECONDS - began)) s" >>"$work/$name.log"
  else
    echo "FAILED" >>"$work/$name.log"
  fi
}
failed=0
names=()
for source in "${jobs[@]}" "$here"/plans/*.json; do
  name=$(basename "$(dirname "$source")")
  [ "${source##*.}" = json ] && name=$(basename "$source" .json)
  names+=("$name")
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
  run_one "$source" "$name" &
done
wait
for name in "${names[@]}"; do
  echo "--- $name"
  cat "$work/$name.log"
  [ "$(tail -n 1 "$work/$name.log")" = FAILED ] && failed=1
done
exit $failed
