#include "runtime/show/powershell_runtime.h"

namespace exm::show {

const std::string_view powershell_hosts = R"PS(
#region Hosts and people

# The open session on a host: a new one where there is none or the last one broke. The modules that its commands need are
# loaded once in each.
function Get-HostSession([string]$Name) {
    $session = $Script:Sessions[$Name]
    if (($null -ne $session) -and ($session.State.ToString() -eq 'Opened')) { return $session }
    Close-HostSession $Name
    $at = $Script:Hosts[$Name]
    $with = @{ ComputerName = $at['Address']; Authentication = $Script:Authentication; ErrorAction = 'Stop' }
    if ($null -ne $Script:Credential) { $with['Credential'] = $Script:Credential }
    $session = New-PSSession @with
    $Script:Sessions[$Name] = $session
    $prelude = $Script:Preludes[$at['Kind']]
    if ($null -ne $prelude) {
        try { Invoke-InSession $session $prelude['Block'] @(& $prelude['Arguments']) 300 | Out-Null } catch { Close-HostSession $Name; throw }
    }
    return $session
}

function Close-HostSession([string]$Name) {
    $session = $Script:Sessions[$Name]
    $Script:Sessions.Remove($Name)
    if ($null -ne $session) {
        try { Remove-PSSession -Session $session -Confirm:$false -WhatIf:$false } catch { Write-Verbose "$_" }
    }
}

# Runs a block on the far side and gives what it writes. A host that hangs fails its step and nothing else.
function Invoke-InSession($Session, [scriptblock]$Block, [object[]]$Arguments, [int]$Seconds) {
    $job = Invoke-Command -Session $Session -ScriptBlock $Block -ArgumentList $Arguments -AsJob
    if ($null -eq (Wait-Job -Job $job -Timeout $Seconds)) {
        throw "No answer after $Seconds seconds. The command may still be running."
    }
    try { Receive-Job -Job $job -ErrorAction Stop } finally { Remove-Job -Job $job -Force -Confirm:$false -WhatIf:$false }
}

# Commands of the controller run here, in a scope of their own that lasts as long as the script.
function Invoke-Here([scriptblock]$Block, [object[]]$Arguments) {
    if ($null -eq $Script:Here) {
        $Script:Here = New-Module -ScriptBlock { $ErrorActionPreference = 'Stop' }
        $prelude = $Script:Preludes['controller']
        if ($null -ne $prelude) {
            $with = @(& $prelude['Arguments'])
            . $Script:Here $prelude['Block'] @with | Out-Null
        }
    }
    & $Script:Here $Block @Arguments
}

# Runs a block on a host by its path, or here. What it is given are arguments: never a part of its text.
function Invoke-OnHost([string]$Name, [object[]]$Arguments, [scriptblock]$Block) {
    $plain = @()
    foreach ($value in @($Arguments)) {
        if ($value -is [DBNull]) { $plain += $null }
        elseif (($value -is [hashtable]) -and $value.ContainsKey('Set')) { $plain += , @($value['Set']) }
        else { $plain += $value }
    }
    if ($Name -ceq 'controller') { Invoke-Here $Block $plain; return }
    $left = [int]($Script:Deadline - (Get-Date)).TotalSeconds
    try { Invoke-InSession (Get-HostSession $Name) $Block $plain ([Math]::Max($left, 10)) }
    catch {
        $session = $Script:Sessions[$Name]
        if (($null -ne $session) -and ($session.State.ToString() -ne 'Opened')) { Close-HostSession $Name }
        throw
    }
}

# The value that the text of a probe stands for; $null where it is none that the state can have.
function Read-Value([string]$Text, [string]$Type, [object[]]$As) {
    if (@($As).Length -gt 0) {
        for ($i = 0; $i -lt $As.Length; $i += 2) { if ($As[$i] -ceq $Text) { return $As[$i + 1] } }
        return $null
    }
    $number = [long]0
    if ($Type -ceq 'bool') {
        if (@('true', 'false') -contains $Text) { return ($Text -eq 'true') }
        return $null
    }
    if (@('int', 'duration') -ccontains $Type) {
        if ([long]::TryParse($Text, [ref]$number)) { return $number }
        return $null
    }
    if ($Type -ceq 'version') {
        if ($Text -match '^[0-9]{1,18}(\.[0-9]{1,18})*$') { return $Text }
        return $null
    }
    if ($Type.StartsWith('enum ')) {
        if ($Type.Substring(5).Split(' ') -ccontains $Text) { return $Text }
        return $null
    }
    if ($Text -ceq '') { return $null }
    return $Text
}

# A warning about a state, unless it was the last one about it.
function Write-Once([string]$Variable, [string]$Text) {
    if ($Script:Said[$Variable] -cne $Text) { Write-Warning $Text }
    $Script:Said[$Variable] = $Text
}

# Looks at a state. It is not known where the look fails, or shows what the state cannot be.
function Read-Probe($Probe) {
    try {
        $lines = @(Invoke-OnHost $Probe['From'] $Probe['Arguments'] $Probe['Block'])
        $text = [string]::Join("`n", [string[]]$lines).Trim()
    } catch {
        Write-Once $Probe['Variable'] ("{0} could not be observed: {1}" -f $Probe['Variable'], $_)
        return $null
    }
    $value = Read-Value $text $Probe['Type'] $Probe['As']
    if ($null -eq $value) { Write-Once $Probe['Variable'] ("{0} is taken as unknown: the probe says '{1}'" -f $Probe['Variable'], $text) }
    return $value
}

# Asks until one of the answers is given.
function Read-Answer([string]$Question, [string[]]$Answers) {
    for (;;) {
        $answer = ([string](Read-Host ('{0} [{1}]' -f $Question, [string]::Join('/', $Answers)))).Trim()
        if ($Answers -contains $answer) { return $answer.ToLower() }
    }
}

function Request-Person([string]$Text) {
    Write-Host '  This is for a person to do:'
    Write-Host ('  ' + $Text)
    if ((Read-Answer '  Say done when it is done, or stop' @('done', 'stop')) -eq 'stop') { throw 'A person stopped here.' }
}

function Format-ShellWord($Value) { return ("'" + (Format-Value $Value).Replace("'", "'\''") + "'") }
#endregion
)PS";

const std::string_view powershell_secrets = R"PS(
# A secret by its name: given with -Secret, or asked for once. It is in no file, and in no text that is run.
function Get-Secret([string]$Name) {
    if (-not $Script:Secret.ContainsKey($Name)) {
        $Script:Secret[$Name] = Read-Host -Prompt "The secret '$Name'" -AsSecureString
    }
    $value = $Script:Secret[$Name]
    if ($value -isnot [System.Security.SecureString]) { return [string]$value }
    $pointer = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($value)
    try { return [System.Runtime.InteropServices.Marshal]::PtrToStringBSTR($pointer) }
    finally { [System.Runtime.InteropServices.Marshal]::ZeroFreeBSTR($pointer) }
}
)PS";

}  // namespace exm::show
