# What every shell has and the engine has not without its modules. Parameters are those of PowerShell 2.0.

function New-Object { [CmdletBinding()]param([Parameter(Mandatory = $true, Position = 0)][string]$TypeName, [Parameter(Position = 1)][object[]]$ArgumentList)
    return , [Activator]::CreateInstance(($TypeName -as [type]), $ArgumentList)
}
function Write-Output { [CmdletBinding()]param([Parameter(Position = 0, ValueFromPipeline = $true)][object[]]$InputObject) process { $InputObject } }
function Write-Host { [CmdletBinding()]param([Parameter(Position = 0)]$Object)
    $text = [string]$Object
    $TestHost.Add($text)
    $at = $text.IndexOf('  ')
    if (($at -gt 0) -and ($null -ne $World.Plan.Named($text.Substring(0, $at)))) { Enter-Step $text.Substring(0, $at) }
}
function Write-Warning { [CmdletBinding()]param([Parameter(Mandatory = $true, Position = 0)][AllowEmptyString()][string]$Message) $TestHost.Add('WARNING ' + $Message) }
function Write-Verbose { [CmdletBinding()]param([Parameter(Mandatory = $true, Position = 0)][AllowEmptyString()][string]$Message) $TestHost.Add('VERBOSE ' + $Message) }
function Get-Date { [CmdletBinding()]param() return $World.Now }
function Start-Sleep { [CmdletBinding()]param([int]$Seconds, [int]$Milliseconds) Step-Clock ($Seconds + $Milliseconds / 1000) }
function Join-Path { [CmdletBinding()]param([Parameter(Mandatory = $true, Position = 0)][string]$Path, [Parameter(Mandatory = $true, Position = 1)][string]$ChildPath)
    return $Path.TrimEnd('\') + '\' + $ChildPath
}
function Split-Path { [CmdletBinding()]param([Parameter(Mandatory = $true, Position = 0)][string]$Path, [switch]$Leaf, [switch]$Parent)
    $at = $Path.LastIndexOf('\')
    if ($Leaf) { return $Path.Substring($at + 1) }
    return $Path.Substring(0, [Math]::Max($at, 0))
}
function Sort-Object { [CmdletBinding()]param([Parameter(Position = 0)][object[]]$Property, [Parameter(ValueFromPipeline = $true)]$InputObject, [switch]$Unique, [switch]$Descending)
    begin { $all = [System.Collections.Generic.List[object]]::new() }
    process { $all.Add($InputObject) }
    end {
        $by = [System.Collections.Generic.Dictionary[object, object]]::new()
        $key = { param($item) if ($Property) { $item.($Property[0]) } else { $item } }
        $keyed = @(foreach ($item in $all) { , @((& $key $item), $item) })
        # insertion keeps the order of what is equal
        $sorted = [System.Collections.Generic.List[object]]::new()
        foreach ($pair in $keyed) {
            $at = $sorted.Count
            while (($at -gt 0) -and ($sorted[$at - 1][0] -gt $pair[0])) { $at-- }
            $sorted.Insert($at, $pair)
        }
        if ($Descending) { $sorted.Reverse() }
        $last = $null
        foreach ($pair in $sorted) {
            if ($Unique -and ($null -ne $last) -and ($last[0] -eq $pair[0])) { continue }
            $last = $pair
            $pair[1]
        }
    }
}
function Select-Object { [CmdletBinding()]param([Parameter(Position = 0)][object[]]$Property, [Parameter(ValueFromPipeline = $true)]$InputObject, [int]$First = -1, [int]$Last = -1, [string]$ExpandProperty, [switch]$Unique)
    begin { $all = @() }
    process { $all += , $InputObject }
    end {
        if ($First -ge 0) { $all = @($all)[0..($First - 1)] | Where-Object { $null -ne $_ } }
        if ($Last -ge 0) { $all = @($all)[([Math]::Max(0, $all.Count - $Last))..($all.Count - 1)] | Where-Object { $null -ne $_ } }
        foreach ($item in $all) { if ($ExpandProperty) { $item.$ExpandProperty } else { $item } }
    }
}
function Measure-Object { [CmdletBinding()]param([Parameter(ValueFromPipeline = $true)]$InputObject) begin { $count = 0 } process { $count++ } end { [pscustomobject]@{ Count = $count } } }
function Write-Error { [CmdletBinding()]param([Parameter(Mandatory = $true, Position = 0)][string]$Message) throw $Message }
function Out-String { [CmdletBinding()]param([Parameter(ValueFromPipeline = $true)]$InputObject) begin { $all = '' } process { $all += [string]$InputObject + "`r`n" } end { $all } }

# A person at the keyboard. Without answers, and where that is wanted, one who does what is asked and sees what is so.
function Read-Host { [CmdletBinding()]param([Parameter(Position = 0)][string]$Prompt, [switch]$AsSecureString)
    $TestHost.Add('QUESTION ' + $Prompt)
    if ($AsSecureString) {
        $secret = [System.Security.SecureString]::new()
        'a secret'.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
        return $secret
    }
    if ($World.Answers.Count -gt 0) {
        $answer, $rest = $World.Answers
        $World.Answers = @($rest)
    } elseif (-not $World.Auto) { throw "nobody answers: $Prompt" }
    elseif ($Prompt.EndsWith('[yes/no]')) { $answer = 'yes' }
    elseif ($Prompt.EndsWith('[done/stop]')) { $answer = 'done' }
    elseif ($Prompt.EndsWith('[done/again/stop]')) { if (Test-StepDone) { $answer = 'done' } else { $answer = 'again' } }
    else { throw "nobody answers: $Prompt" }
    if (($answer -eq 'done') -and $Prompt.EndsWith('[done/stop]') -and $World.Step) { Complete-ByHand }
    return $answer
}

# Every module is there to be loaded where what it is about is there: $World.Lacks['EX3'] = @('NetworkLoadBalancingClusters').
function Get-Module { [CmdletBinding()]param([switch]$ListAvailable, [Parameter(Position = 0)][string[]]$Name)
    foreach ($one in $Name) { if (Test-Installed $one) { [pscustomobject]@{ Name = $one } } }
}
function Import-Module { [CmdletBinding()]param([Parameter(Mandatory = $true, Position = 0)][string[]]$Name)
    foreach ($one in $Name) {
        if ((Test-Failing "Import-Module $one") -or (-not (Test-Installed $one))) { throw "The specified module '$one' was not loaded because no valid module file was found in any module directory." }
        (Get-Session).Modules[$one] = $true
    }
}
# Modules are a session's own.
function Get-Session { if ($World.Here -eq 'controller') { return $World.Controller } return $World.Session }

# $World.Fail['EX3: msiexec'] = 1 makes it fail once.
function Test-Failing([string]$What) {
    $key = $World.Here.Split('.')[0] + ': ' + $What
    if (-not $World.Fail.ContainsKey($key)) { return $false }
    $World.Fail[$key]--
    if ($World.Fail[$key] -le 0) { $World.Fail.Remove($key) }
    return $true
}
