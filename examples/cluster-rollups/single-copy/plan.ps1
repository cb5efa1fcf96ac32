#requires -version 2.0
<#
.SYNOPSIS
    Update Rollup 9 on the single copy cluster SCCLUS

.DESCRIPTION
    This script carries out the plan of the maintenance 'rollup9', 22 steps, one after another.
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
    .\rollup9.ps1 -WhatIf
    Changes nothing: shows each step, and where the world differs from what the plan begins with.

.EXAMPLE
    .\rollup9.ps1
    Carries the plan out and asks before each step.

.EXAMPLE
    .\rollup9.ps1 -Confirm:$false
    Carries the plan out without asking before each step. Run after a stop it goes on from the journal.

.EXAMPLE
    .\rollup9.ps1 -Retreat
    After a stop: goes back from the step that was cut off.

.NOTES
    Plan: sha256:94ac39f7526deb35e76133251c901c02c1e777e913b5467b40ae5aa913b1bdd5
    It takes about 375 min if nothing has to wait.
    Failures stop the run, whatever the plan tolerates. Exit codes: 0 done, 2 wrong usage, 4 stopped or failed, 5 the
    world is not as the plan says, 7 the journal cannot be written.
    What runs on a host that reads from a third machine, a share for instance, needs -Authentication CredSSP there.

    Users feel:
    - in all 8 min

    Changed, and put back as it was:
    - EXMB2: mounted, online
    - EXMB3: mounted, online
    - SCC1.services.MSExchangeADTopology: running, startup
    - SCC1.services.MSExchangeRepl: running, startup
    - SCC1.services.MSExchangeServiceHost: running, startup
    - SCC1: counters_held, health, reboot_due, reboot_pending
    - SCC2.services.MSExchangeADTopology: running, startup
    - SCC2.services.MSExchangeRepl: running, startup
    - SCC2.services.MSExchangeServiceHost: running, startup
    - SCC2: counters_held, health, reboot_due, reboot_pending
    - SCC3.services.MSExchangeADTopology: running, startup
    - SCC3.services.MSExchangeRepl: running, startup
    - SCC3.services.MSExchangeServiceHost: running, startup
    - SCC3: counters_held, health, reboot_due, reboot_pending
    - SCCLUS.groups.Cluster Group: owner

    Ends different:
    - EXMB2.backed_up ends as true: it lasts
    - EXMB2.backup_build ends as 8.1.393.1: it lasts
    - EXMB3.backed_up ends as true: it lasts
    - EXMB3.backup_build ends as 8.1.393.1: it lasts
    - SCC1.build ends as 8.1.393.1: it is the wish
    - SCC2.build ends as 8.1.393.1: it is the wish
    - SCC3.build ends as 8.1.393.1: it is the wish
    - SCCLUS.groups.EXMB2.owner ends as SCC3: the maintenance leaves it so
    - SCCLUS.groups.EXMB3.owner ends as SCC1: the maintenance leaves it so

    Needs:
    - local administrator on SCC1, in an elevated session
    - local administrator on SCC2, in an elevated session
    - local administrator on SCC3, in an elevated session

    Worth knowing:
    - RU9 replaces the files of Outlook Web App: keep copies of those that you have changed, and make the changes anew
    - No other update of Windows is to be installed together with RU9: keep Windows Update off meanwhile
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
$Digest = 'sha256:94ac39f7526deb35e76133251c901c02c1e777e913b5467b40ae5aa913b1bdd5'
$JournalName = 'rollup9-94ac39f7526d.journal'
# how things are when the plan begins, as far as its steps are concerned
$State = @{
    'EXMB2.backed_up' = $false
    'EXMB2.backup_build' = '0'
    'EXMB2.build' = '8.1.240.6'
    'EXMB2.mounted' = $true
    'EXMB2.online' = $true
    'EXMB3.backed_up' = $false
    'EXMB3.backup_build' = '0'
    'EXMB3.build' = '8.1.240.6'
    'EXMB3.mounted' = $true
    'EXMB3.online' = $true
    'SCC1.build' = '8.1.240.6'
    'SCC1.counters_held' = $true
    'SCC1.health' = 'good'
    'SCC1.interim_update' = $false
    'SCC1.reboot_due' = $false
    'SCC1.reboot_pending' = $false
    'SCC1.services.MSExchangeADTopology.running' = $true
    'SCC1.services.MSExchangeADTopology.startup' = 'automatic'
    'SCC1.services.MSExchangeRepl.running' = $true
    'SCC1.services.MSExchangeRepl.startup' = 'automatic'
    'SCC1.services.MSExchangeServiceHost.running' = $true
    'SCC1.services.MSExchangeServiceHost.startup' = 'automatic'
    'SCC1.setup_build' = '8.1.240.6'
    'SCC1.up' = $true
    'SCC2.build' = '8.1.240.6'
    'SCC2.counters_held' = $true
    'SCC2.health' = 'good'
    'SCC2.interim_update' = $false
    'SCC2.reboot_due' = $false
    'SCC2.reboot_pending' = $false
    'SCC2.services.MSExchangeADTopology.running' = $true
    'SCC2.services.MSExchangeADTopology.startup' = 'automatic'
    'SCC2.services.MSExchangeRepl.running' = $true
    'SCC2.services.MSExchangeRepl.startup' = 'automatic'
    'SCC2.services.MSExchangeServiceHost.running' = $true
    'SCC2.services.MSExchangeServiceHost.startup' = 'automatic'
    'SCC2.setup_build' = '8.1.240.6'
    'SCC2.up' = $true
    'SCC3.build' = '8.1.240.6'
    'SCC3.counters_held' = $true
    'SCC3.health' = 'good'
    'SCC3.interim_update' = $false
    'SCC3.reboot_due' = $false
    'SCC3.reboot_pending' = $false
    'SCC3.services.MSExchangeADTopology.running' = $true
    'SCC3.services.MSExchangeADTopology.startup' = 'automatic'
    'SCC3.services.MSExchangeRepl.running' = $true
    'SCC3.services.MSExchangeRepl.startup' = 'automatic'
    'SCC3.services.MSExchangeServiceHost.running' = $true
    'SCC3.services.MSExchangeServiceHost.startup' = 'automatic'
    'SCC3.setup_build' = '8.1.240.6'
    'SCC3.up' = $true
    'SCCLUS.groups.Cluster Group.owner' = 'SCC1'
    'SCCLUS.groups.EXMB2.owner' = 'SCC1'
    'SCCLUS.groups.EXMB3.owner' = 'SCC2'
}
# what is to be restored, where it is not the value above
$Restore = @{}
# states that are versions: 14.1 equals 14.1.0
$Versions = @{
    'EXMB2.backup_build' = $true
    'EXMB2.build' = $true
    'EXMB3.backup_build' = $true
    'EXMB3.build' = $true
    'SCC1.build' = $true
    'SCC1.setup_build' = $true
    'SCC2.build' = $true
    'SCC2.setup_build' = $true
    'SCC3.build' = $true
    'SCC3.setup_build' = $true
}
# the objects that steps are about, by path, and their names
$Names = @{
    'EXMB2' = 'EXMB2'
    'EXMB3' = 'EXMB3'
    'RU9' = 'RU9'
    'SCC1' = 'SCC1'
    'SCC2' = 'SCC2'
    'SCC3' = 'SCC3'
    'SCCLUS' = 'SCCLUS'
    'SCCLUS.groups.Cluster Group' = 'Cluster Group'
}
# where commands run, and how that place is reached
$Hosts = @{
    'SCC1' = @{ Address = 'scc1.contoso.local'; Kind = 'server' }
    'SCC2' = @{ Address = 'scc2.contoso.local'; Kind = 'server' }
    'SCC3' = @{ Address = 'scc3.contoso.local'; Kind = 'server' }
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
    'RU9 replaces the files of Outlook Web App: keep copies of those that you have changed, and make the changes anew'
    'No other update of Windows is to be installed together with RU9: keep Windows Update off meanwhile'
)
# how each action is run: seconds until it has failed, and how often it is tried again
$Actions = @{
    'BackUpCms' = @{ Name = 'BackUpCms'; Timeout = 86400; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'BackUpCms2' = @{ Name = 'BackUpCms2'; Timeout = 86400; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Install' = @{ Name = 'Install'; Timeout = 10800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'Reboot' = @{ Name = 'Reboot'; Timeout = 1800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $true }
    'CheckServices' = @{ Name = 'CheckServices'; Timeout = 900; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'Verify' = @{ Name = 'Verify'; Timeout = 1200; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'MoveCms' = @{ Name = 'MoveCms'; Timeout = 1200; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'CheckDatabases' = @{ Name = 'CheckDatabases'; Timeout = 900; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'MoveGroup' = @{ Name = 'MoveGroup'; Timeout = 600; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'MoveCms2' = @{ Name = 'MoveCms2'; Timeout = 1200; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'CheckDatabases2' = @{ Name = 'CheckDatabases2'; Timeout = 900; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'AwaitUp' = @{ Name = 'AwaitUp'; Timeout = 3600; Retry = 0; RetryEvery = 0; HasCommand = $false; GoesAway = $false }
    'MountDatabases' = @{ Name = 'MountDatabases'; Timeout = 1800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
    'MountDatabases2' = @{ Name = 'MountDatabases2'; Timeout = 1800; Retry = 0; RetryEvery = 0; HasCommand = $true; GoesAway = $false }
}
# the steps, in one order that the plan allows
$Steps = @(
    @{ Id = '1a'; Action = 'BackUpCms'; On = ''; Target = 'the environment'; Title = 'Back up EXMB2'
       With = @('EXMB2', 'SCCLUS', 'SCC1', 'SCC2', 'SCC3'); Ask = @()
       Why = '2a (Install RU9 on SCC3) requires it: a clustered mailbox server is backed up before its nodes are updated' }
    @{ Id = '1b'; Action = 'BackUpCms2'; On = ''; Target = 'the environment'; Title = 'Back up EXMB3'
       With = @('EXMB3', 'SCCLUS', 'SCC1', 'SCC2', 'SCC3'); Ask = @()
       Why = '2a (Install RU9 on SCC3) requires it: a clustered mailbox server is backed up before its nodes are updated' }
    @{ Id = '2a'; Action = 'Install'; On = 'SCC3'; Target = 'SCC3'; Title = 'Install RU9 on SCC3'
       With = @('SCC3', 'RU9', 'SCCLUS', 'EXMB2', 'EXMB3', 'scc3.contoso.local'); Ask = @()
       Why = 'the wish: RU9 is wanted on every node of SCCLUS' }
    @{ Id = '2b'; Action = 'Reboot'; On = 'SCC3'; Target = 'SCC3'; Title = 'Reboot SCC3'
       With = @('SCC3', 'SCCLUS', 'scc3.contoso.local'); Ask = @()
       Why = '2c (Check that the services of SCC3 are as they were) requires it: services are counted after the reboot that the update may ask for, not before it' }
    @{ Id = '2c'; Action = 'CheckServices'; On = 'SCC3'; Target = 'SCC3'; Title = 'Check that the services of SCC3 are as they were'
       With = @('SCC3', 'scc3.contoso.local'); Ask = @()
       Why = '2d (Verify SCC3: event log, setup log and services) requires it: services that an update has left disabled stay down after the next reboot' }
    @{ Id = '2d'; Action = 'Verify'; On = 'SCC3'; Target = 'SCC3'; Title = 'Verify SCC3: event log, setup log and services'
       With = @('SCC3', 'scc3.contoso.local'); Ask = @()
       Why = '2e (Move EXMB2 to SCC3) requires it: users are sent to a node only after it has been checked' }
    @{ Id = '2e'; Action = 'MoveCms'; On = 'SCC3'; Target = 'SCC3'; Title = 'Move EXMB2 to SCC3'
       With = @('EXMB2', 'SCC3', 'SCCLUS', 'SCC1', 'SCC2'); Ask = @()
       Why = '2f (Check that the databases of EXMB2 are mounted) requires it: a check finds out whether databases are mounted, it does not mount them' }
    @{ Id = '2f'; Action = 'CheckDatabases'; On = 'SCC3'; Target = 'SCC3'; Title = 'Check that the databases of EXMB2 are mounted'
       With = @('EXMB2', 'SCC3', 'SCCLUS'); Ask = @()
       Why = '4a (Install RU9 on SCC1) requires it: while a node is updated the clustered mailbox server runs on the other' }
    @{ Id = '3a'; Action = 'MoveGroup'; On = 'SCC2'; Target = 'SCC2'; Title = 'Move Cluster Group of SCCLUS to SCC2'
       With = @('SCCLUS.groups.Cluster Group', 'SCC2', 'SCCLUS', 'scc2.contoso.local'); Ask = @()
       Why = '4a (Install RU9 on SCC1) requires it: SCC1 owns groups: the installer restarts the Cluster service, and they would fail over or go offline; not earlier than after 2e, so that SCCLUS.groups.Cluster Group.owner stays as it was as long as possible' }
    @{ Id = '4a'; Action = 'Install'; On = 'SCC1'; Target = 'SCC1'; Title = 'Install RU9 on SCC1'
       With = @('SCC1', 'RU9', 'SCCLUS', 'EXMB2', 'EXMB3', 'scc1.contoso.local'); Ask = @()
       Why = 'the wish: RU9 is wanted on every node of SCCLUS' }
    @{ Id = '4b'; Action = 'Reboot'; On = 'SCC1'; Target = 'SCC1'; Title = 'Reboot SCC1'
       With = @('SCC1', 'SCCLUS', 'scc1.contoso.local'); Ask = @()
       Why = '4c (Check that the services of SCC1 are as they were) requires it: services are counted after the reboot that the update may ask for, not before it' }
    @{ Id = '4c'; Action = 'CheckServices'; On = 'SCC1'; Target = 'SCC1'; Title = 'Check that the services of SCC1 are as they were'
       With = @('SCC1', 'scc1.contoso.local'); Ask = @()
       Why = '4d (Verify SCC1: event log, setup log and services) requires it: services that an update has left disabled stay down after the next reboot' }
    @{ Id = '4d'; Action = 'Verify'; On = 'SCC1'; Target = 'SCC1'; Title = 'Verify SCC1: event log, setup log and services'
       With = @('SCC1', 'scc1.contoso.local'); Ask = @()
       Why = '4e (Move Cluster Group of SCCLUS to SCC1) requires it: a group is moved to a node that is known to be good' }
    @{ Id = '4e'; Action = 'MoveGroup'; On = 'SCC1'; Target = 'SCC1'; Title = 'Move Cluster Group of SCCLUS to SCC1'
       With = @('SCCLUS.groups.Cluster Group', 'SCC1', 'SCCLUS', 'scc1.contoso.local'); Ask = @()
       Why = 'puts SCCLUS.groups.Cluster Group back as it was: owner is SCC1 again' }
    @{ Id = '4f'; Action = 'MoveCms2'; On = 'SCC1'; Target = 'SCC1'; Title = 'Move EXMB3 to SCC1'
       With = @('EXMB3', 'SCC1', 'SCCLUS', 'SCC2', 'SCC3'); Ask = @()
       Why = '4g (Check that the databases of EXMB3 are mounted) requires it: a check finds out whether databases are mounted, it does not mount them' }
    @{ Id = '4g'; Action = 'CheckDatabases2'; On = 'SCC1'; Target = 'SCC1'; Title = 'Check that the databases of EXMB3 are mounted'
       With = @('EXMB3', 'SCC1', 'SCCLUS'); Ask = @()
       Why = '3b (Install RU9 on SCC2) requires it: while a node is updated the clustered mailbox server runs on the other' }
    @{ Id = '3b'; Action = 'Install'; On = 'SCC2'; Target = 'SCC2'; Title = 'Install RU9 on SCC2'
       With = @('SCC2', 'RU9', 'SCCLUS', 'EXMB2', 'EXMB3', 'scc2.contoso.local'); Ask = @()
       Why = 'the wish: RU9 is wanted on every node of SCCLUS' }
    @{ Id = '3c'; Action = 'Reboot'; On = 'SCC2'; Target = 'SCC2'; Title = 'Reboot SCC2'
       With = @('SCC2', 'SCCLUS', 'scc2.contoso.local'); Ask = @()
       Why = '3d (Check that the services of SCC2 are as they were) requires it: services are counted after the reboot that the update may ask for, not before it' }
    @{ Id = '1c'; Action = 'BackUpCms'; On = ''; Target = 'the environment'; Title = 'Back up EXMB2'
       With = @('EXMB2', 'SCCLUS', 'SCC1', 'SCC2', 'SCC3'); Ask = @()
       Why = 'the wish: the clustered mailbox servers of SCCLUS are backed up after the update' }
    @{ Id = '1d'; Action = 'BackUpCms2'; On = ''; Target = 'the environment'; Title = 'Back up EXMB3'
       With = @('EXMB3', 'SCCLUS', 'SCC1', 'SCC2', 'SCC3'); Ask = @()
       Why = 'the wish: the clustered mailbox servers of SCCLUS are backed up after the update' }
    @{ Id = '3d'; Action = 'CheckServices'; On = 'SCC2'; Target = 'SCC2'; Title = 'Check that the services of SCC2 are as they were'
       With = @('SCC2', 'scc2.contoso.local'); Ask = @()
       Why = '3e (Verify SCC2: event log, setup log and services) requires it: services that an update has left disabled stay down after the next reboot' }
    @{ Id = '3e'; Action = 'Verify'; On = 'SCC2'; Target = 'SCC2'; Title = 'Verify SCC2: event log, setup log and services'
       With = @('SCC2', 'scc2.contoso.local'); Ask = @()
       Why = 'puts SCC2 back as it was: health is good again' }
)
#endregion

#region Ways back: what -Retreat does where a step was cut off

# from 1a and 1b
function Get-WayBack1 {
    @{ Steps = @()
       StaysOpen = @() }
}

# from 2a
function Get-WayBack2 {
    @{ Steps = @()
       StaysOpen = @(
    'SCC3.build is unknown'
    'SCC3.health is unknown'
    'SCC3.services.MSExchangeADTopology.running is unknown'
    'SCC3.services.MSExchangeADTopology.startup is unknown'
    'SCC3.services.MSExchangeRepl.running is unknown'
    'SCC3.services.MSExchangeRepl.startup is unknown'
    'SCC3.services.MSExchangeServiceHost.running is unknown'
    'SCC3.services.MSExchangeServiceHost.startup is unknown'
    ) }
}

# from 2b
function Get-WayBack3 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'AwaitUp'; On = 'SCC3'; Target = 'SCC3'; Title = 'Wait until SCC3 answers'
       With = @('SCC3', 'scc3.contoso.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'SCC3.health is unknown'
    'SCC3.services.MSExchangeADTopology.running is unknown'
    'SCC3.services.MSExchangeADTopology.startup is unknown'
    'SCC3.services.MSExchangeRepl.running is unknown'
    'SCC3.services.MSExchangeRepl.startup is unknown'
    'SCC3.services.MSExchangeServiceHost.running is unknown'
    'SCC3.services.MSExchangeServiceHost.startup is unknown'
    ) }
}

# from 2c
function Get-WayBack4 {
    @{ Steps = @()
       StaysOpen = @(
    'SCC3.health is unknown'
    'SCC3.services.MSExchangeADTopology.running is unknown'
    'SCC3.services.MSExchangeADTopology.startup is unknown'
    'SCC3.services.MSExchangeRepl.running is unknown'
    'SCC3.services.MSExchangeRepl.startup is unknown'
    'SCC3.services.MSExchangeServiceHost.running is unknown'
    'SCC3.services.MSExchangeServiceHost.startup is unknown'
    ) }
}

# from 2d
function Get-WayBack5 {
    @{ Steps = @()
       StaysOpen = @(
    'SCC3.health is unknown'
    ) }
}

# from 2f
function Get-WayBack6 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'MountDatabases'; On = 'SCC3'; Target = 'SCC3'; Title = 'Mount the databases of EXMB2 that are not mounted'
       With = @('EXMB2', 'SCC3', 'SCCLUS', 'SCC1', 'SCC2'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 3a
function Get-WayBack7 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'MoveGroup'; On = 'SCC1'; Target = 'SCC1'; Title = 'Move Cluster Group of SCCLUS to SCC1'
       With = @('SCCLUS.groups.Cluster Group', 'SCC1', 'SCCLUS', 'scc1.contoso.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'CheckDatabases'; On = 'SCC3'; Target = 'SCC3'; Title = 'Check that the databases of EXMB2 are mounted'
       With = @('EXMB2', 'SCC3', 'SCCLUS'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 4a
function Get-WayBack8 {
    @{ Steps = @()
       StaysOpen = @(
    'SCC1.build is unknown'
    'SCC1.health is unknown'
    'SCC1.services.MSExchangeADTopology.running is unknown'
    'SCC1.services.MSExchangeADTopology.startup is unknown'
    'SCC1.services.MSExchangeRepl.running is unknown'
    'SCC1.services.MSExchangeRepl.startup is unknown'
    'SCC1.services.MSExchangeServiceHost.running is unknown'
    'SCC1.services.MSExchangeServiceHost.startup is unknown'
    'SCCLUS.groups.Cluster Group.owner is SCC2'
    ) }
}

# from 4b
function Get-WayBack9 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'AwaitUp'; On = 'SCC1'; Target = 'SCC1'; Title = 'Wait until SCC1 answers'
       With = @('SCC1', 'scc1.contoso.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'SCC1.health is unknown'
    'SCC1.services.MSExchangeADTopology.running is unknown'
    'SCC1.services.MSExchangeADTopology.startup is unknown'
    'SCC1.services.MSExchangeRepl.running is unknown'
    'SCC1.services.MSExchangeRepl.startup is unknown'
    'SCC1.services.MSExchangeServiceHost.running is unknown'
    'SCC1.services.MSExchangeServiceHost.startup is unknown'
    'SCCLUS.groups.Cluster Group.owner is SCC2'
    ) }
}

# from 4c
function Get-WayBack10 {
    @{ Steps = @()
       StaysOpen = @(
    'SCC1.health is unknown'
    'SCC1.services.MSExchangeADTopology.running is unknown'
    'SCC1.services.MSExchangeADTopology.startup is unknown'
    'SCC1.services.MSExchangeRepl.running is unknown'
    'SCC1.services.MSExchangeRepl.startup is unknown'
    'SCC1.services.MSExchangeServiceHost.running is unknown'
    'SCC1.services.MSExchangeServiceHost.startup is unknown'
    'SCCLUS.groups.Cluster Group.owner is SCC2'
    ) }
}

# from 4d
function Get-WayBack11 {
    @{ Steps = @()
       StaysOpen = @(
    'SCC1.health is unknown'
    'SCCLUS.groups.Cluster Group.owner is SCC2'
    ) }
}

# from 4e
function Get-WayBack12 {
    @{ Steps = @()
       StaysOpen = @(
    'SCCLUS.groups.Cluster Group.owner is unknown'
    ) }
}

# from 4g
function Get-WayBack13 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'MountDatabases2'; On = 'SCC1'; Target = 'SCC1'; Title = 'Mount the databases of EXMB3 that are not mounted'
       With = @('EXMB3', 'SCC1', 'SCCLUS', 'SCC2', 'SCC3'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 3b
function Get-WayBack14 {
    @{ Steps = @()
       StaysOpen = @(
    'SCC2.build is unknown'
    'SCC2.health is unknown'
    'SCC2.services.MSExchangeADTopology.running is unknown'
    'SCC2.services.MSExchangeADTopology.startup is unknown'
    'SCC2.services.MSExchangeRepl.running is unknown'
    'SCC2.services.MSExchangeRepl.startup is unknown'
    'SCC2.services.MSExchangeServiceHost.running is unknown'
    'SCC2.services.MSExchangeServiceHost.startup is unknown'
    ) }
}

# from 3c
function Get-WayBack15 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'AwaitUp'; On = 'SCC2'; Target = 'SCC2'; Title = 'Wait until SCC2 answers'
       With = @('SCC2', 'scc2.contoso.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @(
    'SCC2.health is unknown'
    'SCC2.services.MSExchangeADTopology.running is unknown'
    'SCC2.services.MSExchangeADTopology.startup is unknown'
    'SCC2.services.MSExchangeRepl.running is unknown'
    'SCC2.services.MSExchangeRepl.startup is unknown'
    'SCC2.services.MSExchangeServiceHost.running is unknown'
    'SCC2.services.MSExchangeServiceHost.startup is unknown'
    ) }
}

# from 1c and 1d
function Get-WayBack16 {
    @{ Steps = @(
    @{ Id = '1'; Action = 'Reboot'; On = 'SCC2'; Target = 'SCC2'; Title = 'Reboot SCC2'
       With = @('SCC2', 'SCCLUS', 'scc2.contoso.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '2'; Action = 'CheckServices'; On = 'SCC2'; Target = 'SCC2'; Title = 'Check that the services of SCC2 are as they were'
       With = @('SCC2', 'scc2.contoso.local'); Ask = @()
       Why = 'the way back from this step' }
    @{ Id = '3'; Action = 'Verify'; On = 'SCC2'; Target = 'SCC2'; Title = 'Verify SCC2: event log, setup log and services'
       With = @('SCC2', 'scc2.contoso.local'); Ask = @()
       Why = 'the way back from this step' }
    )
       StaysOpen = @() }
}

# from 3d
function Get-WayBack17 {
    @{ Steps = @()
       StaysOpen = @(
    'SCC2.health is unknown'
    'SCC2.services.MSExchangeADTopology.running is unknown'
    'SCC2.services.MSExchangeADTopology.startup is unknown'
    'SCC2.services.MSExchangeRepl.running is unknown'
    'SCC2.services.MSExchangeRepl.startup is unknown'
    'SCC2.services.MSExchangeServiceHost.running is unknown'
    'SCC2.services.MSExchangeServiceHost.startup is unknown'
    ) }
}

# from 3e
function Get-WayBack18 {
    @{ Steps = @()
       StaysOpen = @(
    'SCC2.health is unknown'
    ) }
}

# by step: which of them
$WaysBack = @{
    '1a' = 'Get-WayBack1'
    '1b' = 'Get-WayBack1'
    '2a' = 'Get-WayBack2'
    '2b' = 'Get-WayBack3'
    '2c' = 'Get-WayBack4'
    '2d' = 'Get-WayBack5'
    '2f' = 'Get-WayBack6'
    '3a' = 'Get-WayBack7'
    '4a' = 'Get-WayBack8'
    '4b' = 'Get-WayBack9'
    '4c' = 'Get-WayBack10'
    '4d' = 'Get-WayBack11'
    '4e' = 'Get-WayBack12'
    '4g' = 'Get-WayBack13'
    '3b' = 'Get-WayBack14'
    '3c' = 'Get-WayBack15'
    '1c' = 'Get-WayBack16'
    '1d' = 'Get-WayBack16'
    '3d' = 'Get-WayBack17'
    '3e' = 'Get-WayBack18'
}
#endregion

#region back_up_cms (back_up_cms): Back up $0
# what must hold before
function Get-BackUpCmsRequirement {
    param($cms, $cluster, $server, $server2, $server3)
    New-Requirement "wanted: $cms.online and $cms.mounted" (Test-All (Get-State "$cms.online") (Get-State "$cms.mounted"))  # what is not mounted cannot be backed up
}
# what it gives
function Get-BackUpCmsEffect {
    param($cms, $cluster, $server, $server2, $server3)
    New-Effect "$cms.backup_build" (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server) (Get-State "$server.build") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server2) (Get-State "$server2.build") (Get-State "$server3.build")))
    New-Effect "$cms.backed_up" $true
}
# what is not to be relied on while it runs
function Get-BackUpCmsDuring {
    param($cms, $cluster, $server, $server2, $server3)
}
# how it is seen, before and after
function Get-BackUpCmsProbe {
    param($cms, $cluster, $server, $server2, $server3)
    New-Probe -Variable "$cms.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cmsName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB2.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB2' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB2', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB2'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
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
    New-Probe -Variable "$server2.build" -Type 'version' -From $server2 -Every 5 `
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
    New-Probe -Variable "$server3.build" -Type 'version' -From $server3 -Every 5 `
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
# the act
function Invoke-BackUpCms {
    param($cms, $cluster, $server, $server2, $server3)
    Request-Person ('' + 'Run a full backup of ' + (Format-Value (Get-ObjectName $cms)) + ', and confirm when the job has ended without an error.')
}
#endregion

#region back_up_cms (back_up_cms_2): Back up $0
# what must hold before
function Get-BackUpCms2Requirement {
    param($cms, $cluster, $server, $server2, $server3)
    New-Requirement "wanted: $cms.online and $cms.mounted" (Test-All (Get-State "$cms.online") (Get-State "$cms.mounted"))  # what is not mounted cannot be backed up
}
# what it gives
function Get-BackUpCms2Effect {
    param($cms, $cluster, $server, $server2, $server3)
    New-Effect "$cms.backup_build" (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server) (Get-State "$server.build") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server2) (Get-State "$server2.build") (Get-State "$server3.build")))
    New-Effect "$cms.backed_up" $true
}
# what is not to be relied on while it runs
function Get-BackUpCms2During {
    param($cms, $cluster, $server, $server2, $server3)
}
# how it is seen, before and after
function Get-BackUpCms2Probe {
    param($cms, $cluster, $server, $server2, $server3)
    New-Probe -Variable "$cms.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cmsName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB3.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB3' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB3', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB3'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
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
    New-Probe -Variable "$server2.build" -Type 'version' -From $server2 -Every 5 `
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
    New-Probe -Variable "$server3.build" -Type 'version' -From $server3 -Every 5 `
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
# the act
function Invoke-BackUpCms2 {
    param($cms, $cluster, $server, $server2, $server3)
    Request-Person ('' + 'Run a full backup of ' + (Format-Value (Get-ObjectName $cms)) + ', and confirm when the job has ended without an error.')
}
#endregion

#region install (install): Install $1 on $0
# Needs: local administrator on $0, in an elevated session
# what must hold before
function Get-InstallRequirement {
    param($server, $update, $cluster, $cms, $cms2, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: not (known($server.build)) or ($server.build < 8.1.393.1)" (Test-Any (Test-Not (Test-Known (Get-State "$server.build"))) (Test-Less (Get-State "$server.build") '8.1.393.1'))  # $0 is at that build already, or beyond it: an update never goes back
    New-Requirement "wanted: ($server.reboot_pending is false) and not $server.reboot_due" (Test-All (Test-Equal (Get-State "$server.reboot_pending") $false) (Test-Not (Get-State "$server.reboot_due")))  # setup refuses while a reboot is pending
    New-Requirement "wanted: not $server.interim_update" (Test-Not (Get-State "$server.interim_update"))  # interim updates are removed before a rollup is installed
    New-Requirement "wanted: not ($cluster.groups.Cluster Group.owner is ${server}) and not ($cluster.groups.EXMB2.owner is ${server}) and not ($cluster.groups.EXMB3.owner is ${server})" (Test-All (Test-Not (Test-Equal (Get-State "$cluster.groups.Cluster Group.owner") $server)) (Test-Not (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server)) (Test-Not (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server)))  # $0 owns groups: the installer restarts the Cluster service, and they would fail over or go offline
    New-Requirement "wanted: $cms.online and $cms.mounted and $cms2.online and $cms2.mounted" (Test-All (Get-State "$cms.online") (Get-State "$cms.mounted") (Get-State "$cms2.online") (Get-State "$cms2.mounted"))  # while a node is updated the clustered mailbox server runs on the other
    New-Requirement "wanted: $cms.backed_up and $cms2.backed_up" (Test-All (Get-State "$cms.backed_up") (Get-State "$cms2.backed_up"))  # a clustered mailbox server is backed up before its nodes are updated
}
# what it gives
function Get-InstallEffect {
    param($server, $update, $cluster, $cms, $cms2, $argFqdn)
    New-Effect "$server.health" $null
    New-Effect "$server.services.MSExchangeADTopology.startup" $null
    New-Effect "$server.services.MSExchangeADTopology.running" $null
    New-Effect "$server.services.MSExchangeRepl.startup" $null
    New-Effect "$server.services.MSExchangeRepl.running" $null
    New-Effect "$server.services.MSExchangeServiceHost.startup" $null
    New-Effect "$server.services.MSExchangeServiceHost.running" $null
    New-Effect "$server.reboot_pending" $null
    New-Effect "$server.reboot_due" $false
    New-Effect "$server.build" '8.1.393.1'
}
# what is not to be relied on while it runs
function Get-InstallDuring {
    param($server, $update, $cluster, $cms, $cms2, $argFqdn)
    "$server.build"
}
# how it is seen, before and after
function Get-InstallProbe {
    param($server, $update, $cluster, $cms, $cms2, $argFqdn)
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
    New-Probe -Variable "$cluster.groups.Cluster Group.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'Cluster Group' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('Cluster Group', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('Cluster Group'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB2.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB2' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB2', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB2'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB3.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB3' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB3', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB3'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cmsName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms2.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms2)) -Block {
            param($cms2Name)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cms2Name -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms2.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms2)) -Block {
            param($cms2Name)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cms2Name -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
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
}
# the act
function Invoke-Install {
    param($server, $update, $cluster, $cms, $cms2, $argFqdn)
    Invoke-OnHost $server @((Get-ObjectName $server)) {
        param($serverName)
        $ErrorActionPreference = 'Stop'
        if (-not (Test-Path -LiteralPath 'D:\updates\Exchange2007-KB970162-x64-EN.msp')) {
          throw ('{0} cannot be read from {1}: copy it there first' -f 'D:\updates\Exchange2007-KB970162-x64-EN.msp', $serverName)
        }
        $process = Start-Process -FilePath 'msiexec.exe' -ArgumentList '/update "D:\updates\Exchange2007-KB970162-x64-EN.msp" /quiet /norestart' -Wait -PassThru -ErrorAction Stop
        if (@(0, 3010) -notcontains $process.ExitCode) {
          throw ('{0} ended with exit code {1}: look at the setup logs and at the start types of the services before anything else' -f 'msiexec.exe', $process.ExitCode)
        }
    }
}
#endregion

#region reboot (reboot): Reboot $0
# what must hold before
function Get-RebootRequirement {
    param($server, $cluster, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")  # $0 does not answer: nobody can ask it for a reboot
    New-Requirement "wanted: not ($cluster.groups.Cluster Group.owner is ${server}) and not ($cluster.groups.EXMB2.owner is ${server}) and not ($cluster.groups.EXMB3.owner is ${server})" (Test-All (Test-Not (Test-Equal (Get-State "$cluster.groups.Cluster Group.owner") $server)) (Test-Not (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server)) (Test-Not (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server)))  # $0 owns groups: they would fail over, or go offline where there is no other node
    New-Requirement "wanted: known($server.build)" (Test-Known (Get-State "$server.build"))  # an update on $0 was cut off: finish it or roll it back before the server is rebooted
}
# what it gives
function Get-RebootEffect {
    param($server, $cluster, $argFqdn)
    New-Effect "$server.health" $null
    New-Effect "$server.services.MSExchangeADTopology.running" (Test-Equal (Get-State "$server.services.MSExchangeADTopology.startup") 'automatic')
    New-Effect "$server.services.MSExchangeRepl.running" (Test-Equal (Get-State "$server.services.MSExchangeRepl.startup") 'automatic')
    New-Effect "$server.services.MSExchangeServiceHost.running" (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.startup") 'automatic')
    New-Effect "$server.reboot_pending" $false
    New-Effect "$server.reboot_due" $false
    New-Effect "$server.counters_held" $true
}
# what is not to be relied on while it runs
function Get-RebootDuring {
    param($server, $cluster, $argFqdn)
    "$server.up"
}
# how it is seen, before and after
function Get-RebootProbe {
    param($server, $cluster, $argFqdn)
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @($argFqdn) -Block {
            param($argFqdn)
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName $argFqdn -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.Cluster Group.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'Cluster Group' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('Cluster Group', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('Cluster Group'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB2.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB2' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB2', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB2'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB3.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB3' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB3', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB3'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
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
}
# the act
function Invoke-Reboot {
    param($server, $cluster, $argFqdn)
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
    New-Requirement "wanted: (not (known($server.services.MSExchangeADTopology.startup)) or ($server.services.MSExchangeADTopology.startup is automatic)) and (not (known($server.services.MSExchangeRepl.startup)) or ($server.services.MSExchangeRepl.startup is automatic)) and (not (known($server.services.MSExchangeServiceHost.startup)) or ($server.services.MSExchangeServiceHost.startup is automatic))" (Test-All (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeADTopology.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeADTopology.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeRepl.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeRepl.startup") 'automatic')) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeServiceHost.startup"))) (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.startup") 'automatic')))  # a check finds out how services are, it does not change them
    New-Requirement "wanted: (not (known($server.services.MSExchangeADTopology.running)) or ($server.services.MSExchangeADTopology.running is true)) and (not (known($server.services.MSExchangeRepl.running)) or ($server.services.MSExchangeRepl.running is true)) and (not (known($server.services.MSExchangeServiceHost.running)) or ($server.services.MSExchangeServiceHost.running is true))" (Test-All (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeADTopology.running"))) (Test-Equal (Get-State "$server.services.MSExchangeADTopology.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeRepl.running"))) (Test-Equal (Get-State "$server.services.MSExchangeRepl.running") $true)) (Test-Any (Test-Not (Test-Known (Get-State "$server.services.MSExchangeServiceHost.running"))) (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.running") $true)))  # a check finds out how services are, it starts and stops none
}
# what it gives
function Get-CheckServicesEffect {
    param($server, $argFqdn)
    New-Effect "$server.services.MSExchangeADTopology.startup" 'automatic'
    New-Effect "$server.services.MSExchangeRepl.startup" 'automatic'
    New-Effect "$server.services.MSExchangeServiceHost.startup" 'automatic'
    New-Effect "$server.services.MSExchangeADTopology.running" $true
    New-Effect "$server.services.MSExchangeRepl.running" $true
    New-Effect "$server.services.MSExchangeServiceHost.running" $true
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
    New-Probe -Variable "$server.services.MSExchangeADTopology.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeADTopology' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeServiceHost' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeRepl.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRepl' -ErrorAction Stop).Status.ToString()
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
}
#endregion

#region verify (verify): Verify $0: event log, setup log and services
# what must hold before
function Get-VerifyRequirement {
    param($server, $argFqdn)
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: ($server.reboot_pending is false) and not $server.reboot_due" (Test-All (Test-Equal (Get-State "$server.reboot_pending") $false) (Test-Not (Get-State "$server.reboot_due")))  # what is checked before a reboot has to be checked again after it
    New-Requirement "wanted: ($server.services.MSExchangeADTopology.startup is automatic) and ($server.services.MSExchangeRepl.startup is automatic) and ($server.services.MSExchangeServiceHost.startup is automatic)" (Test-All (Test-Equal (Get-State "$server.services.MSExchangeADTopology.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeRepl.startup") 'automatic') (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.startup") 'automatic'))  # services that an update has left disabled stay down after the next reboot
    New-Requirement "wanted: ($server.services.MSExchangeADTopology.running is true) and ($server.services.MSExchangeRepl.running is true) and ($server.services.MSExchangeServiceHost.running is true)" (Test-All (Test-Equal (Get-State "$server.services.MSExchangeADTopology.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeRepl.running") $true) (Test-Equal (Get-State "$server.services.MSExchangeServiceHost.running") $true))  # the services must run, those that are expected to
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
    New-Probe -Variable "$server.services.MSExchangeADTopology.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeADTopology' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeServiceHost.startup" -Type 'enum automatic manual disabled' -From $server -Every 5 `
        -As @('Auto', 'automatic', 'Disabled', 'disabled', 'Manual', 'manual') `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-WmiObject -Class Win32_Service -ErrorAction Stop | Where-Object { $_.Name -eq 'MSExchangeServiceHost' }).StartMode
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
    New-Probe -Variable "$server.services.MSExchangeRepl.running" -Type 'bool' -From $server -Every 5 `
        -As @('Running', $true, 'Stopped', $false) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                (Get-Service -Name 'MSExchangeRepl' -ErrorAction Stop).Status.ToString()
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

#region move_cms (move_cms): Move $0 to $1
# what must hold before
function Get-MoveCmsRequirement {
    param($cms, $server, $cluster, $server2, $server3)
    New-Requirement "wanted: $cms.online" (Get-State "$cms.online")
    New-Requirement "wanted: not ($cluster.groups.EXMB2.owner is ${server})" (Test-Not (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server))  # $0 is on $1 already
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $server.health is good" (Test-Equal (Get-State "$server.health") 'good')  # users are sent to a node only after it has been checked
    New-Requirement "wanted: $server.setup_build is $cms.build" (Test-EqualVersion (Get-State "$server.setup_build") (Get-State "$cms.build"))  # a clustered mailbox server runs only on a node of its own version
    New-Requirement "wanted: (if $cluster.groups.EXMB2.owner is $server2 then $server2.build else if $cluster.groups.EXMB2.owner is $server3 then $server3.build else $server.build) <= $server.build" (Test-LessOrEqual (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server2) (Get-State "$server2.build") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server3) (Get-State "$server3.build") (Get-State "$server.build"))) (Get-State "$server.build"))  # never back to a node of a lower version
    New-Requirement "wanted: not ($cluster.groups.EXMB3.owner is ${server})" (Test-Not (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server))  # a node runs one clustered mailbox server at most
}
# what it gives
function Get-MoveCmsEffect {
    param($cms, $server, $cluster, $server2, $server3)
    New-Effect "$cms.mounted" $null
    New-Effect "$cluster.groups.EXMB2.owner" $server
    New-Effect "$cms.online" $true
}
# what is not to be relied on while it runs
function Get-MoveCmsDuring {
    param($cms, $server, $cluster, $server2, $server3)
    "$cms.online"
    "$cms.mounted"
}
# how it is seen, before and after
function Get-MoveCmsProbe {
    param($cms, $server, $cluster, $server2, $server3)
    New-Probe -Variable "$cms.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cmsName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB2.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB2' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB2', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB2'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName 'scc3.contoso.local' -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
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
    New-Probe -Variable "$server.setup_build" -Type 'version' -From $server -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $setup = Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Exchange\Setup' -ErrorAction Stop
                '{0}.{1}.{2}.{3}' -f $setup.GetValue('MsiProductMajor'), $setup.GetValue('MsiProductMinor'), $setup.GetValue('MsiBuildMajor'), $setup.GetValue('MsiBuildMinor')
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.build" -Type 'version' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ExchangeServer -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $version = (Get-ExchangeServer -Identity $cmsName -ErrorAction Stop).AdminDisplayVersion.ToString()
                if ($version -match '^Version (\d+)\.(\d+) \(Build (\d+)\.(\d+)\)') { '{0}.{1}.{2}.{3}' -f $matches[1], $matches[2], $matches[3], $matches[4] } else { $version }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server2.build" -Type 'version' -From $server2 -Every 5 `
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
    New-Probe -Variable "$server3.build" -Type 'version' -From $server3 -Every 5 `
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
    New-Probe -Variable "$cluster.groups.EXMB3.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB3' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB3', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB3'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-MoveCms {
    param($cms, $server, $cluster, $server2, $server3)
    Invoke-OnHost 'controller' @((Get-ObjectName $cms), (Get-ObjectName $server)) {
        param($cmsName, $serverName)
        $ErrorActionPreference = 'Stop'
        if (-not (Get-Command -Name Move-ClusteredMailboxServer -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
        Move-ClusteredMailboxServer -Identity $cmsName -TargetMachine $serverName -MoveComment 'Planned maintenance' -Confirm:$false -ErrorAction Stop
    }
}
#endregion

#region check_databases (check_databases): Check that the databases of $0 are mounted
# what must hold before
function Get-CheckDatabasesRequirement {
    param($cms, $server, $cluster)
    New-Requirement "wanted: $cms.online" (Get-State "$cms.online")
    New-Requirement "wanted: not (known($cms.mounted))" (Test-Not (Test-Known (Get-State "$cms.mounted")))  # a check finds out whether databases are mounted, it does not mount them
    New-Requirement "wanted: $cluster.groups.EXMB2.owner is $server" (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server)
}
# what it gives
function Get-CheckDatabasesEffect {
    param($cms, $server, $cluster)
    New-Effect "$cms.mounted" $true
}
# what is not to be relied on while it runs
function Get-CheckDatabasesDuring {
    param($cms, $server, $cluster)
}
# how it is seen, before and after
function Get-CheckDatabasesProbe {
    param($cms, $server, $cluster)
    New-Probe -Variable "$cms.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cmsName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB2.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB2' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB2', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB2'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
}
#endregion

#region move_group (move_group): Move $0 of $2 to $1
# what must hold before
function Get-MoveGroupRequirement {
    param($group, $server, $cluster, $argFqdn)
    New-Requirement "wanted: not ($group.owner is ${server})" (Test-Not (Test-Equal (Get-State "$group.owner") $server))  # $0 is on $1 already
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $server.health is good" (Test-Equal (Get-State "$server.health") 'good')  # a group is moved to a node that is known to be good
}
# what it gives
function Get-MoveGroupEffect {
    param($group, $server, $cluster, $argFqdn)
    New-Effect "$group.owner" $server
}
# what is not to be relied on while it runs
function Get-MoveGroupDuring {
    param($group, $server, $cluster, $argFqdn)
}
# how it is seen, before and after
function Get-MoveGroupProbe {
    param($group, $server, $cluster, $argFqdn)
    New-Probe -Variable "$group.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @((Get-ObjectName $group)) -Block {
            param($groupName)
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group $groupName /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith($groupName, [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring($groupName.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
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
}
# the act
function Invoke-MoveGroup {
    param($group, $server, $cluster, $argFqdn)
    Invoke-OnHost 'controller' @((Get-ObjectName $group), (Get-ObjectName $server)) {
        param($groupName, $serverName)
        $ErrorActionPreference = 'Stop'
        cluster.exe 'SCCLUS' group $groupName ('/move:' + $serverName) /wait:300
        if ($LASTEXITCODE -ne 0) {
          throw ('cluster.exe ended with exit code {0}: see where the group {1} is now' -f $LASTEXITCODE, $groupName)
        }
    }
}
#endregion

#region move_cms (move_cms_2): Move $0 to $1
# what must hold before
function Get-MoveCms2Requirement {
    param($cms, $server, $cluster, $server2, $server3)
    New-Requirement "wanted: $cms.online" (Get-State "$cms.online")
    New-Requirement "wanted: not ($cluster.groups.EXMB3.owner is ${server})" (Test-Not (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server))  # $0 is on $1 already
    New-Requirement "wanted: $server.up" (Get-State "$server.up")
    New-Requirement "wanted: $server.health is good" (Test-Equal (Get-State "$server.health") 'good')  # users are sent to a node only after it has been checked
    New-Requirement "wanted: $server.setup_build is $cms.build" (Test-EqualVersion (Get-State "$server.setup_build") (Get-State "$cms.build"))  # a clustered mailbox server runs only on a node of its own version
    New-Requirement "wanted: (if $cluster.groups.EXMB3.owner is $server then $server.build else if $cluster.groups.EXMB3.owner is $server2 then $server2.build else $server3.build) <= $server.build" (Test-LessOrEqual (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server) (Get-State "$server.build") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server2) (Get-State "$server2.build") (Get-State "$server3.build"))) (Get-State "$server.build"))  # never back to a node of a lower version
    New-Requirement "wanted: not ($cluster.groups.EXMB2.owner is ${server})" (Test-Not (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server))  # a node runs one clustered mailbox server at most
}
# what it gives
function Get-MoveCms2Effect {
    param($cms, $server, $cluster, $server2, $server3)
    New-Effect "$cms.mounted" $null
    New-Effect "$cluster.groups.EXMB3.owner" $server
    New-Effect "$cms.online" $true
}
# what is not to be relied on while it runs
function Get-MoveCms2During {
    param($cms, $server, $cluster, $server2, $server3)
    "$cms.online"
    "$cms.mounted"
}
# how it is seen, before and after
function Get-MoveCms2Probe {
    param($cms, $server, $cluster, $server2, $server3)
    New-Probe -Variable "$cms.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cmsName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB3.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB3' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB3', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB3'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName 'scc1.contoso.local' -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
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
    New-Probe -Variable "$server.setup_build" -Type 'version' -From $server -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $setup = Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Exchange\Setup' -ErrorAction Stop
                '{0}.{1}.{2}.{3}' -f $setup.GetValue('MsiProductMajor'), $setup.GetValue('MsiProductMinor'), $setup.GetValue('MsiBuildMajor'), $setup.GetValue('MsiBuildMinor')
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.build" -Type 'version' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ExchangeServer -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $version = (Get-ExchangeServer -Identity $cmsName -ErrorAction Stop).AdminDisplayVersion.ToString()
                if ($version -match '^Version (\d+)\.(\d+) \(Build (\d+)\.(\d+)\)') { '{0}.{1}.{2}.{3}' -f $matches[1], $matches[2], $matches[3], $matches[4] } else { $version }
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
    New-Probe -Variable "$server2.build" -Type 'version' -From $server2 -Every 5 `
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
    New-Probe -Variable "$server3.build" -Type 'version' -From $server3 -Every 5 `
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
    New-Probe -Variable "$cluster.groups.EXMB2.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB2' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB2', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB2'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-MoveCms2 {
    param($cms, $server, $cluster, $server2, $server3)
    Invoke-OnHost 'controller' @((Get-ObjectName $cms), (Get-ObjectName $server)) {
        param($cmsName, $serverName)
        $ErrorActionPreference = 'Stop'
        if (-not (Get-Command -Name Move-ClusteredMailboxServer -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
        Move-ClusteredMailboxServer -Identity $cmsName -TargetMachine $serverName -MoveComment 'Planned maintenance' -Confirm:$false -ErrorAction Stop
    }
}
#endregion

#region check_databases (check_databases_2): Check that the databases of $0 are mounted
# what must hold before
function Get-CheckDatabases2Requirement {
    param($cms, $server, $cluster)
    New-Requirement "wanted: $cms.online" (Get-State "$cms.online")
    New-Requirement "wanted: not (known($cms.mounted))" (Test-Not (Test-Known (Get-State "$cms.mounted")))  # a check finds out whether databases are mounted, it does not mount them
    New-Requirement "wanted: $cluster.groups.EXMB3.owner is $server" (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server)
}
# what it gives
function Get-CheckDatabases2Effect {
    param($cms, $server, $cluster)
    New-Effect "$cms.mounted" $true
}
# what is not to be relied on while it runs
function Get-CheckDatabases2During {
    param($cms, $server, $cluster)
}
# how it is seen, before and after
function Get-CheckDatabases2Probe {
    param($cms, $server, $cluster)
    New-Probe -Variable "$cms.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cmsName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB3.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB3' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB3', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB3'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
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

#region mount_databases (mount_databases): Mount the databases of $0 that are not mounted
# what must hold before
function Get-MountDatabasesRequirement {
    param($cms, $server, $cluster, $server2, $server3)
    New-Requirement "wanted: $cms.online" (Get-State "$cms.online")
    New-Requirement "wanted: not (known($cms.mounted) and $cms.mounted)" (Test-Not (Test-All (Test-Known (Get-State "$cms.mounted")) (Get-State "$cms.mounted")))
    New-Requirement "wanted: if $cluster.groups.EXMB2.owner is $server2 then $server2.up else if $cluster.groups.EXMB2.owner is $server3 then $server3.up else $server.up" (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server2) (Get-State "$server2.up") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server3) (Get-State "$server3.up") (Get-State "$server.up")))
    New-Requirement "wanted: (if $cluster.groups.EXMB2.owner is $server2 then $server2.health else if $cluster.groups.EXMB2.owner is $server3 then $server3.health else $server.health) is good" (Test-Equal (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server2) (Get-State "$server2.health") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server3) (Get-State "$server3.health") (Get-State "$server.health"))) 'good')  # users are sent to a node only after it has been checked
    New-Requirement "wanted: (if $cluster.groups.EXMB2.owner is $server2 then $server2.setup_build else if $cluster.groups.EXMB2.owner is $server3 then $server3.setup_build else $server.setup_build) is $cms.build" (Test-EqualVersion (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server2) (Get-State "$server2.setup_build") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server3) (Get-State "$server3.setup_build") (Get-State "$server.setup_build"))) (Get-State "$cms.build"))  # databases are mounted only on a node of the clustered mailbox server's own version
    New-Requirement "wanted: $cluster.groups.EXMB2.owner is $server" (Test-Equal (Get-State "$cluster.groups.EXMB2.owner") $server)
}
# what it gives
function Get-MountDatabasesEffect {
    param($cms, $server, $cluster, $server2, $server3)
    New-Effect "$cms.mounted" $true
}
# what is not to be relied on while it runs
function Get-MountDatabasesDuring {
    param($cms, $server, $cluster, $server2, $server3)
}
# how it is seen, before and after
function Get-MountDatabasesProbe {
    param($cms, $server, $cluster, $server2, $server3)
    New-Probe -Variable "$cms.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cmsName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB2.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB2' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB2', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB2'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server2.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName 'scc1.contoso.local' -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server3.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName 'scc2.contoso.local' -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName 'scc3.contoso.local' -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
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
    New-Probe -Variable "$server3.health" -Type 'enum good bad' -From $server3 -Every 30 `
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
    New-Probe -Variable "$server2.setup_build" -Type 'version' -From $server2 -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $setup = Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Exchange\Setup' -ErrorAction Stop
                '{0}.{1}.{2}.{3}' -f $setup.GetValue('MsiProductMajor'), $setup.GetValue('MsiProductMinor'), $setup.GetValue('MsiBuildMajor'), $setup.GetValue('MsiBuildMinor')
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server3.setup_build" -Type 'version' -From $server3 -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $setup = Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Exchange\Setup' -ErrorAction Stop
                '{0}.{1}.{2}.{3}' -f $setup.GetValue('MsiProductMajor'), $setup.GetValue('MsiProductMinor'), $setup.GetValue('MsiBuildMajor'), $setup.GetValue('MsiBuildMinor')
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.setup_build" -Type 'version' -From $server -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $setup = Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Exchange\Setup' -ErrorAction Stop
                '{0}.{1}.{2}.{3}' -f $setup.GetValue('MsiProductMajor'), $setup.GetValue('MsiProductMinor'), $setup.GetValue('MsiBuildMajor'), $setup.GetValue('MsiBuildMinor')
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.build" -Type 'version' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ExchangeServer -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $version = (Get-ExchangeServer -Identity $cmsName -ErrorAction Stop).AdminDisplayVersion.ToString()
                if ($version -match '^Version (\d+)\.(\d+) \(Build (\d+)\.(\d+)\)') { '{0}.{1}.{2}.{3}' -f $matches[1], $matches[2], $matches[3], $matches[4] } else { $version }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-MountDatabases {
    param($cms, $server, $cluster, $server2, $server3)
    Invoke-OnHost 'controller' @((Get-ObjectName $cms)) {
        param($cmsName)
        $ErrorActionPreference = 'Stop'
        if (-not (Get-Command -Name Mount-Database -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
        foreach ($database in @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop | Where-Object { $_.Mounted -ne $true })) {
          Mount-Database -Identity $database.Identity.ToString() -ErrorAction Stop
        }
    }
}
#endregion

#region mount_databases (mount_databases_2): Mount the databases of $0 that are not mounted
# what must hold before
function Get-MountDatabases2Requirement {
    param($cms, $server, $cluster, $server2, $server3)
    New-Requirement "wanted: $cms.online" (Get-State "$cms.online")
    New-Requirement "wanted: not (known($cms.mounted) and $cms.mounted)" (Test-Not (Test-All (Test-Known (Get-State "$cms.mounted")) (Get-State "$cms.mounted")))
    New-Requirement "wanted: if $cluster.groups.EXMB3.owner is $server then $server.up else if $cluster.groups.EXMB3.owner is $server2 then $server2.up else $server3.up" (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server) (Get-State "$server.up") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server2) (Get-State "$server2.up") (Get-State "$server3.up")))
    New-Requirement "wanted: (if $cluster.groups.EXMB3.owner is $server then $server.health else if $cluster.groups.EXMB3.owner is $server2 then $server2.health else $server3.health) is good" (Test-Equal (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server) (Get-State "$server.health") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server2) (Get-State "$server2.health") (Get-State "$server3.health"))) 'good')  # users are sent to a node only after it has been checked
    New-Requirement "wanted: (if $cluster.groups.EXMB3.owner is $server then $server.setup_build else if $cluster.groups.EXMB3.owner is $server2 then $server2.setup_build else $server3.setup_build) is $cms.build" (Test-EqualVersion (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server) (Get-State "$server.setup_build") (Select-Value (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server2) (Get-State "$server2.setup_build") (Get-State "$server3.setup_build"))) (Get-State "$cms.build"))  # databases are mounted only on a node of the clustered mailbox server's own version
    New-Requirement "wanted: $cluster.groups.EXMB3.owner is $server" (Test-Equal (Get-State "$cluster.groups.EXMB3.owner") $server)
}
# what it gives
function Get-MountDatabases2Effect {
    param($cms, $server, $cluster, $server2, $server3)
    New-Effect "$cms.mounted" $true
}
# what is not to be relied on while it runs
function Get-MountDatabases2During {
    param($cms, $server, $cluster, $server2, $server3)
}
# how it is seen, before and after
function Get-MountDatabases2Probe {
    param($cms, $server, $cluster, $server2, $server3)
    New-Probe -Variable "$cms.online" -Type 'bool' -From 'controller' -Every 5 `
        -As @('Offline', $false, 'Online', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ClusteredMailboxServerStatus -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                (Get-ClusteredMailboxServerStatus -Identity $cmsName -ErrorAction Stop).State.ToString()
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.mounted" -Type 'bool' -From 'controller' -Every 5 `
        -As @('dismounted', $false, 'mounted', $true) `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-MailboxDatabase -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $databases = @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop)
                $mounted = @($databases | Where-Object { $_.Mounted -eq $true }).Count
                if ($databases.Count -eq 0) { 'no databases' } elseif ($mounted -eq $databases.Count) { 'mounted' } elseif ($mounted -eq 0) { 'dismounted' } else { 'some are dismounted' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cluster.groups.EXMB3.owner" -Type 'text' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $lines = @(cluster.exe 'SCCLUS' group 'EXMB3' /status)
                if ($LASTEXITCODE -ne 0) { throw ('cluster.exe ended with exit code {0}' -f $LASTEXITCODE) }
                $line = @($lines | Where-Object { $_.StartsWith('EXMB3', [StringComparison]::OrdinalIgnoreCase) })
                $rest = ''
                if ($line.Count -eq 1) { $rest = $line[0].Substring('EXMB3'.Length).Trim() }
                $found = @(@('SCC1', 'SCC2', 'SCC3') | Where-Object { $rest.StartsWith($_ + ' ', [StringComparison]::OrdinalIgnoreCase) } | Where-Object { @($rest.Substring($_.Length).Split(' ') | Where-Object { $_ -like '*Pending' }).Count -eq 0 })
                if ($found.Count -eq 1) { $found[0] } else { 'not settled: ' + [string]::Join(' ', $lines) }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName 'scc1.contoso.local' -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server2.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName 'scc2.contoso.local' -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server3.up" -Type 'bool' -From 'controller' -Every 5 `
        -As @('down', $false, 'up', $true) `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                try { Invoke-Command -ComputerName 'scc3.contoso.local' -ScriptBlock { 'up' } -ErrorAction Stop } catch { 'down' }
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
    New-Probe -Variable "$server3.health" -Type 'enum good bad' -From $server3 -Every 30 `
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
    New-Probe -Variable "$server.setup_build" -Type 'version' -From $server -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $setup = Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Exchange\Setup' -ErrorAction Stop
                '{0}.{1}.{2}.{3}' -f $setup.GetValue('MsiProductMajor'), $setup.GetValue('MsiProductMinor'), $setup.GetValue('MsiBuildMajor'), $setup.GetValue('MsiBuildMinor')
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server2.setup_build" -Type 'version' -From $server2 -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $setup = Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Exchange\Setup' -ErrorAction Stop
                '{0}.{1}.{2}.{3}' -f $setup.GetValue('MsiProductMajor'), $setup.GetValue('MsiProductMinor'), $setup.GetValue('MsiBuildMajor'), $setup.GetValue('MsiBuildMinor')
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$server3.setup_build" -Type 'version' -From $server3 -Every 5 `
        -As @() `
        -Arguments @() -Block {
            $ErrorActionPreference = 'Stop'
            & {
                $setup = Get-Item -Path 'HKLM:\SOFTWARE\Microsoft\Exchange\Setup' -ErrorAction Stop
                '{0}.{1}.{2}.{3}' -f $setup.GetValue('MsiProductMajor'), $setup.GetValue('MsiProductMinor'), $setup.GetValue('MsiBuildMajor'), $setup.GetValue('MsiBuildMinor')
            } | ForEach-Object { "$_" }
        }
    New-Probe -Variable "$cms.build" -Type 'version' -From 'controller' -Every 5 `
        -As @() `
        -Arguments @((Get-ObjectName $cms)) -Block {
            param($cmsName)
            $ErrorActionPreference = 'Stop'
            & {
                if (-not (Get-Command -Name Get-ExchangeServer -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
                $version = (Get-ExchangeServer -Identity $cmsName -ErrorAction Stop).AdminDisplayVersion.ToString()
                if ($version -match '^Version (\d+)\.(\d+) \(Build (\d+)\.(\d+)\)') { '{0}.{1}.{2}.{3}' -f $matches[1], $matches[2], $matches[3], $matches[4] } else { $version }
            } | ForEach-Object { "$_" }
        }
}
# the act
function Invoke-MountDatabases2 {
    param($cms, $server, $cluster, $server2, $server3)
    Invoke-OnHost 'controller' @((Get-ObjectName $cms)) {
        param($cmsName)
        $ErrorActionPreference = 'Stop'
        if (-not (Get-Command -Name Mount-Database -ErrorAction SilentlyContinue)) { Add-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop }
        foreach ($database in @(Get-MailboxDatabase -Server $cmsName -Status -ErrorAction Stop | Where-Object { $_.Mounted -ne $true })) {
          Mount-Database -Identity $database.Identity.ToString() -ErrorAction Stop
        }
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
