# What every plan's script must do, whatever it is about.

function Test-Failed([string]$Name, [int]$Code, [int[]]$Wanted) {
    if ($Wanted -notcontains $Code) {
        $Global:Problems += "${Name}: exit code $Code, not $($Wanted -join ' or ')"
        Show-Last
    }
    foreach ($broken in $World.Broken) { $Global:Problems += "${Name}: $broken" }
    $World.Broken = @()
}
function Show-Last { if ($Global:Shown++ -lt 4) { foreach ($line in @($TestHost | Where-Object { $_ -notlike '* not begun *' } | Select-Object -Last 25)) { $Global:Problems += "    | $line" } } }
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
foreach ($line in @($TestHost | Where-Object { $_ -like 'WARNING*' })) { $Global:Problems += "from start to end: $line" }

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
if ($World.Changes.Count -gt 0) { $Global:Problems += 'what if: ' + $World.Changes[0][1] + ' is run' }
foreach ($variable in @($World.Is.Keys)) { if (-not $TestWatch.Same($variable, $before[$variable], $World.Is[$variable])) { $Global:Problems += "what if: $variable is changed" } }
if ([IO.File]::Exists($JournalPath)) { $Global:Problems += 'what if: a journal is written' }
foreach ($line in @($TestHost | Where-Object { $_ -like 'WARNING*' })) { $Global:Problems += "what if: $line" }

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
    foreach ($variable in $probed) {
        $others = @($TestWatch.Others($variable, $World.Is[$variable]))
        if ($round -ge $others.Count) { continue }
        if ($null -eq $World.Is[$variable]) { continue }
        $value = $others[$round]
        $expected += , @($variable, $value)
        Set-Drift $variable $value
    }
    if ($expected.Count -eq 0) { break }
    Test-Failed 'what if it has drifted' (Invoke-Script @{ WhatIf = $true }) 0
    foreach ($pair in $expected) {
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
    $others = @($TestWatch.Others($variable, $World.Is[$variable]))
    if ($others.Count -eq 0) { continue }
    $World.Auto = $true
    Set-Drift $variable $others[$others.Count - 1]
    $code = Invoke-Script @{ Confirm = $false }
    if ($code -eq 5) { $refused++ }
    if (($code -eq 5) -and ($World.Changes.Count -gt 0)) { $Global:Problems += "drift of ${variable}: changes before it is refused" }
    if (($code -ne 5) -and (@($TestHost | Where-Object { $_ -like '*nothing to do: it is so already*' }).Count -eq 0)) { $Global:Problems += "drift of $variable is not refused: exit code $code" }
    $World.Broken = @()
}
"  $refused states that the first step is refused for"

# (c) each change fails, or is done and the session lost; then the script goes on to the end
$tried = @{}
$runs = 0
$of = 0
for ($i = 0; $i -lt $changes.Count; $i++) {
    $step, $command = $changes[$i]
    foreach ($how in 'fail', 'lost') {
        $of++
        $key = $World.Plan.Steps[$step].Template + ' ' + $command + ' ' + $how
        if ($tried.ContainsKey($key) -and (($changes.Count -gt $Most) -or $tried[$key])) { continue }
        $tried[$key] = $true
        $runs++
        $name = "$command in step $step, $how"
        Start-Scenario "failure $i $how" -Silent
        $World.Auto = $true
        $World.Inject = @{ At = $i + 1; How = $how }
        Test-Failed $name (Invoke-Script @{ Confirm = $false }) 0, 4
        $World.Inject = @{ At = 0; How = '' }
        Step-Clock 900  # somebody looks at it, and goes on
        Test-Failed "$name, gone on" (Invoke-Script @{ Confirm = $false }) 0
        Test-Open "$name, gone on"
    }
}
"  $runs failures of $of, each command of each action at least once; each gone on from to the end"

foreach ($problem in @($Global:Problems | Select-Object -First 120)) { "  PROBLEM $problem" }
if ($Global:Problems.Count -eq 0) { $TestHost.Add('all scenarios hold'); 'all scenarios hold' }
