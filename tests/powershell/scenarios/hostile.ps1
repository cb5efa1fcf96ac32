# Names, paths and texts that are hard to quote never change which commands run: the script of the tame twin ($TestTwin) runs the same ones,
# and what it gives them is the same but for the names.

# An object is shown by its name.
function Show-Given($Value) {
    if (($null -eq $Value) -or ($Value -is [string]) -or ($Value -is [ValueType]) -or ($Value -is [System.Management.Automation.SwitchParameter])) { return "$Value" }
    return "[$($Value.Name)]"
}

# What a file holds is shown as its text.
function Show-All([object[]]$Values) {
    if (($Values.Count -gt 0) -and ($Values[0] -is [byte])) { return [Text.Encoding]::UTF8.GetString([byte[]]$Values) }
    return [string]::Join('+', @(foreach ($value in $Values) { Show-Given $value }))
}

function Get-Calls([string]$Of) {
    $Global:TestPlan = [ScriptTest.Plan]::new("$TestWork/$Of/plan.json", "$TestWork/$Of/facts.txt")
    $Global:TestWatch = [ScriptTest.Watch]::new($TestPlan)
    $Global:ScriptPath = "$TestWork/$Of/script.ps1"
    Start-Scenario "every command of the $Of one"
    $World.Auto = $true
    $code = Invoke-Script @{ Confirm = $false }
    Assert ($code -eq 0) ('it ends well: ' + [string]::Join(' | ', @($TestHost | Where-Object { $_ -match '^(WARNING|ERROR)' })))
    Assert ($World.Broken.Count -eq 0) ('no rule is broken: ' + [string]::Join('; ', $World.Broken))
    # each as a list of words: where, the command, what it is given
    $calls = @()
    foreach ($call in $World.Calls) {
        $where = $call[0]
        if ($where -ne 'controller') { $where = $World.Machines[$where].Name }
        $given = @(foreach ($pair in $call[2]) { $pair[0] + '='; Show-All @($pair[1]) })
        $calls += , @(@($where, $call[1]) + $given)
    }
    $Global:Found = $calls
}

Get-Calls $TestTwin
$tame = @($Found)
Get-Calls $TestName
$hostile = @($Found)
Assert ($tame.Count -gt 5) 'commands ran'
Assert ($tame.Count -eq $hostile.Count) "as many commands: $($tame.Count) and $($hostile.Count)"
$other = 0
for ($i = 0; $i -lt $tame.Count; $i++) {
    $shown = [string]::Join(' ', $hostile[$i]) + ' instead of ' + [string]::Join(' ', $tame[$i])
    Assert ($tame[$i].Count -eq $hostile[$i].Count) "command $i`: $shown"
    for ($k = 0; $k -lt $tame[$i].Count; $k++) {
        $was = $tame[$i][$k]
        $is = $hostile[$i][$k]
        # what stands in the command itself is the same for both
        if ($is -ceq $was) { continue }
        $other++
        Assert ($is -ceq [ScriptTest.Twin]::Text($was, "$TestsFolder/hostile/$TestTwin.txt")) "command $i`: $shown"
    }
}
Assert ($other -gt 3) 'hostile values reached the commands'
"  $($tame.Count) commands are the same, with $other hostile values"
$TestHost.Add('all scenarios hold')
'all scenarios hold'
