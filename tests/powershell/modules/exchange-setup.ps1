# Exchange's rollups (msiexec) and service packs (setup.com).
# Microsoft Learn "msiexec" (0 done, 3010 done but for a reboot, 1603 failed, 1639 wrong command line); the Exchange team and
# practical365 on failed rollups: services are set Disabled while it works, and stay so where it fails.

function Get-UpdateBy([string]$Fact, [string]$Value) { foreach ($thing in @(Get-Things 'update')) { if ($thing.Facts[$Fact] -eq $Value) { return $thing } } }

# Packages can be read, and Exchange's own setup program shows the build.
Register-File {
    param($machine, $path)
    foreach ($thing in @(Get-Things 'update')) { if ($thing.Facts['package'] -eq $path) { return [pscustomobject]@{ FullName = $path } } }
    if (($null -ne $machine) -and ($path -eq 'C:\Exchange\bin\ExSetup.exe')) {
        $build = [string](Get-Is ($machine.Path + '.build'))
        if ($build -eq '') { $build = '0.0.0.1' }
        $part = @($build.Split('.')) + @('0', '0', '0')
        return [pscustomobject]@{ VersionInfo = [pscustomobject]@{ FileMajorPart = [int]$part[0]; FileMinorPart = [int]$part[1]; FileBuildPart = [int]$part[2]; FilePrivatePart = [int]$part[3] } }
    }
}

# What an installer does to the services of Exchange: all are stopped and disabled, and come back as they were if it ends well.
function Disable-Services($Machine) {
    foreach ($service in @($Machine.Services.Values)) {
        if (-not (Test-ExchangeService $service.Name)) { continue }
        if (-not $Machine.Saved.ContainsKey($service.Name)) { $Machine.Saved[$service.Name] = @((Get-Startup $service), (Test-Running $service)) }
        $World.Is[$service.Path + '.startup'] = 'disabled'
        Set-Running $service $false
    }
}
function Enable-Services($Machine) {
    foreach ($name in @($Machine.Saved.Keys)) {
        $World.Is[$Machine.Services[$name].Path + '.startup'] = $Machine.Saved[$name][0]
        Set-Running $Machine.Services[$name] $Machine.Saved[$name][1]
    }
    $Machine.Saved = @{}
}
function Test-ExchangeService([string]$Name) { return (($Name -like 'MSExchange*') -or ($Name -eq 'W3SVC')) }

# The work of an installer. Gives its exit code.
function Install-Build($Machine, $Update, [int]$Minutes, [string]$Log) {
    $before = Get-Is ($Machine.Path + '.build')
    if (-not $Machine.Features.ContainsKey('before')) { $Machine.Features['before'] = $before }
    Set-Doubt $Machine
    Set-Is ($Machine.Path + '.build') $null
    Disable-Services $Machine
    Invoke-Hook 'installing' $Machine
    Watch-World "$Log has begun"
    Step-Clock ($Minutes * 60)
    if ($World.Failing -or (Test-Failing $Log)) { return 1603 }
    if (Test-Forefront $Machine) {
        # it waits for services that cannot start, and rolls back
        Step-Clock 4800
        Set-Is ($Machine.Path + '.build') $before
        Enable-Services $Machine
        return 1603
    }
    Set-Is ($Machine.Path + '.build') $Update.Facts['build']
    Enable-Services $Machine
    Add-Event $Machine 'MsiInstaller' 1035 'Information'
    if ($World.RebootNeeded) { Set-Is ($Machine.Path + '.reboot_pending') $true }
    $World.Updating = $Update
    Invoke-Hook 'installed' $Machine
    Add-Change $Log
    if ($World.RebootNeeded) { return 3010 }
    return 0
}

StubProgram 'msiexec.exe' {
    $words = @(Split-Line $args[0])
    $package = ''
    for ($i = 0; $i -lt $words.Count; $i++) {
        switch -regex ($words[$i]) {
            '^/(update|p)$' { $package = $words[++$i]; break }
            '^/(quiet|passive|norestart|qn|qb|promptrestart)$' { break }
            '^/l[*ivwx]+$' { $i++; break }
            default { return 1639 }
        }
    }
    $update = Get-UpdateBy 'package' $package
    if ($null -eq $update) { return 1635 }
    if (($words -notcontains '/norestart')) { Add-Broken 'a rollup is installed that may restart the server by itself' }
    return (Install-Build (Get-Here) $update 20 'msiexec')
}

# setup.com writes its log, and wants the firewall's service to run: without it 0x800706D9, and setup ends.
function Write-SetupLog($Machine, [string[]]$Lines) {
    $path = $Machine.Facts['setup_logs'].TrimEnd('\') + '\ExchangeSetup.log'
    $lines = @('Starting Microsoft Exchange Server Setup') + $Lines
    if ($Machine.Files.ContainsKey($path)) { $lines = @($Machine.Files[$path].Lines) + $lines }
    $Machine.Files[$path] = [pscustomobject]@{ Lines = $lines; LastWriteTime = $World.Now }
}
function Get-FirewallOf($Machine) {
    foreach ($thing in @(Get-PartsOf 'firewall' $Machine.Path)) { return $Machine.Services[$thing.Facts['service']] }
    return $Machine.Services['MpsSvc']
}
StubProgram 'setup.com' {
    $line = ($args -join ' ').Trim()
    foreach ($form in $Script:SetupModes.Keys) { if ($line -match $form) { return (& $Script:SetupModes[$form] (Get-Here) $line $Global:SetupFolder) } }
    return 1
} { param($path) $Global:SetupFolder = $path.Substring(0, [Math]::Max(0, $path.LastIndexOf('\'))); return ($null -ne (Get-UpdateBy 'package' $Global:SetupFolder)) }

# Cumulative updates of 2013 and later: Setup.exe, with the licence accepted.
StubProgram 'setup.exe' {
    $line = ($args -join ' ').Trim()
    $machine = Get-Here
    if ($line -notmatch '^/IAcceptExchangeServerLicenseTerms\S* /Mode:Upgrade$') { return 1 }
    if (Test-Pending $machine) { return 1 }
    $code = Install-Build $machine (Get-UpdateBy 'package' $Global:SetupFolder) 80 'Setup.exe /Mode:Upgrade'
    if ($code -eq 1603) { Write-SetupLog $machine "[ERROR] The Exchange Server setup operation didn't complete."; return 1 }
    Write-SetupLog $machine 'End of Setup'
    return $code
} { param($path) $Global:SetupFolder = $path.Substring(0, [Math]::Max(0, $path.LastIndexOf('\'))); return ($null -ne (Get-UpdateBy 'package' $Global:SetupFolder)) }

Register-Setup '^/m(ode)?:upgrade$' {
    param($machine, $line, $folder)
    if (-not (Test-Running (Get-FirewallOf $machine))) {
        Write-SetupLog $machine '[ERROR] There are no more endpoints available from the endpoint mapper. (Exception from HRESULT: 0x800706D9)'
        return 1
    }
    $code = Install-Build $machine (Get-UpdateBy 'package' $folder) 50 'setup /m:upgrade'
    if ($code -eq 1603) { Write-SetupLog $machine "[ERROR] The Exchange Server setup operation didn't complete."; return 1 }
    Write-SetupLog $machine 'End of Setup'
    return $code
}
