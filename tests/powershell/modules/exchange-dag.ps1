# Database availability groups: databases and their copies, activation policy, the maintenance scripts.
# Microsoft Learn: Move-ActiveMailboxDatabase, Suspend-, Resume-MailboxDatabaseCopy, Get-MailboxDatabaseCopyStatus, Set-MailboxServer,
# "Manage database availability groups"; timmcmic 2011-07-25 (StartDagServerMaintenance fails with single copies).

Register-State 'dag' 'pam'
Register-State 'dag_member' 'policy', 'activation_disabled', 'paused'
Register-State 'dag_database' 'active'
Register-State 'database_copy' 'health', 'suspended'

function Get-Member([string]$Name) {
    $machine = Get-Machine $Name
    foreach ($thing in @(Get-PartsOf 'dag_member' $machine.Path 'server')) { return $thing }
    throw "$Name is no member of a database availability group."
}
function Find-Database([string]$Name) {
    foreach ($thing in @(Get-Things 'dag_database')) { if ($thing.Name -eq $Name) { return $thing } }
    throw "The database '$Name' could not be found."
}
function Find-Copy([string]$Identity) {
    $at = $Identity.LastIndexOf('\')
    $database = Find-Database $Identity.Substring(0, $at)
    $machine = Get-Machine $Identity.Substring($at + 1)
    foreach ($copy in @(Get-PartsOf 'database_copy' $database.Path)) { if ($copy.Facts['server'] -eq $machine.Path) { return $copy } }
    throw "The database copy '$Identity' could not be found."
}
function Test-Mounted($Copy) { return ((Get-Is ($Copy.Owner + '.active')) -eq $Copy.Facts['server']) }

Register-Impossible 'dag_database.active' {
    param($variable, $value)
    return (@(Get-PartsOf 'database_copy' $variable.Substring(0, $variable.LastIndexOf('.')) | Where-Object { $_.Facts['server'] -eq $value }).Count -eq 0)
}
# what is mounted is as healthy as can be
Register-Impossible 'database_copy.health' { param($variable, $value) return (Test-Mounted $World.Objects[$variable.Substring(0, $variable.LastIndexOf('.'))]) }

function Show-Copy($Copy) {
    $machine = $World.Machines[$Copy.Facts['server']]
    $status = switch (Get-Is ($Copy.Path + '.health')) { 'healthy' { 'Healthy' } 'failed' { 'FailedAndSuspended' } default { 'Initializing' } }
    if (Test-Mounted $Copy) { $status = 'Mounted' }
    if (-not (Test-Up $machine)) { $status = 'ServiceDown' }
    return [pscustomobject]@{ Name = $World.Objects[$Copy.Owner].Name + '\' + $machine.Name; Status = $status; MailboxServer = $machine.Name; DatabaseName = $World.Objects[$Copy.Owner].Name
        ActivationSuspended = (Get-Is ($Copy.Path + '.suspended')); CopyQueueLength = 0; ReplayQueueLength = 0 }
}
Stub 'Get-MailboxDatabaseCopyStatus' {
    if ($Server) { foreach ($copy in @(Get-PartsOf 'database_copy' (Get-Machine $Server).Path 'server')) { Show-Copy $copy }; return }
    if ("$Identity".Contains('\')) { return (Show-Copy (Find-Copy $Identity)) }
    foreach ($copy in @(Get-PartsOf 'database_copy' (Find-Database $Identity).Path)) { if ((-not $Active) -or (Test-Mounted $copy)) { Show-Copy $copy } }
}
# It moves to a healthy copy that is not suspended for activation, on a server that is not blocked.
function Move-Database($Database, $Machine) {
    $copy = Find-Copy ($Database.Name + '\' + $Machine.Name)
    $member = Get-Member $Machine.Name
    if ((Get-Is ($copy.Path + '.health')) -ne 'healthy') { throw "The copy of $($Database.Name) on $($Machine.Name) is not healthy." }
    if ((Get-Is ($copy.Path + '.suspended')) -eq $true) { throw "The copy of $($Database.Name) on $($Machine.Name) is suspended for activation." }
    if (((Get-Is ($member.Path + '.activation_disabled')) -eq $true) -or (-not (Test-Up $Machine))) { throw "$($Machine.Name) takes no databases." }
    Step-Clock 10
    Set-Is ($Database.Path + '.active') $Machine.Path
}
Stub 'Move-ActiveMailboxDatabase' {
    if (-not $Identity) { throw 'the test knows only the move of one database' }
    Move-Database (Find-Database $Identity) (Get-Machine $ActivateOnServer)
    Add-Change "Move-ActiveMailboxDatabase $Identity $ActivateOnServer"
}
Stub 'Suspend-MailboxDatabaseCopy' {
    $copy = Find-Copy $Identity
    if (Test-Mounted $copy) { throw "$Identity is mounted: its active copy cannot be suspended." }
    if (-not $ActivationOnly) { Set-Is ($copy.Path + '.health') 'failed' }
    Set-Is ($copy.Path + '.suspended') $true
    Add-Change "Suspend-MailboxDatabaseCopy $Identity"
}
Stub 'Resume-MailboxDatabaseCopy' {
    Set-Is ((Find-Copy $Identity).Path + '.suspended') $false
    Add-Change "Resume-MailboxDatabaseCopy $Identity"
}

$Script:PolicyWords = @{ unrestricted = 'Unrestricted'; intrasite_only = 'IntrasiteOnly'; blocked = 'Blocked' }
Stub 'Get-MailboxServer' {
    $member = Get-Member $Identity
    [pscustomobject]@{ Name = (Get-Machine $Identity).Name; DatabaseCopyAutoActivationPolicy = $Script:PolicyWords[[string](Get-Is ($member.Path + '.policy'))]
        DatabaseCopyActivationDisabledAndMoveNow = (Get-Is ($member.Path + '.activation_disabled')) }
}
Stub 'Set-MailboxServer' {
    $member = Get-Member $Identity
    if ($DatabaseCopyAutoActivationPolicy) {
        foreach ($key in @($Script:PolicyWords.Keys)) { if ($Script:PolicyWords[$key] -eq $DatabaseCopyAutoActivationPolicy) { Set-Is ($member.Path + '.policy') $key } }
        if (@($Script:PolicyWords.Values) -notcontains $DatabaseCopyAutoActivationPolicy) { throw "Cannot convert '$DatabaseCopyAutoActivationPolicy' to a policy." }
    }
    if ($bound.ContainsKey('DatabaseCopyActivationDisabledAndMoveNow')) { Set-Is ($member.Path + '.activation_disabled') ([bool]$DatabaseCopyActivationDisabledAndMoveNow) }
    Add-Change "Set-MailboxServer $Identity $DatabaseCopyAutoActivationPolicy$DatabaseCopyActivationDisabledAndMoveNow"
}
Stub 'Get-DatabaseAvailabilityGroup' {
    foreach ($dag in @(Get-Things 'dag')) {
        if ($Identity -and ($dag.Name -ne $Identity)) { continue }
        $manager = $null
        if ($Status) { $manager = $World.Machines[(Get-Is ($dag.Path + '.pam'))].Name }
        [pscustomobject]@{ Name = $dag.Name; PrimaryActiveManager = $manager }
    }
}

# Databases leave a server that goes down, where another copy can carry them.
function Move-DatabasesOff($Machine, [bool]$Must) {
    foreach ($database in @(Get-Things 'dag_database')) {
        if ((Get-Is ($database.Path + '.active')) -ne $Machine.Path) { continue }
        foreach ($copy in @(Get-PartsOf 'database_copy' $database.Path)) {
            $member = Get-Member $copy.Facts['server']
            if (($copy.Facts['server'] -eq $Machine.Path) -or ((Get-Is ($member.Path + '.policy')) -eq 'blocked') -or (Test-Paused $member)) { continue }
            try { Move-Database $database $World.Machines[$copy.Facts['server']]; break } catch { continue }
        }
        if ($Must -and ((Get-Is ($database.Path + '.active')) -eq $Machine.Path)) { throw "$($database.Name) cannot be moved off $($Machine.Name)." }
    }
}
function Set-CopiesOf($Machine, $Health) {
    foreach ($copy in @(Get-PartsOf 'database_copy' $Machine.Path 'server')) { if ((Get-Is ($copy.Path + '.health')) -ne 'failed') { Set-Is ($copy.Path + '.health') $Health } }
}
Register-Hook 'down' { param($machine) Move-DatabasesOff $machine $false; Set-CopiesOf $machine $null }
Register-Hook 'installing' { param($machine) Move-DatabasesOff $machine $false; Set-CopiesOf $machine $null }
Register-Hook 'installed' { param($machine) Add-Due 90 { param($m) Set-CopiesOf $m 'healthy' } $machine }
Register-Hook 'boot' { param($machine) Add-Due 90 { param($m) Set-CopiesOf $m 'healthy' } $machine }

# In: suspend the copies for activation, pause the node, block activation, move databases and the manager off. Where a task fails
# everything but finished moves is taken back.
Stub 'StartDagServerMaintenance.ps1' {
    $machine = Get-Machine $serverName
    $member = Get-Member $serverName
    $cluster = $World.Objects[$member.Owner]
    $copies = @(Get-PartsOf 'database_copy' $machine.Path 'server')
    foreach ($copy in $copies) { if (@(Get-PartsOf 'database_copy' $copy.Owner).Count -lt 2) { throw "$($World.Objects[$copy.Owner].Name) has a single copy." } }
    if ((@(Get-NodesIn $cluster).Count -lt 3) -and (-not $overrideMinimumTwoCopies)) { throw 'There would be fewer than two copies: -overrideMinimumTwoCopies' }
    Move-DatabasesOff $machine $true
    foreach ($copy in $copies) { Set-Is ($copy.Path + '.suspended') $true }
    if ($pauseClusterNode -or (@(Get-ComponentsOf $machine).Count -eq 0)) { Set-Is ($member.Path + '.paused') $true }
    Set-Is ($member.Path + '.policy') 'blocked'
    Step-Clock 60
    Move-GroupsOff $machine
    Add-Change "StartDagServerMaintenance $($machine.Name)"
}
# Out: the node resumed, the policy Unrestricted whatever it was, the copies resumed. Databases are not moved back.
Stub 'StopDagServerMaintenance.ps1' {
    $machine = Get-Machine $serverName
    $member = Get-Member $serverName
    Set-Is ($member.Path + '.paused') $false
    Set-Is ($member.Path + '.policy') 'unrestricted'
    Set-Is ($member.Path + '.activation_disabled') $false
    foreach ($copy in @(Get-PartsOf 'database_copy' $machine.Path 'server')) { Set-Is ($copy.Path + '.suspended') $false }
    Step-Clock 30
    Add-Change "StopDagServerMaintenance $($machine.Name)"
}
