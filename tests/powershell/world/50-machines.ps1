# Machines that run Windows: the servers of the plan.

function Add-Machine($Thing) {
    $World.Machines[$Thing.Path] = @{
        Path = $Thing.Path; Name = $Thing.Name; Fqdn = $Thing.Facts['fqdn']; Boot = 1; BootedAt = $World.Now.AddDays(-27); Events = @(); Files = @{}
        Saved = @{}; Services = @{}; Features = @{}; Disturbed = [DateTime]::MinValue; Looked = [DateTime]::MinValue; Facts = $Thing.Facts
    }
}
Register-Build { foreach ($thing in @(Get-Things 'server')) { Add-Machine $thing } }
Register-State 'server' 'up', 'reboot_pending', 'build', 'health'
Register-Look 'server.health'

# A machine by its name, its full name, or its path.
function Find-Machine([string]$Address) {
    if ($World.Machines.ContainsKey($Address)) { return $World.Machines[$Address] }
    foreach ($machine in $World.Machines.Values) { if (($machine.Fqdn -eq $Address) -or ($machine.Name -eq $Address)) { return $machine } }
}
function Get-Machine([string]$Address) {
    if (($Address -eq '') -or ($Address -eq '.') -or ($Address -eq 'localhost')) { return (Get-Here) }
    $machine = Find-Machine $Address
    if ($null -eq $machine) { throw "no such machine: $Address" }
    return $machine
}
function Get-Here {
    if ($World.Here -eq 'controller') { return $null }
    return $World.Machines[$World.Here]
}
function Test-Up($Machine) { return ((Get-Is ($Machine.Path + '.up') $true) -eq $true) }

# What was trusted is not any more: nobody knows how the machine is until somebody has looked.
function Set-Doubt($Machine) {
    Set-Is ($Machine.Path + '.health') $null
    $Machine.Disturbed = $World.Now
}

# A server is as good as a look at it has shown: without a look, or with new errors, it is not.
function Confirm-Look([string]$Variable, $Value) {
    $machine = $World.Machines[$Variable.Substring(0, $Variable.LastIndexOf('.'))]
    if ($machine.Looked -lt $machine.Disturbed) { Add-Broken "$($machine.Name) is taken as $Value, and nobody has looked" }
    $World.Is[$Variable] = $Value
}

# It goes down at once and is back in four minutes.
function Restart-Machine($Machine) {
    $Machine.Boot++
    Set-Is ($Machine.Path + '.up') $false
    Set-Doubt $Machine
    Invoke-Hook 'down' $Machine
    Add-Due 240 { param($machine) Complete-Boot $machine } $Machine
}
function Complete-Boot($Machine) {
    $Machine.BootedAt = $World.Now
    Set-Is ($Machine.Path + '.up') $true
    Set-Is ($Machine.Path + '.reboot_pending') $false
    $Machine.Disturbed = $World.Now
    $Machine.Events += [pscustomobject]@{ Log = 'System'; Source = 'EventLog'; EventID = 6005; EntryType = 'Information'; TimeGenerated = $World.Now }
    Invoke-Hook 'boot' $Machine
    Watch-World "$($Machine.Name) has booted"
}

# Somebody comes, and waits until everything is up that was restarted; what was down before stays so.
function Wait-Machines {
    Step-Clock 20
    while (@($World.Machines.Values | Where-Object { ($_.Boot -gt 1) -and (-not (Test-Up $_)) }).Count -gt 0) { Step-Clock 20 }
}

# ------------------------------------------------------------------------------------------- what modules add to each other

$Script:Files = @()        # what gives a file of a machine: blocks that get the machine and a path
$Script:Registry = @()     # what gives a registry key: the same
$Script:DependsOn = @()    # what a service depends on: blocks that get the machine and a name
$Script:SetupModes = @{}   # what Exchange's setup can be told: by a pattern for its command line
function Register-File([scriptblock]$Block) { $Script:Files += $Block }
function Register-Registry([scriptblock]$Block) { $Script:Registry += $Block }
function Register-Dependency([scriptblock]$Block) { $Script:DependsOn += $Block }
function Register-Setup([string]$Form, [scriptblock]$Block) { $Script:SetupModes[$Form] = $Block }
