# What the script of the rolling update must do, whatever its steps are called.
function Seat([string]$Name, [string]$State) { return $World.Is["casnlb.hosts.$Name.$State"] }

function Assert-Restored {
    foreach ($name in 'EX3', 'EX4') {
        Assert ($World.Is["$name.build"] -eq '14.1.323.1') "$name is updated"
        Assert ((Seat $name 'mode') -eq 'started') "$name serves again"
        Assert ((Seat $name 'initial') -eq 'started') "$name starts by itself again"
        Assert $World.Is["$name.forefront.enabled"] "$name has Forefront again"
        Assert (-not $World.Is["$name.scom_agent.maintenance"]) "$name is watched again"
    }
    Assert-NoneBroken
}
function Assert-NoneBroken { Assert ($World.Broken.Count -eq 0) ('no rule is broken: ' + [string]::Join('; ', $World.Broken)) }

function Assert-Once([string]$What) {
    $times = @($World.Log | Where-Object { $_ -eq $What }).Count
    Assert ($times -eq 1) "'$What' happens once, not $times times"
}

Start-Scenario 'from start to end'
Assert ((Invoke-Script @{ Confirm = $false }) -eq 0) 'it ends well'
Assert-Restored
foreach ($name in 'EX3', 'EX4') {
    Assert-Once "${name}: msiexec"
    Assert-Once "controller: Restart-Computer $name"
    Assert-Once "${name}: Stop-NlbClusterNode -Drain"
}
$first = [string]::Join('|', @($World.Log))

Start-Scenario 'again with the journal of a run that ended'
[IO.File]::Copy(($Folder + '/from-start-to-end.journal'), $JournalPath)
$World.Answers = @()
Assert ((Invoke-Script @{ Confirm = $false }) -eq 0) 'it ends well'
Assert ($World.Log.Count -eq 0) 'nothing is done twice'

Start-Scenario 'what if'
$World.Answers = @()
Assert ((Invoke-Script @{ WhatIf = $true }) -eq 0) 'it ends well'
Assert ($World.Log.Count -eq 0) 'nothing is changed'
Assert (-not [IO.File]::Exists($JournalPath)) 'no journal is written'
Assert (@($TestHost | Where-Object { $_ -like 'What if:*Drain*EX4*' -or $_ -like 'What if:*drain*EX4*' }).Count -eq 1) 'each step is shown'
Assert (@($TestHost | Where-Object { $_ -like '*the plan has*' }).Count -eq 0) 'the world is as the plan says'

Start-Scenario 'what if the world has drifted'
$World.Answers = @()
$World.Is['casnlb.hosts.EX4.initial'] = 'stopped'
Assert ((Invoke-Script @{ WhatIf = $true }) -eq 0) 'it ends well'
Assert (@($TestHost | Where-Object { $_ -like 'WARNING*casnlb.hosts.EX4.initial is stopped; the plan has started*' }).Count -eq 1) 'the difference is shown'

Start-Scenario 'asked before each step'
Assert ((Invoke-Script) -eq 0) 'it ends well'
Assert-Restored
Assert (@($TestHost | Where-Object { $_ -like 'ASKED*' }).Count -ge 20) 'each step is asked for'

Start-Scenario 'the installer fails on the second server'
$World.Fail['EX4: msiexec'] = 1
Assert ((Invoke-Script @{ Confirm = $false }) -eq 4) 'it stops'
Assert ((Seat 'EX3' 'mode') -eq 'started') 'EX3 serves'
Assert ((Seat 'EX4' 'mode') -eq 'stopped') 'EX4 stays out'
Assert (@($TestHost | Where-Object { $_ -like '*casnlb.hosts.EX4.mode is stopped (observed); it was started*' }).Count -eq 1) 'it says what is open'
Assert (@($TestHost | Where-Object { $_ -like '*ended with exit code 1603*' }).Count -ge 1) 'it says why'
Assert-NoneBroken
$World.Answers = @('again')
Assert ((Invoke-Script @{ Confirm = $false }) -eq 0) 'run again it goes on'
Assert-Restored
foreach ($name in 'EX3', 'EX4') { Assert-Once "${name}: msiexec"; Assert-Once "controller: Restart-Computer $name"; Assert-Once "${name}: Stop-NlbClusterNode -Drain" }

Start-Scenario 'a person decides to stop at a step in doubt'
$World.Fail['EX3: msiexec'] = 1
Assert ((Invoke-Script @{ Confirm = $false }) -eq 4) 'it stops'
$count = $World.Log.Count
$World.Answers = @('stop')
Assert ((Invoke-Script @{ Confirm = $false }) -eq 4) 'it stops again'
Assert ($World.Log.Count -eq $count) 'nothing was done'

Start-Scenario 'a command whose effects hold though the script died'
$World.Before['EX3: fscutility /disable'] = { throw 'the session is lost' }
Assert ((Invoke-Script @{ Confirm = $false }) -eq 4) 'it stops'
$World.Before = @{}
Assert ((Invoke-Script @{ Confirm = $false }) -eq 0) 'run again it goes on'
Assert-Restored
Assert-Once 'EX3: fscutility /disable'

Start-Scenario 'a drain that works although the session is lost'
$World.Before['EX3: Stop-NlbClusterNode -Drain'] = { throw 'the session is lost' }
Assert ((Invoke-Script @{ Confirm = $false }) -eq 0) 'it ends well'
Assert-Restored
Assert (@($World.Log | Where-Object { $_ -eq 'EX3: Stop-NlbClusterNode' }).Count -eq 0) 'nobody is cut off'

Start-Scenario 'a drain that fails is replaced'
$World.Fail['EX3: Stop-NlbClusterNode -Drain'] = 1
Assert ((Invoke-Script @{ Confirm = $false }) -eq 0) 'it ends well'
Assert-Restored
Assert-Once 'EX3: Stop-NlbClusterNode'

Start-Scenario 'a host that does not answer the restart'
$World.Fail['controller: Restart-Computer EX3'] = 1
Assert ((Invoke-Script @{ Confirm = $false }) -eq 4) 'it stops'
Assert (@($World.Log | Where-Object { $_ -like '*EX4*' }).Count -eq 0) 'EX4 is not touched'

Start-Scenario 'drift before a step'
$World.Is['EX3.build'] = '14.1.289.7'
Assert ((Invoke-Script @{ Confirm = $false }) -eq 5) 'it stops'
Assert (@($World.Log | Where-Object { $_ -like '*msiexec*' }).Count -eq 0) 'nothing is installed'
Assert (@($TestHost | Where-Object { $_ -like '*EX3.build is 14.1.289.7; the plan has 14.1.218.15*' }).Count -ge 1) 'the difference is shown'

Start-Scenario 'no reboot where none is needed'
$World.RebootNeeded = $false
$World.Answers = @('yes', 'done', 'done', 'done', 'done')
Assert ((Invoke-Script @{ Confirm = $false }) -eq 0) 'it ends well'
Assert-Restored
Assert (@($World.Log | Where-Object { $_ -like '*Restart-Computer*' }).Count -eq 0) 'nothing is restarted'

Start-Scenario 'new errors after the update'
$World.Before['controller: Restart-Computer EX3'] = {
    Add-Event $World.Machines['EX3'] 'MSExchangeTransport' 1036 'Error' 241
}
Assert ((Invoke-Script @{ Confirm = $false }) -eq 4) 'it stops'
Assert ((Seat 'EX3' 'mode') -eq 'stopped') 'EX3 stays out'
Assert ($World.Is['EX3.scom_agent.maintenance']) 'EX3 stays in maintenance'
Assert-NoneBroken

Start-Scenario 'a torn line and another plan'
[IO.File]::WriteAllText($JournalPath, "2026-11-28T22:00:00`tplan`tsha256:ffff`t0`n")
Assert ((Invoke-Script @{ Confirm = $false }) -eq 2) 'the journal of another plan is refused'
$text = [IO.File]::ReadAllText($Folder + '/the-installer-fails-on-the-second-server.journal')
$cut = $text.IndexOf("`tend`t")
[IO.File]::WriteAllText($JournalPath, $text.Substring(0, $cut))
$World.Is['casnlb.hosts.EX3.initial'] = 'stopped'
$World.Answers = @('yes', 'done', 'done')
Assert ((Invoke-Script @{ Confirm = $false }) -eq 0) 'a line cut short was never finished'
Assert-Restored

$TestHost.Add('all scenarios hold')
'all scenarios hold'
