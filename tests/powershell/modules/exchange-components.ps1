# Exchange 2013 and later: component states by requester, and the transport service that looks at its component when it starts.
# Microsoft Learn: Set-, Get-ServerComponentState, Redirect-Message, Get-Queue; "Manage database availability groups"; ExchangeDsc (queues
# cannot be read for minutes after a restart of the transport service).

Register-State 'component' 'maintenance', 'functional'
Register-State 'server' 'transport', 'drained'
Register-Build { $World.Queues = @{}; foreach ($machine in $World.Machines.Values) { $World.Queues[$machine.Path] = @{ Readable = $World.Now; Messages = 40 } } }

function Get-ComponentsOf($Machine) { @(Get-PartsOf 'component' $Machine.Path) }
function Get-ComponentOf($Machine, [string]$Name) {
    foreach ($thing in @(Get-ComponentsOf $Machine)) { if ($thing.Name -eq $Name) { return $thing } }
    throw "The component '$Name' does not exist on $($Machine.Name)."
}
$Script:StateWords = @{ active = 'Active'; draining = 'Draining'; inactive = 'Inactive' }
$Script:Requesters = 'HealthAPI', 'Maintenance', 'Sidelined', 'Functional', 'Deployment'

Stub 'Set-ServerComponentState' {
    $machine = Get-Machine $Identity
    if (-not (Test-Up $machine)) { throw "$($machine.Name) did not answer." }
    if (-not ($Script:StateWords.Values -contains $State)) { throw "Cannot convert '$State' to a state." }
    if ($Script:Requesters -notcontains $Requester) { throw "'$Requester' is no requester." }
    $thing = Get-ComponentOf $machine $Component
    Set-Is ($thing.Path + '.' + $Requester.ToLower()) $State.ToLower()
    # IMAP and POP stop when their proxies go out of service, and are not started by themselves
    if (($Component -eq 'ServerWideOffline') -and ($State -eq 'Inactive')) { Stop-Held $machine }
    Add-Change "Set-ServerComponentState $($machine.Name) $Component $State $Requester"
}
function Stop-Held($Machine) {
    foreach ($name in 'MSExchangeIMAP4', 'MSExchangePOP3') { if ($Machine.Services.ContainsKey($name)) { $World.Is[$Machine.Services[$name].Path + '.running'] = $false } }
}
function Test-OutOfService($Machine) {
    foreach ($thing in @(Get-ComponentsOf $Machine)) {
        if (($thing.Name -eq 'ServerWideOffline') -and (((Get-Is ($thing.Path + '.maintenance')) -eq 'inactive') -or ((Get-Is ($thing.Path + '.functional')) -eq 'inactive'))) { return $true }
    }
    return $false
}
Stub 'Get-ServerComponentState' {
    $machine = Get-Machine $Identity
    foreach ($thing in @(Get-ComponentsOf $machine)) {
        if ($Component -and ($thing.Name -ne $Component)) { continue }
        $asked = @()
        foreach ($requester in 'Maintenance', 'Functional') {
            $state = [string](Get-Is ($thing.Path + '.' + $requester.ToLower()) 'active')
            # what nobody has ever asked for is not listed
            if ($state -ne 'active') { $asked += [pscustomobject]@{ Requester = $requester; State = $Script:StateWords[$state] } }
        }
        $whole = 'Active'
        foreach ($one in $asked) { $whole = $one.State }
        if (Test-OutOfService $machine) { $whole = 'Inactive' }
        [pscustomobject]@{ Component = $thing.Name; State = $whole; LocalStates = $asked; RemoteStates = $asked; ServerFqdn = $machine.Fqdn }
    }
}

# The transport service is as its component was when it started.
function Start-Transport($Machine) {
    $variable = $Machine.Path + '.transport'
    if (-not $World.Is.ContainsKey($variable)) { return }
    foreach ($thing in @(Get-ComponentsOf $Machine | Where-Object { $_.Name -eq 'HubTransport' })) {
        $state = 'active'
        if ((Get-Is ($thing.Path + '.maintenance')) -ne 'active') { $state = 'draining' }
        Set-Is $variable $state
        if ($state -eq 'active') { $World.Queues[$Machine.Path].Messages = 40 }
        Set-Is ($Machine.Path + '.drained') $null
        $World.Queues[$Machine.Path].Readable = $World.Now.AddMinutes(3)
    }
}
Register-Hook 'restarted MSExchangeTransport' { param($machine) Start-Transport $machine }
Register-Hook 'boot' { param($machine) Start-Transport $machine; if (Test-OutOfService $machine) { Stop-Held $machine } }

# Its queues: active messages, shadow messages and poison. Redirect-Message moves the active ones, once transport drains.
Stub 'Get-Queue' {
    $machine = Get-Machine $Server
    $queue = $World.Queues[$machine.Path]
    if ((-not (Test-Up $machine)) -or ($World.Now -lt $queue.Readable)) { return }
    foreach ($one in @(@('Submission', [int]($queue.Messages / 4)), @('3', [int]($queue.Messages - [int]($queue.Messages / 4))), @('Shadow\7', 12), @('Poison', 1))) {
        [pscustomobject]@{ Identity = $machine.Name + '\' + $one[0]; MessageCount = $one[1] }
    }
}
Stub 'Redirect-Message' {
    $machine = Get-Machine $Server
    if ($Target -notlike '*.*') { throw 'The target server must be given by its full name.' }
    $to = Get-Machine $Target
    if ((Get-Is ($to.Path + '.transport') 'active') -ne 'active') { throw "$($to.Name) takes no messages." }
    if ((Get-Is ($machine.Path + '.transport') 'active') -eq 'draining') {
        Add-Due 100 { param($path) $World.Queues[$path].Messages = 0; Set-Is "$path.drained" $true } $machine.Path
    }
    Add-Change "Redirect-Message $($machine.Name) $($to.Name)"
}

# Setup takes components out as the requester Functional, and puts them back where it ends well.
$Script:OfSetup = 'ServerWideOffline', 'Monitoring', 'RecoveryActionsEnabled'
function Set-Functional($Machine, [string]$State) {
    foreach ($thing in @(Get-ComponentsOf $Machine)) { if ($Script:OfSetup -contains $thing.Name) { Set-Is ($thing.Path + '.functional') $State } }
}
Register-Hook 'installing' { param($machine) Set-Functional $machine 'inactive' }
Register-Hook 'installed' { param($machine) Set-Functional $machine 'active'; Start-Transport $machine; if (Test-OutOfService $machine) { Stop-Held $machine } }
