# Windows beside its services: reboots, files, the registry, event logs, processes.
# Microsoft Learn: Restart-Computer, Test-Connection, Get-EventLog, Test-Path, Get-Item, Select-String, Start-Process.

$env:ExchangeInstallPath = 'C:\Exchange'

Stub 'Restart-Computer' {
    foreach ($address in $ComputerName) {
        $machine = Get-Machine $address
        if ((Test-Failing "Restart-Computer $($machine.Name)") -or (-not (Test-Up $machine))) { throw 'Access is denied.' }
        Restart-Machine $machine
        Add-Change "Restart-Computer $($machine.Name)"
    }
}
Stub 'Test-Connection' { return (Test-Up (Get-Machine $ComputerName[0])) }

# ------------------------------------------------------------------------------------------------- files and the registry

# Files that can be read on a server: what the plan's updates are in, Exchange's setup program, the logs.
function Get-FileHere([string]$Path) {
    $machine = Get-Here
    if (($null -ne $machine) -and $machine.Files.ContainsKey($Path)) { return $machine.Files[$Path] }
    foreach ($block in $Script:Files) { $found = & $block $machine $Path; if ($null -ne $found) { return $found } }
}

# The four places that say that Windows wants to be restarted. Which of them is in use changes from server to server.
$Script:PendingKeys = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending', 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired'
function Get-PendingWay($Machine) { return ($Machine.Name.Length % 4) }
function Test-Pending($Machine) { return ((Get-Is ($Machine.Path + '.reboot_pending') $false) -ne $false) }

# A registry key: a hash table of its values, or $null where there is none.
function Get-Key([string]$Path) {
    $machine = Get-Here
    foreach ($block in $Script:Registry) { $found = & $block $machine $Path; if ($null -ne $found) { return $found } }
}
Register-Registry {
    param($machine, $path)
    $way = -1
    if (Test-Pending $machine) { $way = Get-PendingWay $machine }
    if (($path -eq $Script:PendingKeys[0]) -and ($way -eq 0)) { return @{} }
    if (($path -eq $Script:PendingKeys[1]) -and ($way -eq 1)) { return @{} }
    if ($path -eq 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager') {
        if ($way -eq 2) { return @{ PendingFileRenameOperations = @('\??\C:\old.dll', '') } }
        return @{ Other = 1 }
    }
    if ($path -eq 'HKLM:\SOFTWARE\Microsoft\Updates') {
        if ($way -eq 3) { return @{ UpdateExeVolatile = 1 } }
        return @{ UpdateExeVolatile = 0 }
    }
}

Stub 'Test-Path' {
    $path = @($Path + $LiteralPath | Where-Object { $_ })[0]
    if ($path -like 'HK*:\*') { return ($null -ne (Get-Key $path)) }
    return ($null -ne (Get-FileHere $path))
}
Stub 'Get-Item' {
    $path = @($Path + $LiteralPath | Where-Object { $_ })[0]
    if ($path -notlike 'HK*:\*') {
        $file = Get-FileHere $path
        if ($null -eq $file) { throw "Cannot find path '$path' because it does not exist." }
        return $file
    }
    $values = Get-Key $path
    if ($null -eq $values) { throw "Cannot find path '$path' because it does not exist." }
    $key = [pscustomobject]@{ Path = $path }
    $key.PSObject.Members.Add([System.Management.Automation.PSScriptMethod]::new('GetValue', { if ($args.Count -gt 1 -and -not $values.ContainsKey($args[0])) { $args[1] } else { , $values[$args[0]] } }.GetNewClosure()))
    return $key
}
Stub 'Get-ItemProperty' {
    $path = @($Path + $LiteralPath | Where-Object { $_ })[0]
    $values = Get-Key $path
    if ($null -eq $values) { throw "Cannot find path '$path' because it does not exist." }
    return [pscustomobject]$values
}
Stub 'Select-String' {
    $path = @($Path + $LiteralPath | Where-Object { $_ })[0]
    $file = Get-FileHere $path
    if ($null -eq $file) { throw "Cannot find path '$path' because it does not exist." }
    $number = 0
    foreach ($line in @($file.Lines)) {
        $number++
        if ($SimpleMatch) { $hit = ($line.IndexOf($Pattern[0], [StringComparison]::OrdinalIgnoreCase) -ge 0) } else { $hit = ($line -match $Pattern[0]) }
        if ($hit) { [pscustomobject]@{ Line = $line; LineNumber = $number; Path = $path } }
    }
}

# ------------------------------------------------------------------------------------------------------------ event logs

# A look at the errors of the Application log is what makes a server trusted again.
Stub 'Get-EventLog' {
    $machine = Get-Here
    if ($ComputerName) { $machine = Get-Machine $ComputerName[0] }
    if (($LogName -eq 'Application') -and ($EntryType -contains 'Error') -and (-not $Before)) { $machine.Looked = $World.Now }
    $found = @($machine.Events | Where-Object { $_.Log -eq $LogName })
    if ($LogName -eq 'Application') { $found += @(Get-FaultsOf $machine) }
    foreach ($event in $found) {
        if ($Source -and ($Source -notcontains $event.Source)) { continue }
        if ($EntryType -and ($EntryType -notcontains $event.EntryType)) { continue }
        if ($After -and ($event.TimeGenerated -le $After)) { continue }
        if ($Before -and ($event.TimeGenerated -ge $Before)) { continue }
        $event
    }
}
# What a server that is not well writes all the time.
function Get-FaultsOf($Machine) {
    if ((Get-Is ($Machine.Path + '.health') 'good') -ne 'bad') { return }
    [pscustomobject]@{ Log = 'Application'; Source = 'MSExchange Common'; EventID = 4999; EntryType = 'Error'; TimeGenerated = $World.Now.AddSeconds(1) }
}
function Add-Event($Machine, [string]$Source, [int]$Id, [string]$Type, [int]$In = 0) {
    $Machine.Events += [pscustomobject]@{ Log = 'Application'; Source = $Source; EventID = $Id; EntryType = $Type; TimeGenerated = $World.Now.AddSeconds($In) }
}

# ------------------------------------------------------------------------------------------------------------- processes

# A windowed program is waited for by -Wait alone, and shows its exit code by -PassThru alone.
Stub 'Start-Process' {
    if (-not ($Wait -and $PassThru)) { Add-Broken "$FilePath is started, and nobody waits for it or sees its exit code" }
    $code = $Global:LASTEXITCODE
    Invoke-Program $FilePath @($ArgumentList -join ' ')
    $ended = $Global:LASTEXITCODE
    $Global:LASTEXITCODE = $code
    return [pscustomobject]@{ ExitCode = $ended; HasExited = $true }
}
Stub 'Get-Process' { }

# The words of a command line, quotation marks taken off.
function Split-Line([string]$Line) {
    foreach ($match in [regex]::Matches($Line, '(?:[^\s"]|"[^"]*")+')) { $match.Value.Replace('"', '') }
}
