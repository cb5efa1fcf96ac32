# A small world of stub commands for a script to run in: two Exchange servers behind NLB, SCOM, a clock of its own.
# Remote blocks are made anew from their text in a scope of their host's own, and values pass through the serializer, so
# that a block that leans on the script's own variables fails here as it would there.

$Global:World = $null
# the services of a Client Access and Hub Transport server
$Global:Manual = @('MSExchangeIMAP4', 'MSExchangePOP3', 'MSExchangeMonitoring')
$Global:Automatic = @('MSExchangeADTopology', 'MSExchangeServiceHost', 'MSExchangeAB', 'MSExchangeFBA', 'MSExchangeFDS', 'MSExchangeMailboxReplication',
    'MSExchangeProtectedServiceHost', 'MSExchangeRPC', 'MSExchangeAntispamUpdate', 'MSExchangeEdgeSync', 'MSExchangeTransport', 'MSExchangeTransportLogSearch')

function New-TestHost([string]$Name) {
    return @{ Name = $Name; Boot = 1; DownUntil = [DateTime]::MinValue; BootedAt = [DateTime]'2026-11-01'; Mode = 'Converged'
        Initial = 'Started'; Depends = $true; Build = @(14, 1, 218, 15); Pending = $false
        Events = @() }
}

function Reset-World {
    $Global:World = @{ Now = [DateTime]::SpecifyKind([DateTime]'2026-11-28T22:00:00', 'Local'); Here = 'controller'; Session = $null; Log = @()
        Hosts = @{ EX3 = (New-TestHost 'EX3'); EX4 = (New-TestHost 'EX4') }; Scom = @{ EX3 = $false; EX4 = $false }
        Controller = @{ Modules = @{} }; Broken = @(); Answers = @(); Fail = @{}; Before = @{}; RebootNeeded = $true }
    $TestHost.Clear()
}

function Get-TestHost([string]$Address) {
    $name = $Address.Split('.')[0]
    if (-not $World.Hosts.ContainsKey($name)) { throw "no such machine: $Address" }
    return $World.Hosts[$name]
}

function Test-Up($Machine) { return ($World.Now -ge $Machine.DownUntil) }

# modules are a session's own
function Get-Session { if ($World.Here -eq 'controller') { return $World.Controller } return $World.Session }
function Get-Here { if ($World.Here -eq 'controller') { return $World.Controller } return $World.Hosts[$World.Here] }

# Every change is logged, and what must hold in each state is looked at. $World.Fail['EX3: msiexec'] makes it fail.
function Add-Change([string]$What) {
    $World.Log += ($World.Here + ': ' + $What)
    $serving = @($World.Hosts.Values | Where-Object { ($_.Mode -eq 'Converged') -and (Test-Up $_) }).Count
    if ($serving -lt 1) { $World.Broken += "nobody serves after $($World.Here): $What" }
    foreach ($machine in $World.Hosts.Values) {
        if ((-not (Test-Up $machine)) -and (-not $World.Scom[$machine.Name])) { $World.Broken += "$($machine.Name) raises an alarm" }
    }
    if ($World.Before.ContainsKey($World.Here + ': ' + $What)) { & $World.Before[$World.Here + ': ' + $What] }
}

function Test-Failing([string]$What) {
    $key = $World.Here + ': ' + $What
    if (-not $World.Fail.ContainsKey($key)) { return $false }
    $World.Fail[$key]--
    if ($World.Fail[$key] -le 0) { $World.Fail.Remove($key) }
    return $true
}

# ---------------------------------------------------------------------------- what the engine lacks without its modules
function New-Object([string]$TypeName, [object[]]$ArgumentList) {
    return , [Activator]::CreateInstance(($TypeName -as [type]), $ArgumentList)
}
function Write-Host($Object) { $TestHost.Add([string]$Object) }
function Write-Warning([string]$Message) { $TestHost.Add('WARNING ' + $Message) }
function Write-Verbose([string]$Message) { }
function Get-Date { return $World.Now }
function Start-Sleep([int]$Seconds) {
    $World.Now = $World.Now.AddSeconds($Seconds)
    if ($World.Now -gt [DateTime]'2026-12-28') { throw 'the script waits for ever' }
}
function Read-Host([string]$Prompt, [switch]$AsSecureString) {
    $TestHost.Add('QUESTION ' + $Prompt)
    if ($World.Answers.Count -eq 0) { throw "nobody answers: $Prompt" }
    $answer, $rest = $World.Answers
    $World.Answers = @($rest)
    return $answer
}
function Join-Path([string]$Path, [string]$ChildPath) { return $Path.TrimEnd('\') + '\' + $ChildPath }
function Sort-Object([string]$Property, [switch]$Unique) {
    $seen = @{}
    foreach ($item in $input) {
        if ($Unique -and $seen.ContainsKey([string]$item)) { continue }
        $seen[[string]$item] = $true
        $item
    }
}
# every module is there to be loaded
function Get-Module([switch]$ListAvailable, [string]$Name) { [pscustomobject]@{ Name = $Name } }
function Import-Module { [CmdletBinding()]param([string]$Name)
    if ((Test-Failing "Import-Module $Name")) { throw "The module '$Name' could not be loaded." }
    (Get-Session).Modules[$Name] = $true
}
function Assert-Module([string]$Name) {
    if (-not (Get-Session).Modules.ContainsKey($Name)) { throw "The module '$Name' is not loaded on $($World.Here)." }
}

# ------------------------------------------------------------------------------------------------------------ remoting
function New-PSSession([string]$ComputerName, $Authentication, $Credential) {
    $machine = Get-TestHost $ComputerName
    if (-not (Test-Up $machine)) { throw "Connecting to remote server $ComputerName failed." }
    return [pscustomobject]@{ Name = $machine.Name; Boot = $machine.Boot; Modules = @{}; State = 'Opened'; Scope = (New-Module -ScriptBlock { }) }
}
function Remove-PSSession($Session, [switch]$Confirm, [switch]$WhatIf) { $Session.State = 'Closed' }

function Invoke-Command { [CmdletBinding()]param($Session, [scriptblock]$ScriptBlock, [object[]]$ArgumentList, [switch]$AsJob, [string]$ComputerName)
    if ($ComputerName -ne '') {
        $one = New-PSSession $ComputerName
        try { Receive-Job (Invoke-Command -Session $one -ScriptBlock $ScriptBlock -ArgumentList $ArgumentList -AsJob) } finally { Remove-PSSession $one }
        return
    }
    $job = @{ Output = @(); Problem = $null; Hangs = $false }
    $machine = $World.Hosts[$Session.Name]
    if ((-not (Test-Up $machine)) -or ($machine.Boot -ne $Session.Boot)) {
        $Session.State = 'Broken'
        $job.Problem = "The session to $($Session.Name) is broken."
        return $job
    }
    $copy = @([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($ArgumentList)))
    $before = $World.Here
    $outer = $World.Session
    $World.Here = $Session.Name
    $World.Session = $Session
    try {
        $out = @(& $Session.Scope ([scriptblock]::Create($ScriptBlock.ToString())) @copy)
        foreach ($value in $out) {
            $job.Output += [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($value))
        }
    } catch { $job.Problem = [string]$_ } finally {
        $World.Here = $before
        $World.Session = $outer
    }
    if ($job.Problem -eq 'it hangs') { $job.Hangs = $true }
    return $job
}
function Wait-Job($Job, [int]$Timeout) {
    if (-not $Job.Hangs) { return $Job }
    $World.Now = $World.Now.AddSeconds($Timeout)
}
function Receive-Job($Job) {
    if ($null -ne $Job.Problem) { throw $Job.Problem }
    $Job.Output
}
function Remove-Job($Job, [switch]$Force, [switch]$Confirm, [switch]$WhatIf) { }

# ------------------------------------------------------------------------------------------------------- NLB, Forefront
function Get-NlbClusterNode { [CmdletBinding()]param([string]$HostName, [string]$NodeName)
    Assert-Module 'NetworkLoadBalancingClusters'
    foreach ($machine in $World.Hosts.Values) {
        if (($NodeName -ne '') -and ($machine.Name -ne $NodeName)) { continue }
        [pscustomobject]@{ Name = $machine.Name; State = $machine.Mode; InitialHostState = $machine.Initial }
    }
}
function Stop-NlbClusterNode { [CmdletBinding()]param([string]$HostName, [switch]$Drain, [int]$Timeout)
    Assert-Module 'NetworkLoadBalancingClusters'
    $what = 'Stop-NlbClusterNode'
    if ($Drain) { $what = 'Stop-NlbClusterNode -Drain' }
    if (Test-Failing $what) { throw 'NLB did not answer.' }
    $machine = Get-TestHost $HostName
    $machine.Mode = 'Stopped'
    if ($Drain) { $World.Now = $World.Now.AddSeconds([Math]::Min($Timeout, 600)) }
    Add-Change $what
}
function Start-NlbClusterNode { [CmdletBinding()]param([string]$HostName)
    Assert-Module 'NetworkLoadBalancingClusters'
    $machine = Get-TestHost $HostName
    if (-not $machine.Depends) { $World.Broken += "$HostName takes users without Forefront" }
    $machine.Mode = 'Converged'
    Add-Change 'Start-NlbClusterNode'
}
function Set-NlbClusterNode { [CmdletBinding()]param([Parameter(ValueFromPipeline = $true)]$InputObject, [string]$InitialHostState)
    process {
        $World.Hosts[$InputObject.Name].Initial = $InitialHostState.Substring(0, 1).ToUpper() + $InitialHostState.Substring(1)
        Add-Change "Set-NlbClusterNode $InitialHostState"
    }
}
$ExecutionContext.InvokeCommand.CommandNotFoundAction = {
    param($Name, $Found)
    if ($Name -notlike '*fscutility.exe') { return }
    $Found.StopSearch = $true
    $Found.CommandScriptBlock = {
        $Global:LASTEXITCODE = 0
        if (Test-Failing 'fscutility') { $Global:LASTEXITCODE = 1; return }
        $World.Hosts[$World.Here].Depends = ($args[0] -eq '/enable')
        Add-Change ('fscutility ' + $args[0])
    }
}

# ---------------------------------------------------------------------------------------------------------------- SCOM
function Get-SCOMClassInstance { [CmdletBinding()]param([string]$Name)
    Assert-Module 'OperationsManager'
    $machine = Get-TestHost $Name
    [pscustomobject]@{ Name = $machine.Name; InMaintenanceMode = $World.Scom[$machine.Name] }
}
function Start-SCOMMaintenanceMode { [CmdletBinding()]param($Instance, [DateTime]$EndTime, [string]$Reason, [string]$Comment)
    $World.Scom[$Instance.Name] = $true
    Add-Change "Start-SCOMMaintenanceMode $($Instance.Name)"
}
function Get-SCOMMaintenanceMode { [CmdletBinding()]param($Instance) $Instance }
function Set-SCOMMaintenanceMode { [CmdletBinding()]param([Parameter(ValueFromPipeline = $true)]$Instance, [DateTime]$EndTime)
    process {
        $World.Scom[$Instance.Name] = $false
        Add-Change "Set-SCOMMaintenanceMode $($Instance.Name)"
    }
}

# ------------------------------------------------------------------------------------------------------------- Windows
function Test-Connection { [CmdletBinding()]param([string]$ComputerName, [int]$Count, [switch]$Quiet) return (Test-Up (Get-TestHost $ComputerName)) }
function Restart-Computer { [CmdletBinding()]param([string]$ComputerName, [switch]$Force)
    $machine = Get-TestHost $ComputerName
    if (Test-Failing "Restart-Computer $($machine.Name)") { throw 'Access is denied.' }
    $machine.DownUntil = $World.Now.AddSeconds(240)
    $machine.BootedAt = $machine.DownUntil
    $machine.Boot++
    $machine.Pending = $false
    if ($machine.Initial -eq 'Started') { $machine.Mode = 'Converged' } else { $machine.Mode = 'Stopped' }
    Add-Change "Restart-Computer $($machine.Name)"
}
function Get-WmiObject { [CmdletBinding()]param([string]$Class, [string]$ComputerName)
    if ($Class -eq 'Win32_OperatingSystem') {
        if ($ComputerName -eq '') { $ComputerName = $World.Here }
        $machine = Get-TestHost $ComputerName
        if (-not (Test-Up $machine)) { throw 'The RPC server is unavailable.' }
        return [pscustomobject]@{ LocalDateTime = $World.Now.ToString('yyyyMMddHHmmss') + '.000000+000'
            LastBootUpTime = $machine.BootedAt.ToString('yyyyMMddHHmmss') + '.000000+000' }
    }
    foreach ($name in $Manual) { [pscustomobject]@{ Name = $name; StartMode = 'Manual' } }
    foreach ($name in $Automatic) { [pscustomobject]@{ Name = $name; StartMode = 'Auto' } }
}
function Get-Service { [CmdletBinding()]param([string]$Name)
    $status = 'Running'
    if ($Manual -contains $Name) { $status = 'Stopped' }
    $on = @()
    if ((Get-Here).Depends) { $on = @([pscustomobject]@{ Name = 'FSCController' }) }
    [pscustomobject]@{ Name = $Name; Status = $status; ServicesDependedOn = $on }
}
function Start-Service { [CmdletBinding()]param([string]$Name, [switch]$Force) Add-Change "Start-Service $Name" }
function Stop-Service { [CmdletBinding()]param([string]$Name, [switch]$Force) Add-Change "Stop-Service $Name" }
function Test-Path { [CmdletBinding()]param([Parameter(Position = 0)][string]$Path, [string]$LiteralPath)
    if ($LiteralPath -ne '') { return ($LiteralPath -like '*.msp') }
    return ((Get-Here).Pending -and ($Path -like '*\RebootPending'))
}
function Get-Item { [CmdletBinding()]param([string]$Path, [string]$LiteralPath)
    if ($LiteralPath -like '*ExSetup.exe') {
        $build = (Get-Here).Build
        $version = [pscustomobject]@{ FileMajorPart = $build[0]; FileMinorPart = $build[1]; FileBuildPart = $build[2]; FilePrivatePart = $build[3] }
        return [pscustomobject]@{ VersionInfo = $version }
    }
    $key = [pscustomobject]@{ Path = $Path }
    $key | Add-Method 'GetValue'
    return $key
}
filter Add-Method([string]$Name) { $_.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod @($Name, { $null }))) }
function Get-EventLog { [CmdletBinding()]param([string]$LogName, [string]$Source, [string[]]$EntryType, [DateTime]$After, [DateTime]$Before)
    (Get-Here).Events | Where-Object {
        ($Source -eq '') -and ($_.TimeGenerated -gt $After) -and ((-not $PSBoundParameters.ContainsKey('Before')) -or ($_.TimeGenerated -lt $Before))
    }
}
function Start-Process { [CmdletBinding()]param([string]$FilePath, [string]$ArgumentList, [switch]$Wait, [switch]$PassThru)
    $machine = Get-Here
    if ($machine.Depends) { $World.Broken += "$($machine.Name) is updated with Forefront on" }
    if ($machine.Mode -ne 'Stopped') { $World.Broken += "$($machine.Name) is updated while it serves" }
    $World.Now = $World.Now.AddMinutes(20)
    if (Test-Failing 'msiexec') { return [pscustomobject]@{ ExitCode = 1603 } }
    $machine.Build = @(14, 1, 323, 1)
    $machine.Pending = $World.RebootNeeded
    Add-Change 'msiexec'
    return [pscustomobject]@{ ExitCode = 3010 }
}

# ----------------------------------------------------------------------------------------------- what scenarios are said in
function Assert([bool]$Holds, [string]$What) {
    if (-not $Holds) { throw "$($Global:Scenario): $What; exit code $LASTEXITCODE; log: " + [string]::Join(' | ', $World.Log) }
}

function Invoke-Script([hashtable]$With = @{}) {
    $Global:LASTEXITCODE = 0
    if (-not $With.ContainsKey('Journal')) { $With['Journal'] = $Global:JournalPath }
    & $ScriptPath @With | ForEach-Object { $TestHost.Add('OUTPUT ' + $_) }
    return $LASTEXITCODE
}

function Start-Scenario([string]$Name) {
    $Global:Scenario = $Name
    Reset-World
    $Global:JournalPath = $Folder + '/' + $Name.Replace(' ', '-') + '.journal'
    if ([IO.File]::Exists($JournalPath)) { [IO.File]::Delete($JournalPath) }
    $World.Answers = @('yes')
    "scenario: $Name"
}
