# Clustered mailbox servers of Exchange 2007, CCR and SCR.
# Exchange 2007 help: Stop-, Start-, Move-ClusteredMailboxServer, Get-ClusteredMailboxServerStatus, Get-StorageGroupCopyStatus, Mount-Database; siliconexus
# 2010-08 (/UpgradeCMS refuses once both nodes are upgraded).

Register-State 'cms' 'online', 'mounted', 'build', 'copies'
Register-State 'server' 'setup_build'
Register-State 'standby' 'copy'

function Find-Cms([string]$Name) {
    foreach ($thing in @(Get-Things 'cms')) { if ($thing.Name -eq $Name) { return $thing } }
    throw "The clustered mailbox server '$Name' was not found."
}
function Get-OwnerVariable($Cms) { return ($Cms.Facts['group'] + '.owner') }
function Get-OwnerOf($Cms) { return $World.Machines[(Get-Is (Get-OwnerVariable $Cms))] }
function Get-CmsNodes($Cms) { foreach ($node in @(Get-PartsOf 'node' $World.Objects[$Cms.Facts['group']].Owner)) { $World.Machines[$node.Facts['server']] } }
function Get-CmsOn($Machine) { foreach ($cms in @(Get-Things 'cms')) { if (@(Get-CmsNodes $cms | Where-Object { $_.Path -eq $Machine.Path }).Count -gt 0) { $cms } } }
function Set-Online($Cms, [bool]$Online) {
    Set-Is ($Cms.Path + '.online') $Online
    Set-Mounted $Cms $Online
}
# Its databases; those that are mounted one by one are kept until all of them are.
$Script:CmsDatabases = 'First Mailbox Database', 'Second Mailbox Database'
Register-Build { $World.Mounted = @{} }
function Set-Mounted($Cms, [bool]$Mounted) {
    Set-Is ($Cms.Path + '.mounted') $Mounted
    $World.Mounted.Remove($Cms.Path)
}

Stub 'Get-ClusteredMailboxServerStatus' {
    $cms = Find-Cms $Identity
    $state = 'Offline'
    if ((Get-Is ($cms.Path + '.online')) -eq $true) { $state = 'Online' }
    [pscustomobject]@{ Identity = $cms.Name; State = $state; OperationalMachines = @(Get-CmsNodes $cms | ForEach-Object { $_.Name }) }
}
# Stopped on purpose it stays down, over reboots and failovers.
Stub 'Stop-ClusteredMailboxServer' {
    $cms = Find-Cms $Identity
    if ((Get-Is ($cms.Path + '.online')) -ne $true) { throw "$Identity is not online." }
    Set-Online $cms $false
    Add-Change "Stop-ClusteredMailboxServer $Identity"
}
Stub 'Start-ClusteredMailboxServer' {
    $cms = Find-Cms $Identity
    $owner = Get-OwnerOf $cms
    if ((Get-Is ($cms.Path + '.online')) -eq $true) { throw "$Identity runs already." }
    if (-not (Test-Up $owner)) { throw "$($owner.Name) is down." }
    if ($World.Is.ContainsKey($owner.Path + '.setup_build') -and (-not $TestWatch.Same("$($cms.Path).build", (Get-Is ($cms.Path + '.build')), (Get-Is ($owner.Path + '.setup_build'))))) {
        throw "The version of $Identity is not that of $($owner.Name)."
    }
    Set-Online $cms $true
    Add-Change "Start-ClusteredMailboxServer $Identity"
}
# Refused where the copies are not healthy, or the target has a clustered mailbox server already.
Stub 'Move-ClusteredMailboxServer' {
    $cms = Find-Cms $Identity
    $target = Get-Machine $TargetMachine
    if (@(Get-CmsNodes $cms | Where-Object { $_.Path -eq $target.Path }).Count -eq 0) { throw "$TargetMachine is no node of its cluster." }
    if (-not (Test-Up $target)) { throw "$TargetMachine is down." }
    foreach ($other in @(Get-Things 'cms')) { if (($other.Path -ne $cms.Path) -and ((Get-OwnerOf $other).Path -eq $target.Path)) { throw "$TargetMachine runs another clustered mailbox server." } }
    if ((Get-Is ($cms.Path + '.copies') 'healthy') -ne 'healthy') { throw "The copies of $Identity are not healthy." }
    $was = Get-Is ($cms.Path + '.online')
    if (($was -ne $true) -and (-not $IgnoreDismounted)) { throw "The databases of $Identity are dismounted: -IgnoreDismounted" }
    Set-Online $cms $false
    Watch-World 'the move has begun'
    Step-Clock 60
    Set-Is (Get-OwnerVariable $cms) $target.Path
    Set-Online $cms ($was -eq $true)
    Add-Change "Move-ClusteredMailboxServer $Identity $TargetMachine"
}
Stub 'Get-StorageGroupCopyStatus' {
    $cms = Find-Cms $Server
    if ((-not (Test-Replicated $cms)) -and (-not $StandbyMachine)) { return }
    $variable = $cms.Path + '.copies'
    if ($StandbyMachine) { foreach ($thing in @(Get-PartsOf 'standby' $cms.Path)) { if ($World.Machines[$thing.Facts['target']].Name -eq $StandbyMachine) { $variable = $thing.Path + '.copy' } } }
    $state = switch (Get-Is $variable 'healthy') { 'healthy' { 'Healthy' } 'failed' { 'Failed' } default { 'Initializing' } }
    foreach ($name in 'First Storage Group', 'Second Storage Group') { [pscustomobject]@{ Name = $name; SummaryCopyStatus = $state; CopyQueueLength = 0; ReplayQueueLength = 0 } }
}

# A single copy cluster has shared storage and nothing to replicate.
function Test-Replicated($Cms) { return ("$($Cms.Facts['replicated'])" -ne 'false') }
# Copies of a node that goes down or is updated are not known to be good until it is back.
function Set-Replication($Machine, $State) {
    foreach ($cms in @(Get-CmsOn $Machine)) { if ((Test-Replicated $cms) -and $World.Is.ContainsKey($cms.Path + '.copies')) { Set-Is ($cms.Path + '.copies') $State } }
    foreach ($thing in @(Get-PartsOf 'standby' $Machine.Path 'target')) { Set-Is ($thing.Path + '.copy') $State }
}
Register-Hook 'down' { param($machine) Set-Replication $machine $null }
Register-Hook 'installing' { param($machine) Set-Replication $machine $null }
Register-Hook 'installed' { param($machine) Add-Due 90 { param($m) Set-Replication $m 'healthy' } $machine }
Register-Hook 'boot' { param($machine) Add-Due 90 { param($m) Set-Replication $m 'healthy' } $machine }

# A failover to a node of another version leaves it down.
Register-Hook 'group moved' {
    param($group)
    foreach ($cms in @(Get-Things 'cms')) {
        if ($cms.Facts['group'] -ne $group.Thing.Path) { continue }
        $owner = Get-OwnerOf $cms
        if (-not $TestWatch.Same("$($cms.Path).build", (Get-Is ($cms.Path + '.build')), (Get-Is ($owner.Path + '.setup_build')))) { Set-Online $cms $false }
    }
}

# A service pack sets what setup has written of itself; a rollup leaves it.
Register-Hook 'installed' {
    param($machine)
    if (($World.Updating.Facts['type'] -eq 'service_pack') -and (@(Get-ClustersOf $machine).Count -gt 0)) { Set-Is ($machine.Path + '.setup_build') $World.Updating.Facts['build'] }
}
Register-Registry {
    param($machine, $path)
    if (($path -ne 'HKLM:\SOFTWARE\Microsoft\Exchange\Setup') -or (-not $World.Is.ContainsKey($machine.Path + '.setup_build'))) { return }
    $part = @("$(Get-Is ($machine.Path + '.setup_build'))".Split('.')) + @('0', '0', '0')
    return @{ MsiProductMajor = [int]$part[0]; MsiProductMinor = [int]$part[1]; MsiBuildMajor = [int]$part[2]; MsiBuildMinor = [int]$part[3] }
}
Register-Setup '^/upgradecms$' {
    param($machine, $line, $folder)
    $build = (Get-UpdateBy 'package' $folder).Facts['build']
    foreach ($cms in @(Get-CmsOn $machine)) {
        $behind = @(Get-CmsNodes $cms | Where-Object { -not $TestWatch.Same("$($_.Path).setup_build", (Get-Is ($_.Path + '.setup_build')), $build) })
        $here = $TestWatch.Same("$($machine.Path).setup_build", (Get-Is ($machine.Path + '.setup_build')), $build)
        if (((Get-OwnerOf $cms).Path -ne $machine.Path) -or ((Get-Is ($cms.Path + '.online')) -eq $true) -or (-not $here) -or ($behind.Count -eq 0) -or (Test-Pending $machine)) { continue }
        Set-Is ($cms.Path + '.build') $null
        Watch-World '/upgradecms has begun'
        Step-Clock 600
        if ($World.Failing) { Write-SetupLog $machine "[ERROR] The Exchange Server setup operation didn't complete."; return 1 }
        Set-Is ($cms.Path + '.build') $build
        Write-SetupLog $machine 'End of Setup'
        Add-Change "setup /upgradecms $($cms.Name)"
        return 0
    }
    Write-SetupLog $machine '[ERROR] The clustered mailbox server cannot be upgraded.'
    return 1
}

Stub 'Get-ExchangeServer' {
    foreach ($thing in @(Get-Things 'cms') + @(Get-Things 'server')) {
        if ($Identity -and ($thing.Name -ne $Identity) -and ($thing.Facts['fqdn'] -ne $Identity)) { continue }
        $part = @("$(Get-Is ($thing.Path + '.build'))".Split('.')) + @('0', '0', '0')
        [pscustomobject]@{ Name = $thing.Name; AdminDisplayVersion = 'Version {0}.{1} (Build {2}.{3})' -f $part[0], $part[1], $part[2], $part[3] }
    }
}
Stub 'Get-MailboxDatabase' {
    foreach ($thing in @(Get-Things 'mailbox_database' | Where-Object { ("$Identity" -eq '') -or ($_.Name -eq $Identity) })) {
        [pscustomobject]@{ Name = $thing.Name; RpcClientAccessServer = (Get-Is ($thing.Path + '.rpc')) }
    }
    foreach ($cms in @(Get-Things 'cms' | Where-Object { "$Identity" -eq '' })) {
        if ($Server -and ($cms.Name -ne $Server)) { continue }
        foreach ($name in $Script:CmsDatabases) {
            $mounted = ((Get-Is ($cms.Path + '.mounted')) -eq $true) -or (@($World.Mounted[$cms.Path]) -contains $name)
            [pscustomobject]@{ Name = $name; Identity = "$($cms.Name)\First Storage Group\$name"; Server = $cms.Name; Mounted = $(if ($Status) { $mounted }) }
        }
    }
}
# Every clustered mailbox server has databases of these names: a name alone is not enough.
Stub 'Mount-Database' {
    $server, $group, $name = "$Identity".Split('\')
    if ("$name" -eq '') { throw "The database '$Identity' is not unique." }
    $cms = Find-Cms $server
    if ((Get-Is ($cms.Path + '.online')) -ne $true) { throw "$server is not online." }
    if ($Script:CmsDatabases -notcontains $name) { throw "The database '$Identity' was not found." }
    if (((Get-Is ($cms.Path + '.mounted')) -eq $true) -or (@($World.Mounted[$cms.Path]) -contains $name)) { throw "The database '$Identity' is mounted already." }
    $World.Mounted[$cms.Path] = @($World.Mounted[$cms.Path]) + $name
    if (@($Script:CmsDatabases | Where-Object { $World.Mounted[$cms.Path] -notcontains $_ }).Count -eq 0) { Set-Mounted $cms $true }
    Add-Change "Mount-Database $Identity"
}
