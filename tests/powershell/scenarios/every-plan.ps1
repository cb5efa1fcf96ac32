# What every plan's script must do, whatever it is about.

function Test-Failed([string]$Name, [int]$Code, [int[]]$Wanted) {
    if ($Wanted -notcontains $Code) {
        $Global:Problems += "${Name}: exit code $Code, not $($Wanted -join ' or ')"
        Show-Last
    }
    foreach ($broken in $World.Broken) { $Global:Problems += "${Name}: $broken" }
    $World.Broken = @()
}
function Show-Last { if ($Global:Shown++ -lt 4) { foreach ($line in @($TestHost | Where-Object { $_ -match '^WARNING (Before|Step|.*(unknown|observed))' } | Select-Object -Last 8)) { $Global:Problems += "    | $line" } } }
function Test-Open([string]$Name) { foreach ($open in $TestWatch.Open($World.Is)) { $Global:Problems += "${Name}: in the end $open" } }

$Global:Problems = @()
$Global:Shown = 0

# (a) from start to end: the world ends as the plan says, no rule broken after any command
Start-Scenario 'from start to end'
$World.Auto = $true
Test-Failed 'from start to end' (Invoke-Script @{ Confirm = $false }) 0
Test-Open 'from start to end'
$changes = @($World.Changes)
$calls = @($World.Calls)
"  $($changes.Count) changes, $($calls.Count) commands"
if ($changes.Count -eq 0) { $Global:Problems += 'nothing was changed' }

# once more, with the journal of a run that ended
Start-Scenario 'again when all is done'
[IO.File]::Copy(($Folder + '/from-start-to-end.journal'), $JournalPath)
$World.Auto = $true
Test-Failed 'again when all is done' (Invoke-Script @{ Confirm = $false }) 0
if ($World.Changes.Count -gt 0) { $Global:Problems += 'what is done is done once more' }

# (b) and (d): -WhatIf changes nothing, and the probes see the world as it is when the plan begins
Start-Scenario 'what if'
$before = @{}
foreach ($variable in @($World.Is.Keys)) { $before[$variable] = $World.Is[$variable] }
Test-Failed 'what if' (Invoke-Script @{ WhatIf = $true }) 0
if ($World.Changes.Count -gt 0) { $Global:Problems += 'what if: ' + $World.Changes[0] + ' is run' }
foreach ($variable in @($World.Is.Keys)) { if (-not $TestWatch.Same($variable, $before[$variable], $World.Is[$variable])) { $Global:Problems += "what if: $variable is changed" } }
if ([IO.File]::Exists($JournalPath)) { $Global:Problems += 'what if: a journal is written' }
foreach ($line in @($TestHost | Where-Object { $_ -match '^WARNING .*(is taken as unknown|could not be observed|; the plan has )' })) { $Global:Problems += "what if: $line" }

# (d) and (e): each other value of each state that is looked at is seen for what it is
$probed = @()
$words = @{}
foreach ($step in $World.Plan.Steps.Values) {
    foreach ($variable in @($step.Probed.Keys)) {
        if ($probed -notcontains $variable) { $probed += $variable }
        $words[$variable] = $step.Probed[$variable]
    }
}
$probed = @($probed | Where-Object { $World.Plan.Types.ContainsKey($_) -and (Test-Driftable $_) })
$seen = 0
for ($round = 0; $round -lt 9; $round++) {
    Start-Scenario "what if the world has drifted, $round"
    $expected = @()
    $anything = $false
    # of what does not exist there is nothing to be seen
    foreach ($variable in @(@($probed | Where-Object { $_ -like '*.exists' }) + @($probed | Where-Object { $_ -notlike '*.exists' }))) {
        if (($variable -notlike '*.exists') -and ($World.Is[$variable.Substring(0, $variable.LastIndexOf('.')) + '.exists'] -eq $false)) { continue }
        $others = @($TestWatch.Others($variable, $World.Is[$variable]))
        if ($round -ge $others.Count) { continue }
        if ($null -eq $World.Is[$variable]) { continue }
        $value = $others[$round]
        $anything = $true
        if (($variable -notlike '*.health') -and (-not (Test-Possible $variable $value))) { continue }
        $expected += , @($variable, $value)
        Set-Drift $variable $value
    }
    if (-not $anything) { break }
    Test-Failed 'what if it has drifted' (Invoke-Script @{ WhatIf = $true }) 0
    foreach ($pair in $expected) {
        if (-not (Test-Possible $pair[0] $pair[1])) { continue }
        $said = [ScriptTest.Watch]::Say($pair[1])
        if (($null -ne $words[$pair[0]]) -and (-not $words[$pair[0]].Contains($said))) { $said = 'unknown' }
        $wanted = 'WARNING   ' + $pair[0] + ' is ' + $said + '; the plan has '
        if (@($TestHost | Where-Object { $_.StartsWith($wanted) }).Count -eq 0) {
            $about = @($TestHost | Where-Object { $_ -like ('WARNING*' + $pair[0].Replace('[', '`[') + '*') })
            $Global:Problems += "drift: $($pair[0]) = " + [ScriptTest.Watch]::Say($pair[1]) + ' is not seen: ' + [string]::Join('; ', $about)
        } else { $seen++ }
    }
}
"  $seen other values seen for what they are"

# (e) the first step is refused where what it needs or overwrites is not so
$first = @($World.Plan.Steps.Values)[0]
$refused = 0
foreach ($variable in @($first.Probed.Keys | Where-Object { $probed -contains $_ })) {
    Start-Scenario "drift of $variable"
    if ($null -eq $World.Is[$variable]) { continue }
    $others = @($TestWatch.Others($variable, $World.Is[$variable]) | Where-Object { Test-Possible $variable $_ })
    if ($others.Count -eq 0) { continue }
    $World.Auto = $true
    Set-Drift $variable $others[$others.Count - 1]
    # what depends on the owner alone, say, need not be so for another node
    $needed = (-not $first.MayBegin($World.Is)) -or $first.Applied($World.Is).ContainsKey($variable)
    $code = Invoke-Script @{ Confirm = $false }
    if ($code -eq 5) { $refused++ }
    $skipped = @($TestHost | Where-Object { $_ -like '*nothing to do: it is so already*' }).Count -gt 0
    if (($code -eq 5) -and ($World.Changes.Count -gt 0) -and (-not $skipped)) { $Global:Problems += "drift of ${variable}: changes before it is refused" }
    if (($code -ne 5) -and (-not $skipped) -and $needed) { $Global:Problems += "drift of $variable is not refused: exit code $code" }
    $World.Broken = @()
}
"  $refused states that the first step is refused for"

# (c) every change fails once, and in another world the session is lost once after each; each time the script stops with no rule
# broken, somebody looks, and it goes on from its journal, to the end. In a long plan, and in a variant of another example, the
# same command of the same action is not tried on one server after the other, unless EXM_EVERY_CHANGE is set (script/soak).
# All of that is one world, stopped and resumed: a failure comes on top of those before it. Where an example's plan is short, or with
# EXM_EVERY_CHANGE, each is then tried alone, in a world of its own.
function Invoke-Injected([string]$How) {
    $runs = 0
    do {
        $runs++
        $done = $World.Inject.Done.Count
        $code = Invoke-Script @{ Confirm = $false }
        $name = "${How}: $($World.Inject.Last)"
        Test-Failed $name $code 0, 4
        if (($code -eq 4) -and ($World.Inject.Done.Count -eq $done)) { $Global:Problems += "${name}: it does not go on"; break }
        Wait-Machines
    } until ($code -ne 4)
    Test-Open "${How}: in the end"
    return $runs
}
$whole = ($env:EXM_EVERY_CHANGE -ne $null)
$long = (($changes.Count -gt 30) -and (-not $whole))
$tried = @{}
if ($TestParent -and (-not $whole)) { foreach ($step in $TestParent.Steps.Values) { $tried[$step.Runs] = $true } }
$fresh = @($World.Plan.Steps.Values | Where-Object { -not $tried.ContainsKey($_.Runs) }).Count
$missed = @()
foreach ($how in @('fail', 'lost' | Where-Object { $fresh -gt 0 })) {
    Start-Scenario "every change: $how"
    $World.Auto = $true
    $World.Inject.How = $how
    $World.Inject.Long = $long
    $World.Inject.Spared = $tried
    $runs = Invoke-Injected $how
    $some = ''
    if ($long) { $some = ' (each command of each action once)' } elseif ($TestParent -and (-not $whole)) { $some = ' (of commands that the main example does not have)' }
    "  $how`: $($World.Inject.Done.Count) of $($changes.Count) changes$some, one after the other in one world, $runs runs"
    foreach ($key in $changes) { if ((-not $long) -and ($whole -or (-not $TestParent)) -and (-not $World.Inject.Done.ContainsKey($key))) { $missed += "${how}: $key" } }
}

$alone = 0
foreach ($how in @('fail', 'lost' | Where-Object { $whole -or (($changes.Count -le 16) -and (-not $TestParent) -and ($TestName -notlike 'hostile-*')) })) {
    foreach ($key in $changes) {
        Start-Scenario "alone: $how" -Silent
        $World.Auto = $true
        $World.Inject.How = $how
        $World.Inject.Only = $key
        $null = Invoke-Injected $how
        if ($World.Inject.Done.ContainsKey($key)) { $alone++ } else { $Global:Problems += "${how}, alone: $key was not tried" }
        $missed = @($missed | Where-Object { $_ -ne "${how}: $key" })
    }
}
foreach ($one in $missed) { $Global:Problems += "$one was not tried" }
if ($alone -gt 0) { "  $alone failures, each in a world of its own" }

# (f) a step that the script has a way back from is cut off, in a world of its own: before its first command has done anything, and
# when it has done all. -Retreat ends with no rule broken, nothing that users feel, and all as it was but for what it says. Each command
# of each action once, of a variant only those that the example itself does not have, unless EXM_EVERY_CHANGE is set.
$ways = @([regex]::Matches([IO.File]::ReadAllText($ScriptPath), "(?m)^    '([^']*)' = 'Get-WayBack") | ForEach-Object { $_.Groups[1].Value })
$cut = @{}
$back = 0
foreach ($key in $changes) {
    $id = $key.Substring($key.LastIndexOf(' ') + 1)
    $step = $World.Plan.Named($id)
    if (($ways -notcontains $id) -or $cut.ContainsKey($id)) { continue }
    if ((-not $whole) -and ($tried.ContainsKey($step.Runs) -or $cut.ContainsKey($step.Runs))) { continue }
    $cut[$id] = $true
    $cut[$step.Runs] = $true
    foreach ($how in 'fail', 'lost') {
        Start-Scenario "back from $id after $how" -Silent
        $World.Auto = $true
        $World.Inject.How = $how
        $World.Inject.Only = $key
        $name = "back from $id (${how}: $key)"
        $code = Invoke-Script @{ Confirm = $false }
        if ($code -eq 0) { continue }  # it was tried again, or seen to be done
        Test-Failed $name $code 4
        $World.Inject.How = ''
        Wait-Machines
        Test-Failed $name (Invoke-Script @{ Retreat = $true; Confirm = $false }) 0
        foreach ($open in $TestWatch.Strayed($World.Is, $id)) { $Global:Problems += "${name}: in the end $open" }
        $back++
    }
}
"  $back ways back taken, from $($ways.Count) steps of $($World.Plan.Steps.Count) the script has one"

foreach ($problem in @($Global:Problems | Select-Object -First 120)) { "  PROBLEM $problem" }
if ($Global:Problems.Count -eq 0) { $TestHost.Add('all scenarios hold'); 'all scenarios hold' }
