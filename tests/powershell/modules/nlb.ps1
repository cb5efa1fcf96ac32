# Network Load Balancing. Microsoft Learn, module NetworkLoadBalancingClusters; KB242242; "NLB unattended setup" (InitialHostState).

Register-State 'host' 'mode', 'initial', 'exists'
Register-State 'nlb' 'exists'
Register-Module 'NetworkLoadBalancingClusters' {
    param($here)
    # the machine that gives the commands has the tools where clusters are made
    if ($here -eq 'controller') { return (@(Get-Things 'adapter').Count -gt 0) }
    return ((@(Get-SeatsOf $here).Count -gt 0) -or ((Get-Is "$here.nlb_feature" $false) -eq $true) -or ($World.Machines[$here].Features['NLB'] -eq $true))
}
Register-Build { $World.Converging = @{} }

function Get-SeatsOf([string]$Server) { @(Get-PartsOf 'host' $Server 'server' | Where-Object { Test-Thing $_ }) }
function Get-SeatsIn([string]$Cluster) { @(Get-PartsOf 'host' $Cluster | Where-Object { Test-Thing $_ }) }

# The seats that a command is about: those of -HostName, or of where it runs, or those that were piped to it.
function Get-Seats($HostName, $InputObject) {
    if ($InputObject) { return @($InputObject | ForEach-Object { $World.Objects[$_.SeatPath] }) }
    $machine = Get-Machine $HostName
    $seats = @(Get-SeatsOf $machine.Path)
    if ($seats.Count -eq 0) { throw "NLB is not bound to any interface of $($machine.Name)." }
    if (-not (Test-Up $machine)) { throw "$($machine.Name) did not answer." }
    return $seats
}

# A change of the configuration makes all hosts converge anew, for six seconds.
function Start-Converging([string]$Cluster) {
    if ((Test-Converging $Cluster)) { Add-Broken "$Cluster is changed while it converges" }
    $World.Converging[$Cluster] = $World.Now.AddSeconds(6)
}
function Test-Converging([string]$Cluster) { return ($World.Converging.ContainsKey($Cluster) -and ($World.Now -lt $World.Converging[$Cluster])) }

function Show-Seat($Seat) {
    $mode = Get-Is ($Seat.Path + '.mode')
    $first = @(Get-SeatsIn $Seat.Owner | Where-Object { (Get-Is ($_.Path + '.mode')) -eq 'started' } | ForEach-Object { [int]$_.Facts['priority'] }) | Sort-Object
    $state = switch ($mode) { 'started' { 'Converged' } 'draining' { 'Draining' } 'stopped' { 'Stopped' } 'suspended' { 'Suspended' } default { 'Unknown' } }
    if (($mode -eq 'started') -and (@($first)[0] -eq [int]$Seat.Facts['priority'])) { $state = 'Converged(default)' }
    if (($mode -eq 'started') -and (Test-Converging $Seat.Owner)) { $state = 'Converging' }
    $machine = $World.Machines[$Seat.Facts['server']]
    if (-not (Test-Up $machine)) { $state = 'Unknown' }
    $initial = [string](Get-Is ($Seat.Path + '.initial'))
    if ($initial -eq '') { $initial = 'Started' }
    return [pscustomobject]@{ Name = $machine.Name; State = $state; HostID = [int]$Seat.Facts['priority']; HostPriority = [int]$Seat.Facts['priority']
        InitialHostState = $initial.Substring(0, 1).ToUpper() + $initial.Substring(1); PersistSuspendOnReboot = $true; SeatPath = $Seat.Path }
}

# With -HostName alone it lists every node of the cluster, as that host sees it.
Stub 'Get-NlbClusterNode' {
    foreach ($asked in @(Get-Seats $HostName $null)) {
        foreach ($seat in @(Get-SeatsIn $asked.Owner)) {
            $machine = $World.Machines[$seat.Facts['server']]
            if ($NodeName -and (($machine.Name -ne $NodeName) -and ($machine.Fqdn -ne $NodeName))) { continue }
            Show-Seat $seat
        }
    }
}
Stub 'Get-NlbCluster' {
    foreach ($seat in @(Get-Seats $HostName $null)) {
        $cluster = $World.Objects[$seat.Owner]
        [pscustomobject]@{ Name = $cluster.Facts['fqdn']; IPAddress = $cluster.Facts['address']; ClusterPath = $cluster.Path; OperationMode = 'Unicast' }
    }
}
Stub 'Stop-NlbClusterNode' {
    $what = 'Stop-NlbClusterNode'
    if ($Drain) { $what = 'Stop-NlbClusterNode -Drain' }
    if (Test-Failing $what) { throw 'NLB did not answer.' }
    foreach ($seat in @(Get-Seats $HostName $InputObject)) {
        if ((Get-Is ($seat.Path + '.mode')) -eq 'suspended') { throw 'The host is suspended and takes no such command.' }
        if ($Drain) {
            Set-Is ($seat.Path + '.mode') 'draining'
            Watch-World $what
            Step-Clock ([Math]::Min([double]$Timeout, 600))
        }
        Set-Is ($seat.Path + '.mode') 'stopped'
        Add-Change $what
    }
}
Stub 'Start-NlbClusterNode' {
    foreach ($seat in @(Get-Seats $HostName $InputObject)) {
        if ((Get-Is ($seat.Path + '.mode')) -eq 'suspended') { throw 'The host is suspended and takes no such command.' }
        Set-Is ($seat.Path + '.mode') 'started'
        Start-Converging $seat.Owner
        Add-Change 'Start-NlbClusterNode'
    }
}
Stub 'Suspend-NlbClusterNode' {
    foreach ($seat in @(Get-Seats $HostName $InputObject)) { Set-Is ($seat.Path + '.mode') 'suspended'; Add-Change 'Suspend-NlbClusterNode' }
}
Stub 'Resume-NlbClusterNode' {
    foreach ($seat in @(Get-Seats $HostName $InputObject)) { Set-Is ($seat.Path + '.mode') 'stopped'; Add-Change 'Resume-NlbClusterNode' }
}
Stub 'Set-NlbClusterNode' {
    foreach ($seat in @(Get-Seats $HostName $InputObject)) {
        if ((Get-Is ($seat.Path + '.mode')) -eq 'suspended') { throw 'The host is suspended and takes no such command.' }
        if ($InitialHostState) { Set-Is ($seat.Path + '.initial') $InitialHostState.ToLower() }
        Start-Converging $seat.Owner
        Add-Change "Set-NlbClusterNode $("$InitialHostState".ToLower())"
    }
}

# A cluster of one host, which runs; a host that is added runs at once (Microsoft Learn, New- and Add-NlbClusterNode).
function Add-Seat($Seat, [string]$What) {
    $machine = $World.Machines[$Seat.Facts['server']]
    if (-not (Test-Up $machine)) { throw "$($machine.Name) did not answer." }
    if ((Get-Is ($machine.Path + '.nlb_feature') $true) -ne $true) { throw "Network Load Balancing is not installed on $($machine.Name)." }
    Set-Is ($Seat.Owner + '.exists') $true
    Set-Is ($Seat.Path + '.exists') $true
    Set-Is ($Seat.Path + '.mode') 'started'
    Set-Is ($Seat.Path + '.initial') 'started'
    Start-Converging $Seat.Owner
    Add-Change $What
}
function Find-Seat([string]$Cluster, $Machine, [string]$Interface) {
    $seat = @(Get-PartsOf 'host' $Cluster | Where-Object { ($_.Facts['server'] -ceq $Machine.Path) -and ($World.Objects[$_.Facts['adapter']].Name -eq $Interface) })
    if ($seat.Count -ne 1) { throw "$($Machine.Name) has no interface $Interface." }
    return $seat[0]
}
Stub 'New-NlbCluster' {
    $cluster = @(Get-Things 'nlb' | Where-Object { ($_.Facts['fqdn'] -eq $ClusterName) -and ($_.Facts['address'] -eq [string]$ClusterPrimaryIP) })
    if (($cluster.Count -ne 1) -or (Test-Thing $cluster[0])) { throw "There is no cluster to be made by the name $ClusterName." }
    Add-Seat (Find-Seat $cluster[0].Path (Get-Machine $HostName) $InterfaceName) 'New-NlbCluster'
}
Stub 'Add-NlbClusterNode' {
    Add-Seat (Find-Seat @($InputObject)[0].ClusterPath (Get-Machine $NewNodeName) $NewNodeInterface) 'Add-NlbClusterNode'
}
Stub 'Remove-NlbClusterNode' {
    if (-not $Force) { throw 'Remove-NlbClusterNode asks whether it may, and nobody is there to answer: -Force' }
    foreach ($seat in @(Get-Seats $HostName $InputObject)) {
        Set-Is ($seat.Path + '.exists') $false
        Start-Converging $seat.Owner
        Add-Change 'Remove-NlbClusterNode'
    }
}

# A host joins by its initial state as soon as Windows starts; one that was suspended stays so.
Register-Hook 'boot' {
    param($machine)
    foreach ($seat in @(Get-SeatsOf $machine.Path)) {
        if ((Get-Is ($seat.Path + '.mode')) -ne 'suspended') { Set-Is ($seat.Path + '.mode') (Get-Is ($seat.Path + '.initial')) }
    }
}
