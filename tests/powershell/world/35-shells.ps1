# Which commands of Exchange a session has: with the snap-in of 2007 or 2010, or as the management shell of later versions.

$Script:Snapins = @{ 'exchange_2007' = 'Microsoft.Exchange.Management.PowerShell.Admin'; 'exchange_2010' = 'Microsoft.Exchange.Management.PowerShell.E2010' }

function Get-Releases {
    foreach ($thing in @(Get-Things 'server')) {
        $release = $thing.Facts['release']
        if ($thing.Path -eq $World.Here -or $World.Here -eq 'controller') { if ($release) { $release } else { 'exchange_2010' } }
    }
}
# Clustered mailbox servers are of Exchange 2007, whatever the plan says of the release.
function Get-SnapinsHere {
    if (@(Get-Things 'cms').Count -gt 0) { return $Script:Snapins['exchange_2007'] }
    foreach ($release in @(Get-Releases)) { if ($Script:Snapins.ContainsKey($release)) { $Script:Snapins[$release] } }
}
function Test-Snapin([string]$Name) { return (@(Get-SnapinsHere) -contains $Name) }
function Test-ExchangeShell {
    foreach ($name in (Get-Session).Modules.Keys) { if ($name -like 'Microsoft.Exchange.Management.PowerShell.*') { return $true } }
    return (($World.Here -eq 'controller') -and (@(Get-SnapinsHere).Count -eq 0))
}

function Get-PSSnapin { [CmdletBinding()]param([Parameter(Position = 0)][string[]]$Name, [switch]$Registered)
    foreach ($one in @(Get-SnapinsHere)) {
        if ($Name -and ($Name -notcontains $one)) { continue }
        if ($Registered -or (Get-Session).Modules.ContainsKey($one)) { [pscustomobject]@{ Name = $one } }
    }
}
function Add-PSSnapin { [CmdletBinding()]param([Parameter(Mandatory = $true, Position = 0)][string[]]$Name, [switch]$PassThru)
    foreach ($one in $Name) {
        if (-not (Test-Snapin $one)) { throw "The Windows PowerShell snap-in '$one' is not installed on this machine." }
        if ((Get-Session).Modules.ContainsKey($one)) { throw "Cannot add Windows PowerShell snap-in $one because it is already added." }
        (Get-Session).Modules[$one] = $true
    }
}
# A command is there when what brings it is loaded.
function Get-Command { [CmdletBinding()]param([Parameter(Position = 0)][string[]]$Name)
    foreach ($one in $Name) {
        $command = $TestDocumented.Commands[$one]
        $there = ($null -ne $command) -and (($command.Module -eq '') -or (Get-Session).Modules.ContainsKey($command.Module) -or (($command.Module -eq 'Exchange') -and (Test-ExchangeShell)))
        if ($there) { [pscustomobject]@{ Name = $one } }
        elseif ([string]$PSBoundParameters['ErrorAction'] -ne 'SilentlyContinue') { throw "The term '$one' is not recognized as the name of a cmdlet." }
    }
}
