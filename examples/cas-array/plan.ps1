#requires -version 2.0
<#
.SYNOPSIS
    Update Rollup 5 on the CAS array

.DESCRIPTION
    This script carries out the plan of the maintenance 'rollup5', 24 steps, one after another.
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
    .\rollup5.ps1 -WhatIf
    Changes nothing: shows each step, and where the world differs from what the plan begins with.

.EXAMPLE
    .\rollup5.ps1
    Carries the plan out and asks before each step.

.EXAMPLE
    .\rollup5.ps1 -Confirm:$false
    Carries the plan out without asking before each step. Run after a stop it goes on from the journal.

.EXAMPLE
    .\rollup5.ps1 -Retreat
    After a stop: goes back from the step that was cut off.

.NOTES
    Plan: sha256:1d0c9de757c2b449e093e512b57770d0736a57e4a62545e38f80bcaf4bc51981
    It takes about 143 min if nothing has to wait.
    Failures stop the run, whatever the plan tolerates. Exit codes: 0 done, 2 wrong usage, 4 stopped or failed, 5 the
    world is not as the plan says, 7 the journal cannot be written.
    What runs on a host that reads from a third machine, a share for instance, needs -Authentication CredSSP there.

    Users feel:
    - nothing, if the plan goes as it says

    Changed, and put back as it was:
    - EX3.forefront: enabled
    - EX3.scom_agent: maintenance
    - EX3.services (15 of them): running, startup
    - EX3: counters_held, health, reboot_due, reboot_pending
    - EX4.forefront: enabled
    - EX4.scom_agent: maintenance
    - EX4.services (15 of them): running, startup
    - EX4: counters_held, health, reboot_due, reboot_pending
    - casnlb.hosts.EX3: initial, mode
    - casnlb.hosts.EX4: initial, mode

    Ends different:
    - EX3.build ends as 14.1.323.1: it is the wish
    - EX4.build ends as 14.1.323.1: it is the wish

    Needs:
    - local administrator on EX3, in an elevated session
    - local administrator on EX4, in an elevated session

    Worth knowing:
    - UR5 replaces the files of Outlook Web App: keep copies of those that you have changed, and make the changes anew
    - No other update of Windows is to be installed together with UR5: keep Windows Update off meanwhile
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
$Digest = 'sha256:1d0c9de757c2b449e093e512b57770d0736a57e4a62545e38f80bcaf4bc51981'
$JournalName = 'rollup5-1d0c9de757c2.journal'
# how things are when the plan begins, as far as its steps are concerned
$State = @{
    'EX3.build' = '14.1.218.15'
    'EX3.counters_held' = $true
    'EX3.forefront.enabled' = $true
    'EX3.health' = 'good'
    'EX3.interim_update' = $false
    'EX3.reboot_due' = $false
    'EX3.reboot_pending' = $false
    'EX3.scom_agent.maintenance' = $false
    'EX3.services.MSExchangeAB.running' = $true
    'EX3.services.MSExchangeAB.startup' = 'automatic'
    'EX3.services.MSExchangeADTopology.running' = $true
    'EX3.services.MSExchangeADTopology.startup' = 'automatic'
    'EX3.services.MSExchangeAntispamUpdate.running' = $true
    'EX3.services.MSExchangeAntispamUpdate.startup' = 'automatic'
    'EX3.services.MSExchangeEdgeSync.running' = $true
    'EX3.services.MSExchangeEdgeSync.startup' = 'automatic'
    'EX3.services.MSExchangeFBA.running' = $true
    'EX3.services.MSExchangeFBA.startup' = 'automatic'
    'EX3.services.MSExchangeFDS.running' = $true
    'EX3.services.MSExchangeFDS.startup' = 'automatic'
    'EX3.services.MSExchangeIMAP4.running' = $false
    'EX3.services.MSExchangeIMAP4.startup' = 'manual'
    'EX3.services.MSExchangeMailboxReplication.running' = $true
    'EX3.services.MSExchangeMailboxReplication.startup' = 'automatic'
    'EX3.services.MSExchangeMonitoring.running' = $false
    'EX3.services.MSExchangeMonitoring.startup' = 'manual'
    'EX3.services.MSExchangePOP3.running' = $false
    'EX3.services.MSExchangePOP3.startup' = 'manual'
    'EX3.services.MSExchangeProtectedServiceHost.running' = $true
    'EX3.services.MSExchangeProtectedServiceHost.startup' = 'automatic'
    'EX3.services.MSExchangeRPC.running' = $true
    'EX3.services.MSExchangeRPC.startup' = 'automatic'
    'EX3.services.MSExchangeServiceHost.running' = $true
    'EX3.services.MSExchangeServiceHost.startup' = 'automatic'
    'EX3.services.MSExchangeTransport.running' = $true
    'EX3.services.MSExchangeTransport.startup' = 'automatic'
    'EX3.services.MSExchangeTransportLogSearch.running' = $true
    'EX3.services.MSExchangeTransportLogSearch.startup' = 'automatic'
    'EX3.up' = $true
    'EX4.build' = '14.1.218.15'
    'EX4.counters_held' = $true
    'EX4.forefront.enabled' = $true
    'EX4.health' = 'good'
    'EX4.interim_update' = $false
    'EX4.reboot_due' = $false
    'EX4.reboot_pending' = $false
    'EX4.scom_agent.maintenance' = $false
    'EX4.services.MSExchangeAB.running' = $true
    'EX4.services.MSExchangeAB.startup' = 'automatic'
    'EX4.services.MSExchangeADTopology.running' = $true
    'EX4.services.MSExchangeADTopology.startup' = 'automatic'
    'EX4.services.MSExchangeAntispamUpdate.running' = $true
    'EX4.services.MSExchangeAntispamUpdate.startup' = 'automatic'
    'EX4.services.MSExchangeEdgeSync.running' = $true
    'EX4.services.MSExchangeEdgeSync.startup' = 'automatic'
    'EX4.services.MSExchangeFBA.running' = $true
    'EX4.services.MSExchangeFBA.startup' = 'automatic'
    'EX4.services.MSExchangeFDS.running' = $true
    'EX4.services.MSExchangeFDS.startup' = 'automatic'
    'EX4.services.MSExchangeIMAP4.running' = $false
    'EX4.services.MSExchangeIMAP4.startup' = 'manual'
    'EX4.services.MSExchangeMailboxReplication.running' = $true
    'EX4.services.MSExchangeMailboxReplication.startup' = 'automatic'
    'EX4.services.MSExchangeMonitoring.running' = $false
    'EX4.services.MSExchangeMonitoring.startup' = 'manual'
    'EX4.services.MSExchangePOP3.running' = $false
    'EX4.services.MSExchangePOP3.startup' = 'manual'
    'EX4.services.MSExchangeProtectedServiceHost.running' = $true
    'EX4.services.MSExchangeProtectedServiceHost.startup' = 'automatic'
    'EX4.services.MSExchangeRPC.running' = $true
    'EX4.services.MSExchangeRPC.startup' = 'automatic'
    'EX4.services.MSExchangeServiceHost.running' = $true
    'EX4.services.MSExchangeServiceHost.startup' = 'automatic'
    'EX4.services.MSExchangeTransport.running' = $true
    'EX4.services.MSExchangeTransport.startup' = 'automatic'
    'EX4.services.MSExchangeTransportLogSearch.running' = $true
    'EX4.services.MSExchangeTransportLogSearch.startup' = 'automatic'
    'EX4.up' = $true
    'casnlb.hosts.EX3.initial' = 'started'
    'casnlb.hosts.EX3.mode' = 'started'
    'casnlb.hosts.EX4.initial' = 'started'
    'casnlb.hosts.EX4.mode' = 'started'
}
# what is to be restored, where it is not the value above
$Restore = @{}
# states that are versions: 14.1 equals 14.1.0
$Versions = @{
    'EX3.build' = $true
    'EX4.build' = $true
}
# the objects that steps are about, by path, and their names
$Names = @{
    'EX3' = 'EX3'
    'EX3.forefront' = 'forefront'
    'EX3.scom_agent' = 'scom_agent'
    'EX4' = 'EX4'
    'EX4.forefront' = 'forefront'
    'EX4.scom_agent' = 'scom_agent'
    'UR5' = 'UR5'
    'casnlb' = 'casnlb'
    'casnlb.hosts.EX3' = 'EX3'
    'casnlb.hosts.EX4' = 'EX4'
}
# where commands run, and how that place is reached
$Hosts = @{
    'EX3' = @{ Address = 'EX3.exchangeserverpro.local'; Kind = 'server' }
    'EX4' = @{ Address = 'EX4.exchangeserverpro.local'; Kind = 'server' }
}
# what is loaded once in each session, by the kind of the host
$Preludes = @{
    'server' = @{
        Arguments = { @() }
        Block = {
            $ErrorActionPreference = 'Stop'
            if (Get-Module -ListAvailable -Name NetworkLoadBalancingClusters) { Import-Module NetworkLoadBalancingClusters -ErrorAction Stop }
        }
    }
}
# what is said before the run
$Warnings = @(
    'UR5 replaces the files of Outlook Web App: keep copies of those that you have changed, and make the changes anew'
    'No other update of Windows is to be installed together with UR5: keep Windows Update off meanwhile'
)
# how each action is run: seconds until it has failed, and how often it is tried again
$Actions = @{
    'SetInitial' = @{ Name = 'SetInitial'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Drainstop' = @{ Name = 'Drainstop'; Timeout = 1800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'BeginMaintenance' = @{ Name = 'BeginMaintenance'; Timeout = 300; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'ForefrontOff' = @{ Name = 'ForefrontOff'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Install' = @{ Name = 'Install'; Timeout = 10800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Reboot' = @{ Name = 'Reboot'; Timeout = 1800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $true }
    'CheckServices' = @{ Name = 'CheckServices'; Timeout = 900; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'Verify' = @{ Name = 'Verify'; Timeout = 1200; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'ForefrontOn' = @{ Name = 'ForefrontOn'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Start' = @{ Name = 'Start'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'EndMaintenance' = @{ Name = 'EndMaintenance'; Timeout = 300; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'AwaitUp' = @{ Name = 'AwaitUp'; Timeout = 3600; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'StopNow' = @{ Name = 'StopNow'; Timeout = 300; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
}
# the steps, in one order that the plan allows
$Steps = @(
    @{ Id = '1a'; Action = 'SetInitial'; On = 'EX3'; Target = 'EX3'; Title = 'Set the initial host state of EX3 in casnlb to stopped'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local', 'stopped'); Ask = @()
       Why = 'keeps the rule no_unverified_server_rejoins in view of 1e (Install UR5 on EX3): A server that has not been checked must not rejoin by itself when it reboots' }
    @{ Id = '1b'; Action = 'Drainstop'; On = 'EX3'; Target = 'EX3'; Title = 'Drain EX3 out of casnlb'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local'); Ask = @()
       Fallback = @{ Action = 'StopNow'; With = @('casnlb.hosts.EX3', 'EX3', 'casnlb'); Title = 'Stop EX3 in casnlb at once' }
       Why = '1c (Put EX3 into SCOM maintenance mode) requires it: monitoring of EX3 goes off only once nobody uses it any more' }
    @{ Id = '1c'; Action = 'BeginMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'Put EX3 into SCOM maintenance mode'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'keeps the rule forefront_off_in_maintenance in view of 1d (Disable Forefront on EX3): Forefront is off only while monitoring is in maintenance mode' }
    @{ Id = '1d'; Action = 'ForefrontOff'; On = 'EX3'; Target = 'EX3'; Title = 'Disable Forefront on EX3'
       With = @('EX3.forefront', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = '1e (Install UR5 on EX3) requires it: Forefront restarts services that the update has stopped' }
    @{ Id = '1e'; Action = 'Install'; On = 'EX3'; Target = 'EX3'; Title = 'Install UR5 on EX3'
       With = @('EX3', 'UR5', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the wish: UR5 is wanted on every member of casarray' }
    @{ Id = '1f'; Action = 'Reboot'; On = 'EX3'; Target = 'EX3'; Title = 'Reboot EX3'
       With = @('EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = '1g (Check that the services of EX3 are as they were) requires it: services are counted after the reboot that the update may ask for, not before it' }
    @{ Id = '1g'; Action = 'CheckServices'; On = 'EX3'; Target = 'EX3'; Title = 'Check that the services of EX3 are as they were'
       With = @('EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = '1h (Verify EX3: event log, setup log and services) requires it: services that an update has left disabled stay down after the next reboot' }
    @{ Id = '1h'; Action = 'Verify'; On = 'EX3'; Target = 'EX3'; Title = 'Verify EX3: event log, setup log and services'
       With = @('EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = '1i (Enable Forefront on EX3) requires it: Forefront comes back when the update has been checked' }
    @{ Id = '1i'; Action = 'ForefrontOn'; On = 'EX3'; Target = 'EX3'; Title = 'Enable Forefront on EX3'
       With = @('EX3.forefront', 'EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'puts EX3.forefront back as it was: enabled is true again' }
    @{ Id = '1j'; Action = 'Start'; On = 'EX3'; Target = 'EX3'; Title = 'Start EX3 in casnlb'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'puts casnlb.hosts.EX3 back as it was: mode is started again' }
    @{ Id = '1k'; Action = 'SetInitial'; On = 'EX3'; Target = 'EX3'; Title = 'Set the initial host state of EX3 in casnlb to started'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'puts casnlb.hosts.EX3 back as it was: initial is started again' }
    @{ Id = '1l'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'puts EX3.scom_agent back as it was: maintenance is false again' }
    @{ Id = '2a'; Action = 'SetInitial'; On = 'EX4'; Target = 'EX4'; Title = 'Set the initial host state of EX4 in casnlb to stopped'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local', 'stopped'); Ask = @()
       Why = 'keeps the rule no_unverified_server_rejoins in view of 2e (Install UR5 on EX4): A server that has not been checked must not rejoin by itself when it reboots' }
    @{ Id = '2b'; Action = 'Drainstop'; On = 'EX4'; Target = 'EX4'; Title = 'Drain EX4 out of casnlb'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local'); Ask = @()
       Fallback = @{ Action = 'StopNow'; With = @('casnlb.hosts.EX4', 'EX4', 'casnlb'); Title = 'Stop EX4 in casnlb at once' }
       Why = '2c (Put EX4 into SCOM maintenance mode) requires it: monitoring of EX4 goes off only once nobody uses it any more' }
    @{ Id = '2c'; Action = 'BeginMaintenance'; On = 'EX4'; Target = 'EX4'; Title = 'Put EX4 into SCOM maintenance mode'
       With = @('EX4.scom_agent', 'EX4', 'casnlb.hosts.EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'keeps the rule forefront_off_in_maintenance in view of 2d (Disable Forefront on EX4): Forefront is off only while monitoring is in maintenance mode' }
    @{ Id = '2d'; Action = 'ForefrontOff'; On = 'EX4'; Target = 'EX4'; Title = 'Disable Forefront on EX4'
       With = @('EX4.forefront', 'EX4', 'casnlb.hosts.EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = '2e (Install UR5 on EX4) requires it: Forefront restarts services that the update has stopped' }
    @{ Id = '2e'; Action = 'Install'; On = 'EX4'; Target = 'EX4'; Title = 'Install UR5 on EX4'
       With = @('EX4', 'UR5', 'casnlb.hosts.EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'the wish: UR5 is wanted on every member of casarray' }
    @{ Id = '2f'; Action = 'Reboot'; On = 'EX4'; Target = 'EX4'; Title = 'Reboot EX4'
       With = @('EX4', 'casnlb.hosts.EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = '2g (Check that the services of EX4 are as they were) requires it: services are counted after the reboot that the update may ask for, not before it' }
    @{ Id = '2g'; Action = 'CheckServices'; On = 'EX4'; Target = 'EX4'; Title = 'Check that the services of EX4 are as they were'
       With = @('EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = '2h (Verify EX4: event log, setup log and services) requires it: services that an update has left disabled stay down after the next reboot' }
    @{ Id = '2h'; Action = 'Verify'; On = 'EX4'; Target = 'EX4'; Title = 'Verify EX4: event log, setup log and services'
       With = @('EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = '2i (Enable Forefront on EX4) requires it: Forefront comes back when the update has been checked' }
    @{ Id = '2i'; Action = 'ForefrontOn'; On = 'EX4'; Target = 'EX4'; Title = 'Enable Forefront on EX4'
       With = @('EX4.forefront', 'EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'puts EX4.forefront back as it was: enabled is true again' }
    @{ Id = '2j'; Action = 'Start'; On = 'EX4'; Target = 'EX4'; Title = 'Start EX4 in casnlb'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'puts casnlb.hosts.EX4 back as it was: mode is started again' }
    @{ Id = '2k'; Action = 'SetInitial'; On = 'EX4'; Target = 'EX4'; Title = 'Set the initial host state of EX4 in casnlb to started'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'puts casnlb.hosts.EX4 back as it was: initial is started again' }
    @{ Id = '2l'; Action = 'EndMaintenance'; On = 'EX4'; Target = 'EX4'; Title = 'End the SCOM maintenance mode of EX4'
       With = @('EX4.scom_agent', 'EX4', 'casnlb.hosts.EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'puts EX4.scom_agent back as it was: maintenance is false again' }
)
#endregion

#region Ways back: what -Retreat does where a step was cut off

# from 1a
function Get-WayBack1 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'SetInitial'; On = 'EX3'; Target = 'EX3'; Title = 'Set the initial host state of EX3 in casnlb to started'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1b
function Get-WayBack2 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Start'; On = 'EX3'; Target = 'EX3'; Title = 'Start EX3 in casnlb'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'SetInitial'; On = 'EX3'; Target = 'EX3'; Title = 'Set the initial host state of EX3 in casnlb to started'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1c
function Get-WayBack3 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Start'; On = 'EX3'; Target = 'EX3'; Title = 'Start EX3 in casnlb'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'SetInitial'; On = 'EX3'; Target = 'EX3'; Title = 'Set the initial host state of EX3 in casnlb to started'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1d
function Get-WayBack4 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'ForefrontOn'; On = 'EX3'; Target = 'EX3'; Title = 'Enable Forefront on EX3'
       With = @('EX3.forefront', 'EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'Start'; On = 'EX3'; Target = 'EX3'; Title = 'Start EX3 in casnlb'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'SetInitial'; On = 'EX3'; Target = 'EX3'; Title = 'Set the initial host state of EX3 in casnlb to started'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 1e
function Get-WayBack5 {
    @{ Steps = @()
       StaysOpen = @(
    'EX3.build is unknown'
    'EX3.forefront.enabled is false'
    'EX3.health is unknown'
    'EX3.scom_agent.maintenance is true'
    'EX3.services.MSExchangeAB.running is unknown'
    'EX3.services.MSExchangeAB.startup is unknown'
    'EX3.services.MSExchangeADTopology.running is unknown'
    'EX3.services.MSExchangeADTopology.startup is unknown'
    'EX3.services.MSExchangeAntispamUpdate.running is unknown'
    'EX3.services.MSExchangeAntispamUpdate.startup is unknown'
    'EX3.services.MSExchangeEdgeSync.running is unknown'
    'EX3.services.MSExchangeEdgeSync.startup is unknown'
    'EX3.services.MSExchangeFBA.running is unknown'
    'EX3.services.MSExchangeFBA.startup is unknown'
    'EX3.services.MSExchangeFDS.running is unknown'
    'EX3.services.MSExchangeFDS.startup is unknown'
    'EX3.services.MSExchangeIMAP4.running is unknown'
    'EX3.services.MSExchangeIMAP4.startup is unknown'
    'EX3.services.MSExchangeMailboxReplication.running is unknown'
    'EX3.services.MSExchangeMailboxReplication.startup is unknown'
    'EX3.services.MSExchangeMonitoring.running is unknown'
    'EX3.services.MSExchangeMonitoring.startup is unknown'
    'EX3.services.MSExchangePOP3.running is unknown'
    'EX3.services.MSExchangePOP3.startup is unknown'
    'EX3.services.MSExchangeProtectedServiceHost.running is unknown'
    'EX3.services.MSExchangeProtectedServiceHost.startup is unknown'
    'EX3.services.MSExchangeRPC.running is unknown'
    'EX3.services.MSExchangeRPC.startup is unknown'
    'EX3.services.MSExchangeServiceHost.running is unknown'
    'EX3.services.MSExchangeServiceHost.startup is unknown'
    'EX3.services.MSExchangeTransport.running is unknown'
    'EX3.services.MSExchangeTransport.startup is unknown'
    'EX3.services.MSExchangeTransportLogSearch.running is unknown'
    'EX3.services.MSExchangeTransportLogSearch.startup is unknown'
    'casnlb.hosts.EX3.initial is stopped'
    'casnlb.hosts.EX3.mode is stopped'
    ) }
}

# from 1f
function Get-WayBack6 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'AwaitUp'; On = 'EX3'; Target = 'EX3'; Title = 'Wait until EX3 answers'
       With = @('EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX3.forefront.enabled is false'
    'EX3.health is unknown'
    'EX3.scom_agent.maintenance is true'
    'EX3.services.MSExchangeAB.running is unknown'
    'EX3.services.MSExchangeAB.startup is unknown'
    'EX3.services.MSExchangeADTopology.running is unknown'
    'EX3.services.MSExchangeADTopology.startup is unknown'
    'EX3.services.MSExchangeAntispamUpdate.running is unknown'
    'EX3.services.MSExchangeAntispamUpdate.startup is unknown'
    'EX3.services.MSExchangeEdgeSync.running is unknown'
    'EX3.services.MSExchangeEdgeSync.startup is unknown'
    'EX3.services.MSExchangeFBA.running is unknown'
    'EX3.services.MSExchangeFBA.startup is unknown'
    'EX3.services.MSExchangeFDS.running is unknown'
    'EX3.services.MSExchangeFDS.startup is unknown'
    'EX3.services.MSExchangeIMAP4.running is unknown'
    'EX3.services.MSExchangeIMAP4.startup is unknown'
    'EX3.services.MSExchangeMailboxReplication.running is unknown'
    'EX3.services.MSExchangeMailboxReplication.startup is unknown'
    'EX3.services.MSExchangeMonitoring.running is unknown'
    'EX3.services.MSExchangeMonitoring.startup is unknown'
    'EX3.services.MSExchangePOP3.running is unknown'
    'EX3.services.MSExchangePOP3.startup is unknown'
    'EX3.services.MSExchangeProtectedServiceHost.running is unknown'
    'EX3.services.MSExchangeProtectedServiceHost.startup is unknown'
    'EX3.services.MSExchangeRPC.running is unknown'
    'EX3.services.MSExchangeRPC.startup is unknown'
    'EX3.services.MSExchangeServiceHost.running is unknown'
    'EX3.services.MSExchangeServiceHost.startup is unknown'
    'EX3.services.MSExchangeTransport.running is unknown'
    'EX3.services.MSExchangeTransport.startup is unknown'
    'EX3.services.MSExchangeTransportLogSearch.running is unknown'
    'EX3.services.MSExchangeTransportLogSearch.startup is unknown'
    'casnlb.hosts.EX3.initial is stopped'
    'casnlb.hosts.EX3.mode is stopped'
    ) }
}

# from 1g
function Get-WayBack7 {
    @{ Steps = @()
       StaysOpen = @(
    'EX3.forefront.enabled is false'
    'EX3.health is unknown'
    'EX3.scom_agent.maintenance is true'
    'EX3.services.MSExchangeAB.running is unknown'
    'EX3.services.MSExchangeAB.startup is unknown'
    'EX3.services.MSExchangeADTopology.running is unknown'
    'EX3.services.MSExchangeADTopology.startup is unknown'
    'EX3.services.MSExchangeAntispamUpdate.running is unknown'
    'EX3.services.MSExchangeAntispamUpdate.startup is unknown'
    'EX3.services.MSExchangeEdgeSync.running is unknown'
    'EX3.services.MSExchangeEdgeSync.startup is unknown'
    'EX3.services.MSExchangeFBA.running is unknown'
    'EX3.services.MSExchangeFBA.startup is unknown'
    'EX3.services.MSExchangeFDS.running is unknown'
    'EX3.services.MSExchangeFDS.startup is unknown'
    'EX3.services.MSExchangeIMAP4.running is unknown'
    'EX3.services.MSExchangeIMAP4.startup is unknown'
    'EX3.services.MSExchangeMailboxReplication.running is unknown'
    'EX3.services.MSExchangeMailboxReplication.startup is unknown'
    'EX3.services.MSExchangeMonitoring.running is unknown'
    'EX3.services.MSExchangeMonitoring.startup is unknown'
    'EX3.services.MSExchangePOP3.running is unknown'
    'EX3.services.MSExchangePOP3.startup is unknown'
    'EX3.services.MSExchangeProtectedServiceHost.running is unknown'
    'EX3.services.MSExchangeProtectedServiceHost.startup is unknown'
    'EX3.services.MSExchangeRPC.running is unknown'
    'EX3.services.MSExchangeRPC.startup is unknown'
    'EX3.services.MSExchangeServiceHost.running is unknown'
    'EX3.services.MSExchangeServiceHost.startup is unknown'
    'EX3.services.MSExchangeTransport.running is unknown'
    'EX3.services.MSExchangeTransport.startup is unknown'
    'EX3.services.MSExchangeTransportLogSearch.running is unknown'
    'EX3.services.MSExchangeTransportLogSearch.startup is unknown'
    'casnlb.hosts.EX3.initial is stopped'
    'casnlb.hosts.EX3.mode is stopped'
    ) }
}

# from 1h
function Get-WayBack8 {
    @{ Steps = @()
       StaysOpen = @(
    'EX3.forefront.enabled is false'
    'EX3.health is unknown'
    'EX3.scom_agent.maintenance is true'
    'casnlb.hosts.EX3.initial is stopped'
    'casnlb.hosts.EX3.mode is stopped'
    ) }
}

# from 1i
function Get-WayBack9 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'SetInitial'; On = 'EX3'; Target = 'EX3'; Title = 'Set the initial host state of EX3 in casnlb to started'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX3.forefront.enabled is unknown'
    'EX3.scom_agent.maintenance is true'
    'casnlb.hosts.EX3.mode is stopped'
    ) }
}

# from 1j
function Get-WayBack10 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'SetInitial'; On = 'EX3'; Target = 'EX3'; Title = 'Set the initial host state of EX3 in casnlb to started'
       With = @('casnlb.hosts.EX3', 'EX3', 'casnlb', 'EX3.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX3.scom_agent.maintenance is true'
    'casnlb.hosts.EX3.mode is unknown'
    ) }
}

# from 1k
function Get-WayBack11 {
    @{ Steps = @()
       StaysOpen = @(
    'EX3.scom_agent.maintenance is true'
    'casnlb.hosts.EX3.initial is unknown'
    ) }
}

# from 1l
function Get-WayBack12 {
    @{ Steps = @()
       StaysOpen = @(
    'EX3.scom_agent.maintenance is unknown'
    ) }
}

# from 2a
function Get-WayBack13 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'SetInitial'; On = 'EX4'; Target = 'EX4'; Title = 'Set the initial host state of EX4 in casnlb to started'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 2b
function Get-WayBack14 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'Start'; On = 'EX4'; Target = 'EX4'; Title = 'Start EX4 in casnlb'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'SetInitial'; On = 'EX4'; Target = 'EX4'; Title = 'Set the initial host state of EX4 in casnlb to started'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 2c
function Get-WayBack15 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'Start'; On = 'EX4'; Target = 'EX4'; Title = 'Start EX4 in casnlb'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'SetInitial'; On = 'EX4'; Target = 'EX4'; Title = 'Set the initial host state of EX4 in casnlb to started'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'EndMaintenance'; On = 'EX4'; Target = 'EX4'; Title = 'End the SCOM maintenance mode of EX4'
       With = @('EX4.scom_agent', 'EX4', 'casnlb.hosts.EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 2d
function Get-WayBack16 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'ForefrontOn'; On = 'EX4'; Target = 'EX4'; Title = 'Enable Forefront on EX4'
       With = @('EX4.forefront', 'EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'Start'; On = 'EX4'; Target = 'EX4'; Title = 'Start EX4 in casnlb'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '4'; Action = 'SetInitial'; On = 'EX4'; Target = 'EX4'; Title = 'Set the initial host state of EX4 in casnlb to started'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '5'; Action = 'EndMaintenance'; On = 'EX4'; Target = 'EX4'; Title = 'End the SCOM maintenance mode of EX4'
       With = @('EX4.scom_agent', 'EX4', 'casnlb.hosts.EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 2e
function Get-WayBack17 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX4.build is unknown'
    'EX4.forefront.enabled is false'
    'EX4.health is unknown'
    'EX4.scom_agent.maintenance is true'
    'EX4.services.MSExchangeAB.running is unknown'
    'EX4.services.MSExchangeAB.startup is unknown'
    'EX4.services.MSExchangeADTopology.running is unknown'
    'EX4.services.MSExchangeADTopology.startup is unknown'
    'EX4.services.MSExchangeAntispamUpdate.running is unknown'
    'EX4.services.MSExchangeAntispamUpdate.startup is unknown'
    'EX4.services.MSExchangeEdgeSync.running is unknown'
    'EX4.services.MSExchangeEdgeSync.startup is unknown'
    'EX4.services.MSExchangeFBA.running is unknown'
    'EX4.services.MSExchangeFBA.startup is unknown'
    'EX4.services.MSExchangeFDS.running is unknown'
    'EX4.services.MSExchangeFDS.startup is unknown'
    'EX4.services.MSExchangeIMAP4.running is unknown'
    'EX4.services.MSExchangeIMAP4.startup is unknown'
    'EX4.services.MSExchangeMailboxReplication.running is unknown'
    'EX4.services.MSExchangeMailboxReplication.startup is unknown'
    'EX4.services.MSExchangeMonitoring.running is unknown'
    'EX4.services.MSExchangeMonitoring.startup is unknown'
    'EX4.services.MSExchangePOP3.running is unknown'
    'EX4.services.MSExchangePOP3.startup is unknown'
    'EX4.services.MSExchangeProtectedServiceHost.running is unknown'
    'EX4.services.MSExchangeProtectedServiceHost.startup is unknown'
    'EX4.services.MSExchangeRPC.running is unknown'
    'EX4.services.MSExchangeRPC.startup is unknown'
    'EX4.services.MSExchangeServiceHost.running is unknown'
    'EX4.services.MSExchangeServiceHost.startup is unknown'
    'EX4.services.MSExchangeTransport.running is unknown'
    'EX4.services.MSExchangeTransport.startup is unknown'
    'EX4.services.MSExchangeTransportLogSearch.running is unknown'
    'EX4.services.MSExchangeTransportLogSearch.startup is unknown'
    'casnlb.hosts.EX4.initial is stopped'
    'casnlb.hosts.EX4.mode is stopped'
    ) }
}

# from 2f
function Get-WayBack18 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'AwaitUp'; On = 'EX4'; Target = 'EX4'; Title = 'Wait until EX4 answers'
       With = @('EX4', 'EX4.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX4.forefront.enabled is false'
    'EX4.health is unknown'
    'EX4.scom_agent.maintenance is true'
    'EX4.services.MSExchangeAB.running is unknown'
    'EX4.services.MSExchangeAB.startup is unknown'
    'EX4.services.MSExchangeADTopology.running is unknown'
    'EX4.services.MSExchangeADTopology.startup is unknown'
    'EX4.services.MSExchangeAntispamUpdate.running is unknown'
    'EX4.services.MSExchangeAntispamUpdate.startup is unknown'
    'EX4.services.MSExchangeEdgeSync.running is unknown'
    'EX4.services.MSExchangeEdgeSync.startup is unknown'
    'EX4.services.MSExchangeFBA.running is unknown'
    'EX4.services.MSExchangeFBA.startup is unknown'
    'EX4.services.MSExchangeFDS.running is unknown'
    'EX4.services.MSExchangeFDS.startup is unknown'
    'EX4.services.MSExchangeIMAP4.running is unknown'
    'EX4.services.MSExchangeIMAP4.startup is unknown'
    'EX4.services.MSExchangeMailboxReplication.running is unknown'
    'EX4.services.MSExchangeMailboxReplication.startup is unknown'
    'EX4.services.MSExchangeMonitoring.running is unknown'
    'EX4.services.MSExchangeMonitoring.startup is unknown'
    'EX4.services.MSExchangePOP3.running is unknown'
    'EX4.services.MSExchangePOP3.startup is unknown'
    'EX4.services.MSExchangeProtectedServiceHost.running is unknown'
    'EX4.services.MSExchangeProtectedServiceHost.startup is unknown'
    'EX4.services.MSExchangeRPC.running is unknown'
    'EX4.services.MSExchangeRPC.startup is unknown'
    'EX4.services.MSExchangeServiceHost.running is unknown'
    'EX4.services.MSExchangeServiceHost.startup is unknown'
    'EX4.services.MSExchangeTransport.running is unknown'
    'EX4.services.MSExchangeTransport.startup is unknown'
    'EX4.services.MSExchangeTransportLogSearch.running is unknown'
    'EX4.services.MSExchangeTransportLogSearch.startup is unknown'
    'casnlb.hosts.EX4.initial is stopped'
    'casnlb.hosts.EX4.mode is stopped'
    ) }
}

# from 2g
function Get-WayBack19 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX4.forefront.enabled is false'
    'EX4.health is unknown'
    'EX4.scom_agent.maintenance is true'
    'EX4.services.MSExchangeAB.running is unknown'
    'EX4.services.MSExchangeAB.startup is unknown'
    'EX4.services.MSExchangeADTopology.running is unknown'
    'EX4.services.MSExchangeADTopology.startup is unknown'
    'EX4.services.MSExchangeAntispamUpdate.running is unknown'
    'EX4.services.MSExchangeAntispamUpdate.startup is unknown'
    'EX4.services.MSExchangeEdgeSync.running is unknown'
    'EX4.services.MSExchangeEdgeSync.startup is unknown'
    'EX4.services.MSExchangeFBA.running is unknown'
    'EX4.services.MSExchangeFBA.startup is unknown'
    'EX4.services.MSExchangeFDS.running is unknown'
    'EX4.services.MSExchangeFDS.startup is unknown'
    'EX4.services.MSExchangeIMAP4.running is unknown'
    'EX4.services.MSExchangeIMAP4.startup is unknown'
    'EX4.services.MSExchangeMailboxReplication.running is unknown'
    'EX4.services.MSExchangeMailboxReplication.startup is unknown'
    'EX4.services.MSExchangeMonitoring.running is unknown'
    'EX4.services.MSExchangeMonitoring.startup is unknown'
    'EX4.services.MSExchangePOP3.running is unknown'
    'EX4.services.MSExchangePOP3.startup is unknown'
    'EX4.services.MSExchangeProtectedServiceHost.running is unknown'
    'EX4.services.MSExchangeProtectedServiceHost.startup is unknown'
    'EX4.services.MSExchangeRPC.running is unknown'
    'EX4.services.MSExchangeRPC.startup is unknown'
    'EX4.services.MSExchangeServiceHost.running is unknown'
    'EX4.services.MSExchangeServiceHost.startup is unknown'
    'EX4.services.MSExchangeTransport.running is unknown'
    'EX4.services.MSExchangeTransport.startup is unknown'
    'EX4.services.MSExchangeTransportLogSearch.running is unknown'
    'EX4.services.MSExchangeTransportLogSearch.startup is unknown'
    'casnlb.hosts.EX4.initial is stopped'
    'casnlb.hosts.EX4.mode is stopped'
    ) }
}

# from 2h
function Get-WayBack20 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX4.forefront.enabled is false'
    'EX4.health is unknown'
    'EX4.scom_agent.maintenance is true'
    'casnlb.hosts.EX4.initial is stopped'
    'casnlb.hosts.EX4.mode is stopped'
    ) }
}

# from 2i
function Get-WayBack21 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'SetInitial'; On = 'EX4'; Target = 'EX4'; Title = 'Set the initial host state of EX4 in casnlb to started'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX4.forefront.enabled is unknown'
    'EX4.scom_agent.maintenance is true'
    'casnlb.hosts.EX4.mode is stopped'
    ) }
}

# from 2j
function Get-WayBack22 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'SetInitial'; On = 'EX4'; Target = 'EX4'; Title = 'Set the initial host state of EX4 in casnlb to started'
       With = @('casnlb.hosts.EX4', 'EX4', 'casnlb', 'EX4.exchangeserverpro.local', 'started'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX4.scom_agent.maintenance is true'
    'casnlb.hosts.EX4.mode is unknown'
    ) }
}

# from 2k
function Get-WayBack23 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX4.scom_agent.maintenance is true'
    'casnlb.hosts.EX4.initial is unknown'
    ) }
}

# from 2l
function Get-WayBack24 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'EndMaintenance'; On = 'EX3'; Target = 'EX3'; Title = 'End the SCOM maintenance mode of EX3'
       With = @('EX3.scom_agent', 'EX3', 'casnlb.hosts.EX3', 'EX3.exchangeserverpro.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'EX4.scom_agent.maintenance is unknown'
    ) }
}

# by step: which of them
$WaysBack = @{
    '1a' = 'Get-WayBack1'
    '1b' = 'Get-WayBack2'
    '1c' = 'Get-WayBack3'
    '1d' = 'Get-WayBack4'
    '1e' = 'Get-WayBack5'
    '1f' = 'Get-WayBack6'
    '1g' = 'Get-WayBack7'
    '1h' = 'Get-WayBack8'
    '1i' = 'Get-WayBack9'
    '1j' = 'Get-WayBack10'
    '1k' = 'Get-WayBack11'
    '1l' = 'Get-WayBack12'
    '2a' = 'Get-WayBack13'
    '2b' = 'Get-WayBack14'
    '2c' = 'Get-WayBack15'
    '2d' = 'Get-WayBack16'
    '2e' = 'Get-WayBack17'
    '2f' = 'Get-WayBack18'
    '2g' = 'Get-WayBack19'
    '2h' = 'Get-WayBack20'
    '2i' = 'Get-WayBack21'
    '2j' = 'Get-WayBack22'
    '2k' = 'Get-WayBack23'
    '2l' = 'Get-WayBack24'
}
#endregion

#region set_initial (set_initial): Set the initial host state of $1 in $2 to $state_at_boot
# what must hold before
function Get-SetInitialRequirement {
    param($theHost, $server, $nlb, $argFqdn, $argStateAtBoot)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: not ($theHost.mode is suspended)" (Test-Not (Test-Equal (Get-State "$theHost.mode") 'suspended'))  # a suspended host takes nothing but resume
}
# what it gives
function Get-SetInitialEffect {
    param($theHost, $server, $nlb, $argFqdn, $argStateAtBoot)
    New-Effect "$theHost.initial" $argStateAtBoot
}
# what is not to be relied on while it runs
function Get-SetInitialDuring {
    param($theHost, $server, $nlb, $argFqdn, $argStateAtBoot)
}
# how it is seen, before and after
function Get-SetInitialProbe {
    param($theHost, $server, $nlb, $argFqdn, $argStateAtBoot)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$theHost.mode" -Type 'enum started draining stopped suspended' -From $server -Every 5 `
        -As @('Converged', 'started', 'Converged(default)', 'started', 'Draining', 'draining', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$theHost.initial" -Type 'enum started stopped suspended' -From $server -Every 5 `
        -As @('Started', 'started', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).InitialHostState.ToString()
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-SetInitial {
    param($theHost, $server, $nlb, $argFqdn, $argStateAtBoot)
    Invoke-OnHost $server @((Get-ObjectName $server), $argStateAtBoot) {
        param($serverName, $argStateAtBoot)
        $ErrorActionPreference = 'Stop'
        Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop | Set-NlbClusterNode -InitialHostState $argStateAtBoot -ErrorAction Stop | Out-Null
        $begun = Get-Date
        do {
          Start-Sleep -Seconds 3
          $moving = @(Get-NlbClusterNode -HostName $serverName -ErrorAction Stop | Where-Object { $_.State.ToString() -eq 'Converging' }).Count
        } while (($moving -gt 0) -and (((Get-Date) - $begun).TotalSeconds -lt 180))
        if ($moving -gt 0) { throw 'The cluster has not converged in three minutes: compare the port rules of its hosts.' }
    }
}
#endregion

#region drainstop (drainstop): Drain $1 out of $2
# what must hold before
function Get-DrainstopRequirement {
    param($theHost, $server, $nlb, $argFqdn)
    New-Requirement "wanted: $theHost.mode is started" (Test-Equal (Get-State "$theHost.mode") 'started')  # only a host that is started can be drained
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
}
# what it gives
function Get-DrainstopEffect {
    param($theHost, $server, $nlb, $argFqdn)
    New-Effect "$theHost.mode" 'stopped'
}
# what is not to be relied on while it runs
function Get-DrainstopDuring {
    param($theHost, $server, $nlb, $argFqdn)
    "$theHost.mode"
}
# how it is seen, before and after
function Get-DrainstopProbe {
    param($theHost, $server, $nlb, $argFqdn)
    New-Probe -Variable "$theHost.mode" -Type 'enum started draining stopped suspended' -From $server -Every 5 `
        -As @('Converged', 'started', 'Converged(default)', 'started', 'Draining', 'draining', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).State.ToString()
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
}
# the act
function Invoke-Drainstop {
    param($theHost, $server, $nlb, $argFqdn)
    Invoke-OnHost $server @((Get-ObjectName $server)) {
        param($serverName)
        $ErrorActionPreference = 'Stop'
        Stop-NlbClusterNode -HostName $serverName -Drain -Timeout 1500 -ErrorAction Stop | Out-Null
    }
}
#endregion

#region begin_maintenance (begin_maintenance): Put $1 into SCOM maintenance mode
# what must hold before
function Get-BeginMaintenanceRequirement {
    param($scomAgent, $server, $theHost, $argFqdn)
    New-Requirement "wanted: not $scomAgent.maintenance" (Test-Not (Get-State "$scomAgent.maintenance"))
    New-Requirement "wanted: $theHost.mode is one of {stopped, suspended}" (Test-In (Get-State "$theHost.mode") (New-Set 'stopped' 'suspended'))  # monitoring of $1 goes off only once nobody uses it any more
}
# what it gives
function Get-BeginMaintenanceEffect {
    param($scomAgent, $server, $theHost, $argFqdn)
    New-Effect "$scomAgent.maintenance" $true
}
# what is not to be relied on while it runs
function Get-BeginMaintenanceDuring {
    param($scomAgent, $server, $theHost, $argFqdn)
}
# how it is seen, before and after
function Get-BeginMaintenanceProbe {
    param($scomAgent, $server, $theHost, $argFqdn)
    New-Probe -Variable "$scomAgent.maintenance" -Type 'bool' -From 'controller' -Every 5 `
        -As @('maintenance', $true, 'watched', $false) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module OperationsManager -ErrorAction Stop
                $instances = @(Get-SCOMClassInstance -Name $argFqdn -ErrorAction Stop)
                $watched = @($instances | Where-Object { -not $_.InMaintenanceMode }).Count
                if ($instances.Count -eq 0) { 'unknown to SCOM' } elseif ($watched -eq 0) { 'maintenance' } elseif ($watched -eq $instances.Count) { 'watched' } else { 'partly' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$theHost.mode" -Type 'enum started draining stopped suspended' -From $server -Every 5 `
        -As @('Converged', 'started', 'Converged(default)', 'started', 'Draining', 'draining', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-BeginMaintenance {
    param($scomAgent, $server, $theHost, $argFqdn)
    Invoke-OnHost 'controller' @($argFqdn) {
        param($argFqdn)
        $ErrorActionPreference = 'Stop'
        Import-Module OperationsManager -ErrorAction Stop
        $instances = @(Get-SCOMClassInstance -Name $argFqdn -ErrorAction Stop)
        if ($instances.Count -eq 0) { throw ('SCOM knows nothing by the name {0}' -f $argFqdn) }
        $end = (Get-Date).AddSeconds(14400)
        $instances | Where-Object { -not $_.InMaintenanceMode } | ForEach-Object {
          Start-SCOMMaintenanceMode -Instance $_ -EndTime $end -Reason PlannedOther -Comment 'Planned maintenance' -ErrorAction Stop
        }
    }
}
#endregion

#region forefront_off (forefront_off): Disable Forefront on $1
# what must hold before
function Get-ForefrontOffRequirement {
    param($forefront, $server, $theHost, $argFqdn)
    New-Requirement "wanted: $forefront.enabled" (Get-State "$forefront.enabled")
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $theHost.mode is one of {stopped, suspended}" (Test-In (Get-State "$theHost.mode") (New-Set 'stopped' 'suspended'))  # Forefront goes off only once nobody uses $1 any more: mail would pass without a scan
}
# what it gives
function Get-ForefrontOffEffect {
    param($forefront, $server, $theHost, $argFqdn)
    New-Effect "$forefront.enabled" $false
}
# what is not to be relied on while it runs
function Get-ForefrontOffDuring {
    param($forefront, $server, $theHost, $argFqdn)
}
# how it is seen, before and after
function Get-ForefrontOffProbe {
    param($forefront, $server, $theHost, $argFqdn)
    New-Probe -Variable "$forefront.enabled" -Type 'bool' -From $server -Every 5 `
        -As @('disabled', $false, 'enabled', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $transport = Get-Service -Name MSExchangeTransport -ErrorAction Stop
                if (@($transport.ServicesDependedOn | Where-Object { $_.Name -eq 'FSCController' }).Count -gt 0) { 'enabled' } else { 'disabled' }
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
    New-Probe -Variable "$theHost.mode" -Type 'enum started draining stopped suspended' -From $server -Every 5 `
        -As @('Converged', 'started', 'Converged(default)', 'started', 'Draining', 'draining', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-ForefrontOff {
    param($forefront, $server, $theHost, $argFqdn)
    Invoke-OnHost $server @() {
        $ErrorActionPreference = 'Stop'
        $tool = Join-Path 'C:\Program Files (x86)\Microsoft Forefront Protection for Exchange Server' 'fscutility.exe'
        & $tool /disable
        if ($LASTEXITCODE -ne 0) {
          Stop-Service -Name MSExchangeTransport -Force -ErrorAction Stop
          Stop-Service -Name FSCController -Force -ErrorAction Stop
          & $tool /disable
          $code = $LASTEXITCODE
          Start-Service -Name MSExchangeTransport -ErrorAction Stop
          if ($code -ne 0) { throw ('fscutility /disable ended with exit code {0}' -f $code) }
        }
    }
}
#endregion

#region install (install): Install $1 on $0
# Needs: local administrator on $0, in an elevated session
# what must hold before
function Get-InstallRequirement {
    param($server, $update, $theHost, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: not (known($server.build)) or ($server.build < 14.1.323.1)" (Test-Any (Test-Not (Test-Known (Get-State "$server.build"))) (Test-Less (Get-State "$server.build") '14.1.323.1'))  # $0 is at that build already, or beyond it: an update never goes back
    New-Requirement "wanted: ($server.reboot_pending is false) and not $server.reboot_due" (Test-All (Test-Equal (Get-State "$server.reboot_pending") $false) (Test-Not (Get-State "$server.reboot_due")))  # setup refuses while a reboot is pending
    New-Requirement "wanted: not $server.interim_update" (Test-Not (Get-State "$server.interim_update"))  # interim updates are removed before a rollup is installed
    New-Requirement "wanted: $theHost.mode is stopped" (Test-Equal (Get-State "$theHost.mode") 'stopped')  # users are still on $0: it is taken out of the cluster before it is updated
    New-Requirement "wanted: not $server.forefront.enabled" (Test-Not (Get-State "$server.forefront.enabled"))  # Forefront restarts services that the update has stopped
}
# what it gives
function Get-InstallEffect {
    param($server, $update, $theHost, $argFqdn)
    New-Effect "$server.health" $null
    New-Effect "$server.services.MSExchangeIMAP4.startup" $null
    New-Effect "$server.services.MSExchangeIMAP4.running" $null
    New-Effect "$server.services.MSExchangeADTopology.startup" $null
    New-Effect "$server.services.MSExchangeADTopology.running" $null
    New-Effect "$server.services.MSExchangeServiceHost.startup" $null
    New-Effect "$server.services.MSExchangeServiceHost.running" $null
    New-Effect "$server.services.MSExchangeMonitoring.startup" $null
    New-Effect "$server.services.MSExchangeMonitoring.running" $null
    New-Effect "$server.services.MSExchangeAB.startup" $null
    New-Effect "$server.services.MSExchangeAB.running" $null
    New-Effect "$server.services.MSExchangeFBA.startup" $null
    New-Effect "$server.services.MSExchangeFBA.running" $null
    New-Effect "$server.services.MSExchangeFDS.startup" $null
    New-Effect "$server.services.MSExchangeFDS.running" $null
    New-Effect "$server.services.MSExchangeMailboxReplication.startup" $null
    New-Effect "$server.services.MSExchangeMailboxReplication.running" $null
    New-Effect "$server.services.MSExchangeProtectedServiceHost.startup" $null
    New-Effect "$server.services.MSExchangeProtectedServiceHost.running" $null
    New-Effect "$server.services.MSExchangeRPC.startup" $null
    New-Effect "$server.services.MSExchangeRPC.running" $null
    New-Effect "$server.services.MSExchangePOP3.startup" $null
    New-Effect "$server.services.MSExchangePOP3.running" $null
    New-Effect "$server.services.MSExchangeAntispamUpdate.startup" $null
    New-Effect "$server.services.MSExchangeAntispamUpdate.running" $null
    New-Effect "$server.services.MSExchangeEdgeSync.startup" $null
    New-Effect "$server.services.MSExchangeEdgeSync.running" $null
    New-Effect "$server.services.MSExchangeTransport.startup" $null
    New-Effect "$server.services.MSExchangeTransport.running" $null
    New-Effect "$server.services.MSExchangeTransportLogSearch.startup" $null
    New-Effect "$server.services.MSExchangeTransportLogSearch.running" $null
    New-Effect "$server.reboot_pending" $null
    New-Effect "$server.reboot_due" $false
    New-Effect "$server.build" '14.1.323.1'
}
# what is not to be relied on while it runs
function Get-InstallDuring {
    param($server, $update, $theHost, $argFqdn)
    "$server.build"
}
# how it is seen, before and after
function Get-InstallProbe {
    param($server, $update, $theHost, $argFqdn)
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
    New-Probe -Variable "$theHost.mode" -Type 'enum started draining stopped suspended' -From $server -Every 5 `
        -As @('Converged', 'started', 'Converged(default)', 'started', 'Draining', 'draining', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.forefront.enabled" -Type 'bool' -From $server -Every 5 `
        -As @('disabled', $false, 'enabled', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $transport = Get-Service -Name MSExchangeTransport -ErrorAction Stop
                if (@($transport.ServicesDependedOn | Where-Object { $_.Name -eq 'FSCController' }).Count -gt 0) { 'enabled' } else { 'disabled' }
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
    New-Probe -Variable "$server.services.MSExchangeMonitoring.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMonitoring' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMonitoring.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMonitoring' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAB.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeAB' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAB.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeAB' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFBA.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFBA' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFBA.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFBA' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFDS.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFDS' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFDS.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFDS' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangeProtectedServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeProtectedServiceHost' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeProtectedServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeProtectedServiceHost' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangeAntispamUpdate.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeAntispamUpdate' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAntispamUpdate.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeAntispamUpdate' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeEdgeSync.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeEdgeSync' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeEdgeSync.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeEdgeSync' -ErrorAction Stop).Status.ToString()
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
}
# the act
function Invoke-Install {
    param($server, $update, $theHost, $argFqdn)
    Invoke-OnHost $server @((Get-ObjectName $server)) {
        param($serverName)
        $ErrorActionPreference = 'Stop'
        if (-not (Test-Path -LiteralPath '\\files\updates\Exchange2010-KB2582113-x64-en.msp')) {
          throw ('{0} cannot be read from {1}: copy it there first' -f '\\files\updates\Exchange2010-KB2582113-x64-en.msp', $serverName)
        }
        $process = Start-Process -FilePath 'msiexec.exe' -ArgumentList '/update "\\files\updates\Exchange2010-KB2582113-x64-en.msp" /quiet /norestart' -Wait -PassThru -ErrorAction Stop
        if (@(0, 3010) -notcontains $process.ExitCode) {
          throw ('{0} ended with exit code {1}: look at the setup logs and at the start types of the services before anything else' -f 'msiexec.exe', $process.ExitCode)
        }
    }
}
#endregion

#region reboot (reboot): Reboot $0
# what must hold before
function Get-RebootRequirement {
    param($server, $theHost, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")  # $0 does not answer: nobody can ask it for a reboot
    New-Requirement "wanted: known($server.build)" (Test-Known (Get-State "$server.build"))  # an update on $0 was cut off: finish it or roll it back before the server is rebooted
}
# what it gives
function Get-RebootEffect {
    param($server, $theHost, $argFqdn)
    New-Effect "$server.health" $null
    New-Effect "$server.services.MSExchangeIMAP4.running" (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.startup") 'automatic')
    New-Effect "$server.services.MSExchangeADTopology.running" (Test-Equal (Get-State "$server.services.MSExchangeADTopology.startup") 'automatic')
    New-Effect "$server.services.MSExchangeServiceHost.running" (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.startup") 'automatic')
    New-Effect "$server.services.MSExchangeMonitoring.running" (Test-Equal (Get-State "$server.services.MSExchangeMonitoring.startup") 'automatic')
    New-Effect "$server.services.MSExchangeAB.running" (Test-Equal (Get-State "$server.services.MSExchangeAB.startup") 'automatic')
    New-Effect "$server.services.MSExchangeFBA.running" (Test-Equal (Get-State "$server.services.MSExchangeFBA.startup") 'automatic')
    New-Effect "$server.services.MSExchangeFDS.running" (Test-Equal (Get-State "$server.services.MSExchangeFDS.startup") 'automatic')
    New-Effect "$server.services.MSExchangeMailboxReplication.running" (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.startup") 'automatic')
    New-Effect "$server.services.MSExchangeProtectedServiceHost.running" (Test-Equal (Get-State "$server.services.MSExchangeProtectedServiceHost.startup") 'automatic')
    New-Effect "$server.services.MSExchangeRPC.running" (Test-Equal (Get-State "$server.services.MSExchangeRPC.startup") 'automatic')
    New-Effect "$server.services.MSExchangePOP3.running" (Test-Equal (Get-State "$server.services.MSExchangePOP3.startup") 'automatic')
    New-Effect "$server.services.MSExchangeAntispamUpdate.running" (Test-Equal (Get-State "$server.services.MSExchangeAntispamUpdate.startup") 'automatic')
    New-Effect "$server.services.MSExchangeEdgeSync.running" (Test-Equal (Get-State "$server.services.MSExchangeEdgeSync.startup") 'automatic')
    New-Effect "$server.services.MSExchangeTransport.running" (Test-Equal (Get-State "$server.services.MSExchangeTransport.startup") 'automatic')
    New-Effect "$server.services.MSExchangeTransportLogSearch.running" (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.startup") 'automatic')
    New-Effect "$server.reboot_pending" $false
    New-Effect "$server.reboot_due" $false
    New-Effect "$theHost.mode" (Get-State "$theHost.initial") (Test-Not (Test-Equal (Get-State "$theHost.mode") 'suspended'))
    New-Effect "$server.counters_held" $true
}
# what is not to be relied on while it runs
function Get-RebootDuring {
    param($server, $theHost, $argFqdn)
    "$server.up"
}
# how it is seen, before and after
function Get-RebootProbe {
    param($server, $theHost, $argFqdn)
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
    New-Probe -Variable "$server.services.MSExchangeMonitoring.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMonitoring' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMonitoring.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMonitoring' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAB.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeAB' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAB.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeAB' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFBA.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFBA' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFBA.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFBA' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFDS.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFDS' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFDS.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFDS' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangeProtectedServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeProtectedServiceHost' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeProtectedServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeProtectedServiceHost' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangeAntispamUpdate.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeAntispamUpdate' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAntispamUpdate.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeAntispamUpdate' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeEdgeSync.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeEdgeSync' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeEdgeSync.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeEdgeSync' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$theHost.initial" -Type 'enum started stopped suspended' -From $server -Every 5 `
        -As @('Started', 'started', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).InitialHostState.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$theHost.mode" -Type 'enum started draining stopped suspended' -From $server -Every 5 `
        -As @('Converged', 'started', 'Converged(default)', 'started', 'Draining', 'draining', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-Reboot {
    param($server, $theHost, $argFqdn)
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
    New-Requirement "wanted: (not (known($server.services.MSExchangeIMAP4.startup)) or ($server.services.MSExchangeIMAP4.startup is manual)) and (not (known($server.services.MSExchangeADTopology.startup)) or ($server.services.MSExchangeADTopology.startup is automatic)) and (not (known($server.services.MSExchangeServiceHost.startup)) or ($server.services.MSExchangeServiceHost.startup is automatic)) and (not (known($server.services.MSExchangeMonitoring.startup)) or ($server.services.MSExchangeMonitoring.startup is manual)) and (not (known($server.services.MSExchangeAB.startup)) or ($server.services.MSExchangeAB.startup is automatic)) and (not (known($server.services.MSExchangeFBA.startup)) or ($server.services.MSExchangeFBA.startup is automatic)) and (not (known($server.services.MSExchangeFDS.startup)) or ($server.services.MSExchangeFDS.startup is automatic)) and (not (known($server.services.MSExchangeMailboxReplication.startup)) or ($server.services.MSExchangeMailboxReplication.startup is automatic)) and (not (known($server.services.MSExchangeProtectedServiceHost.startup)) or ($server.services.MSExchangeProtectedServiceHost.startup is automatic)) and (not (known($server.services.MSExchangeRPC.startup)) or ($server.services.MSExchangeRPC.startup is automatic)) and (not (known($server.services.MSExchangePOP3.startup)) or ($server.services.MSExchangePOP3.startup is manual)) and (not (known($server.services.MSExchangeAntispamUpdate.startup)) or ($server.services.MSExchangeAntispamUpdate.startup is automatic)) and (not (known($server.services.MSExchangeEdgeSync.startup)) or ($server.services.MSExchangeEdgeSync.startup is automatic)) and (not (known($server.services.MSExchangeTransport.startup)) or ($server.services.MSExchangeTransport.startup is automatic)) and (not (known($server.services.MSExchangeTransportLogSearch.startup)) or ($server.services.MSExchangeTransportLogSearch.startup is automatic))" (Test-All (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeIMAP4.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.startup") 'manual')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeADTopology.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeADTopology.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeServiceHost.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeMonitoring.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeMonitoring.startup") 'manual')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeAB.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeAB.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeFBA.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeFBA.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeFDS.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeFDS.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeMailboxReplication.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeProtectedServiceHost.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeProtectedServiceHost.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeRPC.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeRPC.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangePOP3.startup"))) (Test-Equal (Get-State "$server.services.MSExchangePOP3.startup") 'manual')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeAntispamUpdate.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeAntispamUpdate.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeEdgeSync.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeEdgeSync.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeTransport.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeTransport.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeTransportLogSearch.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.startup") 'automatic')))  # a check finds out how services are, it does not change them
    New-Requirement "wanted: (not (known($server.services.MSExchangeIMAP4.running)) or ($server.services.MSExchangeIMAP4.running is false)) and (not (known($server.services.MSExchangeADTopology.running)) or ($server.services.MSExchangeADTopology.running is true)) and (not (known($server.services.MSExchangeServiceHost.running)) or ($server.services.MSExchangeServiceHost.running is true)) and (not (known($server.services.MSExchangeMonitoring.running)) or ($server.services.MSExchangeMonitoring.running is false)) and (not (known($server.services.MSExchangeAB.running)) or ($server.services.MSExchangeAB.running is true)) and (not (known($server.services.MSExchangeFBA.running)) or ($server.services.MSExchangeFBA.running is true)) and (not (known($server.services.MSExchangeFDS.running)) or ($server.services.MSExchangeFDS.running is true)) and (not (known($server.services.MSExchangeMailboxReplication.running)) or ($server.services.MSExchangeMailboxReplication.running is true)) and (not (known($server.services.MSExchangeProtectedServiceHost.running)) or ($server.services.MSExchangeProtectedServiceHost.running is true)) and (not (known($server.services.MSExchangeRPC.running)) or ($server.services.MSExchangeRPC.running is true)) and (not (known($server.services.MSExchangePOP3.running)) or ($server.services.MSExchangePOP3.running is false)) and (not (known($server.services.MSExchangeAntispamUpdate.running)) or ($server.services.MSExchangeAntispamUpdate.running is true)) and (not (known($server.services.MSExchangeEdgeSync.running)) or ($server.services.MSExchangeEdgeSync.running is true)) and (not (known($server.services.MSExchangeTransport.running)) or ($server.services.MSExchangeTransport.running is true)) and (not (known($server.services.MSExchangeTransportLogSearch.running)) or ($server.services.MSExchangeTransportLogSearch.running is true))" (Test-All (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeIMAP4.running"))) (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.running") $false)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeADTopology.running"))) (Test-Equal (Get-State "$server.services.MSExchangeADTopology.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeServiceHost.running"))) (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeMonitoring.running"))) (Test-Equal (Get-State "$server.services.MSExchangeMonitoring.running") $false)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeAB.running"))) (Test-Equal (Get-State "$server.services.MSExchangeAB.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeFBA.running"))) (Test-Equal (Get-State "$server.services.MSExchangeFBA.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeFDS.running"))) (Test-Equal (Get-State "$server.services.MSExchangeFDS.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeMailboxReplication.running"))) (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeProtectedServiceHost.running"))) (Test-Equal (Get-State "$server.services.MSExchangeProtectedServiceHost.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeRPC.running"))) (Test-Equal (Get-State "$server.services.MSExchangeRPC.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangePOP3.running"))) (Test-Equal (Get-State "$server.services.MSExchangePOP3.running") $false)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeAntispamUpdate.running"))) (Test-Equal (Get-State "$server.services.MSExchangeAntispamUpdate.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeEdgeSync.running"))) (Test-Equal (Get-State "$server.services.MSExchangeEdgeSync.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeTransport.running"))) (Test-Equal (Get-State "$server.services.MSExchangeTransport.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeTransportLogSearch.running"))) (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.running") $true)))  # a check finds out how services are, it starts and stops none
}
# what it gives
function Get-CheckServicesEffect {
    param($server, $argFqdn)
    New-Effect "$server.services.MSExchangeIMAP4.startup" 'manual'
    New-Effect "$server.services.MSExchangeADTopology.startup" 'automatic'
    New-Effect "$server.services.MSExchangeServiceHost.startup" 'automatic'
    New-Effect "$server.services.MSExchangeMonitoring.startup" 'manual'
    New-Effect "$server.services.MSExchangeAB.startup" 'automatic'
    New-Effect "$server.services.MSExchangeFBA.startup" 'automatic'
    New-Effect "$server.services.MSExchangeFDS.startup" 'automatic'
    New-Effect "$server.services.MSExchangeMailboxReplication.startup" 'automatic'
    New-Effect "$server.services.MSExchangeProtectedServiceHost.startup" 'automatic'
    New-Effect "$server.services.MSExchangeRPC.startup" 'automatic'
    New-Effect "$server.services.MSExchangePOP3.startup" 'manual'
    New-Effect "$server.services.MSExchangeAntispamUpdate.startup" 'automatic'
    New-Effect "$server.services.MSExchangeEdgeSync.startup" 'automatic'
    New-Effect "$server.services.MSExchangeTransport.startup" 'automatic'
    New-Effect "$server.services.MSExchangeTransportLogSearch.startup" 'automatic'
    New-Effect "$server.services.MSExchangeIMAP4.running" $false
    New-Effect "$server.services.MSExchangeADTopology.running" $true
    New-Effect "$server.services.MSExchangeServiceHost.running" $true
    New-Effect "$server.services.MSExchangeMonitoring.running" $false
    New-Effect "$server.services.MSExchangeAB.running" $true
    New-Effect "$server.services.MSExchangeFBA.running" $true
    New-Effect "$server.services.MSExchangeFDS.running" $true
    New-Effect "$server.services.MSExchangeMailboxReplication.running" $true
    New-Effect "$server.services.MSExchangeProtectedServiceHost.running" $true
    New-Effect "$server.services.MSExchangeRPC.running" $true
    New-Effect "$server.services.MSExchangePOP3.running" $false
    New-Effect "$server.services.MSExchangeAntispamUpdate.running" $true
    New-Effect "$server.services.MSExchangeEdgeSync.running" $true
    New-Effect "$server.services.MSExchangeTransport.running" $true
    New-Effect "$server.services.MSExchangeTransportLogSearch.running" $true
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
    New-Probe -Variable "$server.services.MSExchangeIMAP4.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeServiceHost' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMonitoring.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMonitoring' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAB.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeAB' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFBA.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFBA' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFDS.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFDS' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeProtectedServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeProtectedServiceHost' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangePOP3.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAntispamUpdate.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeAntispamUpdate' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeEdgeSync.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeEdgeSync' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeIMAP4.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangeServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeServiceHost' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMonitoring.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMonitoring' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAB.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeAB' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFBA.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFBA' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFDS.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFDS' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangeProtectedServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeProtectedServiceHost' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangePOP3.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAntispamUpdate.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeAntispamUpdate' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeEdgeSync.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeEdgeSync' -ErrorAction Stop).Status.ToString()
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
}
#endregion

#region verify (verify): Verify $0: event log, setup log and services
# what must hold before
function Get-VerifyRequirement {
    param($server, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: ($server.reboot_pending is false) and not $server.reboot_due" (Test-All (Test-Equal (Get-State "$server.reboot_pending") $false) (Test-Not (Get-State "$server.reboot_due")))  # what is checked before a reboot has to be checked again after it
    New-Requirement "wanted: ($server.services.MSExchangeIMAP4.startup is manual) and ($server.services.MSExchangeADTopology.startup is automatic) and ($server.services.MSExchangeServiceHost.startup is automatic) and ($server.services.MSExchangeMonitoring.startup is manual) and ($server.services.MSExchangeAB.startup is automatic) and ($server.services.MSExchangeFBA.startup is automatic) and ($server.services.MSExchangeFDS.startup is automatic) and ($server.services.MSExchangeMailboxReplication.startup is automatic) and ($server.services.MSExchangeProtectedServiceHost.startup is automatic) and ($server.services.MSExchangeRPC.startup is automatic) and ($server.services.MSExchangePOP3.startup is manual) and ($server.services.MSExchangeAntispamUpdate.startup is automatic) and ($server.services.MSExchangeEdgeSync.startup is automatic) and ($server.services.MSExchangeTransport.startup is automatic) and ($server.services.MSExchangeTransportLogSearch.startup is automatic)" (Test-All (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.startup") 'manual') (Test-Equal (Get-State "$server.services.MSExchangeADTopology.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeMonitoring.startup") 'manual') (Test-Equal (Get-State "$server.services.MSExchangeAB.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeFBA.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeFDS.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeProtectedServiceHost.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeRPC.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangePOP3.startup") 'manual') (Test-Equal (Get-State "$server.services.MSExchangeAntispamUpdate.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeEdgeSync.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeTransport.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.startup") 'automatic'))  # services that an update has left disabled stay down after the next reboot
    New-Requirement "wanted: ($server.services.MSExchangeIMAP4.running is false) and ($server.services.MSExchangeADTopology.running is true) and ($server.services.MSExchangeServiceHost.running is true) and ($server.services.MSExchangeMonitoring.running is false) and ($server.services.MSExchangeAB.running is true) and ($server.services.MSExchangeFBA.running is true) and ($server.services.MSExchangeFDS.running is true) and ($server.services.MSExchangeMailboxReplication.running is true) and ($server.services.MSExchangeProtectedServiceHost.running is true) and ($server.services.MSExchangeRPC.running is true) and ($server.services.MSExchangePOP3.running is false) and ($server.services.MSExchangeAntispamUpdate.running is true) and ($server.services.MSExchangeEdgeSync.running is true) and ($server.services.MSExchangeTransport.running is true) and ($server.services.MSExchangeTransportLogSearch.running is true)" (Test-All (Test-Equal (Get-State "$server.services.MSExchangeIMAP4.running") $false) (Test-Equal (Get-State "$server.services.MSExchangeADTopology.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeMonitoring.running") $false) (Test-Equal (Get-State "$server.services.MSExchangeAB.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeFBA.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeFDS.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeMailboxReplication.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeProtectedServiceHost.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeRPC.running") $true) (Test-Equal (Get-State "$server.services.MSExchangePOP3.running") $false) (Test-Equal (Get-State "$server.services.MSExchangeAntispamUpdate.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeEdgeSync.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeTransport.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeTransportLogSearch.running") $true))  # the services must run, those that are expected to
    New-Requirement "wanted: not (known($server.health) and ($server.health is bad))" (Test-Not (Test-All (Test-Known (Get-State "$server.health")) (Test-Equal (Get-State "$server.health") 'bad')))  # $0 is known to be bad: it does not get well by being looked at
    New-Requirement "wanted: known($server.build)" (Test-Known (Get-State "$server.build"))  # an update on $0 was cut off: a half-updated server cannot be verified
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
    New-Probe -Variable "$server.services.MSExchangeIMAP4.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeIMAP4' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeServiceHost' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMonitoring.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeMonitoring' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAB.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeAB' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFBA.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFBA' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFDS.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeFDS' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeProtectedServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeProtectedServiceHost' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangePOP3.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangePOP3' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAntispamUpdate.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeAntispamUpdate' }).StartMode
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeEdgeSync.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeEdgeSync' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeIMAP4.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeIMAP4' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangeServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeServiceHost' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeMonitoring.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeMonitoring' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAB.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeAB' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFBA.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFBA' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeFDS.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeFDS' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangeProtectedServiceHost.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeProtectedServiceHost' -ErrorAction Stop).Status.ToString()
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
    New-Probe -Variable "$server.services.MSExchangePOP3.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangePOP3' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeAntispamUpdate.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeAntispamUpdate' -ErrorAction Stop).Status.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.services.MSExchangeEdgeSync.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeEdgeSync' -ErrorAction Stop).Status.ToString()
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
}
#endregion

#region forefront_on (forefront_on): Enable Forefront on $1
# what must hold before
function Get-ForefrontOnRequirement {
    param($forefront, $server, $argFqdn)
    New-Requirement "wanted: not $forefront.enabled" (Test-Not (Get-State "$forefront.enabled"))
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: ($server.reboot_pending is false) and not $server.reboot_due" (Test-All (Test-Equal (Get-State "$server.reboot_pending") $false) (Test-Not (Get-State "$server.reboot_due")))  # Forefront comes back after the reboot, not before it
    New-Requirement "wanted: $server.health is good" (Test-Equal (Get-State "$server.health") 'good')  # Forefront comes back when the update has been checked
}
# what it gives
function Get-ForefrontOnEffect {
    param($forefront, $server, $argFqdn)
    New-Effect "$forefront.enabled" $true
}
# what is not to be relied on while it runs
function Get-ForefrontOnDuring {
    param($forefront, $server, $argFqdn)
}
# how it is seen, before and after
function Get-ForefrontOnProbe {
    param($forefront, $server, $argFqdn)
    New-Probe -Variable "$forefront.enabled" -Type 'bool' -From $server -Every 5 `
        -As @('disabled', $false, 'enabled', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $transport = Get-Service -Name MSExchangeTransport -ErrorAction Stop
                if (@($transport.ServicesDependedOn | Where-Object { $_.Name -eq 'FSCController' }).Count -gt 0) { 'enabled' } else { 'disabled' }
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
}
# the act
function Invoke-ForefrontOn {
    param($forefront, $server, $argFqdn)
    Invoke-OnHost $server @() {
        $ErrorActionPreference = 'Stop'
        $tool = Join-Path 'C:\Program Files (x86)\Microsoft Forefront Protection for Exchange Server' 'fscutility.exe'
        & $tool /enable
        if ($LASTEXITCODE -ne 0) {
          Stop-Service -Name MSExchangeTransport -Force -ErrorAction Stop
          & $tool /enable
          $code = $LASTEXITCODE
          Start-Service -Name MSExchangeTransport -ErrorAction Stop
          if ($code -ne 0) { throw ('fscutility /enable ended with exit code {0}' -f $code) }
        }
    }
}
#endregion

#region start (start): Start $1 in $2
# what must hold before
function Get-StartRequirement {
    param($theHost, $server, $nlb, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $theHost.mode is one of {draining, stopped}" (Test-In (Get-State "$theHost.mode") (New-Set 'draining' 'stopped'))  # a suspended host ignores start: resume it first
    New-Requirement "wanted: $server.forefront.enabled" (Get-State "$server.forefront.enabled")  # Forefront scans again before $1 takes users
}
# what it gives
function Get-StartEffect {
    param($theHost, $server, $nlb, $argFqdn)
    New-Effect "$theHost.mode" 'started'
}
# what is not to be relied on while it runs
function Get-StartDuring {
    param($theHost, $server, $nlb, $argFqdn)
}
# how it is seen, before and after
function Get-StartProbe {
    param($theHost, $server, $nlb, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$theHost.mode" -Type 'enum started draining stopped suspended' -From $server -Every 5 `
        -As @('Converged', 'started', 'Converged(default)', 'started', 'Draining', 'draining', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.forefront.enabled" -Type 'bool' -From $server -Every 5 `
        -As @('disabled', $false, 'enabled', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $transport = Get-Service -Name MSExchangeTransport -ErrorAction Stop
                if (@($transport.ServicesDependedOn | Where-Object { $_.Name -eq 'FSCController' }).Count -gt 0) { 'enabled' } else { 'disabled' }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-Start {
    param($theHost, $server, $nlb, $argFqdn)
    Invoke-OnHost $server @((Get-ObjectName $server)) {
        param($serverName)
        $ErrorActionPreference = 'Stop'
        Start-NlbClusterNode -HostName $serverName -ErrorAction Stop | Out-Null
        $begun = Get-Date
        do {
          Start-Sleep -Seconds 3
          $moving = @(Get-NlbClusterNode -HostName $serverName -ErrorAction Stop | Where-Object { $_.State.ToString() -eq 'Converging' }).Count
        } while (($moving -gt 0) -and (((Get-Date) - $begun).TotalSeconds -lt 180))
        if ($moving -gt 0) { throw 'The cluster has not converged in three minutes: compare the port rules of its hosts.' }
    }
}
#endregion

#region end_maintenance (end_maintenance): End the SCOM maintenance mode of $1
# what must hold before
function Get-EndMaintenanceRequirement {
    param($scomAgent, $server, $theHost, $argFqdn)
    New-Requirement "wanted: $scomAgent.maintenance" (Get-State "$scomAgent.maintenance")
    New-Requirement "wanted: ($theHost.mode is started) and ($theHost.initial is started)" (Test-All (Test-Equal (Get-State "$theHost.mode") 'started') (Test-Equal (Get-State "$theHost.initial") 'started'))  # monitoring stays off until $1 is back in its cluster as it was
}
# what it gives
function Get-EndMaintenanceEffect {
    param($scomAgent, $server, $theHost, $argFqdn)
    New-Effect "$scomAgent.maintenance" $false
}
# what is not to be relied on while it runs
function Get-EndMaintenanceDuring {
    param($scomAgent, $server, $theHost, $argFqdn)
}
# how it is seen, before and after
function Get-EndMaintenanceProbe {
    param($scomAgent, $server, $theHost, $argFqdn)
    New-Probe -Variable "$scomAgent.maintenance" -Type 'bool' -From 'controller' -Every 5 `
        -As @('maintenance', $true, 'watched', $false) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                Import-Module OperationsManager -ErrorAction Stop
                $instances = @(Get-SCOMClassInstance -Name $argFqdn -ErrorAction Stop)
                $watched = @($instances | Where-Object { -not $_.InMaintenanceMode }).Count
                if ($instances.Count -eq 0) { 'unknown to SCOM' } elseif ($watched -eq 0) { 'maintenance' } elseif ($watched -eq $instances.Count) { 'watched' } else { 'partly' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$theHost.mode" -Type 'enum started draining stopped suspended' -From $server -Every 5 `
        -As @('Converged', 'started', 'Converged(default)', 'started', 'Draining', 'draining', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$theHost.initial" -Type 'enum started stopped suspended' -From $server -Every 5 `
        -As @('Started', 'started', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).InitialHostState.ToString()
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-EndMaintenance {
    param($scomAgent, $server, $theHost, $argFqdn)
    Invoke-OnHost 'controller' @($argFqdn) {
        param($argFqdn)
        $ErrorActionPreference = 'Stop'
        Import-Module OperationsManager -ErrorAction Stop
        $instances = @(Get-SCOMClassInstance -Name $argFqdn -ErrorAction Stop | Where-Object { $_.InMaintenanceMode })
        $instances | ForEach-Object {
          Get-SCOMMaintenanceMode -Instance $_ -ErrorAction Stop | Set-SCOMMaintenanceMode -EndTime (Get-Date) -ErrorAction Stop
        }
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

#region stop_now (stop_now): Stop $1 in $2 at once
# what must hold before
function Get-StopNowRequirement {
    param($theHost, $server, $nlb)
    New-Requirement "wanted: $theHost.mode is one of {draining, started}" (Test-In (Get-State "$theHost.mode") (New-Set 'draining' 'started'))  # only a host that is started or draining can be stopped
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
}
# what it gives
function Get-StopNowEffect {
    param($theHost, $server, $nlb)
    New-Effect "$theHost.mode" 'stopped'
}
# what is not to be relied on while it runs
function Get-StopNowDuring {
    param($theHost, $server, $nlb)
}
# how it is seen, before and after
function Get-StopNowProbe {
    param($theHost, $server, $nlb)
    New-Probe -Variable "$theHost.mode" -Type 'enum started draining stopped suspended' -From $server -Every 5 `
        -As @('Converged', 'started', 'Converged(default)', 'started', 'Draining', 'draining', 'Stopped', 'stopped', 'Suspended', 'suspended') `
        -Arguments @((Get-ObjectName $server)) -Block {
            param($serverName)
            $ErrorActionPreference = 'Stop'
            & {
                (Get-NlbClusterNode -HostName $serverName -NodeName $serverName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($null) -Block {
            param($argument)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argument -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-StopNow {
    param($theHost, $server, $nlb)
    Invoke-OnHost $server @((Get-ObjectName $server)) {
        param($serverName)
        $ErrorActionPreference = 'Stop'
        Stop-NlbClusterNode -HostName $serverName -ErrorAction Stop | Out-Null
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
