#include "runtime/show/powershell_runtime.h"

namespace exm::show {

const std::string_view powershell_retreat = R"PS(
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
)PS";

}  // namespace exm::show
