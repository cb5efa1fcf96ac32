# Windows services: how they start, what depends on them, what a boot makes of them.
# Microsoft Learn: Get-, Start-, Stop-, Restart-, Set-Service; Win32_Service; sc.exe, net.exe.

# What is on each server beside the services of the plan.
$Script:Usual = @(
    @('RemoteRegistry', 'automatic', $true), @('W3SVC', 'automatic', $true), @('MpsSvc', 'automatic', $true), @('SharedAccess', 'manual', $false),
    @('NetTcpPortSharing', 'disabled', $false), @('Winmgmt', 'automatic', $true)
)

# A service's start type and whether it runs are states of the plan where it has them, and else of the world's own.
function Add-Service($Machine, [string]$Name, [string]$Startup, [bool]$Running, [string]$Path = '') {
    if ($Machine.Services.ContainsKey($Name)) { return }
    if ($Path -eq '') { $Path = $Machine.Path + '.services.' + $Name }
    $Machine.Services[$Name] = @{ Name = $Name; Path = $Path; Machine = $Machine; On = @() }
    if (-not $World.Is.ContainsKey("$Path.startup")) { $World.Is["$Path.startup"] = $Startup }
    if (-not $World.Is.ContainsKey("$Path.running")) { $World.Is["$Path.running"] = $Running }
}
Register-Build {
    foreach ($thing in @(Get-Things 'service')) { Add-Service $World.Machines[$thing.Owner] $thing.Name 'automatic' $true $thing.Path }
    # a firewall is its service, under whatever name it has
    foreach ($thing in @(Get-Things 'firewall')) { Add-Service $World.Machines[$thing.Owner] $thing.Facts['service'] 'automatic' $true $thing.Path }
    foreach ($machine in $World.Machines.Values) { foreach ($one in $Script:Usual) { Add-Service $machine $one[0] $one[1] $one[2] } }
}
Register-State 'service' 'startup', 'running'
Register-State 'firewall' 'startup', 'running'

function Get-ServiceHere([string]$Name) {
    $service = (Get-Here).Services[$Name]
    if ($null -eq $service) { throw "Cannot find any service with service name '$Name'." }
    return $service
}
function Get-Startup($Service) { return $World.Is[$Service.Path + '.startup'] }
function Set-Running($Service, [bool]$Running) {
    $World.Is[$Service.Path + '.running'] = $Running
    Show-Exchange $Service.Machine
}
function Test-Running($Service) { return ($World.Is[$Service.Path + '.running'] -eq $true) }

# What a service depends on.
function Get-Needed($Machine, [string]$Name) { foreach ($block in $Script:DependsOn) { & $block $Machine $Name } }
function Get-Dependent($Machine, [string]$Name) {
    foreach ($other in @($Machine.Services.Keys)) { if (@(Get-Needed $Machine $other) -contains $Name) { $other } }
}

function Start-One($Machine, $Service) {
    if (Test-Running $Service) { return }
    if ((Get-Startup $Service) -eq 'disabled') { throw "Service '$($Service.Name)' cannot be started: it is disabled." }
    foreach ($name in @(Get-Needed $Machine $Service.Name)) { if ($Machine.Services.ContainsKey($name)) { Start-One $Machine $Machine.Services[$name] } }
    Set-Running $Service $true
}
function Stop-One($Machine, $Service, [bool]$Force) {
    if (-not (Test-Running $Service)) { return }
    foreach ($name in @(Get-Dependent $Machine $Service.Name | Where-Object { Test-Running $Machine.Services[$_] })) {
        if (-not $Force) { throw "Cannot stop service '$($Service.Name)' because it has dependent services. It can only be stopped if the Force flag is set." }
        Stop-One $Machine $Machine.Services[$name] $true
    }
    Set-Running $Service $false
    Invoke-Hook "stopped $($Service.Name)" $Machine
}

$Script:NeedsOf = { param($machine, $name) Get-Needed $machine $name }
$Script:DependentsOf = { param($machine, $name) Get-Dependent $machine $name }
function Show-Service($Machine, $Service) {
    return [ScriptTest.ServiceShown]::new($Machine, $Service.Name, (Test-Running $Service), $Script:NeedsOf, $Script:DependentsOf)
}

Stub 'Get-Service' {
    $machine = Get-Here
    if ($ComputerName) { $machine = Get-Machine $ComputerName[0] }
    if (-not (Test-Up $machine)) { throw "Cannot open Service Control Manager on computer '$($machine.Name)'." }
    foreach ($pattern in @($Name)) {
        if ($pattern -and $machine.Services.ContainsKey($pattern)) { Show-Service $machine $machine.Services[$pattern]; continue }
        $found = @($machine.Services.Values | Where-Object { ($pattern -eq $null) -or ($_.Name -like $pattern) })
        if (($found.Count -eq 0) -and ($pattern.IndexOf('*') -lt 0)) { throw "Cannot find any service with service name '$pattern'." }
        foreach ($service in $found) { Show-Service $machine $service }
    }
}
function Get-Named($Name, $InputObject) { if ($Name) { $Name } else { $InputObject | ForEach-Object { $_.Name } } }
Stub 'Start-Service' {
    foreach ($one in @(Get-Named $Name $InputObject)) {
        Start-One (Get-Here) (Get-ServiceHere $one)
        Add-Change "Start-Service $one"
    }
}
Stub 'Stop-Service' {
    foreach ($one in @(Get-Named $Name $InputObject)) {
        Stop-One (Get-Here) (Get-ServiceHere $one) ([bool]$Force)
        Add-Change "Stop-Service $one"
    }
}
Stub 'Restart-Service' {
    foreach ($one in @(Get-Named $Name $InputObject)) {
        $machine = Get-Here
        $dependent = @(Get-Dependent $machine $one | Where-Object { Test-Running $machine.Services[$_] })
        Stop-One $machine (Get-ServiceHere $one) ([bool]$Force)
        Start-One $machine (Get-ServiceHere $one)
        foreach ($other in $dependent) { Start-One $machine $machine.Services[$other] }
        Invoke-Hook "restarted $one" $machine
        Add-Change "Restart-Service $one"
    }
}
Stub 'Set-Service' {
    $machine = Get-Here
    if ($ComputerName) { $machine = Get-Machine $ComputerName[0] }
    $service = $machine.Services[$Name]
    if ($null -eq $service) { throw "Service $Name was not found on computer '$($machine.Name)'." }
    if ($StartupType) { $World.Is[$service.Path + '.startup'] = $StartupType.ToLower() }
    if ($Status -eq 'Running') { Start-One $machine $service }
    if ($Status -eq 'Stopped') { Stop-One $machine $service $false }
    Add-Change "Set-Service $Name $StartupType $Status"
}

# Services start by their start type when Windows does.
Register-Hook 'boot' {
    param($machine)
    foreach ($service in @($machine.Services.Values)) { Set-Running $service ((Get-Startup $service) -eq 'automatic') }
}

$Script:ChangeMode = {
    param($name, $mode)
    $words = @{ 'Automatic' = 'automatic'; 'Manual' = 'manual'; 'Disabled' = 'disabled' }
    if (-not $words.ContainsKey($mode)) { return [pscustomobject]@{ ReturnValue = 21 } }
    $World.Is[(Get-ServiceHere $name).Path + '.startup'] = $words[$mode]
    Add-Change "ChangeStartMode $name $mode"
    return [pscustomobject]@{ ReturnValue = 0 }
}

Stub 'Get-WmiObject' {
    $machine = Get-Here
    if ($ComputerName) { $machine = Get-Machine $ComputerName[0] }
    if (-not (Test-Up $machine)) { throw 'The RPC server is unavailable. (Exception from HRESULT: 0x800706BA)' }
    $wanted = ''
    if ($Filter -match "^\s*Name\s*=\s*(?:'(.*)'|""(.*)"")\s*$") { $wanted = [string]$matches[1] + [string]$matches[2] }
    elseif ($Filter) { throw "Invalid query: $Filter" }
    switch ($Class) {
        'Win32_OperatingSystem' {
            [pscustomobject]@{ LocalDateTime = $World.Now.ToString('yyyyMMddHHmmss') + '.000000+000'; LastBootUpTime = $machine.BootedAt.ToString('yyyyMMddHHmmss') + '.000000+000'; Version = '6.1.7601' }
        }
        'Win32_Service' {
            $all = [ScriptTest.WmiService]::All($machine.Services, $World.Is, $Script:ChangeMode)
            if ($wanted -eq '') { return $all }
            foreach ($one in $all) { if ($one.Name -eq $wanted.Replace("\'", "'").Replace('\\', '\')) { $one } }
        }
        'Win32_QuickFixEngineering' { foreach ($id in @(Get-Listed $machine $true)) { [pscustomobject]@{ HotFixID = $id } } }
        default { throw "Invalid class: $Class" }
    }
}

# sc.exe: 'start=' and its value are two arguments. Its exit codes are those of Windows: 1060 there is no such service,
# 1058 it is disabled, 1056 it runs already, 1062 it does not run.
StubProgram 'sc.exe' {
    $verb, $name, $rest = $args
    $machine = Get-Here
    $service = $machine.Services[[string]$name]
    if ($null -eq $service) { return 1060 }
    if ($World.Failing) { return 5 }
    switch ($verb) {
        'config' {
            $words = @{ 'auto' = 'automatic'; 'demand' = 'manual'; 'disabled' = 'disabled' }
            if ((@($rest).Count -ne 2) -or ($rest[0] -ne 'start=') -or (-not $words.ContainsKey([string]$rest[1]))) { return 1639 }
            $World.Is[$service.Path + '.startup'] = $words[[string]$rest[1]]
            Add-Change "sc config $name $($rest[1])"
        }
        'start' {
            if (Test-Running $service) { return 1056 }
            if ((Get-Startup $service) -eq 'disabled') { return 1058 }
            Start-One $machine $service
            Add-Change "sc start $name"
        }
        'stop' {
            if (-not (Test-Running $service)) { return 1062 }
            Stop-One $machine $service $false
            Add-Change "sc stop $name"
        }
        'query' { }
        'qc' { }
        default { return 1639 }
    }
    return 0
}
StubProgram 'net.exe' {
    $verb, $name = $args
    $machine = Get-Here
    $service = $machine.Services[[string]$name]
    if (($null -eq $service) -or $World.Failing) { return 2 }
    if ($verb -eq 'start') {
        if ((Test-Running $service) -or ((Get-Startup $service) -eq 'disabled')) { return 2 }
        Start-One $machine $service
    } elseif ($verb -eq 'stop') {
        if (-not (Test-Running $service)) { return 2 }
        Stop-One $machine $service $true
    } else { return 1 }
    Add-Change "net $verb $name"
    return 0
}
