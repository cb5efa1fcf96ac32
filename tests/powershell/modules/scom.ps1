# System Center Operations Manager: agents and their maintenance mode, which ends by itself at its time.
# Microsoft Learn, Start-, Get-, Set-SCOMMaintenanceMode (five minutes at least).

Register-State 'scom_agent' 'maintenance'
Register-Build { $World.Windows = @{} }

function Set-Maintenance([string]$Agent, [DateTime]$End) {
    $World.Windows[$Agent] = $End
    Set-Is "$Agent.maintenance" ($End -gt $World.Now)
    if ($End -gt $World.Now) {
        Add-Due (($End - $World.Now).TotalSeconds) {
            param($with)
            if ($World.Windows[$with[0]] -ne $with[1]) { return }
            Set-Is ($with[0] + '.maintenance') $false
            Watch-World 'maintenance mode has ended by itself'
        } @($Agent, $End)
    }
}

Stub 'Get-SCOMClassInstance' {
    foreach ($agent in @(Get-Things 'scom_agent')) {
        $machine = $World.Machines[$agent.Owner]
        if ($Name -and ($Name -notcontains $machine.Fqdn)) { continue }
        [pscustomobject]@{ Name = $machine.Fqdn; Agent = $agent.Path; Machine = $machine.Name; InMaintenanceMode = (Get-Is ($agent.Path + '.maintenance')) }
    }
}
Stub 'Start-SCOMMaintenanceMode' {
    foreach ($one in $Instance) {
        if (($EndTime - $World.Now).TotalMinutes -lt 5) { throw 'The end time must be at least 5 minutes after the start time.' }
        if ($one.InMaintenanceMode) { throw 'The instance is already in maintenance mode.' }
        Set-Maintenance $one.Agent $EndTime
        Add-Change "Start-SCOMMaintenanceMode $($one.Machine)"
    }
}
Stub 'Get-SCOMMaintenanceMode' { foreach ($one in $Instance) { [pscustomobject]@{ Agent = $one.Agent; Machine = $one.Machine } } }
Stub 'Set-SCOMMaintenanceMode' {
    foreach ($one in $MaintenanceModeEntry) {
        Set-Maintenance $one.Agent $EndTime
        Add-Change "Set-SCOMMaintenanceMode $($one.Machine)"
    }
}
