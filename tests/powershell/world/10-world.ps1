# The world that a script runs in: its state by the names that the plan has for it, a clock of its own, and what is watched.
#
# $World.Is['EX3.services.W3SVC.running'] is how something is; $null is "nobody knows". Files in modules/ say what commands do to
# it, and what Windows and the products do by themselves.

$Script:Builds = @()      # what else is there when a world is made: blocks
$Script:Hooks = @{}       # what happens by itself: by the event, blocks that get a machine
$Script:Moved = @{}       # the states ('kind.state') that the world itself moves; all others follow the plan's steps
$Script:Looks = @{}       # of these, those that become good only when the script has looked

function Register-Build([scriptblock]$Block) { $Script:Builds += $Block }
function Register-Hook([string]$Event, [scriptblock]$Block) { $Script:Hooks[$Event] = @($Script:Hooks[$Event] | Where-Object { $_ }) + $Block }
function Register-State([string]$Kind, [string[]]$States) { foreach ($state in $States) { $Script:Moved["$Kind.$state"] = $true } }
function Register-Look([string]$State) { $Script:Looks[$State] = $true }
function Invoke-Hook([string]$Event, $Machine) { foreach ($block in @($Script:Hooks[$Event])) { if ($block) { & $block $Machine } } }

function Reset-World {
    $Global:World = @{
        Plan = $TestPlan; Is = $TestStates; Objects = $TestPlan.Objects; Kinds = @{}; Machines = @{}
        Now = $TestPlan.Begins; Due = @(); Here = 'controller'; Session = $null; Controller = @{ Modules = @{} }
        Step = $null; Pending = @{}; Log = @(); Calls = @(); Broken = @(); Count = 0; Depth = 0; Inject = @{ How = ''; Done = @{}; Step = ''; Last = ''; Only = ''; Long = $false; Spared = @{} }; Seen = @{}
        Answers = @(); Auto = $false; Changes = @(); Effects = @{}; Failing = $false; Fail = @{}; Before = @{}; RebootNeeded = $true; WhatIf = $false; Quiet = $false
    }
    $World.Is.Clear()
    foreach ($variable in @($TestPlan.Start.Keys)) { $World.Is[$variable] = $TestPlan.Start[$variable] }
    foreach ($thing in $World.Objects.Values) {
        if (-not $World.Kinds.ContainsKey($thing.Kind)) { $World.Kinds[$thing.Kind] = @() }
        $World.Kinds[$thing.Kind] += $thing
    }
    $World.Quiet = $true
    foreach ($block in $Script:Builds) { & $block }
    $World.Quiet = $false
    $TestHost.Clear()
    $TestWatch.Begin($World.Is)
}

# ------------------------------------------------------------------------------------------------------------- objects

function Get-Things([string]$Kind) { @($World.Kinds[$Kind] | Where-Object { $_ }) }

# The objects of a kind that are parts of another one, or that name it in a fact.
function Get-PartsOf([string]$Kind, [string]$Owner, [string]$Fact = '') {
    foreach ($thing in @(Get-Things $Kind)) {
        if (($Fact -eq '') -and ($thing.Owner -ceq $Owner)) { $thing }
        if (($Fact -ne '') -and ($thing.Facts[$Fact] -ceq $Owner)) { $thing }
    }
}

function Test-Thing($Thing) { return ($World.Is[$Thing.Path + '.exists'] -ne $false) }

# The value of a state, or what stands for it where the plan does not have it.
function Get-Is([string]$Variable, $Otherwise = $null) {
    if ($World.Is.ContainsKey($Variable)) { return $World.Is[$Variable] }
    return $Otherwise
}
function Set-Is([string]$Variable, $Value) { $World.Is[$Variable] = $Value }

# ------------------------------------------------------------------------------------------------- changes and the clock

# Every change is logged, and the rules are looked at. $World.Before['EX3: msiexec'] is run then.
function Add-Change([string]$What) {
    if ($World.Quiet) { return }
    $key = $World.Here.Split('.')[0] + ': ' + $What
    $World.Log += $key
    Watch-World $key
    if ($World.Before.ContainsKey($key)) { & $World.Before[$key] }
}

function Watch-World([string]$After) {
    foreach ($rule in $TestWatch.Broken($World.Is, $World.Pending)) { Add-Broken "${rule}: after $After" }
}

function Add-Broken([string]$What) {
    if ($World.Step) { $What = "step $($World.Step): $What" }
    if ($World.Broken -notcontains $What) { $World.Broken += $What }
}

function Add-Due([int]$Seconds, [scriptblock]$Block, $With) { $World.Due += @{ At = $World.Now.AddSeconds($Seconds); Block = $Block; With = $With } }

# Time passes, and what is due on the way happens.
function Step-Clock([double]$Seconds) {
    $until = $World.Now.AddSeconds($Seconds)
    for (;;) {
        $next = $null
        foreach ($due in $World.Due) { if (($due.At -le $until) -and (($null -eq $next) -or ($due.At -lt $next.At))) { $next = $due } }
        if ($null -eq $next) { break }
        $World.Due = @($World.Due | Where-Object { -not [object]::ReferenceEquals($_, $next) })
        if ($next.At -gt $World.Now) { $World.Now = $next.At }
        & $next.Block $next.With
    }
    $World.Now = $until
    if ($World.Now -gt $TestPlan.Begins.AddDays(30)) { throw [InvalidOperationException]'the script waits for ever' }
}

# ---------------------------------------------------------------------------------------------------- the plan's steps

# Seen by the line that the script writes for it. What no command of the world moves follows the plan: it is so when the step ends.
function Enter-Step([string]$Id) {
    if ($World.WhatIf) { return }
    if ($World.Step) { Complete-Step }
    $World.Step = $Id
    $World.Seen = @{}
    $World.Pending = @{}
    $World.Effects = $TestWatch.Applied($Id, $World.Is)
    foreach ($variable in @($World.Effects.Keys)) {
        $state = Get-StateName $variable
        if ((-not $Script:Moved.ContainsKey($state)) -or $Script:Looks.ContainsKey($state)) { $World.Pending[$variable] = $World.Effects[$variable] }
    }
}

function Get-StateName([string]$Variable) {
    $at = $Variable.LastIndexOf('.')
    $thing = $World.Objects[$Variable.Substring(0, $at)]
    if ($null -eq $thing) { return $Variable }
    return ($thing.Kind + $Variable.Substring($at))
}

# A step that the script takes for done: the world must be as the plan says.
function Complete-Step {
    foreach ($variable in @($World.Pending.Keys)) {
        $state = Get-StateName $variable
        if (-not $Script:Moved.ContainsKey($state)) { $World.Is[$variable] = $World.Pending[$variable] }
        elseif ($null -ne $World.Pending[$variable]) { Confirm-Look $variable $World.Pending[$variable] }
    }
    foreach ($variable in @($World.Effects.Keys)) {
        $wanted = $World.Effects[$variable]
        if (($null -ne $wanted) -and (-not $TestWatch.Same($variable, $World.Is[$variable], $wanted))) {
            Add-Broken ("it is taken as done, but $variable is " + [ScriptTest.Watch]::Say($World.Is[$variable]) + ', not ' + [ScriptTest.Watch]::Say($wanted))
        }
    }
    $step = $World.Step
    $World.Pending = @{}
    Watch-World 'its end'
    $World.Step = $null
}

# Whether all that the running step gives is there. It answers for the person who is asked.
function Test-StepDone {
    foreach ($variable in @($World.Effects.Keys)) {
        if ($World.Pending.ContainsKey($variable)) { continue }
        if (($null -ne $World.Effects[$variable]) -and (-not $TestWatch.Same($variable, $World.Is[$variable], $World.Effects[$variable]))) { return $false }
    }
    return $true
}

# A person does what a step is about.
function Complete-ByHand {
    foreach ($variable in @($World.Effects.Keys)) { if ($null -ne $World.Effects[$variable]) { $World.Is[$variable] = $World.Effects[$variable] } }
    Invoke-Hook 'by hand' $null
    Add-Change "by hand: step $($World.Step)"
}
