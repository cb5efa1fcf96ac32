# How stubs are made: their parameters come from the tables in documented/, what they do from modules/.

$Script:Programs = @{}
$Script:Present = @{}

# Where a module or snap-in is installed: a block that says so of a machine. Modules that nobody speaks of are everywhere.
function Register-Module([string]$Name, [scriptblock]$On) { $Script:Present[$Name] = $On }
function Test-Installed([string]$Name) {
    if (-not $Script:Present.ContainsKey($Name)) { return $true }
    return [bool](& $Script:Present[$Name] $World.Here)
}

# A command, by its documented name. The block is its body; the parameters are variables in it.
function Stub([string]$Name, [scriptblock]$Body) {
    $command = $TestDocumented.Commands[$Name]
    if ($null -eq $command) { throw "documented/ does not have $Name" }
    $text = "function script:$Name {`n" + $command.Declaration() + @"
process {
    if (`$PSBoundParameters.ContainsKey('ErrorAction')) { `$quiet = 'SilentlyContinue', 'Ignore' -contains [string]`$PSBoundParameters['ErrorAction'] } else { `$quiet = `$false }
    `$ErrorActionPreference = 'Stop'
    `$bound = `$PSBoundParameters
    try {
        `$lost = Enter-Command '$Name' `$bound $(if ($command.Asks) { '$true' } else { '$false' })
        try { & {
$Body
        } } finally { `$World.Depth-- }
        Exit-Command `$lost
    } catch { if (`$quiet) { return }; throw }
} }
"@
    . ([scriptblock]::Create($text))
}

# Some bodies go under several names: virtual directories, feature cmdlets.
function StubAlike([string[]]$Names, [scriptblock]$Body) { foreach ($name in $Names) { Stub $name ([scriptblock]::Create($Body.ToString().Replace('THIS', $name))) } }

# A program, by the name of its file: the block gets its arguments as it was given them and returns its exit code.
# -At: a block that says whether it is where it was looked for.  -Looks: a block that says whether it only looks.
function StubProgram([string]$Name, [scriptblock]$Body, [scriptblock]$At = $null, [scriptblock]$Looks = $null) {
    $Script:Programs[$Name.ToLower()] = @{ Name = $Name; Body = $Body; At = $At; Looks = $Looks }
}

# Programs whose names are the plan's: blocks that give one for a path.
$Script:MorePrograms = @()
function Register-Program([scriptblock]$Block) { $Script:MorePrograms += $Block }
function Find-Program([string]$Path) { foreach ($block in $Script:MorePrograms) { $found = & $block $Path; if ($null -ne $found) { return $found } } }

function Enter-Command([string]$Name, $Bound, [bool]$Asks) {
    $command = $TestDocumented.Commands[$Name]
    $World.Depth++
    if (($command.Module -ne '') -and (-not (Get-Session).Modules.ContainsKey($command.Module)) -and (-not (($command.Module -eq 'Exchange') -and (Test-ExchangeShell)))) {
        $World.Depth--
        throw "The term '$Name' is not recognized: the module '$($command.Module)' is not loaded on $($World.Here)."
    }
    if ($Asks -and (-not ($Bound.ContainsKey('Confirm') -and (-not $Bound['Confirm']))) -and (-not $Bound.ContainsKey('Force'))) {
        $World.Depth--
        throw "$Name asks whether it may, and nobody is there to answer: -Confirm:`$false"
    }
    Add-Call $Name $Bound
    if ((-not $command.Changes) -or ($World.Depth -gt 1)) { return $false }
    $wanted = Enter-Change $Name
    if ($wanted -and ($World.Inject.How -eq 'fail')) {
        $World.Depth--
        throw 'It fails, as the test wants it.'
    }
    return $wanted
}

function Exit-Command([bool]$Lost) {
    if ($Lost) { throw 'The session is lost, as the test wants it.' }
}

# Each change can be made to fail before it has done anything ('fail'), or the session lost when it is done ('lost'): once each,
# and no two in one run of a step. Gives whether this one is to.
function Enter-Change([string]$Name) {
    $World.Count++
    $World.Seen[$Name] = 1 + [int]$World.Seen[$Name]
    $inject = $World.Inject
    $key = "$Name, time $($World.Seen[$Name]) in step $($World.Step)"
    $World.Changes += $key
    if (($inject.Only -ne '') -and ($key -ne $inject.Only)) { return $false }
    if (($inject.How -ne '') -and ($inject.Long -or ($inject.Spared.Count -gt 0))) {
        $step = $World.Plan.Named($World.Step)
        if ($inject.Spared.ContainsKey($step.Runs)) { return $false }
        if ($inject.Long) { $key = "$Name, time $($World.Seen[$Name]) in $($step.Action)" }
    }
    if (($inject.How -eq '') -or $inject.Done.ContainsKey($key) -or ($inject.Step -eq $World.Step)) { return $false }
    $inject.Done[$key] = $true
    $inject.Step = $World.Step
    $inject.Last = $key
    return $true
}

# What ran, with all that it was given: two worlds that differ in names only must have the same list.
function Add-Call([string]$Name, $Bound) {
    $given = @(foreach ($key in @($Bound.Keys)) { , @($key, $Bound[$key]) })
    $World.Calls += , @($World.Here, $Name, $given)
}

# Runs a program: its arguments as a list, or as one line. $LASTEXITCODE as Windows leaves it.
function Invoke-Program([string]$Path, [object[]]$Arguments) {
    $name = $Path.Substring([Math]::Max($Path.LastIndexOf('\'), $Path.LastIndexOf('/')) + 1).ToLower()
    $program = $Script:Programs[$name]
    if ($null -eq $program) { $program = Find-Program $Path }
    if (($null -eq $program) -or (($null -ne $program.At) -and (-not (& $program.At $Path)))) {
        throw "The system cannot find the file specified: $Path on $($World.Here)."
    }
    $World.ProgramPath = $Path
    Add-Call $program.Name @{ Path = $Path; Arguments = $Arguments }
    $given = @($Arguments)
    $wanted = ($World.Depth -le 1) -and (-not (($null -ne $program.Looks) -and (& $program.Looks @given))) -and (Enter-Change $program.Name)
    $World.Failing = $wanted -and ($World.Inject.How -eq 'fail')
    $World.Depth++
    try { $code = & $program.Body @given } finally { $World.Depth--; $World.Failing = $false }
    $Global:LASTEXITCODE = [int](@($code)[-1])
    if (@($code).Count -gt 1) { @($code)[0..(@($code).Count - 2)] }
    Exit-Command ($wanted -and ($World.Inject.How -eq 'lost'))
}

$ExecutionContext.InvokeCommand.CommandNotFoundAction = {
    param($Name, $Found)
    $leaf = $Name.Substring([Math]::Max($Name.LastIndexOf('\'), $Name.LastIndexOf('/')) + 1).ToLower()
    if ($leaf.EndsWith('.ps1') -and $TestDocumented.Commands.ContainsKey($leaf)) {
        if ($Name -eq "C:\Exchange\Scripts\$leaf") { $Found.Command = $ExecutionContext.InvokeCommand.GetCommand($leaf, 'Function') }
        return
    }
    if (-not ((Test-Program $leaf) -or ($null -ne (Find-Program $Name)))) { return }
    $Found.StopSearch = $true
    $Global:ProgramPath = $Name
    $Found.CommandScriptBlock = { Invoke-Program $Global:ProgramPath $args }
}
function Test-Program([string]$Leaf) { return $Script:Programs.ContainsKey($Leaf) }
