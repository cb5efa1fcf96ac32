# Names, paths and texts that are hard to quote never change which commands run: the script of the tame twin runs the same ones,
# and what it gives them is the same but for the names.

# An object is shown by its name.
function Show-Given($Value) {
    if (($null -eq $Value) -or ($Value -is [string]) -or ($Value -is [ValueType]) -or ($Value -is [System.Management.Automation.SwitchParameter])) { return "$Value" }
    return "[$($Value.Name)]"
}

function Get-Calls([string]$Of) {
    $Global:TestPlan = [ScriptTest.Plan]::new("$TestWork/$Of/plan.json", "$TestWork/$Of/facts.txt")
    $Global:TestWatch = [ScriptTest.Watch]::new($TestPlan)
    $Global:ScriptPath = "$TestWork/$Of/script.ps1"
    Start-Scenario "every command of the $Of one"
    $World.Auto = $true
    $code = Invoke-Script @{ Confirm = $false }
    Assert ($code -eq 0) 'it ends well'
    Assert ($World.Broken.Count -eq 0) ('no rule is broken: ' + [string]::Join('; ', $World.Broken))
    $lines = @()
    foreach ($call in $World.Calls) {
        $where = $call[0]
        if ($where -ne 'controller') { $where = $World.Machines[$where].Name }
        $given = @(foreach ($pair in $call[2]) { $pair[0] + '=' + [string]::Join('+', @(foreach ($value in @($pair[1])) { Show-Given $value })) })
        $lines += $where + ' > ' + $call[1] + ' ' + [string]::Join(' ', $given)
    }
    $Global:Found = $lines
}

# what stands for what, longest first
$pairs = @(foreach ($line in [IO.File]::ReadAllLines("$TestsFolder/hostile/pairs.txt")) { $part = $line.Split("`t"); , @($part[0], [ScriptTest.Facts]::Bare('"' + $part[1] + '"')) })

Get-Calls 'tame'
$tame = @($Found)
Get-Calls 'hostile'
$hostile = @($Found)
Assert ($tame.Count -gt 100) 'commands ran'
Assert ($tame.Count -eq $hostile.Count) "as many commands: $($tame.Count) and $($hostile.Count)"
for ($i = 0; $i -lt $tame.Count; $i++) {
    $wanted = $tame[$i]
    foreach ($pair in $pairs) { $wanted = $wanted.Replace($pair[0], $pair[1]) }
    Assert ($wanted -ceq $hostile[$i]) "command $i`: $($hostile[$i]) instead of $wanted"
}
"  $($tame.Count) commands are the same"
$TestHost.Add('all scenarios hold')
'all scenarios hold'
