#include "runtime/show/powershell_runtime.h"

namespace exm::show {

const std::string_view powershell_engine = R"PS(
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
)PS";

const std::string_view powershell_main = R"PS(
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
)PS";

}  // namespace exm::show
