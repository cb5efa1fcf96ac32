# Sessions on other machines. Blocks are made anew from their text in a scope of their session's own, and values pass through
# the serializer, so that a block that leans on the script's own variables fails here as it would there.

function New-PSSession { [CmdletBinding()]param([Parameter(Position = 0)][string]$ComputerName, $Authentication, $Credential)
    $machine = Get-Machine $ComputerName
    if (-not (Test-Up $machine)) { throw "Connecting to remote server $ComputerName failed." }
    return [pscustomobject]@{ Path = $machine.Path; Name = $machine.Name; Boot = $machine.Boot; Modules = @{}; State = 'Opened'; Scope = (New-Module -ScriptBlock { }) }
}
function Remove-PSSession { [CmdletBinding(SupportsShouldProcess = $true)]param([Parameter(Mandatory = $true)]$Session) $Session.State = 'Closed' }

function Copy-Values($Values) {
    foreach ($value in @($Values)) {
        if (($value -isnot [string]) -and ($value -isnot [int]) -and ($value -isnot [bool]) -and ($value -isnot [long])) {
            return , @([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($Values)))
        }
    }
    return , @($Values)
}

function Invoke-Command { [CmdletBinding()]param($Session, [scriptblock]$ScriptBlock, [object[]]$ArgumentList, [switch]$AsJob, [string]$ComputerName)
    if ($ComputerName -ne '') {
        $one = New-PSSession $ComputerName
        try { Receive-Job (Invoke-Command -Session $one -ScriptBlock $ScriptBlock -ArgumentList $ArgumentList -AsJob) } finally { Remove-PSSession $one }
        return
    }
    $job = @{ Output = @(); Problem = $null; Hangs = $false }
    $machine = $World.Machines[$Session.Path]
    if ((-not (Test-Up $machine)) -or ($machine.Boot -ne $Session.Boot)) {
        $Session.State = 'Broken'
        $job.Problem = "The session to $($Session.Name) is broken."
        return $job
    }
    $copy = Copy-Values $ArgumentList
    $before = $World.Here
    $outer = $World.Session
    $World.Here = $Session.Path
    $World.Session = $Session
    try {
        $job.Output = Copy-Values @(& $Session.Scope $TestBlocks.Get($ScriptBlock.ToString()) @copy)
    } catch { $job.Problem = [string]$_ } finally {
        $World.Here = $before
        $World.Session = $outer
    }
    if ($job.Problem -eq 'it hangs') { $job.Hangs = $true }
    return $job
}
function Wait-Job { [CmdletBinding()]param($Job, [int]$Timeout)
    if (-not $Job.Hangs) { return $Job }
    Step-Clock $Timeout
}
function Receive-Job { [CmdletBinding()]param($Job)
    if ($null -ne $Job.Problem) { throw $Job.Problem }
    $Job.Output
}
function Remove-Job { [CmdletBinding(SupportsShouldProcess = $true)]param($Job, [switch]$Force) }
