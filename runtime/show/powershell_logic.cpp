#include "runtime/show/powershell_runtime.h"

namespace exm::show {

const std::string_view powershell_logic = R"PS(
#region What is known of the world
# $null is "not known", [DBNull] is "none", a hash table with Set is a set, one with Low and High a number known within
# bounds. Conditions are $true, $false or not known ($null); only what is known to hold holds.

# What has just been observed of a state, or else what the plan makes of it.
function Get-State([string]$Variable) {
    if ($Script:Observed.ContainsKey($Variable)) { return $Script:Observed[$Variable] }
    return $Script:State[$Variable]
}

# The name of an object by its path.
function Get-ObjectName([string]$Path) { return $Script:Names[$Path] }

function New-Set { return @{ Set = @($args) } }

function Test-All {
    $known = $true
    foreach ($value in $args) {
        if ($null -eq $value) { $known = $false } elseif (-not $value) { return $false }
    }
    if ($known) { return $true }
    return $null
}

function Test-Any {
    $known = $true
    foreach ($value in $args) {
        if ($null -eq $value) { $known = $false } elseif ($value) { return $true }
    }
    if ($known) { return $false }
    return $null
}

function Test-Not($Value) {
    if ($null -eq $Value) { return $null }
    return (-not $Value)
}

function Test-Known($Value) { return ($null -ne $Value) }

function Get-Low($Value) { if ($Value -is [hashtable]) { return $Value['Low'] } else { return $Value } }
function Get-High($Value) { if ($Value -is [hashtable]) { return $Value['High'] } else { return $Value } }

function New-Bounds($Low, $High) {
    if ($Low -eq $High) { return $Low }
    return @{ Low = $Low; High = $High }
}

# Versions compare number by number; numbers that are missing are 0.
function Compare-Version([string]$A, [string]$B) {
    $left = @($A.Split('.'))
    $right = @($B.Split('.'))
    for ($i = 0; ($i -lt $left.Length) -or ($i -lt $right.Length); $i++) {
        $l = [long]0
        $r = [long]0
        if ($i -lt $left.Length) { $l = [long]$left[$i] }
        if ($i -lt $right.Length) { $r = [long]$right[$i] }
        if ($l -lt $r) { return -1 }
        if ($l -gt $r) { return 1 }
    }
    return 0
}

function Test-Equal($A, $B) {
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    if (($A -is [DBNull]) -or ($B -is [DBNull])) { return (($A -is [DBNull]) -and ($B -is [DBNull])) }
    if (($A -is [hashtable]) -and $A.ContainsKey('Set')) { return (Test-SameSet $A['Set'] $B['Set']) }
    if (($A -is [hashtable]) -or ($B -is [hashtable])) {
        if (((Get-High $A) -lt (Get-Low $B)) -or ((Get-High $B) -lt (Get-Low $A))) { return $false }
        return $null
    }
    return ($A -ceq $B)
}

function Test-EqualVersion($A, $B) {
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    if (($A -is [DBNull]) -or ($B -is [DBNull])) { return (($A -is [DBNull]) -and ($B -is [DBNull])) }
    return ((Compare-Version $A $B) -eq 0)
}

function Test-SameSet($A, $B) {
    foreach ($value in @($A)) { if (-not (@($B) -ccontains $value)) { return $false } }
    foreach ($value in @($B)) { if (-not (@($A) -ccontains $value)) { return $false } }
    return $true
}

function Test-Less($A, $B) {
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    if (($A -is [string]) -or ($B -is [string])) { return ((Compare-Version $A $B) -lt 0) }
    if ((Get-High $A) -lt (Get-Low $B)) { return $true }
    if ((Get-Low $A) -ge (Get-High $B)) { return $false }
    return $null
}

function Test-LessOrEqual($A, $B) { return (Test-Not (Test-Less $B $A)) }

function Test-In($Value, $Set) {
    if (($null -eq $Value) -or ($null -eq $Set)) { return $null }
    $known = $true
    foreach ($member in @($Set['Set'])) {
        if ($null -eq $member) { $known = $false } elseif ($member -ceq $Value) { return $true }
    }
    if ($known) { return $false }
    return $null
}

function Measure-True {
    $low = 0
    $high = 0
    foreach ($value in $args) {
        if ($null -eq $value) { $high++ } elseif ($value) { $low++; $high++ }
    }
    return (New-Bounds $low $high)
}

function Measure-Sum {
    $low = 0
    $high = 0
    foreach ($value in $args) {
        if ($null -eq $value) { return $null }
        $low += (Get-Low $value)
        $high += (Get-High $value)
    }
    return (New-Bounds $low $high)
}

function Measure-Difference($A, $B) {
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    return (New-Bounds ((Get-Low $A) - (Get-High $B)) ((Get-High $A) - (Get-Low $B)))
}

function Measure-Product($A, $B) {
    if (($null -eq $A) -or ($null -eq $B) -or ($A -is [hashtable]) -or ($B -is [hashtable])) { return $null }
    return ($A * $B)
}

function Measure-Quotient($A, $B) {
    if (($null -eq $A) -or ($null -eq $B) -or ($A -is [hashtable]) -or ($B -is [hashtable])) { return $null }
    if ($B -eq 0) { return $null }
    return [long][Math]::Truncate([decimal]$A / [decimal]$B)
}

function Select-Value($Condition, $A, $B) {
    if ($null -eq $Condition) {
        if ((Test-Equal $A $B) -eq $true) { return $A }
        return $null
    }
    if ($Condition) { return $A }
    return $B
}

# Within a sum, a value whose condition is not known lies between the two that it can have.
function Select-Bounds($Condition, $A, $B) {
    if ($null -ne $Condition) { if ($Condition) { return $A } else { return $B } }
    if (($null -eq $A) -or ($null -eq $B)) { return $null }
    return (New-Bounds ([Math]::Min((Get-Low $A), (Get-Low $B))) ([Math]::Max((Get-High $A), (Get-High $B))))
}

# A value as a person reads it.
function Format-Value($Value) {
    if ($null -eq $Value) { return 'unknown' }
    if ($Value -is [DBNull]) { return 'none' }
    if (($Value -is [hashtable]) -and $Value.ContainsKey('Set')) { return ('{' + [string]::Join(', ', @($Value['Set'])) + '}') }
    if ($Value -is [hashtable]) { return ('{0} to {1}' -f $Value['Low'], $Value['High']) }
    if ($Value -is [bool]) { if ($Value) { return 'true' } else { return 'false' } }
    return [string]$Value
}

# The parts of a step, as the functions of an action give them.
function New-Requirement([string]$Text, $Holds) { return @{ Text = $Text; Holds = $Holds } }

function New-Effect([string]$Variable, $Value, $When = $true) {
    if ($null -eq $When) {
        if ((Test-Equal $Script:State[$Variable] $Value) -eq $true) { return @{ Variable = $Variable; Value = $Value } }
        return @{ Variable = $Variable; Value = $null }
    }
    if ($When) { return @{ Variable = $Variable; Value = $Value } }
}

function New-Probe([string]$Variable, [string]$Type, [string]$From, [int]$Every, [object[]]$As, [object[]]$Arguments,
                   [scriptblock]$Block) {
    return @{ Variable = $Variable; Type = $Type; From = $From; Every = $Every; As = $As; Arguments = $Arguments; Block = $Block }
}
#endregion
)PS";

}  // namespace exm::show
