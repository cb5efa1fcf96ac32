#requires -version 2.0
<#
.SYNOPSIS
    Security update on a group of two members

.DESCRIPTION
    This script carries out the plan of the maintenance 'su', 39 steps, one after another.
    The plan is a graph and would allow some steps to overlap; this is one of its orders, and as valid as the others.
    Before each step it looks at what the step requires and at what it overwrites. A step whose effects hold is
    skipped; a world that is not as the plan says stops the run before anything is changed. After each step it looks
    until the effects are seen or the time is over. It stops at the first failure, says what differs from the start,
    and goes on from its journal when it is run again.

.PARAMETER ResumeFrom
    The step to go on from, by the word of a person: what is before it counts as done. The journal alone is
    enough to go on after a failure; this is for when the journal is lost or a person has set things right by hand.

.PARAMETER Retreat
    Goes back from the step that was cut off, as the plan has it, instead of on: what users need works again, as much
    as can be is put back, and what stays open is said. Run again it goes on with that.

.PARAMETER Journal
    The file that records what has been done. By default it is in the current folder and named after the plan.

.PARAMETER Credential
    The account for the remote sessions; your own unless said.

.PARAMETER Authentication
    How the remote sessions are authenticated, for instance Kerberos or CredSSP.

.EXAMPLE
    .\su.ps1 -WhatIf
    Changes nothing: shows each step, and where the world differs from what the plan begins with.

.EXAMPLE
    .\su.ps1
    Carries the plan out and asks before each step.

.EXAMPLE
    .\su.ps1 -Confirm:$false
    Carries the plan out without asking before each step. Run after a stop it goes on from the journal.

.EXAMPLE
    .\su.ps1 -Retreat
    After a stop: goes back from the step that was cut off.

.NOTES
    Plan: sha256:337af6742120fbcfa298c6c25ba51c342a20217dd7937a5856316f2bc8df38ac
    It takes about 164 min if nothing has to wait.
    Failures stop the run, whatever the plan tolerates. Exit codes: 0 done, 2 wrong usage, 4 stopped or failed, 5 the
    world is not as the plan says, 7 the journal cannot be written.
    What runs on a host that reads from a third machine, a share for instance, needs -Authentication CredSSP there.

    Users feel:
    - 1e: DAG1.databases.DB1 for 30 s
    - 1s: DAG1.databases.DB1 for 30 s
    - 2f: DAG1.databases.DB2 for 30 s
    - 2t: DAG1.databases.DB2 for 30 s
    - in all 2 min

    Changed, and put back as it was:
    - DAG1.databases.DB1.copies.EX1: health, suspended
    - DAG1.databases.DB1.copies.EX2: health, suspended
    - DAG1.databases.DB1: active
    - DAG1.databases.DB2.copies.EX1: health, suspended
    - DAG1.databases.DB2.copies.EX2: health, suspended
    - DAG1.databases.DB2: active
    - DAG1.members.EX1: paused, policy
    - DAG1.members.EX2: paused, policy
    - EX1.components.HubTransport: functional, maintenance
    - EX1.components.Monitoring: functional
    - EX1.components.RecoveryActionsEnabled: functional
    - EX1.components.ServerWideOffline: functional, maintenance
    - EX1.components.UMCallRouter: functional, maintenance
    - EX1.services (24 of them): running, startup
    - EX1: counters_held, drained, health, reboot_due, reboot_pending, transport
    - EX2.components.HubTransport: functional, maintenance
    - EX2.components.Monitoring: functional
    - EX2.components.RecoveryActionsEnabled: functional
    - EX2.components.ServerWideOffline: functional, maintenance
    - EX2.components.UMCallRouter: functional, maintenance
    - EX2.services (24 of them): running, startup
    - EX2: counters_held, drained, health, reboot_due, reboot_pending, transport

    Ends different:
    - DAG1.pam ends as EX1: it lasts
    - EX1.build ends as 15.1.2507.9: it is the wish
    - EX2.build ends as 15.1.2507.9: it is the wish

    Needs:
    - local administrator on EX1, in an elevated session
    - local administrator on EX2, in an elevated session

    Worth knowing:
    - A group has needs = 1: while a member is worked on its databases may have no second copy
    - No other update of Windows is to be installed together with SU: keep Windows Update off meanwhile
#>
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
param(
    [string]$ResumeFrom = '',
    [switch]$Retreat,
    [string]$Journal = '',
    [System.Management.Automation.PSCredential]$Credential = $null,
    [System.Management.Automation.Runspaces.AuthenticationMechanism]$Authentication = 'Default'
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

#region What is known of the world
# $null is "not known", [DBNull] is "none", a hash table with Set is a set, one with Low and High a number known within
# bounds. Conditions are $true, $false or not known ($null); only what is known to hold holds.

# What has just been observed of a state, or else what the plan makes of it.
function Get-State([string]$Variable) {
    if ($Script:Observed.ContainsKey($Variable)) { return $Script:Observed[$Variable] }
    return $Script:State[$Variable]
}

# The name of an object by its path.
function Get-ObjectName([string]$Path) { return $Script:Names[$Path] }

function New-Set { return @{ Set = @($args) } }

function Test-All {
    $known = $true
    foreach ($value in $args) {
        if ($null -eq $value) { $known = $false } elseif (-not $value) { return $false }
    }
    if ($known) { return $true }
    return $null
}

function Test-Any {
    $known = $true
    foreach ($value in $args) {
        if ($null -eq $value) { $known = $false } elseif ($value) { return $true }
    }
    if ($known) { return $false }
    return $null
}

function Test-Not($Value) {
    if ($null -eq $Value) { return $null }
    return (-not $Value)
}

function Test-Known($Value) { return ($null -ne $Value) }

function Get-Low($Value) { if ($Value -is [hashtable]) { return $Value['Low'] } else { return $Value } }
function Get-High($Value) { if ($Value -is [hashtable]) { return $Value['High'] } else { return $Value } }

function New-Bounds($Low, $High) {
    if ($Low -eq $High) { return $Low }
    return @{ Low = $Low; High = $High }
}

# Versions compare number by number; numbers that are missing are 0.
function Compare-Version([string]$A, [string]$B) {
    $left = @($A.Split('.'))
    $right = @($B.Split('.'))
    for ($i = 0; ($i -lt $left.Length) -or ($i -lt $right.Length); $i++) {
        $l = [long]0
        $r = [long]0
        if ($i -lt $left.Length) { $l = [long]$left[$i] }
        if ($i -lt $right.Length) { $r = [long]$right[$i] }
        if ($l -lt $r) { return -1 }
        if ($l -gt $r) { return 1 }
    }
    return 0
}

function Test-Equal($A, $B) {
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    if (($A -is [DBNull]) -or ($B -is [DBNull])) { return (($A -is [DBNull]) -and ($B -is [DBNull])) }
    if (($A -is [hashtable]) -and $A.ContainsKey('Set')) { return (Test-SameSet $A['Set'] $B['Set']) }
    if (($A -is [hashtable]) -or ($B -is [hashtable])) {
        if (((Get-High $A) -lt (Get-Low $B)) -or ((Get-High $B) -lt (Get-Low $A))) { return $false }
        return $null
    }
    return ($A -ceq $B)
}

function Test-EqualVersion($A, $B) {
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    if (($A -is [DBNull]) -or ($B -is [DBNull])) { return (($A -is [DBNull]) -and ($B -is [DBNull])) }
    return ((Compare-Version $A $B) -eq 0)
}

function Test-SameSet($A, $B) {
    foreach ($value in @($A)) { if (-not (@($B) -ccontains $value)) { return $false } }
    foreach ($value in @($B)) { if (-not (@($A) -ccontains $value)) { return $false } }
    return $true
}

function Test-Less($A, $B) {
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    if (($A -is [string]) -or ($B -is [string])) { return ((Compare-Version $A $B) -lt 0) }
    if ((Get-High $A) -lt (Get-Low $B)) { return $true }
    if ((Get-Low $A) -ge (Get-High $B)) { return $false }
    return $null
}

function Test-LessOrEqual($A, $B) { return (Test-Not (Test-Less $B $A)) }

function Test-In($Value, $Set) {
    if (($null -eq $Value) -or ($null -eq $Set)) { return $null }
    $known = $true
    foreach ($member in @($Set['Set'])) {
        if ($null -eq $member) { $known = $false } elseif ($member -ceq $Value) { return $true }
    }
    if ($known) { return $false }
    return $null
}

function Measure-True {
    $low = 0
    $high = 0
    foreach ($value in $args) {
        if ($null -eq $value) { $high++ } elseif ($value) { $low++; $high++ }
    }
    return (New-Bounds $low $high)
}

function Measure-Sum {
    $low = 0
    $high = 0
    foreach ($value in $args) {
        if ($null -eq $value) { return $null }
        $low += (Get-Low $value)
        $high += (Get-High $value)
    }
    return (New-Bounds $low $high)
}

function Measure-Difference($A, $B) {
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    return (New-Bounds ((Get-Low $A) - (Get-High $B)) ((Get-High $A) - (Get-Low $B)))
}

function Measure-Product($A, $B) {
    if (($null -eq $A) -or ($null -eq $B) -or ($A -is [hashtable]) -or ($B -is [hashtable])) { return $null }
    return ($A * $B)
}

function Measure-Quotient($A, $B) {
    if (($null -eq $A) -or ($null -eq $B) -or ($A -is [hashtable]) -or ($B -is [hashtable])) { return $null }
    if ($B -eq 0) { return $null }
    return [long][Math]::Truncate([decimal]$A / [decimal]$B)
}

function Select-Value($Condition, $A, $B) {
    if ($null -eq $Condition) {
        if ((Test-Equal $A $B) -eq $true) { return $A }
        return $null
    }
    if ($Condition) { return $A }
    return $B
}

# Within a sum, a value whose condition is not known lies between the two that it can have.
function Select-Bounds($Condition, $A, $B) {
    if ($null -ne $Condition) { if ($Condition) { return $A } else { return $B } }
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    return (New-Bounds ([Math]::Min((Get-Low $A), (Get-Low $B))) ([Math]::Max((Get-High $A), (Get-High $B))))
}

# A value as a person reads it.
function Format-Value($Value) {
    if ($null -eq $Value) { return 'unknown' }
    if ($Value -is [DBNull]) { return 'none' }
    if (($Value -is [hashtable]) -and $Value.ContainsKey('Set')) { return ('{' + [string]::Join(', ', @($Value['Set'])) + '}') }
    if ($Value -is [hashtable]) { return ('{0} to {1}' -f $Value['Low'], $Value['High']) }
    if ($Value -is [bool]) { if ($Value) { return 'true' } else { return 'false' } }
    return [string]$Value
}

# The parts of a step, as the functions of an action give them.
function New-Requirement([string]$Text, $Holds) { return @{ Text = $Text; Holds = $Holds } }

function New-Effect([string]$Variable, $Value, $When = $true) {
    if ($null -eq $When) {
        if ((Test-Equal $Script:State[$Variable] $Value) -eq $true) { return @{ Variable = $Variable; Value = $Value } }
        return @{ Variable = $Variable; Value = $null }
    }
    if ($When) { return @{ Variable = $Variable; Value = $Value } }
}

function New-Probe([string]$Variable, [string]$Type, [string]$From, [int]$Every, [object[]]$As, [object[]]$Arguments,
                   [scriptblock]$Block) {
    return @{ Variable = $Variable; Type = $Type; From = $From; Every = $Every; As = $As; Arguments = $Arguments; Block = $Block }
}
#endregion

#region The journal
# One line a record, separated by tabs, written through to the disk before the act that it announces:
#   time  begin|end|skip|fail|again|back|asked  step  text
# A line that is cut short was never finished, and neither was what it would have announced.

function Stop-Plan([int]$Code, [string]$Message) {
    $Script:ExitCode = $Code
    throw $Message
}

function Open-Journal {
    $lines = @()
    $torn = $false
    if ([System.IO.File]::Exists($Script:JournalPath)) {
        $text = [System.IO.File]::ReadAllText($Script:JournalPath)
        $torn = ($text.Length -gt 0) -and ($text[$text.Length - 1] -ne [char]10)
        $lines = @($text.Split([char]10))
        $lines[$lines.Length - 1] = ''
    }
    Read-Journal $lines
    if ($Script:Simulated) { return }
    try {
        $Script:JournalFile = New-Object System.IO.FileStream($Script:JournalPath, [System.IO.FileMode]::Append,
            [System.IO.FileAccess]::Write, [System.IO.FileShare]::Read, 4096, [System.IO.FileOptions]::WriteThrough)
    } catch {
        Stop-Plan 7 ("The journal '{0}' cannot be written; another run may be using it. {1}" -f $Script:JournalPath, $_)
    }
    if ($torn) { Write-Bytes "`n" }
    if (-not $Script:Resumed) {
        $Script:RunStarted = Get-Date
        Write-Record 'plan' $Script:Digest $Script:RunStarted.ToUniversalTime().Ticks.ToString()
    }
}

function Read-Journal([string[]]$Lines) {
    foreach ($line in $Lines) {
        $part = @($line.Split([char]9))
        if ($part.Length -lt 4) { continue }
        if ($part[1] -ceq 'plan') {
            if ($part[2] -cne $Script:Digest) {
                Stop-Plan 2 ("The journal '{0}' belongs to another plan ({1}). Name another file with -Journal." -f $Script:JournalPath, $part[2])
            }
            $Script:RunStarted = (New-Object System.DateTime([long]$part[3], [System.DateTimeKind]::Utc)).ToLocalTime()
            $Script:Resumed = $true
        } elseif ($part[1] -ceq 'asked') {
            $Script:Asked[$part[2] + ' ' + $part[3]] = $true
        } else {
            $Script:Ended[$part[2]] = $part[1]
        }
    }
}

function Write-Bytes([string]$Text) {
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text)
    $Script:JournalFile.Write($bytes, 0, $bytes.Length)
    $Script:JournalFile.Flush()
}

function Write-Record([string]$What, [string]$Step, [string]$Text) {
    if ($Script:Simulated) { return }
    $plain = $Text.Replace([string][char]9, ' ').Replace([string][char]10, ' ').Replace([string][char]13, ' ')
    Write-Bytes ([string]::Join([string][char]9, @((Get-Date).ToUniversalTime().ToString('s'), $What, $Step, $plain)) + "`n")
    if ($What -cne 'plan' -and $What -cne 'asked') { $Script:Ended[$Step] = $What }
}

function Close-Journal {
    if ($null -ne $Script:JournalFile) { $Script:JournalFile.Close() }
}

# Whether the journal shows that nothing is left to do for a step.
function Test-Ended([string]$Id) {
    return (@('end', 'skip') -ccontains $Script:Ended[$Id])
}
#endregion

#region Hosts and people

# What is loaded in a session: what all hosts load, and what hosts of its kind do.
function Get-Preludes([string]$Kind) {
    foreach ($key in @('', $Kind)) { if ($Script:Preludes.ContainsKey($key)) { $Script:Preludes[$key] } }
}

# The open session on a host: a new one where there is none or the last one broke. The modules that its commands need are
# loaded once in each.
function Get-HostSession([string]$Name) {
    $session = $Script:Sessions[$Name]
    if (($null -ne $session) -and ($session.State.ToString() -eq 'Opened')) { return $session }
    Close-HostSession $Name
    $at = $Script:Hosts[$Name]
    $with = @{ ComputerName = $at['Address']; Authentication = $Script:Authentication; ErrorAction = 'Stop' }
    if ($null -ne $Script:Credential) { $with['Credential'] = $Script:Credential }
    $session = New-PSSession @with
    $Script:Sessions[$Name] = $session
    foreach ($prelude in @(Get-Preludes $at['Kind'])) {
        try { Invoke-InSession $session $prelude['Block'] @(& $prelude['Arguments']) 300 | Out-Null } catch { Close-HostSession $Name; throw }
    }
    return $session
}

function Close-HostSession([string]$Name) {
    $session = $Script:Sessions[$Name]
    $Script:Sessions.Remove($Name)
    if ($null -ne $session) {
        try { Remove-PSSession -Session $session -Confirm:$false -WhatIf:$false } catch { Write-Verbose "$_" }
    }
}

# Runs a block on the far side and gives what it writes. A host that hangs fails its step and nothing else.
function Invoke-InSession($Session, [scriptblock]$Block, [object[]]$Arguments, [int]$Seconds) {
    $job = Invoke-Command -Session $Session -ScriptBlock $Block -ArgumentList $Arguments -AsJob
    if ($null -eq (Wait-Job -Job $job -Timeout $Seconds)) {
        throw "No answer after $Seconds seconds. The command may still be running."
    }
    try { Receive-Job -Job $job -ErrorAction Stop } finally { Remove-Job -Job $job -Force -Confirm:$false -WhatIf:$false }
}

# Commands of the controller run here, in a scope of their own that lasts as long as the script.
function Invoke-Here([scriptblock]$Block, [object[]]$Arguments) {
    if ($null -eq $Script:Here) {
        $Script:Here = New-Module -ScriptBlock { $ErrorActionPreference = 'Stop' }
        foreach ($prelude in @(Get-Preludes 'controller')) {
            $with = @(& $prelude['Arguments'])
            . $Script:Here $prelude['Block'] @with | Out-Null
        }
    }
    & $Script:Here $Block @Arguments
}

# Runs a block on a host by its path, or here. What it is given are arguments: never a part of its text.
function Invoke-OnHost([string]$Name, [object[]]$Arguments, [scriptblock]$Block) {
    $plain = @()
    foreach ($value in @($Arguments)) {
        if ($value -is [DBNull]) { $plain += $null }
        elseif (($value -is [hashtable]) -and $value.ContainsKey('Set')) { $plain += , @($value['Set']) }
        else { $plain += $value }
    }
    if ($Name -ceq 'controller') { Invoke-Here $Block $plain; return }
    $left = [int]($Script:Deadline - (Get-Date)).TotalSeconds
    try { Invoke-InSession (Get-HostSession $Name) $Block $plain ([Math]::Max($left, 10)) }
    catch {
        $session = $Script:Sessions[$Name]
        if (($null -ne $session) -and ($session.State.ToString() -ne 'Opened')) { Close-HostSession $Name }
        throw
    }
}

# The value that the text of a probe stands for; $null where it is none that the state can have. What the probe itself
# says of its texts comes first, then the type.
function Read-Value([string]$Text, [string]$Type, [object[]]$As) {
    if (@($As).Length -eq 0) { return (Read-Typed $Text $Type) }
    for ($i = 0; $i -lt $As.Length; $i += 2) { if ($As[$i] -ceq $Text) { return $As[$i + 1] } }
    return $null
}

function Read-Typed([string]$Text, [string]$Type) {
    $word, $rest = $Type.Split([char[]]' ', 2)
    switch ($word) {
        'optional' {
            if (@('', 'none') -ccontains $Text) { return [DBNull]::Value }
            return (Read-Typed $Text $rest)
        }
        'set' { return (Read-Set $Text $rest) }
        'bool' {
            if (@('true', 'yes', '1') -contains $Text) { return $true }
            if (@('false', 'no', '0') -contains $Text) { return $false }
        }
        'int' { if ($Text -match '^[+-]?[0-9]{1,18}$') { return [long]$Text } }
        'duration' {
            if ($Text -cmatch '^([0-9]{1,12})([smhd]?)$') {
                $seconds = @{ '' = 1; 's' = 1; 'm' = 60; 'h' = 3600; 'd' = 86400 }
                return ([long]$matches[1] * $seconds[$matches[2]])
            }
        }
        'version' { if ($Text -match '^[0-9]{1,18}(\.[0-9]{1,18})*$') { return $Text } }
        'enum' { foreach ($name in $rest.Split(' ')) { if ($name -eq $Text) { return $name } } }
        'string' { return $Text }
        default { if ($Text -cne '') { return $Text } }
    }
    return $null
}

function Read-Set([string]$Text, [string]$Type) {
    $members = @()
    foreach ($part in $Text.Split([char[]](",;" + [char]10), [System.StringSplitOptions]::RemoveEmptyEntries)) {
        if ($part.Trim() -ceq '') { continue }
        $member = Read-Typed $part.Trim() $Type
        if ($null -eq $member) { return $null }
        $members += $member
    }
    return @{ Set = $members }
}

# A warning about a state, unless it was the last one about it. Of what does not exist there is nothing to be seen, and nothing said.
function Write-Once([string]$Variable, [string]$Text) {
    if ((Get-State ($Variable.Substring(0, $Variable.LastIndexOf('.')) + '.exists')) -eq $false) { return }
    if ($Script:Said[$Variable] -cne $Text) { Write-Warning $Text }
    $Script:Said[$Variable] = $Text
}

# Looks at a state. It is not known where the look fails, or shows what the state cannot be.
function Read-Probe($Probe) {
    try {
        $lines = @(Invoke-OnHost $Probe['From'] $Probe['Arguments'] $Probe['Block'])
        $text = [string]::Join("`n", [string[]]$lines).Trim()
    } catch {
        Write-Once $Probe['Variable'] ("{0} could not be observed: {1}" -f $Probe['Variable'], $_)
        return $null
    }
    $value = Read-Value $text $Probe['Type'] $Probe['As']
    if ($null -eq $value) { Write-Once $Probe['Variable'] ("{0} is taken as unknown: the probe says '{1}'" -f $Probe['Variable'], $text) }
    return $value
}

# Asks until one of the answers is given.
function Read-Answer([string]$Question, [string[]]$Answers) {
    for (;;) {
        $answer = ([string](Read-Host ('{0} [{1}]' -f $Question, [string]::Join('/', $Answers)))).Trim()
        if ($Answers -contains $answer) { return $answer.ToLower() }
    }
}

function Request-Person([string]$Text) {
    Write-Host '  This is for a person to do:'
    Write-Host ('  ' + $Text.Trim())
    if ((Read-Answer '  Say done when it is done, or stop' @('done', 'stop')) -eq 'stop') { throw 'A person stopped here.' }
}

function Format-ShellWord($Value) { return ("'" + (Format-Value $Value).Replace("'", "'\''") + "'") }
#endregion

#region One step: check, act, check

# What a step changes, the last value of each state.
function Get-Effects([string]$Name, [object[]]$With) {
    $last = @{}
    $order = @()
    foreach ($effect in @(& "Get-${Name}Effect" @With)) {
        if ($null -eq $effect) { continue }
        if (-not $last.ContainsKey($effect['Variable'])) { $order += $effect['Variable'] }
        $last[$effect['Variable']] = $effect['Value']
    }
    foreach ($variable in $order) { @{ Variable = $variable; Value = $last[$variable] } }
}

function Set-Effects([object[]]$Effects) {
    foreach ($effect in $Effects) {
        $Script:State[$effect['Variable']] = $effect['Value']
        $Script:Touched[$effect['Variable']] = $true
    }
}

function Read-Probes([object[]]$Probes) {
    foreach ($probe in $Probes) { $Script:Observed[$probe['Variable']] = Read-Probe $probe }
}

function Test-Same([string]$Variable, $A, $B) {
    if ($Script:Versions.ContainsKey($Variable)) { return (Test-EqualVersion $A $B) }
    return (Test-Equal $A $B)
}

# The effects that do not hold, as text. What has no probe is believed where the plan says that it is so already.
function Get-Missing([object[]]$Effects) {
    foreach ($effect in $Effects) {
        if ($null -eq $effect['Value']) { continue }
        $now = Get-State $effect['Variable']
        if ((Test-Same $effect['Variable'] $now $effect['Value']) -ne $true) {
            '{0} is {1}, not {2}' -f $effect['Variable'], (Format-Value $now), (Format-Value $effect['Value'])
        }
    }
}

# Whether there is an effect to see at all.
function Test-Visible([object[]]$Effects) {
    foreach ($effect in $Effects) {
        if (($null -ne $effect['Value']) -and $Script:Observed.ContainsKey($effect['Variable'])) { return $true }
    }
    return $false
}

# Where what is observed is not what the plan says, as text.
function Get-Drift([object[]]$Writes) {
    foreach ($variable in $Writes) {
        $plan = $Script:State[$variable]
        if (($null -eq $plan) -or (-not $Script:Observed.ContainsKey($variable))) { continue }
        $now = $Script:Observed[$variable]
        if ((Test-Same $variable $now $plan) -ne $true) {
            '{0} is {1}; the plan has {2}' -f $variable, (Format-Value $now), (Format-Value $plan)
        }
    }
}

function Get-Unmet([string]$Name, [object[]]$With) {
    foreach ($requirement in @(& "Get-${Name}Requirement" @With)) {
        if (($null -ne $requirement) -and ($requirement['Holds'] -ne $true)) { $requirement['Text'] }
    }
}

# A step that was begun and not ended: its effects hold, or it has done nothing, or a person decides.
function Resolve-Doubt($Step, [object[]]$Effects, [object[]]$Writes) {
    $known = @($Effects | Where-Object { $null -ne $_['Value'] })
    if (($known.Length -gt 0) -and (@(Get-Missing $Effects).Length -eq 0)) { return 'done' }
    $untouched = (@($Writes).Length -gt 0)
    foreach ($variable in $Writes) {
        $plan = $Script:State[$variable]
        if (($null -eq $plan) -or (-not $Script:Observed.ContainsKey($variable))) { $untouched = $false }
        elseif ((Test-Same $variable $Script:Observed[$variable] $plan) -ne $true) { $untouched = $false }
    }
    if ($untouched) { return 'untouched' }
    Write-Warning ("Step {0} was begun and did not end. Nothing shows that it is done, or that it has done nothing:" -f $Step['Id'])
    @(Get-Missing $Effects) | ForEach-Object { Write-Warning ('  ' + $_) }
    return (Read-Answer '  Make sure that its command has ended. Is it done, is it to run again, or stop' @('done', 'again', 'stop'))
}

# Waits until the effects are seen. Gives what is missing when the time is over.
function Wait-Effects([object[]]$Effects, [object[]]$Probes) {
    $every = 5
    foreach ($probe in $Probes) { $every = $probe['Every'] }
    foreach ($probe in $Probes) { $every = [Math]::Min($every, $probe['Every']) }
    for (;;) {
        Read-Probes $Probes
        $missing = @(Get-Missing @($Effects | Where-Object { $Script:Observed.ContainsKey($_['Variable']) }))
        if ($missing.Length -eq 0) { return }
        if ((Get-Date) -ge $Script:Deadline) { return $missing }
        Start-Sleep -Seconds $every
    }
}

# A host that goes away and comes back has done so when the session that was open on it before is broken.
function Wait-Away([string]$Name, $Session) {
    for (;;) {
        try { Invoke-InSession $Session { 'here' } @() 30 | Out-Null } catch { Close-HostSession $Name; return }
        if ((Get-Date) -ge $Script:Deadline) { throw "$Name has not gone away in time." }
        Start-Sleep -Seconds 5
    }
}

# Runs the command of an action, and sees that it worked. Gives what went wrong, or nothing.
function Invoke-Act([string]$Action, [object[]]$With, [string]$On, [object[]]$Effects, [object[]]$Probes) {
    $about = $Script:Actions[$Action]
    $Script:Deadline = (Get-Date).AddSeconds($about['Timeout'])
    try {
        $before = $null
        if ($about['GoesAway']) { $before = Get-HostSession $On }
        if ($about['HasCommand']) { & ('Invoke-' + $about['Name']) @With | ForEach-Object { Write-Verbose "$_" } }
        elseif (-not (Test-Visible $Effects)) { Request-Person 'No command does this and no probe shows it.' }
        if ($null -ne $before) { Wait-Away $On $before }
        return (Wait-Effects $Effects $Probes)
    } catch {
        return [string]$_
    }
}

# Tries as often as the plan says, then the fallback where there is one; neither where the effects are there all the same.
function Invoke-Tries($Step, [object[]]$Effects, [object[]]$Probes) {
    $about = $Script:Actions[$Step['Action']]
    for ($try = 0; ; $try++) {
        $wrong = @(Invoke-Act $Step['Action'] @($Step['With']) $Step['On'] $Effects $Probes)
        if ($wrong.Length -eq 0) { return }
        if (($about['Retry'] -gt 0) -or $Step.ContainsKey('Fallback')) {
            Read-Probes $Probes
            if ((Test-Visible $Effects) -and (@(Get-Missing $Effects).Length -eq 0)) { return }
        }
        if ($try -ge $about['Retry']) { break }
        Write-Warning ('  ' + [string]::Join('; ', $wrong) + ': once more')
        Start-Sleep -Seconds $about['RetryEvery']
    }
    if ($Step.ContainsKey('Fallback')) {
        Write-Warning ('  ' + [string]::Join('; ', $wrong) + ': ' + $Step['Fallback']['Title'])
        $wrong = @(Invoke-Act $Step['Fallback']['Action'] @($Step['Fallback']['With']) $Step['On'] $Effects $Probes)
    }
    return $wrong
}

# Questions that a person answers with yes before anything is done. Each is asked once a run.
function Confirm-Step($Step) {
    foreach ($question in @($Step['Ask'])) {
        $key = $Step['Id'] + ' ' + $question
        if ($Script:Asked.ContainsKey($key)) { continue }
        if ((Read-Answer ('  ' + $question) @('yes', 'no')) -ne 'yes') { Stop-Plan 4 'A person said no.' }
        $Script:Asked[$key] = $true
        Write-Record 'asked' $Step['Id'] $question
    }
}

# Whether a step has to act. It has not where it was done or its effects hold; what is not as the plan says stops the run.
function Test-Needed($Step, [object[]]$Effects, [object[]]$Writes) {
    $about = $Script:Actions[$Step['Action']]
    if (@('begin', 'fail') -ccontains $Script:Ended[$Step['Id']]) {
        $answer = Resolve-Doubt $Step $Effects $Writes
        if ($answer -eq 'stop') { Stop-Plan 4 'A person stopped here.' }
        if ($answer -eq 'done') {
            Write-Record 'end' $Step['Id'] 'it was done before the run was stopped'
            return $false
        }
        if ($answer -eq 'again') { return $true }
    }
    $known = @($Effects | Where-Object { $null -ne $_['Value'] })
    if (($known.Length -gt 0) -and (@(Get-Missing $Effects).Length -eq 0)) {
        Write-Host '  nothing to do: it is so already'
        Write-Record 'skip' $Step['Id'] ''
        return $false
    }
    $wrong = @(Get-Unmet $about['Name'] @($Step['With'])) + @(Get-Drift $Writes)
    if ($wrong.Length -gt 0) {
        Stop-Plan 5 ("Before step {0} the world is not as the plan says, and nothing was run: {1}" -f $Step['Id'], [string]::Join('; ', $wrong))
    }
    return $true
}

function Invoke-PlanStep($Step) {
    $about = $Script:Actions[$Step['Action']]
    $with = @($Step['With'])
    $Script:Observed = @{}
    $effects = @(Get-Effects $about['Name'] $with)
    if (Test-Ended $Step['Id']) { Set-Effects $effects; return }

    Write-Host ('{0}  {1}' -f $Step['Id'], $Step['Title'])
    Write-Host ('  why: ' + $Step['Why'])
    $Script:Current = $Step
    $Script:Deadline = (Get-Date).AddSeconds(300)
    $writes = @(@($effects | ForEach-Object { $_['Variable'] }) + @(& "Get-$($about['Name'])During" @with) | Where-Object { $_ })
    $probes = @(& "Get-$($about['Name'])Probe" @with | Where-Object { $_ })
    if ($Script:Simulated) { Show-Step $Step $effects $writes $probes; return }

    Read-Probes $probes
    if (Test-Needed $Step $effects $writes) {
        if (-not $Script:Caller.ShouldProcess($Step['Target'], $Step['Title'])) { Stop-Plan 4 'A person declined this step.' }
        Confirm-Step $Step
        Write-Record 'begin' $Step['Id'] $Step['Title']
        $wrong = @(Invoke-Tries $Step $effects $probes)
        if ($wrong.Length -gt 0) {
            Write-Record 'fail' $Step['Id'] ([string]::Join('; ', $wrong))
            Stop-Plan 4 ("Step {0} failed: {1}" -f $Step['Id'], [string]::Join('; ', $wrong))
        }
        Write-Record 'end' $Step['Id'] ''
    }
    Set-Effects $effects
    $Script:Current = $null
}

# With -WhatIf nothing is changed. What no earlier step would have changed is looked at, and compared with the plan.
function Show-Step($Step, [object[]]$Effects, [object[]]$Writes, [object[]]$Probes) {
    Read-Probes @($Probes | Where-Object { (-not $Script:Touched.ContainsKey($_['Variable'])) -and (-not $Script:Looked.ContainsKey($_['Variable'])) })
    foreach ($variable in @($Script:Observed.Keys)) { $Script:Looked[$variable] = $true }
    @(Get-Drift @($Script:Observed.Keys)) | ForEach-Object { Write-Warning ('  ' + $_) }
    [void]$Script:Caller.ShouldProcess($Step['Target'], $Step['Title'])
    Set-Effects $Effects
    foreach ($variable in $Writes) { $Script:Touched[$variable] = $true }
}
#endregion

#region Going back

# The step that was begun and is not over: there is one at most, since steps run one after another.
function Get-CutOff {
    $found = @($Script:Steps | Where-Object { @('begin', 'fail', 'back') -ccontains $Script:Ended[$_['Id']] })
    if ($found.Length -eq 0) { Stop-Plan 5 'No step was cut off: there is nothing to go back from. Without -Retreat the run goes on.' }
    if ($found.Length -gt 1) {
        $ids = [string]::Join(', ', @($found | ForEach-Object { $_['Id'] }))
        Stop-Plan 5 "Several steps were cut off ($ids), and a way back is for one. 'exm replan --retreat' finds one from what is seen."
    }
    return $found[0]
}

# A command that may go on still must not be met halfway.
function Confirm-Ended($Step) {
    $key = $Step['Id'] + ' the command has ended'
    if ($Script:Simulated -or $Script:Asked.ContainsKey($key)) { return }
    if ((Read-Answer ('  Has the command of step {0} ended, so that nothing of it goes on' -f $Step['Id']) @('yes', 'no')) -ne 'yes') {
        Stop-Plan 4 ('Go back once the command of step {0} has ended.' -f $Step['Id'])
    }
    $Script:Asked[$key] = $true
    Write-Record 'asked' $Step['Id'] 'the command has ended'
}

# What the step that was cut off changes is not known until it is seen. It is what it was, what it was to be or what it is
# meanwhile; else somebody has been at it, and the way back was not made for that.
function Set-CutOff($Step) {
    $name = $Script:Actions[$Step['Action']]['Name']
    $with = @($Step['With'])
    $Script:Observed = @{}
    $effects = @(& "Get-${name}Effect" @with | Where-Object { $_ })
    $during = @(& "Get-${name}During" @with | Where-Object { $_ })
    $Script:Deadline = (Get-Date).AddSeconds(300)
    Read-Probes @(& "Get-${name}Probe" @with | Where-Object { $_ })
    $changed = @($during)
    $strange = @()
    foreach ($variable in @($effects | ForEach-Object { $_['Variable'] } | Select-Object -Unique)) {
        $values = @($effects | Where-Object { $_['Variable'] -ceq $variable })
        $others = @($values | Where-Object { (Test-Same $variable $_['Value'] $Script:State[$variable]) -ne $true })
        if ($others.Length -gt 0) { $changed += $variable }
        $now = $Script:Observed[$variable]
        if (($null -eq $now) -or ($null -eq $Script:State[$variable]) -or ($during -ccontains $variable)) { continue }
        if ((Test-Same $variable $now $Script:State[$variable]) -eq $true) { continue }
        if (@($others | Where-Object { (Test-Same $variable $now $_['Value']) -ne $false }).Length -eq 0) {
            $strange += ('{0} is {1}' -f $variable, (Format-Value $now))
        }
    }
    if ($strange.Length -gt 0) {
        Stop-Plan 5 ("This is neither what was before step {0} nor what it does, and nothing was run: {1}" -f $Step['Id'], [string]::Join('; ', $strange))
    }
    foreach ($variable in $changed) { $Script:State[$variable] = $null }
    $Script:Observed = @{}
}

function Invoke-WayBack {
    if (-not $Script:Resumed) { Stop-Plan 2 ("There is nothing to go back from: '{0}' is no journal of a run. Name it with -Journal." -f $Script:JournalPath) }
    $from = Get-CutOff
    if (-not $Script:WaysBack.ContainsKey($from['Id'])) {
        Stop-Plan 5 ("The plan has no way back from step {0} in the order of this script. 'exm replan --retreat' finds one from what is seen." -f $from['Id'])
    }
    foreach ($step in $Script:Steps) {
        if (Test-Ended $step['Id']) { Set-Effects @(Get-Effects $Script:Actions[$step['Action']]['Name'] @($step['With'])) }
    }
    $way = & $Script:WaysBack[$from['Id']]
    $Script:Way = @($way['Steps'])
    foreach ($step in $Script:Way) { $step['Id'] = '{0}/retreat/{1}' -f $from['Id'], $step['Id'] }
    Write-Host ('Going back from step {0}  {1}' -f $from['Id'], $from['Title'])
    Confirm-Ended $from
    Set-CutOff $from
    Write-Record 'back' $from['Id'] ''
    foreach ($step in $Script:Way) { Invoke-PlanStep $step }
    if ($Script:Simulated) { Write-Host 'Nothing was changed.' } else { Write-Host ('Went back from step {0}.' -f $from['Id']) }
    if (@($way['StaysOpen']).Length -eq 0) { Write-Host 'Nothing stays open.'; return }
    Write-Host 'Stays open:'
    foreach ($line in $way['StaysOpen']) { Write-Host ('  ' + $line) }
}
#endregion

#region What this plan is about
$Digest = 'sha256:337af6742120fbcfa298c6c25ba51c342a20217dd7937a5856316f2bc8df38ac'
$JournalName = 'su-337af6742120.journal'
# how things are when the plan begins, as far as its steps are concerned
$State = @{
    'DAG1.databases.DB1.active' = 'EX1'
    'DAG1.databases.DB1.copies.EX1.health' = 'healthy'
    'DAG1.databases.DB1.copies.EX1.suspended' = $false
    'DAG1.databases.DB1.copies.EX2.health' = 'healthy'
    'DAG1.databases.DB1.copies.EX2.suspended' = $false
    'DAG1.databases.DB2.active' = 'EX2'
    'DAG1.databases.DB2.copies.EX1.health' = 'healthy'
    'DAG1.databases.DB2.copies.EX1.suspended' = $false
    'DAG1.databases.DB2.copies.EX2.health' = 'healthy'
    'DAG1.databases.DB2.copies.EX2.suspended' = $false
    'DAG1.members.EX1.activation_disabled' = $false
    'DAG1.members.EX1.paused' = $false
    'DAG1.members.EX1.policy' = 'unrestricted'
    'DAG1.members.EX2.activation_disabled' = $false
    'DAG1.members.EX2.paused' = $false
    'DAG1.members.EX2.policy' = 'unrestricted'
    'DAG1.pam' = 'EX2'
    'EX1.build' = '15.1.2507.6'
    'EX1.components.HubTransport.functional' = 'active'
    'EX1.components.HubTransport.maintenance' = 'active'
    'EX1.components.Monitoring.functional' = 'active'
    'EX1.components.Monitoring.maintenance' = 'active'
    'EX1.components.RecoveryActionsEnabled.functional' = 'active'
    'EX1.components.RecoveryActionsEnabled.maintenance' = 'active'
    'EX1.components.ServerWideOffline.functional' = 'active'
    'EX1.components.ServerWideOffline.maintenance' = 'active'
    'EX1.components.UMCallRouter.functional' = 'active'
    'EX1.components.UMCallRouter.maintenance' = 'active'
    'EX1.counters_held' = $true
    'EX1.drained' = $null
    'EX1.health' = 'good'
    'EX1.reboot_due' = $false
    'EX1.reboot_pending' = $false
    'EX1.services.HostControllerService.running' = $true
    'EX1.services.HostControllerService.startup' = 'automatic'
    'EX1.services.MSExchangeADTopology.running' = $true
    'EX1.services.MSExchangeADTopology.startup' = 'automatic'
    'EX1.services.MSExchangeDelivery.running' = $true
    'EX1.services.MSExchangeDelivery.startup' = 'automatic'
    'EX1.services.MSExchangeDiagnostics.running' = $true
    'EX1.services.MSExchangeDiagnostics.startup' = 'automatic'
    'EX1.services.MSExchangeFastSearch.running' = $true
    'EX1.services.MSExchangeFastSearch.startup' = 'automatic'
    'EX1.services.MSExchangeFrontEndTransport.running' = $true
    'EX1.services.MSExchangeFrontEndTransport.startup' = 'automatic'
    'EX1.services.MSExchangeHM.running' = $true
    'EX1.services.MSExchangeHM.startup' = 'automatic'
    'EX1.services.MSExchangeIMAP4.running' = $false
    'EX1.services.MSExchangeIMAP4.startup' = 'manual'
    'EX1.services.MSExchangeIMAP4BE.running' = $false
    'EX1.services.MSExchangeIMAP4BE.startup' = 'manual'
    'EX1.services.MSExchangeIS.running' = $true
    'EX1.services.MSExchangeIS.startup' = 'automatic'
    'EX1.services.MSExchangeMailboxAssistants.running' = $true
    'EX1.services.MSExchangeMailboxAssistants.startup' = 'automatic'
    'EX1.services.MSExchangeMailboxReplication.running' = $true
    'EX1.services.MSExchangeMailboxReplication.startup' = 'automatic'
    'EX1.services.MSExchangePOP3.running' = $false
    'EX1.services.MSExchangePOP3.startup' = 'manual'
    'EX1.services.MSExchangePOP3BE.running' = $false
    'EX1.services.MSExchangePOP3BE.startup' = 'manual'
    'EX1.services.MSExchangeRPC.running' = $true
    'EX1.services.MSExchangeRPC.startup' = 'automatic'
    'EX1.services.MSExchangeRepl.running' = $true
    'EX1.services.MSExchangeRepl.startup' = 'automatic'
    'EX1.services.MSExchangeServiceHost.running' = $true
    'EX1.services.MSExchangeServiceHost.startup' = 'automatic'
    'EX1.services.MSExchangeSubmission.running' = $true
    'EX1.services.MSExchangeSubmission.startup' = 'automatic'
    'EX1.services.MSExchangeThrottling.running' = $true
    'EX1.services.MSExchangeThrottling.startup' = 'automatic'
    'EX1.services.MSExchangeTransport.running' = $true
    'EX1.services.MSExchangeTransport.startup' = 'automatic'
    'EX1.services.MSExchangeTransportLogSearch.running' = $true
    'EX1.services.MSExchangeTransportLogSearch.startup' = 'automatic'
    'EX1.services.MSExchangeUM.running' = $true
    'EX1.services.MSExchangeUM.startup' = 'automatic'
    'EX1.services.MSExchangeUMCR.running' = $true
    'EX1.services.MSExchangeUMCR.startup' = 'automatic'
    'EX1.services.W3SVC.running' = $true
    'EX1.services.W3SVC.startup' = 'automatic'
    'EX1.transport' = 'active'
    'EX1.up' = $true
    'EX2.build' = '15.1.2507.6'
    'EX2.components.HubTransport.functional' = 'active'
    'EX2.components.HubTransport.maintenance' = 'active'
    'EX2.components.Monitoring.functional' = 'active'
    'EX2.components.Monitoring.maintenance' = 'active'
    'EX2.components.RecoveryActionsEnabled.functional' = 'active'
    'EX2.components.RecoveryActionsEnabled.maintenance' = 'active'
    'EX2.components.ServerWideOffline.functional' = 'active'
    'EX2.components.ServerWideOffline.maintenance' = 'active'
    'EX2.components.UMCallRouter.functional' = 'active'
    'EX2.components.UMCallRouter.maintenance' = 'active'
    'EX2.counters_held' = $true
    'EX2.drained' = $null
    'EX2.health' = 'good'
    'EX2.reboot_due' = $false
    'EX2.reboot_pending' = $false
    'EX2.services.HostControllerService.running' = $true
    'EX2.services.HostControllerService.startup' = 'automatic'
    'EX2.services.MSExchangeADTopology.running' = $true
    'EX2.services.MSExchangeADTopology.startup' = 'automatic'
    'EX2.services.MSExchangeDelivery.running' = $true
    'EX2.services.MSExchangeDelivery.startup' = 'automatic'
    'EX2.services.MSExchangeDiagnostics.running' = $true
    'EX2.services.MSExchangeDiagnostics.startup' = 'automatic'
    'EX2.services.MSExchangeFastSearch.running' = $true
    'EX2.services.MSExchangeFastSearch.startup' = 'automatic'
    'EX2.services.MSExchangeFrontEndTransport.running' = $true
    'EX2.services.MSExchangeFrontEndTransport.startup' = 'automatic'
    'EX2.services.MSExchangeHM.running' = $true
    'EX2.services.MSExchangeHM.startup' = 'automatic'
    'EX2.services.MSExchangeIMAP4.running' = $false
    'EX2.services.MSExchangeIMAP4.startup' = 'manual'
    'EX2.services.MSExchangeIMAP4BE.running' = $false
    'EX2.services.MSExchangeIMAP4BE.startup' = 'manual'
    'EX2.services.MSExchangeIS.running' = $true
    'EX2.services.MSExchangeIS.startup' = 'automatic'
    'EX2.services.MSExchangeMailboxAssistants.running' = $true
    'EX2.services.MSExchangeMailboxAssistants.startup' = 'automatic'
    'EX2.services.MSExchangeMailboxReplication.running' = $true
    'EX2.services.MSExchangeMailboxReplication.startup' = 'automatic'
    'EX2.services.MSExchangePOP3.running' = $false
    'EX2.services.MSExchangePOP3.startup' = 'manual'
    'EX2.services.MSExchangePOP3BE.running' = $false
    'EX2.services.MSExchangePOP3BE.startup' = 'manual'
    'EX2.services.MSExchangeRPC.running' = $true
    'EX2.services.MSExchangeRPC.startup' = 'automatic'
    'EX2.services.MSExchangeRepl.running' = $true
    'EX2.services.MSExchangeRepl.startup' = 'automatic'
    'EX2.services.MSExchangeServiceHost.running' = $true
    'EX2.services.MSExchangeServiceHost.startup' = 'automatic'
    'EX2.services.MSExchangeSubmission.running' = $true
    'EX2.services.MSExchangeSubmission.startup' = 'automatic'
    'EX2.services.MSExchangeThrottling.running' = $true
    'EX2.services.MSExchangeThrottling.startup' = 'automatic'
    'EX2.services.MSExchangeTransport.running' = $true
    'EX2.services.MSExchangeTransport.startup' = 'automatic'
    'EX2.services.MSExchangeTransportLogSearch.running' = $true
    'EX2.services.MSExchangeTransportLogSearch.startup' = 'automatic'
    'EX2.services.MSExchangeUM.running' = $true
    'EX2.services.MSExchangeUM.startup' = 'automatic'
    'EX2.services.MSExchangeUMCR.running' = $true
    'EX2.services.MSExchangeUMCR.startup' = 'automatic'
    'EX2.services.W3SVC.running' = $true
    'EX2.services.W3SVC.startup' = 'automatic'
    'EX2.transport' = 'active'
    'EX2.up' = $true
}
# what is to be restored, where it is not the value above
$Restore = @{}
# states that are versions: 14.1 equals 14.1.0
$Versions = @{
    'EX1.build' = $true
    'EX2.build' = $true
}
# the objects that steps are about, by path, and their names
$Names = @{
    'DAG1' = 'DAG1'
    'DAG1.databases.DB1' = 'DB1'
    'DAG1.databases.DB1.copies.EX1' = 'EX1'
    'DAG1.databases.DB1.copies.EX2' = 'EX2'
    'DAG1.databases.DB2' = 'DB2'
    'DAG1.databases.DB2.copies.EX1' = 'EX1'
    'DAG1.databases.DB2.copies.EX2' = 'EX2'
    'DAG1.members.EX1' = 'EX1'
    'DAG1.members.EX2' = 'EX2'
    'EX1' = 'EX1'
    'EX1.components.HubTransport' = 'HubTransport'
    'EX1.components.ServerWideOffline' = 'ServerWideOffline'
    'EX1.components.UMCallRouter' = 'UMCallRouter'
    'EX2' = 'EX2'
    'EX2.components.HubTransport' = 'HubTransport'
    'EX2.components.ServerWideOffline' = 'ServerWideOffline'
    'EX2.components.UMCallRouter' = 'UMCallRouter'
    'SU' = 'SU'
}
# where commands run, and how that place is reached
$Hosts = @{
    'EX1' = @{ Address = 'ex1.contoso.com'; Kind = 'server' }
    'EX2' = @{ Address = 'ex2.contoso.com'; Kind = 'server' }
}
# what is loaded once in each session, by the kind of the host
$Preludes = @{
    '' = @{
        Arguments = { @() }
        Block = {
            $ErrorActionPreference = 'Stop'
            $snapin = 'Microsoft.Exchange.Management.PowerShell.E2010'
            if (@(Get-PSSnapin -Name $snapin -ErrorAction SilentlyContinue).Count -eq 0) {
              if (@(Get-PSSnapin -Registered -Name $snapin -ErrorAction SilentlyContinue).Count -gt 0) { Add-PSSnapin -Name $snapin -ErrorAction Stop }
            }
        }
    }
    'server' = @{
        Arguments = { @() }
        Block = {
            $ErrorActionPreference = 'Stop'
            if (Get-Module -ListAvailable -Name NetworkLoadBalancingClusters) { Import-Module NetworkLoadBalancingClusters -ErrorAction Stop }
            $snapin = 'Microsoft.Exchange.Management.PowerShell.E2010'
            if (@(Get-PSSnapin -Name $snapin -ErrorAction SilentlyContinue).Count -eq 0) {
              if (@(Get-PSSnapin -Registered -Name $snapin -ErrorAction SilentlyContinue).Count -gt 0) { Add-PSSnapin -Name $snapin -ErrorAction Stop }
            }
        }
    }
}
# what is said before the run
$Warnings = @(
    'A group has needs = 1: while a member is worked on its databases may have no second copy'
    'No other update of Windows is to be installed together with SU: keep Windows Update off meanwhile'
)
# how each action is run: seconds until it has failed, and how often it is tried again
$Actions = @{
    'Withdraw' = @{ Name = 'Withdraw'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'RestartTransport' = @{ Name = 'RestartTransport'; Timeout = 900; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'RedirectMessages' = @{ Name = 'RedirectMessages'; Timeout = 3600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'MoveDatabase' = @{ Name = 'MoveDatabase'; Timeout = 900; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'StartDagMaintenance' = @{ Name = 'StartDagMaintenance'; Timeout = 3600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Withdraw2' = @{ Name = 'Withdraw2'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Install' = @{ Name = 'Install'; Timeout = 10800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Reboot' = @{ Name = 'Reboot'; Timeout = 1800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $true }
    'CheckServices' = @{ Name = 'CheckServices'; Timeout = 900; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'CheckComponents' = @{ Name = 'CheckComponents'; Timeout = 900; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'Verify' = @{ Name = 'Verify'; Timeout = 1200; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'Reinstate' = @{ Name = 'Reinstate'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Reinstate2' = @{ Name = 'Reinstate2'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'StopDagMaintenance' = @{ Name = 'StopDagMaintenance'; Timeout = 1800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Reinstate3' = @{ Name = 'Reinstate3'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'MovePam' = @{ Name = 'MovePam'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'CheckCopies' = @{ Name = 'CheckCopies'; Timeout = 7200; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'MoveDatabase2' = @{ Name = 'MoveDatabase2'; Timeout = 900; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'AwaitUp' = @{ Name = 'AwaitUp'; Timeout = 3600; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'SetPolicy' = @{ Name = 'SetPolicy'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
}
# the steps, in one order that the plan allows
$Steps = @(
    @{ Id = '1a'; Action = 'Withdraw'; On = 'EX1'; Target = 'EX1'; Title = 'Set HubTransport of EX1 to draining'
       With = @('EX1.components.HubTransport', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1b (Restart the transport service of EX1) requires it: the transport service is restarted for a new state of HubTransport, and for nothing else' }
    @{ Id = '1b'; Action = 'RestartTransport'; On = 'EX1'; Target = 'EX1'; Title = 'Restart the transport service of EX1'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1d (Redirect the messages that wait on EX1 to EX2, and wait until its queues are empty) requires it: queues empty themselves only while the transport service drains: it has to be restarted for that' }
    @{ Id = '1c'; Action = 'Withdraw'; On = 'EX1'; Target = 'EX1'; Title = 'Set UMCallRouter of EX1 to draining'
       With = @('EX1.components.UMCallRouter', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1d (Redirect the messages that wait on EX1 to EX2, and wait until its queues are empty) requires it: mail and calls drain at the same time' }
    @{ Id = '1d'; Action = 'RedirectMessages'; On = 'EX1'; Target = 'EX1'; Title = 'Redirect the messages that wait on EX1 to EX2, and wait until its queues are empty'
       With = @('EX1', 'EX2', 'ex1.contoso.com', 'ex2.contoso.com'); Ask = @()
       Why = '1g (Set ServerWideOffline of EX1 to inactive) requires it: messages would wait on EX1 until it is back' }
    @{ Id = '1e'; Action = 'MoveDatabase'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX2'
       With = @('DAG1.databases.DB1', 'EX2', 'EX1', 'DAG1.databases.DB1.copies.EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = '1f (Run StartDagServerMaintenance for EX1) requires it: databases are moved to a server that was chosen: the script would choose one' }
    @{ Id = '1f'; Action = 'StartDagMaintenance'; On = 'EX1'; Target = 'EX1'; Title = 'Run StartDagServerMaintenance for EX1'
       With = @('DAG1.members.EX1', 'EX1', 'DAG1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1g (Set ServerWideOffline of EX1 to inactive) requires it: ServerWideOffline comes last: the member leaves its group before it' }
    @{ Id = '1g'; Action = 'Withdraw2'; On = 'EX1'; Target = 'EX1'; Title = 'Set ServerWideOffline of EX1 to inactive'
       With = @('EX1.components.ServerWideOffline', 'EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'keeps the rule components_wait_for_the_check in view of 1h (Install SU on EX1): A server that has not been checked serves nobody: its components are out of service' }
    @{ Id = '1h'; Action = 'Install'; On = 'EX1'; Target = 'EX1'; Title = 'Install SU on EX1'
       With = @('EX1', 'SU', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the wish: SU is wanted on every member of DAG1' }
    @{ Id = '1i'; Action = 'Reboot'; On = 'EX1'; Target = 'EX1'; Title = 'Reboot EX1'
       With = @('EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1j (Check that the services of EX1 are as they were) requires it: services are counted after the reboot that the update may ask for, not before it' }
    @{ Id = '1j'; Action = 'CheckServices'; On = 'EX1'; Target = 'EX1'; Title = 'Check that the services of EX1 are as they were'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1l (Verify EX1: event log, setup log and services) requires it: services that an update has left disabled stay down after the next reboot' }
    @{ Id = '1k'; Action = 'CheckComponents'; On = 'EX1'; Target = 'EX1'; Title = 'Check that setup has left no component of EX1 inactive'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1l (Verify EX1: event log, setup log and services) requires it: a setup that failed leaves components inactive: they are looked at first' }
    @{ Id = '1l'; Action = 'Verify'; On = 'EX1'; Target = 'EX1'; Title = 'Verify EX1: event log, setup log and services'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'keeps the rule components_wait_for_the_check in view of 1m (Set ServerWideOffline of EX1 to active): A server that has not been checked serves nobody: its components are out of service' }
    @{ Id = '1m'; Action = 'Reinstate'; On = 'EX1'; Target = 'EX1'; Title = 'Set ServerWideOffline of EX1 to active'
       With = @('EX1.components.ServerWideOffline', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'puts EX1.components.ServerWideOffline back as it was: maintenance is active again' }
    @{ Id = '1n'; Action = 'Reinstate2'; On = 'EX1'; Target = 'EX1'; Title = 'Set UMCallRouter of EX1 to active'
       With = @('EX1.components.UMCallRouter', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'puts EX1.components.UMCallRouter back as it was: maintenance is active again' }
    @{ Id = '1o'; Action = 'StopDagMaintenance'; On = 'EX1'; Target = 'EX1'; Title = 'Run StopDagServerMaintenance for EX1'
       With = @('DAG1.members.EX1', 'EX1', 'DAG1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1p (Set HubTransport of EX1 to active) requires it: mail comes back when the member takes part in its group again' }
    @{ Id = '1p'; Action = 'Reinstate3'; On = 'EX1'; Target = 'EX1'; Title = 'Set HubTransport of EX1 to active'
       With = @('EX1.components.HubTransport', 'EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'puts EX1.components.HubTransport back as it was: maintenance is active again' }
    @{ Id = '2a'; Action = 'MovePam'; On = 'EX2'; Target = 'EX2'; Title = 'Move the Primary Active Manager of DAG1 to EX1'
       With = @('DAG1.members.EX1', 'DAG1', 'EX1', 'EX2'); Ask = @()
       Why = '2g (Run StartDagServerMaintenance for EX2) requires it: the Primary Active Manager is moved to a member that was chosen: the script would choose one' }
    @{ Id = '1q'; Action = 'RestartTransport'; On = 'EX1'; Target = 'EX1'; Title = 'Restart the transport service of EX1'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1r (Check that the database copies on EX1 are healthy) requires it: copies are looked at when the member takes part again entirely' }
    @{ Id = '1r'; Action = 'CheckCopies'; On = 'EX1'; Target = 'EX1'; Title = 'Check that the database copies on EX1 are healthy'
       With = @('EX1', 'DAG1.members.EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = '1s (Move DB1 to EX1) requires it: a database moves only to a healthy copy that nobody has suspended for activation' }
    @{ Id = '2b'; Action = 'Withdraw'; On = 'EX2'; Target = 'EX2'; Title = 'Set HubTransport of EX2 to draining'
       With = @('EX2.components.HubTransport', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2c (Restart the transport service of EX2) requires it: the transport service is restarted for a new state of HubTransport, and for nothing else' }
    @{ Id = '2c'; Action = 'RestartTransport'; On = 'EX2'; Target = 'EX2'; Title = 'Restart the transport service of EX2'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2e (Redirect the messages that wait on EX2 to EX1, and wait until its queues are empty) requires it: queues empty themselves only while the transport service drains: it has to be restarted for that' }
    @{ Id = '2d'; Action = 'Withdraw'; On = 'EX2'; Target = 'EX2'; Title = 'Set UMCallRouter of EX2 to draining'
       With = @('EX2.components.UMCallRouter', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2e (Redirect the messages that wait on EX2 to EX1, and wait until its queues are empty) requires it: mail and calls drain at the same time' }
    @{ Id = '2e'; Action = 'RedirectMessages'; On = 'EX2'; Target = 'EX2'; Title = 'Redirect the messages that wait on EX2 to EX1, and wait until its queues are empty'
       With = @('EX2', 'EX1', 'ex2.contoso.com', 'ex1.contoso.com'); Ask = @()
       Why = '2h (Set ServerWideOffline of EX2 to inactive) requires it: messages would wait on EX2 until it is back' }
    @{ Id = '1s'; Action = 'MoveDatabase2'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX1'
       With = @('DAG1.databases.DB1', 'EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'puts DAG1.databases.DB1 back as it was: active is EX1 again' }
    @{ Id = '2f'; Action = 'MoveDatabase'; On = 'EX2'; Target = 'EX2'; Title = 'Move DB2 to EX1'
       With = @('DAG1.databases.DB2', 'EX1', 'EX2', 'DAG1.databases.DB2.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = '2g (Run StartDagServerMaintenance for EX2) requires it: databases are moved to a server that was chosen: the script would choose one' }
    @{ Id = '2g'; Action = 'StartDagMaintenance'; On = 'EX2'; Target = 'EX2'; Title = 'Run StartDagServerMaintenance for EX2'
       With = @('DAG1.members.EX2', 'EX2', 'DAG1', 'DAG1.databases.DB1.copies.EX2', 'DAG1.databases.DB2.copies.EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2h (Set ServerWideOffline of EX2 to inactive) requires it: ServerWideOffline comes last: the member leaves its group before it' }
    @{ Id = '2h'; Action = 'Withdraw2'; On = 'EX2'; Target = 'EX2'; Title = 'Set ServerWideOffline of EX2 to inactive'
       With = @('EX2.components.ServerWideOffline', 'EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'keeps the rule components_wait_for_the_check in view of 2i (Install SU on EX2): A server that has not been checked serves nobody: its components are out of service' }
    @{ Id = '2i'; Action = 'Install'; On = 'EX2'; Target = 'EX2'; Title = 'Install SU on EX2'
       With = @('EX2', 'SU', 'DAG1.databases.DB1.copies.EX2', 'DAG1.databases.DB2.copies.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the wish: SU is wanted on every member of DAG1' }
    @{ Id = '2j'; Action = 'Reboot'; On = 'EX2'; Target = 'EX2'; Title = 'Reboot EX2'
       With = @('EX2', 'DAG1.databases.DB1.copies.EX2', 'DAG1.databases.DB2.copies.EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2k (Check that the services of EX2 are as they were) requires it: services are counted after the reboot that the update may ask for, not before it' }
    @{ Id = '2k'; Action = 'CheckServices'; On = 'EX2'; Target = 'EX2'; Title = 'Check that the services of EX2 are as they were'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2m (Verify EX2: event log, setup log and services) requires it: services that an update has left disabled stay down after the next reboot' }
    @{ Id = '2l'; Action = 'CheckComponents'; On = 'EX2'; Target = 'EX2'; Title = 'Check that setup has left no component of EX2 inactive'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2m (Verify EX2: event log, setup log and services) requires it: a setup that failed leaves components inactive: they are looked at first' }
    @{ Id = '2m'; Action = 'Verify'; On = 'EX2'; Target = 'EX2'; Title = 'Verify EX2: event log, setup log and services'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'keeps the rule components_wait_for_the_check in view of 2n (Set ServerWideOffline of EX2 to active): A server that has not been checked serves nobody: its components are out of service' }
    @{ Id = '2n'; Action = 'Reinstate'; On = 'EX2'; Target = 'EX2'; Title = 'Set ServerWideOffline of EX2 to active'
       With = @('EX2.components.ServerWideOffline', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'puts EX2.components.ServerWideOffline back as it was: maintenance is active again' }
    @{ Id = '2o'; Action = 'Reinstate2'; On = 'EX2'; Target = 'EX2'; Title = 'Set UMCallRouter of EX2 to active'
       With = @('EX2.components.UMCallRouter', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'puts EX2.components.UMCallRouter back as it was: maintenance is active again' }
    @{ Id = '2p'; Action = 'StopDagMaintenance'; On = 'EX2'; Target = 'EX2'; Title = 'Run StopDagServerMaintenance for EX2'
       With = @('DAG1.members.EX2', 'EX2', 'DAG1', 'DAG1.databases.DB1.copies.EX2', 'DAG1.databases.DB2.copies.EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2q (Set HubTransport of EX2 to active) requires it: mail comes back when the member takes part in its group again' }
    @{ Id = '2q'; Action = 'Reinstate3'; On = 'EX2'; Target = 'EX2'; Title = 'Set HubTransport of EX2 to active'
       With = @('EX2.components.HubTransport', 'EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'puts EX2.components.HubTransport back as it was: maintenance is active again' }
    @{ Id = '2r'; Action = 'RestartTransport'; On = 'EX2'; Target = 'EX2'; Title = 'Restart the transport service of EX2'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2s (Check that the database copies on EX2 are healthy) requires it: copies are looked at when the member takes part again entirely' }
    @{ Id = '2s'; Action = 'CheckCopies'; On = 'EX2'; Target = 'EX2'; Title = 'Check that the database copies on EX2 are healthy'
       With = @('EX2', 'DAG1.members.EX2', 'DAG1.databases.DB1.copies.EX2', 'DAG1.databases.DB2.copies.EX2', 'ex2.contoso.com'); Ask = @()
       Why = '2t (Move DB2 to EX2) requires it: a database moves only to a healthy copy that nobody has suspended for activation' }
    @{ Id = '2t'; Action = 'MoveDatabase2'; On = 'EX2'; Target = 'EX2'; Title = 'Move DB2 to EX2'
       With = @('DAG1.databases.DB2', 'EX2', 'DAG1.databases.DB2.copies.EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'puts DAG1.databases.DB2 back as it was: active is EX2 again' }
)
#endregion

#region Ways back: what -Retreat does where a step was cut off

# from 1a
function Get-WayBack1 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reinstate3'; On = 'EX1'; Target = 'EX1'; Title = 'Set HubTransport of EX1 to active'
       With = @('EX1.components.HubTransport', 'EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1b
function Get-WayBack2 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reinstate3'; On = 'EX1'; Target = 'EX1'; Title = 'Set HubTransport of EX1 to active'
       With = @('EX1.components.HubTransport', 'EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX1.transport is unknown'
    ) }
}

# from 1c and 1d
function Get-WayBack3 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reinstate3'; On = 'EX1'; Target = 'EX1'; Title = 'Set HubTransport of EX1 to active'
       With = @('EX1.components.HubTransport', 'EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'Reinstate2'; On = 'EX1'; Target = 'EX1'; Title = 'Set UMCallRouter of EX1 to active'
       With = @('EX1.components.UMCallRouter', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'RestartTransport'; On = 'EX1'; Target = 'EX1'; Title = 'Restart the transport service of EX1'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1e
function Get-WayBack4 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reinstate3'; On = 'EX1'; Target = 'EX1'; Title = 'Set HubTransport of EX1 to active'
       With = @('EX1.components.HubTransport', 'EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'Reinstate2'; On = 'EX1'; Target = 'EX1'; Title = 'Set UMCallRouter of EX1 to active'
       With = @('EX1.components.UMCallRouter', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'RestartTransport'; On = 'EX1'; Target = 'EX1'; Title = 'Restart the transport service of EX1'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'MoveDatabase2'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX1'
       With = @('DAG1.databases.DB1', 'EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1f
function Get-WayBack5 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reinstate2'; On = 'EX1'; Target = 'EX1'; Title = 'Set UMCallRouter of EX1 to active'
       With = @('EX1.components.UMCallRouter', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'StopDagMaintenance'; On = 'EX1'; Target = 'EX1'; Title = 'Run StopDagServerMaintenance for EX1'
       With = @('DAG1.members.EX1', 'EX1', 'DAG1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'Reinstate3'; On = 'EX1'; Target = 'EX1'; Title = 'Set HubTransport of EX1 to active'
       With = @('EX1.components.HubTransport', 'EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'RestartTransport'; On = 'EX1'; Target = 'EX1'; Title = 'Restart the transport service of EX1'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '5'; Action = 'MoveDatabase2'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX1'
       With = @('DAG1.databases.DB1', 'EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1g
function Get-WayBack6 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reinstate'; On = 'EX1'; Target = 'EX1'; Title = 'Set ServerWideOffline of EX1 to active'
       With = @('EX1.components.ServerWideOffline', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'Reinstate2'; On = 'EX1'; Target = 'EX1'; Title = 'Set UMCallRouter of EX1 to active'
       With = @('EX1.components.UMCallRouter', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'StopDagMaintenance'; On = 'EX1'; Target = 'EX1'; Title = 'Run StopDagServerMaintenance for EX1'
       With = @('DAG1.members.EX1', 'EX1', 'DAG1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'Reinstate3'; On = 'EX1'; Target = 'EX1'; Title = 'Set HubTransport of EX1 to active'
       With = @('EX1.components.HubTransport', 'EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '5'; Action = 'RestartTransport'; On = 'EX1'; Target = 'EX1'; Title = 'Restart the transport service of EX1'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '6'; Action = 'MoveDatabase2'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX1'
       With = @('DAG1.databases.DB1', 'EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1h
function Get-WayBack7 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB1.copies.EX1.suspended is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.suspended is unknown'
    'DAG1.members.EX1.paused is true'
    'DAG1.members.EX1.policy is blocked'
    'EX1.build is unknown'
    'EX1.components.HubTransport.maintenance is draining'
    'EX1.components.Monitoring.functional is unknown'
    'EX1.components.RecoveryActionsEnabled.functional is unknown'
    'EX1.components.ServerWideOffline.functional is unknown'
    'EX1.components.ServerWideOffline.maintenance is inactive'
    'EX1.components.UMCallRouter.maintenance is draining'
    'EX1.health is unknown'
    'EX1.services.HostControllerService.running is unknown'
    'EX1.services.HostControllerService.startup is unknown'
    'EX1.services.MSExchangeADTopology.running is unknown'
    'EX1.services.MSExchangeADTopology.startup is unknown'
    'EX1.services.MSExchangeDelivery.running is unknown'
    'EX1.services.MSExchangeDelivery.startup is unknown'
    'EX1.services.MSExchangeDiagnostics.running is unknown'
    'EX1.services.MSExchangeDiagnostics.startup is unknown'
    'EX1.services.MSExchangeFastSearch.running is unknown'
    'EX1.services.MSExchangeFastSearch.startup is unknown'
    'EX1.services.MSExchangeFrontEndTransport.running is unknown'
    'EX1.services.MSExchangeFrontEndTransport.startup is unknown'
    'EX1.services.MSExchangeHM.running is unknown'
    'EX1.services.MSExchangeHM.startup is unknown'
    'EX1.services.MSExchangeIMAP4.running is unknown'
    'EX1.services.MSExchangeIMAP4.startup is unknown'
    'EX1.services.MSExchangeIMAP4BE.running is unknown'
    'EX1.services.MSExchangeIMAP4BE.startup is unknown'
    'EX1.services.MSExchangeIS.running is unknown'
    'EX1.services.MSExchangeIS.startup is unknown'
    'EX1.services.MSExchangeMailboxAssistants.running is unknown'
    'EX1.services.MSExchangeMailboxAssistants.startup is unknown'
    'EX1.services.MSExchangeMailboxReplication.running is unknown'
    'EX1.services.MSExchangeMailboxReplication.startup is unknown'
    'EX1.services.MSExchangePOP3.running is unknown'
    'EX1.services.MSExchangePOP3.startup is unknown'
    'EX1.services.MSExchangePOP3BE.running is unknown'
    'EX1.services.MSExchangePOP3BE.startup is unknown'
    'EX1.services.MSExchangeRPC.running is unknown'
    'EX1.services.MSExchangeRPC.startup is unknown'
    'EX1.services.MSExchangeRepl.running is unknown'
    'EX1.services.MSExchangeRepl.startup is unknown'
    'EX1.services.MSExchangeServiceHost.running is unknown'
    'EX1.services.MSExchangeServiceHost.startup is unknown'
    'EX1.services.MSExchangeSubmission.running is unknown'
    'EX1.services.MSExchangeSubmission.startup is unknown'
    'EX1.services.MSExchangeThrottling.running is unknown'
    'EX1.services.MSExchangeThrottling.startup is unknown'
    'EX1.services.MSExchangeTransport.running is unknown'
    'EX1.services.MSExchangeTransport.startup is unknown'
    'EX1.services.MSExchangeTransportLogSearch.running is unknown'
    'EX1.services.MSExchangeTransportLogSearch.startup is unknown'
    'EX1.services.MSExchangeUM.running is unknown'
    'EX1.services.MSExchangeUM.startup is unknown'
    'EX1.services.MSExchangeUMCR.running is unknown'
    'EX1.services.MSExchangeUMCR.startup is unknown'
    'EX1.services.W3SVC.running is unknown'
    'EX1.services.W3SVC.startup is unknown'
    'EX1.transport is draining'
    ) }
}

# from 1i
function Get-WayBack8 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'AwaitUp'; On = 'EX1'; Target = 'EX1'; Title = 'Wait until EX1 answers'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB1.copies.EX1.suspended is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.suspended is unknown'
    'DAG1.members.EX1.paused is true'
    'DAG1.members.EX1.policy is blocked'
    'EX1.components.HubTransport.maintenance is draining'
    'EX1.components.Monitoring.functional is unknown'
    'EX1.components.RecoveryActionsEnabled.functional is unknown'
    'EX1.components.ServerWideOffline.functional is unknown'
    'EX1.components.ServerWideOffline.maintenance is inactive'
    'EX1.components.UMCallRouter.maintenance is draining'
    'EX1.health is unknown'
    'EX1.services.HostControllerService.running is unknown'
    'EX1.services.HostControllerService.startup is unknown'
    'EX1.services.MSExchangeADTopology.running is unknown'
    'EX1.services.MSExchangeADTopology.startup is unknown'
    'EX1.services.MSExchangeDelivery.running is unknown'
    'EX1.services.MSExchangeDelivery.startup is unknown'
    'EX1.services.MSExchangeDiagnostics.running is unknown'
    'EX1.services.MSExchangeDiagnostics.startup is unknown'
    'EX1.services.MSExchangeFastSearch.running is unknown'
    'EX1.services.MSExchangeFastSearch.startup is unknown'
    'EX1.services.MSExchangeFrontEndTransport.running is unknown'
    'EX1.services.MSExchangeFrontEndTransport.startup is unknown'
    'EX1.services.MSExchangeHM.running is unknown'
    'EX1.services.MSExchangeHM.startup is unknown'
    'EX1.services.MSExchangeIMAP4.running is unknown'
    'EX1.services.MSExchangeIMAP4.startup is unknown'
    'EX1.services.MSExchangeIMAP4BE.running is unknown'
    'EX1.services.MSExchangeIMAP4BE.startup is unknown'
    'EX1.services.MSExchangeIS.running is unknown'
    'EX1.services.MSExchangeIS.startup is unknown'
    'EX1.services.MSExchangeMailboxAssistants.running is unknown'
    'EX1.services.MSExchangeMailboxAssistants.startup is unknown'
    'EX1.services.MSExchangeMailboxReplication.running is unknown'
    'EX1.services.MSExchangeMailboxReplication.startup is unknown'
    'EX1.services.MSExchangePOP3.running is unknown'
    'EX1.services.MSExchangePOP3.startup is unknown'
    'EX1.services.MSExchangePOP3BE.running is unknown'
    'EX1.services.MSExchangePOP3BE.startup is unknown'
    'EX1.services.MSExchangeRPC.running is unknown'
    'EX1.services.MSExchangeRPC.startup is unknown'
    'EX1.services.MSExchangeRepl.running is unknown'
    'EX1.services.MSExchangeRepl.startup is unknown'
    'EX1.services.MSExchangeServiceHost.running is unknown'
    'EX1.services.MSExchangeServiceHost.startup is unknown'
    'EX1.services.MSExchangeSubmission.running is unknown'
    'EX1.services.MSExchangeSubmission.startup is unknown'
    'EX1.services.MSExchangeThrottling.running is unknown'
    'EX1.services.MSExchangeThrottling.startup is unknown'
    'EX1.services.MSExchangeTransport.running is unknown'
    'EX1.services.MSExchangeTransport.startup is unknown'
    'EX1.services.MSExchangeTransportLogSearch.running is unknown'
    'EX1.services.MSExchangeTransportLogSearch.startup is unknown'
    'EX1.services.MSExchangeUM.running is unknown'
    'EX1.services.MSExchangeUM.startup is unknown'
    'EX1.services.MSExchangeUMCR.running is unknown'
    'EX1.services.MSExchangeUMCR.startup is unknown'
    'EX1.services.W3SVC.running is unknown'
    'EX1.services.W3SVC.startup is unknown'
    'EX1.transport is draining'
    ) }
}

# from 1j
function Get-WayBack9 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'CheckComponents'; On = 'EX1'; Target = 'EX1'; Title = 'Check that setup has left no component of EX1 inactive'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB1.copies.EX1.suspended is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.suspended is unknown'
    'DAG1.members.EX1.paused is true'
    'DAG1.members.EX1.policy is blocked'
    'EX1.components.HubTransport.maintenance is draining'
    'EX1.components.ServerWideOffline.maintenance is inactive'
    'EX1.components.UMCallRouter.maintenance is draining'
    'EX1.health is unknown'
    'EX1.services.HostControllerService.running is unknown'
    'EX1.services.HostControllerService.startup is unknown'
    'EX1.services.MSExchangeADTopology.running is unknown'
    'EX1.services.MSExchangeADTopology.startup is unknown'
    'EX1.services.MSExchangeDelivery.running is unknown'
    'EX1.services.MSExchangeDelivery.startup is unknown'
    'EX1.services.MSExchangeDiagnostics.running is unknown'
    'EX1.services.MSExchangeDiagnostics.startup is unknown'
    'EX1.services.MSExchangeFastSearch.running is unknown'
    'EX1.services.MSExchangeFastSearch.startup is unknown'
    'EX1.services.MSExchangeFrontEndTransport.running is unknown'
    'EX1.services.MSExchangeFrontEndTransport.startup is unknown'
    'EX1.services.MSExchangeHM.running is unknown'
    'EX1.services.MSExchangeHM.startup is unknown'
    'EX1.services.MSExchangeIMAP4.running is unknown'
    'EX1.services.MSExchangeIMAP4.startup is unknown'
    'EX1.services.MSExchangeIMAP4BE.running is unknown'
    'EX1.services.MSExchangeIMAP4BE.startup is unknown'
    'EX1.services.MSExchangeIS.running is unknown'
    'EX1.services.MSExchangeIS.startup is unknown'
    'EX1.services.MSExchangeMailboxAssistants.running is unknown'
    'EX1.services.MSExchangeMailboxAssistants.startup is unknown'
    'EX1.services.MSExchangeMailboxReplication.running is unknown'
    'EX1.services.MSExchangeMailboxReplication.startup is unknown'
    'EX1.services.MSExchangePOP3.running is unknown'
    'EX1.services.MSExchangePOP3.startup is unknown'
    'EX1.services.MSExchangePOP3BE.running is unknown'
    'EX1.services.MSExchangePOP3BE.startup is unknown'
    'EX1.services.MSExchangeRPC.running is unknown'
    'EX1.services.MSExchangeRPC.startup is unknown'
    'EX1.services.MSExchangeRepl.running is unknown'
    'EX1.services.MSExchangeRepl.startup is unknown'
    'EX1.services.MSExchangeServiceHost.running is unknown'
    'EX1.services.MSExchangeServiceHost.startup is unknown'
    'EX1.services.MSExchangeSubmission.running is unknown'
    'EX1.services.MSExchangeSubmission.startup is unknown'
    'EX1.services.MSExchangeThrottling.running is unknown'
    'EX1.services.MSExchangeThrottling.startup is unknown'
    'EX1.services.MSExchangeTransport.running is unknown'
    'EX1.services.MSExchangeTransport.startup is unknown'
    'EX1.services.MSExchangeTransportLogSearch.running is unknown'
    'EX1.services.MSExchangeTransportLogSearch.startup is unknown'
    'EX1.services.MSExchangeUM.running is unknown'
    'EX1.services.MSExchangeUM.startup is unknown'
    'EX1.services.MSExchangeUMCR.running is unknown'
    'EX1.services.MSExchangeUMCR.startup is unknown'
    'EX1.services.W3SVC.running is unknown'
    'EX1.services.W3SVC.startup is unknown'
    'EX1.transport is draining'
    ) }
}

# from 1k
function Get-WayBack10 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB1.copies.EX1.suspended is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.suspended is unknown'
    'DAG1.members.EX1.paused is true'
    'DAG1.members.EX1.policy is blocked'
    'EX1.components.HubTransport.maintenance is draining'
    'EX1.components.Monitoring.functional is unknown'
    'EX1.components.RecoveryActionsEnabled.functional is unknown'
    'EX1.components.ServerWideOffline.functional is unknown'
    'EX1.components.ServerWideOffline.maintenance is inactive'
    'EX1.components.UMCallRouter.maintenance is draining'
    'EX1.health is unknown'
    'EX1.transport is draining'
    ) }
}

# from 1l
function Get-WayBack11 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB1.copies.EX1.suspended is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.suspended is unknown'
    'DAG1.members.EX1.paused is true'
    'DAG1.members.EX1.policy is blocked'
    'EX1.components.HubTransport.maintenance is draining'
    'EX1.components.ServerWideOffline.maintenance is inactive'
    'EX1.components.UMCallRouter.maintenance is draining'
    'EX1.health is unknown'
    'EX1.transport is draining'
    ) }
}

# from 1m
function Get-WayBack12 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'SetPolicy'; On = 'EX1'; Target = 'EX1'; Title = 'Set the automatic activation policy of EX1 to Unrestricted'
       With = @('DAG1.members.EX1', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB1.copies.EX1.suspended is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.suspended is unknown'
    'DAG1.members.EX1.paused is true'
    'EX1.components.HubTransport.maintenance is draining'
    'EX1.components.ServerWideOffline.maintenance is unknown'
    'EX1.components.UMCallRouter.maintenance is draining'
    'EX1.transport is draining'
    ) }
}

# from 1n
function Get-WayBack13 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'SetPolicy'; On = 'EX1'; Target = 'EX1'; Title = 'Set the automatic activation policy of EX1 to Unrestricted'
       With = @('DAG1.members.EX1', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB1.copies.EX1.suspended is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.suspended is unknown'
    'DAG1.members.EX1.paused is true'
    'EX1.components.HubTransport.maintenance is draining'
    'EX1.components.UMCallRouter.maintenance is unknown'
    'EX1.transport is draining'
    ) }
}

# from 1o
function Get-WayBack14 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'SetPolicy'; On = 'EX1'; Target = 'EX1'; Title = 'Set the automatic activation policy of EX1 to Unrestricted'
       With = @('DAG1.members.EX1', 'EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB1.copies.EX1.suspended is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.suspended is unknown'
    'DAG1.members.EX1.paused is unknown'
    'EX1.components.HubTransport.maintenance is draining'
    'EX1.transport is draining'
    ) }
}

# from 1p
function Get-WayBack15 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'EX1.components.HubTransport.maintenance is unknown'
    'EX1.transport is draining'
    ) }
}

# from 2a
function Get-WayBack16 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reinstate3'; On = 'EX1'; Target = 'EX1'; Title = 'Set HubTransport of EX1 to active'
       With = @('EX1.components.HubTransport', 'EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'RestartTransport'; On = 'EX1'; Target = 'EX1'; Title = 'Restart the transport service of EX1'
       With = @('EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'CheckCopies'; On = 'EX1'; Target = 'EX1'; Title = 'Check that the database copies on EX1 are healthy'
       With = @('EX1', 'DAG1.members.EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'MoveDatabase2'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX1'
       With = @('DAG1.databases.DB1', 'EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1q
function Get-WayBack17 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    'EX1.transport is unknown'
    ) }
}

# from 1r
function Get-WayBack18 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.active is EX2'
    'DAG1.databases.DB1.copies.EX1.health is unknown'
    'DAG1.databases.DB2.copies.EX1.health is unknown'
    ) }
}

# from 2b
function Get-WayBack19 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'CheckCopies'; On = 'EX1'; Target = 'EX1'; Title = 'Check that the database copies on EX1 are healthy'
       With = @('EX1', 'DAG1.members.EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'MoveDatabase2'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX1'
       With = @('DAG1.databases.DB1', 'EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'Reinstate3'; On = 'EX2'; Target = 'EX2'; Title = 'Set HubTransport of EX2 to active'
       With = @('EX2.components.HubTransport', 'EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 2c
function Get-WayBack20 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'CheckCopies'; On = 'EX1'; Target = 'EX1'; Title = 'Check that the database copies on EX1 are healthy'
       With = @('EX1', 'DAG1.members.EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'MoveDatabase2'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX1'
       With = @('DAG1.databases.DB1', 'EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'Reinstate3'; On = 'EX2'; Target = 'EX2'; Title = 'Set HubTransport of EX2 to active'
       With = @('EX2.components.HubTransport', 'EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX2.transport is unknown'
    ) }
}

# from 2d and 2e
function Get-WayBack21 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'CheckCopies'; On = 'EX1'; Target = 'EX1'; Title = 'Check that the database copies on EX1 are healthy'
       With = @('EX1', 'DAG1.members.EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.databases.DB2.copies.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'MoveDatabase2'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX1'
       With = @('DAG1.databases.DB1', 'EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'Reinstate3'; On = 'EX2'; Target = 'EX2'; Title = 'Set HubTransport of EX2 to active'
       With = @('EX2.components.HubTransport', 'EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'Reinstate2'; On = 'EX2'; Target = 'EX2'; Title = 'Set UMCallRouter of EX2 to active'
       With = @('EX2.components.UMCallRouter', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '5'; Action = 'RestartTransport'; On = 'EX2'; Target = 'EX2'; Title = 'Restart the transport service of EX2'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 2f
function Get-WayBack22 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'MoveDatabase2'; On = 'EX1'; Target = 'EX1'; Title = 'Move DB1 to EX1'
       With = @('DAG1.databases.DB1', 'EX1', 'DAG1.databases.DB1.copies.EX1', 'DAG1.members.EX1', 'ex1.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'Reinstate3'; On = 'EX2'; Target = 'EX2'; Title = 'Set HubTransport of EX2 to active'
       With = @('EX2.components.HubTransport', 'EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'Reinstate2'; On = 'EX2'; Target = 'EX2'; Title = 'Set UMCallRouter of EX2 to active'
       With = @('EX2.components.UMCallRouter', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'RestartTransport'; On = 'EX2'; Target = 'EX2'; Title = 'Restart the transport service of EX2'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '5'; Action = 'MoveDatabase2'; On = 'EX2'; Target = 'EX2'; Title = 'Move DB2 to EX2'
       With = @('DAG1.databases.DB2', 'EX2', 'DAG1.databases.DB2.copies.EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 2g
function Get-WayBack23 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reinstate2'; On = 'EX2'; Target = 'EX2'; Title = 'Set UMCallRouter of EX2 to active'
       With = @('EX2.components.UMCallRouter', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'StopDagMaintenance'; On = 'EX2'; Target = 'EX2'; Title = 'Run StopDagServerMaintenance for EX2'
       With = @('DAG1.members.EX2', 'EX2', 'DAG1', 'DAG1.databases.DB1.copies.EX2', 'DAG1.databases.DB2.copies.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'Reinstate3'; On = 'EX2'; Target = 'EX2'; Title = 'Set HubTransport of EX2 to active'
       With = @('EX2.components.HubTransport', 'EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'RestartTransport'; On = 'EX2'; Target = 'EX2'; Title = 'Restart the transport service of EX2'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '5'; Action = 'MoveDatabase2'; On = 'EX2'; Target = 'EX2'; Title = 'Move DB2 to EX2'
       With = @('DAG1.databases.DB2', 'EX2', 'DAG1.databases.DB2.copies.EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 2h
function Get-WayBack24 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reinstate'; On = 'EX2'; Target = 'EX2'; Title = 'Set ServerWideOffline of EX2 to active'
       With = @('EX2.components.ServerWideOffline', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'Reinstate2'; On = 'EX2'; Target = 'EX2'; Title = 'Set UMCallRouter of EX2 to active'
       With = @('EX2.components.UMCallRouter', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'StopDagMaintenance'; On = 'EX2'; Target = 'EX2'; Title = 'Run StopDagServerMaintenance for EX2'
       With = @('DAG1.members.EX2', 'EX2', 'DAG1', 'DAG1.databases.DB1.copies.EX2', 'DAG1.databases.DB2.copies.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'Reinstate3'; On = 'EX2'; Target = 'EX2'; Title = 'Set HubTransport of EX2 to active'
       With = @('EX2.components.HubTransport', 'EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '5'; Action = 'RestartTransport'; On = 'EX2'; Target = 'EX2'; Title = 'Restart the transport service of EX2'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '6'; Action = 'MoveDatabase2'; On = 'EX2'; Target = 'EX2'; Title = 'Move DB2 to EX2'
       With = @('DAG1.databases.DB2', 'EX2', 'DAG1.databases.DB2.copies.EX2', 'DAG1.members.EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 2i
function Get-WayBack25 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB1.copies.EX2.suspended is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'DAG1.databases.DB2.copies.EX2.suspended is unknown'
    'DAG1.members.EX2.paused is true'
    'DAG1.members.EX2.policy is blocked'
    'EX2.build is unknown'
    'EX2.components.HubTransport.maintenance is draining'
    'EX2.components.Monitoring.functional is unknown'
    'EX2.components.RecoveryActionsEnabled.functional is unknown'
    'EX2.components.ServerWideOffline.functional is unknown'
    'EX2.components.ServerWideOffline.maintenance is inactive'
    'EX2.components.UMCallRouter.maintenance is draining'
    'EX2.health is unknown'
    'EX2.services.HostControllerService.running is unknown'
    'EX2.services.HostControllerService.startup is unknown'
    'EX2.services.MSExchangeADTopology.running is unknown'
    'EX2.services.MSExchangeADTopology.startup is unknown'
    'EX2.services.MSExchangeDelivery.running is unknown'
    'EX2.services.MSExchangeDelivery.startup is unknown'
    'EX2.services.MSExchangeDiagnostics.running is unknown'
    'EX2.services.MSExchangeDiagnostics.startup is unknown'
    'EX2.services.MSExchangeFastSearch.running is unknown'
    'EX2.services.MSExchangeFastSearch.startup is unknown'
    'EX2.services.MSExchangeFrontEndTransport.running is unknown'
    'EX2.services.MSExchangeFrontEndTransport.startup is unknown'
    'EX2.services.MSExchangeHM.running is unknown'
    'EX2.services.MSExchangeHM.startup is unknown'
    'EX2.services.MSExchangeIMAP4.running is unknown'
    'EX2.services.MSExchangeIMAP4.startup is unknown'
    'EX2.services.MSExchangeIMAP4BE.running is unknown'
    'EX2.services.MSExchangeIMAP4BE.startup is unknown'
    'EX2.services.MSExchangeIS.running is unknown'
    'EX2.services.MSExchangeIS.startup is unknown'
    'EX2.services.MSExchangeMailboxAssistants.running is unknown'
    'EX2.services.MSExchangeMailboxAssistants.startup is unknown'
    'EX2.services.MSExchangeMailboxReplication.running is unknown'
    'EX2.services.MSExchangeMailboxReplication.startup is unknown'
    'EX2.services.MSExchangePOP3.running is unknown'
    'EX2.services.MSExchangePOP3.startup is unknown'
    'EX2.services.MSExchangePOP3BE.running is unknown'
    'EX2.services.MSExchangePOP3BE.startup is unknown'
    'EX2.services.MSExchangeRPC.running is unknown'
    'EX2.services.MSExchangeRPC.startup is unknown'
    'EX2.services.MSExchangeRepl.running is unknown'
    'EX2.services.MSExchangeRepl.startup is unknown'
    'EX2.services.MSExchangeServiceHost.running is unknown'
    'EX2.services.MSExchangeServiceHost.startup is unknown'
    'EX2.services.MSExchangeSubmission.running is unknown'
    'EX2.services.MSExchangeSubmission.startup is unknown'
    'EX2.services.MSExchangeThrottling.running is unknown'
    'EX2.services.MSExchangeThrottling.startup is unknown'
    'EX2.services.MSExchangeTransport.running is unknown'
    'EX2.services.MSExchangeTransport.startup is unknown'
    'EX2.services.MSExchangeTransportLogSearch.running is unknown'
    'EX2.services.MSExchangeTransportLogSearch.startup is unknown'
    'EX2.services.MSExchangeUM.running is unknown'
    'EX2.services.MSExchangeUM.startup is unknown'
    'EX2.services.MSExchangeUMCR.running is unknown'
    'EX2.services.MSExchangeUMCR.startup is unknown'
    'EX2.services.W3SVC.running is unknown'
    'EX2.services.W3SVC.startup is unknown'
    'EX2.transport is draining'
    ) }
}

# from 2j
function Get-WayBack26 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'AwaitUp'; On = 'EX2'; Target = 'EX2'; Title = 'Wait until EX2 answers'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB1.copies.EX2.suspended is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'DAG1.databases.DB2.copies.EX2.suspended is unknown'
    'DAG1.members.EX2.paused is true'
    'DAG1.members.EX2.policy is blocked'
    'EX2.components.HubTransport.maintenance is draining'
    'EX2.components.Monitoring.functional is unknown'
    'EX2.components.RecoveryActionsEnabled.functional is unknown'
    'EX2.components.ServerWideOffline.functional is unknown'
    'EX2.components.ServerWideOffline.maintenance is inactive'
    'EX2.components.UMCallRouter.maintenance is draining'
    'EX2.health is unknown'
    'EX2.services.HostControllerService.running is unknown'
    'EX2.services.HostControllerService.startup is unknown'
    'EX2.services.MSExchangeADTopology.running is unknown'
    'EX2.services.MSExchangeADTopology.startup is unknown'
    'EX2.services.MSExchangeDelivery.running is unknown'
    'EX2.services.MSExchangeDelivery.startup is unknown'
    'EX2.services.MSExchangeDiagnostics.running is unknown'
    'EX2.services.MSExchangeDiagnostics.startup is unknown'
    'EX2.services.MSExchangeFastSearch.running is unknown'
    'EX2.services.MSExchangeFastSearch.startup is unknown'
    'EX2.services.MSExchangeFrontEndTransport.running is unknown'
    'EX2.services.MSExchangeFrontEndTransport.startup is unknown'
    'EX2.services.MSExchangeHM.running is unknown'
    'EX2.services.MSExchangeHM.startup is unknown'
    'EX2.services.MSExchangeIMAP4.running is unknown'
    'EX2.services.MSExchangeIMAP4.startup is unknown'
    'EX2.services.MSExchangeIMAP4BE.running is unknown'
    'EX2.services.MSExchangeIMAP4BE.startup is unknown'
    'EX2.services.MSExchangeIS.running is unknown'
    'EX2.services.MSExchangeIS.startup is unknown'
    'EX2.services.MSExchangeMailboxAssistants.running is unknown'
    'EX2.services.MSExchangeMailboxAssistants.startup is unknown'
    'EX2.services.MSExchangeMailboxReplication.running is unknown'
    'EX2.services.MSExchangeMailboxReplication.startup is unknown'
    'EX2.services.MSExchangePOP3.running is unknown'
    'EX2.services.MSExchangePOP3.startup is unknown'
    'EX2.services.MSExchangePOP3BE.running is unknown'
    'EX2.services.MSExchangePOP3BE.startup is unknown'
    'EX2.services.MSExchangeRPC.running is unknown'
    'EX2.services.MSExchangeRPC.startup is unknown'
    'EX2.services.MSExchangeRepl.running is unknown'
    'EX2.services.MSExchangeRepl.startup is unknown'
    'EX2.services.MSExchangeServiceHost.running is unknown'
    'EX2.services.MSExchangeServiceHost.startup is unknown'
    'EX2.services.MSExchangeSubmission.running is unknown'
    'EX2.services.MSExchangeSubmission.startup is unknown'
    'EX2.services.MSExchangeThrottling.running is unknown'
    'EX2.services.MSExchangeThrottling.startup is unknown'
    'EX2.services.MSExchangeTransport.running is unknown'
    'EX2.services.MSExchangeTransport.startup is unknown'
    'EX2.services.MSExchangeTransportLogSearch.running is unknown'
    'EX2.services.MSExchangeTransportLogSearch.startup is unknown'
    'EX2.services.MSExchangeUM.running is unknown'
    'EX2.services.MSExchangeUM.startup is unknown'
    'EX2.services.MSExchangeUMCR.running is unknown'
    'EX2.services.MSExchangeUMCR.startup is unknown'
    'EX2.services.W3SVC.running is unknown'
    'EX2.services.W3SVC.startup is unknown'
    'EX2.transport is draining'
    ) }
}

# from 2k
function Get-WayBack27 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'CheckComponents'; On = 'EX2'; Target = 'EX2'; Title = 'Check that setup has left no component of EX2 inactive'
       With = @('EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB1.copies.EX2.suspended is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'DAG1.databases.DB2.copies.EX2.suspended is unknown'
    'DAG1.members.EX2.paused is true'
    'DAG1.members.EX2.policy is blocked'
    'EX2.components.HubTransport.maintenance is draining'
    'EX2.components.ServerWideOffline.maintenance is inactive'
    'EX2.components.UMCallRouter.maintenance is draining'
    'EX2.health is unknown'
    'EX2.services.HostControllerService.running is unknown'
    'EX2.services.HostControllerService.startup is unknown'
    'EX2.services.MSExchangeADTopology.running is unknown'
    'EX2.services.MSExchangeADTopology.startup is unknown'
    'EX2.services.MSExchangeDelivery.running is unknown'
    'EX2.services.MSExchangeDelivery.startup is unknown'
    'EX2.services.MSExchangeDiagnostics.running is unknown'
    'EX2.services.MSExchangeDiagnostics.startup is unknown'
    'EX2.services.MSExchangeFastSearch.running is unknown'
    'EX2.services.MSExchangeFastSearch.startup is unknown'
    'EX2.services.MSExchangeFrontEndTransport.running is unknown'
    'EX2.services.MSExchangeFrontEndTransport.startup is unknown'
    'EX2.services.MSExchangeHM.running is unknown'
    'EX2.services.MSExchangeHM.startup is unknown'
    'EX2.services.MSExchangeIMAP4.running is unknown'
    'EX2.services.MSExchangeIMAP4.startup is unknown'
    'EX2.services.MSExchangeIMAP4BE.running is unknown'
    'EX2.services.MSExchangeIMAP4BE.startup is unknown'
    'EX2.services.MSExchangeIS.running is unknown'
    'EX2.services.MSExchangeIS.startup is unknown'
    'EX2.services.MSExchangeMailboxAssistants.running is unknown'
    'EX2.services.MSExchangeMailboxAssistants.startup is unknown'
    'EX2.services.MSExchangeMailboxReplication.running is unknown'
    'EX2.services.MSExchangeMailboxReplication.startup is unknown'
    'EX2.services.MSExchangePOP3.running is unknown'
    'EX2.services.MSExchangePOP3.startup is unknown'
    'EX2.services.MSExchangePOP3BE.running is unknown'
    'EX2.services.MSExchangePOP3BE.startup is unknown'
    'EX2.services.MSExchangeRPC.running is unknown'
    'EX2.services.MSExchangeRPC.startup is unknown'
    'EX2.services.MSExchangeRepl.running is unknown'
    'EX2.services.MSExchangeRepl.startup is unknown'
    'EX2.services.MSExchangeServiceHost.running is unknown'
    'EX2.services.MSExchangeServiceHost.startup is unknown'
    'EX2.services.MSExchangeSubmission.running is unknown'
    'EX2.services.MSExchangeSubmission.startup is unknown'
    'EX2.services.MSExchangeThrottling.running is unknown'
    'EX2.services.MSExchangeThrottling.startup is unknown'
    'EX2.services.MSExchangeTransport.running is unknown'
    'EX2.services.MSExchangeTransport.startup is unknown'
    'EX2.services.MSExchangeTransportLogSearch.running is unknown'
    'EX2.services.MSExchangeTransportLogSearch.startup is unknown'
    'EX2.services.MSExchangeUM.running is unknown'
    'EX2.services.MSExchangeUM.startup is unknown'
    'EX2.services.MSExchangeUMCR.running is unknown'
    'EX2.services.MSExchangeUMCR.startup is unknown'
    'EX2.services.W3SVC.running is unknown'
    'EX2.services.W3SVC.startup is unknown'
    'EX2.transport is draining'
    ) }
}

# from 2l
function Get-WayBack28 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB1.copies.EX2.suspended is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'DAG1.databases.DB2.copies.EX2.suspended is unknown'
    'DAG1.members.EX2.paused is true'
    'DAG1.members.EX2.policy is blocked'
    'EX2.components.HubTransport.maintenance is draining'
    'EX2.components.Monitoring.functional is unknown'
    'EX2.components.RecoveryActionsEnabled.functional is unknown'
    'EX2.components.ServerWideOffline.functional is unknown'
    'EX2.components.ServerWideOffline.maintenance is inactive'
    'EX2.components.UMCallRouter.maintenance is draining'
    'EX2.health is unknown'
    'EX2.transport is draining'
    ) }
}

# from 2m
function Get-WayBack29 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB1.copies.EX2.suspended is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'DAG1.databases.DB2.copies.EX2.suspended is unknown'
    'DAG1.members.EX2.paused is true'
    'DAG1.members.EX2.policy is blocked'
    'EX2.components.HubTransport.maintenance is draining'
    'EX2.components.ServerWideOffline.maintenance is inactive'
    'EX2.components.UMCallRouter.maintenance is draining'
    'EX2.health is unknown'
    'EX2.transport is draining'
    ) }
}

# from 2n
function Get-WayBack30 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'SetPolicy'; On = 'EX2'; Target = 'EX2'; Title = 'Set the automatic activation policy of EX2 to Unrestricted'
       With = @('DAG1.members.EX2', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB1.copies.EX2.suspended is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'DAG1.databases.DB2.copies.EX2.suspended is unknown'
    'DAG1.members.EX2.paused is true'
    'EX2.components.HubTransport.maintenance is draining'
    'EX2.components.ServerWideOffline.maintenance is unknown'
    'EX2.components.UMCallRouter.maintenance is draining'
    'EX2.transport is draining'
    ) }
}

# from 2o
function Get-WayBack31 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'SetPolicy'; On = 'EX2'; Target = 'EX2'; Title = 'Set the automatic activation policy of EX2 to Unrestricted'
       With = @('DAG1.members.EX2', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB1.copies.EX2.suspended is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'DAG1.databases.DB2.copies.EX2.suspended is unknown'
    'DAG1.members.EX2.paused is true'
    'EX2.components.HubTransport.maintenance is draining'
    'EX2.components.UMCallRouter.maintenance is unknown'
    'EX2.transport is draining'
    ) }
}

# from 2p
function Get-WayBack32 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'SetPolicy'; On = 'EX2'; Target = 'EX2'; Title = 'Set the automatic activation policy of EX2 to Unrestricted'
       With = @('DAG1.members.EX2', 'EX2', 'ex2.contoso.com'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB1.copies.EX2.suspended is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'DAG1.databases.DB2.copies.EX2.suspended is unknown'
    'DAG1.members.EX2.paused is unknown'
    'EX2.components.HubTransport.maintenance is draining'
    'EX2.transport is draining'
    ) }
}

# from 2q
function Get-WayBack33 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'EX2.components.HubTransport.maintenance is unknown'
    'EX2.transport is draining'
    ) }
}

# from 2r
function Get-WayBack34 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    'EX2.transport is unknown'
    ) }
}

# from 2s
function Get-WayBack35 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB1.copies.EX2.health is unknown'
    'DAG1.databases.DB2.active is EX1'
    'DAG1.databases.DB2.copies.EX2.health is unknown'
    ) }
}

# from 2t
function Get-WayBack36 {
    @{ Steps = @()
       StaysOpen = @(
    'DAG1.databases.DB2.active is unknown'
    ) }
}

# by step: which of them
$WaysBack = @{
    '1a' = 'Get-WayBack1'
    '1b' = 'Get-WayBack2'
    '1c' = 'Get-WayBack3'
    '1d' = 'Get-WayBack3'
    '1e' = 'Get-WayBack4'
    '1f' = 'Get-WayBack5'
    '1g' = 'Get-WayBack6'
    '1h' = 'Get-WayBack7'
    '1i' = 'Get-WayBack8'
    '1j' = 'Get-WayBack9'
    '1k' = 'Get-WayBack10'
    '1l' = 'Get-WayBack11'
    '1m' = 'Get-WayBack12'
    '1n' = 'Get-WayBack13'
    '1o' = 'Get-WayBack14'
    '1p' = 'Get-WayBack15'
    '2a' = 'Get-WayBack16'
    '1q' = 'Get-WayBack17'
    '1r' = 'Get-WayBack18'
    '2b' = 'Get-WayBack19'
    '2c' = 'Get-WayBack20'
    '2d' = 'Get-WayBack21'
    '2e' = 'Get-WayBack21'
    '2f' = 'Get-WayBack22'
    '2g' = 'Get-WayBack23'
    '2h' = 'Get-WayBack24'
    '2i' = 'Get-WayBack25'
    '2j' = 'Get-WayBack26'
    '2k' = 'Get-WayBack27'
    '2l' = 'Get-WayBack28'
    '2m' = 'Get-WayBack29'
    '2n' = 'Get-WayBack30'
    '2o' = 'Get-WayBack31'
    '2p' = 'Get-WayBack32'
    '2q' = 'Get-WayBack33'
    '2r' = 'Get-WayBack34'
    '2s' = 'Get-WayBack35'
    '2t' = 'Get-WayBack36'
}
#endregion

#region withdraw (withdraw): Set $0 of $1 to draining
# what must hold before
function Get-WithdrawRequirement {
    param($component, $server, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
}
# what it gives
function Get-WithdrawEffect {
    param($component, $server, $argFqdn)
    New-Effect "$component.maintenance" 'draining'
}
# what is not to be relied on while it runs
function Get-WithdrawDuring {
    param($component, $server, $argFqdn)
}
# how it is seen, before and after
function Get-WithdrawProbe {
    param($component, $server, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$component.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn, (Get-ObjectName $component)) -Block {
            param($argFqdn, $componentName)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component $componentName -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-Withdraw {
    param($component, $server, $argFqdn)
    Invoke-OnHost 'controller' @($argFqdn, (Get-ObjectName $component)) {
        param($argFqdn, $componentName)
        $ErrorActionPreference = 'Stop'
        Set-ServerComponentState -Identity $argFqdn -Component $componentName -State 'draining' -Requester Maintenance -Confirm:$false -ErrorAction Stop
    }
}
#endregion

#region restart_transport (restart_transport): Restart the transport service of $0
# what must hold before
function Get-RestartTransportRequirement {
    param($server, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: not ($server.components.HubTransport.maintenance is $server.transport)" (Test-Not (Test-Equal (Get-State "$server.components.HubTransport.maintenance") (Get-State "$server.transport")))  # the transport service is restarted for a new state of HubTransport, and for nothing else
}
# what it gives
function Get-RestartTransportEffect {
    param($server, $argFqdn)
    New-Effect "$server.drained" $null
    New-Effect "$server.transport" (Select-Value (Test-Equal (Get-State "$server.components.HubTransport.maintenance") 'active') 'active' 'draining')
}
# what is not to be relied on while it runs
function Get-RestartTransportDuring {
    param($server, $argFqdn)
    "$server.transport"
}
# how it is seen, before and after
function Get-RestartTransportProbe {
    param($server, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.drained" -Type 'bool' -From 'controller' -Every 5 `
        -As @('empty', $true, 'messages', $false) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $queues = @(Get-Queue -Server $argFqdn -ErrorAction Stop)
                $waiting = 0
                $queues | Where-Object { ($_.Identity.ToString() -notlike '*\Shadow\*') -and ($_.Identity.ToString() -notlike '*\Poison') } | ForEach-Object { $waiting += $_.MessageCount }
                if ($queues.Count -eq 0) { 'no answer' } elseif ($waiting -eq 0) { 'empty' } else { 'messages' }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-RestartTransport {
    param($server, $argFqdn)
    Invoke-OnHost $server @() {
        $ErrorActionPreference = 'Stop'
        Restart-Service -Name MSExchangeTransport -Force -ErrorAction Stop
    }
}
#endregion

#region redirect_messages (redirect_messages): Redirect the messages that wait on $0 to $1, and wait until its queues are empty
# what must hold before
function Get-RedirectMessagesRequirement {
    param($server, $server2, $argFqdn, $argFqdn2)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $server.transport is draining" (Test-Equal (Get-State "$server.transport") 'draining')  # queues empty themselves only while the transport service drains: it has to be restarted for that
    New-Requirement "wanted: ($server.components.HubTransport.maintenance is draining) and ($server.components.UMCallRouter.maintenance is draining)" (Test-All (Test-Equal (Get-State "$server.components.HubTransport.maintenance") 'draining') (Test-Equal (Get-State "$server.components.UMCallRouter.maintenance") 'draining'))  # mail and calls drain at the same time
    New-Requirement "wanted: $server2.up and ($server2.health is good)" (Test-All (Get-State "$server2.up") (Test-Equal (Get-State "$server2.health") 'good'))
    New-Requirement "wanted: ($server2.transport is active) and ($server2.components.HubTransport.maintenance is active) and ($server2.components.HubTransport.functional is active)" (Test-All (Test-Equal (Get-State "$server2.transport") 'active') (Test-Equal (Get-State "$server2.components.HubTransport.maintenance") 'active') (Test-Equal (Get-State "$server2.components.HubTransport.functional") 'active'))  # $1 takes no mail itself
}
# what it gives
function Get-RedirectMessagesEffect {
    param($server, $server2, $argFqdn, $argFqdn2)
    New-Effect "$server.drained" $true
}
# what is not to be relied on while it runs
function Get-RedirectMessagesDuring {
    param($server, $server2, $argFqdn, $argFqdn2)
}
# how it is seen, before and after
function Get-RedirectMessagesProbe {
    param($server, $server2, $argFqdn, $argFqdn2)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server2.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn2) -Block {
            param($argFqdn2)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn2 -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server2.health" -Type 'enum good bad' -From $server2 -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server2.components.HubTransport.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn2) -Block {
            param($argFqdn2)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn2 -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server2.components.HubTransport.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn2) -Block {
            param($argFqdn2)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn2 -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.drained" -Type 'bool' -From 'controller' -Every 5 `
        -As @('empty', $true, 'messages', $false) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $queues = @(Get-Queue -Server $argFqdn -ErrorAction Stop)
                $waiting = 0
                $queues | Where-Object { ($_.Identity.ToString() -notlike '*\Shadow\*') -and ($_.Identity.ToString() -notlike '*\Poison') } | ForEach-Object { $waiting += $_.MessageCount }
                if ($queues.Count -eq 0) { 'no answer' } elseif ($waiting -eq 0) { 'empty' } else { 'messages' }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-RedirectMessages {
    param($server, $server2, $argFqdn, $argFqdn2)
    Invoke-OnHost 'controller' @($argFqdn, $argFqdn2) {
        param($argFqdn, $argFqdn2)
        $ErrorActionPreference = 'Stop'
        $begun = Get-Date
        do {
          $queues = @(Get-Queue -Server $argFqdn -ErrorAction SilentlyContinue)
          if ($queues.Count -eq 0) { Start-Sleep -Seconds 15 }
        } while (($queues.Count -eq 0) -and (((Get-Date) - $begun).TotalMinutes -lt 10))
        if ($queues.Count -eq 0) { throw ('The queues of {0} cannot be read ten minutes after its transport service was restarted' -f $argFqdn) }
        Redirect-Message -Server $argFqdn -Target $argFqdn2 -Confirm:$false -ErrorAction Stop
        do {
          Start-Sleep -Seconds 15
          $waiting = 0
          Get-Queue -Server $argFqdn -ErrorAction Stop | Where-Object { ($_.Identity.ToString() -notlike '*\Shadow\*') -and ($_.Identity.ToString() -notlike '*\Poison') } | ForEach-Object { $waiting += $_.MessageCount }
        } while (($waiting -gt 0) -and (((Get-Date) - $begun).TotalMinutes -lt 50))
        if ($waiting -gt 0) { throw ('{0} messages still wait on {1}: look at Get-Queue' -f $waiting, $argFqdn) }
    }
}
#endregion

#region move_database (move_database): Move $0 to $1
# what must hold before
function Get-MoveDatabaseRequirement {
    param($dagDatabase, $server, $server2, $databaseCopy, $dagMember, $argFqdn)
    New-Requirement "wanted: not ($dagDatabase.active is ${server})" (Test-Not (Test-Equal (Get-State "$dagDatabase.active") $server))
    New-Requirement "wanted: ($databaseCopy.health is healthy) and not $databaseCopy.suspended" (Test-All (Test-Equal (Get-State "$databaseCopy.health") 'healthy') (Test-Not (Get-State "$databaseCopy.suspended")))  # a database moves only to a healthy copy that nobody has suspended for activation
    New-Requirement "wanted: $server.up and ($server.health is good)" (Test-All (Get-State "$server.up") (Test-Equal (Get-State "$server.health") 'good'))  # a database moves only to a server that is known to be good
    New-Requirement "wanted: not ($dagMember.policy is blocked) and not $dagMember.activation_disabled and not $dagMember.paused" (Test-All (Test-Not (Test-Equal (Get-State "$dagMember.policy") 'blocked')) (Test-Not (Get-State "$dagMember.activation_disabled")) (Test-Not (Get-State "$dagMember.paused")))  # $1 is blocked: it is worked on, or was left so
    New-Requirement "wanted: ($server.transport is active) and ($server.components.HubTransport.maintenance is active) and ($server.components.HubTransport.functional is active) and ($server.components.UMCallRouter.maintenance is active) and ($server.components.UMCallRouter.functional is active) and ($server.components.ServerWideOffline.maintenance is active) and ($server.components.ServerWideOffline.functional is active)" (Test-All (Test-Equal (Get-State "$server.transport") 'active') (Test-Equal (Get-State "$server.components.HubTransport.maintenance") 'active') (Test-Equal (Get-State "$server.components.HubTransport.functional") 'active') (Test-Equal (Get-State "$server.components.UMCallRouter.maintenance") 'active') (Test-Equal (Get-State "$server.components.UMCallRouter.functional") 'active') (Test-Equal (Get-State "$server.components.ServerWideOffline.maintenance") 'active') (Test-Equal (Get-State "$server.components.ServerWideOffline.functional") 'active'))  # databases come back to a server that is back in service entirely
    New-Requirement "wanted: $dagDatabase.active is $server2" (Test-Equal (Get-State "$dagDatabase.active") $server2)
}
# what it gives
function Get-MoveDatabaseEffect {
    param($dagDatabase, $server, $server2, $databaseCopy, $dagMember, $argFqdn)
    New-Effect "$dagDatabase.active" $server
}
# what is not to be relied on while it runs
function Get-MoveDatabaseDuring {
    param($dagDatabase, $server, $server2, $databaseCopy, $dagMember, $argFqdn)
}
# how it is seen, before and after
function Get-MoveDatabaseProbe {
    param($dagDatabase, $server, $server2, $databaseCopy, $dagMember, $argFqdn)
    New-Probe -Variable "$dagDatabase.active" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @((Get-ObjectName $dagDatabase)) -Block {
            param($dagDatabaseName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxDatabaseCopyStatus -Identity $dagDatabaseName -Active -ErrorAction Stop).MailboxServer.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy.health" -Type 'enum healthy failed' -From 'controller' -Every 30 `
        -As @('Failed', 'failed', 'FailedAndSuspended', 'failed', 'Healthy', 'healthy', 'Mounted', 'healthy', 'Suspended', 'failed') `
        -Arguments @((Get-ObjectName $dagDatabase), (Get-ObjectName $server)) -Block {
            param($dagDatabaseName, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f $dagDatabaseName, $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy.suspended" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $dagDatabase), (Get-ObjectName $server)) -Block {
            param($dagDatabaseName, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f $dagDatabaseName, $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).ActivationSuspended
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.health" -Type 'enum good bad' -From $server -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.policy" -Type 'enum unrestricted intrasite_only blocked' -From 'controller' -Every 5 `
        -As @('Blocked', 'blocked', 'IntrasiteOnly', 'intrasite_only', 'Unrestricted', 'unrestricted') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyAutoActivationPolicy.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.activation_disabled" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyActivationDisabledAndMoveNow
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.paused" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Paused', $true, 'Up', $false) `
        -Arguments @($argFqdn, (Get-ObjectName $server)) -Block {
            param($argFqdn, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module FailoverClusters -ErrorAction Stop
                (Get-ClusterNode -Cluster $argFqdn -Name $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-MoveDatabase {
    param($dagDatabase, $server, $server2, $databaseCopy, $dagMember, $argFqdn)
    Invoke-OnHost 'controller' @((Get-ObjectName $dagDatabase), (Get-ObjectName $server)) {
        param($dagDatabaseName, $serverName)
        $ErrorActionPreference = 'Stop'
        Move-ActiveMailboxDatabase -Identity $dagDatabaseName -ActivateOnServer $serverName -MoveComment 'Maintenance' -Confirm:$false -ErrorAction Stop
        $copy = '{0}\{1}' -f $dagDatabaseName, $serverName
        $begun = Get-Date
        do {
          Start-Sleep -Seconds 5
          $status = (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
        } while (($status -ne 'Mounted') -and (((Get-Date) - $begun).TotalMinutes -lt 10))
        if ($status -ne 'Mounted') { throw ('{0} is {1}, not mounted: look at Get-MailboxDatabaseCopyStatus' -f $copy, $status) }
    }
}
#endregion

#region start_dag_maintenance (start_dag_maintenance): Run StartDagServerMaintenance for $1
# what must hold before
function Get-StartDagMaintenanceRequirement {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: not ($dag.databases.DB1.active is ${server}) and not ($dag.databases.DB2.active is ${server})" (Test-All (Test-Not (Test-Equal (Get-State "$dag.databases.DB1.active") $server)) (Test-Not (Test-Equal (Get-State "$dag.databases.DB2.active") $server)))  # databases are moved to a server that was chosen: the script would choose one
    New-Requirement "wanted: not ($dag.pam is ${server})" (Test-Not (Test-Equal (Get-State "$dag.pam") $server))  # the Primary Active Manager is moved to a member that was chosen: the script would choose one
    New-Requirement "wanted: ($server.transport is draining) and ($server.components.HubTransport.maintenance is draining) and ($server.components.UMCallRouter.maintenance is draining)" (Test-All (Test-Equal (Get-State "$server.transport") 'draining') (Test-Equal (Get-State "$server.components.HubTransport.maintenance") 'draining') (Test-Equal (Get-State "$server.components.UMCallRouter.maintenance") 'draining'))  # mail and calls drain before the member leaves its group
}
# what it gives
function Get-StartDagMaintenanceEffect {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Effect "$databaseCopy.suspended" $null
    New-Effect "$databaseCopy2.suspended" $null
    New-Effect "$dagMember.policy" 'blocked'
    New-Effect "$dagMember.paused" $true
}
# what is not to be relied on while it runs
function Get-StartDagMaintenanceDuring {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
}
# how it is seen, before and after
function Get-StartDagMaintenanceProbe {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dag.databases.DB1.active" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxDatabaseCopyStatus -Identity 'DB1' -Active -ErrorAction Stop).MailboxServer.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dag.databases.DB2.active" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxDatabaseCopyStatus -Identity 'DB2' -Active -ErrorAction Stop).MailboxServer.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dag.pam" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @((Get-ObjectName $dag)) -Block {
            param($dagName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-DatabaseAvailabilityGroup -Identity $dagName -Status -ErrorAction Stop).PrimaryActiveManager.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy.suspended" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB1', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).ActivationSuspended
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy2.suspended" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB2', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).ActivationSuspended
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.policy" -Type 'enum unrestricted intrasite_only blocked' -From 'controller' -Every 5 `
        -As @('Blocked', 'blocked', 'IntrasiteOnly', 'intrasite_only', 'Unrestricted', 'unrestricted') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyAutoActivationPolicy.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.paused" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Paused', $true, 'Up', $false) `
        -Arguments @($argFqdn, (Get-ObjectName $server)) -Block {
            param($argFqdn, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module FailoverClusters -ErrorAction Stop
                (Get-ClusterNode -Cluster $argFqdn -Name $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-StartDagMaintenance {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
    Invoke-OnHost 'controller' @((Get-ObjectName $server)) {
        param($serverName2)
        $ErrorActionPreference = 'Stop'
        $script = Join-Path $env:ExchangeInstallPath 'Scripts\StartDagServerMaintenance.ps1'
        $more = @{}
        if ($true) { $more['MoveComment'] = 'Maintenance'; $more['pauseClusterNode'] = $true }
        if ($true) { $more['overrideMinimumTwoCopies'] = $true }
        & $script -serverName $serverName2 @more
        $policy = (Get-MailboxServer -Identity $serverName2 -ErrorAction Stop).DatabaseCopyAutoActivationPolicy.ToString()
        if ($policy -ne 'Blocked') { throw ('StartDagServerMaintenance.ps1 has taken back what it did: the policy of {0} is {1}' -f $serverName2, $policy) }
    }
}
#endregion

#region withdraw (withdraw_2): Set $0 of $1 to inactive
# what must hold before
function Get-Withdraw2Requirement {
    param($component, $server, $dagMember, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $server.drained" (Get-State "$server.drained")  # messages would wait on $1 until it is back
    New-Requirement "wanted: ($dagMember.policy is blocked) and $dagMember.paused" (Test-All (Test-Equal (Get-State "$dagMember.policy") 'blocked') (Get-State "$dagMember.paused"))  # ServerWideOffline comes last: the member leaves its group before it
}
# what it gives
function Get-Withdraw2Effect {
    param($component, $server, $dagMember, $argFqdn)
    New-Effect "$component.maintenance" 'inactive'
}
# what is not to be relied on while it runs
function Get-Withdraw2During {
    param($component, $server, $dagMember, $argFqdn)
}
# how it is seen, before and after
function Get-Withdraw2Probe {
    param($component, $server, $dagMember, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.drained" -Type 'bool' -From 'controller' -Every 5 `
        -As @('empty', $true, 'messages', $false) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $queues = @(Get-Queue -Server $argFqdn -ErrorAction Stop)
                $waiting = 0
                $queues | Where-Object { ($_.Identity.ToString() -notlike '*\Shadow\*') -and ($_.Identity.ToString() -notlike '*\Poison') } | ForEach-Object { $waiting += $_.MessageCount }
                if ($queues.Count -eq 0) { 'no answer' } elseif ($waiting -eq 0) { 'empty' } else { 'messages' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.policy" -Type 'enum unrestricted intrasite_only blocked' -From 'controller' -Every 5 `
        -As @('Blocked', 'blocked', 'IntrasiteOnly', 'intrasite_only', 'Unrestricted', 'unrestricted') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyAutoActivationPolicy.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.paused" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Paused', $true, 'Up', $false) `
        -Arguments @($argFqdn, (Get-ObjectName $server)) -Block {
            param($argFqdn, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module FailoverClusters -ErrorAction Stop
                (Get-ClusterNode -Cluster $argFqdn -Name $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$component.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn, (Get-ObjectName $component)) -Block {
            param($argFqdn, $componentName)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component $componentName -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-Withdraw2 {
    param($component, $server, $dagMember, $argFqdn)
    Invoke-OnHost 'controller' @($argFqdn, (Get-ObjectName $component)) {
        param($argFqdn, $componentName)
        $ErrorActionPreference = 'Stop'
        Set-ServerComponentState -Identity $argFqdn -Component $componentName -State 'inactive' -Requester Maintenance -Confirm:$false -ErrorAction Stop
    }
}
#endregion

#region install (install): Install $1 on $0
# Needs: local administrator on $0, in an elevated session
# what must hold before
function Get-InstallRequirement {
    param($server, $update, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: not (known($server.build)) or ($server.build < 15.1.2507.9)" (Test-Any (Test-Not (Test-Known (Get-State "$server.build"))) (Test-Less (Get-State "$server.build") '15.1.2507.9'))  # $0 is at that build already, or beyond it: an update never goes back
    New-Requirement "wanted: ($server.reboot_pending is false) and not $server.reboot_due" (Test-All (Test-Equal (Get-State "$server.reboot_pending") $false) (Test-Not (Get-State "$server.reboot_due")))  # setup refuses while a reboot is pending
}
# what it gives
function Get-InstallEffect {
    param($server, $update, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Effect "$server.health" $null
    New-Effect "$server.services.W3SVC.startup" $null
    New-Effect "$server.services.W3SVC.running" $null
    New-Effect "$server.services.MSExchangeADTopology.startup" $null
    New-Effect "$server.services.MSExchangeADTopology.running" $null
    New-Effect "$server.services.MSExchangeDiagnostics.startup" $null
    New-Effect "$server.services.MSExchangeDiagnostics.running" $null
    New-Effect "$server.services.MSExchangeHM.startup" $null
    New-Effect "$server.services.MSExchangeHM.running" $null
    New-Effect "$server.services.MSExchangeServiceHost.startup" $null
    New-Effect "$server.services.MSExchangeServiceHost.running" $null
    New-Effect "$server.services.MSExchangeFrontEndTransport.startup" $null
    New-Effect "$server.services.MSExchangeFrontEndTransport.running" $null
    New-Effect "$server.services.MSExchangeIMAP4.startup" $null
    New-Effect "$server.services.MSExchangeIMAP4.running" $null
    New-Effect "$server.services.MSExchangePOP3.startup" $null
    New-Effect "$server.services.MSExchangePOP3.running" $null
    New-Effect "$server.services.MSExchangeUMCR.startup" $null
    New-Effect "$server.services.MSExchangeUMCR.running" $null
    New-Effect "$server.services.HostControllerService.startup" $null
    New-Effect "$server.services.HostControllerService.running" $null
    New-Effect "$server.services.MSExchangeDelivery.startup" $null
    New-Effect "$server.services.MSExchangeDelivery.running" $null
    New-Effect "$server.services.MSExchangeFastSearch.startup" $null
    New-Effect "$server.services.MSExchangeFastSearch.running" $null
    New-Effect "$server.services.MSExchangeIMAP4BE.startup" $null
    New-Effect "$server.services.MSExchangeIMAP4BE.running" $null
    New-Effect "$server.services.MSExchangeIS.startup" $null
    New-Effect "$server.services.MSExchangeIS.running" $null
    New-Effect "$server.services.MSExchangeMailboxAssistants.startup" $null
    New-Effect "$server.services.MSExchangeMailboxAssistants.running" $null
    New-Effect "$server.services.MSExchangeMailboxReplication.startup" $null
    New-Effect "$server.services.MSExchangeMailboxReplication.running" $null
    New-Effect "$server.services.MSExchangePOP3BE.startup" $null
    New-Effect "$server.services.MSExchangePOP3BE.running" $null
    New-Effect "$server.services.MSExchangeRepl.startup" $null
    New-Effect "$server.services.MSExchangeRepl.running" $null
    New-Effect "$server.services.MSExchangeRPC.startup" $null
    New-Effect "$server.services.MSExchangeRPC.running" $null
    New-Effect "$server.services.MSExchangeSubmission.startup" $null
    New-Effect "$server.services.MSExchangeSubmission.running" $null
    New-Effect "$server.services.MSExchangeThrottling.startup" $null
    New-Effect "$server.services.MSExchangeThrottling.running" $null
    New-Effect "$server.services.MSExchangeTransport.startup" $null
    New-Effect "$server.services.MSExchangeTransport.running" $null
    New-Effect "$server.services.MSExchangeTransportLogSearch.startup" $null
    New-Effect "$server.services.MSExchangeTransportLogSearch.running" $null
    New-Effect "$server.services.MSExchangeUM.startup" $null
    New-Effect "$server.services.MSExchangeUM.running" $null
    New-Effect "$server.reboot_pending" $null
    New-Effect "$server.reboot_due" $false
    New-Effect "$server.build" '15.1.2507.9'
    New-Effect "$databaseCopy.health" $null
    New-Effect "$databaseCopy2.health" $null
    New-Effect "$server.components.ServerWideOffline.functional" $null
    New-Effect "$server.components.Monitoring.functional" $null
    New-Effect "$server.components.RecoveryActionsEnabled.functional" $null
    New-Effect "$server.drained" $null
}
# what is not to be relied on while it runs
function Get-InstallDuring {
    param($server, $update, $databaseCopy, $databaseCopy2, $argFqdn)
    "$server.build"
}
# how it is seen, before and after
function Get-InstallProbe {
    param($server, $update, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.build" -Type 'version' -From $server -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $folder = $env:ExchangeInstallPath
                if (-not $folder) { $folder = [Environment]::GetEnvironmentVariable('ExchangeInstallPath', 'Machine') }
                if ($folder) {
                  $file = (Get-Item -LiteralPath (Join-Path (Join-Path $folder 'bin') 'ExSetup.exe') -ErrorAction Stop).VersionInfo
                  '{0}.{1}.{2}.{3}' -f $file.FileMajorPart, $file.FileMinorPart, $file.FileBuildPart, $file.FilePrivatePart
                } else {
                  '0'
                }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.reboot_pending" -Type 'bool' -From $server -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $pending = $false
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') { $pending = $true }
                $manager = Get-Item -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager' -ErrorAction Stop
                if (@($manager.GetValue('PendingFileRenameOperations') | Where-Object { $_ }).Count -gt 0) { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Updates') {
                  $volatile = (Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Updates').GetValue('UpdateExeVolatile')
                  if ($volatile) { $pending = $true }
                }
                $pending
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.health" -Type 'enum good bad' -From $server -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.W3SVC.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'W3SVC' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.W3SVC.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'W3SVC' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeADTopology.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeADTopology' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeADTopology.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeADTopology' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDiagnostics.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeDiagnostics' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDiagnostics.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeDiagnostics' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeHM.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeHM' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeHM.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeHM' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeServiceHost' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeServiceHost' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFrontEndTransport.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFrontEndTransport' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFrontEndTransport.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFrontEndTransport' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUMCR.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeUMCR' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUMCR.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeUMCR' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.HostControllerService.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'HostControllerService' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.HostControllerService.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'HostControllerService' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDelivery.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeDelivery' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDelivery.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeDelivery' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFastSearch.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFastSearch' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFastSearch.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFastSearch' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4BE.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4BE' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4BE.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4BE' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIS.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIS' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIS.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIS' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxAssistants.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMailboxAssistants' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxAssistants.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMailboxAssistants' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxReplication.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMailboxReplication' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxReplication.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMailboxReplication' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3BE.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3BE' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3BE.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3BE' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRepl.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeRepl' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRepl.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRepl' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRPC.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeRPC' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRPC.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRPC' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeSubmission.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeSubmission' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeSubmission.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeSubmission' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeThrottling.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeThrottling' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeThrottling.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeThrottling' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransport.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeTransport' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransport.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeTransport' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransportLogSearch.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeTransportLogSearch' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransportLogSearch.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeTransportLogSearch' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUM.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeUM' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUM.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeUM' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy.health" -Type 'enum healthy failed' -From 'controller' -Every 30 `
        -As @('Failed', 'failed', 'FailedAndSuspended', 'failed', 'Healthy', 'healthy', 'Mounted', 'healthy', 'Suspended', 'failed') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB1', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy2.health" -Type 'enum healthy failed' -From 'controller' -Every 30 `
        -As @('Failed', 'failed', 'FailedAndSuspended', 'failed', 'Healthy', 'healthy', 'Mounted', 'healthy', 'Suspended', 'failed') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB2', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.Monitoring.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'Monitoring' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.RecoveryActionsEnabled.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'RecoveryActionsEnabled' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.drained" -Type 'bool' -From 'controller' -Every 5 `
        -As @('empty', $true, 'messages', $false) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $queues = @(Get-Queue -Server $argFqdn -ErrorAction Stop)
                $waiting = 0
                $queues | Where-Object { ($_.Identity.ToString() -notlike '*\Shadow\*') -and ($_.Identity.ToString() -notlike '*\Poison') } | ForEach-Object { $waiting += $_.MessageCount }
                if ($queues.Count -eq 0) { 'no answer' } elseif ($waiting -eq 0) { 'empty' } else { 'messages' }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-Install {
    param($server, $update, $databaseCopy, $databaseCopy2, $argFqdn)
    Invoke-OnHost $server @((Get-ObjectName $server)) {
        param($serverName)
        $ErrorActionPreference = 'Stop'
        if (-not (Test-Path -LiteralPath 'D:\updates\Exchange2016-KB5014261-x64-en.msp')) {
          throw ('{0} cannot be read from {1}: copy it there first' -f 'D:\updates\Exchange2016-KB5014261-x64-en.msp', $serverName)
        }
        $process = Start-Process -FilePath 'msiexec.exe' -ArgumentList '/update "D:\updates\Exchange2016-KB5014261-x64-en.msp" /quiet /norestart' -Wait -PassThru -ErrorAction Stop
        if (@(0, 3010) -notcontains $process.ExitCode) {
          throw ('{0} ended with exit code {1}: look at the setup logs and at the start types of the services before anything else' -f 'msiexec.exe', $process.ExitCode)
        }
    }
}
#endregion

#region reboot (reboot): Reboot $0
# what must hold before
function Get-RebootRequirement {
    param($server, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")  # $0 does not answer: nobody can ask it for a reboot
    New-Requirement "wanted: known($server.build)" (Test-Known (Get-State "$server.build"))  # an update on $0 was cut off: finish it or roll it back before the server is rebooted
}
# what it gives
function Get-RebootEffect {
    param($server, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Effect "$server.health" $null
    New-Effect "$server.services.W3SVC.running" (Test-Equal (Get-State "$server.services.W3SVC.startup") 'automatic')
    New-Effect "$server.services.MSExchangeADTopology.running" (Test-Equal (Get-State "$server.services.MSExchangeADTopology.startup") 'automatic')
    New-Effect "$server.services.MSExchangeDiagnostics.running" (Test-Equal (Get-State "$server.services.MSExchangeDiagnostics.startup") 'automatic')
    New-Effect "$server.services.MSExchangeHM.running" (Test-Equal (Get-State "$server.services.MSExchangeHM.startup") 'automatic')
    New-Effect "$server.services.MSExchangeServiceHost.running" (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.startup") 'automatic')
    New-Effect "$server.services.MSExchangeFrontEndTransport.running" (Test-Equal (Get-State "$server.services.MSExchangeFrontEndTransport.startup") 'automatic')
    New-Effect "$server.services.MSExchangeIMAP4.running" (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.startup") 'automatic')
    New-Effect "$server.services.MSExchangePOP3.running" (Test-Equal (Get-State "$server.services.MSExchangePOP3.startup") 'automatic')
    New-Effect "$server.services.MSExchangeUMCR.running" (Test-Equal (Get-State "$server.services.MSExchangeUMCR.startup") 'automatic')
    New-Effect "$server.services.HostControllerService.running" (Test-Equal (Get-State "$server.services.HostControllerService.startup") 'automatic')
    New-Effect "$server.services.MSExchangeDelivery.running" (Test-Equal (Get-State "$server.services.MSExchangeDelivery.startup") 'automatic')
    New-Effect "$server.services.MSExchangeFastSearch.running" (Test-Equal (Get-State "$server.services.MSExchangeFastSearch.startup") 'automatic')
    New-Effect "$server.services.MSExchangeIMAP4BE.running" (Test-Equal (Get-State "$server.services.MSExchangeIMAP4BE.startup") 'automatic')
    New-Effect "$server.services.MSExchangeIS.running" (Test-Equal (Get-State "$server.services.MSExchangeIS.startup") 'automatic')
    New-Effect "$server.services.MSExchangeMailboxAssistants.running" (Test-Equal (Get-State "$server.services.MSExchangeMailboxAssistants.startup") 'automatic')
    New-Effect "$server.services.MSExchangeMailboxReplication.running" (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.startup") 'automatic')
    New-Effect "$server.services.MSExchangePOP3BE.running" (Test-Equal (Get-State "$server.services.MSExchangePOP3BE.startup") 'automatic')
    New-Effect "$server.services.MSExchangeRepl.running" (Test-Equal (Get-State "$server.services.MSExchangeRepl.startup") 'automatic')
    New-Effect "$server.services.MSExchangeRPC.running" (Test-Equal (Get-State "$server.services.MSExchangeRPC.startup") 'automatic')
    New-Effect "$server.services.MSExchangeSubmission.running" (Test-Equal (Get-State "$server.services.MSExchangeSubmission.startup") 'automatic')
    New-Effect "$server.services.MSExchangeThrottling.running" (Test-Equal (Get-State "$server.services.MSExchangeThrottling.startup") 'automatic')
    New-Effect "$server.services.MSExchangeTransport.running" (Test-Equal (Get-State "$server.services.MSExchangeTransport.startup") 'automatic')
    New-Effect "$server.services.MSExchangeTransportLogSearch.running" (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.startup") 'automatic')
    New-Effect "$server.services.MSExchangeUM.running" (Test-Equal (Get-State "$server.services.MSExchangeUM.startup") 'automatic')
    New-Effect "$server.reboot_pending" $false
    New-Effect "$server.reboot_due" $false
    New-Effect "$databaseCopy.health" $null
    New-Effect "$databaseCopy2.health" $null
    New-Effect "$server.drained" $null
    New-Effect "$server.transport" (Select-Value (Test-Equal (Get-State "$server.components.HubTransport.maintenance") 'active') 'active' 'draining')
    New-Effect "$server.counters_held" $true
}
# what is not to be relied on while it runs
function Get-RebootDuring {
    param($server, $databaseCopy, $databaseCopy2, $argFqdn)
    "$server.up"
}
# how it is seen, before and after
function Get-RebootProbe {
    param($server, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.build" -Type 'version' -From $server -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $folder = $env:ExchangeInstallPath
                if (-not $folder) { $folder = [Environment]::GetEnvironmentVariable('ExchangeInstallPath', 'Machine') }
                if ($folder) {
                  $file = (Get-Item -LiteralPath (Join-Path (Join-Path $folder 'bin') 'ExSetup.exe') -ErrorAction Stop).VersionInfo
                  '{0}.{1}.{2}.{3}' -f $file.FileMajorPart, $file.FileMinorPart, $file.FileBuildPart, $file.FilePrivatePart
                } else {
                  '0'
                }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.health" -Type 'enum good bad' -From $server -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.W3SVC.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'W3SVC' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.W3SVC.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'W3SVC' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeADTopology.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeADTopology' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeADTopology.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeADTopology' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDiagnostics.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeDiagnostics' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDiagnostics.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeDiagnostics' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeHM.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeHM' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeHM.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeHM' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeServiceHost' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeServiceHost' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFrontEndTransport.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFrontEndTransport' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFrontEndTransport.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFrontEndTransport' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUMCR.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeUMCR' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUMCR.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeUMCR' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.HostControllerService.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'HostControllerService' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.HostControllerService.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'HostControllerService' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDelivery.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeDelivery' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDelivery.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeDelivery' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFastSearch.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFastSearch' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFastSearch.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFastSearch' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4BE.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4BE' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4BE.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4BE' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIS.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIS' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIS.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIS' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxAssistants.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMailboxAssistants' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxAssistants.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMailboxAssistants' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxReplication.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMailboxReplication' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxReplication.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMailboxReplication' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3BE.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3BE' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3BE.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3BE' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRepl.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeRepl' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRepl.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRepl' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRPC.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeRPC' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRPC.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRPC' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeSubmission.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeSubmission' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeSubmission.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeSubmission' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeThrottling.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeThrottling' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeThrottling.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeThrottling' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransport.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeTransport' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransport.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeTransport' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransportLogSearch.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeTransportLogSearch' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransportLogSearch.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeTransportLogSearch' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUM.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeUM' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUM.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeUM' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.reboot_pending" -Type 'bool' -From $server -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $pending = $false
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') { $pending = $true }
                $manager = Get-Item -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager' -ErrorAction Stop
                if (@($manager.GetValue('PendingFileRenameOperations') | Where-Object { $_ }).Count -gt 0) { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Updates') {
                  $volatile = (Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Updates').GetValue('UpdateExeVolatile')
                  if ($volatile) { $pending = $true }
                }
                $pending
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy.health" -Type 'enum healthy failed' -From 'controller' -Every 30 `
        -As @('Failed', 'failed', 'FailedAndSuspended', 'failed', 'Healthy', 'healthy', 'Mounted', 'healthy', 'Suspended', 'failed') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB1', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy2.health" -Type 'enum healthy failed' -From 'controller' -Every 30 `
        -As @('Failed', 'failed', 'FailedAndSuspended', 'failed', 'Healthy', 'healthy', 'Mounted', 'healthy', 'Suspended', 'failed') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB2', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.drained" -Type 'bool' -From 'controller' -Every 5 `
        -As @('empty', $true, 'messages', $false) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $queues = @(Get-Queue -Server $argFqdn -ErrorAction Stop)
                $waiting = 0
                $queues | Where-Object { ($_.Identity.ToString() -notlike '*\Shadow\*') -and ($_.Identity.ToString() -notlike '*\Poison') } | ForEach-Object { $waiting += $_.MessageCount }
                if ($queues.Count -eq 0) { 'no answer' } elseif ($waiting -eq 0) { 'empty' } else { 'messages' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-Reboot {
    param($server, $databaseCopy, $databaseCopy2, $argFqdn)
    Invoke-OnHost 'controller' @($argFqdn) {
        param($argFqdn)
        $ErrorActionPreference = 'Stop'
        $now = Invoke-Command -ComputerName $argFqdn -ScriptBlock { (Get-WmiObject -Class Win32_OperatingSystem -ErrorAction Stop).LocalDateTime } -ErrorAction Stop
        $asked = $now.Substring(0, 14)
        Restart-Computer -ComputerName $argFqdn -Force -ErrorAction Stop
        $deadline = (Get-Date).AddMinutes(25)
        $booted = ''
        do {
          Start-Sleep -Seconds 10
          try {
            $boot = Invoke-Command -ComputerName $argFqdn -ScriptBlock { (Get-WmiObject -Class Win32_OperatingSystem -ErrorAction Stop).LastBootUpTime } -ErrorAction Stop
            $booted = $boot.Substring(0, 14)
          } catch {
            $booted = ''
          }
        } until (($booted -gt $asked) -or ((Get-Date) -gt $deadline))
        if (-not ($booted -gt $asked)) {
          throw ('{0} was asked to restart and has not come back in 25 minutes' -f $argFqdn)
        }
    }
}
#endregion

#region check_services (check_services): Check that the services of $0 are as they were
# what must hold before
function Get-CheckServicesRequirement {
    param($server, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: ($server.reboot_pending is false) and not $server.reboot_due" (Test-All (Test-Equal (Get-State "$server.reboot_pending") $false) (Test-Not (Get-State "$server.reboot_due")))  # services are counted after the reboot that the update may ask for, not before it
    New-Requirement "wanted: (not (known($server.services.W3SVC.startup)) or ($server.services.W3SVC.startup is automatic)) and (not (known($server.services.MSExchangeADTopology.startup)) or ($server.services.MSExchangeADTopology.startup is automatic)) and (not (known($server.services.MSExchangeDiagnostics.startup)) or ($server.services.MSExchangeDiagnostics.startup is automatic)) and (not (known($server.services.MSExchangeHM.startup)) or ($server.services.MSExchangeHM.startup is automatic)) and (not (known($server.services.MSExchangeServiceHost.startup)) or ($server.services.MSExchangeServiceHost.startup is automatic)) and (not (known($server.services.MSExchangeFrontEndTransport.startup)) or ($server.services.MSExchangeFrontEndTransport.startup is automatic)) and (not (known($server.services.MSExchangeIMAP4.startup)) or ($server.services.MSExchangeIMAP4.startup is manual)) and (not (known($server.services.MSExchangePOP3.startup)) or ($server.services.MSExchangePOP3.startup is manual)) and (not (known($server.services.MSExchangeUMCR.startup)) or ($server.services.MSExchangeUMCR.startup is automatic)) and (not (known($server.services.HostControllerService.startup)) or ($server.services.HostControllerService.startup is automatic)) and (not (known($server.services.MSExchangeDelivery.startup)) or ($server.services.MSExchangeDelivery.startup is automatic)) and (not (known($server.services.MSExchangeFastSearch.startup)) or ($server.services.MSExchangeFastSearch.startup is automatic)) and (not (known($server.services.MSExchangeIMAP4BE.startup)) or ($server.services.MSExchangeIMAP4BE.startup is manual)) and (not (known($server.services.MSExchangeIS.startup)) or ($server.services.MSExchangeIS.startup is automatic)) and (not (known($server.services.MSExchangeMailboxAssistants.startup)) or ($server.services.MSExchangeMailboxAssistants.startup is automatic)) and (not (known($server.services.MSExchangeMailboxReplication.startup)) or ($server.services.MSExchangeMailboxReplication.startup is automatic)) and (not (known($server.services.MSExchangePOP3BE.startup)) or ($server.services.MSExchangePOP3BE.startup is manual)) and (not (known($server.services.MSExchangeRepl.startup)) or ($server.services.MSExchangeRepl.startup is automatic)) and (not (known($server.services.MSExchangeRPC.startup)) or ($server.services.MSExchangeRPC.startup is automatic)) and (not (known($server.services.MSExchangeSubmission.startup)) or ($server.services.MSExchangeSubmission.startup is automatic)) and (not (known($server.services.MSExchangeThrottling.startup)) or ($server.services.MSExchangeThrottling.startup is automatic)) and (not (known($server.services.MSExchangeTransport.startup)) or ($server.services.MSExchangeTransport.startup is automatic)) and (not (known($server.services.MSExchangeTransportLogSearch.startup)) or ($server.services.MSExchangeTransportLogSearch.startup is automatic)) and (not (known($server.services.MSExchangeUM.startup)) or ($server.services.MSExchangeUM.startup is automatic))" (Test-All (Test-Any (Test-Not (Test-Known (Get-State "$server.services.W3SVC.startup"))) (Test-Equal (Get-State "$server.services.W3SVC.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeADTopology.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeADTopology.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeDiagnostics.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeDiagnostics.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeHM.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeHM.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeServiceHost.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeFrontEndTransport.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeFrontEndTransport.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeIMAP4.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.startup") 'manual')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangePOP3.startup"))) (Test-Equal (Get-State "$server.services.MSExchangePOP3.startup") 'manual')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeUMCR.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeUMCR.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.HostControllerService.startup"))) (Test-Equal (Get-State "$server.services.HostControllerService.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeDelivery.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeDelivery.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeFastSearch.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeFastSearch.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeIMAP4BE.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeIMAP4BE.startup") 'manual')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeIS.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeIS.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeMailboxAssistants.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeMailboxAssistants.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeMailboxReplication.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangePOP3BE.startup"))) (Test-Equal (Get-State "$server.services.MSExchangePOP3BE.startup") 'manual')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeRepl.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeRepl.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeRPC.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeRPC.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeSubmission.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeSubmission.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeThrottling.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeThrottling.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeTransport.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeTransport.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeTransportLogSearch.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeUM.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeUM.startup") 'automatic')))  # a check finds out how services are, it does not change them
    New-Requirement "wanted: (not (known($server.services.W3SVC.running)) or ($server.services.W3SVC.running is true)) and (not (known($server.services.MSExchangeADTopology.running)) or ($server.services.MSExchangeADTopology.running is true)) and (not (known($server.services.MSExchangeDiagnostics.running)) or ($server.services.MSExchangeDiagnostics.running is true)) and (not (known($server.services.MSExchangeHM.running)) or ($server.services.MSExchangeHM.running is true)) and (not (known($server.services.MSExchangeServiceHost.running)) or ($server.services.MSExchangeServiceHost.running is true)) and (not (known($server.services.MSExchangeFrontEndTransport.running)) or ($server.services.MSExchangeFrontEndTransport.running is true)) and (not (known($server.services.MSExchangeIMAP4.running)) or ($server.services.MSExchangeIMAP4.running is false)) and (not (known($server.services.MSExchangePOP3.running)) or ($server.services.MSExchangePOP3.running is false)) and (not (known($server.services.MSExchangeUMCR.running)) or ($server.services.MSExchangeUMCR.running is true)) and (not (known($server.services.HostControllerService.running)) or ($server.services.HostControllerService.running is true)) and (not (known($server.services.MSExchangeDelivery.running)) or ($server.services.MSExchangeDelivery.running is true)) and (not (known($server.services.MSExchangeFastSearch.running)) or ($server.services.MSExchangeFastSearch.running is true)) and (not (known($server.services.MSExchangeIMAP4BE.running)) or ($server.services.MSExchangeIMAP4BE.running is false)) and (not (known($server.services.MSExchangeIS.running)) or ($server.services.MSExchangeIS.running is true)) and (not (known($server.services.MSExchangeMailboxAssistants.running)) or ($server.services.MSExchangeMailboxAssistants.running is true)) and (not (known($server.services.MSExchangeMailboxReplication.running)) or ($server.services.MSExchangeMailboxReplication.running is true)) and (not (known($server.services.MSExchangePOP3BE.running)) or ($server.services.MSExchangePOP3BE.running is false)) and (not (known($server.services.MSExchangeRepl.running)) or ($server.services.MSExchangeRepl.running is true)) and (not (known($server.services.MSExchangeRPC.running)) or ($server.services.MSExchangeRPC.running is true)) and (not (known($server.services.MSExchangeSubmission.running)) or ($server.services.MSExchangeSubmission.running is true)) and (not (known($server.services.MSExchangeThrottling.running)) or ($server.services.MSExchangeThrottling.running is true)) and (not (known($server.services.MSExchangeTransport.running)) or ($server.services.MSExchangeTransport.running is true)) and (not (known($server.services.MSExchangeTransportLogSearch.running)) or ($server.services.MSExchangeTransportLogSearch.running is true)) and (not (known($server.services.MSExchangeUM.running)) or ($server.services.MSExchangeUM.running is true))" (Test-All (Test-Any (Test-Not (Test-Known (Get-State "$server.services.W3SVC.running"))) (Test-Equal (Get-State "$server.services.W3SVC.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeADTopology.running"))) (Test-Equal (Get-State "$server.services.MSExchangeADTopology.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeDiagnostics.running"))) (Test-Equal (Get-State "$server.services.MSExchangeDiagnostics.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeHM.running"))) (Test-Equal (Get-State "$server.services.MSExchangeHM.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeServiceHost.running"))) (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeFrontEndTransport.running"))) (Test-Equal (Get-State "$server.services.MSExchangeFrontEndTransport.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeIMAP4.running"))) (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.running") $false)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangePOP3.running"))) (Test-Equal (Get-State "$server.services.MSExchangePOP3.running") $false)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeUMCR.running"))) (Test-Equal (Get-State "$server.services.MSExchangeUMCR.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.HostControllerService.running"))) (Test-Equal (Get-State "$server.services.HostControllerService.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeDelivery.running"))) (Test-Equal (Get-State "$server.services.MSExchangeDelivery.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeFastSearch.running"))) (Test-Equal (Get-State "$server.services.MSExchangeFastSearch.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeIMAP4BE.running"))) (Test-Equal (Get-State "$server.services.MSExchangeIMAP4BE.running") $false)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeIS.running"))) (Test-Equal (Get-State "$server.services.MSExchangeIS.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeMailboxAssistants.running"))) (Test-Equal (Get-State "$server.services.MSExchangeMailboxAssistants.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeMailboxReplication.running"))) (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangePOP3BE.running"))) (Test-Equal (Get-State "$server.services.MSExchangePOP3BE.running") $false)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeRepl.running"))) (Test-Equal (Get-State "$server.services.MSExchangeRepl.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeRPC.running"))) (Test-Equal (Get-State "$server.services.MSExchangeRPC.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeSubmission.running"))) (Test-Equal (Get-State "$server.services.MSExchangeSubmission.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeThrottling.running"))) (Test-Equal (Get-State "$server.services.MSExchangeThrottling.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeTransport.running"))) (Test-Equal (Get-State "$server.services.MSExchangeTransport.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeTransportLogSearch.running"))) (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeUM.running"))) (Test-Equal (Get-State "$server.services.MSExchangeUM.running") $true)))  # a check finds out how services are, it starts and stops none
}
# what it gives
function Get-CheckServicesEffect {
    param($server, $argFqdn)
    New-Effect "$server.services.W3SVC.startup" 'automatic'
    New-Effect "$server.services.MSExchangeADTopology.startup" 'automatic'
    New-Effect "$server.services.MSExchangeDiagnostics.startup" 'automatic'
    New-Effect "$server.services.MSExchangeHM.startup" 'automatic'
    New-Effect "$server.services.MSExchangeServiceHost.startup" 'automatic'
    New-Effect "$server.services.MSExchangeFrontEndTransport.startup" 'automatic'
    New-Effect "$server.services.MSExchangeIMAP4.startup" 'manual'
    New-Effect "$server.services.MSExchangePOP3.startup" 'manual'
    New-Effect "$server.services.MSExchangeUMCR.startup" 'automatic'
    New-Effect "$server.services.HostControllerService.startup" 'automatic'
    New-Effect "$server.services.MSExchangeDelivery.startup" 'automatic'
    New-Effect "$server.services.MSExchangeFastSearch.startup" 'automatic'
    New-Effect "$server.services.MSExchangeIMAP4BE.startup" 'manual'
    New-Effect "$server.services.MSExchangeIS.startup" 'automatic'
    New-Effect "$server.services.MSExchangeMailboxAssistants.startup" 'automatic'
    New-Effect "$server.services.MSExchangeMailboxReplication.startup" 'automatic'
    New-Effect "$server.services.MSExchangePOP3BE.startup" 'manual'
    New-Effect "$server.services.MSExchangeRepl.startup" 'automatic'
    New-Effect "$server.services.MSExchangeRPC.startup" 'automatic'
    New-Effect "$server.services.MSExchangeSubmission.startup" 'automatic'
    New-Effect "$server.services.MSExchangeThrottling.startup" 'automatic'
    New-Effect "$server.services.MSExchangeTransport.startup" 'automatic'
    New-Effect "$server.services.MSExchangeTransportLogSearch.startup" 'automatic'
    New-Effect "$server.services.MSExchangeUM.startup" 'automatic'
    New-Effect "$server.services.W3SVC.running" $true
    New-Effect "$server.services.MSExchangeADTopology.running" $true
    New-Effect "$server.services.MSExchangeDiagnostics.running" $true
    New-Effect "$server.services.MSExchangeHM.running" $true
    New-Effect "$server.services.MSExchangeServiceHost.running" $true
    New-Effect "$server.services.MSExchangeFrontEndTransport.running" $true
    New-Effect "$server.services.MSExchangeIMAP4.running" $false
    New-Effect "$server.services.MSExchangePOP3.running" $false
    New-Effect "$server.services.MSExchangeUMCR.running" $true
    New-Effect "$server.services.HostControllerService.running" $true
    New-Effect "$server.services.MSExchangeDelivery.running" $true
    New-Effect "$server.services.MSExchangeFastSearch.running" $true
    New-Effect "$server.services.MSExchangeIMAP4BE.running" $false
    New-Effect "$server.services.MSExchangeIS.running" $true
    New-Effect "$server.services.MSExchangeMailboxAssistants.running" $true
    New-Effect "$server.services.MSExchangeMailboxReplication.running" $true
    New-Effect "$server.services.MSExchangePOP3BE.running" $false
    New-Effect "$server.services.MSExchangeRepl.running" $true
    New-Effect "$server.services.MSExchangeRPC.running" $true
    New-Effect "$server.services.MSExchangeSubmission.running" $true
    New-Effect "$server.services.MSExchangeThrottling.running" $true
    New-Effect "$server.services.MSExchangeTransport.running" $true
    New-Effect "$server.services.MSExchangeTransportLogSearch.running" $true
    New-Effect "$server.services.MSExchangeUM.running" $true
}
# what is not to be relied on while it runs
function Get-CheckServicesDuring {
    param($server, $argFqdn)
}
# how it is seen, before and after
function Get-CheckServicesProbe {
    param($server, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.reboot_pending" -Type 'bool' -From $server -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $pending = $false
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') { $pending = $true }
                $manager = Get-Item -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager' -ErrorAction Stop
                if (@($manager.GetValue('PendingFileRenameOperations') | Where-Object { $_ }).Count -gt 0) { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Updates') {
                  $volatile = (Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Updates').GetValue('UpdateExeVolatile')
                  if ($volatile) { $pending = $true }
                }
                $pending
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.W3SVC.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'W3SVC' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeADTopology.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeADTopology' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDiagnostics.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeDiagnostics' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeHM.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeHM' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeServiceHost' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFrontEndTransport.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFrontEndTransport' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUMCR.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeUMCR' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.HostControllerService.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'HostControllerService' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDelivery.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeDelivery' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFastSearch.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFastSearch' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4BE.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4BE' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIS.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIS' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxAssistants.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMailboxAssistants' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxReplication.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMailboxReplication' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3BE.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3BE' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRepl.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeRepl' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRPC.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeRPC' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeSubmission.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeSubmission' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeThrottling.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeThrottling' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransport.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeTransport' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransportLogSearch.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeTransportLogSearch' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUM.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeUM' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.W3SVC.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'W3SVC' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeADTopology.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeADTopology' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDiagnostics.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeDiagnostics' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeHM.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeHM' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeServiceHost' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFrontEndTransport.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFrontEndTransport' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUMCR.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeUMCR' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.HostControllerService.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'HostControllerService' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDelivery.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeDelivery' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFastSearch.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFastSearch' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4BE.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4BE' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIS.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIS' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxAssistants.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMailboxAssistants' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxReplication.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMailboxReplication' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3BE.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3BE' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRepl.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRepl' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRPC.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRPC' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeSubmission.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeSubmission' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeThrottling.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeThrottling' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransport.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeTransport' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransportLogSearch.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeTransportLogSearch' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUM.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeUM' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
}
#endregion

#region check_components (check_components): Check that setup has left no component of $0 inactive
# what must hold before
function Get-CheckComponentsRequirement {
    param($server, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: ($server.reboot_pending is false) and not $server.reboot_due" (Test-All (Test-Equal (Get-State "$server.reboot_pending") $false) (Test-Not (Get-State "$server.reboot_due")))  # components are looked at after the reboot
    New-Requirement "wanted: (not (known($server.components.HubTransport.functional)) or ($server.components.HubTransport.functional is active)) and (not (known($server.components.UMCallRouter.functional)) or ($server.components.UMCallRouter.functional is active)) and (not (known($server.components.ServerWideOffline.functional)) or ($server.components.ServerWideOffline.functional is active)) and (not (known($server.components.Monitoring.functional)) or ($server.components.Monitoring.functional is active)) and (not (known($server.components.RecoveryActionsEnabled.functional)) or ($server.components.RecoveryActionsEnabled.functional is active))" (Test-All (Test-Any (Test-Not (Test-Known (Get-State "$server.components.HubTransport.functional"))) (Test-Equal (Get-State "$server.components.HubTransport.functional") 'active')) (Test-Any (Test-Not (Test-Known (Get-State "$server.components.UMCallRouter.functional"))) (Test-Equal (Get-State "$server.components.UMCallRouter.functional") 'active')) (Test-Any (Test-Not (Test-Known (Get-State "$server.components.ServerWideOffline.functional"))) (Test-Equal (Get-State "$server.components.ServerWideOffline.functional") 'active')) (Test-Any (Test-Not (Test-Known (Get-State "$server.components.Monitoring.functional"))) (Test-Equal (Get-State "$server.components.Monitoring.functional") 'active')) (Test-Any (Test-Not (Test-Known (Get-State "$server.components.RecoveryActionsEnabled.functional"))) (Test-Equal (Get-State "$server.components.RecoveryActionsEnabled.functional") 'active')))  # a check finds out how components are, it does not change them
}
# what it gives
function Get-CheckComponentsEffect {
    param($server, $argFqdn)
    New-Effect "$server.components.HubTransport.functional" 'active'
    New-Effect "$server.components.UMCallRouter.functional" 'active'
    New-Effect "$server.components.ServerWideOffline.functional" 'active'
    New-Effect "$server.components.Monitoring.functional" 'active'
    New-Effect "$server.components.RecoveryActionsEnabled.functional" 'active'
}
# what is not to be relied on while it runs
function Get-CheckComponentsDuring {
    param($server, $argFqdn)
}
# how it is seen, before and after
function Get-CheckComponentsProbe {
    param($server, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.reboot_pending" -Type 'bool' -From $server -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $pending = $false
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') { $pending = $true }
                $manager = Get-Item -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager' -ErrorAction Stop
                if (@($manager.GetValue('PendingFileRenameOperations') | Where-Object { $_ }).Count -gt 0) { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Updates') {
                  $volatile = (Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Updates').GetValue('UpdateExeVolatile')
                  if ($volatile) { $pending = $true }
                }
                $pending
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.Monitoring.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'Monitoring' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.RecoveryActionsEnabled.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'RecoveryActionsEnabled' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
}
#endregion

#region verify (verify): Verify $0: event log, setup log and services
# what must hold before
function Get-VerifyRequirement {
    param($server, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: ($server.reboot_pending is false) and not $server.reboot_due" (Test-All (Test-Equal (Get-State "$server.reboot_pending") $false) (Test-Not (Get-State "$server.reboot_due")))  # what is checked before a reboot has to be checked again after it
    New-Requirement "wanted: ($server.services.W3SVC.startup is automatic) and ($server.services.MSExchangeADTopology.startup is automatic) and ($server.services.MSExchangeDiagnostics.startup is automatic) and ($server.services.MSExchangeHM.startup is automatic) and ($server.services.MSExchangeServiceHost.startup is automatic) and ($server.services.MSExchangeFrontEndTransport.startup is automatic) and ($server.services.MSExchangeIMAP4.startup is manual) and ($server.services.MSExchangePOP3.startup is manual) and ($server.services.MSExchangeUMCR.startup is automatic) and ($server.services.HostControllerService.startup is automatic) and ($server.services.MSExchangeDelivery.startup is automatic) and ($server.services.MSExchangeFastSearch.startup is automatic) and ($server.services.MSExchangeIMAP4BE.startup is manual) and ($server.services.MSExchangeIS.startup is automatic) and ($server.services.MSExchangeMailboxAssistants.startup is automatic) and ($server.services.MSExchangeMailboxReplication.startup is automatic) and ($server.services.MSExchangePOP3BE.startup is manual) and ($server.services.MSExchangeRepl.startup is automatic) and ($server.services.MSExchangeRPC.startup is automatic) and ($server.services.MSExchangeSubmission.startup is automatic) and ($server.services.MSExchangeThrottling.startup is automatic) and ($server.services.MSExchangeTransport.startup is automatic) and ($server.services.MSExchangeTransportLogSearch.startup is automatic) and ($server.services.MSExchangeUM.startup is automatic)" (Test-All (Test-Equal (Get-State "$server.services.W3SVC.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeADTopology.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeDiagnostics.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeHM.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeFrontEndTransport.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.startup") 'manual') (Test-Equal (Get-State "$server.services.MSExchangePOP3.startup") 'manual') (Test-Equal (Get-State "$server.services.MSExchangeUMCR.startup") 'automatic') (Test-Equal (Get-State "$server.services.HostControllerService.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeDelivery.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeFastSearch.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeIMAP4BE.startup") 'manual') (Test-Equal (Get-State "$server.services.MSExchangeIS.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeMailboxAssistants.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangePOP3BE.startup") 'manual') (Test-Equal (Get-State "$server.services.MSExchangeRepl.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeRPC.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeSubmission.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeThrottling.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeTransport.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeUM.startup") 'automatic'))  # services that an update has left disabled stay down after the next reboot
    New-Requirement "wanted: ($server.services.W3SVC.running is true) and ($server.services.MSExchangeADTopology.running is true) and ($server.services.MSExchangeDiagnostics.running is true) and ($server.services.MSExchangeHM.running is true) and ($server.services.MSExchangeServiceHost.running is true) and ($server.services.MSExchangeFrontEndTransport.running is true) and ($server.services.MSExchangeIMAP4.running is false) and ($server.services.MSExchangePOP3.running is false) and ($server.services.MSExchangeUMCR.running is true) and ($server.services.HostControllerService.running is true) and ($server.services.MSExchangeDelivery.running is true) and ($server.services.MSExchangeFastSearch.running is true) and ($server.services.MSExchangeIMAP4BE.running is false) and ($server.services.MSExchangeIS.running is true) and ($server.services.MSExchangeMailboxAssistants.running is true) and ($server.services.MSExchangeMailboxReplication.running is true) and ($server.services.MSExchangePOP3BE.running is false) and ($server.services.MSExchangeRepl.running is true) and ($server.services.MSExchangeRPC.running is true) and ($server.services.MSExchangeSubmission.running is true) and ($server.services.MSExchangeThrottling.running is true) and ($server.services.MSExchangeTransport.running is true) and ($server.services.MSExchangeTransportLogSearch.running is true) and ($server.services.MSExchangeUM.running is true)" (Test-All (Test-Equal (Get-State "$server.services.W3SVC.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeADTopology.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeDiagnostics.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeHM.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeFrontEndTransport.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.running") $false) (Test-Equal (Get-State "$server.services.MSExchangePOP3.running") $false) (Test-Equal (Get-State "$server.services.MSExchangeUMCR.running") $true) (Test-Equal (Get-State "$server.services.HostControllerService.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeDelivery.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeFastSearch.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeIMAP4BE.running") $false) (Test-Equal (Get-State "$server.services.MSExchangeIS.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeMailboxAssistants.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.running") $true) (Test-Equal (Get-State "$server.services.MSExchangePOP3BE.running") $false) (Test-Equal (Get-State "$server.services.MSExchangeRepl.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeRPC.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeSubmission.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeThrottling.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeTransport.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeUM.running") $true))  # the services must run, those that are expected to
    New-Requirement "wanted: not (known($server.health) and ($server.health is bad))" (Test-Not (Test-All (Test-Known (Get-State "$server.health")) (Test-Equal (Get-State "$server.health") 'bad')))  # $0 is known to be bad: it does not get well by being looked at
    New-Requirement "wanted: known($server.build)" (Test-Known (Get-State "$server.build"))  # an update on $0 was cut off: a half-updated server cannot be verified
    New-Requirement "wanted: ($server.components.HubTransport.functional is active) and ($server.components.UMCallRouter.functional is active) and ($server.components.ServerWideOffline.functional is active) and ($server.components.Monitoring.functional is active) and ($server.components.RecoveryActionsEnabled.functional is active)" (Test-All (Test-Equal (Get-State "$server.components.HubTransport.functional") 'active') (Test-Equal (Get-State "$server.components.UMCallRouter.functional") 'active') (Test-Equal (Get-State "$server.components.ServerWideOffline.functional") 'active') (Test-Equal (Get-State "$server.components.Monitoring.functional") 'active') (Test-Equal (Get-State "$server.components.RecoveryActionsEnabled.functional") 'active'))  # a setup that failed leaves components inactive: they are looked at first
}
# what it gives
function Get-VerifyEffect {
    param($server, $argFqdn)
    New-Effect "$server.health" 'good'
}
# what is not to be relied on while it runs
function Get-VerifyDuring {
    param($server, $argFqdn)
}
# how it is seen, before and after
function Get-VerifyProbe {
    param($server, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.reboot_pending" -Type 'bool' -From $server -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $pending = $false
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') { $pending = $true }
                $manager = Get-Item -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager' -ErrorAction Stop
                if (@($manager.GetValue('PendingFileRenameOperations') | Where-Object { $_ }).Count -gt 0) { $pending = $true }
                if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Updates') {
                  $volatile = (Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Updates').GetValue('UpdateExeVolatile')
                  if ($volatile) { $pending = $true }
                }
                $pending
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.W3SVC.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'W3SVC' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeADTopology.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeADTopology' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDiagnostics.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeDiagnostics' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeHM.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeHM' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeServiceHost' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFrontEndTransport.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFrontEndTransport' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUMCR.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeUMCR' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.HostControllerService.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'HostControllerService' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDelivery.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeDelivery' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFastSearch.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFastSearch' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4BE.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4BE' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIS.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIS' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxAssistants.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMailboxAssistants' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxReplication.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMailboxReplication' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3BE.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3BE' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRepl.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeRepl' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRPC.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeRPC' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeSubmission.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeSubmission' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeThrottling.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeThrottling' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransport.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeTransport' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransportLogSearch.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeTransportLogSearch' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUM.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeUM' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.W3SVC.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'W3SVC' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeADTopology.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeADTopology' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDiagnostics.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeDiagnostics' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeHM.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeHM' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeServiceHost' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFrontEndTransport.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFrontEndTransport' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUMCR.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeUMCR' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.HostControllerService.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'HostControllerService' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeDelivery.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeDelivery' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFastSearch.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFastSearch' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIMAP4BE.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4BE' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeIS.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIS' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxAssistants.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMailboxAssistants' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMailboxReplication.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMailboxReplication' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangePOP3BE.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3BE' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRepl.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRepl' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeRPC.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRPC' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeSubmission.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeSubmission' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeThrottling.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeThrottling' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransport.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeTransport' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeTransportLogSearch.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeTransportLogSearch' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeUM.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeUM' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.health" -Type 'enum good bad' -From $server -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.build" -Type 'version' -From $server -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $folder = $env:ExchangeInstallPath
                if (-not $folder) { $folder = [Environment]::GetEnvironmentVariable('ExchangeInstallPath', 'Machine') }
                if ($folder) {
                  $file = (Get-Item -LiteralPath (Join-Path (Join-Path $folder 'bin') 'ExSetup.exe') -ErrorAction Stop).VersionInfo
                  '{0}.{1}.{2}.{3}' -f $file.FileMajorPart, $file.FileMinorPart, $file.FileBuildPart, $file.FilePrivatePart
                } else {
                  '0'
                }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.Monitoring.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'Monitoring' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.RecoveryActionsEnabled.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'RecoveryActionsEnabled' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
}
#endregion

#region reinstate (reinstate): Set $0 of $1 to active
# what must hold before
function Get-ReinstateRequirement {
    param($component, $server, $argFqdn)
    New-Requirement "wanted: not ($component.maintenance is active)" (Test-Not (Test-Equal (Get-State "$component.maintenance") 'active'))
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $component.functional is active" (Test-Equal (Get-State "$component.functional") 'active')  # setup has left $0 inactive as the requester Functional: what Maintenance asks for would change nothing
}
# what it gives
function Get-ReinstateEffect {
    param($component, $server, $argFqdn)
    New-Effect "$component.maintenance" 'active'
}
# what is not to be relied on while it runs
function Get-ReinstateDuring {
    param($component, $server, $argFqdn)
}
# how it is seen, before and after
function Get-ReinstateProbe {
    param($component, $server, $argFqdn)
    New-Probe -Variable "$component.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn, (Get-ObjectName $component)) -Block {
            param($argFqdn, $componentName)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component $componentName -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$component.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn, (Get-ObjectName $component)) -Block {
            param($argFqdn, $componentName)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component $componentName -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-Reinstate {
    param($component, $server, $argFqdn)
    Invoke-OnHost 'controller' @($argFqdn, (Get-ObjectName $component)) {
        param($argFqdn, $componentName)
        $ErrorActionPreference = 'Stop'
        Set-ServerComponentState -Identity $argFqdn -Component $componentName -State 'active' -Requester Maintenance -Confirm:$false -ErrorAction Stop
    }
}
#endregion

#region reinstate (reinstate_2): Set $0 of $1 to active
# what must hold before
function Get-Reinstate2Requirement {
    param($component, $server, $argFqdn)
    New-Requirement "wanted: not ($component.maintenance is active)" (Test-Not (Test-Equal (Get-State "$component.maintenance") 'active'))
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $component.functional is active" (Test-Equal (Get-State "$component.functional") 'active')  # setup has left $0 inactive as the requester Functional: what Maintenance asks for would change nothing
    New-Requirement "wanted: $server.components.ServerWideOffline.maintenance is active" (Test-Equal (Get-State "$server.components.ServerWideOffline.maintenance") 'active')  # while ServerWideOffline is inactive all components stay inactive, whatever is asked for
}
# what it gives
function Get-Reinstate2Effect {
    param($component, $server, $argFqdn)
    New-Effect "$component.maintenance" 'active'
}
# what is not to be relied on while it runs
function Get-Reinstate2During {
    param($component, $server, $argFqdn)
}
# how it is seen, before and after
function Get-Reinstate2Probe {
    param($component, $server, $argFqdn)
    New-Probe -Variable "$component.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn, (Get-ObjectName $component)) -Block {
            param($argFqdn, $componentName)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component $componentName -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$component.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn, (Get-ObjectName $component)) -Block {
            param($argFqdn, $componentName)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component $componentName -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-Reinstate2 {
    param($component, $server, $argFqdn)
    Invoke-OnHost 'controller' @($argFqdn, (Get-ObjectName $component)) {
        param($argFqdn, $componentName)
        $ErrorActionPreference = 'Stop'
        Set-ServerComponentState -Identity $argFqdn -Component $componentName -State 'active' -Requester Maintenance -Confirm:$false -ErrorAction Stop
    }
}
#endregion

#region stop_dag_maintenance (stop_dag_maintenance): Run StopDagServerMaintenance for $1
# what must hold before
function Get-StopDagMaintenanceRequirement {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Requirement "wanted: $server.up and ($server.health is good)" (Test-All (Get-State "$server.up") (Test-Equal (Get-State "$server.health") 'good'))  # a member takes part again once it has been checked
    New-Requirement "wanted: ($server.components.UMCallRouter.maintenance is active) and ($server.components.ServerWideOffline.maintenance is active) and ($server.components.Monitoring.maintenance is active) and ($server.components.RecoveryActionsEnabled.maintenance is active)" (Test-All (Test-Equal (Get-State "$server.components.UMCallRouter.maintenance") 'active') (Test-Equal (Get-State "$server.components.ServerWideOffline.maintenance") 'active') (Test-Equal (Get-State "$server.components.Monitoring.maintenance") 'active') (Test-Equal (Get-State "$server.components.RecoveryActionsEnabled.maintenance") 'active'))  # the server is back in service before it takes part again
}
# what it gives
function Get-StopDagMaintenanceEffect {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Effect "$dagMember.paused" $false
    New-Effect "$dagMember.policy" 'unrestricted'
    New-Effect "$databaseCopy.suspended" $false
    New-Effect "$databaseCopy2.suspended" $false
}
# what is not to be relied on while it runs
function Get-StopDagMaintenanceDuring {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
}
# how it is seen, before and after
function Get-StopDagMaintenanceProbe {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.health" -Type 'enum good bad' -From $server -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.Monitoring.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'Monitoring' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.RecoveryActionsEnabled.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'RecoveryActionsEnabled' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.paused" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Paused', $true, 'Up', $false) `
        -Arguments @($argFqdn, (Get-ObjectName $server)) -Block {
            param($argFqdn, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module FailoverClusters -ErrorAction Stop
                (Get-ClusterNode -Cluster $argFqdn -Name $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.policy" -Type 'enum unrestricted intrasite_only blocked' -From 'controller' -Every 5 `
        -As @('Blocked', 'blocked', 'IntrasiteOnly', 'intrasite_only', 'Unrestricted', 'unrestricted') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyAutoActivationPolicy.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy.suspended" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB1', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).ActivationSuspended
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy2.suspended" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB2', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).ActivationSuspended
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-StopDagMaintenance {
    param($dagMember, $server, $dag, $databaseCopy, $databaseCopy2, $argFqdn)
    Invoke-OnHost 'controller' @((Get-ObjectName $server)) {
        param($serverName2)
        $ErrorActionPreference = 'Stop'
        $script = Join-Path $env:ExchangeInstallPath 'Scripts\StopDagServerMaintenance.ps1'
        & $script -serverName $serverName2
    }
}
#endregion

#region reinstate (reinstate_3): Set $0 of $1 to active
# what must hold before
function Get-Reinstate3Requirement {
    param($component, $server, $dagMember, $argFqdn)
    New-Requirement "wanted: not ($component.maintenance is active)" (Test-Not (Test-Equal (Get-State "$component.maintenance") 'active'))
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $component.functional is active" (Test-Equal (Get-State "$component.functional") 'active')  # setup has left $0 inactive as the requester Functional: what Maintenance asks for would change nothing
    New-Requirement "wanted: $server.components.ServerWideOffline.maintenance is active" (Test-Equal (Get-State "$server.components.ServerWideOffline.maintenance") 'active')  # while ServerWideOffline is inactive all components stay inactive, whatever is asked for
    New-Requirement "wanted: ($dagMember.policy is unrestricted) and ($dagMember.activation_disabled is false) and ($dagMember.paused is false)" (Test-All (Test-Equal (Get-State "$dagMember.policy") 'unrestricted') (Test-Equal (Get-State "$dagMember.activation_disabled") $false) (Test-Equal (Get-State "$dagMember.paused") $false))  # mail comes back when the member takes part in its group again
}
# what it gives
function Get-Reinstate3Effect {
    param($component, $server, $dagMember, $argFqdn)
    New-Effect "$component.maintenance" 'active'
}
# what is not to be relied on while it runs
function Get-Reinstate3During {
    param($component, $server, $dagMember, $argFqdn)
}
# how it is seen, before and after
function Get-Reinstate3Probe {
    param($component, $server, $dagMember, $argFqdn)
    New-Probe -Variable "$component.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn, (Get-ObjectName $component)) -Block {
            param($argFqdn, $componentName)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component $componentName -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$component.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn, (Get-ObjectName $component)) -Block {
            param($argFqdn, $componentName)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component $componentName -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.policy" -Type 'enum unrestricted intrasite_only blocked' -From 'controller' -Every 5 `
        -As @('Blocked', 'blocked', 'IntrasiteOnly', 'intrasite_only', 'Unrestricted', 'unrestricted') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyAutoActivationPolicy.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.activation_disabled" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyActivationDisabledAndMoveNow
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.paused" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Paused', $true, 'Up', $false) `
        -Arguments @($argFqdn, (Get-ObjectName $server)) -Block {
            param($argFqdn, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module FailoverClusters -ErrorAction Stop
                (Get-ClusterNode -Cluster $argFqdn -Name $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-Reinstate3 {
    param($component, $server, $dagMember, $argFqdn)
    Invoke-OnHost 'controller' @($argFqdn, (Get-ObjectName $component)) {
        param($argFqdn, $componentName)
        $ErrorActionPreference = 'Stop'
        Set-ServerComponentState -Identity $argFqdn -Component $componentName -State 'active' -Requester Maintenance -Confirm:$false -ErrorAction Stop
    }
}
#endregion

#region move_pam (move_pam): Move the Primary Active Manager of $1 to $2
# what must hold before
function Get-MovePamRequirement {
    param($dagMember, $dag, $server, $server2)
    New-Requirement "wanted: not ($dag.pam is ${server})" (Test-Not (Test-Equal (Get-State "$dag.pam") $server))
    New-Requirement "wanted: $server.up and ($server.health is good)" (Test-All (Get-State "$server.up") (Test-Equal (Get-State "$server.health") 'good'))
    New-Requirement "wanted: not $dagMember.paused" (Test-Not (Get-State "$dagMember.paused"))  # a paused node takes no group
    New-Requirement "wanted: $dag.pam is $server2" (Test-Equal (Get-State "$dag.pam") $server2)
}
# what it gives
function Get-MovePamEffect {
    param($dagMember, $dag, $server, $server2)
    New-Effect "$dag.pam" $server
}
# what is not to be relied on while it runs
function Get-MovePamDuring {
    param($dagMember, $dag, $server, $server2)
}
# how it is seen, before and after
function Get-MovePamProbe {
    param($dagMember, $dag, $server, $server2)
    New-Probe -Variable "$dag.pam" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @((Get-ObjectName $dag)) -Block {
            param($dagName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-DatabaseAvailabilityGroup -Identity $dagName -Status -ErrorAction Stop).PrimaryActiveManager.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName 'ex1.contoso.com' -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.health" -Type 'enum good bad' -From $server -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.paused" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Paused', $true, 'Up', $false) `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module FailoverClusters -ErrorAction Stop
                (Get-ClusterNode -Cluster 'ex1.contoso.com' -Name $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-MovePam {
    param($dagMember, $dag, $server, $server2)
    Invoke-OnHost 'controller' @((Get-ObjectName $server)) {
        param($serverName)
        $ErrorActionPreference = 'Stop'
        Import-Module FailoverClusters -ErrorAction Stop
        Move-ClusterGroup -Cluster 'ex1.contoso.com' -Name 'Cluster Group' -Node $serverName -ErrorAction Stop | Out-Null
    }
}
#endregion

#region check_copies (check_copies): Check that the database copies on $0 are healthy
# what must hold before
function Get-CheckCopiesRequirement {
    param($server, $dagMember, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Requirement "wanted: $server.up and ($server.health is good)" (Test-All (Get-State "$server.up") (Test-Equal (Get-State "$server.health") 'good'))  # copies are looked at once the server has been checked
    New-Requirement "wanted: ($dagMember.policy is unrestricted) and ($dagMember.activation_disabled is false) and ($dagMember.paused is false) and $server.up and ($server.health is good) and ($server.transport is active) and ($server.components.HubTransport.maintenance is active) and ($server.components.HubTransport.functional is active) and ($server.components.UMCallRouter.maintenance is active) and ($server.components.UMCallRouter.functional is active) and ($server.components.ServerWideOffline.maintenance is active) and ($server.components.ServerWideOffline.functional is active) and ($server.components.Monitoring.maintenance is active) and ($server.components.Monitoring.functional is active) and ($server.components.RecoveryActionsEnabled.maintenance is active) and ($server.components.RecoveryActionsEnabled.functional is active)" (Test-All (Test-Equal (Get-State "$dagMember.policy") 'unrestricted') (Test-Equal (Get-State "$dagMember.activation_disabled") $false) (Test-Equal (Get-State "$dagMember.paused") $false) (Get-State "$server.up") (Test-Equal (Get-State "$server.health") 'good') (Test-Equal (Get-State "$server.transport") 'active') (Test-Equal (Get-State "$server.components.HubTransport.maintenance") 'active') (Test-Equal (Get-State "$server.components.HubTransport.functional") 'active') (Test-Equal (Get-State "$server.components.UMCallRouter.maintenance") 'active') (Test-Equal (Get-State "$server.components.UMCallRouter.functional") 'active') (Test-Equal (Get-State "$server.components.ServerWideOffline.maintenance") 'active') (Test-Equal (Get-State "$server.components.ServerWideOffline.functional") 'active') (Test-Equal (Get-State "$server.components.Monitoring.maintenance") 'active') (Test-Equal (Get-State "$server.components.Monitoring.functional") 'active') (Test-Equal (Get-State "$server.components.RecoveryActionsEnabled.maintenance") 'active') (Test-Equal (Get-State "$server.components.RecoveryActionsEnabled.functional") 'active'))  # copies are looked at when the member takes part again entirely
    New-Requirement "wanted: (not (known($databaseCopy.health)) or ($databaseCopy.health is healthy)) and (not (known($databaseCopy2.health)) or ($databaseCopy2.health is healthy))" (Test-All (Test-Any (Test-Not (Test-Known (Get-State "$databaseCopy.health"))) (Test-Equal (Get-State "$databaseCopy.health") 'healthy')) (Test-Any (Test-Not (Test-Known (Get-State "$databaseCopy2.health"))) (Test-Equal (Get-State "$databaseCopy2.health") 'healthy')))  # a check finds out how copies are, it does not change them
}
# what it gives
function Get-CheckCopiesEffect {
    param($server, $dagMember, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Effect "$databaseCopy.health" 'healthy'
    New-Effect "$databaseCopy2.health" 'healthy'
}
# what is not to be relied on while it runs
function Get-CheckCopiesDuring {
    param($server, $dagMember, $databaseCopy, $databaseCopy2, $argFqdn)
}
# how it is seen, before and after
function Get-CheckCopiesProbe {
    param($server, $dagMember, $databaseCopy, $databaseCopy2, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.health" -Type 'enum good bad' -From $server -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.policy" -Type 'enum unrestricted intrasite_only blocked' -From 'controller' -Every 5 `
        -As @('Blocked', 'blocked', 'IntrasiteOnly', 'intrasite_only', 'Unrestricted', 'unrestricted') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyAutoActivationPolicy.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.activation_disabled" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyActivationDisabledAndMoveNow
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.paused" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Paused', $true, 'Up', $false) `
        -Arguments @($argFqdn, (Get-ObjectName $server)) -Block {
            param($argFqdn, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module FailoverClusters -ErrorAction Stop
                (Get-ClusterNode -Cluster $argFqdn -Name $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.Monitoring.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'Monitoring' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.Monitoring.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'Monitoring' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.RecoveryActionsEnabled.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'RecoveryActionsEnabled' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.RecoveryActionsEnabled.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'RecoveryActionsEnabled' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy.health" -Type 'enum healthy failed' -From 'controller' -Every 30 `
        -As @('Failed', 'failed', 'FailedAndSuspended', 'failed', 'Healthy', 'healthy', 'Mounted', 'healthy', 'Suspended', 'failed') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB1', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy2.health" -Type 'enum healthy failed' -From 'controller' -Every 30 `
        -As @('Failed', 'failed', 'FailedAndSuspended', 'failed', 'Healthy', 'healthy', 'Mounted', 'healthy', 'Suspended', 'failed') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f 'DB2', $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
}
#endregion

#region move_database (move_database_2): Move $0 to $1
# what must hold before
function Get-MoveDatabase2Requirement {
    param($dagDatabase, $server, $databaseCopy, $dagMember, $argFqdn)
    New-Requirement "wanted: not ($dagDatabase.active is ${server})" (Test-Not (Test-Equal (Get-State "$dagDatabase.active") $server))
    New-Requirement "wanted: ($databaseCopy.health is healthy) and not $databaseCopy.suspended" (Test-All (Test-Equal (Get-State "$databaseCopy.health") 'healthy') (Test-Not (Get-State "$databaseCopy.suspended")))  # a database moves only to a healthy copy that nobody has suspended for activation
    New-Requirement "wanted: $server.up and ($server.health is good)" (Test-All (Get-State "$server.up") (Test-Equal (Get-State "$server.health") 'good'))  # a database moves only to a server that is known to be good
    New-Requirement "wanted: not ($dagMember.policy is blocked) and not $dagMember.activation_disabled and not $dagMember.paused" (Test-All (Test-Not (Test-Equal (Get-State "$dagMember.policy") 'blocked')) (Test-Not (Get-State "$dagMember.activation_disabled")) (Test-Not (Get-State "$dagMember.paused")))  # $1 is blocked: it is worked on, or was left so
    New-Requirement "wanted: ($server.transport is active) and ($server.components.HubTransport.maintenance is active) and ($server.components.HubTransport.functional is active) and ($server.components.UMCallRouter.maintenance is active) and ($server.components.UMCallRouter.functional is active) and ($server.components.ServerWideOffline.maintenance is active) and ($server.components.ServerWideOffline.functional is active)" (Test-All (Test-Equal (Get-State "$server.transport") 'active') (Test-Equal (Get-State "$server.components.HubTransport.maintenance") 'active') (Test-Equal (Get-State "$server.components.HubTransport.functional") 'active') (Test-Equal (Get-State "$server.components.UMCallRouter.maintenance") 'active') (Test-Equal (Get-State "$server.components.UMCallRouter.functional") 'active') (Test-Equal (Get-State "$server.components.ServerWideOffline.maintenance") 'active') (Test-Equal (Get-State "$server.components.ServerWideOffline.functional") 'active'))  # databases come back to a server that is back in service entirely
}
# what it gives
function Get-MoveDatabase2Effect {
    param($dagDatabase, $server, $databaseCopy, $dagMember, $argFqdn)
    New-Effect "$dagDatabase.active" $server
}
# what is not to be relied on while it runs
function Get-MoveDatabase2During {
    param($dagDatabase, $server, $databaseCopy, $dagMember, $argFqdn)
}
# how it is seen, before and after
function Get-MoveDatabase2Probe {
    param($dagDatabase, $server, $databaseCopy, $dagMember, $argFqdn)
    New-Probe -Variable "$dagDatabase.active" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @((Get-ObjectName $dagDatabase)) -Block {
            param($dagDatabaseName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxDatabaseCopyStatus -Identity $dagDatabaseName -Active -ErrorAction Stop).MailboxServer.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy.health" -Type 'enum healthy failed' -From 'controller' -Every 30 `
        -As @('Failed', 'failed', 'FailedAndSuspended', 'failed', 'Healthy', 'healthy', 'Mounted', 'healthy', 'Suspended', 'failed') `
        -Arguments @((Get-ObjectName $dagDatabase), (Get-ObjectName $server)) -Block {
            param($dagDatabaseName, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f $dagDatabaseName, $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$databaseCopy.suspended" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $dagDatabase), (Get-ObjectName $server)) -Block {
            param($dagDatabaseName, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                $copy = '{0}\{1}' -f $dagDatabaseName, $serverName
                (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).ActivationSuspended
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.health" -Type 'enum good bad' -From $server -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.policy" -Type 'enum unrestricted intrasite_only blocked' -From 'controller' -Every 5 `
        -As @('Blocked', 'blocked', 'IntrasiteOnly', 'intrasite_only', 'Unrestricted', 'unrestricted') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyAutoActivationPolicy.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.activation_disabled" -Type 'bool' -From 'controller' -Every 5 `
        -As @('False', $false, 'True', $true) `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyActivationDisabledAndMoveNow
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.paused" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Paused', $true, 'Up', $false) `
        -Arguments @($argFqdn, (Get-ObjectName $server)) -Block {
            param($argFqdn, $serverName)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module FailoverClusters -ErrorAction Stop
                (Get-ClusterNode -Cluster $argFqdn -Name $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.HubTransport.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'HubTransport' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.UMCallRouter.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'UMCallRouter' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.maintenance" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Maintenance' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.components.ServerWideOffline.functional" -Type 'enum active draining inactive' -From 'controller' -Every 5 `
        -As @('Active', 'active', 'Draining', 'draining', 'Inactive', 'inactive') `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                $component = Get-ServerComponentState -Identity $argFqdn -Component 'ServerWideOffline' -ErrorAction Stop
                $asked = @($component.LocalStates | Where-Object { $_.Requester.ToString() -eq 'Functional' })
                if ($asked.Count -eq 0) { 'Active' } else { $asked[0].State.ToString() }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-MoveDatabase2 {
    param($dagDatabase, $server, $databaseCopy, $dagMember, $argFqdn)
    Invoke-OnHost 'controller' @((Get-ObjectName $dagDatabase), (Get-ObjectName $server)) {
        param($dagDatabaseName, $serverName)
        $ErrorActionPreference = 'Stop'
        Move-ActiveMailboxDatabase -Identity $dagDatabaseName -ActivateOnServer $serverName -MoveComment 'Maintenance' -Confirm:$false -ErrorAction Stop
        $copy = '{0}\{1}' -f $dagDatabaseName, $serverName
        $begun = Get-Date
        do {
          Start-Sleep -Seconds 5
          $status = (Get-MailboxDatabaseCopyStatus -Identity $copy -ErrorAction Stop).Status.ToString()
        } while (($status -ne 'Mounted') -and (((Get-Date) - $begun).TotalMinutes -lt 10))
        if ($status -ne 'Mounted') { throw ('{0} is {1}, not mounted: look at Get-MailboxDatabaseCopyStatus' -f $copy, $status) }
    }
}
#endregion

#region await_up (await_up): Wait until $0 answers
# what must hold before
function Get-AwaitUpRequirement {
    param($server, $argFqdn)
    New-Requirement "wanted: not (known($server.up)) or not $server.up" (Test-Any (Test-Not (Test-Known (Get-State "$server.up"))) (Test-Not (Get-State "$server.up")))
}
# what it gives
function Get-AwaitUpEffect {
    param($server, $argFqdn)
    New-Effect "$server.health" $null
    New-Effect "$server.up" $true
}
# what is not to be relied on while it runs
function Get-AwaitUpDuring {
    param($server, $argFqdn)
}
# how it is seen, before and after
function Get-AwaitUpProbe {
    param($server, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.health" -Type 'enum good bad' -From $server -Every 30 `
        -As @('good', 'good') `
        -Arguments @($Script:RunStarted) -Block {
            param($runStarted)
            $ErrorActionPreference = 'Stop'
            & {
                $run = [DateTime]$runStarted
                $since = $run
                $msi = @(Get-EventLog -LogName Application -Source MsiInstaller -After $run -ErrorAction SilentlyContinue | Sort-Object -Property TimeGenerated)
                if ($msi.Count -gt 0) { $since = $msi[$msi.Count - 1].TimeGenerated }
                $boots = @(Get-EventLog -LogName System -Source EventLog -After $since -ErrorAction SilentlyContinue | Where-Object { $_.EventID -eq 6005 } | Sort-Object -Property TimeGenerated)
                if ($boots.Count -gt 0) { $since = $boots[$boots.Count - 1].TimeGenerated }
                $known = @{}
                Get-EventLog -LogName Application -EntryType Error, Warning -After $run.AddDays(-14) -Before $run -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $known[$_.Source + ' ' + $_.EventID] = $true }
                $new = @(Get-EventLog -LogName Application -EntryType Error, Warning -After $since -ErrorAction SilentlyContinue | Where-Object { $_.Source -like 'MSExchange*' } | ForEach-Object { $_.Source + ' ' + $_.EventID } | Where-Object { -not $known.ContainsKey($_) } | Sort-Object -Unique)
                $found = @($new | ForEach-Object { 'new event: ' + $_ })
                $log = Join-Path 'C:\ExchangeSetupLogs' 'ExchangeSetup.log'
                if ((Test-Path -LiteralPath $log) -and ((Get-Item -LiteralPath $log).LastWriteTime -gt $run)) {
                  $starts = @(Select-String -Path $log -SimpleMatch -Pattern 'Starting Microsoft Exchange Server')
                  $first = 0
                  if ($starts.Count -gt 0) { $first = $starts[$starts.Count - 1].LineNumber }
                  $errors = @(Select-String -Path $log -SimpleMatch -Pattern '[ERROR]' | Where-Object { $_.LineNumber -gt $first })
                  $ends = @(Select-String -Path $log -SimpleMatch -Pattern 'End of Setup' | Where-Object { $_.LineNumber -gt $first })
                  if ($errors.Count -gt 0) { $found += ('setup log: {0} errors' -f $errors.Count) }
                  if ($ends.Count -eq 0) { $found += 'setup log: setup has not ended' }
                }
                if ($found.Count -eq 0) { 'good' } else { [string]::Join('; ', $found) }
            } | ForEach-Object { "$_" }
        }
}
#endregion

#region set_policy (set_policy): Set the automatic activation policy of $1 to Unrestricted
# what must hold before
function Get-SetPolicyRequirement {
    param($dagMember, $server, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
}
# what it gives
function Get-SetPolicyEffect {
    param($dagMember, $server, $argFqdn)
    New-Effect "$dagMember.policy" 'unrestricted'
}
# what is not to be relied on while it runs
function Get-SetPolicyDuring {
    param($dagMember, $server, $argFqdn)
}
# how it is seen, before and after
function Get-SetPolicyProbe {
    param($dagMember, $server, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$dagMember.policy" -Type 'enum unrestricted intrasite_only blocked' -From 'controller' -Every 5 `
        -As @('Blocked', 'blocked', 'IntrasiteOnly', 'intrasite_only', 'Unrestricted', 'unrestricted') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-MailboxServer -Identity $serverName -ErrorAction Stop).DatabaseCopyAutoActivationPolicy.ToString()
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-SetPolicy {
    param($dagMember, $server, $argFqdn)
    Invoke-OnHost 'controller' @((Get-ObjectName $server)) {
        param($serverName)
        $ErrorActionPreference = 'Stop'
        Set-MailboxServer -Identity $serverName -DatabaseCopyAutoActivationPolicy 'Unrestricted' -Confirm:$false -ErrorAction Stop
    }
}
#endregion

#region The run

# What state things are in after a stop: which steps are done, and what differs from the start.
function Show-Situation([string]$Problem) {
    Write-Host ''
    Write-Warning $Problem
    if ($Script:Simulated -or ($null -eq $Script:JournalFile)) { return }
    $Script:Observed = @{}
    $Script:Deadline = (Get-Date).AddSeconds(120)
    $differ = @{}
    $order = @()
    foreach ($step in @(@($Script:Steps) + @($Script:Way))) {
        $what = $Script:Ended[$step['Id']]
        if ($null -eq $what) { $what = 'not begun' }
        if ($what -ceq 'begin') { $what = 'begun, not known to have ended' }
        if ($what -ceq 'back') { $what = 'cut off; the way back has begun' }
        Write-Host ('  {0,-6} {1,-10} {2}' -f $step['Id'], $what, $step['Title'])
        if ($what -ceq 'not begun') { continue }
        $name = $Script:Actions[$step['Action']]['Name']
        $with = @($step['With'])
        foreach ($probe in @(& "Get-${name}Probe" @with | Where-Object { $_ })) {
            if (-not $Script:Observed.ContainsKey($probe['Variable'])) { Read-Probes @($probe) }
        }
        foreach ($effect in @(& "Get-${name}Effect" @with | Where-Object { $_ })) {
            if (-not $differ.ContainsKey($effect['Variable'])) { $order += $effect['Variable'] }
            $differ[$effect['Variable']] = $true
        }
    }
    Write-Host 'These states are not as they were at the start:'
    foreach ($variable in $order) {
        $now = Get-State $variable
        if ((Test-Same $variable $now $Script:Start[$variable]) -eq $true) { continue }
        $source = 'by the plan; no probe shows it'
        if ($Script:Observed.ContainsKey($variable)) { $source = 'observed' }
        Write-Host ('  {0} is {1} ({2}); it was {3}' -f $variable, (Format-Value $now), $source, (Format-Value $Script:Start[$variable]))
    }
    Write-Host ("The journal is '{0}'. Run the script again with it to go on: what is done is skipped, and a step that was begun is looked at first." -f $Script:JournalPath)
    if ($Script:Retreats) { Write-Host 'To go on with the way back: -Retreat'; return }
    if ($null -ne $Script:Current) {
        $id = $Script:Current['Id']
        if ((@('begin', 'fail') -ccontains $Script:Ended[$id]) -and $Script:WaysBack.ContainsKey($id)) {
            $titles = @((& $Script:WaysBack[$id])['Steps'] | ForEach-Object { $_['Title'] })
            if ($titles.Length -eq 0) { $titles = @('nothing is to be done') }
            Write-Host ('To go back instead: -Retreat ({0})' -f [string]::Join('; ', $titles))
        }
        Write-Host ("If you have seen yourself that all before step {0} is done and that step is to run: -ResumeFrom '{0}'" -f $Script:Current['Id'].Replace("'", "''"))
    }
}

# -ResumeFrom is the word of a person: what is before that step counts as done, what comes from there on is to be done.
function Skip-To([string]$Id) {
    if ($Id -eq '') { return }
    if (-not (@($Script:Steps | ForEach-Object { $_['Id'] }) -ccontains $Id)) { Stop-Plan 2 "The plan has no step '$Id'." }
    $before = $true
    foreach ($step in $Script:Steps) {
        if ($step['Id'] -ceq $Id) { $before = $false }
        if ($before -and (-not (Test-Ended $step['Id']))) { Write-Record 'end' $step['Id'] "a person says so: -ResumeFrom $Id" }
        if ((-not $before) -and $Script:Ended.ContainsKey($step['Id'])) { Write-Record 'again' $step['Id'] "a person says so: -ResumeFrom $Id" }
        if ($before) { $Script:Ended[$step['Id']] = 'end' } else { $Script:Ended.Remove($step['Id']) }
    }
}

function Invoke-Plan {
    $back = @($Script:Ended.Keys | Where-Object { $Script:Ended[$_] -ceq 'back' })
    if ($back.Length -gt 0) {
        Stop-Plan 2 ("This run goes back from step {0}: -Retreat goes on with that. Another run of the plan needs a journal of its own (-Journal)." -f $back[0])
    }
    Skip-To $Script:From
    foreach ($line in $Script:Warnings) { Write-Warning $line }
    foreach ($step in $Script:Steps) { Invoke-PlanStep $step }
    if ($Script:Simulated) { Write-Host 'Nothing was changed.' } else { Write-Host 'Done: the wishes hold, and everything else is as it was.' }
}

$Script:From = $ResumeFrom
$Script:Start = $State.Clone()
foreach ($variable in @($Restore.Keys)) { $Script:Start[$variable] = $Restore[$variable] }
$Script:Caller = $PSCmdlet
$Script:Simulated = [bool]$WhatIfPreference
$Script:Retreats = [bool]$Retreat
$Script:Way = @()
$Script:Resumed = $false
$Script:RunStarted = Get-Date
$Script:JournalFile = $null
$Script:Observed = @{}
$Script:Touched = @{}
$Script:Looked = @{}
$Script:Said = @{}
$Script:Ended = @{}
$Script:Asked = @{}
$Script:Sessions = @{}
$Script:Here = $null
$Script:Current = $null
$Script:Deadline = $RunStarted
$Script:ExitCode = 0
if ($Journal -eq '') { $Journal = $JournalName }
$Script:JournalPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Journal)

try {
    Open-Journal
    if ($Retreats) { Invoke-WayBack } else { Invoke-Plan }
} catch {
    if ($ExitCode -eq 0) { $Script:ExitCode = 4 }
    Show-Situation ([string]$_)
} finally {
    foreach ($name in @($Sessions.Keys)) { Close-HostSession $name }
    Close-Journal
}
exit $ExitCode
#endregion
