#!/usr/bin/env bash
# Builds a pwsh in DIRECTORY from NuGet's packages, unless it is there already, and prints its path. Ends with 77 where that can't be done.
#
#   build.sh DIRECTORY
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=$1
if [ ! -e "$to/bin/done" ]; then
  command -v dotnet >/dev/null || exit 77
  [ "$(dotnet --version | cut -d. -f1)" -ge 10 ] || exit 77
  mkdir -p "$to"
  cp "$here"/console.csproj "$here"/Program.cs "$to"
  cd "$to"
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  timeout 300 dotnet build -v q -o bin >build.log 2>&1 || { cat build.log >&2; exit 77; }
  # The packages have the cmdlets, but not the module that says so.
  mkdir -p bin/Modules/Microsoft.PowerShell.Utility
  cat >bin/Modules/Microsoft.PowerShell.Utility/Microsoft.PowerShell.Utility.psd1 <<'END'
@{
    ModuleVersion     = '7.0.0.0'
    GUID              = '1da87e53-152b-403e-98dc-74d7b4d63d59'
    NestedModules     = 'Microsoft.PowerShell.Commands.Utility.dll'
    CmdletsToExport   = 'New-Object', 'Write-Output', 'Write-Host', 'Write-Error', 'Start-Sleep', 'Get-Date'
    FunctionsToExport = @()
    AliasesToExport   = @()
}
END
  touch bin/done
fi
echo "$to/bin/pwsh"
