#!/usr/bin/env bash
# What a real PowerShell engine says of our scripts. Everything is built and written below WORK, an absolute path.
#
#   run.sh EXM EMIT WORK                quoting, then the script of every example that has a plan, and of the plans in this folder
#   run.sh EXM EMIT WORK FILE…          of these files alone: an environment; hostile/NAME.txt is the hostile twin of NAME
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
exm=$1
emit=$2
work=$3
shift 3
sources=()
for source in "$@"; do sources+=("$(realpath "$source")"); done
skipped=77

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_TieredPGO=0
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

# An example: its plan, its facts, its script, in a folder of WORK.
names=()
declare -A source_of
example() {
  local source=$1 name=$2 out=$work/$2
  rm -rf "$out" && mkdir -p "$out"
  (
    cd "$root"
    "$exm" plan "$source" --format json >"$out/plan.json"
    "$exm" plan "$source" --stop-after=check >"$out/facts.txt"
  )
  if ! grep -q '"powershell":' "$out/plan.json"; then
    echo "$name: none of its commands is PowerShell's"
    return
  fi
  "$emit" script "$out/plan.json" >"$out/script.ps1"
  if [ -n "$(find "$(dirname "$source")" -mindepth 2 -name '*.exm' -print -quit)" ]; then touch "$out/variants"; fi
  source_of["$name"]=$source
  names+=("$name")
}

# A plan of its own, without an environment and with commands of its own.
alone() {
  local plan=$1 name
  name=$(basename "$plan" .json)
  rm -rf "${work:?}/$name" && mkdir -p "$work/$name"
  cp "$plan" "$work/$name/plan.json"
  : >"$work/$name/facts.txt"
  "$emit" script "$plan" >"$work/$name/script.ps1"
  engine check "$here/plans" "$work/$name/script.ps1"
}

# Two environments that differ in names, paths and texts alone, one of those above and its hostile twin: of the twin
# only the comparison is run.
twin() {
  local tame=$1
  mkdir -p "$work/twins/$tame"
  engine twin "${source_of[$tame]}" "$here/hostile/$tame.txt" >"$work/twins/$tame/hostile.exm"
  example "$work/twins/$tame/hostile.exm" "hostile-$tame"
  unset 'names[-1]'
  hostile+=("hostile-$tame")
  names+=("hostile-$tame=$tame")
}

# An example has its folder's name, all else its file's.
name_of() {
  local name=${1#"$root/examples/"}
  if [ "$name" = "$1" ]; then basename "$1" .exm; else name=$(dirname "$name") && echo "${name//\//-}"; fi
}

# The twin of what NAME names, and of it nothing else.
twin_alone() {
  local source
  while IFS= read -r source; do
    if [ "$(name_of "$source")" = "$1" ]; then
      example "$source" "$1"
      unset 'names[-1]'
    fi
  done < <(find "$root/examples" "$here/environments" "$here/hostile" -name '*.exm')
  twin "$1"
}

hostile=()
if [ $# -gt 0 ]; then
  for source in "${sources[@]}"; do
    case $source in
      *.txt) twin_alone "$(basename "$source" .txt)" ;;
      *) example "$source" "$(name_of "$source")" ;;
    esac
  done
else
  "$emit" literals >"$work/literals.txt"
  engine quote "$work/literals.txt"
  while IFS= read -r folder; do
    for source in "$folder"/*.exm; do example "$source" "$(name_of "$source")"; done
  done < <(find "$root/examples" \( -name plan.txt -o -name plan.json \) -printf '%h\n' | sort -u)
  for source in "$here"/environments/*.exm; do example "$source" "$(basename "$source" .exm)"; done
fi
checked=()
for name in "${names[@]}"; do checked+=("$work/${name%%=*}"); done
engine check "$here/documented" "${checked[@]}"
if [ $# -eq 0 ]; then
  engine reached "$root/stdlib" "$here/never-run.txt" "${names[@]/#/$work/}"
  example "$here/hostile/tame.exm" tame
  names[-1]=hostile-tame  # all that is asked of a script is asked of the hostile one
  for pairs in "$here"/hostile/*.txt; do
    name=$(basename "$pairs" .txt)
    # what these run the others run as well
    case $name in cas-array-join-topology-stopped | cas-array-other-products) [ -n "${EXM_EVERY_CHANGE-}" ] || continue ;; esac
    twin "$name"
  done
  engine check "$here/documented" "${hostile[@]/#/$work/}"
  engine reached "$root/stdlib" "$here/never-hostile.txt" "${hostile[@]/#/$work/}"
  for plan in "$here"/plans/*.json; do alone "$plan"; names+=("$(basename "$plan" .json)"); done
fi
engine run "$here" "$work" "${names[@]}"
