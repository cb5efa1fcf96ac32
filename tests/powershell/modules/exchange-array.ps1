# Client Access servers and arrays of Exchange 2010, and what they stand on: DNS records, forwarding, Windows features, setup /m:install.
# ExchangePowerShell (the cmdlets' pages); Microsoft docs dnscmd, netsh; Microsoft Learn Add-, Get-WindowsFeature.

# ------------------------------------------------------------------------------------------------------- DNS and network

Register-State 'dns_record' 'exists'
Register-State 'adapter' 'forwarding'

# dnscmd SERVER /recordadd ZONE NODE TYPE DATA, dnscmd SERVER /enumrecords ZONE NODE /type TYPE. 9601 no such zone, 9714 no such name.
StubProgram 'dnscmd.exe' {
    $server, $verb, $zone, $node, $rest = $args
    $record = @(Get-Things 'dns_record' | Where-Object { ($_.Facts['dns'] -eq $server) -and ($_.Facts['zone'] -eq $zone) -and ($_.Name -eq $node) })
    if ($record.Count -ne 1) { return 9601 }
    $address = $record[0].Facts['address']
    if ($verb -eq '/enumrecords') {
        if (-not (Test-Thing $record[0])) { return 9714 }
        return @('Returned records:', "`t`t 3600 A`t$address", 'Command completed successfully.', 0)
    }
    if (($verb -ne '/recordadd') -or ($rest[0] -ne 'A') -or ($rest[1] -ne $address) -or $World.Failing) { return 87 }
    Set-Is ($record[0].Path + '.exists') $true
    Add-Change 'dnscmd /recordadd'
    return 0
} $null { $args[1] -eq '/enumrecords' }

StubProgram 'netsh.exe' {
    $words = @($args | ForEach-Object { [string]$_ })
    if (($words[0..1] -join ' ') -ne 'interface ipv4') { return 1 }
    $adapter = @(Get-PartsOf 'adapter' (Get-Here).Path | Where-Object { $_.Name -eq $words[4] })
    if (($adapter.Count -ne 1) -or $World.Failing) { return 1 }
    $state = $adapter[0].Path + '.forwarding'
    if ($words[2] -eq 'show') {
        $word = if ((Get-Is $state) -eq $true) { 'enabled' } else { 'disabled' }
        return @("Interface $($words[4]) Parameters", '----------------------------------------------', 'State                              : connected', "Forwarding                         : $word", 0)
    }
    if (($words[2] -ne 'set') -or (@('forwarding=enabled', 'forwarding=disabled') -notcontains $words[5])) { return 1 }
    Set-Is $state ($words[5] -eq 'forwarding=enabled')
    Add-Change "netsh $($words[5])"
    return 0
} $null { $args[2] -eq 'show' }

# ------------------------------------------------------------------------------------------------------ features and setup

Register-State 'server' 'nlb_feature', 'prerequisites'
Register-State 'port_sharing' 'startup'
Register-Build { foreach ($thing in @(Get-Things 'port_sharing')) { Add-Service $World.Machines[$thing.Owner] 'NetTcpPortSharing' 'disabled' $false $thing.Path } }

function Get-FeatureState([string]$Name) { if ($Name -eq 'NLB') { return 'nlb_feature' } return 'prerequisites' }
Stub 'Get-WindowsFeature' {
    foreach ($one in $Name) { [pscustomobject]@{ Name = $one; Installed = ((Get-Is ((Get-Here).Path + '.' + (Get-FeatureState $one)) $true) -eq $true) } }
}
Stub 'Add-WindowsFeature' {
    if ($Restart) { Add-Broken 'features are added with a restart that nobody expects' }
    foreach ($state in @($Name | ForEach-Object { Get-FeatureState $_ } | Sort-Object -Unique)) { Set-Is ((Get-Here).Path + ".$state") $true }
    Add-Change "Add-WindowsFeature $($Name[0])"
    return [pscustomobject]@{ Success = $true; ExitCode = 'Success'; RestartNeeded = 'Yes' }
}

# Setup of the Client Access role: what it wants before, and what it leaves: a service connection point, a certificate of its own.
Register-Setup '^/m(ode)?:install /r(oles)?:[A-Za-z,]+$' {
    param($machine, $line, $folder)
    $cas = @(Get-PartsOf 'cas' $machine.Path)
    if (($cas.Count -ne 1) -or (Test-Thing $cas[0])) { return 1 }
    $wrong = ''
    if ((Get-Is ($machine.Path + '.prerequisites') $true) -ne $true) { $wrong = 'a Windows feature is missing' }
    elseif ((Get-Startup $machine.Services['NetTcpPortSharing']) -ne 'automatic') { $wrong = 'the startup type of the Net.Tcp Port Sharing Service must be Automatic' }
    elseif (-not (Test-Running (Get-FirewallOf $machine))) { $wrong = 'There are no more endpoints available from the endpoint mapper. (Exception from HRESULT: 0x800706D9)' }
    elseif ($World.Failing) { $wrong = "The Exchange Server setup operation didn't complete." }
    if ($wrong) { Write-SetupLog $machine "[ERROR] $wrong"; return 1 }
    Set-Doubt $machine
    Set-Is ($machine.Path + '.build') $null
    Watch-World 'setup /m:install has begun'
    Step-Clock 2400
    Set-Is ($machine.Path + '.build') (Get-UpdateBy 'package' $folder).Facts['build']
    $path = $cas[0].Path
    foreach ($state in 'scp', 'urls', 'bypass') { Set-Is "$path.$state" $machine.Fqdn }
    Set-Is "$path.certificate" ([ScriptTest.None]::Value)
    Set-Is "$path.running" $true
    Set-Is "$path.exists" $true
    if ($World.RebootNeeded) { Set-Is ($machine.Path + '.reboot_pending') $true }
    Write-SetupLog $machine 'End of Setup'
    Add-Change 'setup /m:install'
    return 0
}
Register-Registry {
    param($machine, $path)
    if ($path -ne 'HKLM:\SOFTWARE\Microsoft\ExchangeServer\v14\ClientAccessRole') { return }
    if (@(Get-PartsOf 'cas' $machine.Path | Where-Object { Test-Thing $_ }).Count -gt 0) { return @{} }
}

# --------------------------------------------------------------------------------------------------- Client Access servers

Register-State 'cas' 'exists', 'scp', 'urls', 'bypass', 'certificate', 'running'
# What stands in a URL is the name of a host.
Register-Impossible 'cas.scp' { param($variable, $value) return ([Uri]::CheckHostName("$value") -eq 'Unknown') }
# All Exchange services hang on MSExchangeADTopology, but for MSExchangeMonitoring: where the plan has none of them it stands for them.
Register-Build {
    foreach ($thing in @(Get-Things 'cas')) {
        $own = @(Get-Things 'service' | Where-Object { ($_.Owner -eq $thing.Owner) -and ($_.Name -eq 'MSExchangeADTopology') })
        $path = $thing.Path
        if ($own.Count -gt 0) { $path = $own[0].Path }
        $machine = $World.Machines[$thing.Owner]
        $machine.Services.Remove('MSExchangeADTopology')
        Add-Service $machine 'MSExchangeADTopology' 'automatic' $true $path
    }
}
# Exchange runs when all of them do that Windows starts; in between nobody would say.
function Show-Exchange($Machine) {
    $topology = $Machine.Services['MSExchangeADTopology']
    foreach ($cas in @(Get-PartsOf 'cas' $Machine.Path | Where-Object { $topology -and ($topology.Path -ne $_.Path) })) {
        $stopped = @($Machine.Services.Values | Where-Object { ($_.Name -like 'MSExchange*') -and ((Get-Startup $_) -eq 'automatic') -and (-not (Test-Running $_)) })
        $running = $null
        if (-not (Test-Running $topology)) { $running = $false } elseif ($stopped.Count -eq 0) { $running = $true }
        $World.Is[$cas.Path + '.running'] = $running
    }
}
Register-Dependency {
    param($machine, $name)
    if (($name -like 'MSExchange*') -and ('MSExchangeADTopology', 'MSExchangeMonitoring' -notcontains $name) -and (@(Get-PartsOf 'cas' $machine.Path).Count -gt 0)) { 'MSExchangeADTopology' }
}

function Get-CasOf([string]$Server) {
    $machine = Get-Machine $Server
    $cas = @(Get-PartsOf 'cas' $machine.Path | Where-Object { Test-Thing $_ })
    if ($cas.Count -ne 1) { throw "The operation couldn't be performed because object '$Server' couldn't be found." }
    return @{ Machine = $machine; Path = $cas[0].Path; Thing = $cas[0] }
}
# The host of a URL is in small letters; a state has it as the files spell it.
function Get-HostOf($Cas, $Url) {
    $found = ([Uri][string]$Url).Host
    foreach ($known in $Cas.Machine.Fqdn, $Cas.Thing.Facts['web_name']) { if ($known -eq $found) { return $known } }
    return $found
}

Stub 'Get-ClientAccessServer' {
    $cas = Get-CasOf $Identity
    [pscustomobject]@{ Name = $cas.Machine.Name; AutoDiscoverServiceInternalUri = [Uri]('https://' + (Get-Is ($cas.Path + '.scp')) + '/autodiscover/autodiscover.xml') }
}
Stub 'Set-ClientAccessServer' {
    $cas = Get-CasOf $Identity
    if (([string]$AutoDiscoverServiceInternalUri) -notmatch '^https://[^/]+/autodiscover/autodiscover\.xml$') { throw 'The URI of Autodiscover is not one.' }
    Set-Is ($cas.Path + '.scp') (Get-HostOf $cas $AutoDiscoverServiceInternalUri)
    Add-Change 'Set-ClientAccessServer'
}

# Five virtual directories; the state is what all of them say.
$Script:Directories = @{ WebServices = 'EWS'; Oab = 'OAB'; Ecp = 'ecp'; ActiveSync = 'Microsoft-Server-ActiveSync'; Owa = 'owa' }
function Get-UrlHost($Cas, [string]$Kind) {
    $all = Get-Is ($Cas.Path + '.urls')
    if ($null -ne $all) { return $all }
    return $Cas.Machine.Features["url $Kind"]
}
StubAlike 'Get-WebServicesVirtualDirectory', 'Get-OabVirtualDirectory', 'Get-EcpVirtualDirectory', 'Get-ActiveSyncVirtualDirectory', 'Get-OwaVirtualDirectory' {
    $kind = 'THIS'.Replace('Get-', '').Replace('VirtualDirectory', '')
    $cas = Get-CasOf $Server
    $directory = [pscustomobject]@{ InternalUrl = [Uri]('https://' + (Get-UrlHost $cas $kind) + '/' + $Script:Directories[$kind]); InternalNLBBypassUrl = $null }
    if ($kind -eq 'WebServices') { $directory.InternalNLBBypassUrl = [Uri]('https://' + (Get-Is ($cas.Path + '.bypass')) + '/EWS/Exchange.asmx') }
    $directory
}
StubAlike 'Set-WebServicesVirtualDirectory', 'Set-OabVirtualDirectory', 'Set-EcpVirtualDirectory', 'Set-ActiveSyncVirtualDirectory', 'Set-OwaVirtualDirectory' {
    $kind = 'THIS'.Replace('Set-', '').Replace('VirtualDirectory', '')
    $server, $name = ([string]$Identity).Split('\')
    if ($name -ne ($Script:Directories[$kind] + ' (Default Web Site)')) { throw "The virtual directory '$Identity' couldn't be found." }
    $cas = Get-CasOf $server
    if (($kind -eq 'WebServices') -and $InternalNLBBypassUrl) { Set-Is ($cas.Path + '.bypass') (Get-HostOf $cas $InternalNLBBypassUrl) }
    $hosts = $cas.Machine.Features
    foreach ($one in @($Script:Directories.Keys)) { if (-not $hosts["url $one"] -or ($null -ne (Get-Is ($cas.Path + '.urls')))) { $hosts["url $one"] = Get-UrlHost $cas $one } }
    $hosts["url $kind"] = Get-HostOf $cas $InternalUrl
    $all = @($Script:Directories.Keys | ForEach-Object { $hosts["url $_"] } | Sort-Object -Unique)
    Set-Is ($cas.Path + '.urls') $(if ($all.Count -eq 1) { $all[0] } else { $null })
    Set-Doubt $cas.Machine
    Add-Change 'THIS'
}

# The certificate that setup has signed itself is there always; one that is bound to IIS takes its place.
function Get-Thumbprint($Certificate) { if ($Certificate -is [string]) { return $World.Objects[$Certificate].Facts['thumbprint'] } return 'SELF' }
Stub 'Get-ExchangeCertificate' {
    $cas = Get-CasOf $Server
    $bound = Get-Thumbprint (Get-Is ($cas.Path + '.certificate'))
    foreach ($one in @(@('SELF', $bound) + @($cas.Machine.Features['certificates']) | Where-Object { $_ } | Sort-Object -Unique)) {
        if ($Thumbprint -and ($Thumbprint -ne $one)) { continue }
        $services = if ($one -eq $bound) { 'IIS, SMTP' } else { 'SMTP' }
        [pscustomobject]@{ Thumbprint = $one; Services = $services; IsSelfSigned = ($one -eq 'SELF') }
    }
}
Stub 'Get-Content' {
    $one = @($LiteralPath)[0]
    if (@(Get-Things 'certificate' | Where-Object { $_.Facts['file'] -eq $one }).Count -ne 1) { throw "Cannot find path '$one' because it does not exist." }
    [Text.Encoding]::UTF8.GetBytes($one)
}
function Test-Answering($Cas) { if ((Get-Is ($Cas.Path + '.running')) -ne $true) { throw "The Exchange services of $($Cas.Machine.Name) do not answer." } }
Stub 'Import-ExchangeCertificate' {
    $cas = Get-CasOf $Server
    Test-Answering $cas
    $file = [Text.Encoding]::UTF8.GetString([byte[]]$FileData)
    $known = @(Get-Things 'certificate' | Where-Object { $_.Facts['file'] -eq $file })
    if (($known.Count -ne 1) -or ($Password.Length -eq 0)) { throw 'The certificate cannot be read.' }
    $cas.Machine.Features['certificates'] = @($cas.Machine.Features['certificates']) + $known[0].Facts['thumbprint']
    Add-Change 'Import-ExchangeCertificate'
}
Stub 'Enable-ExchangeCertificate' {
    $cas = Get-CasOf $Server
    Test-Answering $cas
    $known = @(Get-Things 'certificate' | Where-Object { $_.Facts['thumbprint'] -eq $Thumbprint })
    if (($known.Count -ne 1) -or (@($cas.Machine.Features['certificates']) -notcontains $Thumbprint) -or ($Services -ne 'IIS')) { throw 'There is no such certificate in the store.' }
    Set-Is ($cas.Path + '.certificate') $known[0].Path
    Set-Doubt $cas.Machine
    Add-Change 'Enable-ExchangeCertificate'
}
Register-Hook 'stopped MSExchangeADTopology' { param($machine) if (@(Get-PartsOf 'cas' $machine.Path).Count -gt 0) { Set-Doubt $machine } }

# -------------------------------------------------------------------------------------------------- arrays and databases

Register-State 'cas_array' 'exists'
Register-State 'mailbox_database' 'rpc'

function Get-ArrayName($Thing) { return $World.Objects[$Thing.Facts['nlb']].Facts['fqdn'] }
Stub 'Get-ClientAccessArray' {
    foreach ($thing in @(Get-Things 'cas_array' | Where-Object { Test-Thing $_ })) { [pscustomobject]@{ Name = $thing.Name; Fqdn = (Get-ArrayName $thing) } }
}
Stub 'New-ClientAccessArray' {
    $thing = @(Get-Things 'cas_array' | Where-Object { ($_.Name -eq $Name) -and ((Get-ArrayName $_) -eq $Fqdn) -and ($World.Objects[$_.Facts['site']].Name -eq $Site) })
    if (($thing.Count -ne 1) -or (Test-Thing $thing[0])) { throw 'The Client Access array cannot be made.' }
    Set-Is ($thing[0].Path + '.exists') $true
    Add-Change 'New-ClientAccessArray'
}
function Get-Database([string]$Name) {
    $thing = @(Get-Things 'mailbox_database' | Where-Object { $_.Name -eq $Name })
    if ($thing.Count -ne 1) { throw "The mailbox database '$Name' couldn't be found." }
    return $thing[0]
}
Stub 'Set-MailboxDatabase' {
    $thing = Get-Database $Identity
    if ($RpcClientAccessServer) { Set-Is ($thing.Path + '.rpc') $RpcClientAccessServer }
    Add-Change 'Set-MailboxDatabase'
}
