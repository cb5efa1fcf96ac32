#include "runtime/show/powershell_runtime.h"

namespace exm::show {

const std::string_view powershell_hosts = R"PS(
#region Hosts and people

# What is loaded in a session: what all hosts load, and what hosts of its kind do.
function Get-Preludes([string]$Kind) {
    foreach ($key in @('', $Kind)) { if ($Script:Preludes.ContainsKey($key)) { $Script:Preludes[$key] } }
}

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
    foreach ($prelude in @(Get-Preludes $at['Kind'])) {
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
        foreach ($prelude in @(Get-Preludes 'controller')) {
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

# The value that the text of a probe stands for; $null where it is none that the state can have. What the probe itself
# says of its texts comes first, then the type.
function Read-Value([string]$Text, [string]$Type, [object[]]$As) {
    if (@($As).Length -eq 0) { return (Read-Typed $Text $Type) }
    for ($i = 0; $i -lt $As.Length; $i += 2) { if ($As[$i] -ceq $Text) { return $As[$i + 1] } }
    return $null
}

function Read-Typed([string]$Text, [string]$Type) {
    $word, $rest = $Type.Split([char[]]' ', 2)
    switch ($word) {
        'optional' {
            if (@('', 'none') -ccontains $Text) { return [DBNull]::Value }
            return (Read-Typed $Text $rest)
        }
        'set' { return (Read-Set $Text $rest) }
        'bool' {
            if (@('true', 'yes', '1') -contains $Text) { return $true }
            if (@('false', 'no', '0') -contains $Text) { return $false }
        }
        'int' { if ($Text -match '^[+-]?[0-9]{1,18}$') { return [long]$Text } }
        'duration' {
            if ($Text -cmatch '^([0-9]{1,12})([smhd]?)$') {
                $seconds = @{ '' = 1; 's' = 1; 'm' = 60; 'h' = 3600; 'd' = 86400 }
                return ([long]$matches[1] * $seconds[$matches[2]])
            }
        }
        'version' { if ($Text -match '^[0-9]{1,18}(\.[0-9]{1,18})*$') { return $Text } }
        'enum' { foreach ($name in $rest.Split(' ')) { if ($name -eq $Text) { return $name } } }
        'string' { return $Text }
        default { if ($Text -cne '') { return $Text } }
    }
    return $null
}

function Read-Set([string]$Text, [string]$Type) {
    $members = @()
    foreach ($part in $Text.Split([char[]](",;" + [char]10), [System.StringSplitOptions]::RemoveEmptyEntries)) {
        if ($part.Trim() -ceq '') { continue }
        $member = Read-Typed $part.Trim() $Type
        if ($null -eq $member) { return $null }
        $members += $member
    }
    return @{ Set = $members }
}

# A warning about a state, unless it was the last one about it. Of what does not exist there is nothing to be seen, and nothing said.
function Write-Once([string]$Variable, [string]$Text) {
    if ((Get-State ($Variable.Substring(0, $Variable.LastIndexOf('.')) + '.exists')) -eq $false) { return }
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
    Write-Host ('  ' + $Text.Trim())
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
