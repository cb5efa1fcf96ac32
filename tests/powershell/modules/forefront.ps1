# Forefront Protection for Exchange. msexchangetips: fscutility /disable takes away the dependency of MSExchangeTransport on
# FSCController; the Exchange Team Blog: a rollup with it on waits for services that cannot start, and rolls back.

Register-State 'forefront' 'enabled'
Register-Build {
    foreach ($thing in @(Get-Things 'forefront')) {
        $machine = $World.Machines[$thing.Owner]
        Add-Service $machine 'FSCController' 'automatic' $true
        Add-Service $machine 'MSExchangeTransport' 'automatic' $true
    }
}
function Get-ForefrontOf($Machine) { @(Get-PartsOf 'forefront' $Machine.Path) }
function Test-Forefront($Machine) {
    foreach ($thing in @(Get-ForefrontOf $Machine)) { if ((Get-Is ($thing.Path + '.enabled')) -eq $true) { return $true } }
    return $false
}
Register-Dependency { param($machine, $name) if (($name -eq 'MSExchangeTransport') -and (Test-Forefront $machine)) { 'FSCController' } }

StubProgram 'fscutility.exe' {
    $machine = Get-Here
    if ($args[0] -notmatch '^/(enable|disable)$') { return 1 }
    if ($World.Failing -or (Test-Failing 'fscutility')) { return 1 }
    foreach ($thing in @(Get-ForefrontOf $machine)) { Set-Is ($thing.Path + '.enabled') ($args[0] -eq '/enable') }
    Add-Change ('fscutility ' + $args[0])
    return 0
} { param($path) foreach ($thing in @(Get-ForefrontOf (Get-Here))) { if ($path -eq ($thing.Facts['folder'].TrimEnd('\') + '\fscutility.exe')) { return $true } } return $false }
