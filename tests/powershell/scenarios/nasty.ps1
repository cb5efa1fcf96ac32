# A script whose names, texts and questions are hard to quote: all of it stays data. And the logic that every script has.
function Set-It([string]$Name, [string]$Text, [string]$Key, [DateTime]$When, [int]$Number, [string[]]$List, [string]$Colour) {
    if ($World.Fail.ContainsKey('once')) { $World.Fail.Remove('once'); throw 'not this time' }
    $World.Things[$Name]['text'] = $Text
    $World.Things[$Name]['number'] = $Number
    $World.Things[$Name]['colour'] = $Colour
    Add-Change ('{0}|{1}|{2}|{3}|{4}' -f $Name, $Text, $Key, $When.ToString('s'), [string]::Join('+', $List))
}
function Get-It([string]$Name, [string]$What) { return $World.Things[$Name][$What] }

function Reset-Things {
    $World.Things = @{}
    foreach ($name in $first, $second) {
        $World.Things[$name] = @{ text = ' old '; number = 1; colour = 'RED'; build = '1.10.0.0'; flag = 'No'; maybe = '' }
    }
    $World.Answers = @('key''s', 'yes', 'yes')
}

$right = [char]0x2019
$left = [char]0x2018
$first = "O'Ne" + $right + 'il $(Stop-Computer) `n"#>'
$second = 'M' + [char]0xFC + 'nchen.' + $left + 'x' + $left
$text = "it's " + [char]0x201C + 'new' + [char]0x201D + '; $x #>'

Start-Scenario 'nothing in a name is code'
Reset-Things
$World.Answers += @('done', 'done', 'done', 'yes', 'done', 'done', 'done')
$World.Fail['once'] = 1
# the person who is asked to flag a thing does so
$Global:NewText = $text
function Set-Flag { foreach ($thing in $World.Things.Values) { if ($thing.text -ceq $NewText) { $thing.flag = 'YES' } } }
function Read-Host([string]$Prompt, [switch]$AsSecureString) {
    $TestHost.Add('QUESTION ' + $Prompt)
    if ($World.Answers.Count -eq 0) { throw "nobody answers: $Prompt" }
    if ($Prompt -like '*Say done*') { Set-Flag }
    $answer, $rest = $World.Answers
    $World.Answers = @($rest)
    return $answer
}
Assert ((Invoke-Script @{ Confirm = $false }) -eq 0) 'it ends well'
Assert ($World.Log.Count -eq 2) 'two commands ran'
Assert ($World.Log[0] -ceq ('EX3: {0}|{1}|key''s|2026-11-28T22:00:00|a''b+c' -f $first, $text)) 'the first got what it should'
Assert ($World.Log[1] -ceq ('EX4: {0}|{1}|key''s|2026-11-28T22:00:00|a''b+c' -f $second, $text)) 'the second got what it should'
Assert (@($TestHost | Where-Object { $_ -eq ('  Flag ' + $first + ' by hand: a' + $right + 'b') }).Count -eq 1) 'a person reads the name'
Assert (@($TestHost | Where-Object { $_ -like ('*rm ''O''\''''Ne' + $right + 'il $(Stop-Computer)*') }).Count -eq 1) 'a shell command is quoted for a shell'
Assert (@($TestHost | Where-Object { $_ -like 'QUESTION*Really*' }).Count -eq 2) 'each step is confirmed'
Assert (@($TestHost | Where-Object { $_ -like 'QUESTION*Gate*' }).Count -eq 1) 'the gate is asked once'
Assert (@($TestHost | Where-Object { $_ -like 'QUESTION The secret*' }).Count -eq 1) 'the secret is asked for once'
$journal = [IO.File]::ReadAllText($JournalPath)
Assert (-not $journal.Contains('key''s')) 'no secret is in the journal'

Start-Scenario 'a requirement that does not hold'
Reset-Things
$World.Things[$first].build = '1.8.9'
Assert ((Invoke-Script @{ Confirm = $false }) -eq 5) 'it stops'
Assert ($World.Log.Count -eq 0) 'nothing was done'

Start-Scenario 'what a probe says and the state cannot be is unknown'
Reset-Things
$World.Things[$first].colour = 'purple'
Assert ((Invoke-Script @{ Confirm = $false }) -eq 5) 'it stops'
Assert (@($TestHost | Where-Object { $_ -like '*is taken as unknown: the probe says ''purple''*' }).Count -ge 1) 'it says what it saw'

Start-Scenario 'resumed from a step by the word of a person'
Reset-Things
$World.Answers = @('key', 'yes', 'done', 'done', 'done')
$World.Things[$first].text = $text
Assert ((Invoke-Script @{ Confirm = $false; ResumeFrom = '2s' }) -eq 0) 'it ends well'
Assert ($World.Log.Count -eq 1) 'only the second was done'
Assert ((Invoke-Script @{ Confirm = $false; ResumeFrom = 'nowhere' }) -eq 2) 'a step that is not there is refused'

Start-Scenario 'a host that hangs'
Reset-Things
function Set-It { throw 'it hangs' }
Assert ((Invoke-Script @{ Confirm = $false }) -eq 4) 'it stops'
Assert (@($TestHost | Where-Object { $_ -like '*may still be running*' }).Count -ge 1) 'it says so'

Start-Scenario 'three-valued logic'
$script = [IO.File]::ReadAllText($ScriptPath)
$begin = $script.IndexOf('#region What is known of the world')
$end = $script.IndexOf('#region The journal')
. ([scriptblock]::Create($script.Substring($begin, $end - $begin)))
$u = $null
$t = $true
$f = $false
$none = [DBNull]::Value
$rows = @(
    @('and', (Test-All $t $t), $t), @('and', (Test-All $t $u), $u), @('and', (Test-All $u $f), $f), @('and', (Test-All), $t),
    @('or', (Test-Any $f $u), $u), @('or', (Test-Any $u $t), $t), @('or', (Test-Any), $f), @('not', (Test-Not $u), $u),
    @('==', (Test-Equal $u $u), $u), @('==', (Test-Equal 'a' 'A'), $f), @('==', (Test-Equal $none $none), $t), @('==', (Test-Equal $none $u), $u),
    @('==', (Test-Equal 'a' $none), $f), @('==', (Test-Equal (New-Set 'a' 'b') (New-Set 'b' 'a')), $t), @('==', (Test-Equal (New-Set 'a') (New-Set)), $f),
    @('version', (Test-EqualVersion '14.1' '14.01.0'), $t), @('version', (Test-Less '14.9' '14.10'), $t), @('version', (Test-Less '2' '1.9'), $f),
    @('<', (Test-Less 1 $u), $u), @('<', (Test-Less (New-Bounds 1 3) 4), $t), @('<', (Test-Less (New-Bounds 1 3) 3), $u), @('<', (Test-Less (New-Bounds 3 4) 3), $f),
    @('<=', (Test-LessOrEqual 3 (New-Bounds 3 4)), $t), @('<=', (Test-LessOrEqual 4 (New-Bounds 3 4)), $u), @('<=', (Test-LessOrEqual 5 (New-Bounds 3 4)), $f),
    @('count', (Test-LessOrEqual 2 (Measure-True $t $u $t $f)), $t), @('count', (Test-LessOrEqual 3 (Measure-True $t $u $t $f)), $u),
    @('count', (Test-Equal (Measure-True $t $u) (Measure-True $f $f)), $f), @('count', (Measure-True), 0), @('known', (Test-Known $u), $f), @('known', (Test-Known $f), $t),
    @('in', (Test-In 'a' (New-Set 'a' $u)), $t), @('in', (Test-In 'b' (New-Set 'a' $u)), $u), @('in', (Test-In 'b' (New-Set)), $f), @('in', (Test-In $u (New-Set 'a')), $u),
    @('if', (Select-Value $u 1 1), 1), @('if', (Select-Value $u 1 2), $u), @('if', (Select-Value $f 1 2), 2),
    @('sum', (Test-Less (Measure-Sum 1 (Select-Bounds $u 0 2)) 4), $t), @('sum', (Test-Less (Measure-Sum 1 (Select-Bounds $u 0 2)) 3), $u), @('sum', (Measure-Sum 1 $u), $u),
    @('-', (Measure-Difference 5 7), -2), @('*', (Measure-Product 5 $u), $u), @('/', (Measure-Quotient -7 2), -3), @('/', (Measure-Quotient 1 0), $u)
)
foreach ($row in $rows) {
    $same = ($null -eq $row[1]) -eq ($null -eq $row[2])
    Assert ($same -and ($row[1] -eq $row[2])) ("$($row[0]): " + (Format-Value $row[1]) + ' is not ' + (Format-Value $row[2]))
}
"$($rows.Count) rows of logic"

$TestHost.Add('all scenarios hold')
'all scenarios hold'
