#!/usr/bin/env bash
# What a real PowerShell engine says of our scripts. Everything is built and written below WORK.
#
#   run.sh EMIT WORK            quoting; the scripts of the plans in this folder and of the example; the scenarios
#   run.sh EMIT WORK PLAN.json  the same for the script of another plan
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
emit=$1
work=$2
skipped=77

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
if ! command -v dotnet >/dev/null; then
  echo "SKIPPED: the PowerShell scripts were NOT tested against an engine: there is no dotnet (the .NET 10 SDK) on this machine." >&2
  exit $skipped
fi
if [ "$(dotnet --version | cut -d. -f1)" -lt 10 ]; then
  echo "SKIPPED: the PowerShell scripts were NOT tested against an engine: the .NET SDK is $(dotnet --version), 10 is needed." >&2
  exit $skipped
fi

mkdir -p "$work/source"
changed=false
for file in "$here"/*.cs "$here"/scripttest.csproj; do
  copy=$work/source/$(basename "$file")
  if ! cmp -s "$file" "$copy"; then cp "$file" "$copy"; changed=true; fi
done
cd "$work/source"
if $changed || [ ! -f "$work/built" ]; then
  rm -f "$work/built"
  if ! dotnet restore -v q >"$work/restore.log" 2>&1; then
    cat "$work/restore.log" >&2
    echo "SKIPPED: the PowerShell scripts were NOT tested against an engine: NuGet gave no System.Management.Automation 7.6." >&2
    exit $skipped
  fi
  dotnet build --no-restore -v q -o "$work/bin" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
  touch "$work/built"
fi
engine() { dotnet "$work/bin/scripttest.dll" "$@"; }

plans=("$here"/*.json "$here"/../../examples/cas-array/plan.json)
if [ $# -gt 2 ]; then plans=("${@:3}"); fi
scripts=()
for plan in "${plans[@]}"; do
  script=$work/$(basename "$plan" .json).ps1
  "$emit" script "$plan" >"$script"
  scripts+=("$script")
done
"$emit" literals >"$work/literals.txt"
engine quote "$work/literals.txt"
engine check "${scripts[@]}"
for script in "${scripts[@]}"; do
  # a scenario file of the script's own, or else the rolling update's
  scenarios=$here/$(basename "$script" .ps1).scenarios.ps1
  if [ ! -f "$scenarios" ]; then scenarios=$here/scenarios.ps1; fi
  rm -rf "$work/journals"
  engine run "$here/world.ps1" "$scenarios" "$script" "$work/journals"
done
