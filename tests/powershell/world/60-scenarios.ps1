# What scenarios are said in.

function Assert([bool]$Holds, [string]$What) {
    if (-not $Holds) { throw "$($Global:Scenario): $What; exit code $LASTEXITCODE; log: " + [string]::Join(' | ', $World.Log) }
}

function Start-Scenario([string]$Name, [switch]$Silent) {
    $Global:Scenario = $Name
    Reset-World
    $Global:JournalPath = $Folder + '/' + ($Name -replace '[^\w]', '-') + '.journal'
    if ([IO.File]::Exists($JournalPath)) { [IO.File]::Delete($JournalPath) }
    if (-not $Silent) { "scenario: $Name" }
}

# Runs the script, or goes on from its journal.
function Invoke-Script([hashtable]$With = @{}) {
    $Global:LASTEXITCODE = 0
    $World.Step = $null
    $World.Inject.Step = ''
    $World.Pending = @{}
    $World.Controller = @{ Modules = @{} }
    $World.WhatIf = [bool]$With['WhatIf']
    if (-not $With.ContainsKey('Journal')) { $With['Journal'] = $Global:JournalPath }
    & $TestScript $With | ForEach-Object { $TestHost.Add('OUTPUT ' + $_) }
    $code = $LASTEXITCODE
    if (($code -eq 0) -and $World.Step) { Complete-Step }
    return $code
}

# A world that is not as the plan has it. A server that is down can't be asked anything: that is another matter. Modules say what
# cannot be, whatever the types of states allow: blocks that get a state and a value.
$Script:Impossible = @{}
function Register-Impossible([string]$State, [scriptblock]$Block) { $Script:Impossible[$State] = $Block }
function Test-Driftable([string]$Variable) { return (-not $Variable.EndsWith('.up')) }
function Test-Possible([string]$Variable, $Value) {
    $block = $Script:Impossible[(Get-StateName $Variable)]
    return (($null -eq $block) -or (-not (& $block $Variable $Value)))
}
function Set-Drift([string]$Variable, $Value) {
    if ($null -ne $Value) { $Value = $Value.PSObject.BaseObject }
    $World.Is[$Variable] = $Value
}
