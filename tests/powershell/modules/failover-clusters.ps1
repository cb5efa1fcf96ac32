# Failover clusters: those of a plan (cluster, node, group), and the one below each database availability group, whose "Cluster
# Group" is the Primary Active Manager's. Microsoft Learn, module FailoverClusters; technet "Cluster group" (cluster.exe).

Register-State 'group' 'owner'

# A cluster by its own name or address, or by that of one of its nodes.
function Find-Cluster([string]$Address) {
    $machine = Find-Machine $Address
    foreach ($kind in 'cluster', 'dag') {
        foreach ($thing in @(Get-Things $kind)) {
            if (($thing.Name -eq $Address) -or ($thing.Facts['fqdn'] -and ($thing.Facts['fqdn'] -eq $Address))) { return $thing }
            foreach ($node in @(Get-NodesIn $thing)) { if (($null -ne $machine) -and ($node.Facts['server'] -eq $machine.Path)) { return $thing } }
        }
    }
    throw "The cluster '$Address' was not found."
}
function Get-NodesIn($Cluster) {
    if ($Cluster.Kind -eq 'dag') { Get-PartsOf 'dag_member' $Cluster.Path } else { Get-PartsOf 'node' $Cluster.Path }
}
# Its groups: the name, and the state that says where each one is.
function Get-GroupsIn($Cluster) {
    if ($Cluster.Kind -eq 'dag') { return @{ Name = 'Cluster Group'; Owner = $Cluster.Path + '.pam'; Cluster = $Cluster } }
    foreach ($group in @(Get-PartsOf 'group' $Cluster.Path)) { @{ Name = $group.Name; Owner = $group.Path + '.owner'; Cluster = $Cluster; Thing = $group } }
}
function Get-ClustersOf($Machine) {
    foreach ($kind in 'cluster', 'dag') {
        foreach ($thing in @(Get-Things $kind)) { if (@(Get-NodesIn $thing | Where-Object { $_.Facts['server'] -eq $Machine.Path }).Count -gt 0) { $thing } }
    }
}
# Groups are on nodes of their own cluster.
function Test-NoNode($Cluster, [string]$Server) { return (@(Get-NodesIn $Cluster | Where-Object { $_.Facts['server'] -eq $Server }).Count -eq 0) }
Register-Impossible 'dag.pam' { param($variable, $value) return (Test-NoNode $World.Objects[$variable.Substring(0, $variable.LastIndexOf('.'))] $value) }
Register-Impossible 'group.owner' { param($variable, $value) return (Test-NoNode $World.Objects[$World.Objects[$variable.Substring(0, $variable.LastIndexOf('.'))].Owner] $value) }
function Test-Paused($Node) { return ((Get-Is ($Node.Path + '.paused') $false) -eq $true) }
function Move-Group($Group, [string]$To) {
    Set-Is $Group.Owner $To
    if ($Group.Thing) { Invoke-Hook 'group moved' $Group }
}

# When a node goes down or its Cluster service is restarted, its groups fail over, or go offline where there is no other node.
function Move-GroupsOff($Machine) {
    foreach ($cluster in @(Get-ClustersOf $Machine)) {
        $others = @(Get-NodesIn $cluster | Where-Object { ($_.Facts['server'] -ne $Machine.Path) -and (Test-Up $World.Machines[$_.Facts['server']]) -and (-not (Test-Paused $_)) })
        if ($others.Count -eq 0) { continue }
        foreach ($group in @(Get-GroupsIn $cluster)) { if ((Get-Is $group.Owner) -eq $Machine.Path) { Move-Group $group $others[0].Facts['server'] } }
    }
}
Register-Hook 'down' { param($machine) Move-GroupsOff $machine }
Register-Hook 'installing' { param($machine) Move-GroupsOff $machine }

Register-Module 'FailoverClusters' { param($here) return (($here -eq 'controller') -or (@(Get-ClustersOf $World.Machines[$here]).Count -gt 0)) }

function Get-NodeOf($Cluster, [string]$Name) {
    foreach ($node in @(Get-NodesIn $Cluster)) {
        $machine = $World.Machines[$node.Facts['server']]
        if (($machine.Name -eq $Name) -or ($machine.Fqdn -eq $Name)) { return $node }
    }
    throw "The node '$Name' is no node of $($Cluster.Name)."
}
function Get-AskedCluster([string]$Address) {
    if ($Address -ne '') {
        $machine = Find-Machine $Address
        if (($null -ne $machine) -and (-not (Test-Up $machine))) { throw "The cluster node $Address did not answer." }
        return (Find-Cluster $Address)
    }
    if ($World.Here -eq 'controller') { throw 'The cluster service is not running on this machine.' }
    return (Find-Cluster (Get-Here).Name)
}
function Show-Node($Node) {
    $state = 'Up'
    if (Test-Paused $Node) { $state = 'Paused' }
    if (-not (Test-Up $World.Machines[$Node.Facts['server']])) { $state = 'Down' }
    return [pscustomobject]@{ Name = $World.Machines[$Node.Facts['server']].Name; State = $state }
}
Stub 'Get-ClusterNode' {
    $found = Get-AskedCluster $Cluster
    if ($Name) { foreach ($one in $Name) { Show-Node (Get-NodeOf $found $one) } } else { foreach ($node in @(Get-NodesIn $found)) { Show-Node $node } }
}
Stub 'Suspend-ClusterNode' {
    $found = Get-AskedCluster $Cluster
    foreach ($one in $Name) {
        $node = Get-NodeOf $found $one
        if (Test-Paused $node) { throw "The node $one is paused already." }
        if ($Drain) { Move-GroupsOff $World.Machines[$node.Facts['server']] }
        Set-Is ($node.Path + '.paused') $true
        Add-Change "Suspend-ClusterNode $one"
    }
}
Stub 'Resume-ClusterNode' {
    $found = Get-AskedCluster $Cluster
    foreach ($one in $Name) {
        Set-Is ((Get-NodeOf $found $one).Path + '.paused') $false
        Add-Change "Resume-ClusterNode $one"
    }
}
Stub 'Get-ClusterGroup' {
    foreach ($group in @(Get-GroupsIn (Get-AskedCluster $Cluster))) {
        if ($Name -and ($Name -notcontains $group.Name)) { continue }
        [pscustomobject]@{ Name = $group.Name; OwnerNode = [pscustomobject]@{ Name = $World.Machines[(Get-Is $group.Owner)].Name }; State = 'Online' }
    }
}
# A node that is paused or down takes nothing over.
function Move-ToNode($Cluster, [string]$GroupName, [string]$NodeName) {
    $group = @(Get-GroupsIn $Cluster | Where-Object { $_.Name -eq $GroupName })
    if ($group.Count -ne 1) { throw "The group '$GroupName' was not found." }
    $node = Get-NodeOf $Cluster $NodeName
    if ((Test-Paused $node) -or (-not (Test-Up $World.Machines[$node.Facts['server']]))) { throw "The node $NodeName takes no groups." }
    if ($group[0].Thing -and ($group[0].Thing.Facts['tools'] -eq 'exchange')) { Add-Broken "$GroupName is moved by the cluster's tools, and not by Exchange's" }
    Step-Clock 15
    Move-Group $group[0] $node.Facts['server']
}
Stub 'Move-ClusterGroup' {
    Move-ToNode (Get-AskedCluster $Cluster) $Name $Node
    Add-Change "Move-ClusterGroup $Name $Node"
}

# cluster.exe [CLUSTER] group "NAME" [/status] | /move[to][:NODE] [/wait[:SECONDS]]; without /wait it looks away after 20 seconds.
StubProgram 'cluster.exe' {
    $words = @($args)
    $name = ''
    if ((@($words).Count -gt 0) -and ('group', 'node' -notcontains $words[0])) { $name, $words = $words; $words = @($words) }
    try { $cluster = Get-AskedCluster ($name -replace '^/cluster:', '') } catch { return 1722 }
    if (($words[0] -ne 'group') -or $World.Failing) { return 1 }
    if (($words.Count -le 2) -or ($words[2] -eq '/status')) { return @(Show-Groups $cluster $words) + 0 }
    if (($words[2] -notmatch '^/move(to)?:(.+)$')) { return 87 }
    $to = $matches[2]
    if (($words.Count -ne 4) -or ($words[3] -notmatch '^/wait(:\d+)?$')) { Add-Broken 'cluster.exe is not told to wait: it gives up after 20 seconds' }
    try { Move-ToNode $cluster $words[1] $to } catch { return 5016 }
    Add-Change "cluster group $($words[1]) /move:$to"
    return 0
} $null { foreach ($word in $args) { if ($word -like '/move*') { return $false } } return $true }
function Show-Groups($Cluster, [string[]]$Words) {
    "Listing status for resource group '$($Words[1])':"
    ''
    'Group                Node            Status'
    '-------------------- --------------- ------'
    foreach ($group in @(Get-GroupsIn $Cluster)) {
        if (($Words.Count -gt 1) -and ($group.Name -ne $Words[1])) { continue }
        $status = 'Online'
        if (Test-Offline $group) { $status = 'Offline' }
        '{0,-20} {1,-15} {2}' -f $group.Name, $World.Machines[(Get-Is $group.Owner)].Name, $status
    }
}
# Whether what is in a group is stopped; modules say so of their own.
function Test-Offline($Group) {
    foreach ($cms in @(Get-Things 'cms')) { if ($Group.Thing -and ($cms.Facts['group'] -eq $Group.Thing.Path) -and ((Get-Is ($cms.Path + '.online')) -eq $false)) { return $true } }
    return $false
}
